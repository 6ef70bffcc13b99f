// Written by hand after IEC 61850-9-2 clause 8 and annex A. A merging unit with one sample per message, one that sends
// two streams in one message with a data set, and a message that ends too early.
import { type Bytes, ber, capture, hex, link, write } from '../../testing/index.ts';

const GROUP = '01:0c:cd:04:00:01';
const text = (tag: number, value: string) => ber(tag, write().text(value));
const sampled = (application: number, ...units: Bytes[]) => {
  const pdu = ber(0x60, ber(0x80, Uint8Array.of(units.length)), ber(0xa2, ...units));
  return write()
    .u16(application, 8 + pdu.length, 0, 0)
    .bytes(pdu)
    .build();
};
const unit = (id: string, count: number, dataSet?: string) =>
  ber(
    0x30,
    text(0x80, id),
    ...(dataSet ? [text(0x81, dataSet)] : []),
    ber(0x82, write().u16(count)),
    hex('8304 00000001'),
    hex('850102'),
    ber(0x87, write().u32(1000, 0, -2000, 0)),
  );

const first = { from: '00:50:c2:aa:00:01', to: GROUP, type: 0x88ba, vlan: 10 };
const second = { from: '00:50:c2:aa:00:02', to: '01:0c:cd:04:00:02', type: 0x88ba };

export const golden = capture('Sampled values: two merging units and a broken message', [
  link(first, sampled(0x4000, unit('Q01_MU0101', 17))),
  link(first, sampled(0x4000, unit('Q01_MU0101', 18))),
  link(second, sampled(0x4001, unit('MU02-I', 5, 'MU02/LLN0$I'), unit('MU02-U', 5, 'MU02/LLN0$U'))),
  link(second, sampled(0x4001, unit('MU02-I', 6, 'MU02/LLN0$I'), unit('MU02-U', 6, 'MU02/LLN0$U'))),
  link(first, sampled(0x4000, unit('Q01_MU0101', 19), unit('Q01_MU0101', 20)).subarray(0, 80)),
]);

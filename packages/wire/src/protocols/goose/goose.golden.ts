// Written by hand after IEC 61850-8-1 clause 18 and annex C. A feeder device with two control blocks, one of them under
// test, in a VLAN; a device that names no identifier; a message that ends too early and something else on the EtherType.
import { type Bytes, ber, capture, concat, hex, link, write } from '../../testing/index.ts';

const GROUP = '01:0c:cd:01:00:07';
const text = (tag: number, value: string) => ber(tag, write().text(value));
const goose = (application: number, reserved: number, ...fields: Bytes[]) => {
  const pdu = ber(0x61, ...fields);
  return write()
    .u16(application, 8 + pdu.length, reserved, 0)
    .bytes(pdu)
    .build();
};
interface Block {
  readonly reference: string;
  readonly id?: string;
  readonly revision?: number;
  readonly test?: boolean;
  readonly commissioning?: boolean;
}
const fields = (
  { reference, id, revision = 1, test, commissioning }: Block,
  state: number,
  sequence: number,
): Bytes[] => [
  text(0x80, reference),
  hex('810207d0'),
  text(0x82, reference.replace(/\$GO\$.*/, '$trip')),
  ...(id ? [text(0x83, id)] : []),
  hex('8408 5f2d6f40 20c49b0a'),
  ber(0x85, Uint8Array.of(state)),
  ber(0x86, Uint8Array.of(sequence)),
  ber(0x87, Uint8Array.of(test ? 1 : 0)),
  ber(0x88, Uint8Array.of(revision)),
  ber(0x89, Uint8Array.of(commissioning ? 0xff : 0)),
  hex('8a0102'),
  hex('ab07 830101 84020640'),
];

const FEEDER = '00:21:c1:aa:00:07';
const feeder = { from: FEEDER, to: GROUP, type: 0x88b8, vlan: 5 };
const TRIP: Block = { reference: 'AA1E1Q07A1PROT/LLN0$GO$gcbTrip', id: 'Q07 trip', revision: 200 };
const TEST: Block = { reference: 'AA1E1Q07A1PROT/LLN0$GO$gcbPos', id: 'Q07 position', test: true, commissioning: true };

export const golden = capture('GOOSE: a feeder, a device without identifiers, a broken message', [
  link(feeder, goose(7, 0, ...fields(TRIP, 1, 0))),
  link(feeder, goose(7, 0, ...fields(TRIP, 1, 1))),
  link(feeder, goose(8, 0x8000, ...fields(TEST, 3, 0))),
  link(
    { from: '00:30:a7:bb:00:01', to: GROUP, type: 0x88b8 },
    goose(0x3fff, 0, ...fields({ reference: 'gcb1' }, 1, 9)),
  ),
  link(feeder, goose(7, 0, ...fields(TRIP, 1, 2)).subarray(0, 70)),
  link(feeder, concat(hex('0007 0010 0000 0000'), ber(0x62, hex('0102030405')))),
]);

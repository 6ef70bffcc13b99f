// Written by hand after IEEE 1588-2019 clauses 13 and 15: a grandmaster, a boundary clock, a slave, management of a clock,
// the first version, and what breaks lengths.
import { type Bytes, bytesOf, capture, link, udp, write } from '../../testing/index.ts';

const GROUP = '01:1b:19:00:00:00';
const GRANDMASTER = '001b1bfffe005001';

/** Type, version, length, domain, flags, correction, clock, port, sequence, control, interval. */
const message = (type: number, clock: string, content: Bytes, domain = 0) => {
  const bytes = bytesOf(content);
  return write()
    .u8(type, 0x12)
    .u16(34 + bytes.length)
    .u8(domain, 0)
    .u16(0)
    .zeros(12)
    .hex(clock)
    .u16(1, 7)
    .u8(5, 0)
    .bytes(bytes);
};
const announce = (grandmaster: string, clockClass: number, source: number) =>
  write().zeros(10).u16(37).u8(0, 128, clockClass, 0x21).u16(0x4e5d).u8(128).hex(grandmaster).u16(0).u8(source);
const management = (action: number, identifier: number, data: Bytes) => {
  const bytes = bytesOf(data);
  return write()
    .hex('ff'.repeat(10))
    .u8(1, 1, action, 0)
    .u16(1, 2 + bytes.length, identifier)
    .bytes(bytes);
};
const text = (content: string) => write().lengthPrefixed8(write().text(content));
const description = write()
  .u16(0x8000)
  .bytes(text('IEEE 802.3'))
  .u16(6)
  .mac('00:1b:1b:00:50:01')
  .u16(1, 4)
  .ipv4('10.16.0.1')
  .hex('001b1b 00')
  .bytes(text('Uhrwerk;UW-900;UW9000123'), text('1.2;3.4.5;3.4.6'), text('Clock hall 2;Rack 4'))
  .zeros(6);

const OPERATOR = '10.16.0.9';
const manage = (from: string, to: string, clock: string, content: Bytes) =>
  udp({ from, fromPort: 320, to, toPort: 320 }, message(13, clock, content));

export const golden = capture('PTP versions 1 and 2', [
  link({ from: '00:1b:1b:00:50:01', to: GROUP, type: 0x88f7 }, message(0, GRANDMASTER, write().zeros(10))),
  link({ from: '00:1b:1b:00:50:01', to: GROUP, type: 0x88f7 }, message(11, GRANDMASTER, announce(GRANDMASTER, 6, 32))),
  link(
    { from: '00:80:63:00:51:01', to: GROUP, type: 0x88f7 },
    message(11, '0080630000510001', announce(GRANDMASTER, 6, 32), 4),
  ),
  link({ from: '00:1b:1b:00:52:01', to: GROUP, type: 0x88f7 }, message(1, '001b1bfffe005201', write().zeros(10))),
  link({ from: '00:1b:1b:00:52:01', to: GROUP, type: 0x88f7 }, message(1, '001b1bfffe005201', write().zeros(10))),
  manage(OPERATOR, '10.16.0.1', '021b1b0000000009', management(0, 1, write())),
  manage('10.16.0.1', OPERATOR, GRANDMASTER, management(2, 1, description)),
  manage(OPERATOR, '10.16.0.1', '021b1b0000000009', management(1, 8197, write().u8(1, 0))),
  manage('10.16.0.1', OPERATOR, GRANDMASTER, management(2, 2, text('Clock hall 2'))),
  manage(OPERATOR, '10.16.0.1', '021b1b0000000009', management(3, 0x7777, write())),
  // Version 1: a Sync message.
  udp(
    { from: '10.16.0.20', fromPort: 319, to: '224.0.1.129', toPort: 319 },
    write().u16(1, 1).text('_DFLT', 16).u8(1, 1).mac('00:1b:1b:00:53:01').u16(1, 5).u8(0, 0).zeros(90),
  ),
  // A message that says it is longer than it is, and one of a type that is not there.
  link({ from: '00:1b:1b:00:54:01', to: GROUP, type: 0x88f7 }, write().u8(11, 2).u16(900).zeros(60)),
  link({ from: '00:1b:1b:00:54:01', to: GROUP, type: 0x88f7 }, message(7, GRANDMASTER, write().zeros(10))),
]);

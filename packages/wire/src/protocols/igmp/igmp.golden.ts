// Written by hand after RFC 1112, 2236, 9776 and 4286: a querying router, a snooping switch without an address, and hosts
// of all three versions.
import { type Bytes, capture, ip, write } from '../../testing/index.ts';

const message = (from: string, to: string, type: number, rest: Bytes) =>
  ip({ from, to, protocol: 2, ttl: 1 }, write().u8(type).bytes(rest));
const group = (address: string, time = 0) => write().u8(time).u16(0).ipv4(address);
const record = (type: number, address: string, sources: readonly string[] = []) => {
  const out = write().u8(type, 0).u16(sources.length).ipv4(address);
  for (const source of sources) out.ipv4(source);
  return out;
};

export const golden = capture('IGMP of versions 1 to 3', [
  message('10.7.0.1', '224.0.0.1', 0x11, group('0.0.0.0', 100)),
  message('0.0.0.0', '224.0.0.1', 0x11, group('0.0.0.0', 100).u8(2, 125).u16(0)),
  message('10.7.0.20', '239.192.1.32', 0x12, group('239.192.1.32')),
  message('10.7.0.21', '224.0.1.129', 0x16, group('224.0.1.129')),
  message('10.7.0.21', '224.0.0.2', 0x17, group('224.0.1.129')),
  message(
    '10.7.0.22',
    '224.0.0.22',
    0x22,
    write()
      .u8(0)
      .u16(0, 0, 4)
      .bytes(record(4, '239.255.255.250'), record(3, '239.1.1.1'))
      .bytes(record(3, '232.1.1.1', ['10.7.0.9']), record(4, '224.0.0.1')),
  ),
  message('10.7.0.1', '224.0.0.106', 0x30, write().u8(20).u16(0).u16(125, 2)),
  // A record that says it has a thousand sources, and a report of no group.
  message('10.7.0.23', '224.0.0.22', 0x22, write().u8(0).u16(0, 0, 1).u8(4, 0).u16(1000).ipv4('239.1.1.2')),
  message('10.7.0.24', '10.7.0.1', 0x16, group('10.7.0.1')),
]);

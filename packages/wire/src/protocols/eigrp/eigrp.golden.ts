// Written by hand after RFC 7868 section 6.3: a hello, an update, a version that does not exist.
import { type Bytes, capture, ip, write } from '../../testing/index.ts';

const send = (message: Bytes) => ip({ from: '10.13.0.1', to: '224.0.0.10', protocol: 88, ttl: 2 }, message);
const header = (version: number, opcode: number) => write().u8(version, opcode).u16(0).u32(0, 0, 0).u16(0, 100);

export const golden = capture('EIGRP', [
  send(header(2, 5).u16(1, 12).u8(1, 0, 1, 0, 0, 0).u16(15)),
  send(header(2, 1)),
  send(header(9, 5)),
]);

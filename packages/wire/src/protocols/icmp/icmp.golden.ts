// Written by hand after RFC 792, 950 and 1256: a ping, a router that knows a better one, a router that offers itself, and
// a scanner that asks what nobody asks any more.
import { type Bytes, capture, ip, ipPacket, write } from '../../testing/index.ts';

const ROUTER = '10.6.0.1';
const PLC = '10.6.0.20';
const SCANNER = '10.6.0.66';

const message = (from: string, to: string, type: number, code: number, rest: Bytes) =>
  ip({ from, to, protocol: 1 }, write().u8(type, code).u16(0).bytes(rest));
/** A packet of which header and eight bytes are quoted. */
const quoted = (to: string) => ipPacket({ from: PLC, to, protocol: 17 }, write().u16(50_000, 161, 8, 0));

export const golden = capture('ICMP: ping, redirect, router discovery, questions for time and mask', [
  message(SCANNER, PLC, 8, 0, write().u16(1, 1).text('plant')),
  message(PLC, SCANNER, 0, 0, write().u16(1, 1).text('plant')),
  message(PLC, SCANNER, 3, 3, write().u32(0).bytes(quoted(SCANNER))),
  message(ROUTER, PLC, 5, 1, write().ipv4('10.6.0.2').bytes(quoted('10.9.0.7'))),
  // No router has a group address.
  message(ROUTER, PLC, 5, 1, write().ipv4('239.1.1.1').bytes(quoted('10.9.0.7'))),
  message(ROUTER, '224.0.0.1', 9, 0, write().u8(2, 2).u16(1800).ipv4(ROUTER).u32(0).ipv4('10.6.1.1').u32(0)),
  // A router that goes: lifetime 0.
  message('10.6.0.3', '224.0.0.1', 9, 0, write().u8(1, 2).u16(0).ipv4('10.6.0.3').u32(0)),
  message('10.6.0.4', '224.0.0.1', 9, 0, write().u8(1, 1).u16(1800).ipv4('10.6.0.4')),
  message(SCANNER, PLC, 13, 0, write().u16(7, 1).u32(1000, 0, 0)),
  message(PLC, SCANNER, 14, 0, write().u16(7, 1).u32(1000, 1001, 1001)),
  message(SCANNER, PLC, 17, 0, write().u16(7, 2).u32(0)),
  message(PLC, SCANNER, 18, 0, write().u16(7, 2).ipv4('255.255.255.0')),
  message('10.6.0.21', SCANNER, 18, 0, write().u16(7, 2).u32(0)),
  message(SCANNER, PLC, 99, 0, write().u32(0)),
]);

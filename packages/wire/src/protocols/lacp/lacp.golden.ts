// Written by hand after IEEE 802.1AX-2014 section 6.4.2: a switch that finds its partner, a marker, another slow protocol.
import { capture, link, write } from '../../testing/index.ts';

const GROUP = '01:80:c2:00:00:02';
const SWITCH = '00:80:63:00:20:00';
const SERVER = '00:1b:21:00:30:00';

const system = (type: number, mac: string) =>
  write().u8(type, 20).u16(0x8000).mac(mac).u16(10, 0x8000, 3).u8(0x3d).zeros(3);
const message = (actor: string, partner: string) =>
  write().u8(1, 1).bytes(system(1, actor), system(2, partner)).u8(3, 16).u16(0).zeros(12).zeros(2);

export const golden = capture('LACP between a switch and a server', [
  link({ from: '00:80:63:00:20:03', to: GROUP, type: 0x8809 }, message(SWITCH, '00:00:00:00:00:00')),
  link({ from: '00:1b:21:00:30:01', to: GROUP, type: 0x8809 }, message(SERVER, SWITCH)),
  link({ from: '00:1b:21:00:30:01', to: GROUP, type: 0x8809 }, write().u8(2, 1, 1, 16).zeros(30)),
  // Operation and maintenance has the same EtherType; an actor of a length that it cannot have.
  link({ from: '00:1b:21:00:30:01', to: GROUP, type: 0x8809 }, write().u8(3, 0).zeros(40)),
  link({ from: '00:1b:21:00:30:02', to: GROUP, type: 0x8809 }, write().u8(1, 1, 1, 200).zeros(40)),
]);

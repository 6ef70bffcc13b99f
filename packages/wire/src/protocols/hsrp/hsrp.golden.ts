// Written by hand after RFC 2281 and the layout of version 2: a pair with the password of the factory, one with another,
// version 2 with and without a password, IPv6.
import { type Bytes, capture, udp, write } from '../../testing/index.ts';

const first = (password: string, group: number, virtual: string) =>
  write().u8(0, 0, 16, 3, 10, 120, group, 0).text(password, 8).ipv4(virtual);
const second = (group: number, ipVersion: number, mac: string, virtual: Bytes) =>
  write().u8(1, 40, 2, 0, 6, ipVersion).u16(group).mac(mac).u32(100, 3000, 10_000).bytes(virtual);
const send = (from: string, to: string, port: number, message: Bytes) =>
  udp({ from, fromPort: port, to, toPort: port }, message);

/** Every secret in the golden capture. */
export const secrets = ['kilnpw42', 'halle9pw'];

export const golden = capture('HSRP versions 1 and 2', [
  send('10.11.0.2', '224.0.0.2', 1985, first('cisco', 7, '10.11.0.1')),
  send('10.11.0.3', '224.0.0.2', 1985, first('kilnpw42', 8, '10.11.0.5')),
  send(
    '10.11.0.4',
    '224.0.0.102',
    1985,
    second(1200, 4, '00:1e:14:00:11:04', write().ipv4('10.11.0.9').zeros(12)).u8(3, 8).text('halle9pw', 8),
  ),
  send('10.11.0.4', '224.0.0.102', 1985, write().u8(2, 4).zeros(4)),
  send('fe80::4', 'ff02::66', 2029, second(1, 6, '00:1e:14:00:11:04', write().ipv6('fe80::1'))),
  // The state of version 1 that announces its interface only, and an operation that does not exist.
  send('10.11.0.2', '224.0.0.2', 1985, write().u8(0, 3, 0, 1).zeros(12)),
  send('10.11.0.6', '224.0.0.2', 1985, write().u8(0, 9, 16, 3).zeros(16)),
]);

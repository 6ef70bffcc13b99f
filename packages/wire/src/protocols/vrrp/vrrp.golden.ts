// Written by hand after RFC 9568, RFC 2338 and carp(4): two routers of one group, one of them with a password, a router
// of IPv6, a firewall pair with CARP.
import { type Bytes, capture, ip, write } from '../../testing/index.ts';

const send = (from: string, fromMac: string, message: Bytes) =>
  ip({ from, to: from.includes(':') ? 'ff02::12' : '224.0.0.18', fromMac, protocol: 112, ttl: 255 }, message);

/** Every secret in the golden capture. */
export const secrets = ['halle7pw'];

export const golden = capture('VRRP versions 2 and 3, CARP', [
  send(
    '10.10.0.2',
    '00:00:5e:00:01:0a',
    write().u8(0x21, 10, 110, 1, 1, 1).u16(0).ipv4('10.10.0.1').text('halle7pw', 8),
  ),
  send('10.10.0.3', '00:00:5e:00:01:0b', write().u8(0x31, 11, 255, 1).u16(100, 0).ipv4('10.10.0.3')),
  send('fe80::2', '00:00:5e:00:02:0c', write().u8(0x31, 12, 100, 2).u16(100, 0).ipv6('fe80::1').ipv6('2001:db8::1')),
  send('10.10.0.4', '00:00:5e:00:01:05', write().u8(0x21, 5, 0, 7, 0, 1).u16(0).u64(77).zeros(20)),
  // A group without an address, and a version that is not there yet.
  send('10.10.0.5', '00:00:5e:00:01:0d', write().u8(0x31, 13, 100, 0).u16(100, 0)),
  send('10.10.0.5', '00:00:5e:00:01:0d', write().u8(0x71, 13, 100, 1).u16(100, 0).ipv4('10.10.0.1')),
]);

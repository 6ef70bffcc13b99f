// Written by hand after RFC 2328 appendix A.3 and RFC 5340 appendix A.3: hellos with and without a password, version 3.
import { type Bytes, capture, ip, write } from '../../testing/index.ts';

const send = (from: string, message: Bytes) =>
  ip({ from, to: from.includes(':') ? 'ff02::5' : '224.0.0.5', protocol: 89, ttl: 1 }, message);
const header = (type: number, router: string, area: string, authentication: number, password: string) =>
  write().u8(2, type).u16(44).ipv4(router).ipv4(area).u16(0, authentication).text(password, 8);
const hello = (mask: string) => write().ipv4(mask).u16(10).u8(2, 1).u32(40).ipv4('10.12.0.1').ipv4('0.0.0.0');

/** Every secret in the golden capture. */
export const secrets = ['ringpw12'];

export const golden = capture('OSPF versions 2 and 3', [
  send('10.12.0.1', header(1, '10.255.0.1', '0.0.0.0', 0, '').bytes(hello('255.255.255.0'))),
  send('10.12.0.2', header(1, '10.255.0.2', '0.0.0.7', 1, 'ringpw12').bytes(hello('0.0.0.0'))),
  send('10.12.0.2', header(4, '10.255.0.2', '0.0.0.7', 2, '').u32(0)),
  send(
    'fe80::12:3',
    write().u8(3, 1).u16(36).ipv4('10.255.0.3').ipv4('0.0.0.0').u16(0, 0).u32(5, 0x01000013, 0x000a0028, 0, 0),
  ),
  send('10.12.0.9', write().u8(2, 9).u16(44).zeros(40)),
]);

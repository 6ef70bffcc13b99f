// Written by hand after RFC 1058, 2453 and 2080: a host asks, routers answer, one with a password, one for IPv6.
import { capture, udp, write } from '../../testing/index.ts';

const entry = (network: string, mask: string) => write().u16(2, 0).ipv4(network).ipv4(mask).ipv4('0.0.0.0').u32(1);

/** Every secret in the golden capture. */
export const secrets = ['ripstreng7'];

export const golden = capture('RIP versions 1 and 2, RIPng', [
  udp(
    { from: '10.14.0.9', fromPort: 520, to: '10.14.0.255', toPort: 520 },
    write().u8(1, 1).u16(0).u16(0, 0).u32(0, 0, 0, 16),
  ),
  udp(
    { from: '10.14.0.1', fromPort: 520, to: '10.14.0.255', toPort: 520 },
    write().u8(2, 1).u16(0).bytes(entry('10.0.0.0', '0.0.0.0')),
  ),
  udp(
    { from: '10.14.0.2', fromPort: 520, to: '224.0.0.9', toPort: 520 },
    write().u8(2, 2).u16(0).u16(0xffff, 2).text('ripstreng7', 16).bytes(entry('10.20.0.0', '255.255.0.0')),
  ),
  udp(
    { from: 'fe80::14:3', fromPort: 521, to: 'ff02::9', toPort: 521 },
    write().u8(2, 1).u16(0).ipv6('2001:db8::').u16(0).u8(32, 1),
  ),
  // Half an entry.
  udp({ from: '10.14.0.4', fromPort: 520, to: '224.0.0.9', toPort: 520 }, write().u8(2, 2).u16(0).zeros(10)),
]);

// Networks that a person allows to be asked, and which addresses lie in them.
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Networks of which nobody asks more than plants have: a /16 of IPv4, a /64 of IPv6. */
const LEAST_PREFIX = { 4: 16, 6: 64 } as const;

/** What plants number themselves from: RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291 (link-local); and the loopback. */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const)
  OWN.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const)
  OWN.addSubnet(network, prefix, 'ipv6');

export interface Subnet {
  readonly cidr: string;
  readonly holds: (ip: string) => boolean;
}

/** In: "10.1.0.0/24". Out: the subnet, or why it cannot be one that is asked. */
export function parseSubnet(cidr: string): Subnet | { readonly problem: string } {
  const [network = '', length = '', ...more] = cidr.trim().split('/');
  const family = isIP(network);
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (family === 0 || more.length > 0 || prefix < 0 || prefix > (family === 4 ? 32 : 128))
    return { problem: 'it is no network' };
  const least = LEAST_PREFIX[family as 4 | 6];
  if (prefix < least) return { problem: `a prefix shorter than /${least} is more than one plant` };
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  // Both ends of a network that is no larger lie in the same block of addresses.
  if (!OWN.check(network, kind))
    return { problem: "its addresses are public ones, of devices that are not the plant's" };
  const block = new BlockList();
  block.addSubnet(network, prefix, kind);
  return {
    cidr: `${network}/${prefix}`,
    holds: (ip) => isIP(ip) === family && block.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6'),
  };
}

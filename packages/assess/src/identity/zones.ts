// The subnet a device is in: by masks that DHCP and devices told, else the usual size for private addresses, else the
// VLAN its frames carried.
import { formatIpv4, ipKind, ipv6Prefix, parseIpv4 } from './addresses.ts';

/** Size taken where nobody told a mask: what nearly every plant network and every home router uses. */
const USUAL_PREFIX = 24;
/** Masks outside of these are typing errors or point-to-point links that say nothing of a subnet. */
const SHORTEST_PREFIX = 8;
const LONGEST_PREFIX = 30;

export class Zones {
  /** Network numbers told, by prefix length. */
  readonly #networks = new Map<number, Set<number>>();

  /** Notes that an address was told to be in a subnet with this mask; masks with holes are passed over. */
  note(ip: string, mask: string): void {
    const address = parseIpv4(ip);
    const bits = parseIpv4(mask);
    if (address === undefined || bits === undefined) return;
    const prefix = 32 - Math.log2(2 ** 32 - bits);
    if (!Number.isInteger(prefix) || prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) return;
    const known = this.#networks.get(prefix);
    const network = Math.floor(address / 2 ** (32 - prefix));
    if (known) known.add(network);
    else this.#networks.set(prefix, new Set([network]));
  }

  /** In: IP addresses of a device, most telling first, and its VLANs. Out: CIDR, `vlan N`, or undefined. */
  zoneOf(ips: readonly string[], vlans: readonly number[]): string | undefined {
    for (const ip of ips) {
      const zone = this.#subnetOf(ip);
      if (zone !== undefined) return zone;
    }
    return vlans[0] === undefined ? undefined : `vlan ${vlans[0]}`;
  }

  #subnetOf(ip: string): string | undefined {
    const kind = ipKind(ip);
    const address = parseIpv4(ip);
    if (kind === 'nobody' || kind === 'loopback' || kind === 'link-local') return undefined;
    if (address === undefined) return `${ipv6Prefix(ip)}::/64`;
    for (let prefix = LONGEST_PREFIX; prefix >= SHORTEST_PREFIX; prefix--) {
      if (this.#networks.get(prefix)?.has(Math.floor(address / 2 ** (32 - prefix)))) return cidr(address, prefix);
    }
    return kind === 'private' ? cidr(address, USUAL_PREFIX) : undefined;
  }
}

const cidr = (address: number, prefix: number): string => {
  const size = 2 ** (32 - prefix);
  return `${formatIpv4(Math.floor(address / size) * size)}/${prefix}`;
};

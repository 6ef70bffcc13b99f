// The subnet a device is in: by masks that DHCP and devices told, else the usual size for private addresses, else the
// VLAN its frames carried.
import { formatIpv4, ipKind, ipv6Prefix, parseIpv4 } from './addresses.ts';
import { getOrMake } from './maps.ts';

/** Size taken where nobody told a mask: what nearly every plant network and every home router uses. */
const USUAL_PREFIX = 24;
/** Masks outside of these are typing errors or point-to-point links that say nothing of a subnet. */
const SHORTEST_PREFIX = 8;
const LONGEST_PREFIX = 30;

export class Zones {
  /** Network numbers told, by prefix length. */
  readonly #networks = new Map<number, Set<number>>();
  readonly #site = new Map<number, Set<number>>();

  /** In: networks a person says are the plant's, as CIDR; what is none is passed over. */
  constructor(siteNetworks: readonly string[] = []) {
    for (const network of siteNetworks) {
      const [base = '', length = ''] = network.split('/');
      const address = parseIpv4(base);
      const prefix = Number(length);
      if (address !== undefined && /^\d+$/.test(length) && prefix <= 32) add(this.#site, address, prefix);
    }
  }

  /** Whether an address is in a network that a person says is the plant's. */
  isOfSite(ip: string): boolean {
    const address = parseIpv4(ip);
    return address !== undefined && [...this.#site.keys()].some((prefix) => has(this.#site, address, prefix));
  }

  /** Notes that an address was told to be in a subnet with this mask; masks with holes are passed over. */
  note(ip: string, mask: string): void {
    const address = parseIpv4(ip);
    const bits = parseIpv4(mask);
    if (address === undefined || bits === undefined) return;
    const prefix = 32 - Math.log2(2 ** 32 - bits);
    if (!Number.isInteger(prefix) || prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) return;
    add(this.#networks, address, prefix);
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
      if (has(this.#networks, address, prefix)) return cidr(address, prefix);
    }
    return kind === 'private' || this.isOfSite(ip) ? cidr(address, USUAL_PREFIX) : undefined;
  }
}

function add(to: Map<number, Set<number>>, address: number, prefix: number): void {
  getOrMake(to, prefix, () => new Set<number>()).add(Math.floor(address / 2 ** (32 - prefix)));
}
const has = (networks: ReadonlyMap<number, ReadonlySet<number>>, address: number, prefix: number): boolean =>
  networks.get(prefix)?.has(Math.floor(address / 2 ** (32 - prefix))) === true;

const cidr = (address: number, prefix: number): string => {
  const size = 2 ** (32 - prefix);
  return `${formatIpv4(Math.floor(address / size) * size)}/${prefix}`;
};

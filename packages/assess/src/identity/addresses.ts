// What an address by itself tells of the thing that uses it: whether it can belong to one device at all, and to whom.
// Everything here follows from the bits of the address, nothing from traffic.

export type IpKind =
  /** Belongs to nobody: unspecified, broadcast, multicast, reserved. */
  | 'nobody'
  /** 127.0.0.0/8 and ::1: whoever sends it means itself. */
  | 'loopback'
  /** Valid on one link only: never passed on by a router (RFC 3927 section 2.7, RFC 4291 section 2.5.6). */
  | 'link-local'
  /** RFC 1918, RFC 6598, RFC 4193, RFC 2544, documentation: of somebody's own network. */
  | 'private'
  | 'public';

export type MacKind =
  /** All zero (loopback captures), group bit set, broadcast: tells nothing of a device. */
  | 'nobody'
  /** Of a redundancy group: moves between devices. */
  | 'virtual'
  /** Made up by software (second bit of the first octet, IEEE 802-2014 section 8.2): virtual machines, private addresses. */
  | 'local'
  /** From the registry: one adapter in the world. */
  | 'global';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The 32 bits of a dotted IPv4 address, or undefined where it is none. */
export function parseIpv4(ip: string): number | undefined {
  const m = IPV4.exec(ip);
  if (!m) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(m[i]);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return value;
}

/** 32 bits as a dotted IPv4 address. */
export const formatIpv4 = (value: number): string =>
  `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

const block = (cidr: string): readonly [number, number] => {
  const [base = '', length = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  return [(parseIpv4(base) ?? 0) / size, size];
};
/** RFC 1918; RFC 6598 shared; RFC 2544 benchmarks; RFC 5737 documentation. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
].map(block);

/** What an IP address by itself says. Source: RFC 6890 and the documents it lists. */
export function ipKind(ip: string): IpKind {
  const v4 = parseIpv4(ip);
  if (v4 !== undefined) {
    const first = Math.floor(v4 / 0x1000000);
    if (first === 0 || (first >= 224 && first < 240) || v4 === 0xffffffff) return 'nobody';
    if (first === 127) return 'loopback';
    if (first === 169 && ((v4 >>> 16) & 255) === 254) return 'link-local';
    for (const [number, size] of PRIVATE) if (Math.floor(v4 / size) === number) return 'private';
    return 'public';
  }
  if (!ip.includes(':') || ip === '::' || ip.startsWith('ff')) return 'nobody';
  if (ip === '::1') return 'loopback';
  if (/^fe[89ab][0-9a-f]:/.test(ip)) return 'link-local';
  // Only 2000::/3 is given out as global unicast (RFC 4291 section 2.4); 2001:db8::/32 is for documents (RFC 3849).
  return /^[23][0-9a-f]{3}:/.test(ip) && !ip.startsWith('2001:db8:') ? 'public' : 'private';
}

/**
 * Prefixes of MAC addresses that redundancy protocols give to a group of devices. VRRP and CARP: RFC 9568 section 7.3;
 * the others: the vendors' manuals of HSRP 1 and 2, HSRP for IPv6 and GLBP.
 */
const VIRTUAL_MACS: readonly { readonly prefix: string; readonly what: string }[] = [
  { prefix: '00:00:5e:00:01:', what: 'VRRP' },
  { prefix: '00:00:5e:00:02:', what: 'VRRP for IPv6' },
  { prefix: '00:00:0c:07:ac:', what: 'HSRP' },
  { prefix: '00:00:0c:9f:f', what: 'HSRP 2' },
  { prefix: '00:05:73:a0:0', what: 'HSRP for IPv6' },
  { prefix: '00:07:b4:00:', what: 'GLBP' },
  { prefix: '02:bf:', what: 'network load balancing' },
];
/** The redundancy protocol a virtual MAC address belongs to. */
export const virtualMacProtocol = (mac: string): string | undefined =>
  VIRTUAL_MACS.find(({ prefix }) => mac.startsWith(prefix))?.what;

/** What a MAC address (or EUI-64 in the same spelling) by itself says. */
export function macKind(mac: string): MacKind {
  const first = Number.parseInt(mac.slice(0, 2), 16);
  if (Number.isNaN(first) || (first & 1) === 1 || /^[0:]+$/.test(mac)) return 'nobody';
  if (virtualMacProtocol(mac) !== undefined) return 'virtual';
  return (first & 2) === 2 ? 'local' : 'global';
}

/** True where the lower half of an IPv6 address was made of this MAC address (modified EUI-64, RFC 4291 appendix A). */
export function isMadeOfMac(ip: string, mac: string): boolean {
  if (!ip.includes(':') || mac.length !== 17) return false;
  const o = mac.split(':').map((text) => Number.parseInt(text, 16));
  const groups = [
    (((o[0] ?? 0) ^ 2) << 8) | (o[1] ?? 0),
    ((o[2] ?? 0) << 8) | 0xff,
    0xfe00 | (o[3] ?? 0),
    ((o[4] ?? 0) << 8) | (o[5] ?? 0),
  ];
  return ip.endsWith(`:${groups.map((group) => group.toString(16)).join(':')}`);
}

/** The first 64 bits of an IPv6 address as text: one link, however many addresses a host takes on it (RFC 8981). */
export function ipv6Prefix(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left.slice(0, 4).join(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

/**
 * How far away a sender is, by the time to live its packets had when they were met.
 * `direct`: still the value a stack starts with, so no router lies between. `forwarded`: routers took some off.
 * `ambiguous`: a start value of some stacks that a few routers make of another. `unknown`: small values that senders
 * choose to keep packets near (IGMP, SSDP, mDNS of old) or none at all.
 */
export type Distance = 'direct' | 'forwarded' | 'ambiguous' | 'unknown';

/** Values stacks start with: 64, 128, 255 (RFC 1340 and practice of all large systems), 32 and 30 of embedded ones. */
const INITIAL_TTLS = new Set([30, 32, 64, 128, 255]);
/** Start values of some serial servers, telephones and building automation that a few routers in between also give. */
const AMBIGUOUS_TTLS = new Set([60, 100, 120, 150, 200, 250]);
/** Below this, senders choose the value on purpose. */
const SMALLEST_TELLING_TTL = 20;
/** Further than this below the next start value a packet hardly ever comes: longer paths are not found on the Internet. */
const MOST_HOPS = 40;

/** In: every time to live met of one address in frames of one MAC address. */
export function distanceByTtl(ttls: Iterable<number>): Distance {
  let ambiguous = false;
  let forwarded = false;
  for (const ttl of ttls) {
    if (INITIAL_TTLS.has(ttl)) return 'direct';
    if (AMBIGUOUS_TTLS.has(ttl)) ambiguous = true;
    else if (ttl >= SMALLEST_TELLING_TTL) forwarded = true;
  }
  return ambiguous ? 'ambiguous' : forwarded ? 'forwarded' : 'unknown';
}

/** The least number of routers in between that explains a time to live. */
export function hopsByTtl(ttl: number): number {
  for (const start of [32, 64, 128, 255]) if (ttl <= start && start - ttl <= MOST_HOPS) return start - ttl;
  return 0;
}

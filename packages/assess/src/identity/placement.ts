// Which IP addresses belong to which MAC address, and which were only passed on by it. A frame's MAC address is that of
// the last hop: the sender's own, a router's in front of it, or that of somebody who answers for others.
import type { Reason } from '@interlock/model';
import { type Distance, distanceByTtl, hopsByTtl, ipv6Prefix, isMadeOfMac, virtualMacProtocol } from './addresses.ts';
import { type Evidence, type IpRecord, type MacRecord, overlap, type Pair, type Span } from './evidence.ts';
import { isTelling } from './identifiers.ts';
import { append, getOrMake } from './maps.ts';

/**
 * IPv4 addresses (or IPv6 prefixes) that one adapter may send from without ever claiming them before it is taken for
 * something that stands in front of others. Hosts with four and more addresses exist, but announce them by ARP.
 */
export const MOST_UNCLAIMED_ADDRESSES = 3;
/** Addresses claimed by ARP and never sent from: more than a host that changes its address makes; proxy ARP makes many. */
const MOST_UNUSED_CLAIMS = 8;
/** Facts that one device has one value of: two addresses that differ in one of them are two devices. */
const ONE_VALUE_EACH = ['device.serial', 'bacnet.instance', 'snmp.engine-id'] as const;

export interface Place {
  /** The address belongs to the device with this MAC address. */
  readonly own: boolean;
  readonly reason: Reason;
  /** A person said so. */
  readonly corrected?: true;
}
export interface Placement {
  readonly places: ReadonlyMap<Pair, Place>;
  /** MAC addresses that are devices. */
  readonly macs: readonly MacRecord[];
  /** MAC addresses that passed on packets of others, with the addresses of those. */
  readonly fronts: ReadonlyMap<MacRecord, readonly Pair[]>;
  /** Addresses in use from several MAC addresses at once, none of which claims them: one device with both. */
  readonly shared: readonly { readonly ip: IpRecord; readonly pairs: readonly Pair[] }[];
  /** Addresses that several MAC addresses claim at once. */
  readonly conflicts: readonly { readonly ip: IpRecord; readonly pairs: readonly Pair[] }[];
}

/** In: the evidence; whether a person said that an IP address is not this MAC address's. Out: where each pair belongs. */
export function placeAddresses(evidence: Evidence, keptApart: (pair: Pair) => Reason | undefined): Placement {
  return new Placing(evidence, keptApart).run();
}

const isIpv4 = (ip: string): boolean => !ip.includes(':');
const isCertain = (pair: Pair): boolean =>
  pair.claimed !== undefined ||
  pair.assigned !== undefined ||
  pair.announced !== undefined ||
  pair.ip.kind === 'link-local' ||
  isMadeOfMac(pair.ip.ip, pair.mac.mac);
/** When the address was in use or said to be in use from this MAC address. */
export function spanOf(pair: Pair): Span {
  const spans = [pair.sent, pair.claimed, pair.assigned, pair.announced].filter((span) => span !== undefined);
  return {
    first: Math.min(...spans.map((span) => span.first)),
    last: Math.max(...spans.map((span) => span.last)),
  };
}

class Placing {
  readonly #evidence: Evidence;
  readonly #keptApart: (pair: Pair) => Reason | undefined;
  readonly #places = new Map<Pair, Place>();
  readonly #distances = new Map<Pair, Distance>();
  readonly #sentCounts = new Map<MacRecord, number>();
  readonly #shared: { ip: IpRecord; pairs: Pair[] }[] = [];
  readonly #conflicts: { ip: IpRecord; pairs: Pair[] }[] = [];

  constructor(evidence: Evidence, keptApart: (pair: Pair) => Reason | undefined) {
    this.#evidence = evidence;
    this.#keptApart = keptApart;
  }

  run(): Placement {
    for (const ip of this.#evidence.ips.values()) if (ip.pairs.length > 0) this.#contest(ip);
    for (const mac of this.#evidence.macs.values()) this.#divide(mac);
    for (const ip of this.#evidence.ips.values()) if (ip.pairs.length > 1) this.#findShared(ip);

    const macs: MacRecord[] = [];
    const fronts = new Map<MacRecord, Pair[]>();
    for (const mac of this.#evidence.macs.values()) {
      let owns = false;
      const passedOn: Pair[] = [];
      for (const pair of mac.pairs.values()) {
        if (this.#isOwn(pair)) owns = true;
        else if (pair.sent && pair.ip.kind !== 'loopback' && !mac.talksToItself) passedOn.push(pair);
      }
      // One address behind it and nothing of its own is too little to call it a device: that address says all there is.
      if (owns || (mac.kind !== 'virtual' && (mac.spoke || passedOn.length > 1))) macs.push(mac);
      if (passedOn.length > 0) fronts.set(mac, passedOn);
    }
    return { places: this.#places, macs, fronts, shared: this.#shared, conflicts: this.#conflicts };
  }

  #isOwn(pair: Pair): boolean {
    return this.#places.get(pair)?.own === true;
  }
  #distance(pair: Pair): Distance {
    return getOrMake(this.#distances, pair, () => distanceByTtl(pair.ttls));
  }
  /** IPv4 addresses that were met in frames of a MAC address. */
  #sentFrom(mac: MacRecord): number {
    return getOrMake(this.#sentCounts, mac, () => {
      let count = 0;
      for (const pair of mac.pairs.values()) if (pair.sent && isIpv4(pair.ip.ip)) count++;
      return count;
    });
  }
  #put(pair: Pair, own: boolean, text: string, ...others: Pair[]): void {
    if (this.#places.has(pair)) return;
    this.#places.set(pair, { own, reason: { text, facts: [pair, ...others].flatMap(factsOf) } });
  }

  /** Settles an IP address met with several MAC addresses, as far as comparing those does. */
  #contest(ip: IpRecord): void {
    for (const pair of ip.pairs) {
      const apart = this.#keptApart(pair);
      if (apart) this.#places.set(pair, { own: false, reason: apart, corrected: true });
      else if (ip.kind === 'loopback')
        this.#put(pair, false, `${ip.ip} means its sender itself, whatever the frame says`);
    }
    if (ip.kind === 'loopback' || ip.kind === 'link-local') return;
    const rivals = mostUsed(ip.pairs);
    const bareDirect = ip.bare !== undefined && distanceByTtl(ip.bareTtls) === 'direct';
    for (const pair of ip.pairs) {
      if (this.#places.has(pair)) continue;
      const others = rivals.filter((other) => other !== pair && !this.#places.has(other));
      const direct = others.find((other) => other.sent && this.#distance(other) === 'direct');
      if (pair.sent && this.#distance(pair) === 'forwarded' && (direct || bareDirect)) {
        const from = direct ? `from ${direct.mac.mac}` : 'without a MAC address';
        const text = `${pair.mac.mac} passed on packets of ${ip.ip}: they came directly ${from}, and with a lower time to live from it`;
        this.#put(pair, false, text, ...(direct ? [direct] : []));
        continue;
      }
      if (pair.mac.kind === 'virtual' && others.length > 0) {
        const text = `${pair.mac.mac} is a virtual address (${virtualMacProtocol(pair.mac.mac)}); ${ip.ip} is also met with ${others[0]?.mac.mac}`;
        this.#put(pair, false, text, ...others);
        continue;
      }
      const rival = others.find((other) => this.#outdoes(other, pair));
      if (rival) {
        const text = `${pair.mac.mac} stood in for ${ip.ip}, which ${rival.mac.mac} used at the same time as its own`;
        this.#put(pair, false, text, rival);
      }
    }
  }

  /** Whether one MAC address is so much more the owner of an address that the other only stood in for it. */
  #outdoes(better: Pair, worse: Pair): boolean {
    if (better.mac.kind === 'virtual' || !better.sent || this.#distance(better) === 'forwarded') return false;
    if (!overlap(spanOf(better), spanOf(worse)) || onOtherVlans(better, worse)) return false;
    // Says it has the address and never sends from it, while another does: proxy ARP, spoofing, a management address.
    if (!worse.sent) return worse.assigned === undefined;
    if (worse.claimed || worse.assigned) return false;
    return better.claimed !== undefined || (this.#sentFrom(better.mac) === 1 && this.#sentFrom(worse.mac) > 1);
  }

  /** Divides the addresses met with one MAC address into its own and those of others. */
  #divide(mac: MacRecord): void {
    this.#separateByIdentity(mac);
    const open = [...mac.pairs.values()].filter((pair) => !this.#places.has(pair));
    const certain = open.filter(isCertain);
    const unused = new Set(certain.filter((pair) => !pair.sent && !pair.assigned && !pair.announced));
    for (const pair of certain) {
      if (pair.claimed && pair.sent && this.#distance(pair) === 'forwarded' && certain.length > 1) {
        const text = `${mac.mac} answers ARP for ${pair.ip.ip}, but the packets of that address came through a router`;
        this.#put(pair, false, text);
      } else if (unused.size > MOST_UNUSED_CLAIMS && unused.has(pair)) {
        const text = `${mac.mac} answers ARP for ${unused.size} addresses it never sends from: it answers for others`;
        this.#put(pair, false, text);
      } else this.#put(pair, true, certainty(pair));
    }

    const isRouter = open.some((pair) => !isCertain(pair) && this.#distance(pair) === 'forwarded');
    const candidates: Pair[] = [];
    for (const pair of open) {
      if (this.#places.has(pair) || !pair.sent) continue;
      const foreign = this.#foreignReason(pair, isRouter);
      if (foreign === undefined) candidates.push(pair);
      else this.#put(pair, false, foreign);
    }
    const front = frontReason(mac, candidates);
    for (const pair of candidates) {
      if (front) this.#put(pair, false, front);
      else this.#put(pair, true, `${pair.ip.ip} sends from ${mac.mac}`);
    }
  }

  /** Why an address that nothing claims is not that of the MAC address it was met with, as far as it alone tells. */
  #foreignReason(pair: Pair, isRouter: boolean): string | undefined {
    const { ip, mac } = pair;
    const distance = this.#distance(pair);
    const isPublic = ip.kind === 'public' && isIpv4(ip.ip);
    if (isPublic && ip.peersPrivate && !ip.peersPublic)
      return `${ip.ip} is a public address that talks with private ones: a router stands between, and ${mac.mac} is its address`;
    if (distance === 'forwarded') {
      const ttl = Math.max(...pair.ttls);
      return `packets of ${ip.ip} came with a time to live of ${ttl}, at least ${hopsByTtl(ttl)} below a start value: ${mac.mac} is a router's address`;
    }
    if (isRouter && (isPublic || distance === 'ambiguous'))
      return `${mac.mac} passes on packets of others, and nothing says that ${ip.ip} is its own`;
    return undefined;
  }

  /** Takes addresses off a MAC address that state different values of what one device has one of, also claimed ones. */
  #separateByIdentity(mac: MacRecord): void {
    const open = [...mac.pairs.values()].filter((pair) => pair.sent && !this.#places.has(pair));
    if (open.length < 2) return;
    for (const kind of ONE_VALUE_EACH) {
      const stated = new Map<string, { pair: Pair; value: unknown }[]>();
      for (const pair of open) {
        for (const fact of this.#evidence.subjects.get(`${pair.ip.ip}@${mac.mac}`)?.facts ?? []) {
          if (fact.kind === kind && isTelling(fact.value)) append(stated, fact.protocol, { pair, value: fact.value });
        }
      }
      for (const all of stated.values()) {
        const [first] = all;
        const other = all.find(({ pair, value }) => pair !== first?.pair && value !== first?.value);
        if (!first || !other || all.some(({ pair, value }) => pair !== first.pair && value === first.value)) continue;
        const text = `${first.pair.ip.ip} and ${other.pair.ip.ip} state different values of ${kind}: they are two devices behind ${mac.mac}`;
        for (const { pair } of all) this.#put(pair, false, text);
      }
    }
  }

  /** Addresses that more than one MAC address is left with, at the same time. */
  #findShared(ip: IpRecord): void {
    if (ip.kind === 'link-local' || ip.kind === 'loopback') return;
    const own = mostUsed(ip.pairs).filter((pair) => this.#isOwn(pair) && pair.mac.kind !== 'virtual');
    const sending = own.filter(
      (pair) => pair.sent && own.some((other) => other !== pair && atOnce(pair, other) && !onOtherVlans(pair, other)),
    );
    if (sending.length < 2) return;
    (sending.some((pair) => pair.claimed || pair.assigned) ? this.#conflicts : this.#shared).push({
      ip,
      pairs: sending,
    });
  }
}

/** The pairs of an address that carried most frames; all of them unless somebody floods the network with MAC addresses. */
const mostUsed = (pairs: readonly Pair[]): readonly Pair[] =>
  pairs.length <= MOST_RIVALS
    ? pairs
    : [...pairs].sort((a, b) => (b.sent?.frames ?? 0) - (a.sent?.frames ?? 0)).slice(0, MOST_RIVALS);
/** MAC addresses of one IP address that are compared with each other: comparing all of a flood would take forever. */
const MOST_RIVALS = 32;

const atOnce = (a: Pair, b: Pair): boolean => a.sent !== undefined && b.sent !== undefined && overlap(a.sent, b.sent);
/** Both were met in tagged frames, but never in the same VLAN: an address that is used once per machine, in each. */
const onOtherVlans = (a: Pair, b: Pair): boolean =>
  a.vlans.length > 0 && b.vlans.length > 0 && !a.vlans.some((vlan) => b.vlans.includes(vlan));

/** Why several addresses that nobody claims cannot all be of the device with this MAC address. */
function frontReason(mac: MacRecord, candidates: readonly Pair[]): string | undefined {
  if (mac.talksToItself)
    return `frames from ${mac.mac} to itself between different IP addresses: it does not tell hosts apart`;
  const count =
    candidates.filter((pair) => isIpv4(pair.ip.ip)).length +
    new Set(candidates.filter((pair) => !isIpv4(pair.ip.ip)).map((pair) => ipv6Prefix(pair.ip.ip))).size;
  return count > MOST_UNCLAIMED_ADDRESSES
    ? `${mac.mac} sends for ${count} addresses none of which it claims: it stands in front of them`
    : undefined;
}

function certainty(pair: Pair): string {
  const { mac, ip } = pair;
  if (pair.claimed) return `${mac.mac} claims ${ip.ip} by ARP or neighbour discovery`;
  if (pair.assigned) return `DHCP gave ${ip.ip} to ${mac.mac}`;
  if (pair.announced) return `${mac.mac} says that ${ip.ip} is its address`;
  return ip.kind === 'link-local'
    ? `${ip.ip} is valid on its own link only, and ${mac.mac} sends from it`
    : `${ip.ip} is made of ${mac.mac}`;
}

/** The facts a pair rests on, for the reader to follow. */
function factsOf(pair: Pair): Reason['facts'] {
  const facts: { subject: string; kind: Reason['facts'][number]['kind']; value: string }[] = [];
  if (pair.claimed) facts.push({ subject: `@${pair.mac.mac}`, kind: 'address.claimed-ip', value: pair.ip.ip });
  if (pair.assigned) facts.push({ subject: `@${pair.mac.mac}`, kind: 'address.assigned-ip', value: pair.ip.ip });
  if (pair.announced) facts.push({ subject: `@${pair.mac.mac}`, kind: 'address.announced-ip', value: pair.ip.ip });
  if (pair.sent) facts.push({ subject: `${pair.ip.ip}@${pair.mac.mac}`, kind: 'address.seen', value: 'true' });
  for (const ttl of pair.ttls) {
    if (facts.length >= MOST_REASON_FACTS) break;
    facts.push({ subject: `${pair.ip.ip}@${pair.mac.mac}`, kind: 'network.ttl', value: String(ttl) });
  }
  return facts;
}
/** A reason is read by a person: more would not make it plainer. */
const MOST_REASON_FACTS = 6;

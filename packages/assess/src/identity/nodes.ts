// The things that identity resolution joins: MAC addresses that are devices, and IP addresses whose MAC address is not
// known. Each subject of the evidence leads to one of them, by time where an IP address changed hands.
import type { Evidence, IpRecord, MacRecord, Pair, Span, SubjectRecord } from './evidence.ts';
import { Listings } from './listings.ts';
import { type Placement, spanOf } from './placement.ts';

export interface Node extends Span {
  readonly index: number;
  readonly mac?: MacRecord;
  readonly ip?: IpRecord;
  /** Only documents know it: what they say its addresses are. */
  readonly listed?: ListedAddresses;
  /** Subjects whose facts are of this node, at least for some time. */
  readonly records: SubjectRecord[];
}

/** Addresses by documents, and names of entries that have none. */
export interface ListedAddresses {
  readonly macs: Set<string>;
  readonly ips: Set<string>;
  readonly entries: Set<string>;
}

/** Who had an IP address when. */
interface Holding {
  readonly span: Span;
  readonly node: Node;
}
interface Holdings {
  /** All who ever had it. */
  readonly nodes: ReadonlySet<Node>;
  /** Those among which a fact told of the address alone is given to one. */
  readonly likely: readonly Holding[];
}
/** More holders of one IP address than this are a flood of made-up MAC addresses; the first ones stand for it. */
const MOST_HOLDERS = 64;

export class Nodes {
  readonly all: Node[] = [];
  readonly #byMac = new Map<string, Node>();
  readonly #holdings = new Map<string, Holdings>();
  readonly #listings: Listings;

  /** In: the evidence and where its addresses belong. Out: the nodes, with the subjects told of them. */
  constructor(evidence: Evidence, { places, macs }: Placement) {
    // In one order, whatever the order of the observations: what is joined first must not depend on who spoke first.
    for (const mac of [...macs].sort((a, b) => (a.mac < b.mac ? -1 : 1)))
      this.#byMac.set(mac.mac, this.#add({ mac }, mac));
    for (const ip of [...evidence.ips.values()].sort((a, b) => (a.ip < b.ip ? -1 : 1))) {
      const holdings: Holding[] = [];
      for (const pair of ip.pairs) {
        const node = places.get(pair)?.own ? this.#byMac.get(pair.mac.mac) : undefined;
        if (node) holdings.push({ span: spanOf(pair), node });
      }
      if (holdings.length === 0) {
        const corrected = ip.pairs.find((pair) => places.get(pair)?.corrected);
        const seen = seenOf(ip) ?? (corrected && spanOf(corrected));
        if (seen) holdings.push({ span: seen, node: this.#add({ ip }, seen) });
      }
      if (holdings.length === 0) continue;
      const nodes = new Set(holdings.map(({ node }) => node));
      holdings.sort((a, b) => a.span.first - b.span.first || a.node.index - b.node.index);
      this.#holdings.set(ip.ip, { nodes, likely: holdings.slice(0, MOST_HOLDERS) });
    }
    this.#listings = new Listings(evidence, {
      ofMac: (mac) => this.#byMac.get(mac),
      ofIp: (ip, time) => this.#holderOf(ip, time),
      make: (listed, span) => this.#add({ listed }, span),
    });
    for (const record of evidence.subjects.values()) for (const node of this.nodesOf(record)) node.records.push(record);
  }

  /** All nodes a subject was of, over time; none where nothing was ever sent from it and no document names it. */
  nodesOf(subject: { readonly mac?: string; readonly ip?: string; readonly entry?: string }): readonly Node[] {
    const placed = this.#listings.placeOf(subject);
    if (placed) return [placed];
    const met = this.#metNodesOf(subject);
    if (met.length > 0 || this.#listings.isEmpty) return met;
    const listed = this.#listings.nodeOf(subject);
    return listed ? [listed] : met;
  }

  #metNodesOf({ mac, ip }: { readonly mac?: string; readonly ip?: string }): readonly Node[] {
    const holdings = ip === undefined ? undefined : this.#holdings.get(ip);
    const own = mac === undefined ? undefined : this.#byMac.get(mac);
    if (ip === undefined) return own ? [own] : [];
    if (!holdings) return [];
    if (own && holdings.nodes.has(own)) return [own];
    return holdings.likely.map(({ node }) => node);
  }

  /** The node a subject was of during a time: whoever held the address for most of it, else next to it. */
  nodeAt(subject: { readonly mac?: string; readonly ip?: string }, time: Span): Node | undefined {
    const nodes = this.nodesOf(subject);
    return nodes.length < 2 ? nodes[0] : this.#holderOf(subject.ip ?? '', time);
  }

  #holderOf(ip: string, time: Span): Node | undefined {
    let best: Node | undefined;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (const { span, node } of this.#holdings.get(ip)?.likely ?? []) {
      const distance = distanceBetween(span, time);
      if (distance < bestDistance) [best, bestDistance] = [node, distance];
    }
    return best;
  }

  #add(of: Pick<Node, 'mac' | 'ip' | 'listed'>, { first, last }: Span): Node {
    const node: Node = { index: this.all.length, ...of, records: [], first, last };
    this.all.push(node);
    return node;
  }
}

/** When packets of an address were met, by whatever way they came. */
function seenOf(ip: IpRecord): Span | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const spans = [ip.bare, ...ip.pairs.map((pair: Pair) => pair.sent)];
  for (const span of spans) {
    if (!span) continue;
    first = Math.min(first, span.first);
    last = Math.max(last, span.last);
  }
  return first <= last ? { first, last } : undefined;
}

/** Negative by as much as two spans overlap, else the gap between them. */
const distanceBetween = (a: Span, b: Span): number => Math.max(a.first, b.first) - Math.min(a.last, b.last);

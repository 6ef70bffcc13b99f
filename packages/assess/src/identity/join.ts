// Joins nodes into devices by what they state of themselves, strongest first. Each join and each refusal keeps its
// reason, so that both can be explained to whoever asks; a person's word wins over all of them.
import type { FactKind, Reason } from '@interlock/model';
import type { Corrections } from './corrections.ts';
import type { Evidence, HeldFact } from './evidence.ts';
import { MOST_SHARERS, PROOF } from './identifiers.ts';
import { getOrMake } from './maps.ts';
import type { Node, Nodes } from './nodes.ts';
import type { Placement } from './placement.ts';
import { type Agreement, cite, isBelowIp, type Statements } from './statements.ts';

/** Ports of the largest chassis switch that speak in their own name; a chain of forged announcements goes on forever. */
const MOST_NODES = 512;

/** What a document and a device that was met must have in common: a serial number is enough, a name where it says no MAC. */
const LISTED_PROOF = 0.6;
const LISTED_BY_NAME = 0.4;

/** Two nodes that are one device, or that something says are one device and were kept apart; and why. */
export interface Link {
  readonly a: Node;
  readonly b: Node;
  readonly reason: Reason;
}

export class Joiner {
  readonly joins: Link[] = [];
  readonly refusals: Link[] = [];
  readonly #nodes: Nodes;
  readonly #statements: Statements;
  readonly #corrections: Corrections;
  /** Index of another node of the same device, or of itself. */
  readonly #parent: number[];
  readonly #members = new Map<number, Node[]>();

  constructor(
    evidence: Evidence,
    placement: Placement,
    nodes: Nodes,
    statements: Statements,
    corrections: Corrections,
  ) {
    this.#nodes = nodes;
    this.#statements = statements;
    this.#corrections = corrections;
    this.#parent = nodes.all.map((node) => node.index);
    for (const node of nodes.all) this.#members.set(node.index, [node]);
    for (const { a, b, reason } of corrections.joins(nodes)) this.#unite(a, b, reason);
    this.#joinAnnounced(evidence);
    this.#joinByIdentifiers();
    this.#joinShared(placement);
    this.#joinListed();
  }

  /** Number that the nodes of one device have in common. */
  rootOf(node: Node): number {
    let root = node.index;
    for (let up = this.#parent[root]; up !== undefined && up !== root; up = this.#parent[root]) root = up;
    this.#parent[node.index] = root;
    return root;
  }
  /** The nodes of the device a node is of. */
  membersOf(node: Node): readonly Node[] {
    return this.#members.get(this.rootOf(node)) ?? [node];
  }
  /** The nodes of each device. */
  get devices(): readonly (readonly Node[])[] {
    return [...this.#members.values()];
  }

  /** A node that announces an IP address which exactly one other node holds, as switch ports announce the switch's. */
  #joinAnnounced(evidence: Evidence): void {
    const announcers = new Map<string, { node: Node; fact: HeldFact }[]>();
    for (const { record, fact } of evidence.announcements) {
      if (fact.kind !== 'address.announced-ip') continue;
      const node = this.#nodes.nodeAt(record, fact);
      // What a host says over IP may be of an inner network, or said in another's name: it proves nothing by itself.
      if (!node || !isBelowIp(fact)) continue;
      const known = getOrMake(announcers, String(fact.value), () => []);
      // Three are one more than can be of one holder and one switch port: nothing is concluded from more.
      if (known.length < 3 && !known.some((other) => other.node === node)) known.push({ node, fact });
    }
    for (const [ip, all] of announcers) {
      const holders = this.#nodes.nodesOf({ ip });
      const [holder] = holders;
      const [announcer, another] = all.filter(({ node }) => !holders.includes(node));
      if (!holder || !announcer || another || holders.length > 1) continue;
      const text = `${announcer.node.mac?.mac} says that ${ip} is its address`;
      this.#try(announcer.node, holder, { text, facts: [cite(announcer.fact)] }, 'address.announced-ip');
    }
  }

  #joinByIdentifiers(): void {
    const proven = new Map<string, { a: Node; b: Node; strength: number; agreements: readonly Agreement[] }>();
    for (const sharers of this.#statements.sharers()) {
      if (sharers.length > MOST_SHARERS) continue;
      const inOrder = [...sharers].sort((x, y) => x.index - y.index);
      for (const [i, a] of inOrder.entries()) {
        for (const b of inOrder.slice(i + 1)) {
          const key = `${a.index} ${b.index}`;
          if (proven.has(key) || a.listed || b.listed) continue;
          const agreements = this.#statements.agreements(a, b);
          const strength = strengthOf(agreements);
          if (strength >= PROOF) proven.set(key, { a, b, strength, agreements });
        }
      }
    }
    for (const { a, b, agreements } of [...proven.values()].sort((x, y) => y.strength - x.strength)) {
      const text = agreements.map(({ reason }) => reason.text).join('; ');
      this.#try(a, b, { text, facts: agreements.flatMap(({ reason }) => reason.facts) }, agreements[0]?.kind);
    }
  }

  #joinShared({ shared, conflicts }: Placement): void {
    for (const { ip, pairs } of shared) {
      const text = `${ip.ip} is in use from ${pairs.map((pair) => pair.mac.mac).join(' and ')} at the same time`;
      const [first, ...others] = pairs.flatMap((pair) => this.#nodes.nodesOf({ mac: pair.mac.mac }));
      for (const other of others) if (first) this.#try(first, other, { text, facts: [] }, undefined);
    }
    for (const { ip, pairs } of conflicts) {
      const [a, b] = pairs.flatMap((pair) => this.#nodes.nodesOf({ mac: pair.mac.mac }));
      if (!a || !b || this.rootOf(a) === this.rootOf(b)) continue;
      const macs = pairs.map((pair) => pair.mac.mac).join(' and ');
      this.refusals.push({
        a,
        b,
        reason: { text: `${macs} use ${ip.ip} at the same time: an address conflict`, facts: [] },
      });
    }
  }

  /**
   * Devices that only documents know: with each other by what proves it, and with the one device that was met and has
   * their serial number or name. They differ in what they say of it; that is a contradiction to show, no reason against.
   */
  #joinListed(): void {
    const candidates = new Map<Node, Map<Node, readonly Agreement[]>>();
    for (const sharers of this.#statements.sharers()) {
      if (sharers.length > MOST_SHARERS) continue;
      for (const a of sharers) {
        if (!a.listed) continue;
        for (const b of sharers) {
          if (b === a) continue;
          const others = getOrMake(candidates, a, () => new Map<Node, readonly Agreement[]>());
          if (!others.has(b)) others.set(b, this.#statements.agreements(a, b));
        }
      }
    }
    const inOrder = [...candidates].sort(([a], [b]) => a.index - b.index);
    for (const [a, others] of inOrder) {
      for (const [b, agreements] of others) {
        if (!b.listed || b.index < a.index || strengthOf(agreements) < PROOF) continue;
        const text = agreements.map(({ reason }) => reason.text).join('; ');
        this.#try(a, b, { text, facts: agreements.flatMap(({ reason }) => reason.facts) }, agreements[0]?.kind);
      }
    }
    for (const [a, others] of inOrder) {
      if (this.membersOf(a).some(({ listed }) => !listed)) continue;
      const least = a.listed?.macs.size === 0 ? LISTED_BY_NAME : LISTED_PROOF;
      const met = [...others]
        .filter(([b, agreements]) => !b.listed && strengthOf(agreements) >= least)
        .sort(([, x], [, y]) => strengthOf(y) - strengthOf(x));
      const [best] = met;
      if (!best) continue;
      const [node, agreements] = best;
      const rival = met.find(
        ([b, y]) => this.rootOf(b) !== this.rootOf(node) && strengthOf(y) >= strengthOf(agreements),
      );
      const text = `a document names it: ${agreements.map(({ reason }) => reason.text).join('; ')}`;
      const reason = { text, facts: agreements.flatMap((agreement) => agreement.reason.facts) };
      const apart = this.#corrections.keptApart(this.membersOf(a), this.membersOf(node));
      if (apart) this.refusals.push({ a, b: node, reason: apart });
      else if (rival)
        this.refusals.push({ a, b: node, reason: { ...reason, text: `${text}; but so does another one` } });
      else this.#unite(node, a, reason);
    }
  }

  #try(a: Node, b: Node, reason: Reason, by: FactKind | undefined): void {
    if (this.rootOf(a) === this.rootOf(b)) {
      this.joins.push({ a, b, reason });
      return;
    }
    const [as, bs] = [this.membersOf(a), this.membersOf(b)];
    if (as.length + bs.length > MOST_NODES) {
      const text = `${reason.text}; but one device does not have more than ${MOST_NODES} adapters`;
      this.refusals.push({ a, b, reason: { text, facts: reason.facts } });
      return;
    }
    const apart = this.#corrections.keptApart(as, bs);
    if (apart) {
      this.refusals.push({ a, b, reason: apart });
      return;
    }
    const against = this.#statements.contradictions(as, bs, by);
    if (against.length === 0) {
      this.#unite(a, b, reason);
      return;
    }
    const text = `${reason.text}; but ${against.map((contradiction) => contradiction.text).join('; ')}`;
    this.refusals.push({ a, b, reason: { text, facts: [reason, ...against].flatMap(({ facts }) => facts) } });
  }

  #unite(a: Node, b: Node, reason: Reason): void {
    this.joins.push({ a, b, reason });
    const [x, y] = [this.rootOf(a), this.rootOf(b)];
    if (x === y) return;
    const [keep, go] = [Math.min(x, y), Math.max(x, y)];
    this.#parent[go] = keep;
    this.#members.get(keep)?.push(...(this.#members.get(go) ?? []));
    this.#members.delete(go);
  }
}

/** Sum of strengths, rounded so that six and four tenths make one. */
export const strengthOf = (agreements: readonly Agreement[]): number =>
  Math.round(agreements.reduce((sum, { strength }) => sum + strength, 0) * 1000) / 1000;

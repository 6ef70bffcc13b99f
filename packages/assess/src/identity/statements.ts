// What nodes state of themselves: identifiers that may prove two of them to be one device, and facts in which one device
// could not differ from itself.
import type { FactKind, Reason } from '@interlock/model';
import { ipKind } from './addresses.ts';
import { type Evidence, type HeldFact, overlap, type Span, widen } from './evidence.ts';
import {
  bareHostname,
  CONTRADICTING,
  COPIED_STRENGTH,
  comparable,
  type Identifier,
  identifierOf,
  isCopied,
  isTelling,
  KIND_WORDS,
  normalise,
} from './identifiers.ts';
import { append, getOrMake } from './maps.ts';
import type { Node, Nodes } from './nodes.ts';

export interface Agreement {
  readonly kind: FactKind;
  readonly strength: number;
  readonly reason: Reason;
}
interface Stated {
  readonly identifier: Identifier;
  readonly value: string;
  readonly fact: HeldFact;
}
/** Values of one kind that a node states by one protocol. */
interface Identity {
  readonly kind: FactKind;
  readonly lasting: boolean;
  readonly fact: HeldFact;
  readonly span: Span;
  readonly values: Set<string>;
}

const NAMES: ReadonlySet<FactKind> = new Set(['device.hostname', 'netbios.name']);
const MAKE: ReadonlySet<FactKind> = new Set(['device.vendor', 'device.model', 'device.order-number', 'cip.vendor-id']);
const CONTRADICTING_KINDS = new Map(CONTRADICTING.map((entry) => [entry.kind, entry]));

export class Statements {
  readonly #stated = new Map<Node, Map<string, Stated>>();
  readonly #identities = new Map<Node, Map<string, Identity>>();
  readonly #holders = new Map<string, Node[]>();

  constructor(evidence: Evidence, nodes: Nodes) {
    for (const node of nodes.all) {
      for (const record of node.records) {
        if (record.part !== undefined) continue;
        for (const fact of record.facts) {
          const identifier = identifierOf(fact.kind);
          if (!identifier && !CONTRADICTING_KINDS.has(fact.kind) && !MAKE.has(fact.kind)) continue;
          // What documents say of a device that was met neither joins it with another one nor parts them.
          if (fact.said === 'imported' && !node.listed) continue;
          if (!isTelling(fact.value) || nodes.nodeAt(record, fact) !== node) continue;
          if (identifier && isIdentifying(fact)) this.#state(node, identifier, fact);
          this.#noteIdentity(node, fact);
        }
      }
    }
    // Whoever has an address need not announce it to share it with somebody who does.
    for (const { fact } of evidence.announcements) {
      const identifier = identifierOf(fact.kind);
      const isMac = fact.kind === 'address.announced-mac';
      const [node, another] = nodes.nodesOf(isMac ? { mac: String(fact.value) } : { ip: String(fact.value) });
      if (identifier && node && !another && isIdentifying(fact)) this.#state(node, identifier, fact);
    }
  }

  /** Nodes that state the same value of an identifier, where there are several. */
  *sharers(): Generator<readonly Node[]> {
    for (const nodes of this.#holders.values()) if (nodes.length > 1) yield nodes;
  }

  /** Identifiers that two nodes both state with one value, the strongest of each group, strongest first. */
  agreements(a: Node, b: Node): Agreement[] {
    const theirs = this.#stated.get(b);
    const best = new Map<string, Agreement>();
    for (const [key, { identifier, fact }] of this.#stated.get(a) ?? []) {
      const other = theirs?.get(key);
      if (!other) continue;
      const strength = this.#strengthOf(identifier, a, b, [fact, other.fact]);
      if ((best.get(identifier.group)?.strength ?? 0) >= strength) continue;
      const text = `both have ${KIND_WORDS[identifier.kind]} ${String(fact.value)} (${identifier.why})`;
      best.set(identifier.group, {
        kind: identifier.kind,
        strength,
        reason: { text, facts: [cite(fact), cite(other.fact)] },
      });
    }
    return [...best.values()].sort((x, y) => y.strength - x.strength);
  }

  /** Facts in which two groups of nodes differ although one device could not. `by`: the kind they were to be joined by. */
  contradictions(as: readonly Node[], bs: readonly Node[], by: FactKind | undefined): Reason[] {
    const found: Reason[] = [];
    for (const a of as) {
      for (const b of bs) {
        for (const [key, mine] of this.#identities.get(a) ?? []) {
          const theirs = this.#identities.get(b)?.get(key);
          if (!theirs || mine.kind === by || !CONTRADICTING_KINDS.has(mine.kind)) continue;
          if ([...mine.values].some((value) => theirs.values.has(value))) continue;
          if (!mine.lasting && !overlap(mine.span, theirs.span) && !overlap(a, b)) continue;
          const text = `${KIND_WORDS[mine.kind]} differs: ${String(mine.fact.value)} and ${String(theirs.fact.value)}`;
          found.push({ text, facts: [cite(mine.fact), cite(theirs.fact)] });
        }
        if (by !== 'address.announced-mac' && by !== 'network.chassis-id') found.push(...this.#differentChassis(a, b));
      }
    }
    return found;
  }

  #state(node: Node, identifier: Identifier, fact: HeldFact): void {
    const value = comparable(identifier.kind, fact.value);
    const key = `${identifier.kind} ${value}`;
    const stated = getOrMake(this.#stated, node, () => new Map<string, Stated>());
    if (stated.has(key)) return;
    stated.set(key, { identifier, value, fact });
    append(this.#holders, key, node);
  }

  #noteIdentity(node: Node, fact: HeldFact): void {
    const identity = getOrMake(this.#identities, node, () => new Map<string, Identity>());
    const key = `${fact.kind} ${fact.protocol}`;
    let entry = identity.get(key);
    if (!entry) {
      const lasting = CONTRADICTING_KINDS.get(fact.kind)?.lasting ?? true;
      entry = { kind: fact.kind, lasting, fact, span: { first: fact.first, last: fact.last }, values: new Set() };
      identity.set(key, entry);
    }
    widen(entry.span, fact.first, fact.last);
    entry.values.add(NAMES.has(fact.kind) ? bareHostname(fact.value) : normalise(fact.value));
  }

  /** Whether two nodes agree in vendor or model, by what they state or by the block of their MAC addresses. */
  #sameMake(a: Node, b: Node): boolean {
    const [macA, macB] = [a.mac, b.mac];
    if (macA?.kind === 'global' && macB?.kind === 'global' && macA.mac.slice(0, 8) === macB.mac.slice(0, 8))
      return true;
    for (const [key, { kind, values }] of this.#identities.get(a) ?? []) {
      const theirs = MAKE.has(kind) ? this.#identities.get(b)?.get(key)?.values : undefined;
      if (theirs && [...values].some((value) => theirs.has(value))) return true;
    }
    return false;
  }

  #strengthOf({ kind, strength, alone }: Identifier, a: Node, b: Node, facts: readonly HeldFact[]): number {
    if (facts.some(({ value }) => isCopied(kind, value))) return COPIED_STRENGTH;
    if (alone === undefined || this.#sameMake(a, b)) return strength;
    // An adapter speaks below IP for itself, and who has no MAC address of its own here may name the one it has elsewhere.
    const plain = kind === 'address.announced-mac' && (!a.mac || !b.mac || facts.some(isBelowIp));
    return plain ? strength : alone;
  }

  #differentChassis(a: Node, b: Node): Reason[] {
    const [mine, theirs] = [this.#chassisOf(a), this.#chassisOf(b)];
    if (!mine[0] || !theirs[0] || mine.some(({ value }) => theirs.some((other) => other.value === value))) return [];
    const text = `they name different chassis: ${mine[0].value} and ${theirs[0].value}`;
    return [{ text, facts: [cite(mine[0].fact), cite(theirs[0].fact)] }];
  }
  #chassisOf(node: Node): Stated[] {
    return [...(this.#stated.get(node)?.values() ?? [])].filter(
      ({ identifier, fact }) => identifier.group === 'chassis' && fact.protocol === 'lldp',
    );
  }
}

/** Told of a MAC address alone: in LLDP, CDP, PROFINET DCP, not in a message that anybody could send over IP. */
export const isBelowIp = ({ subject }: HeldFact): boolean => subject.startsWith('@');
/** Addresses that are valid on one link only belong to whoever sends from them, whatever others say. */
const isIdentifying = ({ kind, value }: HeldFact): boolean =>
  kind !== 'address.announced-ip' || ['private', 'public'].includes(ipKind(String(value)));

export const cite = (fact: HeldFact): Reason['facts'][number] => ({
  subject: fact.subject,
  kind: fact.kind,
  value: String(fact.value),
});

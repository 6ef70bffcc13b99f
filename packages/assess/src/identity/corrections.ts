// What a person said about which addresses are one device. It wins over every identifier; about the same two addresses
// the later word wins over the earlier one.
import { parseSubjectKey, type Reason, type Subject, subjectKey } from '@interlock/model';
import type { HeldFact, Pair } from './evidence.ts';
import type { Node, Nodes } from './nodes.ts';

interface Correction {
  readonly same: boolean;
  readonly subject: Subject;
  readonly other: Subject;
  readonly reason: Reason;
}

export class Corrections {
  readonly #all: readonly Correction[];
  #apart: { readonly as: readonly Node[]; readonly bs: readonly Node[]; readonly reason: Reason }[] = [];

  /** In: facts of the kinds `identity.same-device` and `identity.different-device`. */
  constructor(facts: readonly HeldFact[]) {
    const latest = new Map<string, HeldFact>();
    for (const fact of facts) {
      const other = otherOf(fact);
      if (other === undefined) continue;
      const key = [fact.subject, subjectKey(other)].sort().join(' ');
      const known = latest.get(key);
      if (!known || fact.last >= known.last) latest.set(key, fact);
    }
    this.#all = [...latest.values()].map((fact) => {
      const other = otherOf(fact) ?? {};
      const same = fact.kind === 'identity.same-device';
      const text = `${fact.source}: ${fact.subject} and ${subjectKey(other)} are ${same ? 'one device' : 'two devices'}`;
      const facts = [{ subject: fact.subject, kind: fact.kind, value: subjectKey(other) }];
      return { same, subject: parseSubjectKey(fact.subject), other, reason: { text, facts } };
    });
  }

  /** The reason to take an IP address off a MAC address, where a person said that they are two devices. */
  keptApartPair(pair: Pair): Reason | undefined {
    for (const { same, subject, other, reason } of this.#all)
      if (!same && takesApart(subject, other, pair)) return reason;
    return undefined;
  }

  /** Nodes that a person said are one device. Also notes which ones are not, for `keptApart`. */
  joins(nodes: Nodes): { readonly a: Node; readonly b: Node; readonly reason: Reason }[] {
    const joins: { a: Node; b: Node; reason: Reason }[] = [];
    this.#apart = [];
    for (const { same, subject, other, reason } of this.#all) {
      const [as, bs] = [nodes.nodesOf(subject), nodes.nodesOf(other)];
      const [a, b] = [as[0], bs[0]];
      if (!a || !b) continue;
      if (same) joins.push({ a, b, reason });
      else this.#apart.push({ as, bs, reason });
    }
    return joins;
  }

  /** The reason not to join two groups of nodes. */
  keptApart(as: readonly Node[], bs: readonly Node[]): Reason | undefined {
    for (const apart of this.#apart) {
      const meets = (x: readonly Node[], y: readonly Node[]) => x.some((node) => y.includes(node));
      if ((meets(as, apart.as) && meets(bs, apart.bs)) || (meets(as, apart.bs) && meets(bs, apart.as)))
        return apart.reason;
    }
    return undefined;
  }
}

const otherOf = ({ value }: HeldFact): Subject | undefined => {
  const other = typeof value === 'object' && value !== null && 'other' in value ? value.other : undefined;
  return typeof other === 'string' && other !== '' ? parseSubjectKey(other) : undefined;
};

/** Of two IP addresses on one MAC address, the one named second is taken off; of an IP and a MAC address, the IP address. */
function takesApart(subject: Subject, other: Subject, { ip, mac }: Pair): boolean {
  if (subject.ip !== undefined && subject.ip === other.ip) return false;
  if (other.ip === undefined) return subject.mac === undefined && subject.ip === ip.ip && other.mac === mac.mac;
  if (other.ip !== ip.ip || (other.mac !== undefined && other.mac !== mac.mac)) return false;
  return (
    subject.mac === mac.mac || (subject.mac === undefined && subject.ip !== undefined && mac.pairs.has(subject.ip))
  );
}

// Answers "why are these two addresses one device?" and "why not?" from what was decided and what was refused.
import { parseSubjectKey, type Reason } from '@interlock/model';
import type { Evidence } from './evidence.ts';
import { PROOF } from './identifiers.ts';
import { type Joiner, type Link, strengthOf } from './join.ts';
import { append } from './maps.ts';
import type { Node, Nodes } from './nodes.ts';
import type { Placement } from './placement.ts';
import type { Statements } from './statements.ts';
import { usableSubject } from './traffic.ts';

export interface Explanation {
  readonly same: boolean;
  /** In the order of the argument, at least one. */
  readonly reasons: readonly Reason[];
}
interface Decided {
  readonly evidence: Evidence;
  readonly placement: Placement;
  readonly nodes: Nodes;
  readonly statements: Statements;
  readonly joiner: Joiner;
}

const because = (text: string): Reason => ({ text, facts: [] });

/** In: what was decided; two subject keys such as `10.0.0.1`, `@00:1b:1b:23:eb:3b` or both together. */
export function explainPair(decided: Decided, a: string, b: string): Explanation {
  const { nodes, joiner } = decided;
  const [as, bs] = [nodes.nodesOf(usableSubject(a)), nodes.nodesOf(usableSubject(b))];
  for (const [key, found] of [
    [a, as],
    [b, bs],
  ] as const) {
    if (found.length === 0)
      return {
        same: false,
        reasons: [...placesOf(decided, key), because(`${key} is no device: nothing was sent from it`)],
      };
  }
  for (const x of as) {
    const y = bs.find((node) => joiner.rootOf(node) === joiner.rootOf(x));
    if (y) return { same: true, reasons: whySame(decided, a, b, x, y) };
  }
  return { same: false, reasons: whyNot(decided, a, b, as, bs) };
}

function whySame(decided: Decided, a: string, b: string, x: Node, y: Node): readonly Reason[] {
  const places = [...placesOf(decided, a), ...placesOf(decided, b)];
  const path = pathBetween(decided.joiner.joins, x, y);
  const reasons = [...places, ...path];
  return reasons.length > 0 ? reasons : [because(`${a} and ${b} are the same address`)];
}

function whyNot(decided: Decided, a: string, b: string, as: readonly Node[], bs: readonly Node[]): readonly Reason[] {
  const { joiner, statements } = decided;
  const roots = (nodes: readonly Node[]) => new Set(nodes.map((node) => joiner.rootOf(node)));
  const [rootsA, rootsB] = [roots(as), roots(bs)];
  const between = ({ a: x, b: y }: Link) =>
    (rootsA.has(joiner.rootOf(x)) && rootsB.has(joiner.rootOf(y))) ||
    (rootsA.has(joiner.rootOf(y)) && rootsB.has(joiner.rootOf(x)));
  const reasons = [
    ...placesOf(decided, a),
    ...placesOf(decided, b),
    ...joiner.refusals.filter(between).map(({ reason }) => reason),
  ];
  const [x, y] = [as[0], bs[0]];
  if (x && y) {
    const agreements = statements.agreements(x, y);
    const strength = strengthOf(agreements);
    if (agreements.length > 0 && strength < PROOF) {
      reasons.push(...agreements.map(({ reason }) => reason));
      reasons.push(because(`that makes ${strength} where ${PROOF} proves one device`));
    }
    reasons.push(...statements.contradictions(joiner.membersOf(x), joiner.membersOf(y), undefined));
    if (agreements.length === 0) reasons.push(because('no identifier is stated by both'));
    if (x.mac && y.mac) reasons.push(because(`each has a MAC address of its own: ${x.mac.mac} and ${y.mac.mac}`));
  }
  return reasons;
}

/** Why the IP address in a subject key is or is not that of a MAC address. */
function placesOf({ evidence, placement }: Decided, key: string): Reason[] {
  const { ip, mac } = parseSubjectKey(key);
  const pairs = ip === undefined ? [] : (evidence.ips.get(ip)?.pairs ?? []);
  return pairs.flatMap((pair) => {
    const place = mac === undefined || pair.mac.mac === mac ? placement.places.get(pair) : undefined;
    return place ? [place.reason] : [];
  });
}

/** The joins that lead from one node to another, shortest way. */
function pathBetween(joins: readonly Link[], from: Node, to: Node): Reason[] {
  if (from === to) return [];
  const links = new Map<Node, Link[]>();
  for (const link of joins) {
    append(links, link.a, link);
    append(links, link.b, link);
  }
  const cameBy = new Map<Node, { readonly link: Link; readonly before: Node } | undefined>([[from, undefined]]);
  const queue = [from];
  for (let node = queue.shift(); node && !cameBy.has(to); node = queue.shift()) {
    for (const link of links.get(node) ?? []) {
      const next = link.a === node ? link.b : link.a;
      if (cameBy.has(next)) continue;
      cameBy.set(next, { link, before: node });
      queue.push(next);
    }
  }
  const path: Reason[] = [];
  for (let step = cameBy.get(to); step; step = cameBy.get(step.before)) path.unshift(step.link.reason);
  return path;
}

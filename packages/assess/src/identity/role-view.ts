// What the rules about roles look at: a device's facts by kind, what it serves and uses, what it asks of others.
import type { Conversation, FactKind, Operation, OperationKind, Reason, ServiceValue } from '@interlock/model';
import type { Draft } from './drafts.ts';
import type { HeldFact } from './evidence.ts';
import { append } from './maps.ts';
import type { PartDraft } from './parts.ts';
import { cite } from './statements.ts';

/** Protocols by which controllers and field devices are read and written, or their ports where no protocol is known. */
export const INDUSTRIAL_PROTOCOLS = [
  'modbus',
  's7comm',
  's7comm-plus',
  'enip',
  'cip',
  'bacnet',
  'dnp3',
  'iec104',
  'opcua',
  'fins',
  'mms',
  'tcp/20000',
  'tcp/2404',
];

export interface RoleView {
  readonly outside: boolean;
  readonly facts: ReadonlyMap<FactKind, readonly HeldFact[]>;
  /** Facts of the parts behind it, of all depths. */
  readonly partFacts: ReadonlyMap<FactKind, readonly HeldFact[]>;
  readonly parts: number;
  /** Protocols and `tcp/502` it offers, with a fact each. */
  readonly offers: ReadonlyMap<string, HeldFact>;
  /** Protocols (`tcp/20000` where none was recognised) it uses as a client, with how many devices. */
  readonly uses: ReadonlyMap<string, number>;
  /** Protocols others use of it, with how many devices. */
  readonly serves: ReadonlyMap<string, number>;
  /** Kinds of operation it asked others for, with the first one of each kind. */
  readonly asks: ReadonlyMap<OperationKind, Operation>;
}
interface GrowingView extends RoleView {
  readonly uses: Map<string, number>;
  readonly serves: Map<string, number>;
  readonly asks: Map<OperationKind, Operation>;
}

/** In: devices with their facts, and the traffic between them. Out: a view per device id. */
export function viewsForRoles(
  drafts: readonly Draft[],
  traffic: { readonly conversations: readonly Conversation[]; readonly operations: readonly Operation[] },
): ReadonlyMap<string, RoleView> {
  const views = new Map<string, GrowingView>(drafts.map((draft) => [draft.id, viewOf(draft)]));
  const counted = new Set<string>();
  for (const { from, to, protocol, transport, port } of traffic.conversations) {
    if (from === to) continue;
    const name = protocol ?? `${transport}/${port}`;
    const key = `${from} ${to} ${name}`;
    if (counted.has(key)) continue;
    counted.add(key);
    count(views.get(from)?.uses, name);
    count(views.get(to)?.serves, name);
  }
  for (const operation of traffic.operations) {
    const asks = views.get(operation.from)?.asks;
    if (asks && operation.from !== operation.to && !asks.has(operation.kind)) asks.set(operation.kind, operation);
  }
  return views;
}

/** The first fact of one of these kinds whose text matches, as a reason. */
export function textReason(
  facts: ReadonlyMap<FactKind, readonly HeldFact[]>,
  kinds: readonly FactKind[],
  pattern: RegExp,
  words: (value: string) => string,
): Reason | undefined {
  for (const kind of kinds) {
    const fact = facts.get(kind)?.find(({ value }) => typeof value === 'string' && pattern.test(value));
    if (fact) return { text: words(String(fact.value)), facts: [cite(fact)] };
  }
  return undefined;
}

function viewOf(draft: Draft): GrowingView {
  const facts = byKind(draft.facts);
  const partFacts: HeldFact[] = [];
  const parts = collectParts(draft.parts, partFacts);
  const offers = new Map<string, HeldFact>();
  for (const fact of facts.get('service.offered') ?? []) {
    const { transport, port, protocol } = fact.value as ServiceValue;
    for (const name of [protocol, `${transport}/${port}`]) if (name && !offers.has(name)) offers.set(name, fact);
  }
  return {
    outside: draft.outside,
    facts,
    partFacts: byKind(partFacts),
    parts,
    offers,
    uses: new Map(),
    serves: new Map(),
    asks: new Map(),
  };
}

function collectParts(parts: ReadonlyMap<string, PartDraft>, into: HeldFact[]): number {
  let number = 0;
  for (const part of parts.values()) {
    into.push(...part.facts);
    number += 1 + collectParts(part.children, into);
  }
  return number;
}

function byKind(facts: readonly HeldFact[]): Map<FactKind, HeldFact[]> {
  const kinds = new Map<FactKind, HeldFact[]>();
  for (const fact of facts) append(kinds, fact.kind, fact);
  return kinds;
}

const count = (counts: Map<string, number> | undefined, name: string): void => {
  counts?.set(name, (counts.get(name) ?? 0) + 1);
};

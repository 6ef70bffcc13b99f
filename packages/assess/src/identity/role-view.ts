// What the rules about roles look at: a device's facts by kind, what it serves and uses, what it asks of others.
import type { Conversation, FactKind, Operation, OperationKind, Reason, ServiceValue } from '@interlock/model';
import type { Draft } from './drafts.ts';
import type { HeldFact } from './evidence.ts';
import { addAll, append, getOrMake } from './maps.ts';
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
  'fox',
  'dnp3',
  'iec104',
  'opcua',
  'fins',
  'mms',
  'c37118',
  'knx-ip',
  'lonworks-ip',
  'c1222',
  'dlms',
  'tcp/20000',
  'tcp/2404',
];

/** What a device does in the traffic. Protocols are `tcp/20000` where none was recognised. */
export interface Usage {
  /** Protocols it uses as a client, with how many devices. */
  readonly uses: ReadonlyMap<string, number>;
  /** Protocols others use of it, with how many devices. */
  readonly serves: ReadonlyMap<string, number>;
  /** Kinds of operation it asked others for, with the first one of each kind. */
  readonly asks: ReadonlyMap<OperationKind, Operation>;
}
export interface RoleView extends Usage {
  readonly outside: boolean;
  readonly facts: ReadonlyMap<FactKind, readonly HeldFact[]>;
  /** Facts of the parts behind it, of all depths. */
  readonly partFacts: ReadonlyMap<FactKind, readonly HeldFact[]>;
  readonly parts: number;
  /** Protocols and `tcp/502` it offers, with a fact each. */
  readonly offers: ReadonlyMap<string, HeldFact>;
}

interface GrowingUsage extends Usage {
  readonly uses: Map<string, number>;
  readonly serves: Map<string, number>;
  readonly asks: Map<OperationKind, Operation>;
}

/** In: the traffic between devices. Out: what each does in it, by device id; those that do nothing are not in it. */
export function usageByDevice(traffic: {
  readonly conversations: readonly Conversation[];
  readonly operations: readonly Operation[];
}): ReadonlyMap<string, Usage> {
  const usages = new Map<string, GrowingUsage>();
  const usageOf = (id: string) =>
    getOrMake(usages, id, () => ({ uses: new Map(), serves: new Map(), asks: new Map() }));
  const counted = new Set<string>();
  for (const { from, to, protocol, transport, port } of traffic.conversations) {
    if (from === to) continue;
    const name = protocol ?? `${transport}/${port}`;
    const key = `${from} ${to} ${name}`;
    if (counted.has(key)) continue;
    counted.add(key);
    count(usageOf(from).uses, name);
    count(usageOf(to).serves, name);
  }
  for (const operation of traffic.operations) {
    if (operation.from === operation.to) continue;
    const { asks } = usageOf(operation.from);
    if (!asks.has(operation.kind)) asks.set(operation.kind, operation);
  }
  return usages;
}

/** In: a device with its facts, and what it does in the traffic. Out: what the rules about roles look at. */
export function viewOf(draft: Draft, usage: Usage | undefined): RoleView {
  const facts = byKind(draft.facts);
  const partFacts: HeldFact[] = [];
  const parts = collectParts(draft.parts, partFacts);
  const offers = new Map<string, HeldFact>();
  for (const fact of facts.get('service.offered') ?? []) {
    const { transport, port, protocol } = fact.value as ServiceValue;
    for (const name of [protocol, `${transport}/${port}`]) if (name && !offers.has(name)) offers.set(name, fact);
  }
  return { outside: draft.outside, facts, partFacts: byKind(partFacts), parts, offers, ...(usage ?? NO_USAGE) };
}
const NO_USAGE: Usage = { uses: new Map(), serves: new Map(), asks: new Map() };

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

function collectParts(parts: ReadonlyMap<string, PartDraft>, into: HeldFact[]): number {
  let number = 0;
  for (const part of parts.values()) {
    addAll(into, part.facts);
    number += 1 + collectParts(part.children, into);
  }
  return number;
}

function byKind(facts: readonly HeldFact[]): Map<FactKind, HeldFact[]> {
  const kinds = new Map<FactKind, HeldFact[]>();
  for (const fact of facts) append(kinds, fact.kind, fact);
  return kinds;
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

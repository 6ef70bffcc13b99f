// Facts of a device as they are shown: grouped by kind and value, each value with everything that says it.
import { FACT_KINDS, FACTS, type FactKind, isFactKind, type SaidBy } from '@interlock/model';
import type { FactGroupShown, FactValueShown } from '@interlock/model/api';
import { sql } from 'kysely';
import type { StoreDatabase } from './database.ts';
import { PENDING, readFrames, readValue } from './observations.ts';
import { factText, factTitle } from './texts.ts';

/** Facts read for one page of a device; a server that answers for a network has thousands of names and clients. */
const MAX_FACTS_READ = 20_000;
/** Values of one kind, and sources of one value, shown with the device; the rest comes in pages. */
const VALUES_SHOWN = 50;
const SOURCES_SHOWN = 20;

/** One fact with all origins it was met in. */
export interface FactRow {
  readonly part: string;
  readonly key: string;
  readonly kind: FactKind;
  readonly value: unknown;
  readonly subject: string;
  readonly said: SaidBy;
  readonly protocol: string;
  readonly source: string;
  readonly captures: string[];
  readonly frames: readonly number[];
  first: number;
  last: number;
  count: number;
}

/** Facts of a device and of the parts behind it, in the order in which they were first met. */
export async function readDeviceFacts(db: StoreDatabase, device: number, kind?: FactKind): Promise<FactRow[]> {
  const rows = await db.read
    .selectFrom('device_fact as d')
    .innerJoin('fact as f', 'f.id', 'd.fact')
    .innerJoin('sighting as s', 's.fact', 'f.id')
    .innerJoin('origin as o', 'o.id', 's.origin')
    .select(['d.part', 'f.id', 'f.key', 'f.kind', 'f.subject', 'f.value', 'f.said', 'f.protocol', 'f.source'])
    .select(['s.first_time', 's.last_time', 's.count', 's.frames', 'o.kind as origin', 'o.name as capture'])
    .select(['s.packets_sent', 's.packets_received', 's.bytes_sent', 's.bytes_received'])
    .where('d.device', '=', device)
    .where('o.kind', '<>', PENDING)
    .$if(kind !== undefined, (query) => query.where('f.kind', '=', kind ?? ''))
    .orderBy('f.id')
    .orderBy('d.part')
    .orderBy('o.id')
    .limit(MAX_FACTS_READ)
    .execute();
  const facts = new Map<string, FactRow>();
  for (const row of rows) {
    if (!isFactKind(row.kind)) continue;
    const first = row.first_time ?? 0;
    const last = row.last_time ?? 0;
    const key = `${row.part} ${row.id}`;
    const known = facts.get(key);
    if (known) {
      if (first > 0 && (known.first === 0 || first < known.first)) known.first = first;
      known.last = Math.max(known.last, last);
      known.count += row.count;
      if (row.origin === 'capture') known.captures.push(row.capture);
      continue;
    }
    facts.set(key, {
      part: row.part,
      key: row.key,
      kind: row.kind,
      value: readValue(row.kind, row),
      subject: row.subject,
      said: row.said as SaidBy,
      protocol: row.protocol,
      source: row.source,
      captures: row.origin === 'capture' ? [row.capture] : [],
      frames: readFrames(row.frames),
      first,
      last,
      count: row.count,
    });
  }
  return [...facts.values()];
}

/** In: facts, and the texts that stand in the summary. Out: them by kind and value, kinds in the order of the vocabulary. */
export function groupFacts(facts: readonly FactRow[], summary: readonly string[]): FactGroupShown[] {
  const byKind = new Map<FactKind, FactRow[]>();
  for (const fact of facts) {
    const known = byKind.get(fact.kind);
    if (known) known.push(fact);
    else byKind.set(fact.kind, [fact]);
  }
  const kinds = [...byKind.keys()].sort((a, b) => KIND_ORDER.indexOf(a) - KIND_ORDER.indexOf(b));
  return kinds.map((kind) => {
    const values = groupValues(byKind.get(kind) ?? [], summary);
    return {
      kind,
      title: factTitle(kind),
      group: FACTS[kind].group,
      values: values.slice(0, VALUES_SHOWN),
      valueCount: values.length,
    };
  });
}
const KIND_ORDER = FACT_KINDS;

/** Values of one kind; those in the summary first, then the most often met. */
export function groupValues(facts: readonly FactRow[], summary: readonly string[]): FactValueShown[] {
  const byValue = new Map<string, FactRow[]>();
  for (const fact of facts) {
    const key = JSON.stringify(fact.value);
    const known = byValue.get(key);
    if (known) known.push(fact);
    else byValue.set(key, [fact]);
  }
  const values = [...byValue.values()].map((same): FactValueShown & { readonly met: number } => {
    const [{ kind, value }] = same as [FactRow, ...FactRow[]];
    return {
      value,
      text: factText(kind, value),
      shown: FACTS[kind].group === 'identity' && summary.includes(String(value)),
      sources: same.slice(0, SOURCES_SHOWN).map(({ key, part: _, kind: __, value: ___, ...source }) => ({
        fact: key,
        ...source,
        frames: [...source.frames],
      })),
      sourceCount: same.length,
      met: same.reduce((sum, fact) => sum + fact.count, 0),
    };
  });
  values.sort((a, b) => Number(b.shown) - Number(a.shown) || b.met - a.met || (a.text < b.text ? -1 : 1));
  return values.map(({ met: _, ...value }) => value);
}

/** Keys of facts by their numbers. */
export async function keysOf(db: StoreDatabase, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<{ id: number; key: string }>`select id, key from fact
    where id in (${sql.join([...new Set(numbers)])})`.execute(db.read);
  return new Map(rows.map(({ id, key }) => [id, key]));
}

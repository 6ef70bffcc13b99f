// Observations in the store: facts, and where each was met. A stretch of a capture is stored in one transaction and once;
// removing what facts rest on removes those that rest on nothing else.
import {
  type ConversationValue,
  type FactKind,
  isFactKind,
  MAX_FRAMES_KEPT,
  type Observation,
  type ObservationBatch,
  type Provenance,
  parseSubjectKey,
  type SaidBy,
  subjectKey,
} from '@interlock/model';
import { type Kysely, sql } from 'kysely';
import { greater, inTransaction, lesser, type StoreDatabase, storeRows } from './database.ts';
import { type FactContent, factKey, storable, storedValue } from './fact-key.ts';
import type { Schema } from './schema.ts';

/** An observation as it is read back; `id` is the number of its fact. */
export type StoredObservation = Observation & { readonly id: string };

/** Observations per statement: a few megabytes of parameters at most. */
const ROWS_PER_STATEMENT = 5_000;
/** Sightings read at a time. */
const ROWS_READ = 20_000;
/** Kind of the origin of a document that is not read to its end: nothing rests on it yet. */
export const PENDING = 'pending';
/** Counts how often observations changed; the inventory remembers up to which change it was computed. */
export const CHANGES = 'changes';

/** That a fact was met in one origin, ready to be stored. */
export interface Sighting {
  readonly content: FactContent;
  readonly key: string;
  first: number | null;
  last: number | null;
  count: number;
  frames: number[];
  packetsSent: number | null;
  packetsReceived: number | null;
  bytesSent: number | null;
  bytesReceived: number | null;
  /** Place in a document. */
  path: string | null;
}

export function observationStore(db: StoreDatabase) {
  return {
    /**
     * Stores one stretch of a capture. In: the capture and the batch.
     * Out: false where this stretch is stored already, or the capture is not in the store any more; nothing changed then.
     */
    async addStretch(capture: string, batch: ObservationBatch): Promise<boolean> {
      return inTransaction(db, async (tx) => {
        if (!(await addBatch(db, tx, capture, batch))) return false;
        await countChange(tx);
        return true;
      });
    },

    /** Numbers of the stretches of a capture that are stored. */
    async stretchesOf(capture: string): Promise<ReadonlySet<number>> {
      const rows = await db.read.selectFrom('stretch').select('stretch').where('capture', '=', capture).execute();
      return new Set(rows.map((row) => row.stretch));
    },

    /** Stores what a person, a document or a rule says, under a name that is not taken. */
    async addStatements(
      origin: { readonly name: string; readonly provenance: Exclude<Provenance, { from: 'capture' }> },
      made: number,
      observations: readonly Observation[],
    ): Promise<void> {
      const { from, ...detail } = origin.provenance;
      await inTransaction(db, async (tx) => {
        const number = await originOf(tx, { kind: from, name: origin.name, detail: JSON.stringify(detail), made });
        await storeSightings(db, tx, number, toSightings(observations));
        await countChange(tx);
      });
    },

    /** Forgets what was stored of a capture, a person, a document or a rule. Out: how many observations went. */
    removeOrigin: (name: string): Promise<number> =>
      inTransaction(db, async (tx) => {
        const gone = await removeOrigin(tx, name);
        await countChange(tx);
        return gone;
      }),

    /** Every observation, in pages, each told with the one origin it was met in. What was concluded is left out. */
    async *all(): AsyncGenerator<readonly StoredObservation[]> {
      const known = await db.read.selectFrom('origin').selectAll().where('kind', 'not in', ['rule', PENDING]).execute();
      const origins = new Map(known.map((row) => [row.id, row]));
      let fact = -1;
      let origin = -1;
      for (;;) {
        const rows = await db.read
          .selectFrom('sighting as s')
          .innerJoin('fact as f', 'f.id', 's.fact')
          .select(['f.kind', 'f.subject', 'f.value', 'f.said', 'f.protocol', 'f.source'])
          .selectAll('s')
          .where((where) =>
            where.or([
              where('s.fact', '>', fact),
              where.and([where('s.fact', '=', fact), where('s.origin', '>', origin)]),
            ]),
          )
          .orderBy('s.fact')
          .orderBy('s.origin')
          .limit(ROWS_READ)
          .execute();
        const page: StoredObservation[] = [];
        for (const row of rows) {
          const from = origins.get(row.origin);
          if (from && isFactKind(row.kind)) page.push(toObservation(row, row.kind, from));
        }
        if (page.length > 0) yield page;
        const last = rows.at(-1);
        if (!last || rows.length < ROWS_READ) return;
        fact = last.fact;
        origin = last.origin;
      }
    },

    /** How often observations changed so far. */
    async changes(): Promise<number> {
      const row = await db.read.selectFrom('setting').select('value').where('key', '=', CHANGES).executeTakeFirst();
      return row?.value ?? 0;
    },
  };
}
export type ObservationStore = ReturnType<typeof observationStore>;

/** In a transaction: stores one stretch of a capture. Out: as `addStretch`. */
export async function addBatch(
  db: StoreDatabase,
  tx: Kysely<Schema>,
  capture: string,
  batch: ObservationBatch,
): Promise<boolean> {
  const { rows } = await sql`insert into stretch (capture, stretch)
    select id, ${sql.lit(batch.stretch)} from capture where id = ${capture}
    on conflict do nothing returning stretch`.execute(tx);
  if (rows.length === 0) return false;
  const origin = await originOf(tx, { kind: 'capture', name: capture, detail: '{}', made: 0 });
  await storeSightings(db, tx, origin, toSightings(batch.observations));
  return true;
}

/** In a transaction: stores facts and that they were met in this origin; what was met there before is added up. */
export async function storeSightings(
  db: StoreDatabase,
  tx: Kysely<Schema>,
  origin: number,
  sightings: readonly Sighting[],
): Promise<void> {
  const { engine } = db;
  const old = (column: string) => sql.ref(`sighting.${column}`);
  const added = (column: string) => sql.ref(`excluded.${column}`);
  const sum = (column: string) => sql`${old(column)} + ${added(column)}`;
  for (let at = 0; at < sightings.length; at += ROWS_PER_STATEMENT) {
    const some = sightings.slice(at, at + ROWS_PER_STATEMENT);
    await storeRows(
      db,
      tx,
      some.map(({ key, content: c }) => [key, c.kind, c.subject, c.value, c.said, c.protocol, c.source]),
      ['text', 'text', 'text', 'text', 'text', 'text', 'text'],
      ({ columns, from }) => sql`insert into fact (key, kind, subject, value, said, protocol, source)
        select ${sql.join(columns)} from ${from} where true on conflict (key) do nothing`,
    );
    await storeRows(
      db,
      tx,
      some.map((s) => [
        s.key,
        s.first,
        s.last,
        s.count,
        s.frames.join(','),
        s.packetsSent,
        s.packetsReceived,
        s.bytesSent,
        s.bytesReceived,
        s.path,
      ]),
      ['text', 'real', 'real', 'integer', 'text', 'integer', 'integer', 'integer', 'integer', 'text'],
      ({ columns: [key, ...columns], from }) => sql`insert into sighting (fact, origin, first_time, last_time, count,
          frames, packets_sent, packets_received, bytes_sent, bytes_received, path)
        select f.id, ${sql.lit(origin)}, ${sql.join(columns)} from ${from} join fact f on f.key = ${key} where true
        on conflict (fact, origin) do update set
          first_time = ${lesser(engine, old('first_time'), added('first_time'))},
          last_time = ${greater(engine, old('last_time'), added('last_time'))},
          count = ${sum('count')},
          frames = ${mergedFrames(old('frames'), added('frames'))},
          packets_sent = ${sum('packets_sent')}, packets_received = ${sum('packets_received')},
          bytes_sent = ${sum('bytes_sent')}, bytes_received = ${sum('bytes_received')},
          path = coalesce(${old('path')}, ${added('path')})`,
    );
  }
}

/** Stretches come in order, so later frames follow; a list that is full stays as it is. */
const mergedFrames = (old: ReturnType<typeof sql.ref>, added: ReturnType<typeof sql.ref>) => sql`case
  when ${old} = '' then ${added}
  when ${added} = '' or length(${old}) - length(replace(${old}, ',', '')) >= ${sql.lit(MAX_FRAMES_KEPT - 1)} then ${old}
  else ${old} || ',' || ${added} end`;

/** In: frames as stored. Out: the first MAX_FRAMES_KEPT. */
export const readFrames = (frames: string): number[] =>
  frames === '' ? [] : frames.split(',', MAX_FRAMES_KEPT).map(Number);

/** Marks that observations changed, so that the inventory is computed again, also after a restart. */
export async function countChange(tx: Kysely<Schema>): Promise<void> {
  await sql`insert into setting (key, value) values (${CHANGES}, 1)
    on conflict (key) do update set value = setting.value + 1`.execute(tx);
}

/** In a transaction: the number of an origin, which is made where it is new. */
export async function originOf(
  tx: Kysely<Schema>,
  origin: { readonly kind: string; readonly name: string; readonly detail: string; readonly made: number },
): Promise<number> {
  const known = await tx.selectFrom('origin').select('id').where('name', '=', origin.name).executeTakeFirst();
  if (known) return known.id;
  return (await tx.insertInto('origin').values(origin).returning('id').executeTakeFirstOrThrow()).id;
}

/** In a transaction: what rests on an origin, and the facts that rest on nothing else. Out: how many observations went. */
export async function removeOrigin(tx: Kysely<Schema>, name: string): Promise<number> {
  await tx.deleteFrom('stretch').where('capture', '=', name).execute();
  const origin = await tx.selectFrom('origin').select('id').where('name', '=', name).executeTakeFirst();
  if (!origin) return 0;
  await sql`delete from fact where id in (
    select s.fact from sighting s where s.origin = ${origin.id}
      and not exists (select 1 from sighting o where o.fact = s.fact and o.origin <> ${origin.id}))`.execute(tx);
  const gone = await tx.deleteFrom('sighting').where('origin', '=', origin.id).executeTakeFirst();
  await tx.deleteFrom('origin').where('id', '=', origin.id).execute();
  return Number(gone.numDeletedRows);
}

/** A time that is not known is 0 in captures without times. */
const knownTime = (time: number): number | null => (Number.isFinite(time) && time > 0 ? time : null);

/** Observations as rows, equal ones as one. */
export function toSightings(observations: readonly Observation[]): Sighting[] {
  const byKey = new Map<string, Sighting>();
  for (const observation of observations) {
    const { provenance } = observation;
    const seen = provenance.from === 'capture';
    const listed = provenance.from === 'document';
    const content: FactContent = {
      kind: observation.kind,
      subject: storable(subjectKey(observation.subject)),
      value: storedValue(observation),
      said: observation.said,
      protocol: seen ? storable(provenance.protocol) : listed ? provenance.importer : provenance.from,
      source: seen ? storable(provenance.source) : listed ? storable(provenance.field) : '',
    };
    const key = factKey(content);
    const amounts = observation.kind === 'conversation' ? (observation.value as ConversationValue) : undefined;
    const fresh: Sighting = {
      content,
      key,
      first: knownTime(observation.first),
      last: knownTime(observation.last),
      count: observation.count,
      frames: seen ? provenance.frames.slice(0, MAX_FRAMES_KEPT) : [],
      packetsSent: amounts?.packetsSent ?? null,
      packetsReceived: amounts?.packetsReceived ?? null,
      bytesSent: amounts?.bytesSent ?? null,
      bytesReceived: amounts?.bytesReceived ?? null,
      path: listed ? storable(provenance.path) : null,
    };
    const known = byKey.get(key);
    if (known) merge(known, fresh);
    else byKey.set(key, fresh);
  }
  return [...byKey.values()];
}

function merge(into: Sighting, more: Sighting): void {
  into.first = into.first === null ? more.first : Math.min(into.first, more.first ?? into.first);
  into.last = into.last === null ? more.last : Math.max(into.last, more.last ?? into.last);
  into.count += more.count;
  into.frames = [...new Set([...into.frames, ...more.frames])].sort((a, b) => a - b).slice(0, MAX_FRAMES_KEPT);
  for (const amount of ['packetsSent', 'packetsReceived', 'bytesSent', 'bytesReceived'] as const) {
    const added = more[amount];
    if (added !== null) into[amount] = (into[amount] ?? 0) + added;
  }
}

interface SightingRow {
  readonly fact: number;
  readonly subject: string;
  readonly value: string;
  readonly said: string;
  readonly protocol: string;
  readonly source: string;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly count: number;
  readonly frames: string;
  readonly packets_sent: number | null;
  readonly packets_received: number | null;
  readonly bytes_sent: number | null;
  readonly bytes_received: number | null;
  readonly path: string | null;
}

function toObservation(
  row: SightingRow,
  kind: FactKind,
  origin: { readonly kind: string; readonly name: string; readonly detail: string },
): StoredObservation {
  const value = readValue(kind, row);
  const provenance =
    origin.kind === 'capture'
      ? {
          from: 'capture',
          capture: origin.name,
          protocol: row.protocol,
          source: row.source,
          frames: readFrames(row.frames),
        }
      : {
          from: origin.kind,
          ...(JSON.parse(origin.detail) as object),
          ...(origin.kind === 'document' ? { importer: row.protocol, field: row.source, path: row.path ?? '' } : {}),
        };
  return {
    id: String(row.fact),
    kind,
    subject: parseSubjectKey(row.subject),
    value,
    said: row.said as SaidBy,
    first: row.first_time ?? 0,
    last: row.last_time ?? 0,
    count: row.count,
    provenance,
  } as unknown as StoredObservation;
}

/** The value of a fact; of conversations with the counters of one or several sightings. */
export function readValue(
  kind: string,
  row: Pick<SightingRow, 'value' | 'packets_sent' | 'packets_received' | 'bytes_sent' | 'bytes_received'>,
): unknown {
  const value: unknown = JSON.parse(row.value);
  if (kind !== 'conversation') return value;
  return {
    ...(value as object),
    packetsSent: row.packets_sent ?? 0,
    packetsReceived: row.packets_received ?? 0,
    bytesSent: row.bytes_sent ?? 0,
    bytesReceived: row.bytes_received ?? 0,
  };
}

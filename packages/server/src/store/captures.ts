// Captures in the store: what was uploaded, how far its analysis is, and what it contained.
import { FACTS, isFactKind } from '@interlock/model';
import type { CaptureDetail, CaptureRow, CaptureState, ParsedQueryOf, TroubleShown } from '@interlock/model/api';
import { type Selectable, sql } from 'kysely';
import { problem } from '../api-problem.ts';
import { type PageRequest, Paging, type SortKey } from './cursor.ts';
import { holds, inTransaction, type StoreDatabase } from './database.ts';
import { countChange, readFrames, removeOrigin } from './observations.ts';
import type { CaptureTable } from './schema.ts';

/** What the analysis of a capture found, besides observations. */
export interface CaptureContents {
  readonly unpacked: number;
  readonly frames: number;
  readonly problem?: string;
  /** It could not be read at all. */
  readonly failed: boolean;
}
export interface NewCapture {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly added: number;
  readonly demo: boolean;
  readonly format: string;
  readonly linkTypes: readonly string[];
  readonly unpacked: number;
  readonly frames: number;
}

/** Kinds that tell of trouble, the gravest first. */
const TROUBLE_KINDS = [
  'capture.damaged',
  'capture.gap',
  'traffic.limit',
  'traffic.malformed',
  'traffic.not-understood',
] as const;
/** Subjects named with each trouble; the number of all is told beside. */
const SUBJECTS_SHOWN = 5;
/** Troubles shown with the capture itself; the others come in pages. */
const TROUBLES_SHOWN = 20;

export function captureStore(db: StoreDatabase) {
  return {
    /** Out: false where the capture is there already; then nothing changed. */
    async add(capture: NewCapture): Promise<boolean> {
      const { linkTypes, ...given } = capture;
      const fresh: CaptureTable = {
        ...given,
        kind: 'file',
        demo: capture.demo ? 1 : 0,
        state: 'waiting' satisfies CaptureState,
        problem: null,
        first_time: null,
        last_time: null,
        link_types: JSON.stringify(linkTypes),
        engine: null,
        observations: 0,
        troubles: 0,
      };
      const added = await db.write
        .insertInto('capture')
        .values(fresh)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      return added.length > 0;
    },

    async get(id: string): Promise<CaptureRow | undefined> {
      const row = await db.read.selectFrom('capture').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toRow(row);
    },

    async list(query: ParsedQueryOf<'listCaptures'>) {
      const matching = () => {
        const from = db.read.selectFrom('capture');
        const { search } = query;
        return search ? from.where(holds(db.engine, sql`lower(name)`, asciiLower(search))) : from;
      };
      const { sort, order, search } = query;
      const paging = new Paging(
        [
          { by: SORT_BY[sort], descending: order === 'descending' },
          { by: sql.ref('id'), descending: false },
        ],
        ['captures', sort, order, search],
        query,
      );
      const [rows, all] = await Promise.all([
        matching()
          .selectAll()
          .select(paging.selections)
          .where(paging.where)
          .orderBy(paging.orderBy)
          .limit(paging.fetch)
          .execute(),
        matching().select(countAll).executeTakeFirst(),
      ]);
      const page = paging.finish(rows);
      return { items: page.rows.map(toRow), total: all?.n ?? 0, ...(page.next ? { next: page.next } : {}) };
    },

    /** Captures whose analysis has not come to its end, in the order in which they came. */
    async unfinished(): Promise<{ readonly id: string; readonly frames: number }[]> {
      return db.read
        .selectFrom('capture')
        .select(['id', 'frames'])
        .where('state', 'in', ['waiting', 'analysing'])
        .orderBy('added')
        .orderBy('id')
        .execute();
    },
    async all(): Promise<{ readonly id: string; readonly name: string; readonly demo: boolean }[]> {
      const rows = await db.read.selectFrom('capture').select(['id', 'name', 'demo']).orderBy('added').execute();
      return rows.map((row) => ({ ...row, demo: row.demo === 1 }));
    },

    /**
     * Marks the analysis as begun. Stretches that another version of the engine stored are removed first: they would
     * not fit the ones to come. Out: false where the capture is not there any more.
     */
    begin: (id: string, engine: string): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('capture').select('engine').where('id', '=', id).executeTakeFirst();
        if (!row) return false;
        if (row.engine !== null && row.engine !== engine) {
          await removeOrigin(tx, id);
          await countChange(tx);
        }
        await tx.updateTable('capture').set({ state: 'analysing', engine }).where('id', '=', id).execute();
        return true;
      }),

    /** Marks the analysis as come to its end, with what was found and what can be counted. */
    finish: (id: string, contents: CaptureContents): Promise<void> =>
      inTransaction(db, async (tx) => {
        const counted = await sql<{ n: number; first: number | null; last: number | null; troubles: number | null }>`
          select count(*) as n, min(s.first_time) as first, max(s.last_time) as last,
            sum(case when f.kind in (${sql.join(TROUBLE_KINDS)}) then s.count else 0 end) as troubles
          from sighting s join origin o on o.id = s.origin join fact f on f.id = s.fact where o.name = ${id}`.execute(
          tx,
        );
        const found = counted.rows[0];
        await tx
          .updateTable('capture')
          .set({
            state: contents.failed ? 'failed' : 'done',
            problem: contents.problem ?? null,
            unpacked: contents.unpacked,
            frames: contents.frames,
            first_time: found?.first ?? null,
            last_time: found?.last ?? null,
            observations: found?.n ?? 0,
            troubles: found?.troubles ?? 0,
          })
          .where('id', '=', id)
          .execute();
      }),

    /** Removes a capture and everything that rests on it alone. Out: observations removed, undefined where there is none. */
    remove: (id: string): Promise<number | undefined> =>
      inTransaction(db, async (tx) => {
        const gone = await tx.deleteFrom('capture').where('id', '=', id).executeTakeFirst();
        if (Number(gone.numDeletedRows) === 0) return undefined;
        await tx.deleteFrom('live').where('capture', '=', id).execute();
        const observations = await removeOrigin(tx, id);
        await countChange(tx);
        return observations;
      }),

    async detail(id: string): Promise<Omit<CaptureDetail, 'fileAvailable'> | undefined> {
      const row = await db.read.selectFrom('capture').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const ofCapture = sql`from sighting s join origin o on o.id = s.origin join fact f on f.id = s.fact where o.name = ${id}`;
      const [protocols, kinds, troubles, devices] = await Promise.all([
        sql<{ protocol: string; subjects: number; facts: number; messages: number }>`
          select f.protocol, count(distinct f.subject) as subjects, count(*) as facts, sum(s.count) as messages
          ${ofCapture} group by f.protocol order by facts desc, f.protocol`.execute(db.read),
        sql<{ kind: string; facts: number }>`
          select f.kind, count(*) as facts ${ofCapture} group by f.kind order by facts desc, f.kind`.execute(db.read),
        this.troubles(id, { limit: TROUBLES_SHOWN }),
        sql<{ n: number; alone: number | null }>`
          select count(*) as n, sum(case when not exists (select 1 from device_capture other
            where other.device = d.device and other.capture <> d.capture) then 1 else 0 end) as alone
          from device_capture d where d.capture = ${id}`.execute(db.read),
      ]);
      return {
        ...toRow(row),
        format: row.format,
        linkTypes: JSON.parse(row.link_types) as string[],
        unpacked: row.unpacked,
        ...(row.engine === null ? {} : { engine: row.engine }),
        protocols: [...protocols.rows],
        kinds: kinds.rows.flatMap(({ kind, facts }) =>
          isFactKind(kind) ? [{ kind, title: FACTS[kind].title, facts }] : [],
        ),
        troubleList: troubles.items,
        devices: devices.rows[0]?.n ?? 0,
        devicesOnlyHere: devices.rows[0]?.alone ?? 0,
      };
    },

    async troubles(id: string, request: PageRequest) {
      const paging = new Paging(TROUBLE_ORDER, ['troubles', id], request);
      const grouped = sql`(select f.kind, f.protocol, f.value, count(*) as subjects, sum(s.count) as n,
          min(f.subject) as first_subject, min(s.fact) as fact
        from sighting s join origin o on o.id = s.origin join fact f on f.id = s.fact
        where o.name = ${id} and f.kind in (${sql.join(TROUBLE_KINDS)}) group by f.kind, f.protocol, f.value)`;
      const [rows, all] = await Promise.all([
        sql<TroubleRow>`select t.*, ${sql.join(paging.selections)} from ${grouped} t where ${paging.where}
          order by ${paging.orderBy} limit ${paging.fetch}`.execute(db.read),
        sql<{ n: number }>`select count(*) as n from ${grouped} t`.execute(db.read),
      ]);
      const page = paging.finish(rows.rows);
      const items: TroubleShown[] = [];
      for (const row of page.rows) items.push(await this.trouble(id, row));
      return { items, total: all.rows[0]?.n ?? 0, ...(page.next ? { next: page.next } : {}) };
    },

    async trouble(id: string, row: TroubleRow): Promise<TroubleShown> {
      const sightings = await sql<{ subject: string; frames: string }>`select f.subject, s.frames
        from fact f join sighting s on s.fact = f.id join origin o on o.id = s.origin
        where o.name = ${id} and f.kind = ${row.kind} and f.protocol = ${row.protocol} and f.value = ${row.value}
        order by s.count desc, f.subject limit ${sql.lit(SUBJECTS_SHOWN)}`.execute(db.read);
      const value = JSON.parse(row.value) as { code?: string; detail?: string; transport?: string; port?: number };
      const subjects = sightings.rows.map((sighting) => sighting.subject).filter((subject) => subject.length > 1);
      return {
        kind: row.kind,
        title: FACTS[row.kind].title,
        code: value.code ?? `${value.transport ?? ''}/${value.port ?? ''}`,
        ...(value.detail === undefined ? {} : { detail: value.detail }),
        protocol: row.protocol,
        subjects,
        subjectCount: row.subjects,
        count: row.n,
        frames: sightings.rows.length > 0 ? readFrames(sightings.rows[0]?.frames ?? '') : [],
      };
    },
  };
}
export type CaptureStore = ReturnType<typeof captureStore>;

interface TroubleRow {
  readonly kind: (typeof TROUBLE_KINDS)[number];
  readonly protocol: string;
  readonly value: string;
  readonly subjects: number;
  readonly n: number;
}

export const countAll = sql<number>`count(*)`.as('n');
/** Both engines lower ASCII letters only where texts sort by code point; so does this. */
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const SORT_BY = {
  added: sql.ref('added'),
  name: sql`lower(name)`,
  size: sql.ref('size'),
  frames: sql.ref('frames'),
  first: sql`coalesce(first_time, 0)`,
  troubles: sql.ref('troubles'),
} as const;
const TROUBLE_ORDER: readonly SortKey[] = [
  {
    by: sql`case t.kind ${sql.join(
      TROUBLE_KINDS.map((kind, i) => sql`when ${sql.lit(kind)} then ${sql.lit(i)}`),
      sql` `,
    )} end`,
    descending: false,
  },
  { by: sql`t.n`, descending: true },
  { by: sql`t.fact`, descending: false },
];

const toRow = (row: Selectable<CaptureTable>): CaptureRow => ({
  id: row.id,
  name: row.name,
  kind: row.kind as CaptureRow['kind'],
  size: row.size,
  added: row.added,
  state: row.state as CaptureState,
  demo: row.demo === 1,
  ...(row.problem === null ? {} : { problem: row.problem }),
  frames: row.frames,
  ...(row.first_time === null ? {} : { first: row.first_time }),
  ...(row.last_time === null ? {} : { last: row.last_time }),
  observations: row.observations,
  troubles: row.troubles,
});

/** Throws `capture.not-found` in place of nothing. */
export function existing<T>(found: T | undefined, capture: string): T {
  if (found === undefined) throw problem('capture.not-found', { capture });
  return found;
}

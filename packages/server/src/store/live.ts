// Live captures in the store: each is a capture whose stretches come in as they happen, and a row that says on which
// interface, how it is doing, and whether it goes on when the server starts again.
import type { ObservationBatch } from '@interlock/model';
import type { LiveCounters, LiveRow, LiveState } from '@interlock/model/api';
import { type Kysely, type Selectable, sql } from 'kysely';
import { inTransaction, type StoreDatabase } from './database.ts';
import { addBatch, countChange } from './observations.ts';
import type { CaptureTable, LiveTable, Schema } from './schema.ts';

export interface NewLive {
  readonly id: string;
  readonly name: string;
  readonly interface: string;
  readonly engine: string;
  readonly started: number;
}
/** How a live capture is doing, to be kept. */
export interface LiveProgress {
  readonly state: LiveState;
  readonly reason?: string;
  readonly tool?: LiveRow['tool'];
  readonly lastFrame?: number;
  readonly counters: LiveCounters;
  /** When this was so. */
  readonly at: number;
}
/** Where a live capture goes on that was interrupted. */
export interface LiveResumed {
  readonly counters: LiveCounters;
  readonly nextStretch: number;
  /** When it was last known to run. */
  readonly updated: number;
}

/** Live captures listed; those that ended longer ago are among the captures. */
const MAX_LISTED = 200;

export const NO_COUNTERS: LiveCounters = {
  frames: 0,
  bytes: 0,
  kernelDrops: 0,
  uncountedRuns: 0,
  lostObservations: 0,
  gaps: 0,
  gapMilliseconds: 0,
  restarts: 0,
  clockJumps: 0,
  evidenceFrames: 0,
  evidenceBytes: 0,
  evidenceDropped: 0,
};

export function liveStore(db: StoreDatabase) {
  return {
    add: (live: NewLive): Promise<void> =>
      inTransaction(db, async (tx) => {
        const capture: CaptureTable = {
          id: live.id,
          name: live.name,
          kind: 'live',
          size: 0,
          added: live.started,
          demo: 0,
          state: 'live',
          problem: null,
          unpacked: 0,
          frames: 0,
          first_time: null,
          last_time: null,
          format: '',
          link_types: '[]',
          engine: live.engine,
          observations: 0,
          troubles: 0,
        };
        const row: LiveTable = {
          capture: live.id,
          interface: live.interface,
          wanted: 1,
          state: 'starting',
          reason: null,
          tool: null,
          started: live.started,
          ended: null,
          updated: live.started,
          last_frame: null,
          counters: JSON.stringify(NO_COUNTERS),
        };
        await tx.insertInto('capture').values(capture).execute();
        await tx.insertInto('live').values(row).execute();
      }),

    async list(): Promise<LiveRow[]> {
      const rows = await rowsOf(db.read)
        .orderBy('l.wanted', 'desc')
        .orderBy('l.started', 'desc')
        .limit(MAX_LISTED)
        .execute();
      return rows.map(toLiveRow);
    },
    async get(id: string): Promise<LiveRow | undefined> {
      const row = await rowsOf(db.read).where('l.capture', '=', id).executeTakeFirst();
      return row && toLiveRow(row);
    },

    /** Those that are to run, also after the server was away. */
    async wanted(): Promise<LiveRow[]> {
      const rows = await rowsOf(db.read).where('l.wanted', '=', 1).orderBy('l.started').execute();
      return rows.map(toLiveRow);
    },
    async resumed(id: string): Promise<LiveResumed | undefined> {
      const row = await db.read.selectFrom('live').selectAll().where('capture', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const last = await sql<{ n: number | null }>`select max(stretch) as n from stretch where capture = ${id}`.execute(
        db.read,
      );
      return { counters: countersOf(row), nextStretch: (last.rows[0]?.n ?? -1) + 1, updated: row.updated };
    },

    /**
     * Stores one stretch together with how the capture is doing. In: `refresh`, that devices are to be computed anew also
     * where nothing but counts and times changed. Out: whether there were facts that no capture told before; undefined
     * where the stretch was stored already, or the capture was removed.
     */
    addStretch: (
      id: string,
      batch: ObservationBatch,
      progress: LiveProgress,
      refresh: boolean,
    ): Promise<boolean | undefined> =>
      inTransaction(db, async (tx) => {
        const before = await newestFact(tx);
        if (!(await addBatch(db, tx, id, batch))) return undefined;
        await keepProgress(tx, id, progress);
        const isNews = (await newestFact(tx)) > before;
        if (isNews || refresh) await countChange(tx);
        return isNews;
      }),

    progress: (id: string, progress: LiveProgress): Promise<void> =>
      inTransaction(db, (tx) => keepProgress(tx, id, progress)),

    /** Ends a live capture: it is not taken up again. */
    end: (id: string, at: number, reason: string | undefined): Promise<void> =>
      inTransaction(db, async (tx) => {
        await tx
          .updateTable('live')
          .set({ wanted: 0, state: 'stopped', reason: reason ?? null, ended: at, updated: at })
          .where('capture', '=', id)
          .execute();
        await tx.updateTable('capture').set({ state: 'done' }).where('id', '=', id).execute();
      }),
  };
}
export type LiveStore = ReturnType<typeof liveStore>;

const rowsOf = (db: Kysely<Schema>) =>
  db.selectFrom('live as l').innerJoin('capture as c', 'c.id', 'l.capture').selectAll('l').select(['c.name']);

async function newestFact(tx: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`select max(id) as n from fact`.execute(tx);
  return rows[0]?.n ?? 0;
}

async function keepProgress(tx: Kysely<Schema>, id: string, progress: LiveProgress): Promise<void> {
  const { counters } = progress;
  await tx
    .updateTable('live')
    .set({
      state: progress.state,
      reason: progress.reason ?? null,
      tool: progress.tool ?? null,
      updated: progress.at,
      last_frame: progress.lastFrame ?? null,
      counters: JSON.stringify(counters),
    })
    .where('capture', '=', id)
    .execute();
  await tx
    .updateTable('capture')
    .set({ frames: counters.frames, size: counters.bytes, unpacked: counters.bytes })
    .where('id', '=', id)
    .execute();
}

const countersOf = ({ counters }: Pick<LiveTable, 'counters'>): LiveCounters => ({
  ...NO_COUNTERS,
  ...(JSON.parse(counters) as Partial<LiveCounters>),
});

const toLiveRow = (row: Selectable<LiveTable> & { readonly name: string }): LiveRow => ({
  id: row.capture,
  name: row.name,
  interface: row.interface,
  state: row.state as LiveState,
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.tool === null ? {} : { tool: row.tool as LiveRow['tool'] }),
  started: row.started,
  ...(row.ended === null ? {} : { ended: row.ended }),
  ...(row.last_frame === null ? {} : { lastFrame: row.last_frame }),
  framesPerSecond: 0,
  bytesPerSecond: 0,
  behind: 0,
  storage: 'ok',
  counters: countersOf(row),
});

// The store: one face for both engines. Observations and captures are kept, the inventory is computed from them and can
// be read; nothing outside this folder knows a table.
import { sql } from 'kysely';
import { captureStore } from './captures.ts';
import { correctionStore } from './corrections.ts';
import type { StoreDatabase } from './database.ts';
import { deviceDetailStore } from './device-detail.ts';
import { deviceListStore } from './devices.ts';
import { evidenceStore } from './evidence.ts';
import { importStore } from './imports.ts';
import { inventoryStore } from './inventory.ts';
import { liveStore } from './live.ts';
import { mapStore } from './map.ts';
import { MIGRATION_NAMES } from './migrations.ts';
import { observationStore } from './observations.ts';
import { closeDatabase, type OpenOptions, openDatabase, type StoreAddress } from './open-database.ts';
import { questionStore } from './questions.ts';
import type { Schema } from './schema.ts';
import { trafficStore } from './traffic.ts';

export type { StoreAddress } from './open-database.ts';

/** Opens the store. Throws a `StartProblem` where it cannot be used. */
export async function openStore(address: StoreAddress, options: OpenOptions): Promise<Store> {
  return storeOver(await openDatabase(address, options));
}

function storeOver(db: StoreDatabase) {
  const observations = observationStore(db);
  return {
    engine: db.engine,
    version: db.version,
    schema: MIGRATION_NAMES.at(-1) ?? '',
    captures: captureStore(db),
    observations,
    inventory: inventoryStore(db),
    devices: { ...deviceListStore(db), ...deviceDetailStore(db) },
    traffic: trafficStore(db),
    evidence: evidenceStore(db),
    corrections: correctionStore(db, observations),
    map: mapStore(db),
    imports: importStore(db),
    live: liveStore(db),
    questions: questionStore(db),
    /** Small things to remember, by name. */
    settings: {
      async get(key: string): Promise<number | undefined> {
        const row = await db.read.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
        return row?.value;
      },
      async set(key: string, value: number): Promise<void> {
        await sql`insert into setting (key, value) values (${key}, ${value})
          on conflict (key) do update set value = excluded.value`.execute(db.write);
      },
    },
    /** Rows of each kind. */
    async counts() {
      const of = async (table: keyof Schema) =>
        (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db.read)).rows[0]?.n ?? 0;
      const [captures, observed, deviceCount, conversations, operations] = await Promise.all([
        of('capture'),
        sql<{ n: number | null }>`select (select coalesce(sum(observations), 0) from capture)
          + (select coalesce(sum(observations), 0) from import where state = 'done') as n`.execute(db.read),
        of('device'),
        of('conversation'),
        of('operation'),
      ]);
      return { captures, observations: observed.rows[0]?.n ?? 0, devices: deviceCount, conversations, operations };
    },
    close: () => closeDatabase(db),
  };
}
export type Store = ReturnType<typeof storeOver>;

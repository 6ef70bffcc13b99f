// The store: one face for both engines. Observations and captures are kept, the inventory is computed from them and can
// be read; nothing outside this folder knows a table.
import { sql } from 'kysely';
import { captureStore } from './captures.ts';
import type { StoreDatabase } from './database.ts';
import { deviceListStore } from './devices.ts';
import { inventoryStore } from './inventory.ts';
import { MIGRATION_NAMES } from './migrations.ts';
import { observationStore } from './observations.ts';
import { closeDatabase, type OpenOptions, openDatabase, type StoreAddress } from './open-database.ts';
import type { Schema } from './schema.ts';

export type { StoreAddress } from './open-database.ts';

/** Opens the store. Throws a `StartProblem` where it cannot be used. */
export async function openStore(address: StoreAddress, options: OpenOptions): Promise<Store> {
  return storeOver(await openDatabase(address, options));
}

function storeOver(db: StoreDatabase) {
  const devices = deviceListStore(db);
  return {
    engine: db.engine,
    version: db.version,
    schema: MIGRATION_NAMES.at(-1) ?? '',
    captures: captureStore(db),
    observations: observationStore(db),
    inventory: inventoryStore(db),
    devices,
    /** Rows of each kind. */
    async counts() {
      const of = async (table: keyof Schema) =>
        (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db.read)).rows[0]?.n ?? 0;
      const [captures, observations, deviceCount, conversations, operations] = await Promise.all([
        of('capture'),
        of('sighting'),
        of('device'),
        of('conversation'),
        of('operation'),
      ]);
      return { captures, observations, devices: deviceCount, conversations, operations };
    },
    close: () => closeDatabase(db),
  };
}
export type Store = ReturnType<typeof storeOver>;

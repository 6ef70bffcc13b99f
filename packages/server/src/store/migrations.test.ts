import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { describeEngines } from '../testing/engines.ts';
import { addCaptureRow } from '../testing/fill.ts';
import { MIGRATION_NAMES, migrationsFor } from './migrations.ts';
import { closeDatabase, openDatabase } from './open-database.ts';
import { openStore } from './store.ts';

const CAPTURE = 'd'.repeat(64);

describeEngines('migrations', (stores) => {
  test('bring a store of the version before up to this one, with everything in it', async () => {
    const address = await stores.address();
    const before = await openDatabase(address, { threads: false, migrate: false });
    const migrator = new Migrator({
      db: before.write,
      provider: { getMigrations: async () => migrationsFor(stores.engine) },
    });
    const { error } = await migrator.migrateTo(MIGRATION_NAMES.at(-2) ?? '');
    expect(error).toBeUndefined();
    await sql`insert into fact (key, kind, subject, value, said, protocol, source)
      values ('k', 'device.serial', '10.0.0.1@00:1b:1b:00:00:01', '"S 1"', 'seen', 's7comm', 'SZL')`.execute(
      before.write,
    );
    await sql`insert into origin (kind, name, detail, made) values ('capture', ${CAPTURE}, '{}', 0)`.execute(
      before.write,
    );
    await sql`insert into sighting (fact, origin, first_time, last_time, count, frames)
      select f.id, o.id, 1, 2, 3, '4,5' from fact f, origin o`.execute(before.write);
    await closeDatabase(before);

    const store = await openStore(address, { threads: true, migrate: true });
    try {
      const pages = [];
      for await (const page of store.observations.all()) pages.push(...page);
      expect(pages).toMatchObject([{ kind: 'device.serial', value: 'S 1', count: 3, provenance: { frames: [4, 5] } }]);
      expect(await store.inventory.state()).toMatchObject({ devices: 0 });
    } finally {
      await store.close();
    }
  });

  test('change nothing in a store that is up to date', async () => {
    const address = await stores.address();
    const first = await openStore(address, { threads: true, migrate: true });
    await addCaptureRow(first, CAPTURE);
    await first.close();
    const second = await openStore(address, { threads: true, migrate: true });
    expect(await second.captures.get(CAPTURE)).toMatchObject({ id: CAPTURE, state: 'analysing' });
    await second.close();
  });

  test('refuse a store of a newer version, and leave it as it is', async () => {
    const address = await stores.address();
    await (await openStore(address, { threads: true, migrate: true })).close();
    const db = await openDatabase(address, { threads: false, migrate: false });
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '')`.execute(db.write);
    await closeDatabase(db);
    await expect(openStore(address, { threads: true, migrate: true })).rejects.toMatchObject({
      code: 'start.store-newer',
      message: expect.stringContaining('9999-later'),
    });
  });

  test('that are cut off leave nothing', async () => {
    const address = await stores.address();
    const db = await openDatabase(address, { threads: false, migrate: false });
    const steps = migrationsFor(stores.engine);
    const [name = ''] = MIGRATION_NAMES;
    const migrator = new Migrator({
      db: db.write,
      provider: {
        getMigrations: async () => ({
          [name]: {
            async up(tx) {
              await steps[name]?.up(tx);
              throw new Error('cut off');
            },
          },
        }),
      },
    });
    expect((await migrator.migrateToLatest()).error).toBeDefined();
    const tables = await db.read.introspection.getTables();
    expect(tables.map((table) => table.name).filter((table) => !table.startsWith('kysely'))).toEqual([]);
    await closeDatabase(db);
    await (await openStore(address, { threads: true, migrate: true })).close();
    if ('sqlite' in address) expect(existsSync(address.sqlite)).toBe(true);
  });
});

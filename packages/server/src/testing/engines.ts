// Runs the same tests on every engine of the store: each test gets an empty store of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { StoreAddress } from '../store/store.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from './postgres.ts';

/** Makes empty databases, as many as a test wants. */
export interface EmptyStores {
  readonly engine: 'sqlite' | 'postgresql';
  /** Out: the address of an empty store. */
  address(): Promise<StoreAddress>;
}

/** In: what to test. Every engine that is installed runs it; the others are reported as skipped. */
export function describeEngines(name: string, tests: (stores: EmptyStores) => void): void {
  describe(`${name} on SQLite`, () => {
    const folders: string[] = [];
    afterEach(() => {
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    });
    tests({
      engine: 'sqlite',
      async address() {
        const folder = mkdtempSync(join(tmpdir(), 'interlock-store-'));
        folders.push(folder);
        return { sqlite: join(folder, 'store.db') };
      },
    });
  });
  const programs = postgresPrograms();
  describe.skipIf(programs === undefined)(`${name} on PostgreSQL`, () => {
    let server: TestPostgres | undefined;
    beforeAll(async () => {
      server = await startPostgres(programs ?? '');
    });
    afterAll(async () => {
      await server?.end();
    });
    tests({
      engine: 'postgresql',
      async address() {
        if (!server) throw new Error('PostgreSQL did not start');
        return { postgresql: await server.database() };
      },
    });
  });
}

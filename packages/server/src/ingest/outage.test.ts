// A database that drops its connections while a capture is taken in: the work is taken up again and ends as if nothing
// had been.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../testing/content.ts';
import { generateCapture } from '../testing/generate-capture.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from '../testing/postgres.ts';
import { startTestServer } from '../testing/test-server.ts';

const programs = postgresPrograms();
describe.skipIf(programs === undefined)('PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  const folders: string[] = [];
  beforeAll(async () => {
    postgres = await startPostgres(programs ?? '');
  });
  afterAll(async () => {
    await postgres?.end();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const captures = [
    generateCapture({ stations: 300, frames: 250_000, seed: 1 }),
    generateCapture({ stations: 100, frames: 2_000, seed: 2 }),
  ];
  const takeIn = async (databaseUrl: string, disturb: () => Promise<void>): Promise<Record<string, string>> => {
    const data = mkdtempSync(join(tmpdir(), 'interlock-outage-'));
    folders.push(data);
    const server = await startTestServer({ data, databaseUrl });
    for (const [n, bytes] of captures.entries()) expect((await server.upload(bytes, `${n}.pcap`)).status).toBe(201);
    await disturb();
    await server.settled();
    const { items } = await server.get('listCaptures');
    expect(items.map(({ state, problem }) => [state, problem])).toEqual([
      ['done', undefined],
      ['done', undefined],
    ]);
    await server.close();
    return contentOf({ postgresql: databaseUrl });
  };

  test('may drop every connection in the middle', async () => {
    const plain = await takeIn((await postgres?.database()) ?? '', async () => undefined);
    const databaseUrl = (await postgres?.database()) ?? '';
    const disturbed = await takeIn(databaseUrl, async () => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`);
      }
      await client.end();
    });
    expect(disturbed).toEqual(plain);
  });
});

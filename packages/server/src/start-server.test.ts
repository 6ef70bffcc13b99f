// What keeps the server from starting, and that nothing is left running then.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { DataFolder } from './data-folder.ts';
import { setPassword } from './http/password.ts';
import { type ServerOptions, startServer } from './start-server.ts';
import { generateCapture } from './testing/generate-capture.ts';
import { postgresPrograms, startPostgres } from './testing/postgres.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-start-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const start = (options: Partial<ServerOptions> & { data: string }) =>
  startServer({ port: 0, demo: false, logger: pino({ level: 'silent' }), ...options });

/** A folder that could not be used before can be afterwards: nothing kept it. */
async function failsWith(
  options: Partial<ServerOptions> & { data: string },
  code: string,
  text: RegExp,
): Promise<void> {
  await expect(start(options)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(text),
    whatToDo: expect.any(String),
  });
}
async function startsAfterwards(data: string): Promise<void> {
  await (await start({ data })).close();
}

test('a port that is taken', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const data = newFolder();
  await failsWith({ data, port }, 'start.port-taken', new RegExp(String(port)));
  await new Promise((resolve) => taken.close(resolve));
  await startsAfterwards(data);
});

test('an address that is not of this machine', async () => {
  const data = newFolder();
  await setPassword(join(data, 'console-password.json'), 'words enough for all');
  await failsWith({ data, host: '192.0.2.1' }, 'start.address-unusable', /192\.0\.2\.1/);
});

test('an address others can reach, without a password', async () => {
  const data = newFolder();
  for (const host of ['0.0.0.0', '::']) await failsWith({ data, host }, 'start.password-needed', /no password/);
  await setPassword(join(data, 'console-password.json'), 'words enough for all');
  const server = await start({ data, host: '0.0.0.0' });
  const { port } = new URL(server.address);
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/status`)).status).toBe(401);
  await server.close();
});

test('a data folder that another one has', async () => {
  const data = newFolder();
  const first = await start({ data });
  await failsWith({ data }, 'start.data-locked', new RegExp(`process ${process.pid}`));
  await first.close();
  await startsAfterwards(data);
});

test('a data folder that is none', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), '');
  await failsWith({ data: join(folder, 'file') }, 'start.data-unusable', /file/);
  if (process.getuid?.() !== 0) {
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    await failsWith({ data: join(folder, 'closed') }, 'start.data-unusable', /closed/);
  }
});

test('a store that is no database', async () => {
  const data = newFolder();
  writeFileSync(join(data, 'store.db'), 'this is no database, however long it is'.repeat(100));
  await failsWith({ data }, 'start.store-damaged', /not a database/);
});

test('a database that does not answer, without telling its password', async () => {
  const data = newFolder();
  await failsWith(
    { data, databaseUrl: 'postgresql://me:secret@127.0.0.1:1/plant' },
    'start.database-unreachable',
    /127\.0\.0\.1:1\/plant/,
  );
  await expect(start({ data, databaseUrl: 'postgresql://me:secret@127.0.0.1:1/plant' })).rejects.toThrow(
    /^(?!.*secret)/,
  );
});

test('a capture that is not there, or none', async () => {
  const data = newFolder();
  await failsWith({ data, captures: [join(data, 'none.pcap')] }, 'start.capture-unreadable', /no such file/);
  await failsWith({ data, captures: [data] }, 'start.capture-unreadable', /a folder/);
  writeFileSync(join(data, 'letter.pdf'), '%PDF-1.7 dear sirs');
  await failsWith({ data, captures: [join(data, 'letter.pdf')] }, 'start.capture-unreadable', /no capture/);
  writeFileSync(join(data, 'plant.pcap'), generateCapture({ stations: 3, frames: 30 }));
  const server = await start({ data, captures: [join(data, 'plant.pcap')] });
  await server.settled();
  const answer = (await (await fetch(`${server.address}/api/v1/devices`)).json()) as { total: number };
  expect(answer.total).toBe(3);
  await server.close();
});

test('what a crash left half moved is put right', async () => {
  const data = newFolder();
  const folder = new DataFolder(data);
  const [known, unknown] = ['a'.repeat(64), 'b'.repeat(64)];
  for (const name of [known, unknown, 'upload.part']) writeFileSync(join(data, 'moving', name), name);
  await folder.tidy(async (id) => id === known);
  expect(folder.hasCapture(known)).toBe(true);
  expect(folder.hasCapture(unknown)).toBe(false);
  await expect(
    folder.drop(known, async () => {
      throw new Error('the store said no');
    }),
  ).rejects.toThrow('the store said no');
  expect(folder.hasCapture(known)).toBe(true);
  await folder.drop(known, async () => undefined);
  expect(folder.hasCapture(known)).toBe(false);
  folder.release();
});

const programs = postgresPrograms();
test.skipIf(programs === undefined)('a database that another one has', async () => {
  const postgres = await startPostgres(programs ?? '');
  try {
    const databaseUrl = await postgres.database();
    const first = await start({ data: newFolder(), databaseUrl });
    await failsWith({ data: newFolder(), databaseUrl }, 'start.database-locked', /in use/);
    await first.close();
    await (await start({ data: newFolder(), databaseUrl })).close();
  } finally {
    await postgres.end();
  }
});

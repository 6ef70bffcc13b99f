// What a full disk and a file system's errors come to, which no test can bring about for real.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DataFolder } from '../data-folder.ts';
import { openStore } from '../store/store.ts';
import { generateCapture } from '../testing/generate-capture.ts';
import { Desk } from './desk.ts';
import { Ingest } from './ingest.ts';
import { nameTrouble, Receiver } from './receive.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function receiver(): Promise<{ receiver: Receiver; data: string }> {
  const data = mkdtempSync(join(tmpdir(), 'interlock-receive-'));
  ends.push(() => rmSync(data, { recursive: true, force: true }));
  const folder = new DataFolder(data);
  ends.push(() => folder.release());
  const address = { sqlite: folder.store };
  const store = await openStore(address, { threads: true, migrate: true });
  ends.push(() => store.close());
  const limits = { maxUpload: 1e9, maxUnpacked: 1e9, maxWaiting: 10 };
  const desk = new Desk(limits.maxUnpacked);
  ends.push(() => desk.close());
  const ingest = new Ingest({ store, address, folder, engine: '1', maxUnpacked: 1e9, onFault: () => undefined });
  ends.push(() => ingest.stop());
  return { receiver: new Receiver({ store, folder, ingest, desk, limits }), data };
}
const whole = generateCapture({ stations: 3, frames: 20 });

async function* breaksWith(error: object): AsyncGenerator<Uint8Array> {
  yield whole.subarray(0, 500);
  throw Object.assign(new Error('no'), error);
}
async function* inPieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += 97) yield whole.subarray(at, at + 97);
}

test('no space left is told as such, and nothing stays', async () => {
  const { receiver: at, data } = await receiver();
  for (const error of [{ code: 'ENOSPC' }, { code: 'EDQUOT' }, { code: '53100' }, { errcode: 13 }]) {
    const refused = at.receive({ name: 'a.pcap', bytes: breaksWith(error), demo: false });
    await expect(refused).rejects.toMatchObject({ code: 'storage.full', status: 507 });
  }
  await expect(at.receive({ name: 'a.pcap', bytes: breaksWith({ code: 'EIO' }), demo: false })).rejects.toThrow('no');
  expect(readdirSync(join(data, 'moving'))).toEqual([]);
  expect(readdirSync(join(data, 'captures'))).toEqual([]);
});

test('the same capture twice at once is one', async () => {
  const { receiver: at, data } = await receiver();
  const answers = await Promise.all(
    [1, 2, 3].map(() => at.receive({ name: 'a.pcap', bytes: inPieces(), demo: false })),
  );
  expect(new Set(answers.map(({ capture }) => capture.id)).size).toBe(1);
  expect(readdirSync(join(data, 'captures'))).toHaveLength(1);
  expect(readdirSync(join(data, 'moving'))).toEqual([]);
});

test('names of files that are only names', () => {
  for (const name of ['plant.pcap', 'Halle 4 (Süd).pcapng.gz', '工場.pcap', '..hidden.pcap', '-rf.pcap'])
    expect(nameTrouble(name), name).toBeUndefined();
  for (const name of [
    '',
    ' ',
    '.',
    '..',
    'a/b.pcap',
    'a\\b.pcap',
    'a\nb',
    'a\0b',
    'a\u202eb',
    '\ud800',
    'x'.repeat(256),
  ])
    expect(nameTrouble(name), JSON.stringify(name)).toBeTypeOf('string');
});

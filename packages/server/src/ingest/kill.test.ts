// Whenever the process is killed while captures are taken in, a restart ends in the same content as a run that nobody
// disturbed. Random moments, from before the store is opened to after the inventory is written.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoreAddress } from '../store/store.ts';
import { contentOf } from '../testing/content.ts';
import { describeEngines } from '../testing/engines.ts';
import { generateCapture } from '../testing/generate-capture.ts';
import { seededRandom } from '../testing/generate-plant.ts';

const CHILD = join(import.meta.dirname, '../testing/ingest-child.ts');
/** PostgreSQL is a process of its own that nobody kills here: what is tried there is our part of it. */
const KILLS = { sqlite: 20, postgresql: 8 } as const;
/** Kills in one store before it may come to its end. */
const KILLS_IN_A_ROW = 5;
/** The first capture alone has three stretches (STRETCH_FRAMES is 200,000). */
const FRAMES = [402_000, 3_000];
const STATIONS = [700, 200];

let folder = '';
let captures: string[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-kill-'));
  captures = FRAMES.map((frames, n) => {
    const path = join(folder, `plant-${n}.pcap`);
    writeFileSync(path, generateCapture({ stations: STATIONS[n] ?? 1, frames, seed: n + 1 }));
    return path;
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs ingest in a process of its own. Out: whether it came to its end; false where it was killed after `killAfter`. */
function run(data: string, databaseUrl: string, killAfter?: number): Promise<boolean> {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', CHILD, data, databaseUrl, ...captures], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0 && output.includes('settled')) resolve(true);
      else reject(new Error(`ingest ended with ${code}: ${errors}`));
    });
  });
}

describeEngines('ingest', (stores) => {
  test('killed at random moments ends in the same content as undisturbed', async () => {
    const plain = await undisturbed();
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    let killed = 0;
    while (killed < KILLS[stores.engine]) {
      const { data, address, url } = await place(`killed-${killed}`);
      for (let n = 0; n < KILLS_IN_A_ROW; n++) {
        // Early moments are as interesting as late ones, and restarts find less left to do.
        if (!(await run(data, url, random() * plain.milliseconds * (n === 0 ? 1 : 0.7)))) killed++;
      }
      expect(await run(data, url)).toBe(true);
      expect(await contentOf(address), `seed ${seed}`).toEqual(plain.content);
      expect(filesIn(data), `seed ${seed}`).toEqual(plain.files);
      rmSync(data, { recursive: true, force: true });
    }
  }, 600_000);

  test('the same captures a second time change nothing', async () => {
    const { data, address, url } = await place('twice');
    await run(data, url);
    const once = await contentOf(address);
    await run(data, url);
    expect(await contentOf(address)).toEqual(once);
  });

  async function undisturbed() {
    const { data, address, url } = await place('undisturbed');
    const started = performance.now();
    expect(await run(data, url)).toBe(true);
    const milliseconds = performance.now() - started;
    const content = await contentOf(address);
    expect(Number.parseInt(content['stretches'] ?? '', 10)).toBeGreaterThanOrEqual(4);
    expect(content['devices']).toMatch(/^900 rows/);
    return { milliseconds, content, files: filesIn(data) };
  }

  /** An empty store and data folder. */
  async function place(name: string): Promise<{ data: string; address: StoreAddress; url: string }> {
    const data = join(folder, `${stores.engine}-${name}`);
    if (stores.engine === 'sqlite') return { data, address: { sqlite: join(data, 'store.db') }, url: '' };
    const address = await stores.address();
    return { data, address, url: 'postgresql' in address ? address.postgresql : '' };
  }
});

const filesIn = (data: string): string[] => [
  ...readdirSync(join(data, 'captures')).sort(),
  ...readdirSync(join(data, 'moving')),
];

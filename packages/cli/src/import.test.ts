// `interlock import` as people run it: a look without a store, an import into one, and what it says of mistakes.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../bin/interlock.mjs');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, 'import', ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('a dry run shows columns, what is understood and what is not, and keeps nothing', async () => {
  const list = write('list.csv', 'Name;IP;Kennwort\nPresse 1;10.0.0.1;geheim\nPresse 2;10.0.0.300;geheim\n');
  const { code, out, err } = await run(list, '--dry-run');
  expect(code).toBe(4);
  expect(out).toMatch(/IP +ip +10\.0\.0\.1/);
  expect(out).toContain('2 records, 0 of them not understood, 1 problems');
  expect(err).toContain('row 3, column B: "10.0.0.300" is no IP address');
  expect(out + err).not.toContain('geheim');
});

test('a list is imported, and its next version takes its place, with the mapping of before', async () => {
  const first = write('scales.csv', 'A,B\n10.0.0.5,Scale 5\n10.0.0.6,Scale 6\n');
  const done = await run(first, '--source', 'Scales', '--mapping', 'A=ip', 'B=name', '--json');
  expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(done.out)).toMatchObject({ state: 'done', source: 'Scales', records: 2, devices: { known: 2 } });
  const second = write('scales-new.csv', 'A,B\n10.0.0.5,Scale 5\n');
  const again = await run(second, '--source', 'Scales', '--json');
  expect(JSON.parse(again.out)).toMatchObject({ records: 1, changes: { added: 0, kept: 2, gone: 2 } });
});

test('mistakes are told by exit code and message', async () => {
  expect(await run('no-such-file.csv')).toMatchObject({ code: 3 });
  const list = write('a.csv', 'a,b\n1,2\n');
  expect((await run(list, '--mapping', 'a=colour')).err).toContain('there is no field "colour"');
  expect(await run(list, '--importer', 'magic')).toMatchObject({ code: 2 });
  const noise = write('noise.bin', '\u0000\u0001\u0002\u0003'.repeat(100));
  expect(await run(noise, '--dry-run')).toMatchObject({ code: 3 });
});

// Real captures, where they are beside the project: as many records as capinfos counts, the same times and lengths as
// tshark tells, whole or in pieces.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../testing/read-records.ts';

const FOLDER = join(import.meta.dirname, '../../../../../shared/captures');
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(pcap|pcapng|cap)$/.test(entry.name))
      .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)))
  : [];
const hasTools = spawnSync('capinfos', ['--version']).status === 0 && spawnSync('tshark', ['--version']).status === 0;

describe.skipIf(files.length === 0 || !hasTools)('real captures', () => {
  it('have as many records as capinfos counts', async () => {
    const wrong: string[] = [];
    for (const name of files) {
      const { stdout } = spawnSync('capinfos', ['-Tcrm', join(FOLDER, name)], { encoding: 'utf8' });
      const counted = Number(/,(\d+)\s*$/.exec(stdout)?.[1]);
      const { records } = await readRecords(readFileSync(join(FOLDER, name)));
      if (records.length !== counted) wrong.push(`${name}: ${records.length} instead of ${counted}`);
    }
    expect(wrong).toEqual([]);
  });

  it('have the times and lengths that tshark tells, in pieces too', async () => {
    const wrong: string[] = [];
    for (const name of files.filter((_, i) => i % 10 === 0)) {
      const fields = ['frame.time_epoch', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field]);
      // Both tools print what they can also of files that end within a record; only their exit status complains.
      const told = spawnSync('tshark', ['-n', '-r', join(FOLDER, name), '-T', 'fields', ...fields], {
        encoding: 'utf8',
        maxBuffer: 256 << 20,
      })
        .stdout.trimEnd()
        .split('\n')
        .map((line) => line.split('\t').map(Number));
      const { records } = await readRecords(readFileSync(join(FOLDER, name)), 10_007);
      for (const [i, { time, bytes, wireLength }] of records.entries()) {
        const [seconds = 0, captured, length] = told[i] ?? [];
        // A negative fraction of a second is told as a negative time.
        const sameTime = seconds < 0 || Math.abs(time - seconds * 1000) < 0.01;
        if (sameTime && bytes.length === captured && wireLength === length) continue;
        wrong.push(`${name} frame ${i + 1}: ${time} ${bytes.length} ${wireLength} instead of ${told[i]}`);
        break;
      }
    }
    expect(wrong).toEqual([]);
  });
});

// The highest rate at which a live capture loses nothing, beside `tcpdump -w` on the same machine in the same run: a plant's
// traffic goes through a cable of the bench's own at rising speed until frames are missing.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CAPTURED, NetworkLab, networkLabMissing } from '../packages/server/src/testing/network-lab.ts';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { capture: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
/** Seconds of traffic at each rate, and frames per second. */
const SECONDS = values.quick ? 2 : 5;
const RATES = [10_000, 20_000, 50_000, 100_000, 150_000, 200_000, 300_000, 400_000];
/** A program has opened the interface by then, and has read what waited by the other. */
const OPENING_MILLISECONDS = 4_000;
const DRAINING_MILLISECONDS = 3_000;

const missing = networkLabMissing();
if (missing) {
  console.log(`live: skipped, ${missing}`);
  process.exit(0);
}
const file = values.capture ?? join(ROOT, 'lab/demo.pcap');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const framesOf = (path: string): number =>
  Number(spawnSync('capinfos', ['-Mrc', path], { encoding: 'utf8' }).stdout.trim().split(/\s+/).at(-1));

interface Outcome {
  readonly received: number;
  readonly dropped: number;
}
interface Contender {
  readonly name: string;
  run(lab: NetworkLab, folder: string): ChildProcess;
  outcome(output: string): Outcome;
}
const CONTENDERS: readonly Contender[] = [
  {
    name: 'interlock sensor',
    run: (lab, folder) =>
      lab.spawn(lab.sensor, process.execPath, [
        ...['--no-warnings', join(ROOT, 'packages/cli/bin/interlock.mjs'), 'sensor', '--json'],
        ...['--interface', CAPTURED, '--data', folder],
      ]),
    outcome(output) {
      const line = output.trim().split('\n').at(-1) ?? '{}';
      const { counters } = JSON.parse(line) as { counters: { frames: number; kernelDrops: number } };
      return { received: counters.frames, dropped: counters.kernelDrops };
    },
  },
  {
    name: 'tcpdump -w',
    run: (lab, folder) =>
      lab.spawn(lab.sensor, 'tcpdump', ['-i', CAPTURED, '-w', join(folder, 'frames.pcap'), '-Z', 'root']),
    outcome: (output) => ({
      received: Number(output.match(/(\d+) packets captured/)?.[1] ?? 0),
      dropped: Number(output.match(/(\d+) packets dropped by kernel/)?.[1] ?? 0),
    }),
  },
];

/** One rate. Out: frames sent and what became of them. */
async function measure(contender: Contender, rate: number, times: number) {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-'));
  const lab = new NetworkLab();
  try {
    const child = contender.run(lab, folder);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        output += String(text);
      });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await pause(OPENING_MILLISECONDS);
    const sent = await lab.replay(file, { framesPerSecond: rate, times });
    await pause(DRAINING_MILLISECONDS);
    child.kill('SIGINT');
    await ended;
    return { sent, ...contender.outcome(output) };
  } finally {
    lab.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

const frames = framesOf(file);
console.log(`live: frames a second of ${frames} frames of plant traffic, ${SECONDS} s each, until some are missing`);
const lasting = new Map(CONTENDERS.map((contender) => [contender, 0]));
const out = new Set<Contender>();
for (const rate of RATES) {
  for (const contender of CONTENDERS) {
    if (out.has(contender)) continue;
    const { sent, received, dropped } = await measure(
      contender,
      rate,
      Math.max(1, Math.round((rate * SECONDS) / frames)),
    );
    const whole = received >= sent && dropped === 0;
    console.log(
      `  ${contender.name.padEnd(17)} ${String(rate).padStart(7)}/s  sent ${sent}  received ${received}  dropped ${dropped}`,
    );
    if (whole) lasting.set(contender, rate);
    else out.add(contender);
  }
}
for (const [{ name }, rate] of lasting) console.log(`  ${name.padEnd(17)} lost nothing up to ${rate} frames a second`);

// `npm run fuzz [-- SECONDS [SEED [NUMBER]]]`: bends the golden captures and their messages and looks whether anything
// throws, hangs, or says what cannot be. With NUMBER it runs that one input again. Ends with 1 where faults were found.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Input, loadCorpus, runInput } from './fuzz-run.ts';

/** An input that takes longer has made something loop. The longest sound ones take a tenth of a second. */
const MAX_MILLISECONDS = 20_000;
/** Objects of the inputs: the engine alone needs 100 MB; what needs more grows with what bytes claim. */
const MAX_MEGABYTES = 700;
/** All of the process, buffers too. */
const MAX_RESIDENT_MEGABYTES = 1500;
/** Faults of one kind that are shown; the rest are counted. */
const SHOWN_PER_FAULT = 2;

const FOUND = join(import.meta.dirname, '../node_modules/.cache/fuzz');

interface Job {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly until: number;
  /** The number at hand and how many are done, for the main thread to see that it goes on. */
  readonly progress: SharedArrayBuffer;
}
interface Fault {
  readonly number: number;
  readonly mode: string;
  readonly what: string;
  readonly where: string;
  readonly file?: string;
}
interface Report {
  readonly executions: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
  readonly slowest: {
    readonly milliseconds: number;
    readonly number: number;
    readonly mode: string;
    readonly bytes: number;
  };
  readonly mostReads: {
    readonly reads: number;
    readonly number: number;
    readonly mode: string;
    readonly bytes: number;
  };
}

if (isMainThread) await main();
else await work(workerData as Job);

async function work({ seed, from, count, until, progress }: Job): Promise<void> {
  const beat = new Int32Array(progress);
  const corpus = await loadCorpus();
  const executions: Record<string, number> = {};
  const faults: Fault[] = [];
  let slowest = { milliseconds: 0, number: from, mode: '', bytes: 0 };
  let mostReads = { reads: 0, number: from, mode: '', bytes: 0 };
  for (let number = from; number < from + count && Date.now() < until; number++) {
    beat[0] = number;
    const input: Input = { mode: '', bytes: new Uint8Array(0) };
    const start = process.threadCpuUsage();
    try {
      const { mode, bytes, reads } = await runInput(corpus, seed, number, input);
      if (reads > mostReads.reads) mostReads = { reads, number, mode, bytes };
    } catch (error) {
      faults.push(faultOf(error, seed, number, input));
    }
    const spent = process.threadCpuUsage(start);
    const milliseconds = (spent.user + spent.system) / 1000;
    if (milliseconds > slowest.milliseconds)
      slowest = { milliseconds, number, mode: input.mode, bytes: input.bytes.length };
    const mode = input.mode.split(' of ')[0] ?? '';
    executions[mode] = (executions[mode] ?? 0) + 1;
  }
  parentPort?.postMessage({ executions, faults, slowest, mostReads } satisfies Report);
}

function faultOf(error: unknown, seed: number, number: number, input: Input): Fault {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const where = /\(?(?:file:\/\/)?\S*?((?:packages|tools)\/\S+?):\d+\)?$/m.exec(stack)?.[1] ?? '';
  const file = join(FOUND, `${seed}-${number}.${input.mode.startsWith('message') ? 'bin' : 'pcap'}`);
  mkdirSync(FOUND, { recursive: true });
  writeFileSync(file, input.bytes);
  return { number, mode: input.mode, what: message, where, file };
}

async function main(): Promise<void> {
  const [seconds = 60, seed = Math.floor(Date.now() / 1000) % 1_000_000, only] = process.argv.slice(2).map(Number);
  if (![seconds, seed, only ?? 0].every((n) => Number.isSafeInteger(n) && n >= 0)) {
    console.error('usage: npm run fuzz [-- SECONDS [SEED [NUMBER]]], whole numbers');
    process.exit(2);
  }
  console.log(`fuzz: ${only === undefined ? `${seconds} seconds` : `input ${only}`}, seed ${seed}`);
  const until = only === undefined ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
  const executions: Record<string, number> = {};
  const faults: Fault[] = [];
  const reports: Report[] = [];
  for (let from = only ?? 0; Date.now() < until; ) {
    const job = { seed, from, count: only === undefined ? Number.POSITIVE_INFINITY : 1, until };
    const { report, stoppedAt, why } = await run(job);
    if (report) {
      reports.push(report);
      faults.push(...report.faults);
      for (const [mode, count] of Object.entries(report.executions)) executions[mode] = (executions[mode] ?? 0) + count;
    }
    if (why) faults.push({ number: stoppedAt, mode: 'unknown', what: why, where: '' });
    if (!why || only !== undefined || stoppedAt < from) break;
    from = stoppedAt + 1;
  }
  show(seed, executions, faults, reports);
  process.exit(faults.length > 0 ? 1 : 0);
}

/** Runs a job in a thread of its own that can be stopped when an input takes forever or all memory. */
function run(job: Omit<Job, 'progress'>): Promise<{ report?: Report; stoppedAt: number; why?: string }> {
  const progress = new SharedArrayBuffer(4);
  const beat = new Int32Array(progress);
  beat[0] = job.from - 1;
  const workerData: Job = { ...job, progress };
  const worker = new Worker(import.meta.filename, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
  });
  return new Promise((resolve) => {
    let seen = beat[0] ?? 0;
    let since = Date.now();
    const watch = setInterval(() => {
      const now = beat[0] ?? 0;
      if (now !== seen) [seen, since] = [now, Date.now()];
      const megabytes = process.memoryUsage.rss() / 2 ** 20;
      if (Date.now() - since >= MAX_MILLISECONDS)
        finish({ stoppedAt: seen, why: `no end after ${MAX_MILLISECONDS} ms` });
      else if (megabytes > MAX_RESIDENT_MEGABYTES)
        finish({ stoppedAt: seen, why: `${Math.round(megabytes)} MB of memory` });
    }, 500);
    const finish = (result: { report?: Report; stoppedAt: number; why?: string }) => {
      clearInterval(watch);
      void worker.terminate();
      resolve(result);
    };
    worker.on('message', (report: Report) => finish({ report, stoppedAt: beat[0] ?? 0 }));
    worker.on('exit', () => finish({ stoppedAt: beat[0] ?? 0, why: 'ended by itself' }));
    worker.on('error', (error) => finish({ stoppedAt: beat[0] ?? 0, why: String(error) }));
  });
}

function show(
  seed: number,
  executions: Readonly<Record<string, number>>,
  faults: readonly Fault[],
  reports: readonly Report[],
): void {
  const total = Object.values(executions).reduce((sum, count) => sum + count, 0);
  const byMode = Object.entries(executions).map(([mode, count]) => `${count} ${mode}`);
  console.log(`executions: ${total} (${byMode.sort().join(', ')})`);
  for (const { slowest, mostReads } of reports) {
    console.log(
      `slowest input: ${slowest.milliseconds.toFixed(1)} ms (${slowest.mode}, ${slowest.bytes} bytes, number ${slowest.number})`,
    );
    console.log(
      `most reads: ${mostReads.reads} (${mostReads.mode}, ${mostReads.bytes} bytes, number ${mostReads.number})`,
    );
  }
  const kinds = Map.groupBy(faults, ({ what, where }) => `${what.replace(/\d+/g, 'N')} ${where}`);
  console.log(`faults: ${faults.length}${faults.length > 0 ? ` of ${kinds.size} kinds` : ''}`);
  for (const alike of kinds.values())
    for (const [i, { number, mode, what, where, file }] of alike.entries()) {
      if (i >= SHOWN_PER_FAULT) {
        console.log(`  and ${alike.length - i} more like it`);
        break;
      }
      console.log(`  ${mode}: ${what}${where ? ` at ${where}` : ''}`);
      console.log(`    again: npm run fuzz -- 0 ${seed} ${number}${file ? `; input in ${file}` : ''}`);
    }
}

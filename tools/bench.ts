// Measures speed as ratios in one run: stages of the engine against each other, and the whole engine against the tools people
// would use instead. Every measurement is a fresh process, variants take turns, medians of CPU seconds are printed.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateTraffic, type TrafficOptions } from '../packages/wire/src/testing/traffic.ts';

const ROOT = join(import.meta.dirname, '..');
const CACHE = join(ROOT, 'node_modules/.cache/bench');
const SHARED = join(ROOT, '../shared/captures');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    'no-store': { type: 'boolean', default: false },
    'no-live': { type: 'boolean', default: false },
  },
});
const rounds = values.quick ? 1 : Number(values.rounds);
/** A quick run takes a tenth of the bytes: ratios are rougher, and it is over within a minute. */
const scale = values.quick ? 0.1 : 1;

const TRAFFIC: readonly { readonly name: string; readonly title: string; readonly options: TrafficOptions }[] = [
  {
    name: 'small',
    title: '120,000 flows, 200 bytes',
    options: { flows: 120_000 * scale, meanSize: 200, fileSize: 5e8 * scale },
  },
  {
    name: 'large',
    title: '120,000 flows, 800 bytes',
    options: { flows: 120_000 * scale, meanSize: 800, fileSize: 5e8 * scale },
  },
  { name: 'few', title: '2,000 flows, 200 bytes', options: { flows: 2_000, meanSize: 200, fileSize: 5e8 * scale } },
  {
    name: 'million',
    title: '1,000,000 flows',
    options: { flows: 1_000_000 * scale, meanSize: 150, fileSize: 4e8 * scale },
  },
];
const STAGES = ['walk', 'headers', 'flows', 'engine'] as const;
/**
 * Headers and flows as multiples of walking: what is aimed at, and what says that something went wrong. A quick run spends
 * most of its time before the code is compiled, so it raises no alarm.
 */
const AIM = { headers: 2.5, flows: 5 };
const ALARM = { headers: 3.5, flows: 7 };
/** Resident memory for a million flows, in MB. */
const MOST_RESIDENT_MB = 350;

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
const seconds = (time: number): string => (Number.isNaN(time) ? '     –' : time.toFixed(2).padStart(6));
const ratio = (a: number, b: number): string => (a / b).toFixed(2).padStart(6);

/** What `interlock inspect` tells V8 when it starts (packages/cli/bin/interlock.mjs); it also keeps compiled sources. */
const LAUNCHER_FLAGS = ['--invocation-count-for-turbofan=50000', '--no-allocation-site-pretenuring'];

interface Stage {
  readonly cpu: number;
  readonly frames: number;
  readonly residentKb: number;
}
function runStage(stage: string, file: string): Stage {
  const run = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...LAUNCHER_FLAGS, 'tools/bench-stage.ts', stage, file],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, NODE_COMPILE_CACHE: join(CACHE, 'compiled') } },
  );
  if (run.status !== 0) throw new Error(`bench: stage ${stage} failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Stage;
}

/** CPU seconds of a whole process, as the shell counts them; NaN where it did not succeed. */
function cpuOf(command: readonly string[]): number {
  const run = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>/dev/null', 'bash', ...command], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (run.status !== 0) return Number.NaN;
  const [user = Number.NaN, system = Number.NaN] = run.stderr.trim().split(/\s+/).map(Number);
  return user + system;
}

interface Contender {
  readonly name: string;
  readonly command: (file: string) => readonly string[];
}
const installed = (program: string): boolean =>
  spawnSync('bash', ['-c', 'command -v "$1"', 'bash', program]).status === 0;
const PEERS: readonly Contender[] = [
  { name: 'tshark', command: (file: string) => ['tshark', '-n', '-q', '-z', 'io,phs', '-r', file] },
  { name: 'ndpiReader', command: (file: string) => ['ndpiReader', '-q', '-i', file] },
  { name: 'tcpdump', command: (file: string) => ['tcpdump', '-r', file, '-w', '/dev/null'] },
].filter(({ name }) => installed(name));
const OURS: Contender = {
  name: 'interlock',
  command: (file) => [process.execPath, 'packages/cli/bin/interlock.mjs', 'inspect', '--csv', '--no-progress', file],
};

function capture(name: string, options: TrafficOptions): string {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `${name}-${options.flows}-${options.fileSize}.pcap`);
  if (existsSync(file)) return file;
  const descriptor = openSync(file, 'w');
  generateTraffic(options, (bytes) => writeSync(descriptor, bytes));
  closeSync(descriptor);
  return file;
}

/**
 * The shared captures in one file, where they and mergecap are there. Only those of Ethernet links: what holds frames of
 * several links, the peers cannot read.
 */
function mergedShared(): string | undefined {
  if (!existsSync(SHARED) || !installed('mergecap') || !installed('capinfos')) return undefined;
  const file = join(CACHE, 'shared-ethernet.pcap');
  if (existsSync(file) && statSync(file).size > 0) return file;
  mkdirSync(CACHE, { recursive: true });
  const captures = readdirSync(SHARED, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.pcap(ng)?(\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => / Ethernet$/m.test(spawnSync('capinfos', ['-E', path], { encoding: 'utf8' }).stdout))
    .sort();
  // mergecap reads gzip too; it ends with an error for the one capture that is cut off, and has written all by then.
  spawnSync('mergecap', ['-F', 'pcap', '-w', file, ...captures]);
  return existsSync(file) && statSync(file).size > 0 ? file : undefined;
}

let alarms = 0;
const say = (line: string) => console.log(line);

say(
  `stages, median CPU seconds of ${rounds} rounds, and as multiples of walking the records (aim 1 : ${AIM.headers} : ${AIM.flows})`,
);
const files = TRAFFIC.map((one) => ({ ...one, file: capture(one.name, one.options) }));
for (const { name, title, file } of files) {
  const times = new Map<string, number[]>(STAGES.map((stage) => [stage, []]));
  let resident = 0;
  let frames = 0;
  for (let round = 0; round < rounds; round++) {
    for (const stage of round % 2 === 0 ? STAGES : [...STAGES].reverse()) {
      const result = runStage(stage, file);
      times.get(stage)?.push(result.cpu);
      frames = result.frames;
      if (stage === 'engine') resident = Math.max(resident, result.residentKb / 1024);
    }
  }
  const [walked = 1, headers = 1, flows = 1, engine = 1] = STAGES.map((stage) => median(times.get(stage) ?? []));
  say(`  ${title.padEnd(26)} ${frames} frames`);
  say(
    `    walk ${seconds(walked)}  headers ${seconds(headers)} (${ratio(headers, walked)})  flows ${seconds(flows)} (${ratio(flows, walked)})  engine ${seconds(engine)} (${ratio(engine, walked)})  resident ${resident.toFixed(0)} MB`,
  );
  if (!values.quick && name !== 'million' && (headers / walked > ALARM.headers || flows / walked > ALARM.flows)) {
    say(`    ALARM: more than 1 : ${ALARM.headers} : ${ALARM.flows}`);
    alarms++;
  }
  if (name === 'million' && resident > MOST_RESIDENT_MB) {
    say(`    ALARM: more than ${MOST_RESIDENT_MB} MB resident`);
    alarms++;
  }
}

say(
  `\nwhole processes, median CPU seconds, and as multiples of ours (peers installed: ${PEERS.map(({ name }) => name).join(', ') || 'none'})`,
);
const shared = mergedShared();
if (!shared) say('  the shared captures are not there, or mergecap is not: skipped');
const compared = [...(shared ? [{ title: 'shared captures in one file', file: shared }] : []), ...files.slice(0, 1)];
for (const { title, file } of compared) {
  const contenders = [OURS, ...PEERS];
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of round % 2 === 0 ? contenders : [...contenders].reverse())
      times.get(name)?.push(cpuOf(command(file)));
  }
  const ours = median(times.get(OURS.name) ?? []);
  say(`  ${title}`);
  for (const { name } of contenders) {
    const time = median(times.get(name) ?? []);
    say(`    ${name.padEnd(11)} ${seconds(time)}${name === OURS.name ? '' : `  ${ratio(time, ours)} of ours`}`);
  }
}

if (!values['no-live']) {
  say('');
  const live = spawnSync(
    process.execPath,
    ['tools/bench-live.ts', ...(shared ? ['--capture', shared] : []), ...(values.quick ? ['--quick'] : [])],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (live.status !== 0) alarms++;
}

if (!values['no-store']) {
  say('');
  const store = spawnSync(
    process.execPath,
    ['tools/bench-store.ts', ...(values.quick ? ['--observations', '100000', '--devices', '1000'] : [])],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (store.status !== 0) alarms++;
}
process.exit(alarms > 0 ? 1 : 0);

// The door to everything: `npm start`, `npm test` and the other scripts come through here. Runs on any Node from 20 on,
// installs what is missing, and hands over to the Node that the project pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = join(ROOT, 'node_modules/node/bin/node');
const STAMPS = join(ROOT, 'node_modules/.cache/interlock');
const CONSOLE = join(ROOT, 'packages/web/dist/index.html');

const [task = '', ...args] = process.argv.slice(2);

/** SHA-256 over names and contents of files and folders, in a fixed order. */
function digestOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(ROOT, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
      return;
    }
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

const stampOf = (name) => (existsSync(join(STAMPS, name)) ? readFileSync(join(STAMPS, name), 'utf8') : '');
function setStamp(name, digest) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), digest);
}

/** Runs a command to its end with its output shown; ends this process where it fails. */
function must(command, commandArgs, why) {
  const run = spawnSync(command, commandArgs, { cwd: ROOT, stdio: 'inherit' });
  if (run.status === 0) return;
  console.error(
    `interlock: ${why} failed (${command} ${commandArgs.join(' ')}): ${run.error?.message ?? `exit ${run.status}`}`,
  );
  process.exit(run.status || 1);
}

function ensureInstalled() {
  const digest = digestOf(['package-lock.json', 'package.json', ...workspaces().map((w) => join(w, 'package.json'))]);
  if (stampOf('install') === digest && existsSync(NODE)) return;
  console.error('interlock: installing what is missing (about a minute the first time)');
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing');
  if (!existsSync(NODE)) must('npm', ['rebuild', 'node', '--ignore-scripts=false'], 'installing the pinned Node');
  setStamp('install', digest);
}
const workspaces = () => [...readdirSync(join(ROOT, 'packages')).map((p) => join('packages', p)), 'lab'];

function ensureConsole() {
  const digest = digestOf([
    'packages/web/src',
    'packages/web/index.html',
    'packages/web/vite.config.ts',
    'packages/model/src',
    'package-lock.json',
  ]);
  if (stampOf('console') === digest && existsSync(CONSOLE)) return;
  console.error('interlock: building the console');
  must(
    NODE,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', join(ROOT, 'packages/web')],
    'building the console',
  );
  setStamp('console', digest);
}

/** Hands over to the pinned Node; signals and the exit code go through. */
function handOver(script, scriptArgs) {
  const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...scriptArgs], {
    cwd: process.env.INIT_CWD ?? ROOT,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
}

const TASKS = {
  start: () => {
    ensureConsole();
    handOver('packages/cli/bin/interlock.mjs', ['serve', ...args]);
  },
  test: () => {
    ensureConsole();
    handOver('tools/check.ts', ['--all', ...args]);
  },
  check: () => handOver('tools/check.ts', args),
  bench: () => handOver('tools/bench.ts', args),
  fuzz: () => handOver('tools/fuzz.ts', args),
  golden: () => handOver('tools/golden.ts', args),
  lab: () => handOver('lab/src/record.ts', args),
  reference: () => handOver('tools/generate-reference.ts', args),
};

if (!Object.hasOwn(TASKS, task)) {
  console.error(`interlock: no task "${task}"; there are ${Object.keys(TASKS).join(', ')}`);
  process.exit(2);
}
ensureInstalled();
TASKS[task]();

// Everything that decides whether a change may land, one step after the other, with the time each took. `npm test` runs
// all of it; `npm run check` leaves out the browser and the PostgreSQL tests for the quick look between two commits.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { all: { type: 'boolean' }, only: { type: 'string' } } });

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Only part of `npm test`. */
  readonly slow?: boolean;
}
const module = (path: string) => join(ROOT, 'node_modules', path);
const tsc = (project: string): Step => ({
  name: `types ${project}`,
  command: [module('typescript/bin/tsc'), '-p', project],
});
const projects = readdirSync(join(ROOT, 'packages'))
  .flatMap((p) => [`packages/${p}/tsconfig.json`, `packages/${p}/tsconfig.test.json`])
  .concat('tools/tsconfig.json', 'lab/tsconfig.json')
  .filter((path) => existsSync(join(ROOT, path)));

const STEPS: readonly Step[] = [
  ...projects.map(tsc),
  { name: 'lint', command: [module('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'] },
  { name: 'layers', command: ['tools/check-layers.ts'] },
  { name: 'modules', command: ['tools/check-modules.ts'] },
  { name: 'reference', command: ['tools/generate-reference.ts', '--check'] },
  { name: 'tests', command: [module('vitest/vitest.mjs'), 'run', '--project', 'unit'] },
  { name: 'console in the browser', command: [module('vitest/vitest.mjs'), 'run', '--project', 'browser'], slow: true },
];

const failed: string[] = [];
let passed = 0;
for (const step of STEPS) {
  if ((step.slow && !values.all) || (values.only && !step.name.includes(values.only))) continue;
  const started = performance.now();
  const run = spawnSync(process.execPath, step.command as string[], { cwd: ROOT, stdio: 'inherit' });
  const ok = run.status === 0;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) passed++;
  else failed.push(step.name);
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);

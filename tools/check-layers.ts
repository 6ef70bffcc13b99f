// Keeps the one rule of direction (ARCHITECTURE.md): which package may use which, which folder inside a package may use
// which, and what pure packages must not touch. Compares manifests and imports with the tables below.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Workspace packages each package may import. A package that is not listed here does not exist. */
const MAY_USE: Record<string, readonly string[]> = {
  model: [],
  wire: ['model'],
  documents: ['model'],
  assess: ['model'],
  server: ['model', 'wire', 'documents', 'assess'],
  web: ['model'],
  cli: ['model', 'wire', 'assess', 'server'],
};
/** Tests may also use what is listed here: identity is tried on real observations, the console against a real server
 *  and with captures that tests write. */
const TESTS_MAY_USE: Record<string, readonly string[]> = { assess: ['wire'], web: ['server', 'wire'] };

/** Folders inside a package that must not import from others of it. */
const FOLDER_RULES: readonly { readonly from: string; readonly not: readonly string[]; readonly why: string }[] = [
  {
    from: 'packages/wire/src/capture',
    not: [
      'packages/wire/src/packet',
      'packages/wire/src/flow',
      'packages/wire/src/protocols',
      'packages/wire/src/engine.ts',
    ],
    why: 'reading files knows nothing of what is in them',
  },
  {
    from: 'packages/wire/src/packet',
    not: ['packages/wire/src/protocols', 'packages/wire/src/flow', 'packages/wire/src/engine.ts'],
    why: 'headers know nothing of protocols and flows',
  },
  {
    from: 'packages/wire/src/flow',
    not: ['packages/wire/src/protocols', 'packages/wire/src/engine.ts'],
    why: 'flows know nothing of protocols',
  },
  {
    from: 'packages/wire/src/protocols',
    not: [
      'packages/wire/src/flow',
      'packages/wire/src/packet',
      'packages/wire/src/capture',
      'packages/wire/src/engine.ts',
    ],
    why: 'protocols see messages only',
  },
  {
    from: 'packages/server/src/store',
    not: ['packages/server/src/http', 'packages/server/src/ingest'],
    why: 'the store is below ingest and HTTP',
  },
];

const PURE = ['model', 'wire', 'documents', 'assess'];
/** What compiles without Node's types and still is not pure. */
const IMPURE: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bDate\.now\s*\(|\bnew Date\s*\(\s*\)/, what: 'the clock' },
  { pattern: /\bMath\.random\s*\(/, what: 'chance' },
  { pattern: /\bfrom\s+'node:/, what: 'Node' },
  { pattern: /\bconsole\./, what: 'the console' },
];

const problems: string[] = [];

function* sources(folder: string): Generator<string> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield path;
  }
}
const isTest = (path: string) => /\.(test|e2e)\.tsx?$|\.golden\.ts$|\/testing\/|\/e2e\//.test(path);
const importsOf = (code: string) =>
  [
    ...code.matchAll(
      /(?:^|\s)(?:import|export)\s[^;'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');

for (const name of readdirSync(join(ROOT, 'packages'))) {
  const allowed = MAY_USE[name];
  if (!allowed) {
    problems.push(`packages/${name}: not in the table of tools/check-layers.ts`);
    continue;
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    const other = dependency.replace('@interlock/', '');
    if (other !== dependency && !allowed.includes(other))
      problems.push(`packages/${name}/package.json: may not depend on ${other}`);
  }
  for (const path of sources(join(ROOT, 'packages', name))) {
    const code = readFileSync(path, 'utf8');
    const shown = relative(ROOT, path);
    const test = isTest(path);
    for (const specifier of importsOf(code)) {
      const other = /^@interlock\/([a-z]+)/.exec(specifier)?.[1];
      const testsToo = test ? (TESTS_MAY_USE[name] ?? []) : [];
      if (other && !allowed.includes(other) && !testsToo.includes(other))
        problems.push(`${shown}: ${name} may not use ${other}`);
      if (
        specifier.startsWith('.') &&
        !relative(join(ROOT, 'packages', name), join(path, '..', specifier)).startsWith('..')
      ) {
        const target = relative(ROOT, join(path, '..', specifier));
        for (const rule of FOLDER_RULES) {
          if (test || !shown.startsWith(`${rule.from}/`)) continue;
          if (rule.not.some((not) => target === not || target.startsWith(`${not}/`)))
            problems.push(`${shown}: may not import ${target}: ${rule.why}`);
        }
      } else if (specifier.startsWith('.'))
        problems.push(`${shown}: reaches into another package by path: ${specifier}`);
    }
    if (!PURE.includes(name) || test) continue;
    for (const { pattern, what } of IMPURE)
      if (pattern.test(code)) problems.push(`${shown}: ${name} may not touch ${what}`);
  }
}

for (const problem of problems) console.error(problem);
console.log(
  `layers: ${problems.length === 0 ? 'every import follows the rule' : `${problems.length} imports break the rule`}`,
);
process.exit(problems.length > 0 ? 1 : 0);

// Proves that nothing is missing beside what is added most often: every protocol is in the array, has its golden files
// and test, and says every fact kind it promises; words have one definition; files stay short; the root stays small.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FACTS, OPERATION_KINDS } from '@interlock/model';
import { PROTOCOLS } from '@interlock/wire';

const ROOT = join(import.meta.dirname, '..');
const MAX_LINES = 500;
/** Tests are lists of cases: longer, and still read from top to bottom. */
const MAX_TEST_LINES = 800;
const MAX_ROOT_ENTRIES = 22;
const problems: string[] = [];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

// Protocols: one value, one folder, one line, in order.
const folder = 'packages/wire/src/protocols';
const names = PROTOCOLS.map((p) => p.name);
for (const [i, name] of names.entries())
  if (i > 0 && (names[i - 1] ?? '') >= name) problems.push(`protocols/index.ts: ${name} is not in order, or twice`);
const told = new Set<string>();
for (const protocol of PROTOCOLS) {
  const { name } = protocol;
  for (const file of [`${name}.ts`, `${name}.golden.ts`, `${name}.expected.jsonl`, `${name}.test.ts`]) {
    if (!existsSync(join(ROOT, folder, name, file))) problems.push(`protocols/${name}: ${file} is missing`);
  }
  for (const kind of protocol.tells) told.add(kind);
  // Secrets: who tells that they cross also says where, and its golden capture holds some that a test looks for.
  const tellsSecrets = protocol.tells.includes('credential.cleartext');
  if (tellsSecrets && !protocol.secrets)
    problems.push(`protocols/${name}: tells credential.cleartext, but has no "secrets" that says what must be hidden`);
  const goldenFile = join(ROOT, folder, name, `${name}.golden.ts`);
  if (tellsSecrets && existsSync(goldenFile)) {
    const { secrets } = (await import(pathToFileURL(goldenFile).href)) as { secrets?: readonly string[] };
    if (!secrets || secrets.length === 0)
      problems.push(`protocols/${name}: ${name}.golden.ts exports no list "secrets" of those in its capture`);
  }
  const expected = join(ROOT, folder, name, `${name}.expected.jsonl`);
  if (!existsSync(expected)) continue;
  const said = new Set(
    readFileSync(expected, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { kind: string }).kind),
  );
  const missing = protocol.tells.filter((kind: string) => !said.has(kind));
  if (missing.length > 0)
    problems.push(
      `protocols/${name}: golden file shows ${said.size} of ${protocol.tells.length} fact kinds; not ${missing.join(', ')}`,
    );
}
const USED_BY_OTHERS = ['dns', 'cip']; // folders of shared parts that may hold no protocol of their own
for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
  if (entry.isDirectory() && !names.includes(entry.name) && !USED_BY_OTHERS.includes(entry.name))
    problems.push(`protocols/${entry.name}: not in the array`);
}

// Words: one definition each.
const glossary = [...read('GLOSSARY.md').matchAll(/^\*\*(.+?)\*\*/gm)].map((m) => (m[1] ?? '').toLowerCase());
for (const [i, word] of glossary.entries())
  if (glossary.indexOf(word) !== i) problems.push(`GLOSSARY.md: "${word}" is defined twice`);
for (const kind of Object.keys(OPERATION_KINDS))
  if (!glossary.includes(`operation: ${kind}`)) problems.push(`GLOSSARY.md: operation kind "${kind}" is missing`);
const titles = new Map<string, string>();
for (const [kind, { title }] of Object.entries(FACTS)) {
  const other = titles.get(title);
  if (other) problems.push(`facts.ts: ${other} and ${kind} have the same title`);
  titles.set(title, kind);
}

// Size: a file over the limit says why in its first lines.
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);
for (const path of tracked) {
  if (!existsSync(join(ROOT, path))) continue;
  const code = read(path);
  const lines = code.split('\n').length - 1;
  const most = /\.test\.tsx?$/.test(path) ? MAX_TEST_LINES : MAX_LINES;
  if (lines > most && !/^\/\/ Over \d+ lines: /m.test(code.slice(0, 2000)))
    problems.push(`${path}: ${lines} lines; say why in a line "// Over ${most} lines: ..."`);
  if (/\b(TODO|FIXME|XXX|HACK)\b/.test(code) && !path.endsWith('check-modules.ts'))
    problems.push(`${path}: marks unfinished work`);
  if (/\b(it|test|describe)\.only\(/.test(code)) problems.push(`${path}: runs only some tests`);
}
const root = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const entries = new Set(root.map((path) => path.split('/')[0]));
if (entries.size > MAX_ROOT_ENTRIES) problems.push(`the root holds ${entries.size} entries`);
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { resolved?: string; link?: boolean }>;
};
for (const [path, entry] of Object.entries(lock.packages))
  if (entry.resolved && !entry.link) problems.push(`package-lock.json: ${path} holds a download address`);

for (const problem of problems) console.error(problem);
console.log(
  `modules: ${PROTOCOLS.length} protocols tell ${told.size} of ${Object.keys(FACTS).length} fact kinds; ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);

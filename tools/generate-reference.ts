// Writes docs/reference from the values themselves: protocols, fact kinds, errors, exit codes, the API and the output of
// inspect. With --check nothing is written and a page that is not up to date is a failure.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT } from '@interlock/cli/exit-codes';
import { FACTS, OPERATION_KINDS } from '@interlock/model';
import { ERRORS } from '@interlock/model/errors';
import { inspectOutput } from '@interlock/model/inspect-output';
import { PROTOCOLS } from '@interlock/wire';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, '../docs/reference');
const { values: options } = parseArgs({ options: { check: { type: 'boolean' } } });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
const GENERATED = 'This page is made by `npm run reference`; `npm test` fails where it is not up to date.';

function protocolsPage(): string {
  const depths =
    'Depth: **recognised** (it is named), **identity** (what devices say of themselves), **functions** (also what is asked of them), **full** (also its values).';
  const rows = PROTOCOLS.map((p) => [
    `\`${p.name}\``,
    p.title,
    p.depth,
    Object.entries(p.on as Record<string, readonly number[]>)
      .map(
        ([over, numbers]) =>
          `${over} ${numbers.map((n) => (over === 'tcp' || over === 'udp' ? String(n) : `0x${n.toString(16)}`)).join(', ')}`,
      )
      .join('; '),
    p.recognise ? 'yes' : 'no',
    p.spec,
  ]);
  const kinds = PROTOCOLS.map(
    (p) =>
      `### ${p.title}\n\n${(p.tells as string[]).map((kind) => `\`${kind}\``).join(', ') || 'nothing but that it is used'}`,
  );
  return `# Protocols\n\n${GENERATED}\n\n${depths}\n\n${table(['Name', 'Protocol', 'Depth', 'Carried on', 'Recognised elsewhere', 'Specification'], rows)}\n\n## What each may tell\n\n${kinds.join('\n\n')}\n`;
}

function factsPage(): string {
  const tellers = new Map<string, string[]>();
  for (const p of PROTOCOLS)
    for (const kind of p.tells as string[]) tellers.set(kind, [...(tellers.get(kind) ?? []), p.name]);
  const rows = Object.entries(FACTS).map(([kind, { title, group, type }]) => [
    `\`${kind}\``,
    title,
    group,
    type,
    (tellers.get(kind) ?? []).join(', ') || 'the engine, or a conclusion',
  ]);
  const operations = Object.entries(OPERATION_KINDS).map(([kind, meaning]) => [kind, meaning]);
  return `# Fact kinds\n\n${GENERATED}\n\n${table(['Kind', 'Title', 'Group', 'Value', 'Told by'], rows)}\n\n## Kinds of operation\n\n${table(['Kind', 'Meaning'], operations)}\n`;
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, e]) => [
    `\`${code}\``,
    e.status === 0 ? 'at the start' : String(e.status),
    e.whose,
    e.template,
    e.whatToDo,
  ]);
  const exits = Object.values(EXIT).map(({ code, meaning }) => [String(code), meaning]);
  return `# Errors and exit codes\n\n${GENERATED}\n\n## Errors of the API and of the start\n\n${table(['Code', 'Status', 'Whose fault', 'What is said', 'What to do'], rows)}\n\n## Exit codes of the command line\n\n${table(['Code', 'Meaning'], exits)}\n`;
}

const PAGES: readonly { readonly file: string; readonly make: () => string }[] = [
  { file: 'protocols.md', make: protocolsPage },
  { file: 'facts.md', make: factsPage },
  { file: 'errors.md', make: errorsPage },
  { file: 'inspect.schema.json', make: () => `${JSON.stringify(z.toJSONSchema(inspectOutput), null, 2)}\n` },
];

const stale: string[] = [];
mkdirSync(FOLDER, { recursive: true });
for (const { file, make } of PAGES) {
  const path = join(FOLDER, file);
  const text = make();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (!options.check) writeFileSync(path, text);
}
if (options.check && stale.length > 0) {
  console.error(`reference: not up to date: ${stale.join(', ')}; run npm run reference`);
  process.exit(1);
}
console.log(`reference: ${PAGES.length} pages, ${stale.length} ${options.check ? 'stale' : 'written'}`);

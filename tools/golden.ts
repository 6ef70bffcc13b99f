// `npm run golden [NAME...]`: writes what protocols tell of their golden captures into `<name>.expected.jsonl`, all of
// them or those named. What changes is to be read line by line before it is committed: the test only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROTOCOLS } from '@interlock/wire';
import type { Capture } from '@interlock/wire/testing';
import { expectedLines } from '../packages/wire/src/testing/golden-lines.ts';

const FOLDER = join(import.meta.dirname, '../packages/wire/src/protocols');
const names = process.argv.slice(2);
const unknown = names.filter((name) => !PROTOCOLS.some((protocol) => protocol.name === name));
for (const name of unknown) console.error(`golden: no protocol "${name}" in protocols/index.ts`);
let failed = unknown.length > 0;

for (const protocol of PROTOCOLS) {
  const { name } = protocol;
  if (names.length > 0 && !names.includes(name)) continue;
  const source = join(FOLDER, name, `${name}.golden.ts`);
  if (!existsSync(source)) {
    console.error(`golden: ${name} has no ${name}.golden.ts`);
    failed = true;
    continue;
  }
  const { golden } = (await import(pathToFileURL(source).href)) as { golden: Capture };
  const file = join(FOLDER, name, `${name}.expected.jsonl`);
  const lines = await expectedLines(protocol, golden);
  const text = lines.map((line) => `${line}\n`).join('');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (text !== before) writeFileSync(file, text);
  const said = new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind));
  const missing = protocol.tells.filter((kind: string) => !said.has(kind));
  const told = `${protocol.tells.length - missing.length} of ${protocol.tells.length} kinds of fact`;
  const change = text === before ? 'as before' : before === undefined ? 'new' : 'changed';
  console.log(
    `${name}: ${lines.length} lines, ${told}${missing.length > 0 ? `, not ${missing.join(', ')}` : ''}; ${change}`,
  );
}
process.exit(failed ? 1 : 0);

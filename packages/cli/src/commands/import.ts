// `interlock import`: takes a document into the store of a data folder, or only says what would be understood of it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ASSET_FIELD_NAMES, type AssetFieldName, type ColumnMapping } from '@interlock/model';
import type { ImportDetail, ImportPreview } from '@interlock/model/api';
import { ERRORS } from '@interlock/model/errors';
import { ApiProblem, bytesOfFile, dryRun, importerNames, StartProblem, startServer } from '@interlock/server';
import { EXIT } from '../exit-codes.ts';
import type { ImportCommandOptions } from '../main.ts';

/** Largest document that is read, packed or not: the command line has no other limit. */
const MAX_BYTES = 16 * 1024 ** 3;
/** Problems printed; the console and --json show more. */
const PROBLEMS_PRINTED = 20;

/** In: a file and the options of the command line. Out: exit code. */
export async function importDocument(file: string, options: ImportCommandOptions): Promise<number> {
  const mapping = readMapping(options.mapping ?? []);
  if (typeof mapping === 'string') return usage(mapping);
  if (options.importer && !importerNames().includes(options.importer))
    return usage(`there is no importer "${options.importer}"; there are ${importerNames().join(', ')}`);
  if (!existsSync(file) || !statSync(file).isFile()) {
    console.error(`interlock: ${file}: no such file`);
    return EXIT.unreadable.code;
  }
  try {
    return await (options.dryRun ? lookOnly(file, mapping, options) : takeIn(file, mapping, options));
  } catch (error) {
    if (error instanceof StartProblem) {
      console.error(`interlock: ${error.message}\n${error.whatToDo}`);
      if (error.code === 'start.data-locked')
        console.error(
          'Where "interlock serve" runs on it, documents are imported in its console, on the page Imports.',
        );
      return EXIT.notStarted.code;
    }
    if (!(error instanceof ApiProblem)) throw error;
    console.error(`interlock: ${basename(file)}: ${error.message}\n${ERRORS[error.code].whatToDo}`);
    return error.code === 'import.other-format' ? EXIT.usage.code : EXIT.unreadable.code;
  }
}

async function lookOnly(
  file: string,
  mapping: ColumnMapping | undefined,
  options: ImportCommandOptions,
): Promise<number> {
  const { importer, title, preview } = await dryRun(file, {
    importer: options.importer,
    mapping,
    maxUnpacked: MAX_BYTES,
  });
  if (options.json) console.log(JSON.stringify({ file, importer, ...preview }, null, 1));
  else {
    console.log(`${basename(file)}: ${title}; nothing is imported`);
    printMapping(preview);
    printCounts(preview, preview.kinds);
    printProblems(preview);
  }
  return preview.kinds.length === 0 ? EXIT.unreadable.code : preview.problems > 0 ? EXIT.damaged.code : EXIT.ok.code;
}

async function takeIn(
  file: string,
  mapping: ColumnMapping | undefined,
  options: ImportCommandOptions,
): Promise<number> {
  const name = basename(file);
  const source = options.source ?? name.replace(/(\.[a-z]{1,6}){1,2}$/i, '');
  const server = await startServer({
    data: options.data,
    port: 0,
    demo: false,
    logLevel: 'error',
    maxUpload: MAX_BYTES,
    maxUnpacked: MAX_BYTES,
    ...(process.env['DATABASE_URL'] ? { databaseUrl: process.env['DATABASE_URL'] } : {}),
  });
  try {
    const looked = await server.imports.receive({ name, bytes: bytesOfFile(file), importer: options.importer });
    const known = looked.preview?.table ? (mapping ?? (await server.imports.mappingOf(source))) : undefined;
    await server.imports.start(looked.id, source, known);
    await server.settled();
    const done = await server.imports.detail(looked.id);
    if (options.json) console.log(JSON.stringify({ file, ...done }, null, 1));
    else {
      console.log(`${name}: ${done.importerTitle}, now the current version of "${source}"`);
      printCounts(done, done.kinds);
      if (done.devices) console.log(`${done.devices.known} devices, ${done.devices.onlyListed} of them never met`);
      if (done.changes)
        console.log(`${done.changes.added} facts added, ${done.changes.kept} kept, ${done.changes.gone} gone`);
      if (done.problem) console.error(`interlock: ${name}: ${done.problem}`);
      printProblems(done);
    }
    if (done.state === 'failed') return EXIT.unreadable.code;
    return done.problems > 0 || done.problem ? EXIT.damaged.code : EXIT.ok.code;
  } finally {
    await server.close();
  }
}

/** `TITLE=FIELD` each, or one name of a JSON file that holds the same. Out: the mapping, or what is wrong with it. */
export function readMapping(given: readonly string[]): ColumnMapping | string | undefined {
  if (given.length === 0) return undefined;
  const mapping: Record<string, AssetFieldName> = {};
  const put = (title: string, field: string): string | undefined => {
    const known = ASSET_FIELD_NAMES.find((name) => name === field);
    if (!known) return `there is no field "${field}"; there are ${ASSET_FIELD_NAMES.join(', ')}`;
    mapping[title] = known;
    return undefined;
  };
  for (const one of given) {
    const at = one.lastIndexOf('=');
    if (at > 0) {
      const wrong = put(one.slice(0, at), one.slice(at + 1));
      if (wrong) return wrong;
      continue;
    }
    let read: unknown;
    try {
      read = JSON.parse(readFileSync(one, 'utf8'));
    } catch (error) {
      return `--mapping ${one}: neither TITLE=FIELD nor a JSON file: ${(error as Error).message}`;
    }
    for (const [title, field] of Object.entries((read ?? {}) as Record<string, unknown>)) {
      const wrong = put(title, String(field));
      if (wrong) return wrong;
    }
  }
  return mapping;
}

function printMapping({ table, mapping }: ImportPreview): void {
  if (!table) return;
  const width = Math.max(...table.columns.map(({ title }) => title.length));
  for (const { title, samples, secret } of table.columns) {
    const what = secret ? '(not read)' : (mapping?.[title] ?? '(left out)');
    console.log(`  ${title.padEnd(width)}  ${what.padEnd(16)} ${samples.join(' | ')}`.trimEnd());
  }
}
function printCounts(of: Pick<ImportDetail, 'records' | 'refused' | 'problems'>, kinds: ImportPreview['kinds']): void {
  console.log(`${of.records} records, ${of.refused} of them not understood, ${of.problems} problems`);
  for (const { title, facts } of kinds) console.log(`  ${String(facts).padStart(9)}  ${title}`);
}
function printProblems({ firstProblems, problems }: Pick<ImportDetail, 'firstProblems' | 'problems'>): void {
  for (const { path, text } of firstProblems.slice(0, PROBLEMS_PRINTED)) console.error(`interlock: ${path}: ${text}`);
  if (problems > PROBLEMS_PRINTED) console.error(`interlock: and ${problems - PROBLEMS_PRINTED} problems more`);
}

function usage(problem: string): number {
  console.error(`interlock: ${problem}`);
  return EXIT.usage.code;
}

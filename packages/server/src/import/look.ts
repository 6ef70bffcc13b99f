// A look at a document before anything of it is imported: its columns and the guess what they hold, what will be
// understood, and what will not. Nothing is stored.
import type { Importer, ReadOptions, TableHead } from '@interlock/documents';
import {
  type ColumnMapping,
  type FactKind,
  IMPORT_PROBLEMS,
  type ImportProblem,
  type ImportProblemCode,
  subjectKey,
} from '@interlock/model';
import type { ImportPreview } from '@interlock/model/api';
import { factText, factTitle } from '../store/texts.ts';

/** Records looked at: half a second of reading; the whole document is read when it is imported. */
export const MAX_RECORDS_LOOKED_AT = 100_000;
const FACTS_SHOWN = 30;
const PROBLEMS_SHOWN = 20;

/** In: the importer, a way to read the document from its start, and options. Out: the preview. */
export async function lookAt(
  importer: Importer,
  open: () => AsyncGenerator<Uint8Array>,
  options: Omit<ReadOptions, 'mapping'> & { readonly mapping?: ColumnMapping | undefined },
  most: number = MAX_RECORDS_LOOKED_AT,
): Promise<ImportPreview> {
  const table = importer.columns ? await importer.columns(open()) : undefined;
  const mapping = table ? mappingFor(table, options.mapping) : undefined;
  const kinds = new Map<FactKind, number>();
  const codes = new Map<ImportProblemCode, number>();
  const subjects = new Set<string>();
  const facts: ImportPreview['facts'] = [];
  const firstProblems: ImportProblem[] = [];
  let [records, refused, problems] = [0, 0, 0];
  let whole = true;
  const { mapping: _, ...plain } = options;
  for await (const batch of importer.read(open(), { ...plain, ...(mapping ? { mapping } : {}) })) {
    records += batch.records;
    refused += batch.refused;
    problems += batch.problems.length;
    for (const { kind, subject, value, provenance } of batch.observations) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      subjects.add(subjectKey({ ...subject, part: '' }));
      if (facts.length >= FACTS_SHOWN || provenance.from !== 'document') continue;
      const { path, field } = provenance;
      facts.push({ subject: subjectKey(subject), title: factTitle(kind), text: factText(kind, value), path, field });
    }
    for (const one of batch.problems) {
      codes.set(one.code, (codes.get(one.code) ?? 0) + 1);
      if (firstProblems.length < PROBLEMS_SHOWN) firstProblems.push(one);
    }
    if (records < most) continue;
    whole = false;
    break;
  }
  const byCount = <K extends string>(counts: ReadonlyMap<K, number>) => [...counts].sort(([, a], [, b]) => b - a);
  return {
    ...(table ? { table: shown(table) } : {}),
    ...(mapping ? { mapping: { ...mapping } } : {}),
    records,
    refused,
    problems,
    byCode: byCount(codes).map(([code, count]) => ({ code, meaning: IMPORT_PROBLEMS[code], count })),
    firstProblems,
    kinds: byCount(kinds).map(([kind, count]) => ({ kind, title: factTitle(kind), facts: count })),
    facts,
    devices: subjects.size,
    whole,
  };
}

/** What a person said of the columns that are there; else the guess. */
function mappingFor(table: TableHead, given: ColumnMapping | undefined): ColumnMapping {
  if (!given) return table.guessed;
  const titles = new Set(table.columns.map(({ title }) => title));
  const usable = Object.entries(given).filter(([title]) => titles.has(title));
  return usable.length > 0 || Object.keys(given).length === 0 ? Object.fromEntries(usable) : table.guessed;
}

const shown = ({ columns, guessed, rows }: TableHead): NonNullable<ImportPreview['table']> => ({
  columns: columns.map(({ title, samples, secret }) => ({
    title,
    samples: [...samples],
    ...(secret ? { secret } : {}),
  })),
  guessed: { ...guessed },
  rows: rows.map((row) => [...row]),
});

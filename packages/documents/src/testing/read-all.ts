// Reads a document in tests: from pieces of any size, into everything that came of it.
import type { ColumnMapping, ImportProblem, Observation } from '@interlock/model';
import { type Importer, importerFor, importerNamed } from '../index.ts';

export interface ReadDocument {
  readonly observations: readonly Observation[];
  readonly problems: readonly ImportProblem[];
  readonly records: number;
  readonly refused: number;
}
export const AT = Date.UTC(2026, 0, 6);

export async function* pieces(bytes: Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function readAll(
  given: Uint8Array | string,
  name: string,
  options: { readonly size?: number; readonly importer?: string; readonly mapping?: ColumnMapping } = {},
): Promise<ReadDocument> {
  const bytes = typeof given === 'string' ? bytesOf(given) : given;
  const importer: Importer | undefined = options.importer
    ? importerNamed(options.importer)
    : importerFor(bytes.subarray(0, 16_384), name);
  if (!importer) throw new Error(`${name} is not recognised`);
  const observations: Observation[] = [];
  const problems: ImportProblem[] = [];
  let [records, refused] = [0, 0];
  const read = { document: name, source: 'Source', at: AT, ...(options.mapping ? { mapping: options.mapping } : {}) };
  for await (const batch of importer.read(pieces(bytes, options.size), read)) {
    observations.push(...batch.observations);
    problems.push(...batch.problems);
    records += batch.records;
    refused += batch.refused;
  }
  return { observations, problems, records, refused };
}

/** Facts as short texts: `10.0.0.1 device.model CPU 315 @ row 2, column E`. */
export const said = ({ observations }: ReadDocument, ...kinds: readonly string[]): string[] =>
  observations
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ kind, subject, value }) => {
      const who = subject.entry ? `~${subject.entry}` : `${subject.ip ?? ''}${subject.mac ? `@${subject.mac}` : ''}`;
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `${who}${subject.part ? `#${subject.part}` : ''} ${kind} ${text}`;
    });

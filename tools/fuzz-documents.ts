// The importers as a target of the fuzzer: samples of every format bent and cut, read in pieces of any size, sometimes by
// the importer of another format; what comes out is checked.

import { IMPORTERS, type Importer, importerFor } from '@interlock/documents';
import { type ColumnMapping, FACTS, isFactKind } from '@interlock/model';
import { SAMPLES, type Sample } from '../packages/documents/src/testing/samples.ts';
import { joined, mutate, type Random } from './fuzz-mutate.ts';

const AT = Date.UTC(2026, 0, 6);
/** Observations that one byte of a document may cause at most: more would multiply what a sender wrote. */
const MOST_PER_BYTE = 2;
const LEAST = 2_000;

export interface DocumentInput {
  mode: string;
  bytes: Uint8Array;
}

/** Makes and reads one document. Throws where something is wrong with what comes out. */
export async function runDocument(random: Random, input: DocumentInput): Promise<void> {
  const sample = random.pick(SAMPLES);
  const others = SAMPLES.filter(({ importer }) => importer === sample.importer || random.chance(0.1)).map(
    ({ bytes }) => bytes,
  );
  const start = random.chance(0.15) ? repeated(sample, random) : sample.bytes;
  input.bytes = mutate(start, random, others);
  const recognised = importerFor(input.bytes.subarray(0, 16_384), sample.name);
  const importer = random.chance(0.05) ? random.pick(IMPORTERS) : named(sample.importer);
  input.mode = `document of ${importer.name}`;
  await read(recognised ?? importer, sample.name, input.bytes, random);
  if (recognised !== importer) await read(importer, sample.name, input.bytes, random);
}
const named = (name: string): Importer => {
  const importer = IMPORTERS.find((one) => one.name === name);
  if (!importer) throw new Error(`no importer ${name}`);
  return importer;
};
/** The same records many times, as far as the format is a list. */
const repeated = ({ bytes }: Sample, random: Random): Uint8Array =>
  joined(...new Array<Uint8Array>(1 + random.below(20)).fill(bytes));

async function read(importer: Importer, name: string, bytes: Uint8Array, random: Random): Promise<void> {
  const size = random.pick([Number.POSITIVE_INFINITY, 65_536, 1000, 17]);
  const mapping: ColumnMapping | undefined =
    importer.columns && random.chance(0.7) ? (await importer.columns(pieces(bytes, size))).guessed : undefined;
  let count = 0;
  for await (const batch of importer.read(pieces(bytes, size), {
    document: name,
    source: 'Fuzz',
    at: AT,
    ...(mapping ? { mapping } : {}),
  })) {
    count += batch.observations.length;
    if (batch.refused > batch.records) throw new Error('more records refused than read');
    for (const { path, text } of batch.problems)
      if (path === '' || text.length > 400)
        throw new Error(`a problem without a place, or too long: ${path} ${text.slice(0, 100)}`);
    for (const { kind, subject, value, said, first, last, provenance } of batch.observations) {
      if (!isFactKind(kind) || said !== 'imported') throw new Error(`${kind} is no fact of a document`);
      if (!subject.ip && !subject.mac && !subject.entry) throw new Error(`${kind} is about nothing`);
      const { type } = FACTS[kind];
      const is = typeof value;
      const right =
        type === 'text'
          ? is === 'string' && value !== ''
          : type === 'integer'
            ? Number.isSafeInteger(value)
            : type === 'flag'
              ? value === true
              : is === 'object';
      if (!right) throw new Error(`${kind} has the value ${JSON.stringify(value)?.slice(0, 100)}`);
      if (!(first > 0 && first <= last)) throw new Error(`${kind} at ${first} to ${last}`);
      if (provenance.from !== 'document' || provenance.path === '' || provenance.field === '')
        throw new Error(`${kind} has no place`);
    }
  }
  if (count > LEAST + bytes.length * MOST_PER_BYTE) throw new Error(`${count} observations of ${bytes.length} bytes`);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, Math.min(bytes.length, at + size));
}

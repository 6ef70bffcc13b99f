// What a protocol tells of a golden capture, one line of JSON per observation: small, in a fixed order, easy to review.
// `npm run golden` writes these lines beside the protocol, its test compares them.
import { type Observation, subjectKey } from '@interlock/model';
import { type AnalyseOptions, analyse } from '../engine.ts';
import type { AnyProtocol } from '../protocol.ts';
import { byteSourceOf, type Capture } from './capture.ts';

/** Everything the engine tells of the bytes of a capture file. Exceptions of protocols come through. */
export async function observationsOf(
  file: Uint8Array,
  options: AnalyseOptions,
  chunkSize?: number,
  later?: boolean,
): Promise<Observation[]> {
  const all: Observation[] = [];
  for await (const batch of analyse(byteSourceOf(file, chunkSize, later), { strict: true, ...options }))
    all.push(...batch.observations);
  return all;
}

/** The observations of one protocol as lines, by first frame, subject, kind, value and source. */
export function goldenLines(observations: readonly Observation[], protocol: string): string[] {
  const lines = observations.flatMap(({ subject, kind, value, count, provenance }) => {
    if (provenance.from !== 'capture' || provenance.protocol !== protocol) return [];
    const { source, frames } = provenance;
    const key = subjectKey(subject);
    const line = JSON.stringify({ subject: key, kind, value, protocol, source, frames, count });
    return [{ first: frames[0] ?? 0, line }];
  });
  lines.sort((a, b) => a.first - b.first || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
  return lines.map(({ line }) => line);
}

/** The lines of a protocol's golden capture, read with this protocol alone. */
export const expectedLines = async (protocol: AnyProtocol, golden: Capture): Promise<string[]> =>
  goldenLines(await observationsOf(golden.toPcap(), { protocols: [protocol] }), protocol.name);

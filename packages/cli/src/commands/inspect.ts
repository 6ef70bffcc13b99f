// `interlock inspect`: captures in, inventory out. Everything understood is printed, and in one line per kind what was
// not; the exit code says which of both it was.
import { basename } from 'node:path';
import { Resolver } from '@interlock/assess';
import type { Inventory } from '@interlock/model';
import { openByteSource } from '@interlock/server/byte-source';
import { macVendorLookup } from '@interlock/server/mac-vendors';
import { analyse } from '@interlock/wire';
import { EXIT } from '../exit-codes.ts';
import { toCsv } from '../output/csv.ts';
import { toJson } from '../output/json.ts';
import { printProgress } from '../output/progress.ts';
import { toText } from '../output/text.ts';
import { type Trouble, TroubleList } from '../output/troubles.ts';

export interface InspectOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly facts?: true;
  readonly progress?: boolean;
}
/** Columns of text that goes into a file or another program: nothing needs to be left out there. */
const WIDTH_OF_A_FILE = 240;

/** Troubles with times: told, but nothing of the capture is lost by them. */
const ODD_TIME = /^(capture|pcap)\.time-/;

/** What was read of one file. */
export interface CaptureRead {
  readonly file: string;
  frames: number;
  bytes: number;
  first?: number;
  last?: number;
  /** Why it could not be read, or not to its end. */
  problem?: string;
  /** Nothing could be read at all. */
  unreadable?: true;
}
export interface Inspection {
  readonly captures: readonly CaptureRead[];
  readonly inventory: Inventory;
  readonly troubles: readonly Trouble[];
}

/**
 * Reads captures into one inventory. In: paths, "-" for standard input. Out: exit code (exit-codes.ts).
 * The inventory goes to standard output, what could not be read to standard error (with --json to both).
 */
export async function inspect(files: readonly string[], options: InspectOptions): Promise<number> {
  if (options.json && options.csv) {
    console.error('interlock: --json and --csv exclude each other');
    return EXIT.usage.code;
  }
  if (files.filter((file) => file === '-').length > 1) {
    console.error('interlock: standard input can be read only once');
    return EXIT.usage.code;
  }
  const result = await inspectFiles(files, options.progress !== false && process.stderr.isTTY === true);
  const write = options.json ? toJson : options.csv ? toCsv : toText;
  await print(write(result, { facts: options.facts === true, columns: process.stdout.columns ?? WIDTH_OF_A_FILE }));
  for (const line of troubleLines(result)) console.error(line);

  if (result.captures.some((capture) => capture.unreadable)) return EXIT.unreadable.code;
  if (result.captures.some((capture) => capture.problem)) return EXIT.damaged.code;
  return EXIT.ok.code;
}

/** Reads the files one after the other; a file that cannot be read does not keep the others from being read. */
export async function inspectFiles(files: readonly string[], showProgress: boolean): Promise<Inspection> {
  const resolver = new Resolver({ vendorOfMac: macVendorLookup() });
  const troubles = new TroubleList();
  const captures: CaptureRead[] = [];
  for (const file of files) {
    const capture: CaptureRead = { file, frames: 0, bytes: 0 };
    captures.push(capture);
    const opened = openByteSource(file === '-' ? '-' : file);
    if ('problem' in opened) {
      capture.problem = opened.problem;
      capture.unreadable = true;
      continue;
    }
    const progress = showProgress
      ? printProgress(file === '-' ? 'standard input' : basename(file), opened.size)
      : undefined;
    let damaged: string | undefined;
    for await (const batch of analyse(opened.source, {
      capture: file,
      onProgress: (bytes, frames) => {
        capture.bytes = bytes;
        capture.frames = frames;
        progress?.update(bytes, frames);
      },
    })) {
      for (const observation of batch.observations) {
        resolver.add(observation);
        troubles.add(observation);
        if (observation.first > 0) capture.first = Math.min(capture.first ?? observation.first, observation.first);
        if (observation.last > 0) capture.last = Math.max(capture.last ?? observation.last, observation.last);
        if (observation.kind !== 'capture.damaged') continue;
        if (!ODD_TIME.test(observation.value.code)) damaged ??= observation.value.detail ?? observation.value.code;
        if (observation.value.code.startsWith('capture.not-')) capture.unreadable = true;
      }
    }
    progress?.stop();
    opened.close();
    const problem = opened.source.fault ?? damaged;
    if (problem) capture.problem = problem;
  }
  return {
    captures,
    inventory: resolver.inventory(),
    troubles: troubles.list(),
  };
}

/** Writes all of it before going on, also where standard output is a slow pipe or was closed by its reader. */
function print(text: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.on('error', () => done());
    process.stdout.write(text, () => done());
  });
}

function troubleLines({ captures, troubles }: Inspection): string[] {
  const lines = captures.flatMap(({ file, problem, unreadable, frames }) =>
    problem ? [`interlock: ${file}: ${problem}${unreadable ? '' : ` (${frames} frames were read)`}`] : [],
  );
  for (const { kind, code, count, frames, detail } of troubles) {
    if (kind === 'capture.damaged' && captures.some((capture) => capture.problem === (detail ?? code))) continue;
    const where = frames.length > 0 ? `, first in frame ${frames[0]}` : '';
    lines.push(`interlock: ${kind} ${code}: ${count} times${where}${detail ? ` (${detail})` : ''}`);
  }
  return lines;
}

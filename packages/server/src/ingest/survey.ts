// A first walk over a capture's records, before it is taken: whether it is a capture at all, how it is made, how long it
// is and whether it unpacks within bounds. Costs a thirtieth of the analysis.
import { closeSync, openSync, readSync } from 'node:fs';
import { type ByteSource, CaptureReader, type CaptureTrouble } from '@interlock/wire';
import { openByteSource } from './byte-source.ts';
import { linkTypeName } from './link-types.ts';
import { codecOf } from './unpack.ts';

export interface Survey {
  /** "pcapng, zstd"; absent where it is no capture. */
  readonly format?: string;
  readonly linkTypes: readonly string[];
  readonly frames: number;
  /** Bytes after unpacking. */
  readonly unpacked: number;
  /** What it looks like where it is no capture. */
  readonly notCapture?: string;
  /** It unpacks beyond the limits; nothing after them was looked at. */
  readonly tooFar: boolean;
}

/** In: a file and how many bytes may come out of it. Never throws for what the bytes say. */
export async function surveyCapture(path: string, maxUnpacked: number): Promise<Survey> {
  const opened = openByteSource(path, { maxDecompressedBytes: maxUnpacked });
  if ('problem' in opened) throw new Error(`${path} ${opened.problem}`);
  let notCapture: string | undefined;
  const format = { name: '' };
  const reader = new CaptureReader(watched(opened.source, format), {
    onTrouble: (trouble: CaptureTrouble) => {
      if (trouble.code === 'capture.not-a-capture') notCapture ??= trouble.detail ?? 'not known';
    },
  });
  const linkTypes = new Set<number>();
  try {
    for (;;) {
      const answer = reader.next();
      const batch = answer instanceof Promise ? await answer : answer;
      if (!batch) break;
      for (let i = 0; i < batch.count; i++) {
        const linkType = batch.linkType[i];
        if (linkType !== undefined) linkTypes.add(linkType);
      }
    }
  } finally {
    opened.close();
  }
  const codec = codecOf(startOf(path));
  const isCapture = notCapture === undefined || reader.frames > 0;
  return {
    ...(isCapture ? { format: codec ? `${format.name}, ${codec}` : format.name } : {}),
    linkTypes: [...linkTypes].map(linkTypeName).sort(),
    frames: reader.frames,
    unpacked: reader.offset,
    ...(isCapture || notCapture === undefined ? {} : { notCapture }),
    tooFar: opened.beyondLimits,
  };
}

/** The source, with a look at the first bytes that come out of it. */
function watched(source: ByteSource, format: { name: string }): ByteSource {
  const look = (into: Uint8Array, at: number, got: number): number => {
    if (format.name === '' && got >= 4) format.name = formatName(into.subarray(at, at + 4));
    return got;
  };
  return {
    read: (into, at, length) => {
      const got = source.read(into, at, length);
      return typeof got === 'number' ? look(into, at, got) : got.then((later) => look(into, at, later));
    },
    get fault() {
      return source.fault;
    },
  };
}
/** The magic of pcapng (draft-ietf-opsawg-pcapng section 4.1) is the same in both byte orders; all else is pcap here. */
const formatName = ([a, b, c, d]: Uint8Array): string =>
  a === 0x0a && b === 0x0d && c === 0x0d && d === 0x0a ? 'pcapng' : 'pcap';

function startOf(path: string): Uint8Array {
  const start = new Uint8Array(4);
  const file = openSync(path, 'r');
  try {
    return start.subarray(0, readSync(file, start, 0, 4, 0));
  } finally {
    closeSync(file);
  }
}

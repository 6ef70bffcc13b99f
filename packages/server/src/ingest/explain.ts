// Frames of a stored capture, explained for the screen: bytes as hex, layers and fields with the bytes they were read
// from, and where the value of a fact is.
import type { FrameExplained } from '@interlock/model/api';
import { type ExplainedFrame, explainFrames, locate } from '@interlock/wire';
import { openByteSource } from './byte-source.ts';

/** Bytes of one frame sent as hex; jumbo frames fit, reassembled giants of offloading network cards are cut. */
const MAX_HEX_BYTES = 16_384;
/** Longest value of a field on screen. */
const MAX_FIELD = 500;

/** What a fact says, to be found in the bytes. */
export interface FactToFind {
  readonly value: unknown;
  readonly text: string;
}

/**
 * In: a capture's file, numbers of frames, and a fact to highlight. Out: those of the frames that the capture has.
 * Never throws for what the bytes say.
 */
export async function explainForScreen(
  path: string,
  frames: readonly number[],
  maxUnpacked: number,
  fact?: FactToFind,
): Promise<Omit<FrameExplained, 'capture'>[]> {
  const opened = openByteSource(path, { maxDecompressedBytes: maxUnpacked });
  if ('problem' in opened) throw new Error(`${path} ${opened.problem}`);
  try {
    return (await explainFrames(opened.source, frames)).map((frame) => toScreen(frame, fact));
  } finally {
    opened.close();
  }
}

export function toScreen(frame: ExplainedFrame, fact: FactToFind | undefined): Omit<FrameExplained, 'capture'> {
  const bytes = frame.bytes.subarray(0, MAX_HEX_BYTES);
  return {
    number: frame.frame,
    ...(frame.time === undefined ? {} : { time: frame.time }),
    length: frame.wireLength,
    captured: frame.bytes.length,
    link: frame.link,
    hex: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'),
    masked: frame.masked
      .filter(({ start }) => start < bytes.length)
      .map(({ start, end, what }) => ({ from: start, to: Math.min(end, bytes.length), what })),
    layers: frame.layers.map(({ name, title, start, end, fields }) => ({
      name,
      title,
      from: start,
      to: end,
      fields: fields.map((field) => ({
        name: field.name,
        value: field.value.length > MAX_FIELD ? `${field.value.slice(0, MAX_FIELD - 1)}…` : field.value,
        from: field.start,
        to: field.end,
        ...(field.elsewhere ? { elsewhere: true } : {}),
      })),
    })),
    highlights:
      fact === undefined
        ? []
        : locate(frame, fact.value)
            .filter(({ start }) => start < bytes.length)
            .map(({ start, end }) => ({ from: start, to: end, text: fact.text })),
  };
}

// Unpacks gzip (RFC 1952, several members) and zstd (RFC 8878, several frames) piece by piece. What comes out before a
// break is given out; what expands beyond all measure is taken for a bomb and ends.
import { createGunzip, createZstdDecompress } from 'node:zlib';

export interface UnpackLimits {
  /** Bytes that may come out of one source. */
  readonly maxDecompressedBytes: number;
  /** How many times more bytes may come out than went in. */
  readonly maxRatio: number;
}

/** A day of a fully loaded gigabit port is 10 TB; nobody analyses more than a tenth of it in one packed file. */
export const MAX_DECOMPRESSED_BYTES = 1e12;
/**
 * Captures pack to a third or a twentieth; cyclic traffic of one controller, nearly all the same, to a hundredth. gzip
 * can reach 1,032 and zstd 30,000 times, on nothing but repetition.
 */
export const MAX_RATIO = 200;
/** Below this many bytes the ratio does not matter: short files of padded frames reach any ratio, and do no harm. */
const RATIO_GRACE_BYTES = 64 << 20;

/** Bytes that wait to be taken before unpacking pauses. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * Bytes handed to the codec at a time: of a piece with an error in it nothing comes out. So the start, which for small
 * captures is all of it, goes in small pieces.
 */
const pieceSize = (consumed: number): number => (consumed < 65_536 ? 256 : 16_384);

export type Codec = 'gzip' | 'zstd';

/** The codec that the first bytes show: the magic of gzip, of a zstd frame, or of a skippable zstd frame. */
export function codecOf(start: Uint8Array): Codec | undefined {
  const [a = 0, b, c, d] = start;
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a >> 4 === 5 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  return undefined;
}

/** Where the reason is left why it ended before its end. */
export interface Unpacked {
  fault: string | undefined;
  /** The reason is that more came out than the limits allow. */
  beyondLimits?: true;
}

/** Unpacked bytes of packed ones. Never throws for what the bytes hold: `state.fault` then says what is wrong. */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  codec: Codec,
  limits: Partial<UnpackLimits>,
  state: Unpacked,
): AsyncGenerator<Uint8Array> {
  const { maxDecompressedBytes = MAX_DECOMPRESSED_BYTES, maxRatio = MAX_RATIO } = limits;
  const stream = codec === 'gzip' ? createGunzip() : createZstdDecompress();
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let failure: Error | undefined;
  let ended = false;
  let wake = () => {};
  stream.on('data', (bytes: Uint8Array) => {
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes > MAX_WAITING_BYTES) stream.pause();
    wake();
  });
  stream.on('error', (error) => {
    failure = error;
    wake();
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });

  let consumed = 0;
  let produced = 0;
  /** Gives out what comes until `done` says that the codec has nothing more of what it was given. */
  async function* drain(done: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = waiting.shift();
      if (bytes) {
        waitingBytes -= bytes.length;
        produced += bytes.length;
        if (produced > maxDecompressedBytes) {
          state.fault = `more than ${maxDecompressedBytes} bytes come out of the ${codec} data; the rest is left out`;
          state.beyondLimits = true;
          return;
        }
        if (produced > RATIO_GRACE_BYTES && produced > maxRatio * consumed) {
          state.fault = `the ${codec} data expands more than ${maxRatio} times and is taken for a bomb; the rest is left out`;
          state.beyondLimits = true;
          return;
        }
        yield bytes;
        if (stream.isPaused()) stream.resume();
      } else if (failure || done()) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  try {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length && !failure && !state.fault; ) {
        const piece = chunk.subarray(at, at + pieceSize(consumed));
        at += piece.length;
        consumed += piece.length;
        let written = false;
        stream.write(piece, () => {
          written = true;
          wake();
        });
        yield* drain(() => written);
      }
      if (failure || state.fault) break;
    }
    if (!failure && !state.fault) {
      stream.end();
      yield* drain(() => ended);
    }
    if (failure && !state.fault) {
      const why = (failure as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'is cut off' : 'is damaged';
      state.fault = `the ${codec} data ${why} near byte ${consumed}; what came out before is kept`;
    }
  } finally {
    stream.destroy();
  }
}

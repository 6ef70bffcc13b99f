// Opens what bytes of a capture come from (file, standard input, upload), unpacks gzip and zstd by their first bytes
// whatever the name says, and hands them to `wire`. Damaged or hostile packing ends the source with a `fault`.
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ByteSource } from '@interlock/wire';
import { codecOf, type Unpacked, type UnpackLimits, unpack } from './unpack.ts';

/** Bytes read from a file at a time where it has to be unpacked. */
const FILE_PIECE = 256 * 1024;

/** Two layers of packing happen (a packed capture in a packed upload); more are built to exhaust. */
const MAX_LAYERS = 2;

export interface OpenedByteSource {
  readonly source: ByteSource;
  /** Whether the source ended because more came out of it than the limits allow. */
  readonly beyondLimits: boolean;
  /** Bytes in all; only of files that are not packed. */
  readonly size?: number;
  /** To be called when nothing more is wanted. */
  close(): void;
}

/**
 * Opens a path, standard input ("-") or a stream. Plain files are read synchronously, everything else later.
 * Out: the source, or in plain words why there is none ("no such file").
 */
export function openByteSource(
  from: string | Readable,
  limits: Partial<UnpackLimits> = {},
): OpenedByteSource | { readonly problem: string } {
  if (from instanceof Readable) return openStream(from, limits);
  if (from === '-') return openStream(process.stdin, limits);
  try {
    // A named pipe would block until somebody writes to it, so only regular files are opened here.
    const entry = statSync(from);
    if (entry.isDirectory()) return { problem: 'is a folder, not a file' };
    return entry.isFile() ? openFile(from, limits) : openStream(createReadStream(from), limits);
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function openFile(path: string, limits: Partial<UnpackLimits>): OpenedByteSource {
  const descriptor = openSync(path, 'r');
  let open = true;
  const close = () => {
    if (open) closeSync(descriptor);
    open = false;
  };
  const start = new Uint8Array(4);
  const got = readSync(descriptor, start, 0, 4, 0);
  if (!codecOf(start.subarray(0, got)))
    return { source: new FileSource(descriptor), beyondLimits: false, size: fstatSync(descriptor).size, close };
  const source = new ChunkSource(piecesOf(descriptor), limits);
  return {
    source,
    get beyondLimits() {
      return source.beyondLimits;
    },
    close: () => {
      source.close();
      close();
    },
  };
}

function openStream(stream: Readable, limits: Partial<UnpackLimits>): OpenedByteSource {
  const source = new ChunkSource(stream, limits);
  return {
    source,
    get beyondLimits() {
      return source.beyondLimits;
    },
    close: () => {
      source.close();
      stream.destroy();
    },
  };
}

async function* piecesOf(descriptor: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(FILE_PIECE);
    const got = readSync(descriptor, piece, 0, piece.length, null);
    if (got === 0) return;
    yield piece.subarray(0, got);
  }
}

/** What to tell a person of an error of the file system. */
function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  return code ? `cannot be read (${code})` : `cannot be read (${message})`;
}

/** A plain file: answers at once. */
class FileSource implements ByteSource {
  readonly #descriptor: number;
  fault: string | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(into: Uint8Array, at: number, length: number): number {
    if (this.fault) return 0;
    try {
      return readSync(this.#descriptor, into, at, length, null);
    } catch (error) {
      this.fault = problemOf(error);
      return 0;
    }
  }
}

/** Chunks that arrive when they do, unpacked where they are packed. Keeps no more than one chunk. */
class ChunkSource implements ByteSource {
  readonly #state: Unpacked = { fault: undefined };
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, limits: Partial<UnpackLimits>) {
    this.#chunks = unpackLayers(chunks, limits, this.#state, 0);
  }

  get fault(): string | undefined {
    return this.#state.fault;
  }
  get beyondLimits(): boolean {
    return this.#state.beyondLimits === true;
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    return this.#rest.length > 0 ? this.#copy(into, at, length) : this.#wait(into, at, length);
  }
  #copy(into: Uint8Array, at: number, length: number): number {
    const taken = Math.min(length, this.#rest.length);
    into.set(this.#rest.subarray(0, taken), at);
    this.#rest = this.#rest.subarray(taken);
    return taken;
  }
  async #wait(into: Uint8Array, at: number, length: number): Promise<number> {
    try {
      while (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done) return 0;
        this.#rest = value;
      }
    } catch (error) {
      this.#state.fault ??= problemOf(error);
      return 0;
    }
    return this.#copy(into, at, length);
  }

  /** Ends the unpacking; a read that is still waiting is answered or ends with it. */
  close(): void {
    this.#chunks.return(undefined).catch(() => undefined);
  }
}

/** Unpacks as many layers as the first bytes show. */
async function* unpackLayers(
  chunks: AsyncIterable<Uint8Array>,
  limits: Partial<UnpackLimits>,
  state: Unpacked,
  layer: number,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 4) {
    const { done, value } = await iterator.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  const whole = { [Symbol.asyncIterator]: () => withStart(start, iterator) };
  const codec = layer < MAX_LAYERS ? codecOf(start) : undefined;
  yield* codec ? unpackLayers(unpack(whole, codec, limits, state), limits, state, layer + 1) : whole;
}

async function* withStart(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

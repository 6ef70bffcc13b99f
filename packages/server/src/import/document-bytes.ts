// The bytes of a document on disk, unpacked where it is packed as a whole (gzip, zstd), and never more than a limit.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { HEAD_BYTES } from '@interlock/documents';

/** Bytes read at once. */
const PIECE = 256 * 1024;

export interface DocumentBytes {
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Why the bytes ended before their end; asked when they have ended. */
  trouble(): string | undefined;
}

/** In: a file, and how many bytes may come out of it. Out: its bytes, unpacked. */
export function documentBytes(path: string, most: number): DocumentBytes {
  let trouble: string | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let length = 0;
    try {
      for await (const chunk of await unpacked(path)) {
        length += chunk.length;
        if (length > most) {
          trouble = `it unpacks to more than ${most} bytes`;
          return;
        }
        yield chunk;
      }
    } catch (error) {
      trouble = `it cannot be read to its end: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { chunks: chunks(), trouble: () => trouble };
}

async function unpacked(path: string): Promise<AsyncIterable<Uint8Array>> {
  const magic = await firstBytes(path, 4);
  const file = createReadStream(path, { highWaterMark: PIECE });
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b; // RFC 1952 section 2.3.1
  const zstd = magic[0] === 0x28 && magic[1] === 0xb5 && magic[2] === 0x2f && magic[3] === 0xfd; // RFC 8878 section 3.1.1
  if (!gzip && !zstd) return file as AsyncIterable<Uint8Array>;
  const unpack = gzip ? createGunzip({ chunkSize: PIECE }) : createZstdDecompress({ chunkSize: PIECE });
  // A fault of either end comes out of the iteration.
  return pipeline(file, unpack, () => undefined) as AsyncIterable<Uint8Array>;
}

async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first bytes of a document, unpacked, to recognise it by. */
export async function documentHead(path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of documentBytes(path, Number.MAX_SAFE_INTEGER).chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

/** The name of a document without the ending that says how it is packed: recognising goes by the other ending. */
export const nameInside = (name: string): string => name.replace(/\.(gz|gzip|zst|zstd)$/i, '');

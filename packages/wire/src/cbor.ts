// CBOR (RFC 8949) as small devices send it: maps, lists, texts and numbers become plain values. Tags are passed over, as
// is what no device description needs.
import { decodeText, type Reader } from './reader.ts';

export type CborValue = string | number | boolean | undefined | Uint8Array | readonly CborValue[] | CborMap;
/** Keys are texts or numbers; others are left out. */
export type CborMap = ReadonlyMap<string | number, CborValue>;

/** Levels of lists and maps in each other; device descriptions have four. */
const MAX_DEPTH = 16;

/** The value that starts here; undefined where it breaks off, with what was understood of lists and maps kept. */
export function readCbor(reader: Reader, depth = 0): CborValue {
  const first = reader.u8();
  const major = first >> 5;
  const short = first & 31;
  if (major === 7) return readSimple(reader, short);
  const isOpen = short === 31;
  const count = isOpen ? Number.POSITIVE_INFINITY : readCount(reader, short);
  if (!reader.ok || depth > MAX_DEPTH) {
    reader.ok = false;
    return undefined;
  }
  switch (major) {
    case 0:
      return count;
    case 1:
      return -1 - count;
    case 2:
      return isOpen ? readChunks(reader, depth) : reader.bytes(count).slice();
    case 3:
      return isOpen ? textOf(readChunks(reader, depth)) : decodeText(reader.bytes(count), 'utf8');
    case 4: {
      const list: CborValue[] = [];
      while (list.length < count && !isBreak(reader)) list.push(readCbor(reader, depth + 1));
      return list;
    }
    case 5: {
      const map = new Map<string | number, CborValue>();
      for (let pairs = 0; pairs < count && !isBreak(reader); pairs++) {
        const key = readCbor(reader, depth + 1);
        const value = readCbor(reader, depth + 1);
        if ((typeof key === 'string' || typeof key === 'number') && reader.ok) map.set(key, value);
      }
      return map;
    }
    default:
      return readCbor(reader, depth + 1);
  }
}

/** Lengths and numbers of up to 53 bits; larger ones lose digits, and no length is as large. */
function readCount(reader: Reader, short: number): number {
  if (short < 24) return short;
  if (short === 24) return reader.u8();
  if (short === 25) return reader.u16();
  if (short === 26) return reader.u32();
  if (short === 27) return Number(reader.u64());
  reader.ok = false;
  return 0;
}

function readSimple(reader: Reader, short: number): CborValue {
  if (short === 20 || short === 21) return short === 21;
  if (short === 26) return reader.f32();
  reader.skip(short === 24 ? 1 : short === 25 ? 2 : short === 27 ? 8 : 0);
  return undefined;
}

/** The end of a list or map of open length, or of the message. */
function isBreak(reader: Reader): boolean {
  if (reader.left === 0) {
    reader.ok = false;
    return true;
  }
  if (reader.peek() !== 0xff) return false;
  reader.skip(1);
  return true;
}

/** Pieces of a text or of bytes of open length. */
function readChunks(reader: Reader, depth: number): Uint8Array {
  const bytes: number[] = [];
  while (!isBreak(reader)) {
    const piece = reader.peek() >> 5 === 2 || reader.peek() >> 5 === 3 ? readCbor(reader, depth + 1) : undefined;
    if (piece === undefined) reader.ok = false;
    else if (typeof piece === 'string') bytes.push(...new TextEncoder().encode(piece));
    else if (piece instanceof Uint8Array) bytes.push(...piece);
  }
  return Uint8Array.from(bytes);
}
const textOf = (bytes: Uint8Array): string => decodeText(bytes, 'utf8');

export const isCborMap = (value: CborValue): value is CborMap => value instanceof Map;

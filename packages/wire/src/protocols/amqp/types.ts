// Values of AMQP: tables of version 0-9-1, and the self-describing types of version 1.0. Both nest, so both have a limit.
import { decodeText, type Reader } from '../../reader.ts';

export type AmqpValue = string | number | boolean | undefined | Uint8Array | readonly AmqpValue[];

/** Levels of tables and lists in each other; capabilities in properties make two. */
const MAX_DEPTH = 8;
/** Entries of one table or list that are read. */
const MAX_ENTRIES = 200;

export const readShortText = (reader: Reader): string => reader.text(reader.u8(), 'utf8');

/** A table (AMQP 0-9-1 section 4.2.5.5). Only texts are kept, tables in it are passed over. */
export function readTable(reader: Reader, depth = 0): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const table = reader.sub(reader.u32());
  for (let entries = 0; table.left > 0 && entries < MAX_ENTRIES; entries++) {
    const name = readShortText(table);
    const value = readTableValue(table, depth);
    if (table.ok && value !== undefined) found.set(name, value);
  }
  return found;
}

/** Bytes that a value of each type has, by its letter (section 4.2.1, with the letters that RabbitMQ uses). */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  U: 2,
  I: 4,
  i: 4,
  f: 4,
  l: 8,
  L: 8,
  d: 8,
  T: 8,
  D: 5,
  V: 0,
};

function readTableValue(reader: Reader, depth: number): string | undefined {
  const type = String.fromCharCode(reader.u8());
  if (type === 'S' || type === 'x') return reader.text(reader.u32(), 'utf8');
  if (type === 'F' && depth < MAX_DEPTH) {
    readTable(reader, depth + 1);
    return undefined;
  }
  if (type === 'A') {
    reader.skip(reader.u32());
    return undefined;
  }
  const size = SIZES[type];
  if (size === undefined) reader.ok = false;
  else reader.skip(size);
  return undefined;
}

/** A value (AMQP 1.0 part 1 section 1.6). Maps are lists of keys and values in turn; of described values the value. */
export function readValue(reader: Reader, depth = 0): AmqpValue {
  const code = reader.u8();
  if (code === 0 && depth < MAX_DEPTH) {
    readValue(reader, depth + 1);
    return readValue(reader, depth + 1);
  }
  return readOf(reader, code, depth);
}

function readOf(reader: Reader, code: number, depth: number): AmqpValue {
  switch (code >> 4) {
    case 4:
      return code === 0x45 ? [] : code === 0x40 ? undefined : code === 0x41;
    case 5:
      return code === 0x56 ? reader.u8() !== 0 : reader.u8();
    case 6:
      return reader.u16();
    case 7:
      return reader.u32();
    case 8:
      reader.skip(8);
      return undefined;
    case 9:
      reader.skip(16);
      return undefined;
    case 10:
    case 11: {
      const bytes = reader.bytes(code >> 4 === 10 ? reader.u8() : reader.u32());
      return (code & 15) === 0 ? bytes.slice() : decodeText(bytes, 'utf8');
    }
    case 12:
    case 13:
      return readList(reader, code >> 4 === 13, depth);
    case 14:
    case 15:
      return readArray(reader, code >> 4 === 15, depth);
    default:
      reader.ok = false;
      return undefined;
  }
}

function readList(reader: Reader, isLong: boolean, depth: number): AmqpValue {
  const list = reader.sub(isLong ? reader.u32() : reader.u8());
  const count = isLong ? list.u32() : list.u8();
  if (depth >= MAX_DEPTH) return undefined;
  const found: AmqpValue[] = [];
  while (list.left > 0 && found.length < Math.min(count, MAX_ENTRIES)) found.push(readValue(list, depth + 1));
  return found;
}

/** All elements have one code, which stands once. */
function readArray(reader: Reader, isLong: boolean, depth: number): AmqpValue {
  const array = reader.sub(isLong ? reader.u32() : reader.u8());
  const count = isLong ? array.u32() : array.u8();
  const code = array.u8();
  const found: AmqpValue[] = [];
  if (depth >= MAX_DEPTH || code >> 4 === 4) return found;
  while (array.left > 0 && found.length < Math.min(count, MAX_ENTRIES)) found.push(readOf(array, code, depth + 1));
  return found;
}

export const textAt = (list: AmqpValue, at: number): string => {
  const value = isList(list) ? list[at] : undefined;
  return typeof value === 'string' ? value : '';
};
export const isList = (value: AmqpValue): value is readonly AmqpValue[] => Array.isArray(value);

// The built-in types of OPC UA in their binary encoding (OPC 10000-6, 5.2): little endian, lengths before texts, and a
// mask where parts may be absent. Everything that is not of interest still has to be stepped over by its own shape.
import { cleanText, type Reader } from '../../reader.ts';

/** Elements of one array that are looked at; servers list some dozens of endpoints, clients write some hundreds of values. */
export const MAX_ELEMENTS = 4096;
/** Variants in variants, and diagnostics in diagnostics (5.2.2.12 asks for a limit). */
const MAX_DEPTH = 8;
const NONE = 0xffffffff;

/** Length of a text, byte string or array; 0 where it is null. */
export function readLength(reader: Reader): number {
  const length = reader.u32le();
  return length === NONE ? 0 : length;
}

export const readText = (reader: Reader, max = 512): string => cleanText(reader.text(readLength(reader), 'utf8'), max);
export const readByteString = (reader: Reader): Uint8Array => reader.bytes(readLength(reader));
/** A text or byte string that is not looked at. */
export const skipString = (reader: Reader): void => reader.skip(readLength(reader));

/** Calls `read` for every element, as long as there are bytes. Longer arrays than are looked at end the message. */
export function readArray<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const count = readLength(reader);
  const found: T[] = [];
  if (count > MAX_ELEMENTS || count > reader.left) reader.ok = false;
  for (let i = 0; i < count && reader.ok; i++) {
    const element = read(reader);
    if (reader.ok) found.push(element);
  }
  return found;
}

export const readTexts = (reader: Reader): string[] => readArray(reader, (each) => readText(each));

/** Text of a LocalizedText. */
export function readLocalized(reader: Reader): string {
  const mask = reader.u8();
  if (mask & 1) skipString(reader);
  return mask & 2 ? readText(reader) : '';
}

export interface NodeId {
  readonly namespace: number;
  readonly id: number | string;
}

/** NodeId, or ExpandedNodeId with the namespace as text and the server index that the first byte announces. */
export function readNodeId(reader: Reader): NodeId {
  const form = reader.u8();
  const node = readIdentifier(reader, form & 0x3f);
  if (form & 0x80) skipString(reader);
  if (form & 0x40) reader.skip(4);
  return node;
}

function readIdentifier(reader: Reader, form: number): NodeId {
  if (form === 0) return { namespace: 0, id: reader.u8() };
  if (form === 1) {
    const namespace = reader.u8();
    return { namespace, id: reader.u16le() };
  }
  const namespace = reader.u16le();
  if (form === 2) return { namespace, id: reader.u32le() };
  if (form === 3) return { namespace, id: `s=${readText(reader, 128)}` };
  if (form === 4) return { namespace, id: `g=${readGuid(reader)}` };
  if (form === 5) return { namespace, id: `b=${reader.hex(readLength(reader)).slice(0, 64)}` };
  reader.ok = false;
  return { namespace, id: 0 };
}

function readGuid(reader: Reader): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const first = `${hex(reader.u32le(), 8)}-${hex(reader.u16le(), 4)}-${hex(reader.u16le(), 4)}`;
  return `${first}-${reader.hex(2)}-${reader.hex(6)}`;
}

/** As OPC 10000-6, 5.3.1.10 writes it: `ns=2;s=Motor.Speed`, without the namespace for that of the standard. */
export function nodeText({ namespace, id }: NodeId): string {
  const text = typeof id === 'number' ? `i=${id}` : id;
  return namespace === 0 ? text : `ns=${namespace};${text}`;
}

export function skipQualifiedName(reader: Reader): void {
  reader.skip(2);
  skipString(reader);
}

/** Type of an ExtensionObject and a reader on its body; the reader has `ok` false where there is none. */
export function readExtension(reader: Reader): { readonly type: NodeId; readonly body: Reader } {
  const type = readNodeId(reader);
  const hasBody = reader.u8() !== 0;
  const body = reader.sub(hasBody ? readLength(reader) : 0);
  if (!hasBody) body.ok = false;
  return { type, body };
}

export function skipDiagnostic(reader: Reader, depth = 0): void {
  const mask = reader.u8();
  for (const bit of [0x01, 0x02, 0x04, 0x08]) if (mask & bit) reader.skip(4);
  if (mask & 0x10) skipString(reader);
  if (mask & 0x20) reader.skip(4);
  if ((mask & 0x40) === 0) return;
  if (depth >= MAX_DEPTH) reader.ok = false;
  else skipDiagnostic(reader, depth + 1);
}

/** Bytes of the built-in types of fixed size, by their number (table 1). */
const FIXED_SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 4,
  8: 8,
  9: 8,
  10: 4,
  11: 8,
  13: 8,
  14: 16,
  19: 4,
};
const STRING = 12;
const EXTENSION_OBJECT = 22;

/** What is wanted of a value: texts it holds, and the structure it is. */
export interface Value {
  readonly texts: readonly string[];
  readonly structure?: { readonly type: NodeId; readonly body: Reader };
}
const NO_VALUE: Value = { texts: [] };

/** A Variant. Texts and the first structure are kept, everything else is stepped over. */
export function readVariant(reader: Reader, depth = 0): Value {
  const encoding = reader.u8();
  const type = encoding & 0x3f;
  const isArray = (encoding & 0x80) !== 0;
  const count = isArray ? readLength(reader) : 1;
  let value = NO_VALUE;
  if (type === 0) return value;
  const size = FIXED_SIZES[type];
  if (size !== undefined) reader.skip(count * size);
  else if (count > MAX_ELEMENTS) reader.ok = false;
  else if (type === STRING) {
    const texts: string[] = [];
    for (let i = 0; i < count && reader.ok; i++) texts.push(readText(reader));
    value = { texts };
  } else
    for (let i = 0; i < count && reader.ok; i++) {
      if (type === EXTENSION_OBJECT && i === 0) value = { texts: [], structure: readExtension(reader) };
      else skipElement(reader, type, depth);
    }
  if (isArray && encoding & 0x40) reader.skip(4 * readLength(reader));
  return reader.ok ? value : NO_VALUE;
}

function skipElement(reader: Reader, type: number, depth: number): void {
  if (depth >= MAX_DEPTH) reader.ok = false;
  else if (type === 15 || type === 16)
    skipString(reader); // ByteString, XmlElement
  else if (type === 17 || type === 18) readNodeId(reader);
  else if (type === 20) skipQualifiedName(reader);
  else if (type === 21) readLocalized(reader);
  else if (type === EXTENSION_OBJECT) readExtension(reader);
  else if (type === 23) readDataValue(reader, depth + 1);
  else if (type === 24) readVariant(reader, depth + 1);
  else if (type === 25) skipDiagnostic(reader, depth + 1);
  else reader.ok = false;
}

/** A DataValue: the value with status and times, each of which may be absent. */
export function readDataValue(reader: Reader, depth = 0): Value {
  const mask = reader.u8();
  const value = mask & 0x01 ? readVariant(reader, depth) : NO_VALUE;
  for (const [bit, size] of DATA_VALUE_FIELDS) if (mask & bit) reader.skip(size);
  return value;
}
/** Status, source time and its picoseconds, server time and its picoseconds, in the order in which they come. */
const DATA_VALUE_FIELDS = [
  [0x02, 4],
  [0x04, 8],
  [0x10, 2],
  [0x08, 8],
  [0x20, 2],
] as const;

// BACnet's encoding of values (ASHRAE 135, clause 20.2): each value has a tag that says its type or its place in the
// service, and its length. Constructed values stand between an opening and a closing tag.
import { cleanText, decodeText, formatIpv6, hexPairs, type Reader } from '../../reader.ts';

export const BOOLEAN = 1;
export const UNSIGNED = 2;
export const OCTETS = 6;
export const TEXT = 7;
export const ENUMERATED = 9;
export const OBJECT = 12;

/** One tag as last read by `readTag`; the same object is filled again and again. */
export interface Tag {
  number: number;
  isContext: boolean;
  isOpening: boolean;
  isClosing: boolean;
  /** Bytes of the value; of an application boolean its value. */
  length: number;
}
export const newTag = (): Tag => ({ number: -1, isContext: false, isOpening: false, isClosing: false, length: 0 });

/** Reads a tag; false at the end or where it is cut off. The reader stands on the value then. */
export function readTag(reader: Reader, tag: Tag): boolean {
  if (reader.left === 0) return false;
  const first = reader.u8();
  tag.number = first >> 4 === 15 ? reader.u8() : first >> 4;
  tag.isContext = (first & 0x08) !== 0;
  const length = first & 0x07;
  tag.isOpening = tag.isContext && length === 6;
  tag.isClosing = tag.isContext && length === 7;
  tag.length = tag.isOpening || tag.isClosing ? 0 : length;
  if (length === 5) {
    tag.length = reader.u8();
    if (tag.length === 254) tag.length = reader.u16();
    else if (tag.length === 255) tag.length = reader.u32();
  }
  return reader.ok;
}

/** Reads the next tag if it is context tag `number` with a value, else stays where it is. */
export function nextContext(reader: Reader, tag: Tag, number: number): boolean {
  const at = reader.offset;
  if (reader.ok && readTag(reader, tag) && tag.isContext && tag.number === number && !tag.isOpening && !tag.isClosing)
    return true;
  if (reader.ok) reader.seek(at);
  return false;
}

/** Reads the next tag if it opens constructed value `number`, else stays where it is. */
export function nextOpening(reader: Reader, tag: Tag, number: number): boolean {
  const at = reader.offset;
  if (reader.ok && readTag(reader, tag) && tag.isOpening && tag.number === number) return true;
  if (reader.ok) reader.seek(at);
  return false;
}

/** Whether the next tag closes constructed value `number`; it is taken then. */
export function nextClosing(reader: Reader, tag: Tag, number: number): boolean {
  const at = reader.offset;
  if (reader.ok && readTag(reader, tag) && tag.isClosing && tag.number === number) return true;
  if (reader.ok) reader.seek(at);
  return false;
}

/** An unsigned number of 1 to 4 bytes; longer ones are counters that nobody asks for here and give 0. */
export function readUnsigned(reader: Reader, length: number): number {
  if (length === 0 || length > 4) {
    reader.skip(length);
    return 0;
  }
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + reader.u8();
  return value;
}

/** Object identifiers are ten bits of type and 22 of instance. */
export const objectType = (id: number): number => id >>> 22;
export const objectInstance = (id: number): number => id & 0x3fffff;

const CHARSET_UTF8 = 0;
const CHARSET_DBCS = 1;
const CHARSET_UCS4 = 3;
const CHARSET_UCS2 = 4;
const CHARSET_LATIN1 = 5;

/** A character string: its character set, then the text (20.2.9). Sets that are not understood give an empty text. */
export function readText(reader: Reader, length: number): string {
  if (length < 1) return '';
  const charset = reader.u8();
  switch (charset) {
    case CHARSET_UTF8:
      return readLooseUtf8(reader, length - 1);
    case CHARSET_LATIN1:
      return cleanText(reader.text(length - 1));
    case CHARSET_UCS2:
      return cleanText(reader.text(length - 1, 'utf16be'));
    case CHARSET_UCS4:
      return readUcs4(reader, length - 1);
    case CHARSET_DBCS: {
      if (length < 3) break;
      reader.skip(2);
      // The code page says what bytes above 0x7f mean; below they are the same in all.
      const text = reader.text(length - 3);
      return /^[\x20-\x7e\0]*$/.test(text) ? cleanText(text) : '';
    }
  }
  reader.skip(length - 1);
  return '';
}

/** The first set was ASCII before it became UTF-8, and devices of that time write their own Latin letters in it. */
function readLooseUtf8(reader: Reader, length: number): string {
  const bytes = reader.bytes(length);
  const text = decodeText(bytes, 'utf8');
  return cleanText(text.includes('\ufffd') ? decodeText(bytes, 'latin1') : text);
}

function readUcs4(reader: Reader, length: number): string {
  let text = '';
  for (let i = 0; i + 4 <= length && reader.ok; i += 4) {
    const point = reader.u32();
    if (point <= 0x10ffff) text += String.fromCodePoint(point);
  }
  reader.skip(length % 4);
  return cleanText(text);
}

/** A value as far as facts need it: numbers of objects, enumerations and counts; texts; bytes. */
export interface Value {
  /** Application tag. */
  readonly type: number;
  readonly number: number;
  readonly text: string;
}

/** Reads the value of an application tag, and moves past it whatever it is. */
export function readValue(reader: Reader, tag: Tag): Value {
  const { number: type, length } = tag;
  switch (type) {
    case 0:
      return { type, number: 0, text: '' };
    case BOOLEAN:
      return { type, number: length, text: '' };
    case UNSIGNED:
    case ENUMERATED:
    case OBJECT:
      return { type, number: readUnsigned(reader, length), text: '' };
    case TEXT:
      return { type, number: 0, text: readText(reader, length) };
    case OCTETS:
      return { type, number: length, text: length <= MAX_OCTETS ? reader.hex(length) : skipped(reader, length) };
    default:
      reader.skip(length);
      return { type, number: 0, text: '' };
  }
}

/** Addresses and UUIDs are shorter; the rest of octet strings are no facts. */
const MAX_OCTETS = 32;

function skipped(reader: Reader, length: number): string {
  reader.skip(length);
  return '';
}

/** Deepest nesting of constructed values that is followed; schedules and event parameters reach four. */
const MAX_NESTING = 16;

/** Moves past everything up to the tag that closes `number`, which has been opened. False where it is cut off. */
export function skipConstructed(reader: Reader, tag: Tag): boolean {
  let depth = 1;
  while (depth > 0 && readTag(reader, tag)) {
    if (tag.isOpening) {
      if (++depth > MAX_NESTING) {
        reader.ok = false;
        return false;
      }
    } else if (tag.isClosing) depth--;
    else if (tag.isContext || tag.number !== BOOLEAN) reader.skip(tag.length);
  }
  return reader.ok && depth === 0;
}

/** Four or sixteen bytes in hex as an IP address; empty for anything else, and for the unspecified address. */
export function ipOfHex(hex: string): string {
  if (/^0*$/.test(hex)) return '';
  const bytes = Uint8Array.from({ length: hex.length >> 1 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
  if (bytes.length === 4) return bytes.join('.');
  return bytes.length === 16 ? formatIpv6(bytes) : '';
}

/**
 * A station's address on its network as people write it: one octet as a number (MS/TP, ARCNET), six as IP address and
 * port where they are those of BACnet/IP, anything else as hex pairs.
 */
export function stationAddress(bytes: Uint8Array): string {
  if (bytes.length === 1) return String(bytes[0]);
  if (bytes.length === 6) {
    const port = ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0);
    if (port >= FIRST_PORT && port <= LAST_PORT) return `${bytes.subarray(0, 4).join('.')}:${port}`;
  }
  return hexPairs(bytes, ':');
}

/** UDP ports that BACnet/IP networks use by custom: 0xbac0 to 0xbacf. */
export const FIRST_PORT = 0xbac0;
export const LAST_PORT = 0xbacf;

// The objects of a DNP3 fragment, as far as they say what a request touches or what a device is: commands, times, files and
// the device attributes of group 0 (IEEE 1815-2012 clause 4.2.3 and annex A).
import { decodeText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { authenticationStep, groupName } from './functions.ts';

export interface ObjectHeader {
  readonly group: number;
  readonly variation: number;
  /** Bytes of the index or size before each object; 0 where there is none. */
  readonly prefix: number;
  /** True where the prefix is a size: objects in free format. */
  readonly isSized: boolean;
  /** First index of a range; -1 where objects carry their own. */
  readonly first: number;
  readonly count: number;
}

/** Bytes of range fields by range code, for a first and a last index (0 to 2) and for a count (7 to 9, 11). */
const RANGE_SIZES = [1, 2, 4];
const PREFIX_SIZES = [0, 1, 2, 4, 1, 2, 4];

/** The object header that starts here; undefined, and `ok` false, for qualifiers that are not given out. */
export function readObjectHeader(reader: Reader): ObjectHeader | undefined {
  const group = reader.u8();
  const variation = reader.u8();
  const qualifier = reader.u8();
  const prefixCode = (qualifier >> 4) & 7;
  const rangeCode = qualifier & 15;
  const prefix = PREFIX_SIZES[prefixCode];
  let first = -1;
  let count = 0;
  if (rangeCode <= 2) {
    const size = RANGE_SIZES[rangeCode] ?? 1;
    first = readLittle(reader, size);
    count = readLittle(reader, size) - first + 1;
  } else if (rangeCode >= 7 && rangeCode <= 9) count = readLittle(reader, RANGE_SIZES[rangeCode - 7] ?? 1);
  else if (rangeCode === 11) count = reader.u8();
  else if (rangeCode !== 6) reader.ok = false;
  if (!reader.ok || prefix === undefined || count < 0) {
    reader.ok = false;
    return undefined;
  }
  return { group, variation, prefix, isSized: prefixCode >= 4, first, count };
}

function readLittle(reader: Reader, size: number): number {
  return size === 0 ? 0 : size === 1 ? reader.u8() : size === 2 ? reader.u16le() : reader.u32le();
}

// ------------------------------------------------------------------ what a request touches

/** Objects told of one request; the others are counted. */
const SHOWN = 4;
/** Headers looked at in one request that reads. */
const MAX_HEADERS = 16;

/** What a request reads or otherwise names: "class 1, class 2, analog inputs 0 to 9". */
export function describeObjects(reader: Reader): string {
  const names: string[] = [];
  while (reader.left >= 3 && names.length < MAX_HEADERS) {
    const header = readObjectHeader(reader);
    if (!header) break;
    const { group, variation, first, count } = header;
    const name = groupName(group, variation);
    if (first < 0 || group === 0) names.push(name);
    else names.push(count > 1 ? `${name} ${first} to ${first + count - 1}` : `${name} ${first}`);
    // Behind the first objects with contents nothing can be found without knowing their sizes.
    if (header.prefix > 0) break;
  }
  return names.join(', ');
}

const BINARY_COMMAND = 12;
const ANALOG_COMMAND = 41;
/** Bytes of an analog command's value by variation: 32 bits, 16 bits, single and double float; one of status follows. */
const ANALOG_SIZES = [0, 4, 2, 4, 8];
const BINARY_COMMAND_SIZE = 11;

export interface Commands {
  readonly detail: string;
  /** Status of the first object that has one other than 0, as a response echoes it. */
  readonly status: number;
}

/** Commands of a select or operate request, or of the response that echoes them. */
export function readCommands(reader: Reader): Commands {
  const shown: string[] = [];
  let total = 0;
  let status = 0;
  while (reader.left >= 3) {
    const header = readObjectHeader(reader);
    if (!header) break;
    const { group, variation, prefix, isSized, first, count } = header;
    const isBinary = group === BINARY_COMMAND && variation === 1;
    const size = isBinary ? BINARY_COMMAND_SIZE : group === ANALOG_COMMAND ? (ANALOG_SIZES[variation] ?? 0) + 1 : 0;
    if (size < 2 || isSized) {
      shown.push(groupName(group, variation));
      break;
    }
    for (let i = 0; i < count && reader.left >= prefix + size; i++) {
      const index = prefix > 0 ? readLittle(reader, prefix) : first + i;
      const value = isBinary ? readBinaryCommand(reader) : readAnalogCommand(reader, variation);
      status ||= reader.u8() & 0x7f;
      if (reader.ok && ++total <= SHOWN) shown.push(`${isBinary ? 'binary' : 'analog'} output ${index}: ${value}`);
    }
  }
  const detail = total > SHOWN ? `${shown.join(', ')} and ${total - SHOWN} more` : shown.join(', ');
  return { detail, status };
}

/** Control relay output block (annex A.8.1): the code says what to do, the two bits above it with which coil. */
function readBinaryCommand(reader: Reader): string {
  const code = reader.u8();
  const count = reader.u8();
  reader.skip(8); // times on and off
  const done = COMMANDS[code & 0x0f] ?? `operation ${code & 0x0f}`;
  const coil = COILS[code >> 6] ?? '';
  return count > 1 ? `${coil}${done}, ${count} times` : `${coil}${done}`;
}
const COMMANDS = ['nothing', 'pulse on', 'pulse off', 'latch on', 'latch off'];
const COILS = ['', 'close, ', 'trip, ', ''];

function readAnalogCommand(reader: Reader, variation: number): string {
  if (variation === 1) return String(reader.u32le() | 0);
  if (variation === 2) return String((reader.u16le() << 16) >> 16);
  const bytes = reader.bytes(variation === 3 ? 4 : 8);
  if (bytes.length === 0) return '';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return String(variation === 3 ? Number(view.getFloat32(0, true).toPrecision(7)) : view.getFloat64(0, true));
}

/** Name of the file that a request is about (group 70 variations 3 and 7); empty where it has none. */
export function readFileName(reader: Reader): string {
  const header = readObjectHeader(reader);
  if (header?.group !== 70 || !header.isSized) return '';
  const object = reader.sub(Math.min(readLittle(reader, header.prefix), reader.left));
  if (header.variation !== 3 && header.variation !== 7) return '';
  const offset = object.u16le();
  const size = object.u16le();
  object.seek(offset);
  return object.text(Math.min(size, object.left));
}

/** Name of the account in a request for access to files (group 70 variation 2), whose password stays unread. */
export function readFileAccount(
  reader: Reader,
): { readonly account: string; readonly hasPassword: boolean } | undefined {
  const header = readObjectHeader(reader);
  if (header?.group !== 70 || header.variation !== 2 || !header.isSized) return undefined;
  const object = reader.sub(Math.min(readLittle(reader, header.prefix), reader.left));
  const offset = object.u16le();
  const size = object.u16le();
  object.skip(2);
  const passwordSize = object.u16le();
  if (!object.ok) return undefined;
  object.seek(offset);
  return { account: statedText(object.text(Math.min(size, object.left)), 64), hasPassword: passwordSize > 0 };
}

/** Which step of an authentication the fragment is; empty where its first object is of another group. */
export function readAuthenticationStep(reader: Reader): string {
  const group = reader.u8();
  const variation = reader.u8();
  return reader.ok && group === 120 ? authenticationStep(variation) : '';
}

// ------------------------------------------------------------------ device attributes

export type AttributeKind =
  | 'device.vendor'
  | 'device.model'
  | 'device.serial'
  | 'device.firmware'
  | 'device.hardware-version'
  | 'device.friendly-label'
  | 'device.asset-id'
  | 'device.location';
export interface Attribute {
  readonly kind: AttributeKind;
  readonly value: string;
  readonly source: string;
}

/** Variations of group 0 (annex A.1) that say what the device is. */
const ATTRIBUTES: Readonly<Record<number, readonly [AttributeKind, string]>> = {
  242: ['device.firmware', 'attribute 242, software version'],
  243: ['device.hardware-version', 'attribute 243, hardware version'],
  245: ['device.location', 'attribute 245, location name'],
  246: ['device.asset-id', 'attribute 246, identification code'],
  247: ['device.friendly-label', 'attribute 247, device name'],
  248: ['device.serial', 'attribute 248, serial number'],
  250: ['device.model', 'attribute 250, product name and model'],
  252: ['device.vendor', 'attribute 252, manufacturer name'],
};
/** Visible strings; outstations exist that give texts as octet strings. */
const TEXT_TYPES: readonly number[] = [1, 5];
const MAX_ATTRIBUTES = 256;
/** The set that the standard defines; others are the maker's own. */
const STANDARD_SET = 0;

/** Device attributes in a response, from its first object header on; those before a break are kept. */
export function readAttributes(reader: Reader): Attribute[] {
  const found: Attribute[] = [];
  let budget = MAX_ATTRIBUTES;
  while (reader.left >= 3 && reader.peek() === 0) {
    const header = readObjectHeader(reader);
    if (!header) break;
    for (let i = 0; i < header.count; i++) {
      if (--budget < 0 || reader.left === 0) return found;
      const prefix = readLittle(reader, header.prefix);
      const set = header.isSized ? STANDARD_SET : header.prefix === 0 ? header.first + i : prefix;
      const type = reader.u8();
      const bytes = reader.bytes(reader.u8());
      const attribute = ATTRIBUTES[header.variation];
      if (!reader.ok || !attribute || !TEXT_TYPES.includes(type) || set > STANDARD_SET) continue;
      const value = statedText(decodeText(bytes, 'latin1'));
      if (value) found.push({ kind: attribute[0], value, source: attribute[1] });
    }
  }
  return found;
}

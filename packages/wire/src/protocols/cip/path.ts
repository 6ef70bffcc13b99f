// A CIP path (EPATH): what a request is for and through which ports it gets there. The same segments address objects
// inside a device, modules across a backplane, and devices on the far side of a bridge.
import { cleanText, hexPairs, type Reader } from '../../reader.ts';

/** Identity that a connection expects of its target (electronic key, format 4). Zero in a field matches anything. */
export interface ElectronicKey {
  readonly vendorId: number;
  readonly deviceType: number;
  readonly productCode: number;
  readonly major: number;
  readonly minor: number;
  /** The target may accept it for a device it can stand in for. */
  readonly compatible: boolean;
  /** How many steps of the route lie before the device that checks it. */
  readonly hops: number;
}

export interface CipPath {
  /** Steps through ports, outermost first, as `port/link address`: `1/0` is slot 0 of a chassis. */
  readonly route: string[];
  /** Class, instance, attribute and connection point; -1 where the path names none. Of nested objects the innermost. */
  classId: number;
  instance: number;
  attribute: number;
  /** Class of the object around the innermost one; -1 where there is none. */
  outerClass: number;
  /** Symbolic name as Logix tags have it: `Program:Main.Level[3]`. Empty unless it was asked for. */
  symbol: string;
  hasSymbol: boolean;
  key: ElectronicKey | undefined;
}

/** Bridges in a row: a route through more ports is not met, and a hostile one would make names without end. */
const MAX_HOPS = 8;
/** Logix names have 40 characters and structures nest; longer symbols are cut. */
const MAX_SYMBOL = 256;

const SEGMENT_PORT = 0;
const SEGMENT_LOGICAL = 1;
const SEGMENT_NETWORK = 2;
const SEGMENT_SYMBOL = 3;
const SEGMENT_DATA = 4;
const ANSI_SYMBOL = 0x91;
const ELECTRONIC_KEY = 0x34;

const LOGICAL_CLASS = 0;
const LOGICAL_INSTANCE = 1;
const LOGICAL_MEMBER = 2;
const LOGICAL_ATTRIBUTE = 4;
const LOGICAL_SERVICE = 6;

export const emptyPath = (): CipPath => ({
  route: [],
  classId: -1,
  instance: -1,
  attribute: -1,
  outerClass: -1,
  symbol: '',
  hasSymbol: false,
  key: undefined,
});

/**
 * Reads a padded path of `words` 16-bit words (CIP volume 1, appendix C-1).
 * `symbols` asks for the symbolic name too, which costs a text. What follows a segment of an unknown kind is left out.
 */
export function readPath(reader: Reader, words: number, symbols: boolean): CipPath {
  const path = emptyPath();
  const inner = reader.sub(words * 2);
  while (inner.left > 0) if (!readSegment(inner, path, symbols)) break;
  return path;
}

function readSegment(reader: Reader, path: CipPath, symbols: boolean): boolean {
  const segment = reader.u8();
  if (segment === ANSI_SYMBOL) {
    const length = reader.u8();
    addSymbol(path, symbols ? reader.text(length) : skipped(reader, length), '.');
    if (length % 2 === 1) reader.skip(1);
    return reader.ok;
  }
  switch (segment >> 5) {
    case SEGMENT_PORT:
      return readPort(reader, segment, path);
    case SEGMENT_LOGICAL:
      return segment === ELECTRONIC_KEY ? readKey(reader, path) : readLogical(reader, segment, path, symbols);
    case SEGMENT_NETWORK:
      // One byte, or a length in words and that much: 0x50 carries the safety configuration, 0x51 is extended.
      reader.skip(segment >= 0x50 ? reader.u8() * 2 : 1);
      return reader.ok;
    case SEGMENT_SYMBOL: {
      const length = segment & 0x1f;
      if (length === 0) return false;
      addSymbol(path, symbols ? reader.text(length) : skipped(reader, length), '.');
      if (length % 2 === 0) reader.skip(1);
      return reader.ok;
    }
    case SEGMENT_DATA:
      if (segment !== 0x80) return false;
      reader.skip(reader.u8() * 2);
      return reader.ok;
    default:
      return false;
  }
}

function skipped(reader: Reader, length: number): string {
  reader.skip(length);
  return '';
}

function addSymbol(path: CipPath, text: string, separator: string): void {
  path.hasSymbol = true;
  if (text === '' || path.symbol.length > MAX_SYMBOL) return;
  path.symbol += path.symbol === '' ? cleanText(text, MAX_SYMBOL) : `${separator}${cleanText(text, MAX_SYMBOL)}`;
}

function readPort(reader: Reader, segment: number, path: CipPath): boolean {
  const size = segment & 0x10 ? reader.u8() : 1;
  const port = (segment & 0x0f) === 15 ? reader.u16le() : segment & 0x0f;
  // Port 0 is reserved: zeros here are no path at all.
  if (port === 0 || path.route.length >= MAX_HOPS) return false;
  const link = size === 1 ? String(reader.u8()) : linkAddress(reader.bytes(size));
  if ((segment & 0x10) !== 0 && size % 2 === 1) reader.skip(1);
  if (!reader.ok) return false;
  path.route.push(`${port}/${link}`);
  return true;
}

/** Link addresses of more than a byte are texts on EtherNet/IP ("192.168.1.5"); anything else is shown as hex. */
function linkAddress(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0 && text !== '') break;
    if (byte <= 0x20 || byte > 0x7e || byte === 0x2f || byte === 0x3e) return hexPairs(bytes, '');
    text += String.fromCharCode(byte);
  }
  return text;
}

function readKey(reader: Reader, path: CipPath): boolean {
  if (reader.u8() !== 4) return false;
  const vendorId = reader.u16le();
  const deviceType = reader.u16le();
  const productCode = reader.u16le();
  const major = reader.u8();
  const minor = reader.u8();
  if (!reader.ok) return false;
  path.key = {
    vendorId,
    deviceType,
    productCode,
    major: major & 0x7f,
    minor,
    compatible: (major & 0x80) !== 0,
    hops: path.route.length,
  };
  return true;
}

function readLogical(reader: Reader, segment: number, path: CipPath, symbols: boolean): boolean {
  const type = (segment >> 2) & 7;
  // Service identifiers and special segments are one byte long whatever their format bits say.
  if (type === LOGICAL_SERVICE) {
    reader.skip(1);
    return reader.ok;
  }
  let value: number;
  switch (segment & 3) {
    case 0:
      value = reader.u8();
      break;
    case 1:
      reader.skip(1);
      value = reader.u16le();
      break;
    case 2:
      reader.skip(1);
      value = reader.u32le();
      break;
    default:
      return false;
  }
  if (!reader.ok) return false;
  if (type === LOGICAL_CLASS) {
    // After an instance another class begins an object inside it; in connection paths the first class is a placeholder.
    path.outerClass = path.classId;
    path.classId = value;
    path.instance = -1;
  } else if (type === LOGICAL_INSTANCE) path.instance = value;
  else if (type === LOGICAL_ATTRIBUTE) path.attribute = value;
  else if (type === LOGICAL_MEMBER && symbols && path.hasSymbol) path.symbol += `[${value}]`;
  return type <= LOGICAL_ATTRIBUTE;
}

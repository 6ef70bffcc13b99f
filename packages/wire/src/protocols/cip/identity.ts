// The Identity object (CIP volume 1, chapter 5A-2): what a device says it is. Read here whole, by list and by single
// attribute, and as the item of EtherNet/IP's ListIdentity, which carries the same fields.
import { cleanText, decodeText, type Reader } from '../../reader.ts';

/** Attributes as far as a message carries them. */
export interface Identity {
  vendorId?: number;
  deviceType?: number;
  productCode?: number;
  major?: number;
  minor?: number;
  status?: number;
  serial?: number;
  productName?: string;
  state?: number;
  assignedName?: string;
  assignedDescription?: string;
  location?: string;
}

/** A text of one length byte (SHORT_STRING). */
export function readShortString(reader: Reader): string {
  return text(reader.bytes(reader.u8()));
}

/** A text of a 16-bit length (STRING). */
export function readString(reader: Reader): string {
  return text(reader.bytes(reader.u16le()));
}

/** UTF-8 where it is valid, else the Latin alphabet: the standard says ISO 8859-1, newer devices write UTF-8. */
function text(bytes: Uint8Array): string {
  const decoded = decodeText(bytes, 'utf8');
  return cleanText(decoded.includes('\ufffd') ? decodeText(bytes, 'latin1') : decoded);
}

const STRING = 0xd0;
const STRING2 = 0xd5;
const STRINGN = 0xd9;
const SHORT_STRING = 0xda;

/** The first text of an international string (STRINGI): a count, then language, type, character set and text of each. */
export function readInternationalString(reader: Reader): string {
  if (reader.u8() === 0) return '';
  reader.skip(3);
  const type = reader.u8();
  reader.skip(2);
  switch (type) {
    case STRING:
      return readString(reader);
    case STRING2:
      return cleanText(reader.text(reader.u16le() * 2, 'utf16le'));
    case SHORT_STRING:
      return readShortString(reader);
    case STRINGN: {
      const size = reader.u16le();
      const length = reader.u16le() * size;
      return size === 2 ? cleanText(reader.text(length, 'utf16le')) : text(reader.bytes(length));
    }
    default:
      reader.ok = false;
      return '';
  }
}

/** Sets a field only where its bytes were all there: a read past the end gives zero. */
function keep<K extends keyof Identity>(reader: Reader, identity: Identity, field: K, value: Identity[K]): boolean {
  if (reader.ok) identity[field] = value;
  return reader.ok;
}

/**
 * Reads one attribute into `identity`. False where its length is not known or its bytes are cut off, so that nothing
 * after it can be read.
 */
export function readIdentityAttribute(reader: Reader, attribute: number, identity: Identity): boolean {
  switch (attribute) {
    case 1:
      return keep(reader, identity, 'vendorId', reader.u16le());
    case 2:
      return keep(reader, identity, 'deviceType', reader.u16le());
    case 3:
      return keep(reader, identity, 'productCode', reader.u16le());
    case 4: {
      const major = reader.u8();
      return keep(reader, identity, 'minor', reader.u8()) && keep(reader, identity, 'major', major);
    }
    case 5:
      return keep(reader, identity, 'status', reader.u16le());
    case 6:
      return keep(reader, identity, 'serial', reader.u32le());
    case 7:
      return keep(reader, identity, 'productName', readShortString(reader));
    case 8:
      return keep(reader, identity, 'state', reader.u8());
    case 9: // configuration consistency value
    case 17: // protection mode
    case 0x65: // Rockwell's own: two numbers that Logix controllers add
      reader.skip(2);
      return reader.ok;
    case 10: // heartbeat interval
      reader.skip(1);
      return reader.ok;
    case 11: // active language
      reader.skip(3);
      return reader.ok;
    case 18:
      return keep(reader, identity, 'assignedName', readInternationalString(reader));
    case 19:
      return keep(reader, identity, 'assignedDescription', readInternationalString(reader));
    case 20:
      return keep(reader, identity, 'location', readInternationalString(reader));
    case 0x66:
      reader.skip(4);
      return reader.ok;
    default:
      return false;
  }
}

/** Attributes 1 to 7 in a row, then the state where the answer is long enough (Get_Attributes_All). */
export function readIdentity(reader: Reader): Identity {
  const identity: Identity = {};
  let attribute = 1;
  while (attribute <= 8 && reader.left > 0 && readIdentityAttribute(reader, attribute, identity)) attribute++;
  return identity;
}

// What a Modbus server says of itself: the objects of "read device identification" (MAP 6.21) and the text that makers put
// into "report server ID" (MAP 6.13).
import { decodeText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import type { Told, ToldKind } from './units.ts';

/** Objects of one answer: the basic, regular and extended ones are at most 256, one answer holds fewer. */
const MAX_OBJECTS = 128;

/** Kinds and names by object id. ProductName and ModelName both name the model: makers fill either. */
const OBJECTS: Readonly<Record<number, readonly [ToldKind, string]>> = {
  0: ['device.vendor', 'device identification VendorName'],
  1: ['device.product-code', 'device identification ProductCode'],
  2: ['device.firmware', 'device identification MajorMinorRevision'],
  3: ['device.url', 'device identification VendorUrl'],
  4: ['device.model', 'device identification ProductName'],
  5: ['device.model', 'device identification ModelName'],
  6: ['device.friendly-label', 'device identification UserApplicationName'],
};

/** Reads the objects of an answer to 43/14, from the byte after the MEI type on. Objects before a break are kept. */
export function readDeviceIdentification(reader: Reader): Told[] {
  const told: Told[] = [];
  reader.skip(4); // read code, conformity level, more follows, next object
  const count = Math.min(reader.u8(), MAX_OBJECTS);
  for (let i = 0; i < count && reader.left > 0; i++) {
    const object = OBJECTS[reader.u8()];
    const bytes = reader.bytes(reader.u8());
    if (!reader.ok) break;
    const value = readableText(bytes);
    if (object && value) told.push({ kind: object[0], value, source: object[1] });
  }
  return told;
}

/** Text of an object: ASCII by the standard, UTF-8 or Latin-1 in the field. Empty where it holds anything but text. */
function readableText(bytes: Uint8Array): string {
  const utf8 = decodeText(bytes, 'utf8');
  const text = statedText(utf8.includes('\ufffd') ? decodeText(bytes, 'latin1') : utf8);
  // C1 controls are what binary data turns into in Latin-1.
  return /[\u0080-\u009f]/.test(text) ? '' : text;
}

/** Shorter runs of letters occur by accident in the binary ids of older controllers. */
const MIN_TEXT = 4;

/**
 * Reads an answer to 17 from its byte count on. The standard leaves the length of the id to the maker: a one byte id is
 * told by the run indicator (0x00 or 0xFF) in the second byte, a text id by the indicator right after it.
 */
export function readServerId(reader: Reader): Told[] {
  const bytes = reader.bytes(Math.min(reader.u8(), reader.left));
  let bestAt = 0;
  let bestEnd = 0;
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && isPrintable(bytes[end])) end++;
    if (end - at > bestEnd - bestAt) [bestAt, bestEnd] = [at, end];
    at = end + 1;
  }
  const text = statedText(decodeText(bytes.subarray(bestAt, bestEnd), 'latin1'));
  const isText = text.length >= MIN_TEXT && /[A-Za-z]{2}/.test(text);
  const indicator = isIndicator(bytes[1]) ? bytes[1] : isText && bestAt === 0 ? bytes[bestEnd] : undefined;
  const source = 'report server ID';
  const told: Told[] = [];
  if (isText) told.push({ kind: 'device.description', value: text, source });
  if (isIndicator(indicator))
    told.push({ kind: 'modbus.run-status', value: indicator === 0xff ? 'on' : 'off', source });
  return told;
}

const isPrintable = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x20 && byte < 0x7f;
const isIndicator = (byte: number | undefined): boolean => byte === 0x00 || byte === 0xff;

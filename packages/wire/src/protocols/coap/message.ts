// One CoAP message: header, token, options, payload. Options are numbered by differences, so one that is read wrongly
// makes nonsense of the rest, which is what a message is checked by.
import { cleanText, decodeText, type Reader } from '../../reader.ts';

export interface CoapMessage {
  readonly type: number;
  /** Class and detail as one number of two digits: 205 is 2.05, 1 is GET. */
  readonly code: number;
  readonly token: string;
  /** `/a/b`, from the options of a request. */
  readonly path: string;
  readonly queries: readonly string[];
  /** Content-Format, -1 where there is none. */
  readonly format: number;
  /** Asks to be told of changes. */
  readonly observes: boolean;
  /** Number of the block of the answer and whether more follow; -1 where it is whole. */
  readonly block: number;
  readonly moreBlocks: boolean;
  /** Device of the maker Shelly, which puts itself into an option of its own. */
  readonly shelly: string;
  /** All options are registered ones of a possible length. */
  readonly isPlain: boolean;
  /** At the payload. */
  readonly payload: Reader;
}

/** Options in one message; requests have up to a dozen. */
const MAX_OPTIONS = 64;
const MAX_PATH = 300;

/** Undefined where it is no message of RFC 7252. */
export function readMessage(reader: Reader): CoapMessage | undefined {
  const first = reader.u8();
  const tokenLength = first & 15;
  const byte = reader.u8();
  const code = (byte >> 5) * 100 + (byte & 31);
  if (first >> 6 !== 1 || tokenLength > 8 || !isCode(code)) return undefined;
  reader.skip(2); // message identifier
  if (code === 0 && (tokenLength > 0 || reader.left > 0)) return undefined;
  const token = tokenLength > 0 ? reader.hex(tokenLength) : '';
  let path = '';
  const queries: string[] = [];
  const found = { format: -1, observes: false, block: -1, moreBlocks: false, shelly: '', isPlain: true };
  let number = 0;
  for (let options = 0; reader.left > 0; options++) {
    const head = reader.u8();
    if (head === MARKER) {
      if (reader.left === 0) return undefined;
      break;
    }
    number += readExtended(reader, head >> 4);
    const length = readExtended(reader, head & 15);
    if (!reader.ok || length > reader.left || options >= MAX_OPTIONS || number > 0xffff) return undefined;
    const limits = OPTIONS.get(number);
    if (!limits || length < limits[0] || length > limits[1]) found.isPlain = false;
    const value = reader.bytes(length);
    switch (number) {
      case URI_PATH:
      case LOCATION_PATH:
        if (path.length < MAX_PATH) path += `/${cleanText(decodeText(value, 'utf8'), MAX_PATH)}`;
        break;
      case URI_QUERY:
        if (queries.length < 16) queries.push(cleanText(decodeText(value, 'utf8'), MAX_PATH));
        break;
      case OBSERVE:
        found.observes = numberOf(value) === 0;
        break;
      case CONTENT_FORMAT:
        found.format = numberOf(value);
        break;
      case BLOCK2:
        found.block = numberOf(value) >>> 4;
        found.moreBlocks = (numberOf(value) & 8) !== 0;
        break;
      case SHELLY_DEVICE:
        found.shelly = cleanText(decodeText(value, 'utf8'), 64);
        break;
      default:
    }
  }
  if (!reader.ok || (code === SHELLY_STATUS && found.shelly === '')) return undefined;
  return { type: (first >> 4) & 3, code, token, path, queries, ...found, payload: reader };
}

/** Nibbles of 13 and 14 stand for one or two bytes more (RFC 7252 section 3.1); 15 is reserved. */
function readExtended(reader: Reader, nibble: number): number {
  if (nibble < 13) return nibble;
  if (nibble === 13) return reader.u8() + 13;
  if (nibble === 14) return reader.u16() + 269;
  reader.ok = false;
  return 0;
}

const numberOf = (bytes: Uint8Array): number => bytes.subarray(0, 4).reduce((sum, byte) => sum * 256 + byte, 0);

/** Registered codes (IANA CoAP parameters), and the one with which Shelly devices tell their state. */
const isCode = (code: number): boolean => code <= 7 || code === SHELLY_STATUS || (code >= 200 && CODES.has(code));
const CODES = new Set([
  201, 202, 203, 204, 205, 231, 400, 401, 402, 403, 404, 405, 406, 408, 409, 412, 413, 415, 422, 429, 500, 501, 502,
  503, 504, 505, 508,
]);
const SHELLY_STATUS = 30;

const OBSERVE = 6;
const LOCATION_PATH = 8;
const URI_PATH = 11;
const CONTENT_FORMAT = 12;
const URI_QUERY = 15;
const BLOCK2 = 23;
const SHELLY_DEVICE = 3332;
const MARKER = 0xff;

/** Options with their least and greatest length in bytes (IANA CoAP parameters). */
const OPTIONS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [1, [0, 8]], // If-Match
  [3, [1, 255]], // Uri-Host
  [4, [1, 8]], // ETag
  [5, [0, 0]], // If-None-Match
  [OBSERVE, [0, 3]],
  [7, [0, 2]], // Uri-Port
  [LOCATION_PATH, [0, 255]],
  [9, [0, 255]], // OSCORE
  [URI_PATH, [0, 255]],
  [CONTENT_FORMAT, [0, 2]],
  [14, [0, 4]], // Max-Age
  [URI_QUERY, [0, 255]],
  [16, [0, 1]], // Hop-Limit
  [17, [0, 2]], // Accept
  [20, [0, 255]], // Location-Query
  [BLOCK2, [0, 3]],
  [27, [0, 3]], // Block1
  [28, [0, 4]], // Size2
  [35, [1, 1034]], // Proxy-Uri
  [39, [1, 255]], // Proxy-Scheme
  [60, [0, 4]], // Size1
  [258, [0, 1]], // No-Response
  [2049, [2, 2]], // OCF-Accept-Content-Format-Version
  [2053, [2, 2]], // OCF-Content-Format-Version
]);

// Where in a frame the value of a fact is: for highlighting. First by what was read there, then by looking for the bytes
// that the value would be as text, as an address, as hex digits or as a number.
import type { ExplainedFrame } from './explain.ts';
import type { ExplainedField } from './explain-headers.ts';
import { formatIpv6 } from './reader.ts';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges shown for one fact. */
const MAX_RANGES = 16;
/** Texts shorter than this are found by chance, in any frame; those of two characters count where they occur once. */
const SHORTEST_TEXT = 3;

/**
 * Byte ranges of a fact's value in an explained frame, ascending; empty where it cannot be told. In: any fact value; of
 * a record, every text and number in it is looked for.
 */
export function locate(explained: ExplainedFrame, value: unknown): ByteRange[] {
  const ranges = plainValues(value).flatMap((plain) => locateOne(explained, plain));
  const unique = new Map(
    ranges.map((range) => [`${range.start}-${range.end}`, { start: range.start, end: range.end }]),
  );
  return [...unique.values()].sort((a, b) => a.start - b.start).slice(0, MAX_RANGES);
}

function plainValues(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(plainValues).slice(0, 50);
}

function locateOne(explained: ExplainedFrame, value: string | number): readonly ByteRange[] {
  const text = String(value);
  const headers = explained.layers.findLastIndex(({ name }) => name === 'tcp' || name === 'udp' || name === 'ethernet');
  const fields = explained.layers.flatMap((layer) => layer.fields).filter(({ elsewhere }) => !elsewhere);
  const messageFields = explained.layers.slice(headers + 1).flatMap((layer) => layer.fields);
  const read = messageFields.filter((field) => !field.elsewhere && field.value === text);
  if (read.length > 0) return read;
  const inReads = byReads(messageFields, text);
  if (inReads.length > 0) return inReads;
  const from = explained.layers[headers]?.end ?? 0;
  for (const bytes of encodings(value)) {
    const found = search(explained.bytes, bytes, from);
    if (found.length > 0 && (bytes.length >= SHORTEST_TEXT || found.length === 1)) return found;
  }
  return fields.filter((field) => field.value === text);
}

/** A text that was made of several reads: a version of two or three numbers, a text within a longer one. */
function byReads(fields: readonly ExplainedField[], text: string): ByteRange[] {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  if (numbers.length > 1 && numbers.length < 6 && /^[A-Za-z]{0,3}[\d.\- ]+$/.test(text)) {
    for (let n = 0; n + numbers.length <= fields.length; n++) {
      const run = fields.slice(n, n + numbers.length);
      if (!run.every((field, k) => !field.elsewhere && Number(field.value) === numbers[k])) continue;
      return [{ start: run[0]?.start ?? 0, end: run.at(-1)?.end ?? 0 }];
    }
  }
  return [];
}

/** What bytes a value may be, the most telling first. */
function encodings(value: string | number): Uint8Array[] {
  if (typeof value === 'number') return numberEncodings(value);
  const found: Uint8Array[] = [];
  if (value.length > 1) found.push(utf8(value), latin1(value), utf16(value, true), utf16(value, false));
  found.push(...domainNames(value));
  const numbers = /^[A-Za-z]{0,3}\d+([.,]\d+){2,}$/.test(value) ? (value.match(/\d+/g) ?? []).map(Number) : [];
  if (numbers.length > 2 && numbers.every((number) => number < 256)) found.push(Uint8Array.from(numbers));
  const mac = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(value);
  const digits = value.replace(/^0x/i, '').replaceAll(/[:\- ]/g, '');
  const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(value);
  if (ipv4) found.push(Uint8Array.from(value.split('.'), Number));
  else if (value.includes(':') && !mac) found.push(...ipv6Bytes(value));
  if (/^(?:[0-9a-f]{2})+$/i.test(digits) && digits.length >= 4) found.push(hexBytes(digits));
  if (/^\d+$/.test(value)) found.push(...numberEncodings(Number(value)));
  if (/^0x[0-9a-f]+$/i.test(value)) found.push(...numberEncodings(Number(value)));
  return found.filter(({ length }) => length > 0);
}

/** A domain name as DNS writes it, each label behind its length; its end may be a pointer to what was said before. */
function domainNames(value: string): Uint8Array[] {
  if (!/^[^\s]+\.[^\s.]+$|\._(tcp|udp)\./.test(value)) return [];
  const labels = value.split('.').map(utf8);
  if (labels.some(({ length }) => length === 0 || length > 63)) return [];
  const found: Uint8Array[] = [];
  for (let count = labels.length; count > 0; count--)
    found.push(Uint8Array.from(labels.slice(0, count).flatMap((label) => [label.length, ...label])));
  return found.filter(({ length }) => length > SHORTEST_TEXT + 1);
}

/** Numbers up to 255 are in every frame: one byte proves nothing. */
function numberEncodings(value: number): Uint8Array[] {
  if (!Number.isInteger(value) || value < 256) return [];
  const found: Uint8Array[] = [];
  for (const size of value < 65536 ? [2, 4] : value < 2 ** 32 ? [4] : [8]) {
    const view = new DataView(new ArrayBuffer(size));
    if (size === 2) view.setUint16(0, value);
    else if (size === 4) view.setUint32(0, value);
    else if (Number.isSafeInteger(value)) view.setBigUint64(0, BigInt(value));
    const bytes = new Uint8Array(view.buffer);
    found.push(bytes, bytes.slice().reverse());
  }
  return found;
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let n = 0; n < text.length; n++) view.setUint16(n * 2, text.charCodeAt(n), littleEndian);
  return new Uint8Array(view.buffer);
}
function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}
const hexBytes = (digits: string) =>
  Uint8Array.from({ length: digits.length / 2 }, (_, n) => Number.parseInt(digits.slice(2 * n, 2 * n + 2), 16));

function ipv6Bytes(text: string): Uint8Array[] {
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  if (zeros < 0) return [];
  const all = [...before, ...new Array<number>(zeros).fill(0), ...after];
  if (all.length !== 8 || all.some((group) => !(group >= 0 && group <= 0xffff))) return [];
  const bytes = Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
  return formatIpv6(bytes) === text.toLowerCase() ? [bytes] : [];
}

function search(bytes: Uint8Array, wanted: Uint8Array, from: number): ByteRange[] {
  const found: ByteRange[] = [];
  const first = wanted[0];
  if (first === undefined) return found;
  for (let at = bytes.indexOf(first, from); at >= 0 && found.length < MAX_RANGES; at = bytes.indexOf(first, at + 1)) {
    if (at + wanted.length > bytes.length) break;
    let n = 1;
    while (n < wanted.length && bytes[at + n] === wanted[n]) n++;
    if (n === wanted.length) found.push({ start: at, end: at + n });
  }
  return found;
}

// Gives names to what a protocol read: the message object that came of it has named values, and each is most likely the
// next read with that value. What the object does not hold stays without a name of its own.
import { cleanText, hexPairs, type ReadTrace } from './reader.ts';

export interface NamedRead {
  readonly name: string;
  readonly value: string;
  /** From the start of the message. */
  readonly start: number;
  readonly end: number;
}

/** Values looked at in one message object, and how deep. */
const MAX_VALUES = 1000;
const MAX_DEPTH = 6;
/** Reads shown of one message. */
const MAX_READS = 2000;
/** Bytes of a value shown as hex. */
const MAX_SHOWN_BYTES = 64;

/** Names the reads of a message. The order stays that of reading; reads of nothing are left out. */
export function nameReads(trace: readonly ReadTrace[], message: unknown): NamedRead[] {
  const reads = trace.filter(({ start, end }) => end > start).slice(0, MAX_READS);
  const shown = reads.map(({ value }) => showValue(value));
  const names: (string | undefined)[] = reads.map(() => undefined);
  let next = 0;
  for (const { path, value } of valuesOf(message)) {
    const text = String(value);
    const matches = (n: number) => names[n] === undefined && equals(reads[n], shown[n], value, text);
    let found = -1;
    for (let n = next; n < reads.length && found < 0; n++) if (matches(n)) found = n;
    // A value that is read out of order is believed where it can hardly be a coincidence.
    const isTelling = typeof value === 'string' ? value.length > 2 : Number(value) > 255;
    for (let n = 0; n < next && found < 0 && isTelling; n++) if (matches(n)) found = n;
    if (found < 0) continue;
    names[found] = path;
    if (found >= next) next = found + 1;
  }
  return reads.map(({ start, end, value }, n) => ({
    name: names[n] ?? kindOf(value),
    value: shown[n] ?? '',
    start,
    end,
  }));
}

function equals(read: ReadTrace | undefined, shown: string | undefined, value: unknown, text: string): boolean {
  if (!read) return false;
  if (read.value === value) return true;
  if (typeof value !== 'string') return typeof value === 'boolean' ? false : String(read.value) === text;
  if (typeof read.value === 'string') return cleanText(read.value) === text;
  if (!(read.value instanceof Uint8Array)) return false;
  return shown === text || addressOf(read.value) === text || hexPairs(read.value, ':') === text;
}

/** Named values of an object, depth first, in the order of its properties. */
function valuesOf(message: unknown): { readonly path: string; readonly value: unknown }[] {
  const found: { path: string; value: unknown }[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (found.length >= MAX_VALUES || value === undefined || value === null || value === '') return;
    if (value instanceof Uint8Array) found.push({ path, value: hexPairs(value.subarray(0, MAX_SHOWN_BYTES), '') });
    else if (typeof value !== 'object') found.push({ path, value });
    else if (depth < MAX_DEPTH)
      for (const [name, inner] of Object.entries(value))
        visit(inner, path === '' ? name : `${path}.${name}`, depth + 1);
  };
  visit(message, '', 0);
  return found;
}

function kindOf(value: ReadTrace['value']): string {
  return typeof value === 'string' ? 'text' : value instanceof Uint8Array ? 'bytes' : 'number';
}
export function showValue(value: ReadTrace['value']): string {
  if (!(value instanceof Uint8Array)) return typeof value === 'string' ? cleanText(value) : String(value);
  const more = value.length > MAX_SHOWN_BYTES ? '...' : '';
  return `${hexPairs(value.subarray(0, MAX_SHOWN_BYTES), '')}${more}`;
}
/** Four bytes as an IPv4 address; an empty text for any other number of bytes. */
const addressOf = (bytes: Uint8Array) => (bytes.length === 4 ? bytes.join('.') : '');

// Vendors of MAC addresses after the IEEE registries (MA-L 24 bits, MA-M 28 bits, MA-S 36 bits), from `oui-data`.
// Its file has 5.6 MB in lines ordered by prefix, so it is searched as it lies on disk: parsing it took 60 ms of a run
// whose whole work takes 300, a search takes some microseconds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Assignment lengths in hex digits, most specific first: a 24-bit block may belong to the registry itself. */
const PREFIX_DIGITS = [9, 7, 6] as const;

/**
 * Makes the look-up of a MAC address's registered company.
 * In: a MAC address, lower case with colons. Out: the company as the registry writes it, or undefined where the address
 * is not registered, locally administered or private. Source: IEEE registration authority, by way of `oui-data`.
 */
export function macVendorLookup(): (mac: string) => string | undefined {
  let text: Buffer | undefined;
  const known = new Map<string, string | undefined>();
  const entry = (prefix: string): string | undefined => {
    text ??= readFileSync(createRequire(import.meta.url).resolve('oui-data'));
    return searchEntry(text, prefix);
  };

  return (mac) => {
    const digits = mac.replaceAll(':', '').toUpperCase();
    const first = digits.slice(0, 6);
    if (digits.length < 12 || isLocal(digits)) return undefined;
    const key = digits.slice(0, 9);
    if (known.has(key)) return known.get(key);
    let vendor: string | undefined;
    for (const length of PREFIX_DIGITS) {
      const found = entry(length === 6 ? first : digits.slice(0, length));
      if (!found) continue;
      vendor = found.split('\n')[0]?.replace(/[\s,]+$/, '');
      break;
    }
    if (vendor === '' || vendor === 'Private' || vendor === 'IEEE Registration Authority') vendor = undefined;
    known.set(key, vendor);
    return vendor;
  };
}

/** Locally administered or group addresses are in no registry (IEEE 802-2014 section 8.2). */
const isLocal = (digits: string): boolean => (Number.parseInt(digits.slice(0, 2), 16) & 3) !== 0;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Finds the line ` "PREFIX": "text",` by halving; lines are ordered by the length of the prefix, then by the prefix. */
function searchEntry(text: Buffer, prefix: string): string | undefined {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = text.lastIndexOf(LINE_FEED, middle) + 1;
    const end = text.indexOf(LINE_FEED, start);
    const stop = end < 0 ? text.length : end;
    const open = text.indexOf(QUOTE, start);
    const close = text.indexOf(QUOTE, open + 1);
    const key = open >= 0 && close < stop ? text.toString('latin1', open + 1, close) : '';
    if (key === prefix) {
      const line = text.toString('utf8', close + 2, stop).trim();
      return JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as string;
    }
    // The brace before the first line has no key and sorts before all.
    if (key.length < prefix.length || (key.length === prefix.length && key < prefix)) low = stop + 1;
    else high = start;
  }
  return undefined;
}

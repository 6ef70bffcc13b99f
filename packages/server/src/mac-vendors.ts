// Vendors of MAC addresses after the IEEE registries (MA-L 24 bits, MA-M 28 bits, MA-S 36 bits), from `oui-data`.
// The file has 5.6 MB: a capture with a few dozen devices is answered by searching its bytes, more by parsing it once.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Look-ups answered by search before the file is parsed: one search takes about 1 ms, parsing about 60 ms. */
const SEARCHES_BEFORE_PARSING = 24;
/** Assignment lengths in hex digits, most specific first: a 24-bit block may belong to the registry itself. */
const PREFIX_DIGITS = [9, 7, 6] as const;

/**
 * Makes the look-up of a MAC address's registered company.
 * In: a MAC address, lower case with colons. Out: the company as the registry writes it, or undefined where the address
 * is not registered, locally administered or private. Source: IEEE registration authority, by way of `oui-data`.
 */
export function macVendorLookup(): (mac: string) => string | undefined {
  let text: Buffer | undefined;
  let parsed: Record<string, string> | undefined;
  let searches = 0;
  const known = new Map<string, string | undefined>();

  const entry = (prefix: string): string | undefined => {
    text ??= readFileSync(createRequire(import.meta.url).resolve('oui-data'));
    if (!parsed && searches++ < SEARCHES_BEFORE_PARSING) return searchEntry(text, prefix);
    parsed ??= JSON.parse(text.toString('utf8')) as Record<string, string>;
    return parsed[prefix];
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

/** Finds `"PREFIX": "text"` in the JSON file without parsing the rest of it. */
function searchEntry(text: Buffer, prefix: string): string | undefined {
  const at = text.indexOf(`"${prefix}": "`, 0, 'latin1');
  if (at < 0) return undefined;
  const start = text.indexOf('": "', at) + 3;
  let end = start + 1;
  while (end < text.length && !(text[end] === 0x22 && text[end - 1] !== 0x5c)) end++;
  return JSON.parse(text.toString('utf8', start, end + 1)) as string;
}

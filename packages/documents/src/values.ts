// Spellings of values as people and tools write them, brought to the one spelling that observations use. What cannot be
// read is undefined, and so is what only stands where nothing is known.

/** Longest text that is kept of one value; a description may be a paragraph. */
const MAX_TEXT = 1_000;

/** What people write where nothing is known, in the languages that lists come in. */
const NOTHING: ReadonlySet<string> = new Set(
  (
    '-|--|---|–|—|?|??|.|/|\\|x|n/a|na|n.a.|n.a|#n/a|#nv|nan|nil|null|none|(none)|(null)|(empty)|(unknown)|empty|unknown|unknow|' +
    'undefined|unspecified|not available|not known|not set|tbd|t.b.d.|tba|to be defined|unbekannt|keine|keiner|kein|k.a.|k. a.|' +
    'ka|offen|leer|entfällt|nicht vorhanden|nicht bekannt|inconnu|aucun|sans|néant|desconocido|ninguno|sin datos|sconosciuto|' +
    'nessuno|onbekend|geen|okänd|ukjent|nieznany|brak|neznámé'
  ).split('|'),
);

/** A text as it is kept: white space and control characters made one space; undefined where it says nothing. */
export function textValue(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  let text = raw;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u00a0\u200b\u2028\u2029\ufeff]| {2}/.test(text))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    text = text.replace(/[\u0000-\u001f\u007f-\u00a0\u2028\u2029 ]+/g, ' ').replace(/[\u200b\ufeff]/g, '');
  text = text.trim();
  if (text === '' || (text.length < 20 && NOTHING.has(text.toLowerCase()))) return undefined;
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** 48 or 64 bits in the notations of IEEE, Cisco, Windows, or without signs; lower case with colons. */
export function macValue(raw: string): string | undefined {
  const text = raw.trim();
  if (!/^[0-9a-f]{2}([:\-. ]?[0-9a-f]{2}){5}([:\-. ]?[0-9a-f]{2}){0,2}$/i.test(text)) return shortMac(text);
  const digits = text.replace(/[^0-9a-f]/gi, '').toLowerCase();
  return digits.length === 12 || digits.length === 16 ? (digits.match(/../g) ?? []).join(':') : undefined;
}
/** Octets without a leading zero, as some Unix tools write them: `0:1b:1b:23:eb:3b`. */
function shortMac(text: string): string | undefined {
  if (!/^([0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/i.test(text)) return undefined;
  return text
    .toLowerCase()
    .split(/[:-]/)
    .map((octet) => octet.padStart(2, '0'))
    .join(':');
}

export interface AddressWithMask {
  readonly ip: string;
  /** Dotted mask of a prefix length behind an IPv4 address. */
  readonly mask?: string;
}
/** An IP address, perhaps with a prefix length behind it, or in brackets with a port. */
export function ipValue(raw: string): AddressWithMask | undefined {
  let text = raw.trim();
  const bracketed = /^\[([0-9a-f:.%]+)\](?::\d+)?$/i.exec(text);
  if (bracketed) text = bracketed[1] ?? '';
  const [address = '', prefix] = text.split('/', 2);
  const v4 = ipv4(address);
  if (v4 !== undefined) {
    if (prefix === undefined) return { ip: v4 };
    const length = /^\d{1,2}$/.test(prefix) ? Number(prefix) : undefined;
    if (length !== undefined && length <= 32) return length === 32 ? { ip: v4 } : { ip: v4, mask: maskOf(length) };
    const mask = ipv4(prefix);
    return mask === undefined ? undefined : { ip: v4, mask };
  }
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const v6 = ipv6(address.split('%', 1)[0] ?? '');
  return v6 === undefined ? undefined : { ip: v6 };
}

const maskOf = (length: number): string => {
  const bits = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
};

/** Leading zeros are what spreadsheets fill up with; nobody writes octal in a list. */
function ipv4(text: string): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1).map(Number);
  return octets.every((octet) => octet <= 255) ? octets.join('.') : undefined;
}

/** In the form of RFC 5952: lower case, the longest run of zeros left out. */
function ipv6(text: string): string | undefined {
  if (!text.includes(':') || !/^[0-9a-f:.]{2,45}$/i.test(text)) return undefined;
  const halves = text.toLowerCase().split('::');
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string): number[] | undefined => {
    if (half === '') return [];
    const groups: number[] = [];
    const parts = half.split(':');
    for (const [i, part] of parts.entries()) {
      if (part.includes('.') && i === parts.length - 1) {
        const v4 = ipv4(part)?.split('.').map(Number);
        if (!v4) return undefined;
        groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
      } else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
      else return undefined;
    }
    return groups;
  };
  const [left, right] = [groupsOf(halves[0] ?? ''), halves.length === 2 ? groupsOf(halves[1] ?? '') : []];
  if (!left || !right) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...new Array<number>(missing).fill(0), ...right];
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    if (length > 0) at += length;
  }
  const words = groups.map((group) => group.toString(16));
  if (best.at < 0) return words.join(':');
  return `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.length).join(':')}`;
}

/** A host name without its final dot; undefined for what holds signs no name has, and for addresses. */
export function hostnameValue(raw: string | undefined): string | undefined {
  const text = textValue(raw)?.replace(/\.$/, '');
  if (text === undefined || text.length > 253 || ipValue(text)) return undefined;
  return /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u.test(text) ? text : undefined;
}

/** A whole number within limits. */
export function wholeValue(raw: string | number | undefined, least: number, most: number): number | undefined {
  if (raw === undefined || raw === '') return undefined;
  const value = typeof raw === 'number' ? raw : /^\s*\d{1,15}(\.0+)?\s*$/.test(raw) ? Number(raw) : Number.NaN;
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** Furthest time that is taken: year 2200. Documents hold times of broken clocks. */
const MAX_TIME = 7_258_118_400_000;
/** Milliseconds since 1970 of seconds, or of a text in the form of ISO 8601. */
export function timeValue(raw: string | number | undefined): number | undefined {
  if (raw === undefined || raw === '') return undefined;
  const text = String(raw);
  const seconds = /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
  // Suricata writes offsets without a colon: 2020-01-01T00:00:00.000000+0000.
  const ms = seconds === undefined ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : seconds * 1000;
  return Number.isFinite(ms) && ms > 0 && ms < MAX_TIME ? ms : undefined;
}

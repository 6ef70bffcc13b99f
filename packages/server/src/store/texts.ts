// Texts made of facts and devices: for people to read, to search in, and to sort by. The same on both engines, because
// they are made here and not in SQL.
import { type DeviceAddress, FACTS, type FactKind, isFactKind } from '@interlock/model';

/** Longest text shown for one value; the whole value goes beside it. */
const MAX_SHOWN = 300;
/** Digits numbers are filled up to in texts to sort by: "PLC 2" comes before "PLC 10". */
const SORT_DIGITS = 12;
const MAX_SORT_TEXT = 120;

/** In: a fact's kind and value. Out: the value in one line for people. */
export function factText(kind: FactKind, value: unknown): string {
  const text = textOf(kind, value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

function textOf(kind: FactKind, value: unknown): string {
  if (value === true) return 'yes';
  if (typeof value !== 'object' || value === null) return String(value);
  const record = value as Readonly<Record<string, unknown>>;
  const say = (key: string): string => (record[key] === undefined ? '' : String(record[key]));
  switch (kind) {
    case 'service.offered':
    case 'service.used':
    case 'traffic.not-understood':
      return `${say('protocol') || 'not recognised'} on ${say('transport')}/${say('port')}`;
    case 'conversation':
      return `${say('protocol') || 'not recognised'} with ${say('peer')} on ${say('transport')}/${say('port')}`;
    case 'operation':
      return joined([`${say('what')} by ${say('from')}`, say('detail')]);
    case 'credential.cleartext':
      return joined([say('what'), record['account'] === undefined ? '' : `account ${say('account')}`]);
    case 'tls.certificate':
      return joined([say('subject'), `issued by ${say('issuer')}`]);
    case 'network.neighbour':
      return joined([say('chassis'), `on port ${say('port')}`]);
    case 'traffic.malformed':
    case 'traffic.limit':
    case 'capture.damaged':
    case 'capture.gap':
      return joined([say('code'), say('detail')]);
    case 'identity.same-device':
    case 'identity.different-device':
      return say('other');
    default:
      return Object.entries(record)
        .map(([key, inner]) => `${key} ${Array.isArray(inner) ? inner.join(' ') : String(inner)}`)
        .join(', ');
  }
}
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');

/** The title of a kind, also of one that only another version knows. */
export const factTitle = (kind: string): string => (isFactKind(kind) ? FACTS[kind].title : kind);

/** A text to sort by: case, accents and leading zeros do not count, numbers count as numbers. Empty for none. */
export function sortText(text: string | null | undefined): string {
  if (!text) return '';
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .slice(0, MAX_SORT_TEXT);
  return plain.replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(SORT_DIGITS, '0'));
}

/** Addresses sort as numbers: IPv4, then IPv6, then MAC addresses. */
export function addressSortText(addresses: readonly Pick<DeviceAddress, 'kind' | 'value'>[]): string {
  const first = inShownOrder(addresses)[0];
  if (!first) return '';
  return `${ADDRESS_RANK[first.kind]}${first.kind === 'ipv4' ? sortText(first.value) : first.value}`;
}
const ADDRESS_RANK = { ipv4: 4, ipv6: 6, mac: 9 } as const;

/** Addresses as they are shown: IPv4 first, then IPv6, then MAC; each by number. */
export const inShownOrder = <A extends Pick<DeviceAddress, 'kind' | 'value'>>(addresses: readonly A[]): readonly A[] =>
  [...addresses].sort(
    (a, b) => ADDRESS_RANK[a.kind] - ADDRESS_RANK[b.kind] || compare(sortText(a.value), sortText(b.value)),
  );
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How texts are compared when searching. */
export const searchable = (text: string): string => text.normalize('NFKC').toLowerCase();

/** In: what a person typed. Out: the words that must all occur; MAC addresses in any usual spelling as they are stored. */
export function searchWords(search: string): string[] {
  const words = searchable(search).split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const digits = word.replace(/[-:.]/g, '');
    const spelled = /^([0-9a-f]{2}([-:])){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$|^[0-9a-f]{12}$/.test(word);
    if (spelled && /[a-f]|[-:.]/.test(word)) return (digits.match(/../g) ?? []).join(':');
    return /^([0-9a-f]{2}-)+[0-9a-f]{2}$/.test(word) ? word.replaceAll('-', ':') : word;
  });
}

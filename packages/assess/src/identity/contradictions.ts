// What documents say of a device although something else was met. Spellings differ without meaning anything: the same
// company with and without its legal form, a version with and without its V; those are no contradictions.
import type { Contradiction, FactKind, SaidBy } from '@interlock/model';
import type { Draft } from './drafts.ts';
import { type HeldFact, snapshot } from './evidence.ts';
import { bareHostname, isTelling, normalise } from './identifiers.ts';
import { append } from './maps.ts';

/** What one device may contradict in: more than these are one wrong row told by many fields. */
const MOST_CONTRADICTIONS = 50;

interface Comparison {
  /** Kinds that were met and say the same thing. */
  readonly with: readonly FactKind[];
  readonly agree: (imported: string, met: string) => boolean;
}

const letters = (text: string): string => normalise(text).replace(/[^\p{L}\p{N}]/gu, '');
/** The same but for signs and for what one of them leaves out. */
const alike = (a: string, b: string): boolean => {
  const [x, y] = [letters(a), letters(b)];
  return x === y || (x.length >= 3 && y.includes(x)) || (y.length >= 3 && x.includes(y));
};

const LEGAL_FORMS =
  /\b(gmbh|mbh|ag|kg|kgaa|se|inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|sa|sas|spa|srl|bv|nv|oy|ab|as|aps|pty|pte|group|international|technologies|technology|systems|electronics|electric|automation|industries|industrial|networks|deutschland|germany)\b/g;
const companyWords = (text: string): string[] =>
  normalise(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(LEGAL_FORMS, ' ')
    .split(' ')
    .filter(Boolean);
function sameCompany(a: string, b: string): boolean {
  if (alike(a, b)) return true;
  const [x, y] = [companyWords(a), companyWords(b)];
  // Two companies in one text: "Rockwell Automation/Allen-Bradley". A short form: "HP" and "Hewlett Packard".
  const short = (words: readonly string[]) => words.map((word) => word[0]).join('');
  return x.some((word) => y.includes(word)) || short(x) === y.join('') || short(y) === x.join('');
}

/** Numbers of a version, without the letters around them. */
const versionOf = (text: string): string[] =>
  (/\d+(?:[._-]\d+)*/.exec(text)?.[0] ?? '').split(/[._-]/).map((part) => part.replace(/^0+(?=\d)/, ''));
/** "V3.2" and "3.2.10" do not contradict: one only says less. */
function sameVersion(a: string, b: string): boolean {
  if (alike(a, b)) return true;
  const [x, y] = [versionOf(a), versionOf(b)];
  return x.slice(0, Math.min(x.length, y.length)).join('.') === y.slice(0, Math.min(x.length, y.length)).join('.');
}
const sameSerial = (a: string, b: string): boolean => {
  const bare = (text: string) => letters(text).replace(/^0x/, '').replace(/^0+/, '');
  const [x, y] = [bare(a), bare(b)];
  return x === y || (x.length >= 5 && y.endsWith(x)) || (y.length >= 5 && x.endsWith(y)) || asHex(x) === asHex(y);
};
/** CIP serial numbers are written in hex by some and as a number by others. */
const asHex = (text: string): string => (/^\d{6,10}$/.test(text) ? Number(text).toString(16) : text);
const sameName = (a: string, b: string): boolean => bareHostname(a) === bareHostname(b);

const FAMILIES = /windows|linux|ios|vxworks|qnx|freebsd|openbsd|junos|android|macos|embedded/g;
const WINDOWS = /\b(xp|vista|7|8\.1|8|10|11|2000|2003|2008|2012|2016|2019|2022|2025|nt|ce)\b/;
function sameSystem(a: string, b: string): boolean {
  if (alike(a, b)) return true;
  const [x, y] = [normalise(a), normalise(b)];
  const families: readonly string[] = x.match(FAMILIES) ?? [];
  if (!families.some((family) => y.includes(family))) return false;
  const [vx, vy] = [WINDOWS.exec(x)?.[1], WINDOWS.exec(y)?.[1]];
  return !families.includes('windows') || vx === undefined || vy === undefined || vx === vy;
}
const same = (a: string, b: string): boolean => normalise(a) === normalise(b);

const MODELS: readonly FactKind[] = ['device.model', 'device.order-number', 'device.product-code', 'network.platform'];
const NAMES: readonly FactKind[] = [
  'device.hostname',
  'netbios.name',
  'device.station-name',
  'device.plc-name',
  'dns.answer',
];
const COMPARED: Readonly<Partial<Record<FactKind, Comparison>>> = {
  'device.vendor': { with: ['device.vendor', 'bacnet.maker'], agree: sameCompany },
  'device.model': { with: MODELS, agree: alike },
  'device.order-number': { with: MODELS, agree: alike },
  'device.serial': { with: ['device.serial'], agree: sameSerial },
  'device.firmware': { with: ['device.firmware', 'device.software'], agree: sameVersion },
  'device.hardware-version': { with: ['device.hardware-version'], agree: sameVersion },
  'device.os': { with: ['device.os', 'device.os-build'], agree: sameSystem },
  'device.hostname': { with: NAMES, agree: sameName },
  'netbios.name': { with: NAMES, agree: sameName },
  'device.station-name': { with: ['device.station-name'], agree: same },
  'device.plc-name': { with: ['device.plc-name'], agree: same },
  'device.location': { with: ['device.location'], agree: alike },
  'device.uuid': { with: ['device.uuid'], agree: same },
  'network.mask': { with: ['network.mask'], agree: same },
  'network.vlan': { with: ['network.vlan'], agree: same },
  'snmp.engine-id': { with: ['snmp.engine-id'], agree: same },
  'bacnet.instance': { with: ['bacnet.instance'], agree: same },
};
/** Who met something: traffic, the maker, a person who stood in front of it. */
const MET: ReadonlySet<SaidBy> = new Set(['seen', 'declared', 'attested']);

/** Whether only documents know a device. */
export const isKnownByDocuments = ({ nodes }: Pick<Draft, 'nodes'>): boolean =>
  nodes.every(({ listed }) => listed !== undefined);

/** In: a device with everything told of it. Out: what documents say otherwise than it was met, addresses first. */
export function contradictionsOf(draft: Draft): Contradiction[] {
  if (isKnownByDocuments(draft) || !draft.facts.some(({ said }) => said === 'imported')) return [];
  const met = new Map<FactKind, HeldFact[]>();
  for (const fact of draft.facts) if (MET.has(fact.said)) append(met, fact.kind, fact);
  const found = addressContradictions(draft, met);
  for (const fact of draft.facts) {
    if (fact.said !== 'imported' || found.length >= MOST_CONTRADICTIONS) continue;
    const comparison = COMPARED[fact.kind];
    if (!comparison) continue;
    const others = comparison.with.flatMap((kind) => met.get(kind) ?? []).filter(({ value }) => isTelling(value));
    const text = String(fact.value);
    // Only what is met under the same name can contradict; the other kinds can only confirm.
    const [against] = others.filter(({ kind }) => kind === fact.kind).toSorted((a, b) => b.last - a.last);
    if (!against || others.some(({ value }) => comparison.agree(text, String(value)))) continue;
    found.push(contradiction(fact, against, text, String(against.value)));
  }
  return found;
}

/** Addresses that a document gives to a device that was met with others. */
function addressContradictions(draft: Draft, met: ReadonlyMap<FactKind, readonly HeldFact[]>): Contradiction[] {
  const found: Contradiction[] = [];
  for (const fact of draft.facts) {
    if (fact.kind !== 'address.listed-ip' && fact.kind !== 'address.listed-mac') continue;
    const listed = String(fact.value);
    const isMac = fact.kind === 'address.listed-mac';
    const own = draft.addresses.filter(({ kind, value }) =>
      isMac ? kind === 'mac' : kind !== 'mac' && value.includes(':') === listed.includes(':'),
    );
    if (own.length === 0 || own.some(({ value }) => value === listed)) continue;
    const [latest] = own.toSorted((a, b) => b.last - a.last);
    const proof = [...(met.get('address.seen') ?? []), ...(met.get('address.claimed-ip') ?? [])];
    const against =
      proof.find(({ subject, value }) => subject.includes(latest?.value ?? '?') || value === latest?.value) ??
      [...met.values()].flat()[0];
    if (latest && against) found.push(contradiction(fact, against, listed, own.map(({ value }) => value).join(', ')));
    if (found.length >= MOST_CONTRADICTIONS) break;
  }
  return found;
}

const contradiction = (imported: HeldFact, met: HeldFact, importedText: string, metText: string): Contradiction => ({
  kind: imported.kind,
  imported: snapshot(imported),
  met: snapshot(met),
  importedText,
  metText,
});

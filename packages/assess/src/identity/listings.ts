// Where the entries of documents belong: an asset list, a scan, the log of another monitor. An entry goes to the device
// that was met with its MAC address, else with its IP address; what nobody met becomes a device of its own, known from
// documents only. Documents never join or part devices that were met.
import { ipKind, macKind } from './addresses.ts';
import { type Evidence, type Span, type SubjectRecord, widen } from './evidence.ts';
import { getOrMake } from './maps.ts';
import type { ListedAddresses, Node } from './nodes.ts';

interface Entry {
  readonly record: SubjectRecord;
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly span: Span;
  /** It was met under these very addresses, and is placed by that. */
  readonly met: boolean;
  /** Who read the document: two rows of one list do not mean the same device. */
  readonly importers: ReadonlySet<string>;
}
/** How devices that were met are found, and how nodes are made. */
interface Met {
  ofMac(mac: string): Node | undefined;
  ofIp(ip: string, time: Span): Node | undefined;
  make(listed: ListedAddresses, span: Span): Node;
}

export class Listings {
  readonly #placed = new Map<object, Node>();
  readonly #byMac = new Map<string, Node>();
  readonly #byIp = new Map<string, Node>();
  readonly #byEntry = new Map<string, Node>();

  constructor(evidence: Evidence, met: Met) {
    const entries = entriesOf(evidence);
    const open: Entry[] = [];
    /** Devices that a list names by their MAC address: a row that shares only the IP address means another one. */
    const namedByMac = new Map<Node, Set<string>>();
    for (const entry of entries) {
      const node = firstOf(entry.macs, (mac) => met.ofMac(mac));
      if (!node) {
        if (!entry.met) open.push(entry);
        continue;
      }
      if (!entry.met) this.#placed.set(entry.record, node);
      for (const importer of entry.importers) getOrMake(namedByMac, node, () => new Set<string>()).add(importer);
    }
    const unmet: Entry[] = [];
    for (const entry of open) {
      const node = firstOf(entry.ips, (ip) => met.ofIp(ip, entry.span));
      const another =
        node !== undefined &&
        entry.macs.length > 0 &&
        [...entry.importers].some((one) => namedByMac.get(node)?.has(one));
      if (node && !another) this.#placed.set(entry.record, node);
      else unmet.push(entry);
    }
    // What has a MAC address first: an IP address alone joins the one that has both.
    for (const entry of unmet) if (entry.macs.length > 0) this.#keep(entry, met);
    for (const entry of unmet) if (entry.macs.length === 0) this.#keep(entry, met);
  }

  get isEmpty(): boolean {
    return this.#byMac.size === 0 && this.#byIp.size === 0 && this.#byEntry.size === 0;
  }
  /** Where the entry of a document was placed; undefined for what was met itself. In: the record of the evidence. */
  placeOf(record: object): Node | undefined {
    return this.#placed.size === 0 ? undefined : this.#placed.get(record);
  }
  /** The node that only documents know, by an address or the name of an entry. */
  nodeOf({
    mac,
    ip,
    entry,
  }: {
    readonly mac?: string;
    readonly ip?: string;
    readonly entry?: string;
  }): Node | undefined {
    if (mac !== undefined) return this.#byMac.get(mac) ?? (ip === undefined ? undefined : this.#byIp.get(ip));
    if (ip !== undefined) return this.#byIp.get(ip);
    return entry === undefined ? undefined : this.#byEntry.get(entry);
  }

  #keep({ record, macs, ips, span }: Entry, met: Met): void {
    const known =
      firstOf(macs, (mac) => this.#byMac.get(mac)) ??
      (macs.length === 0 ? firstOf(ips, (ip) => this.#byIp.get(ip)) : undefined);
    const node = known ?? met.make({ macs: new Set(), ips: new Set(), entries: new Set() }, { ...span });
    widen(node, span.first, span.last);
    this.#placed.set(record, node);
    for (const mac of macs) {
      node.listed?.macs.add(mac);
      if (!this.#byMac.has(mac)) this.#byMac.set(mac, node);
    }
    for (const ip of ips) {
      node.listed?.ips.add(ip);
      if (!this.#byIp.has(ip)) this.#byIp.set(ip, node);
    }
    if (record.entry === undefined) return;
    node.listed?.entries.add(record.entry);
    this.#byEntry.set(record.entry, node);
  }
}

/** Subjects that documents name, in one order whatever the order of the observations. */
function entriesOf(evidence: Evidence): Entry[] {
  const entries: Entry[] = [];
  for (const record of evidence.subjects.values()) {
    if (record.part !== undefined) continue;
    const macs = new Set<string>();
    const ips = new Set<string>();
    const importers = new Set<string>();
    let span: Span | undefined;
    let met = false;
    for (const { kind, value, said, protocol, first, last } of record.facts) {
      if (said !== 'imported') {
        met ||= said === 'seen';
        continue;
      }
      const text = String(value);
      if (kind === 'address.listed-mac') {
        if (macKind(text) !== 'nobody') macs.add(text);
      } else if (kind === 'address.listed-ip') {
        if (ipKind(text) !== 'nobody' && ipKind(text) !== 'loopback') ips.add(text);
      } else if (record.entry === undefined) continue;
      importers.add(protocol);
      if (span) widen(span, first, last);
      else span = { first, last };
    }
    if (!span || (macs.size === 0 && ips.size === 0 && record.entry === undefined)) continue;
    entries.push({ record, macs: [...macs].sort(), ips: [...ips], span, met, importers });
  }
  return entries.sort((a, b) => (a.record.key < b.record.key ? -1 : 1));
}

function firstOf<T, R>(from: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of from) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

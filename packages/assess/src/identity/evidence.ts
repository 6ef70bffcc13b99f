// The book of evidence: observations sorted by subject, equal ones counted, and beside them what was met of each MAC
// address, each IP address and each pair of both. Nothing is concluded here.
import {
  type ConversationValue,
  type DeviceFact,
  type DocumentBasis,
  type FactKind,
  MAX_FRAMES_KEPT,
  type Observation,
  type OperationValue,
  parseSubjectKey,
  type SaidBy,
  subjectKey,
} from '@interlock/model';
import { type IpKind, ipKind, type MacKind, macKind } from './addresses.ts';
import { getOrMake } from './maps.ts';

/** A stretch of time, milliseconds since 1970. */
export interface Span {
  first: number;
  last: number;
}
export const widen = (span: Span, first: number, last: number): void => {
  if (first < span.first) span.first = first;
  if (last > span.last) span.last = last;
};
export const overlap = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;

/** A fact as the book keeps it: a `DeviceFact` that still counts. */
export interface HeldFact extends Span {
  id?: string;
  readonly kind: FactKind;
  readonly value: unknown;
  readonly said: SaidBy;
  readonly protocol: string;
  readonly source: string;
  readonly frames: number[];
  capture?: string;
  basis?: DocumentBasis;
  count: number;
  readonly subject: string;
}
/** The fact as it is now: what is handed out does not change with later observations. */
export const snapshot = (fact: HeldFact): DeviceFact => ({ ...fact, frames: [...fact.frames] });
/** What was exchanged or asked for, told of a subject, with the key of the other end. */
export interface HeldConversation extends Span {
  readonly said: SaidBy;
  readonly peer: string;
  readonly value: ConversationValue;
  packetsSent: number;
  packetsReceived: number;
  bytesSent: number;
  bytesReceived: number;
}
export interface HeldOperation extends Span {
  readonly value: OperationValue;
  readonly protocol: string;
  readonly frames: number[];
  count: number;
}

/** Everything told of one subject. */
export interface SubjectRecord {
  readonly key: string;
  /** Absent where the address can belong to nobody. */
  readonly mac?: string;
  readonly ip?: string;
  readonly part?: string;
  /** Entry of a document without an address. */
  readonly entry?: string;
  readonly facts: HeldFact[];
  /** The same facts by capture and value, to find equal ones; made once there are many. */
  known?: FactIndex;
  /** Made when there is the first one: most subjects have none. */
  conversations?: Map<string, HeldConversation>;
  operations?: Map<string, HeldOperation>;
}

/** An IP address met together with a MAC address. */
export interface Pair {
  readonly mac: MacRecord;
  readonly ip: IpRecord;
  /** Frames of this MAC address that carried packets from this IP address. */
  sent?: Span & { frames: number };
  readonly ttls: number[];
  readonly vlans: number[];
  /** ARP or neighbour discovery: "I have this address". */
  claimed?: Span;
  /** DHCP gave it this address. */
  assigned?: Span;
  /** It says in a protocol below IP that it has this address. */
  announced?: Span;
}
export interface MacRecord extends Span {
  readonly mac: string;
  readonly kind: MacKind;
  readonly pairs: Map<string, Pair>;
  /** Something was told of it apart from packets of IP addresses. */
  spoke: boolean;
  /** Frames from this address to itself between different IP addresses: it does not tell hosts apart. */
  talksToItself: boolean;
}
export interface IpRecord {
  readonly ip: string;
  readonly kind: IpKind;
  readonly pairs: Pair[];
  /** Packets of it came without a MAC address (raw IP links, tunnels). */
  bare?: Span;
  readonly bareTtls: number[];
  /** Kinds of the addresses it had conversations with. */
  peersPrivate: boolean;
  peersPublic: boolean;
}

export interface Announcement {
  readonly record: SubjectRecord;
  readonly fact: HeldFact;
}

export class Evidence {
  readonly subjects = new Map<string, SubjectRecord>();
  readonly macs = new Map<string, MacRecord>();
  readonly ips = new Map<string, IpRecord>();
  /** Addresses that subjects say are theirs, beyond the ones they send from. */
  readonly announcements: Announcement[] = [];
  /** What persons said of the identity of devices. */
  readonly corrections: HeldFact[] = [];

  add(observation: Observation & { readonly id?: string }): void {
    const record = this.#subject(observation);
    if (!record) return;
    if (observation.kind === 'conversation') this.#addConversation(record, observation);
    else if (observation.kind === 'operation') this.#addOperation(record, observation);
    else {
      const fact = addFact(record, observation);
      if (fact && CORRECTIONS.has(fact.kind)) this.corrections.push(fact);
      // What people and documents say of an address does not make it send.
      if (record.part === undefined && observation.said === 'seen') this.#note(record, observation, fact);
    }
  }

  #subject(observation: Observation): SubjectRecord | undefined {
    const { subject } = observation;
    const key = subjectKey(subject);
    const known = this.subjects.get(key);
    if (known) return known;
    const mac = subject.mac !== undefined && macKind(subject.mac) !== 'nobody' ? subject.mac : undefined;
    const ip = subject.ip !== undefined && ipKind(subject.ip) !== 'nobody' ? subject.ip : undefined;
    if (mac === undefined && ip === undefined && subject.entry === undefined) return undefined;
    const record: SubjectRecord = {
      key,
      ...(mac === undefined ? {} : { mac }),
      ...(ip === undefined ? {} : { ip }),
      ...(subject.part ? { part: subject.part } : {}),
      ...(subject.entry ? { entry: subject.entry } : {}),
      facts: [],
    };
    this.subjects.set(key, record);
    return record;
  }

  /** What a fact about an address says of MAC addresses, IP addresses and pairs. */
  #note(record: SubjectRecord, { kind, value, first, last, count }: Observation, fact: HeldFact | undefined): void {
    const mac = record.mac === undefined ? undefined : this.#mac(record.mac, first, last);
    const ip = record.ip === undefined ? undefined : this.#ip(record.ip);
    switch (kind) {
      case 'address.seen':
        if (mac && ip) {
          const pair = this.#pair(mac, ip);
          pair.sent ??= { first, last, frames: 0 };
          widen(pair.sent, first, last);
          pair.sent.frames += count;
        } else if (ip) {
          ip.bare ??= { first, last };
          widen(ip.bare, first, last);
        } else if (mac) mac.spoke = true;
        return;
      case 'network.ttl':
        if (mac && ip) addNew(this.#pair(mac, ip).ttls, value as number);
        else if (ip) addNew(ip.bareTtls, value as number);
        return;
      case 'network.vlan':
        if (mac && ip) addNew(this.#pair(mac, ip).vlans, value as number);
        return;
      case 'address.claimed-ip':
      case 'address.assigned-ip':
      case 'address.announced-ip': {
        if (kind === 'address.announced-ip' && fact) this.announcements.push({ record, fact });
        if (!mac || ip) return;
        mac.spoke = true;
        if (ipKind(value as string) === 'nobody') return;
        const pair = this.#pair(mac, this.#ip(value as string));
        const field = PAIR_FIELDS[kind];
        const span = pair[field];
        if (span) widen(span, first, last);
        else pair[field] = { first, last };
        return;
      }
      case 'address.announced-mac':
        if (fact) this.announcements.push({ record, fact });
        if (mac && !ip) mac.spoke = true;
        return;
      default:
        if (mac && !ip) mac.spoke = true;
    }
  }

  #addConversation(record: SubjectRecord, observation: Observation<'conversation'>): void {
    const { value, said, first, last } = observation;
    const key = `${said === 'seen' ? '' : said}${value.peer}|${value.transport}|${value.port}|${value.protocol ?? ''}`;
    record.conversations ??= new Map();
    let held = record.conversations.get(key);
    if (!held) {
      held = {
        said,
        peer: value.peer,
        value,
        packetsSent: 0,
        packetsReceived: 0,
        bytesSent: 0,
        bytesReceived: 0,
        first,
        last,
      };
      record.conversations.set(key, held);
      if (said === 'seen') this.#notePeers(record, observation);
    }
    widen(held, first, last);
    held.packetsSent += value.packetsSent;
    held.packetsReceived += value.packetsReceived;
    held.bytesSent += value.bytesSent;
    held.bytesReceived += value.bytesReceived;
  }

  #notePeers(record: SubjectRecord, { value, first, last }: Observation<'conversation'>): void {
    const peer = parseSubjectKey(value.peer);
    if (record.ip === undefined || peer.ip === undefined || record.ip === peer.ip) return;
    const peerKind = ipKind(peer.ip);
    if (peerKind === 'nobody') return;
    const ip = this.#ip(record.ip);
    notePeer(ip, peerKind);
    notePeer(this.#ip(peer.ip), ip.kind);
    if (record.mac !== undefined && record.mac === peer.mac) this.#mac(record.mac, first, last).talksToItself = true;
  }

  #addOperation(record: SubjectRecord, observation: Observation<'operation'>): void {
    const { value, first, last, count, provenance } = observation;
    const { protocol } = placeOf(provenance);
    const key = `${value.from}|${protocol}|${value.what}|${value.kind}|${value.detail ?? ''}|${value.accepted ?? ''}`;
    const frames = provenance.from === 'capture' ? provenance.frames : [];
    record.operations ??= new Map();
    const held = record.operations.get(key);
    if (!held) {
      record.operations.set(key, { value, protocol, frames: frames.slice(0, MAX_FRAMES_KEPT), count, first, last });
      return;
    }
    widen(held, first, last);
    held.count += count;
    keepFrames(held.frames, frames);
  }

  #mac(mac: string, first: number, last: number): MacRecord {
    let record = this.macs.get(mac);
    if (!record) {
      record = {
        mac,
        kind: macKind(mac),
        pairs: new Map(),
        spoke: false,
        talksToItself: false,
        first,
        last,
      };
      this.macs.set(mac, record);
    }
    widen(record, first, last);
    return record;
  }
  #ip(ip: string): IpRecord {
    let record = this.ips.get(ip);
    if (!record) {
      record = { ip, kind: ipKind(ip), pairs: [], bareTtls: [], peersPrivate: false, peersPublic: false };
      this.ips.set(ip, record);
    }
    return record;
  }
  #pair(mac: MacRecord, ip: IpRecord): Pair {
    let pair = mac.pairs.get(ip.ip);
    if (!pair) {
      pair = { mac, ip, ttls: [], vlans: [] };
      mac.pairs.set(ip.ip, pair);
      ip.pairs.push(pair);
    }
    return pair;
  }
}

const CORRECTIONS: ReadonlySet<FactKind> = new Set(['identity.same-device', 'identity.different-device']);
const PAIR_FIELDS = {
  'address.claimed-ip': 'claimed',
  'address.assigned-ip': 'assigned',
  'address.announced-ip': 'announced',
} as const;

const notePeer = (ip: IpRecord, peer: IpKind): void => {
  if (peer === 'public') ip.peersPublic = true;
  else if (peer !== 'loopback') ip.peersPrivate = true;
};

function keepFrames(kept: number[], more: readonly number[]): void {
  for (const frame of more) {
    if (kept.length >= MAX_FRAMES_KEPT) return;
    if (!kept.includes(frame)) kept.push(frame);
  }
}

/** Facts of a subject that are compared one by one; with more, an index is made. Most subjects have fewer. */
const FEW_FACTS = 24;
/** Facts by capture and value. */
type FactIndex = Map<string | undefined, Map<unknown, HeldFact[]>>;

/**
 * Equal facts of one capture and one subject are one; what differs in capture keeps its own frames.
 * Out: the fact, where it was not there before.
 */
function addFact(record: SubjectRecord, observation: Observation & { readonly id?: string }): HeldFact | undefined {
  const { kind, value, said, first, last, count, provenance, id } = observation;
  const { protocol, source, capture } = placeOf(provenance);
  const indexed = record.known && sameValueOf(record.known, capture, value);
  for (const held of indexed ?? record.facts) {
    if (held.kind !== kind || held.protocol !== protocol || held.source !== source) continue;
    if (held.capture !== capture || valueKey(held.value) !== valueKey(value)) continue;
    widen(held, first, last);
    held.count += count;
    if (provenance.from === 'capture') keepFrames(held.frames, provenance.frames);
    return undefined;
  }
  const frames = provenance.from === 'capture' ? provenance.frames.slice(0, MAX_FRAMES_KEPT) : [];
  const fact: HeldFact = { kind, value, said, protocol, source, frames, first, last, count, subject: record.key };
  if (id !== undefined) fact.id = id;
  if (capture !== undefined) fact.capture = capture;
  if (provenance.from === 'document') fact.basis = provenance.basis;
  record.facts.push(fact);
  if (indexed) indexed.push(fact);
  else if (record.facts.length > FEW_FACTS) {
    record.known = new Map();
    for (const each of record.facts) sameValueOf(record.known, each.capture, each.value).push(each);
  }
  return fact;
}
const sameValueOf = (index: FactIndex, capture: string | undefined, value: unknown): HeldFact[] =>
  getOrMake(
    getOrMake(index, capture, () => new Map<unknown, HeldFact[]>()),
    valueKey(value),
    () => [],
  );
/** Equal values have equal keys. */
const valueKey = (value: unknown): unknown => (typeof value === 'object' ? JSON.stringify(value) : value);
const addNew = (list: number[], value: number): void => {
  if (!list.includes(value)) list.push(value);
};

interface FactPlace {
  readonly protocol: string;
  readonly source: string;
  readonly capture?: string;
}
/** Provenance in the three words a device's fact has for it. What comes from captures is that already. */
function placeOf(provenance: Observation['provenance']): FactPlace {
  switch (provenance.from) {
    case 'capture':
      return provenance;
    case 'document':
      return { protocol: provenance.importer, source: provenance.field };
    case 'person':
      return { protocol: 'person', source: provenance.reason ?? provenance.author };
    case 'rule':
      return { protocol: 'rule', source: provenance.rule };
  }
}

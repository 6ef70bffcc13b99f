// Every pair of IP and MAC address that was met, by number: flows hold the numbers, and the `Subject` with its texts is
// made once, when a fact is first told of it.
import { type Subject, subjectKey } from '@interlock/model';
import type { OuterEnds } from '../packet/packets.ts';
import { formatIpv6, ipv4Text, macText } from '../reader.ts';
import { finish, mix } from './hash.ts';

/** Words per record: address 0 to 3, MAC 4 and 5, version 6, kept frames 7, frames 8 to 15, TTLs 16 to 23, VLANs 24 to 31. */
const WORDS = 32;
const MAC_AT = 4;
const VERSION_AT = 6;
const KEPT_AT = 7;
const FRAMES_AT = 8;
const TTL_AT = 16;
const VLAN_AT = 24;
const FRAMES = 8;
/** Values of one kind kept per endpoint, each with the frame that first showed it: two words. */
export const MAX_NETWORK_VALUES = 4;

/** Subjects of one kind of which the one object is kept; messages can speak of any number of addresses. */
const MAX_KNOWN = 500_000;

/** Number of the endpoint that stands for all that came after the table was full. */
export const NO_ENDPOINT = 0;

export class EndpointTable {
  /** How many there are; numbers run from 1. */
  count = 0;
  /** New endpoints that found no room. */
  refused = 0;
  /** Frames sent, and time of the first and last, by number. */
  sent = new Uint32Array(1024);
  first = new Float64Array(1024);
  last = new Float64Array(1024);
  #records = new Uint32Array(1024 * WORDS);
  #slots = new Uint32Array(4096);
  readonly #subjects: (Subject | undefined)[] = [undefined];
  readonly #keys: (string | undefined)[] = [undefined];
  readonly #byIp = new Map<string, Subject>();
  readonly #byMac = new Map<string, Subject>();
  readonly #byBoth = new Map<string, Subject>();
  readonly #max: number;
  readonly #seed: number;

  constructor(max: number, seed: number) {
    this.#max = max;
    this.#seed = seed;
  }

  /**
   * Number of the endpoint with the address in words [at, at + 4) of `addresses` and the MAC in words [macAt, macAt + 2)
   * of `macs`; `version` is 4, 6 or 0 for none. NO_ENDPOINT when the table is full.
   */
  intern(addresses: Uint32Array, at: number, version: number, macs: Uint32Array, macAt: number): number {
    const a0 = version !== 6 ? 0 : addresses[at]!;
    const a1 = version !== 6 ? 0 : addresses[at + 1]!;
    const a2 = version !== 6 ? 0 : addresses[at + 2]!;
    const a3 = version === 0 ? 0 : addresses[at + 3]!;
    const m0 = macs[macAt]!;
    const m1 = macs[macAt + 1]!;
    const hash = finish(mix(mix(mix(mix(mix(mix(this.#seed, a0), a1), a2), a3), m0 ^ version), m1));
    const mask = (this.#slots.length >> 1) - 1;
    let slot = hash & mask;
    for (;;) {
      const number = this.#slots[slot * 2 + 1]!;
      if (number === 0) break;
      if (this.#slots[slot * 2] === hash) {
        const r = number * WORDS;
        const records = this.#records;
        if (
          records[r + 3] === a3 &&
          records[r + MAC_AT + 1] === m1 &&
          records[r + MAC_AT] === m0 &&
          records[r + 2] === a2 &&
          records[r + 1] === a1 &&
          records[r] === a0 &&
          records[r + VERSION_AT] === version
        )
          return number;
      }
      slot = (slot + 1) & mask;
    }
    if (this.count >= this.#max) {
      this.refused++;
      return NO_ENDPOINT;
    }
    const number = ++this.count;
    this.#slots[slot * 2] = hash;
    this.#slots[slot * 2 + 1] = number;
    if (number >= this.sent.length) this.#growRecords();
    const r = number * WORDS;
    const records = this.#records;
    records[r] = a0;
    records[r + 1] = a1;
    records[r + 2] = a2;
    records[r + 3] = a3;
    records[r + MAC_AT] = m0;
    records[r + MAC_AT + 1] = m1;
    records[r + VERSION_AT] = version;
    if (number * 4 > this.#slots.length) this.#growSlots();
    return number;
  }

  /** Whether an endpoint's MAC address is the one in words [macAt, macAt + 2) of `macs`. */
  hasMac(number: number, macs: Uint32Array, macAt: number): boolean {
    const r = number * WORDS + MAC_AT;
    return number !== NO_ENDPOINT && this.#records[r] === macs[macAt] && this.#records[r + 1] === macs[macAt + 1];
  }

  /**
   * Whether an endpoint has the address whose words are at `at`, beyond its last word: an IPv6 address, or (version 0)
   * the MAC address of a frame without IP, upper word before lower. Endpoints that found no room are taken for any.
   */
  hasAddress(number: number, addresses: Uint32Array, at: number, version: number): boolean {
    const records = this.#records;
    const r = number * WORDS;
    if (number === NO_ENDPOINT) return true;
    if (version === 0) return records[r + MAC_AT] === addresses[at + 2];
    return records[r] === addresses[at] && records[r + 1] === addresses[at + 1] && records[r + 2] === addresses[at + 2];
  }

  #growRecords(): void {
    const size = this.sent.length * 2;
    const sent = new Uint32Array(size);
    sent.set(this.sent);
    this.sent = sent;
    const first = new Float64Array(size);
    first.set(this.first);
    this.first = first;
    const last = new Float64Array(size);
    last.set(this.last);
    this.last = last;
    const records = new Uint32Array(size * WORDS);
    records.set(this.#records);
    this.#records = records;
  }
  #growSlots(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = (slots.length >> 1) - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = old[from]! & mask;
      while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = old[from]!;
      slots[slot * 2 + 1] = old[from + 1]!;
    }
    this.#slots = slots;
  }

  /** Notes that an endpoint began to send in a new way: another flow, TTL or VLAN. Not called for every packet. */
  noteSending(number: number, frame: number, time: number, ttl: number, vlan: number): void {
    const r = number * WORDS;
    const records = this.#records;
    const kept = records[r + KEPT_AT]!;
    if (kept === 0) this.first[number] = time;
    if (kept < FRAMES && (kept === 0 || records[r + FRAMES_AT + kept - 1] !== frame)) {
      records[r + FRAMES_AT + kept] = frame;
      records[r + KEPT_AT] = kept + 1;
    }
    if (ttl > 0) this.#noteValue(r + TTL_AT, ttl, frame);
    if (vlan > 0) this.#noteValue(r + VLAN_AT, vlan, frame);
  }
  /** Notes who sent the outer packet of a tunnel; `n` is its place among them. */
  noteOuter(outer: OuterEnds, n: number, frame: number, time: number): void {
    const number = this.intern(outer.addresses, n * 4, outer.version[n]!, outer.macs, n * 2);
    this.noteSending(number, frame, time, outer.ttl[n]!, outer.vlan[n]!);
    this.sent[number] = this.sent[number]! + 1;
    if (time > this.last[number]!) this.last[number] = time;
  }
  #noteValue(at: number, value: number, frame: number): void {
    const records = this.#records;
    for (let n = 0; n < MAX_NETWORK_VALUES; n++, at += 2) {
      if (records[at] === value) return;
      if (records[at] !== 0) continue;
      records[at] = value;
      records[at + 1] = frame;
      return;
    }
  }

  /** The first frames it sent, ascending; empty where it only received. */
  frames(number: number): number[] {
    const r = number * WORDS + FRAMES_AT;
    return [...this.#records.subarray(r, r + this.#records[number * WORDS + KEPT_AT]!)];
  }
  /** TTL values met, each with the frame that first showed it; the first one first. */
  ttls(number: number): [value: number, frame: number][] {
    return this.#values(number * WORDS + TTL_AT);
  }
  vlans(number: number): [value: number, frame: number][] {
    return this.#values(number * WORDS + VLAN_AT);
  }
  #values(at: number): [number, number][] {
    const found: [number, number][] = [];
    for (let n = 0; n < MAX_NETWORK_VALUES && this.#records[at]! > 0; n++, at += 2)
      found.push([this.#records[at]!, this.#records[at + 1]!]);
    return found;
  }

  /** The subject of an endpoint: always the same object. Without any address it is the empty subject. */
  subject(number: number): Subject {
    return this.#subjects[number] ?? this.#makeSubject(number);
  }
  #makeSubject(number: number): Subject {
    const r = number * WORDS;
    const records = this.#records;
    const version = number === NO_ENDPOINT ? 0 : records[r + VERSION_AT]!;
    const upper = number === NO_ENDPOINT ? 0 : records[r + MAC_AT]!;
    const ip =
      version === 4
        ? ipv4Text(records[r + 3]!)
        : version === 6
          ? formatIpv6(bytesOf(records.subarray(r, r + 4)))
          : undefined;
    const mac = upper === 0 ? undefined : macText(upper & 0xffff, records[r + MAC_AT + 1]!);
    const subject = this.known(ip, mac);
    this.#subjects[number] = subject;
    return subject;
  }

  /** `subjectKey` of an endpoint's subject, made once. */
  key(number: number): string {
    const known = this.#keys[number];
    if (known !== undefined) return known;
    const key = subjectKey(this.subject(number));
    this.#keys[number] = key;
    return key;
  }

  /** The one subject of these addresses, met on the wire or only spoken of. */
  known(ip: string | undefined, mac: string | undefined): Subject {
    // Three maps, so that no text is put together for an address that a message speaks of.
    const subjects = mac === undefined ? this.#byIp : ip === undefined ? this.#byMac : this.#byBoth;
    const key = mac === undefined ? (ip ?? '') : ip === undefined ? mac : `${ip}@${mac}`;
    const known = subjects.get(key);
    if (known) return known;
    const subject: Subject = { ...(ip === undefined ? {} : { ip }), ...(mac === undefined ? {} : { mac }) };
    if (subjects.size < MAX_KNOWN) subjects.set(key, subject);
    return subject;
  }
}

/** Words to bytes, big endian. */
function bytesOf(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < words.length; n++) view.setUint32(n * 4, words[n]!);
  return bytes;
}

// Who talked with whom: flows folded into one packed record per client, server, transport, port and protocol. A million
// flows leave far fewer of these; where they do not, the owner takes them out and empties the table.
import { finish, mix } from './hash.ts';

/** Words per record: five of key, then counters; the doubles start at an even word. */
const WORDS = 20;
const FLAGS = 5;
const FRAME = 6;
const ANSWER_FRAME = 7;
const FLOWS = 8;
const SENT = 9;
const RECEIVED = 10;
const SERVICE_FLOWS = 11;
const DOUBLES = 6; // in units of eight bytes: bytes sent, bytes received, first, last

/** What is known of a record's flows; they are or-ed. */
export const CONVERSATION_ANSWERED = 1;
export const CONVERSATION_PAYLOAD = 2;
export const CONVERSATION_GROUP = 4;

/** One record, or what one flow adds to it. `protocol` is the engine's number of a protocol, 0 where none was found. */
export interface ConversationRecord {
  client: number;
  server: number;
  /** `protocol` word of the packets (kind, version, number). */
  carrier: number;
  port: number;
  protocol: number;
  flags: number;
  /** First frame of the first flow, and the first one that the server sent (0 for none: live, both may be told already). */
  frame: number;
  answerFrame: number;
  /** Flows, and those among them that a service has not been told of: the same number unless it is told while they go on. */
  flows: number;
  serviceFlows: number;
  sent: number;
  received: number;
  bytesSent: number;
  bytesReceived: number;
  first: number;
  last: number;
}
export const newConversationRecord = (): ConversationRecord => ({
  client: 0,
  server: 0,
  carrier: 0,
  port: 0,
  protocol: 0,
  flags: 0,
  frame: 0,
  answerFrame: 0,
  flows: 0,
  serviceFlows: 0,
  sent: 0,
  received: 0,
  bytesSent: 0,
  bytesReceived: 0,
  first: 0,
  last: 0,
});

export class ConversationTable {
  count = 0;
  #words = new Uint32Array(1024 * WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  #slots = new Uint32Array(4096);
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Adds to the record of the same key, or makes it. */
  add(c: ConversationRecord): void {
    const hash = finish(mix(mix(mix(mix(mix(this.#seed, c.client), c.server), c.carrier), c.port), c.protocol));
    const slots = this.#slots;
    const mask = (slots.length >> 1) - 1;
    let slot = hash & mask;
    for (;;) {
      const number = slots[slot * 2 + 1]!;
      if (number === 0) break;
      const r = (number - 1) * WORDS;
      const words = this.#words;
      if (
        slots[slot * 2] === hash &&
        words[r] === c.client &&
        words[r + 1] === c.server &&
        words[r + 2] === c.carrier &&
        words[r + 3] === c.port &&
        words[r + 4] === c.protocol
      ) {
        this.#merge(r, c);
        return;
      }
      slot = (slot + 1) & mask;
    }
    const number = ++this.count;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = number;
    if (number * WORDS > this.#words.length) this.#growRecords();
    const r = (number - 1) * WORDS;
    const words = this.#words;
    words[r] = c.client;
    words[r + 1] = c.server;
    words[r + 2] = c.carrier;
    words[r + 3] = c.port;
    words[r + 4] = c.protocol;
    words[r + FLAGS] = c.flags;
    words[r + FRAME] = c.frame;
    words[r + ANSWER_FRAME] = c.answerFrame;
    words[r + FLOWS] = c.flows;
    words[r + SERVICE_FLOWS] = c.serviceFlows;
    words[r + SENT] = c.sent;
    words[r + RECEIVED] = c.received;
    const d = r / 2 + DOUBLES;
    this.#doubles[d] = c.bytesSent;
    this.#doubles[d + 1] = c.bytesReceived;
    this.#doubles[d + 2] = c.first;
    this.#doubles[d + 3] = c.last;
    if (number * 4 > slots.length) this.#growSlots();
  }

  #merge(r: number, c: ConversationRecord): void {
    const words = this.#words;
    const doubles = this.#doubles;
    words[r + FLAGS] = words[r + FLAGS]! | c.flags;
    const frame = words[r + FRAME]!;
    if (c.frame > 0 && (frame === 0 || c.frame < frame)) words[r + FRAME] = c.frame;
    const answer = words[r + ANSWER_FRAME]!;
    if (c.answerFrame > 0 && (answer === 0 || c.answerFrame < answer)) words[r + ANSWER_FRAME] = c.answerFrame;
    words[r + FLOWS] = words[r + FLOWS]! + c.flows;
    words[r + SERVICE_FLOWS] = words[r + SERVICE_FLOWS]! + c.serviceFlows;
    words[r + SENT] = words[r + SENT]! + c.sent;
    words[r + RECEIVED] = words[r + RECEIVED]! + c.received;
    const d = r / 2 + DOUBLES;
    doubles[d] = doubles[d]! + c.bytesSent;
    doubles[d + 1] = doubles[d + 1]! + c.bytesReceived;
    if (c.first < doubles[d + 2]!) doubles[d + 2] = c.first;
    if (c.last > doubles[d + 3]!) doubles[d + 3] = c.last;
  }

  /** Copies record `n` (from 0, in the order they were first added) into `into`. */
  take(n: number, into: ConversationRecord): ConversationRecord {
    const r = n * WORDS;
    const words = this.#words;
    into.client = words[r]!;
    into.server = words[r + 1]!;
    into.carrier = words[r + 2]!;
    into.port = words[r + 3]!;
    into.protocol = words[r + 4]!;
    into.flags = words[r + FLAGS]!;
    into.frame = words[r + FRAME]!;
    into.answerFrame = words[r + ANSWER_FRAME]!;
    into.flows = words[r + FLOWS]!;
    into.serviceFlows = words[r + SERVICE_FLOWS]!;
    into.sent = words[r + SENT]!;
    into.received = words[r + RECEIVED]!;
    const d = r / 2 + DOUBLES;
    into.bytesSent = this.#doubles[d]!;
    into.bytesReceived = this.#doubles[d + 1]!;
    into.first = this.#doubles[d + 2]!;
    into.last = this.#doubles[d + 3]!;
    return into;
  }

  clear(): void {
    this.count = 0;
    this.#slots.fill(0);
  }

  #growRecords(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
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
}

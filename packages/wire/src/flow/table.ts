// The flow table: every exchange between two ends as one packed 96-byte record, found by a seeded hash. It counts every
// packet, decides who is the client, and marks the packets whose payload somebody still wants to read.
// Over 500 lines: one class over one packed array; taking it apart would put calls into what runs for every packet.
import { BATCH_RECORDS } from '../capture/batch.ts';
import {
  HAS_MAC,
  KIND_LINK,
  KIND_NONE,
  KIND_TCP,
  KIND_UDP,
  type Packets,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
} from '../packet/packets.ts';
import {
  CONVERSATION_ANSWERED,
  CONVERSATION_GROUP,
  CONVERSATION_PAYLOAD,
  type ConversationRecord,
} from './conversations.ts';
import type { EndpointTable } from './endpoints.ts';
import { FlowKeys } from './keys.ts';
import {
  ACCEPTED_LOW,
  ADDRESSES,
  ANSWER_FRAME,
  ATTEMPT,
  ATTEMPTS_MASK,
  BYTES,
  CLIENT_IS_HIGH,
  CLOSED_BOTH,
  ENDPOINTS,
  FIRST,
  FIRST_FRAME,
  FOUND_SHIFT,
  KEPT,
  LAST,
  LAST_FRAME,
  OBJECT_MASK,
  PACKETS,
  PAYLOAD_LOW,
  PORTS,
  PROTOCOL,
  REOPENED,
  SEQUENCES,
  SIGNATURES,
  START,
  STATE,
  SYN_LOW,
  TO_GROUP,
  TOLD,
  TOLD_SERVICE,
  TOLD_UNKNOWN,
  WORDS,
} from './record.ts';

/** RFC 6335 section 6: ports from here on are assigned to nobody and handed out to clients. */
const FIRST_DYNAMIC_PORT = 49_152;

const FIRST_SIZE = 4096;
const GROWTH = 16;
/** Share of flows put out when the table is full: few enough to keep what is alive, many enough to pay for the sorting. */
const EVICTED_SHARE = 8;

export class FlowTable {
  count = 0;
  evicted = 0;
  /** Set when `account` stopped because there was no room for another flow. */
  full = false;
  /** Of each packet of the batch: number of its flow, and whether the high end sent it. */
  readonly flow = new Uint32Array(BATCH_RECORDS);
  get direction(): Uint8Array {
    return this.#keys.direction;
  }
  /** Endpoints as the packet carries them, of those that are wanted. */
  readonly sender = new Uint32Array(BATCH_RECORDS);
  readonly receiver = new Uint32Array(BATCH_RECORDS);
  /** Places of the packets whose payload is wanted. */
  readonly wanted = new Uint16Array(BATCH_RECORDS);
  wantedCount = 0;

  readonly #keys = new FlowKeys();
  #words = new Uint32Array(FIRST_SIZE * WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  #slots = new Uint32Array(FIRST_SIZE * 4);
  /** Keeps the reads of `#findCandidates` from being optimised away. */
  touched = 0;
  /** Records ever used; freed ones are in `#free`. */
  #used = 0;
  #free: number[] = [];
  readonly #endpoints: EndpointTable;
  readonly #max: number;
  readonly #seed: number;
  readonly #tcpPorts: Uint8Array;
  readonly #udpPorts: Uint8Array;

  /** `tcpPorts` and `udpPorts` tell which ports are a known protocol's: 1 by port number. */
  constructor(endpoints: EndpointTable, max: number, seed: number, tcpPorts: Uint8Array, udpPorts: Uint8Array) {
    this.#endpoints = endpoints;
    this.#max = max;
    this.#seed = seed;
    this.#tcpPorts = tcpPorts;
    this.#udpPorts = udpPorts;
  }

  /**
   * Counts packets [from, to) of a batch, whose first frame has number `firstFrame`, and lists the wanted ones. Returns
   * where it stopped: `to`, or earlier, at a packet that changes what the wanted ones before it must be read with (then
   * read those and go on from there), or at one that finds the table full (`full`: then also `evict`).
   */
  account(
    packets: Packets,
    times: Float64Array,
    lengths: Uint32Array,
    firstFrame: number,
    from: number,
    to: number,
  ): number {
    this.#keys.fill(packets, this.#seed, from, to);
    this.#findCandidates(packets, from, to);
    const { kind, flags, payloadAt, payloadEnd, outer } = packets;
    const { direction: directions, signature: signatures } = this.#keys;
    const candidates = this.flow;
    let words = this.#words;
    let doubles = this.#doubles;
    let { sent, last } = this.#endpoints;
    this.wantedCount = 0;
    this.full = false;
    let nextOuter = outer.noted < outer.count ? outer.packet[outer.noted]! : BATCH_RECORDS;
    for (let i = from; i < to; i++) {
      while (i === nextOuter) {
        this.#endpoints.noteOuter(outer, outer.noted++, firstFrame + i, times[i]!);
        ({ sent, last } = this.#endpoints);
        nextOuter = outer.noted < outer.count ? outer.packet[outer.noted]! : BATCH_RECORDS;
      }
      const k = kind[i]!;
      if (k === KIND_NONE) continue;
      const direction = directions[i]!;
      const frame = firstFrame + i;
      const time = times[i]!;
      let r = candidates[i]! * WORDS;
      if (r === 0 || !this.#isFlowOf(packets, i, r)) {
        r = this.#find(packets, i) * WORDS;
        if (r === 0) {
          if (this.count >= this.#max) {
            this.full = true;
            return i;
          }
          r = this.#create(packets, i, frame, time);
          words = this.#words;
          doubles = this.#doubles;
        }
        candidates[i] = r / WORDS;
      }
      const isSyn = k === KIND_TCP && (flags[i]! & TCP_SYN) !== 0;
      if (isSyn && this.wantedCount > 0 && this.#opensAgain(packets, i, r, direction)) return i;

      const half = direction * 16;
      if (((words[r + SIGNATURES]! >>> half) & 0xffff) !== signatures[i]) {
        words[r + SIGNATURES] = (words[r + SIGNATURES]! & (0xffff0000 >>> half)) | (signatures[i]! << half);
        this.#noteSender(packets, i, r, direction, frame, time);
        ({ sent, last } = this.#endpoints);
      }
      const endpoint = words[r + ENDPOINTS + direction]!;
      sent[endpoint] = sent[endpoint]! + 1;
      if (time > last[endpoint]!) last[endpoint] = time;

      words[r + PACKETS + direction] = words[r + PACKETS + direction]! + 1;
      words[r + LAST_FRAME] = frame;
      const d = r >> 1;
      doubles[d + BYTES / 2 + direction] = doubles[d + BYTES / 2 + direction]! + lengths[i]!;
      if (time > doubles[d + LAST / 2]!) doubles[d + LAST / 2] = time;

      const state = words[r + STATE]!;
      const hasPayload = payloadEnd[i]! > payloadAt[i]!;
      if (hasPayload) words[r + STATE] = state | (PAYLOAD_LOW << direction);
      // Whoever reads the flow must also hear of its end, and of another connection between the same ports.
      if (hasPayload || (k === KIND_TCP && (flags[i]! & (TCP_SYN | TCP_FIN | TCP_RST)) !== 0)) {
        if ((state & CLOSED_BOTH) !== CLOSED_BOTH) {
          this.wanted[this.wantedCount++] = i;
          this.sender[i] = endpoint;
          this.receiver[i] = words[r + ENDPOINTS + 1 - direction]!;
        }
        if (isSyn) this.#noteSyn(packets, i, r, direction);
      }
    }
    return to;
  }

  /** For every packet the number of the first flow with its hash, 0 for none: nearly always the right one. */
  #findCandidates(packets: Packets, from: number, to: number): void {
    const slots = this.#slots;
    const mask = (slots.length >> 1) - 1;
    const words = this.#words;
    const { hash: hashes } = this.#keys;
    const { kind } = packets;
    let touched = 0;
    for (let i = from; i < to; i++) {
      if (kind[i] === KIND_NONE) continue;
      const hash = hashes[i]!;
      let at = (hash & mask) * 2;
      while (slots[at] !== hash && slots[at + 1] !== 0) at = (at + 2) & (mask * 2 + 1);
      const number = slots[at + 1]!;
      this.flow[i] = number;
      // Both cache lines of the record are asked for now, for all packets at once; `account` then need not wait for each.
      touched ^= words[number * WORDS + ADDRESSES]! ^ words[number * WORDS + STATE]!;
    }
    this.touched = touched;
  }

  /** The number of a packet's flow, by a look at every entry that may be it; 0 where there is none. */
  #find(packets: Packets, i: number): number {
    const slots = this.#slots;
    const mask = (slots.length >> 1) - 1;
    const hash = this.#keys.hash[i]!;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot * 2 + 1]!;
      if (number === 0 || (slots[slot * 2] === hash && this.#isFlowOf(packets, i, number * WORDS))) return number;
    }
  }

  #isFlowOf(packets: Packets, i: number, r: number): boolean {
    const words = this.#words;
    const { addresses } = packets;
    const type = packets.protocol[i]!;
    const low = i * 8 + this.#keys.direction[i]! * 4;
    const high = i * 8 + 4 - this.#keys.direction[i]! * 4;
    if (
      words[r + ADDRESSES] !== addresses[low + 3] ||
      words[r + ADDRESSES + 1] !== addresses[high + 3] ||
      words[r + PORTS] !== this.#keys.ports[i] ||
      words[r + PROTOCOL] !== type
    )
      return false;
    const version = this.#version(packets, i);
    return (
      version === 4 ||
      (this.#endpoints.hasAddress(words[r + ENDPOINTS]!, addresses, low, version) &&
        this.#endpoints.hasAddress(words[r + ENDPOINTS + 1]!, addresses, high, version))
    );
  }

  #create(packets: Packets, i: number, frame: number, time: number): number {
    const direction = this.#keys.direction[i]!;
    const freed = this.#free.pop();
    const number = freed ?? ++this.#used;
    this.count++;
    const mask = (this.#slots.length >> 1) - 1;
    let slot = this.#keys.hash[i]! & mask;
    while (this.#slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot * 2] = this.#keys.hash[i]!;
    this.#slots[slot * 2 + 1] = number;
    const r = number * WORDS;
    if (r + START + WORDS > this.#words.length) this.#growRecords();
    const words = this.#words;
    if (freed !== undefined) words.fill(0, r + START, r + START + WORDS);
    const { addresses, macs } = packets;
    words[r + ADDRESSES + direction] = addresses[i * 8 + 3]!;
    words[r + ADDRESSES + 1 - direction] = addresses[i * 8 + 7]!;
    words[r + PORTS] = this.#keys.ports[i]!;
    words[r + PROTOCOL] = packets.protocol[i]!;
    const version = this.#version(packets, i);
    words[r + ENDPOINTS + direction] = this.#endpoints.intern(addresses, i * 8, version, macs, i * 4);
    words[r + ENDPOINTS + 1 - direction] = this.#endpoints.intern(addresses, i * 8 + 4, version, macs, i * 4 + 2);
    words[r + FIRST_FRAME] = frame;
    this.#doubles[(r + FIRST) >> 1] = time;
    const group = this.#isGroup(packets, i);
    const clientSends = group || this.#isClient(packets, i);
    words[r + STATE] = (group ? TO_GROUP : 0) | (clientSends === (direction === 1) ? CLIENT_IS_HIGH : 0);
    if (this.count * 4 > this.#slots.length) this.#growSlots(this.#slots.length * 2);
    return r;
  }

  #version(packets: Packets, i: number): number {
    return packets.kind[i] === KIND_LINK ? 0 : (packets.protocol[i]! >>> 24) & 15;
  }

  #isGroup(packets: Packets, i: number): boolean {
    if ((packets.macs[i * 4 + 2]! & HAS_MAC) !== 0 && (packets.macs[i * 4 + 2]! & 0x0100) !== 0) return true;
    const version = this.#version(packets, i);
    const last = packets.addresses[i * 8 + 7]!;
    if (version === 4) return last >>> 28 === 14 || last === 0xffffffff;
    return version === 6 && packets.addresses[i * 8 + 4]! >>> 24 === 0xff;
  }

  /** Whether the sender of a flow's first packet is its client. */
  #isClient(packets: Packets, i: number): boolean {
    const source = packets.ports[i]! >>> 16;
    const destination = packets.ports[i]! & 0xffff;
    if (packets.kind[i] === KIND_TCP) {
      const flags = packets.flags[i]!;
      if ((flags & TCP_SYN) !== 0) return (flags & TCP_ACK) === 0;
      const known = this.#tcpPorts[destination]! - this.#tcpPorts[source]!;
      return known !== 0 ? known > 0 : destination <= source;
    }
    if (packets.kind[i] !== KIND_UDP) return true;
    const known = this.#udpPorts[destination]! - this.#udpPorts[source]!;
    if (known !== 0) return known > 0;
    // A port that systems hand out to clients is not a server's where the other one is no such port.
    return destination < FIRST_DYNAMIC_PORT || source >= FIRST_DYNAMIC_PORT;
  }

  /** A direction's first packet, or one with another MAC address, TTL or VLAN than the one before. */
  #noteSender(packets: Packets, i: number, r: number, direction: number, frame: number, time: number): void {
    const words = this.#words;
    let endpoint = words[r + ENDPOINTS + direction]!;
    if (!this.#endpoints.hasMac(endpoint, packets.macs, i * 4)) {
      endpoint = this.#endpoints.intern(packets.addresses, i * 8, this.#version(packets, i), packets.macs, i * 4);
      words[r + ENDPOINTS + direction] = endpoint;
      words[r + STATE] = words[r + STATE]! & ~(TOLD | TOLD_SERVICE | TOLD_UNKNOWN);
    }
    this.#endpoints.noteSending(endpoint, frame, time, packets.ttl[i]!, packets.vlan[i]!);
    const clientIsHigh = (words[r + STATE]! & CLIENT_IS_HIGH) !== 0;
    if ((direction === 1) !== clientIsHigh && words[r + ANSWER_FRAME] === 0) words[r + ANSWER_FRAME] = frame;
  }

  /** Whether a SYN is another than the one seen before in its direction, or turns client and server round. */
  #opensAgain(packets: Packets, i: number, r: number, direction: number): boolean {
    const state = this.#words[r + STATE]!;
    const clientSends = (packets.flags[i]! & TCP_ACK) === 0;
    if ((clientSends === (direction === 1)) !== ((state & CLIENT_IS_HIGH) !== 0)) return true;
    if ((state & (SYN_LOW << direction)) === 0) return (state & (PAYLOAD_LOW << direction)) !== 0;
    return this.#words[r + SEQUENCES + direction] !== (packets.sequence[i]! + 1) >>> 0;
  }

  #noteSyn(packets: Packets, i: number, r: number, direction: number): void {
    const words = this.#words;
    const next = (packets.sequence[i]! + 1) >>> 0;
    let state = words[r + STATE]!;
    // Another connection between the same ports gets a new chance to be understood.
    if ((state & (SYN_LOW << direction)) !== 0 && words[r + SEQUENCES + direction] !== next)
      state = (state & ~(CLOSED_BOTH | ATTEMPTS_MASK)) | REOPENED;
    state |= SYN_LOW << direction;
    if ((packets.flags[i]! & TCP_ACK) !== 0) state |= ACCEPTED_LOW << direction;
    const clientSends = (packets.flags[i]! & TCP_ACK) === 0;
    state = clientSends === (direction === 1) ? state | CLIENT_IS_HIGH : state & ~CLIENT_IS_HIGH;
    words[r + SEQUENCES + direction] = next;
    words[r + STATE] = state;
  }
  /** Whether another connection between the same ports began since this was last asked. */
  takeReopened(flow: number): boolean {
    const at = flow * WORDS + STATE;
    const reopened = (this.#words[at]! & REOPENED) !== 0;
    if (reopened) this.#words[at] = this.#words[at]! & ~REOPENED;
    return reopened;
  }

  /** Puts out the flows that were silent longest; `onEvict` is told each number before it goes. */
  evict(onEvict: (flow: number) => void): void {
    const frames = new Uint32Array(this.count);
    let n = 0;
    for (let number = 1; number <= this.#used; number++) {
      const frame = this.#words[number * WORDS + LAST_FRAME]!;
      if (frame > 0) frames[n++] = frame;
    }
    frames.sort();
    this.evicted += this.endSilent(frames[Math.floor((n - 1) / EVICTED_SHARE)]!, onEvict);
  }
  /** Ends flows that sent nothing after frame `newest`; `onEnd` is told each number before it goes. Out: how many. */
  endSilent(newest: number, onEnd: (flow: number) => void): number {
    const before = this.count;
    for (let number = 1; number <= this.#used; number++) {
      const frame = this.#words[number * WORDS + LAST_FRAME]!;
      if (frame === 0 || frame > newest) continue;
      onEnd(number);
      this.#words[number * WORDS + LAST_FRAME] = 0;
      this.#free.push(number);
      this.count--;
    }
    if (this.count < before) this.#removeFreed();
    return before - this.count;
  }

  /** To be called when no packet will come any more: gives back what only finding flows needs. */
  close(): void {
    this.#slots = new Uint32Array(2);
  }

  /** The number of the flow that follows `flow`, by number; 0 behind the last. */
  nextFlow(flow: number): number {
    for (let number = flow + 1; number <= this.#used; number++)
      if (this.#words[number * WORDS + LAST_FRAME] !== 0) return number;
    return 0;
  }

  /** What a flow adds to its conversation since it was last asked. False where it adds nothing. */
  takeConversation(flow: number, into: ConversationRecord): boolean {
    const words = this.#words;
    const doubles = this.#doubles;
    const r = flow * WORDS;
    const state = words[r + STATE]!;
    const client = (state & CLIENT_IS_HIGH) !== 0 ? 1 : 0;
    const server = 1 - client;
    const type = words[r + PROTOCOL]!;
    into.client = words[r + ENDPOINTS + client]!;
    into.server = words[r + ENDPOINTS + server]!;
    into.carrier = type;
    into.port = type >>> 28 === KIND_LINK ? words[r + PORTS]! : this.port(flow, server);
    // An answer sent to everybody goes to the port of whoever asked: what tells is the port it comes from.
    if ((state & TO_GROUP) !== 0 && into.port >= FIRST_DYNAMIC_PORT && this.port(flow, client) < FIRST_DYNAMIC_PORT)
      into.port = this.port(flow, client);
    into.protocol = words[r + KEPT]! >>> FOUND_SHIFT;
    const payload = (state & (PAYLOAD_LOW | (PAYLOAD_LOW << 1))) !== 0;
    const answered =
      (state & TO_GROUP) === 0 &&
      (type >>> 28 === KIND_TCP
        ? (state & ((ACCEPTED_LOW | PAYLOAD_LOW) << server)) !== 0
        : words[r + PACKETS + server]! > 0);
    into.flags =
      (answered ? CONVERSATION_ANSWERED : 0) |
      (payload ? CONVERSATION_PAYLOAD : 0) |
      ((state & TO_GROUP) !== 0 ? CONVERSATION_GROUP : 0);
    into.frame = words[r + FIRST_FRAME]!;
    into.answerFrame = words[r + ANSWER_FRAME]!;
    into.flows = 1;
    into.serviceFlows = 1;
    into.sent = words[r + PACKETS + client]!;
    into.received = words[r + PACKETS + server]!;
    const d = r >> 1;
    into.bytesSent = doubles[d + BYTES / 2 + client]!;
    into.bytesReceived = doubles[d + BYTES / 2 + server]!;
    into.first = doubles[d + FIRST / 2]!;
    into.last = doubles[d + LAST / 2]!;
    return into.sent + into.received > 0;
  }

  /**
   * Live: the same, for a flow that goes on, which is counted from zero afterwards. What was told of it before (that it
   * is there, which frames show it, that its service was offered or not understood) is not told again.
   */
  takeNews(flow: number, into: ConversationRecord): boolean {
    if (!this.takeConversation(flow, into)) return false;
    const words = this.#words;
    const r = flow * WORDS;
    let state = words[r + STATE]!;
    if ((state & TOLD) !== 0) {
      into.flows = 0;
      into.frame = 0;
    }
    into.serviceFlows = 0;
    if ((into.flags & CONVERSATION_ANSWERED) !== 0) {
      if ((state & TOLD_SERVICE) !== 0) into.answerFrame = 0;
      else into.serviceFlows = 1;
      state |= TOLD_SERVICE;
    }
    if (into.protocol === 0 && (into.flags & CONVERSATION_PAYLOAD) !== 0) {
      if ((state & TOLD_UNKNOWN) === 0) into.serviceFlows = 1;
      state |= TOLD_UNKNOWN;
    }
    words[r + STATE] = state | TOLD;
    words.fill(0, r + PACKETS, r + PACKETS + 2);
    words.fill(0, r + BYTES, r + BYTES + 4);
    const d = r >> 1;
    this.#doubles[d + FIRST / 2] = this.#doubles[d + LAST / 2]!;
    return true;
  }
  /** Whether something was told of the flow, as the protocol that it is now. */
  isTold(flow: number): boolean {
    return (this.#words[flow * WORDS + STATE]! & TOLD) !== 0;
  }
  firstFrame(flow: number): number {
    return this.#words[flow * WORDS + FIRST_FRAME]!;
  }

  state(flow: number): number {
    return this.#words[flow * WORDS + STATE]!;
  }
  /** Marks payload of one end (or both, with CLOSED_BOTH) as not wanted. */
  refuse(flow: number, bits: number): void {
    this.#words[flow * WORDS + STATE] = this.#words[flow * WORDS + STATE]! | bits;
  }
  /** Both ends' payload is wanted (again). */
  reopen(flow: number): void {
    this.#words[flow * WORDS + STATE] = this.#words[flow * WORDS + STATE]! & ~CLOSED_BOTH;
  }
  /** Counts one more attempt to find out what the flow is; returns how many there were. */
  countAttempt(flow: number): number {
    const at = flow * WORDS + STATE;
    if ((this.#words[at]! & ATTEMPTS_MASK) !== ATTEMPTS_MASK) this.#words[at] = this.#words[at]! + ATTEMPT;
    return (this.#words[at]! & ATTEMPTS_MASK) / ATTEMPT;
  }
  found(flow: number): number {
    return this.#words[flow * WORDS + KEPT]! >>> FOUND_SHIFT;
  }
  setFound(flow: number, protocol: number): void {
    this.#words[flow * WORDS + KEPT] = this.object(flow) | (protocol << FOUND_SHIFT);
    this.#words[flow * WORDS + STATE] = this.#words[flow * WORDS + STATE]! & ~(TOLD | TOLD_SERVICE | TOLD_UNKNOWN);
  }
  object(flow: number): number {
    return this.#words[flow * WORDS + KEPT]! & OBJECT_MASK;
  }
  setObject(flow: number, object: number): void {
    this.#words[flow * WORDS + KEPT] = object | (this.found(flow) << FOUND_SHIFT);
  }
  /** TCP sequence number that the first byte of that end has; only where its SYN was seen (SYN_LOW). */
  sequence(flow: number, end: number): number {
    return this.#words[flow * WORDS + SEQUENCES + end]!;
  }
  type(flow: number): number {
    return this.#words[flow * WORDS + PROTOCOL]!;
  }
  /** EtherType, LLC or SNAP number of a link-layer flow. */
  linkNumber(flow: number): number {
    return this.#words[flow * WORDS + PORTS]!;
  }
  port(flow: number, end: number): number {
    const ports = this.#words[flow * WORDS + PORTS]!;
    return end === 0 ? ports >>> 16 : ports & 0xffff;
  }
  endpoint(flow: number, end: number): number {
    return this.#words[flow * WORDS + ENDPOINTS + end]!;
  }

  #growRecords(): void {
    // Memory that nobody has written to yet costs none; few and large steps leave little to be copied and thrown away.
    const most = (this.#max + 2) * WORDS;
    const words = new Uint32Array(Math.min(this.#words.length * GROWTH, Math.max(most, this.#words.length * 2)));
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
  #growSlots(length: number): void {
    const old = this.#slots;
    const slots = new Uint32Array(length);
    const mask = (length >> 1) - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = old[from]! & mask;
      while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = old[from]!;
      slots[slot * 2 + 1] = old[from + 1]!;
    }
    this.#slots = slots;
  }
  /** Linear probing cannot take single entries out: the slots are laid out again without the freed ones. */
  #removeFreed(): void {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2)
      if (slots[at + 1]! > 0 && this.#words[slots[at + 1]! * WORDS + LAST_FRAME] === 0) slots[at + 1] = 0;
    this.#growSlots(slots.length);
  }
}

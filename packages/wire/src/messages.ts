// From payloads to messages to what they tell: finds out which protocol a flow speaks, and lets the protocol read and
// observe each message. Datagrams are handled here, TCP streams are cut into messages by `message-stream.ts`.
import { FlowConversation, type Subjects } from './conversation.ts';
import type { Dispatch } from './dispatch.ts';
import { CLIENT_IS_HIGH, CLOSED_BOTH, CLOSED_LOW, SYN_LOW, TO_GROUP } from './flow/record.ts';
import type { StreamMemory } from './flow/stream.ts';
import type { FlowTable } from './flow/table.ts';
import { Interpreter, type InterpreterOptions } from './interpreter.ts';
import { MessageStream } from './message-stream.ts';
import {
  KIND_IP,
  KIND_LINK,
  KIND_TCP,
  KIND_UDP,
  LINK_ETHERTYPE,
  LINK_LLC,
  LINK_SNAP,
  type Packets,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
} from './packet/packets.ts';
import { type AnyProtocol, NEED_MORE, NOT_MINE } from './protocol.ts';

/** Datagrams looked at to find out what a flow is. */
const MAX_ATTEMPTS = 4;
/**
 * TCP: of a connection whose beginning was seen, the first payload of each end is looked at. Where it was not, a claimed
 * port is reason to look at more: the capture may have begun in the middle of a long message.
 */
const MAX_SEGMENTS = 12;

export interface MessageOptions extends InterpreterOptions {
  readonly table: FlowTable;
  readonly subjects: Subjects;
  readonly memory: StreamMemory;
  /** Flows of which something is kept between messages. */
  readonly maxObjects: number;
}

/** What is kept of a flow between its messages. */
interface FlowObject {
  readonly flow: number;
  readonly conversation: FlowConversation;
  readonly streams: readonly [MessageStream, MessageStream] | undefined;
  lastFrame: number;
}

export class Messages {
  /** Messages longer than is kept, and flows whose state was dropped to make room. */
  oversized = 0;
  dropped = 0;
  readonly memory: StreamMemory;
  readonly interpreter: Interpreter;
  /** The protocol that `identify` found; where it wants more bytes, the length of the message if that is known, else 0. */
  identified = 0;
  awaited = 0;
  readonly #dispatch: Dispatch;
  readonly #table: FlowTable;
  readonly #subjects: Subjects;
  readonly #maxObjects: number;
  readonly #objects: (FlowObject | undefined)[] = [undefined];
  readonly #freeObjects: number[] = [];
  readonly #scratch: FlowConversation;

  constructor(options: MessageOptions) {
    this.memory = options.memory;
    this.#dispatch = options.dispatch;
    this.#table = options.table;
    this.#subjects = options.subjects;
    this.#maxObjects = options.maxObjects;
    this.#scratch = new FlowConversation(options.subjects);
    this.interpreter = new Interpreter(options, this.#scratch);
  }

  /** Reads the payload of packet `i`, which has number `frame` and was captured at `time`. */
  deliver(packets: Packets, i: number, batchView: DataView, frame: number, time: number): void {
    const table = this.#table;
    const flow = table.flow[i] as number;
    if ((table.state(flow) & CLOSED_BOTH) === CLOSED_BOTH) return;
    const kind = packets.kind[i] as number;
    const view = packets.other[i] ?? batchView;
    if (kind === KIND_TCP) this.#segment(packets, i, view, flow, frame, time);
    else this.#datagram(packets, i, view, flow, kind, frame, time);
  }

  /** Ends a flow: what is unfinished is read as far as it is there, and nothing is kept. */
  finish(flow: number): void {
    const object = this.#objects[this.#table.object(flow)];
    if (!object) return;
    if (object.streams) for (const stream of object.streams) stream.finish();
    this.#release(flow);
  }

  /** Ends every flow of which something is kept. */
  finishAll(): void {
    for (const object of [...this.#objects]) if (object) this.finish(object.flow);
  }

  // Datagrams, frames of the link layer, other IP packets: every payload is one message.

  #datagram(
    packets: Packets,
    i: number,
    view: DataView,
    flow: number,
    kind: number,
    frame: number,
    time: number,
  ): void {
    const table = this.#table;
    const at = packets.payloadAt[i] as number;
    const end = packets.payloadEnd[i] as number;
    const object = this.#objects[table.object(flow)];
    const conversation = object?.conversation ?? this.#scratch;
    if (object) object.lastFrame = frame;
    else this.#setCarrier(conversation, flow, kind);
    this.setEnds(
      conversation,
      flow,
      table.direction[i] as number,
      table.sender[i] as number,
      table.receiver[i] as number,
    );
    conversation.frame = frame;
    conversation.firstFrame = frame;
    conversation.time = time;
    conversation.incomplete = (packets.missing[i] as number) > 0;
    const found = table.found(flow);
    if (found > 0) {
      const read = this.interpreter.read(found, view, at, end, conversation);
      if (conversation.isDone) this.#giveUp(flow);
      if (read || kind === KIND_UDP) return;
    }
    // Several protocols share an EtherType or number; frames of the one say nothing about the next frame.
    const candidates = this.#candidates(flow, kind);
    for (const number of candidates) {
      if (number !== found && this.#tryDatagram(number, view, at, end, conversation, flow, kind)) return;
    }
    if (kind !== KIND_UDP) {
      if (candidates.length === 0) table.refuse(flow, CLOSED_BOTH);
      return;
    }
    for (const number of this.#dispatch.recognisedOnUdp(view, at, end)) {
      if (candidates.includes(number) || !this.interpreter.recognises(number, view, at, end, conversation)) continue;
      if (this.#tryDatagram(number, view, at, end, conversation, flow, kind)) return;
    }
    if (table.countAttempt(flow) >= MAX_ATTEMPTS) table.refuse(flow, CLOSED_BOTH);
  }

  /** Whether the payload is a message of the protocol. If so it was read, and the flow is the protocol's from now on. */
  #tryDatagram(
    number: number,
    view: DataView,
    at: number,
    end: number,
    conversation: FlowConversation,
    flow: number,
    kind: number,
  ): boolean {
    const before = conversation.state;
    conversation.state = this.#dispatch.protocol(number).open?.();
    const read = this.interpreter.read(number, view, at, end, conversation);
    const state = conversation.state;
    conversation.state = before;
    if (!read || this.#table.found(flow) > 0) return read;
    this.#table.setFound(flow, number);
    if (conversation.isDone) this.#giveUp(flow);
    else if (state !== undefined) {
      const own = new FlowConversation(this.#subjects);
      this.#setCarrier(own, flow, kind);
      own.state = state;
      this.#keep({ flow, conversation: own, streams: undefined, lastFrame: conversation.frame });
    }
    return true;
  }

  // TCP: segments are put in order, and every direction is a stream of messages.

  #segment(packets: Packets, i: number, view: DataView, flow: number, frame: number, time: number): void {
    const table = this.#table;
    const direction = table.direction[i] as number;
    const flags = packets.flags[i] as number;
    if ((flags & TCP_SYN) !== 0 && table.takeReopened(flow)) {
      this.finish(flow);
      table.setFound(flow, 0);
    }
    const at = packets.payloadAt[i] as number;
    const end = packets.payloadEnd[i] as number;
    const missing = packets.missing[i] as number;
    const sequence = ((packets.sequence[i] as number) + ((flags & TCP_SYN) !== 0 ? 1 : 0)) >>> 0;
    if (end > at && (table.state(flow) & (CLOSED_LOW << direction)) === 0) {
      const object = this.#objects[table.object(flow)] ?? this.#openStreams(packets, i, view, flow, sequence, frame);
      if (object?.streams) {
        object.lastFrame = frame;
        const stream = object.streams[direction] as MessageStream;
        const other = object.streams[1 - direction] as MessageStream;
        const sender = table.sender[i] as number;
        const receiver = table.receiver[i] as number;
        if (other.tcp.isHolding) {
          this.setEnds(object.conversation, flow, 1 - direction, receiver, sender);
          other.tcp.acknowledged(packets.acknowledged[i] as number, other);
        }
        this.setEnds(object.conversation, flow, direction, sender, receiver);
        stream.tcp.accept(sequence, view, at, end, missing, frame, time, stream);
        if (object.conversation.isDone) this.#giveUp(flow);
      }
    }
    if ((flags & (TCP_FIN | TCP_RST)) === 0) return;
    const object = this.#objects[table.object(flow)];
    if (!object?.streams) return;
    const stream = object.streams[direction] as MessageStream;
    // The last bytes of the other end may still be on their way; after a reset nothing is.
    if ((flags & TCP_RST) === 0 && stream.tcp.next === (sequence + (end - at) + missing) >>> 0) stream.finish();
    if ((flags & TCP_RST) !== 0 || (stream.isFinished && object.streams[1 - direction]?.isFinished)) this.finish(flow);
  }

  /**
   * The first payload of a flow, or the first after it was put aside. Most flows on a strange network are nothing that
   * is understood: they are told without anything being made for them.
   */
  #openStreams(
    packets: Packets,
    i: number,
    view: DataView,
    flow: number,
    sequence: number,
    frame: number,
  ): FlowObject | undefined {
    const table = this.#table;
    const direction = table.direction[i] as number;
    const begun = (table.state(flow) & (SYN_LOW << direction)) !== 0;
    const found = table.found(flow);
    const conversation = this.#scratch;
    this.#setCarrier(conversation, flow, KIND_TCP);
    if (found === 0 && (!begun || table.sequence(flow, direction) === sequence)) {
      this.setEnds(conversation, flow, direction, table.sender[i] as number, table.receiver[i] as number);
      const at = packets.payloadAt[i] as number;
      const end = packets.payloadEnd[i] as number;
      if (!this.couldBe(flow, view, at, end, conversation)) {
        this.countFailure(flow, direction);
        return undefined;
      }
    }
    const own = new FlowConversation(this.#subjects);
    this.#setCarrier(own, flow, KIND_TCP);
    if (found > 0) own.state = this.#dispatch.protocol(found).open?.();
    const streams = [new MessageStream(this, flow, 0, own), new MessageStream(this, flow, 1, own)] as const;
    for (const [end, stream] of streams.entries())
      if (found === 0 && (table.state(flow) & (SYN_LOW << end)) !== 0) stream.tcp.start(table.sequence(flow, end));
    const object = { flow, conversation: own, streams, lastFrame: frame };
    this.#keep(object);
    return object;
  }

  /** Whether these first bytes of a direction can be the beginning of anything known. Cheap: nothing is kept, little is read. */
  couldBe(flow: number, view: DataView, at: number, end: number, conversation: FlowConversation): boolean {
    const candidates = this.#candidates(flow, KIND_TCP);
    for (const number of candidates) {
      const protocol = this.#dispatch.protocol(number);
      conversation.state = protocol.open?.();
      if (protocol.frame ? this.interpreter.frameLength(number, view, at, end, conversation) >= 0 : true) return true;
    }
    for (const number of this.#dispatch.recognisedOnTcp(view, at, end))
      if (!candidates.includes(number) && this.interpreter.recognises(number, view, at, end, conversation)) return true;
    return false;
  }

  /**
   * Finds the protocol whose message starts at `at`. Returns how many bytes the message has, which was then read and
   * observed (`identified` is the protocol, the state it left is in the conversation); NEED_MORE where somebody wants
   * more bytes; NOT_MINE where nobody understands them.
   */
  identify(flow: number, view: DataView, at: number, end: number, conversation: FlowConversation): number {
    let answer = NOT_MINE;
    this.awaited = 0;
    const candidates = this.#candidates(flow, KIND_TCP);
    for (const number of candidates) {
      const length = this.#tryStream(number, view, at, end, conversation);
      if (length > 0) return length;
      if (length === NEED_MORE) answer = NEED_MORE;
    }
    for (const number of this.#dispatch.recognisedOnTcp(view, at, end)) {
      if (candidates.includes(number) || !this.interpreter.recognises(number, view, at, end, conversation)) continue;
      const length = this.#tryStream(number, view, at, end, conversation);
      if (length > 0) return length;
      if (length === NEED_MORE) answer = NEED_MORE;
    }
    return answer;
  }

  #tryStream(number: number, view: DataView, at: number, end: number, conversation: FlowConversation): number {
    const protocol = this.#dispatch.protocol(number);
    conversation.state = protocol.open?.();
    const length = protocol.frame ? this.interpreter.frameLength(number, view, at, end, conversation) : end - at;
    if (length <= 0) return length;
    if (length > end - at && !conversation.incomplete) {
      this.awaited = length;
      return NEED_MORE;
    }
    const read = this.interpreter.read(number, view, at, Math.min(at + length, end), conversation);
    if (!read) return NOT_MINE;
    this.identified = number;
    return Math.min(length, end - at);
  }

  /** The protocol that a flow speaks; where none was found, those whose place it is on. */
  protocolsOf(flow: number, kind: number): readonly AnyProtocol[] {
    const found = this.#table.found(flow);
    const numbers = found > 0 ? [found] : this.#candidates(flow, kind);
    return numbers.map((number) => this.#dispatch.protocol(number));
  }

  found(flow: number): number {
    return this.#table.found(flow);
  }

  /** A message of this protocol was read: the flow is its, and both directions are wanted. */
  prove(flow: number, number: number): void {
    this.#table.setFound(flow, number);
    const state = this.#table.state(flow);
    this.#table.reopen(flow);
    const streams = this.#objects[this.#table.object(flow)]?.streams;
    if (streams) for (const end of [0, 1] as const) if ((state & (CLOSED_LOW << end)) !== 0) streams[end].restart();
  }

  /** Payload of a direction that nobody understood. After a few the flow is not looked at any more. */
  countFailure(flow: number, direction: number): void {
    const table = this.#table;
    const begun = (table.state(flow) & (SYN_LOW << direction)) !== 0;
    const attempts = table.countAttempt(flow);
    if (attempts >= MAX_SEGMENTS) table.refuse(flow, CLOSED_BOTH);
    else if (begun || this.#candidates(flow, KIND_TCP).length === 0) table.refuse(flow, CLOSED_LOW << direction);
    if ((table.state(flow) & CLOSED_BOTH) === CLOSED_BOTH) this.#release(flow);
  }

  #giveUp(flow: number): void {
    this.#release(flow);
    this.#table.refuse(flow, CLOSED_BOTH);
  }

  /** Sets the ends of the message at hand: endpoint numbers of who sent and who received it. */
  setEnds(conversation: FlowConversation, flow: number, direction: number, sender: number, receiver: number): void {
    const state = this.#table.state(flow);
    const fromClient = (direction === 1) === ((state & CLIENT_IS_HIGH) !== 0);
    if (
      conversation.senderNumber === sender &&
      conversation.receiverNumber === receiver &&
      conversation.fromClient === fromClient &&
      conversation.flow === flow
    )
      return;
    const { endpoints } = this.#subjects;
    const senderSubject = endpoints.subject(sender);
    const receiverSubject = endpoints.subject(receiver);
    conversation.flow = flow;
    conversation.senderNumber = sender;
    conversation.receiverNumber = receiver;
    conversation.sender = senderSubject;
    conversation.receiver = receiverSubject;
    conversation.client = fromClient ? senderSubject : receiverSubject;
    conversation.server = fromClient ? receiverSubject : senderSubject;
    conversation.fromClient = fromClient;
    conversation.toGroup = (state & TO_GROUP) !== 0;
  }
  /** The ends as the flow last had them, for what is read when no packet is at hand. */
  setKnownEnds(conversation: FlowConversation, flow: number, direction: number): void {
    const table = this.#table;
    this.setEnds(conversation, flow, direction, table.endpoint(flow, direction), table.endpoint(flow, 1 - direction));
  }
  #setCarrier(conversation: FlowConversation, flow: number, kind: number): void {
    const table = this.#table;
    const clientEnd = (table.state(flow) & CLIENT_IS_HIGH) !== 0 ? 1 : 0;
    const hasPorts = kind === KIND_TCP || kind === KIND_UDP;
    conversation.transport = kind === KIND_TCP ? 'tcp' : kind === KIND_UDP ? 'udp' : kind === KIND_LINK ? 'link' : 'ip';
    conversation.clientPort = hasPorts ? table.port(flow, clientEnd) : 0;
    conversation.serverPort = hasPorts ? table.port(flow, 1 - clientEnd) : 0;
    conversation.state = undefined;
    conversation.incomplete = false;
    conversation.skipped = 0;
    conversation.isDone = false;
  }

  #candidates(flow: number, kind: number): readonly number[] {
    const table = this.#table;
    const dispatch = this.#dispatch;
    const type = table.type(flow);
    if (kind === KIND_LINK) {
      const number = table.linkNumber(flow);
      const space = (type >>> 24) & 15;
      if (space === LINK_ETHERTYPE) return dispatch.onEther(number);
      if (space === LINK_LLC) return dispatch.onLlc(number);
      return space === LINK_SNAP ? dispatch.onSnap(type & 0xffffff, number) : [];
    }
    if (kind === KIND_IP) return dispatch.onIp(type & 0xff);
    const clientEnd = (table.state(flow) & CLIENT_IS_HIGH) !== 0 ? 1 : 0;
    const serverPort = table.port(flow, 1 - clientEnd);
    const clientPort = table.port(flow, clientEnd);
    const byServer = kind === KIND_TCP ? dispatch.onTcp(serverPort) : dispatch.onUdp(serverPort);
    const byClient = kind === KIND_TCP ? dispatch.onTcp(clientPort) : dispatch.onUdp(clientPort);
    if (byClient.length === 0 || clientPort === serverPort) return byServer;
    return byServer.length === 0 ? byClient : [...byServer, ...byClient.filter((number) => !byServer.includes(number))];
  }

  #keep(object: FlowObject): void {
    if (this.#objects.length - this.#freeObjects.length > this.#maxObjects) this.#dropOldest();
    const number = this.#freeObjects.pop() ?? this.#objects.length;
    this.#objects[number] = object;
    this.#table.setObject(object.flow, number);
  }
  #release(flow: number): void {
    const number = this.#table.object(flow);
    const object = this.#objects[number];
    if (!object) return;
    this.interpreter.close(this.#table.found(flow), object.conversation);
    if (object.streams) for (const stream of object.streams) stream.release();
    this.#objects[number] = undefined;
    this.#freeObjects.push(number);
    this.#table.setObject(flow, 0);
  }
  /** Makes room: an eighth of what is kept goes, what was silent longest. Those flows go on as if met in their middle. */
  #dropOldest(): void {
    const frames = Float64Array.from(this.#objects, (object) => object?.lastFrame ?? Number.POSITIVE_INFINITY).sort();
    const newest = frames[this.#maxObjects >> 3] ?? 0;
    for (const object of [...this.#objects]) {
      if (!object || object.lastFrame > newest) continue;
      this.finish(object.flow);
      this.dropped++;
    }
  }
}

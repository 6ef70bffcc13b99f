// Messages of a golden capture as they are handed to its protocol, and a bench on which any bytes can be handed to it
// again: everything it reads is counted, everything it says is checked. For tests and the fuzzer.
import {
  FACTS,
  type FactKind,
  MAX_FRAMES_KEPT,
  type Observation,
  type PartScheme,
  type Subject,
  subjectKey,
} from '@interlock/model';
import type { AnyProtocol, Conversation, Saying } from '../protocol.ts';
import { Reader } from '../reader.ts';
import { observationsOf } from './golden-lines.ts';

/** Reads of single fields that one message may cost: a few per byte, and something for the shortest. */
const READS_PER_BYTE = 64;
const READS_AT_LEAST = 4096;
/** Facts and operations that one message may say: as READS_PER_BYTE, for loops that do not read. */
const SAYINGS_AT_MOST = 20_000;
/** Characters of a text or a source: nothing that a person is to read is longer. */
const TEXT_AT_MOST = 8192;

type Ends = Pick<
  Conversation,
  | 'transport'
  | 'client'
  | 'server'
  | 'sender'
  | 'receiver'
  | 'fromClient'
  | 'toGroup'
  | 'clientPort'
  | 'serverPort'
  | 'frame'
  | 'time'
>;
export interface CollectedMessage {
  readonly bytes: Uint8Array;
  readonly ends: Ends;
  /** Messages of one conversation have the same. */
  readonly conversation: string;
}

/** The messages that the engine hands to a protocol's `read` for the bytes of a capture file, in their order. */
export async function collectMessages(protocol: AnyProtocol, file: Uint8Array): Promise<CollectedMessage[]> {
  const messages: CollectedMessage[] = [];
  const collecting: AnyProtocol = {
    ...protocol,
    read(reader, conversation) {
      const { view, at, end } = reader;
      const { transport, client, server, sender, receiver, fromClient, toGroup } = conversation;
      const { clientPort, serverPort, frame, time } = conversation;
      messages.push({
        bytes: new Uint8Array(view.buffer, view.byteOffset + at, end - at).slice(),
        ends: {
          transport,
          client,
          server,
          sender,
          receiver,
          fromClient,
          toGroup,
          clientPort,
          serverPort,
          frame,
          time,
        },
        conversation: `${transport} ${subjectKey(client)} ${clientPort} ${subjectKey(server)} ${serverPort}`,
      });
      return protocol.read(reader, conversation);
    },
  };
  await observationsOf(file, { protocols: [collecting] });
  return messages;
}

export class BenchConversation implements Conversation {
  readonly transport: Ends['transport'];
  client: Subject;
  server: Subject;
  sender: Subject;
  receiver: Subject;
  fromClient: boolean;
  toGroup: boolean;
  readonly clientPort: number;
  readonly serverPort: number;
  frame: number;
  time: number;
  state: unknown;
  skipped = 0;
  isDone = false;
  readonly #subjects = new Map<string, Subject>();

  constructor(ends: Ends, state: unknown) {
    this.transport = ends.transport;
    this.client = ends.client;
    this.server = ends.server;
    this.sender = ends.sender;
    this.receiver = ends.receiver;
    this.fromClient = ends.fromClient;
    this.toGroup = ends.toGroup;
    this.clientPort = ends.clientPort;
    this.serverPort = ends.serverPort;
    this.frame = ends.frame;
    this.time = ends.time;
    this.state = state;
  }
  /** Turns to another message of the same conversation. */
  turnTo(ends: Ends): void {
    this.sender = ends.sender;
    this.receiver = ends.receiver;
    this.fromClient = ends.fromClient;
    this.toGroup = ends.toGroup;
    this.frame = ends.frame;
    this.time = ends.time;
  }
  #same(subject: Subject): Subject {
    const key = subjectKey(subject);
    const known = this.#subjects.get(key);
    if (known) return known;
    this.#subjects.set(key, subject);
    return subject;
  }
  subject(addresses: { readonly mac?: string; readonly ip?: string }): Subject {
    return this.#same({ ...addresses });
  }
  part(of: Subject, scheme: PartScheme, id: string): Subject {
    const step = `${scheme}:${id}`;
    return this.#same({ ...of, part: of.part ? `${of.part}>${step}` : step });
  }
  skip(bytes: number): void {
    if (!(bytes >= 0)) throw new Error(`skips ${bytes} bytes`);
    this.skipped += bytes;
  }
  done(): void {
    this.isDone = true;
  }
}

/** Counts every read of a field; too many are an endless loop, or one that a sender can make as long as it likes. */
class CountingView extends DataView<ArrayBuffer> {
  reads = 0;
  readonly #limit: number;

  constructor(buffer: ArrayBuffer, limit: number) {
    super(buffer);
    this.#limit = limit;
  }
  #count(): void {
    if (++this.reads > this.#limit) throw new Error(`more than ${this.#limit} reads`);
  }
  override getUint8(at: number): number {
    this.#count();
    return super.getUint8(at);
  }
  override getUint16(at: number, littleEndian?: boolean): number {
    this.#count();
    return super.getUint16(at, littleEndian);
  }
  override getUint32(at: number, littleEndian?: boolean): number {
    this.#count();
    return super.getUint32(at, littleEndian);
  }
}

/** One protocol on the bench. Throws where the protocol throws, reads without end, or says what cannot be said. */
export class Bench {
  /** Reads that the last message cost. */
  reads = 0;
  readonly #protocol: AnyProtocol;
  readonly #tells: ReadonlySet<FactKind>;
  readonly #reader = new Reader(new DataView(new ArrayBuffer(0)), 0, 0);
  #sayings = 0;
  readonly #saying: Saying<FactKind>;

  constructor(protocol: AnyProtocol) {
    this.#protocol = protocol;
    this.#tells = new Set<FactKind>(protocol.tells);
    this.#saying = {
      fact: (subject, kind, value, source) => {
        this.#said();
        if (!this.#tells.has(kind)) throw new Error(`says ${kind}, which it does not tell`);
        checkSubject(subject);
        checkValue(kind, value);
        checkText(source, 'source');
      },
      operation: (what, _kind, more) => {
        this.#said();
        if (!this.#tells.has('operation')) throw new Error('says an operation, which it does not tell');
        checkText(what, 'operation');
        if (more?.detail !== undefined) checkText(more.detail, 'detail');
        for (const end of [more?.from, more?.to]) if (end) checkSubject(end);
      },
      malformed: (code, detail) => {
        this.#said();
        checkText(code, 'code');
        if (detail !== undefined) checkText(detail, 'detail');
      },
    };
  }

  #said(): void {
    if (++this.#sayings > SAYINGS_AT_MOST) throw new Error(`says more than ${SAYINGS_AT_MOST} things of one message`);
  }

  /** A conversation in which these messages were exchanged. */
  converse(ends: Ends, before: readonly CollectedMessage[] = []): BenchConversation {
    const conversation = new BenchConversation(ends, this.#protocol.open?.());
    for (const message of before) {
      conversation.turnTo(message.ends);
      this.tell(message.bytes, conversation);
    }
    conversation.turnTo(ends);
    return conversation;
  }

  /** Hands bytes to `recognise`, `frame`, `read` and `observe` as a message of a conversation. */
  tell(bytes: Uint8Array, conversation: BenchConversation): void {
    const view = new CountingView(bytes.slice().buffer, READS_AT_LEAST + READS_PER_BYTE * bytes.length);
    this.#sayings = 0;
    this.#protocol.recognise?.(this.#reader.reset(view, 0, bytes.length));
    if (conversation.transport === 'tcp') this.#frame(view, bytes.length, conversation);
    const message: unknown = this.#protocol.read(this.#reader.reset(view, 0, bytes.length), conversation);
    if (message !== undefined) this.#protocol.observe(message, this.#saying, conversation);
    this.reads = view.reads;
  }
  #frame(view: DataView, length: number, conversation: BenchConversation): void {
    if (!this.#protocol.frame) return;
    const answer: unknown = this.#protocol.frame(this.#reader.reset(view, 0, length), conversation);
    if (!Number.isSafeInteger(answer) || Number(answer) < -1) throw new Error(`frames ${String(answer)} bytes`);
  }

  /** Ends a conversation, for protocols that say at its end what was still waiting. */
  close(conversation: BenchConversation): void {
    this.#sayings = 0;
    if (conversation.state !== undefined) this.#protocol.close?.(this.#saying, conversation);
  }
}

function checkText(text: unknown, what: string): void {
  if (typeof text !== 'string') throw new Error(`${what} is ${typeof text}, not a text`);
  if (text.length > TEXT_AT_MOST) throw new Error(`${what} of ${text.length} characters`);
}

function checkSubject(subject: Subject): void {
  if (!subject.ip && !subject.mac) throw new Error('says something of a subject without an address');
  checkText(subjectKey(subject), 'subject');
}

function checkValue(kind: FactKind, value: unknown): void {
  const { type } = FACTS[kind];
  if (type === 'text') {
    checkText(value, kind);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    if (/[\u0000-\u001f\u007f]/.test(String(value))) throw new Error(`${kind} has control characters`);
  } else if (type === 'integer' && !Number.isSafeInteger(value)) throw new Error(`${kind} is ${String(value)}`);
  else if (type === 'flag' && value !== true) throw new Error(`${kind} is ${String(value)}, not true`);
  else if (type === 'record' && (typeof value !== 'object' || value === null)) throw new Error(`${kind} is no record`);
}

/** Throws where an observation of the engine is not as the model promises. */
export function checkObservation({ kind, subject, value, first, last, count, provenance }: Observation): void {
  checkValue(kind, value);
  checkText(subjectKey(subject), 'subject');
  if (!(first <= last) || !(count >= 1)) throw new Error(`${kind} ${count} times from ${first} to ${last}`);
  if (provenance.from !== 'capture') throw new Error(`${kind} is from ${provenance.from}`);
  checkText(provenance.source, 'source');
  const { frames } = provenance;
  if (frames.length > MAX_FRAMES_KEPT || frames.some((frame, i) => frame <= (frames[i - 1] ?? 0)))
    throw new Error(`${kind} in frames ${frames.join(', ')}`);
}

// What a protocol is handed beside the bytes: the two ends of the exchange, whose turn it is, and the way to subjects.
// The engine owns it and sets the ends before every message; one object serves as long as its flow lives.
import type { PartScheme, Subject } from '@interlock/model';
import type { EndpointTable } from './flow/endpoints.ts';
import type { Conversation } from './protocol.ts';

/** Parts behind subjects that are told apart; a gateway has hundreds, a hostile one could name millions. */
const MAX_PARTS = 100_000;

/** Makes subjects, the same object for the same addresses and part. */
export class Subjects {
  /** Parts that were not told apart any more. */
  refusedParts = 0;
  readonly endpoints: EndpointTable;
  readonly #parts = new Map<Subject, Map<string, Subject>>();
  #count = 0;

  constructor(endpoints: EndpointTable) {
    this.endpoints = endpoints;
  }

  /** Beyond MAX_PARTS the answer is the subject itself: what is told of the part is then told of the whole. */
  part(of: Subject, scheme: PartScheme, id: string): Subject {
    const step = `${scheme}:${id}`;
    const parts = this.#parts.get(of) ?? new Map<string, Subject>();
    const known = parts.get(step);
    if (known) return known;
    if (this.#count >= MAX_PARTS) {
      this.refusedParts++;
      return of;
    }
    this.#count++;
    const made = { ...of, part: of.part ? `${of.part}>${step}` : step };
    parts.set(step, made);
    this.#parts.set(of, parts);
    return made;
  }
}

const NOBODY: Subject = {};

export class FlowConversation implements Conversation<unknown> {
  transport: 'tcp' | 'udp' | 'link' | 'ip' = 'ip';
  client = NOBODY;
  server = NOBODY;
  sender = NOBODY;
  receiver = NOBODY;
  fromClient = true;
  toGroup = false;
  clientPort = 0;
  serverPort = 0;
  frame = 0;
  time = 0;
  state: unknown = undefined;
  /** Numbers of flow and endpoints that the ends were set from; the engine's own. */
  flow = 0;
  senderNumber = -1;
  receiverNumber = -1;
  /** First of the frames that carried the message at hand. */
  firstFrame = 0;
  /** The message at hand is not there to its end: the capture or the connection ended before it did. */
  incomplete = false;
  /** TCP sequence number of the first byte of the message at hand. */
  sequence = 0;
  /** What the protocol asked for with `skip` and `done`; the engine acts on it after the message. */
  skipped = 0;
  isDone = false;
  readonly #subjects: Subjects;

  constructor(subjects: Subjects) {
    this.#subjects = subjects;
  }

  subject(addresses: { readonly mac?: string; readonly ip?: string }): Subject {
    return this.#subjects.endpoints.known(addresses.ip, addresses.mac);
  }
  part(of: Subject, scheme: PartScheme, id: string): Subject {
    return this.#subjects.part(of, scheme, id);
  }
  skip(bytes: number): void {
    if (bytes > 0) this.skipped += bytes;
  }
  done(): void {
    this.isDone = true;
  }
}

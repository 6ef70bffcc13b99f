// What a protocol is: one value in one file. The engine finds the messages, the protocol reads them and says what they
// tell. Only kinds listed in `tells` can be said, and only with that kind's type of value; both are compile errors.
import type { FactKind, FactValue, OperationKind, PartScheme, Subject } from '@interlock/model';
import type { Reader } from './reader.ts';
import type { SecretRange } from './secrets.ts';

/** What `frame` answers besides a length. */
export const NEED_MORE = 0;
export const NOT_MINE = -1;

/** How deep a protocol is understood; the reference page prints it. */
export type Depth = 'recognised' | 'identity' | 'functions' | 'full';

/** Where messages of a protocol are found. Ports are those of the server. */
export interface CarriedOn {
  readonly tcp?: readonly number[];
  readonly udp?: readonly number[];
  /** EtherTypes. */
  readonly ether?: readonly number[];
  /** SNAP: organization code (24 bits) and protocol number, as `0x00000c2000` for CDP. */
  readonly snap?: readonly number[];
  /** LLC destination service access points, as 0x42 for spanning tree. */
  readonly llc?: readonly number[];
  /** IP protocol numbers. */
  readonly ip?: readonly number[];
}

/**
 * One exchange of messages between two ends, as far as the engine knows it. Lives as long as its flow; `state` is the
 * protocol's own and must be bounded.
 */
export interface Conversation<S = unknown> {
  readonly transport: 'tcp' | 'udp' | 'link' | 'ip';
  /** The end that opened it (TCP SYN), else the one that does not use the protocol's port. */
  readonly client: Subject;
  readonly server: Subject;
  /** Ends of the message at hand. The receiver of a broadcast or multicast has a group address. */
  readonly sender: Subject;
  readonly receiver: Subject;
  readonly fromClient: boolean;
  /** Receiver is a broadcast or multicast address. */
  readonly toGroup: boolean;
  readonly clientPort: number;
  readonly serverPort: number;
  /** Frame number (from 1) and time (ms since 1970) of the frame that completed the message at hand. */
  readonly frame: number;
  readonly time: number;
  state: S;
  /** The subject of another address than the two ends; the same addresses give the same object. */
  subject(addresses: { readonly mac?: string; readonly ip?: string }): Subject;
  /** What sits behind a subject, by one more step of path. */
  part(of: Subject, scheme: PartScheme, id: string): Subject;
  /** TCP: throws away the next `bytes` of the direction at hand after this message, without keeping them. */
  skip(bytes: number): void;
  /** TCP: the rest of both directions is of no interest (encrypted, a long transfer). */
  done(): void;
}

/** How a protocol says facts. Empty texts are not said. */
export type Say<K extends FactKind> = <T extends K>(
  subject: Subject,
  kind: T,
  value: FactValue<T>,
  /** Message and field in the standard's words: "SZL 0x001C", "option 12". */
  source: string,
) => void;
/**
 * How a protocol says what is done to a device: from the client to the server unless `from` and `to` say otherwise. Who
 * says it when the answer is there gives `frame` and `time` of the request; otherwise they are those of the message at hand.
 */
export type SayOperation = (
  what: string,
  kind: OperationKind,
  more?: {
    readonly from?: Subject;
    readonly to?: Subject;
    readonly detail?: string | undefined;
    readonly accepted?: boolean | undefined;
    readonly frame?: number;
    readonly time?: number;
  },
) => void;

export interface Saying<K extends FactKind> {
  readonly fact: Say<K>;
  readonly operation: SayOperation;
  /** A message that breaks its standard: a stable code such as `dns.pointer-forward`. What was understood stays. */
  readonly malformed: (code: string, detail?: string) => void;
}

export interface Protocol<K extends FactKind = FactKind, M = unknown, S = unknown> {
  /** Short name as users know it; file name, golden files and facts carry it. */
  readonly name: string;
  readonly title: string;
  /** Document and section. */
  readonly spec: string;
  readonly depth: Depth;
  readonly on: CarriedOn;
  /** Fact kinds it may say; each must occur in its golden file. `operation` where it says operations. */
  readonly tells: readonly K[];
  /**
   * True where these first bytes can hardly be anything else; asked for flows on ports that no protocol claims, or whose
   * protocol did not recognise them. Absent where the bytes do not allow it.
   */
  readonly recognise?: (reader: Reader) => boolean;
  /**
   * First bytes with which what `recognise` knows begins; others are not shown to it. Absent: any. Every new flow on a
   * port that nobody claims is shown to all that ask for it, so who can say it should.
   */
  readonly firstBytes?: readonly number[];
  /** TCP only. Length in bytes of the message that starts here, NEED_MORE, or NOT_MINE. The reader is not moved on. */
  readonly frame?: (reader: Reader, conversation: Conversation<S>) => number;
  /** Fresh state of a conversation. */
  readonly open?: () => S;
  /** Reads one message; undefined where it is none of this protocol. What was read before a break may be returned. */
  readonly read: (reader: Reader, conversation: Conversation<S>) => M | undefined;
  readonly observe: (message: M, say: Saying<K>, conversation: Conversation<S>) => void;
  /**
   * Where secrets stand in a message: passwords, communities, tokens that cross in clear. Who tells
   * `credential.cleartext` must have it. Asked only when a frame is shown, before `read`, with the same state, which it
   * must not change; also for messages that are cut off, of which it finds what is there. Offsets count from the start of
   * the message. When unsure it finds too much: what it finds is hidden, nothing else. Of a flow whose protocol has it,
   * only what was read as a message is shown at all. Secrets in text (`findTextSecrets`) are found without it.
   */
  readonly secrets?: (reader: Reader, conversation: Conversation<S>) => readonly SecretRange[];
  /**
   * Called once when the conversation ends, is evicted, or the capture ends: says what was still waiting for an answer.
   * Absent where nothing waits.
   */
  readonly close?: (say: Saying<K>, conversation: Conversation<S>) => void;
}

/** Who tells that secrets cross has to say where, so that they can be hidden. */
type HidesSecrets<K extends FactKind, M, S> = 'credential.cleartext' extends K
  ? Required<Pick<Protocol<K, M, S>, 'secrets'>>
  : unknown;

/** Only fixes the types: what `read` returns is what `observe` gets, what `tells` lists is what can be said. */
export const protocol = <const K extends FactKind, M, S = undefined>(
  value: Protocol<K, M, S> & HidesSecrets<K, M, S>,
): Protocol<K, M, S> => value;

/** A protocol whose message and state types do not matter, as the engine and the reference page see it. */
// biome-ignore lint/suspicious/noExplicitAny: message and state types differ per protocol and are checked where it is defined
export type AnyProtocol = Protocol<any, any, any>;

// Calls protocols: whether bytes are theirs, how long a message is, what it says. Whatever a protocol does, the engine goes
// on: an exception is reported as a mistake of ours, and what is said goes to the collector with the protocol's name.
import type { FactKind } from '@interlock/model';
import type { FlowConversation } from './conversation.ts';
import type { Dispatch } from './dispatch.ts';
import type { Collector } from './observations.ts';
import { type AnyProtocol, NEED_MORE, NOT_MINE, type Saying } from './protocol.ts';
import { Reader, type ReadTrace } from './reader.ts';
import type { SecretRange } from './secrets.ts';

const NO_SECRETS: readonly SecretRange[] = [];

/** Sees what protocols read: for explaining frames. Absent when only facts are wanted. */
export interface MessageTap {
  /** Whether the reads of the message at hand shall be recorded. */
  wants(conversation: FlowConversation): boolean;
  /** A message that was wanted. Bytes of `trace` and the bytes in [at, end) of `view` are valid during the call. */
  take(
    protocol: AnyProtocol,
    message: unknown,
    trace: readonly ReadTrace[],
    /** Where the protocol says that secrets are, from `at`. */
    secrets: readonly SecretRange[],
    view: DataView,
    at: number,
    end: number,
    conversation: FlowConversation,
  ): void;
}

export interface InterpreterOptions {
  readonly dispatch: Dispatch;
  readonly collector: Collector;
  /** Lets exceptions of protocols through instead of reporting them. */
  readonly strict: boolean;
  readonly tap: MessageTap | undefined;
}

/** Protocols are known by their number in `dispatch`. */
export class Interpreter {
  readonly #dispatch: Dispatch;
  readonly #collector: Collector;
  readonly #strict: boolean;
  readonly #tap: MessageTap | undefined;
  readonly #sayings: readonly Saying<FactKind>[];
  readonly #reader = new Reader(new DataView(new ArrayBuffer(0)), 0, 0);
  /** Whose message is being read or observed. */
  #current: FlowConversation;

  /** `conversation` is any: it stands for the one at hand until there is one. */
  constructor(options: InterpreterOptions, conversation: FlowConversation) {
    this.#dispatch = options.dispatch;
    this.#collector = options.collector;
    this.#strict = options.strict;
    this.#tap = options.tap;
    this.#current = conversation;
    this.#sayings = options.dispatch.protocols.map((protocol) => this.#sayingOf(protocol));
  }

  /** Whether a protocol takes these first bytes for its own; `conversation` is told of when it makes a mistake. */
  recognises(number: number, view: DataView, at: number, end: number, conversation: FlowConversation): boolean {
    try {
      return this.#dispatch.protocol(number).recognise?.(this.#reader.reset(view, at, end)) === true;
    } catch (error) {
      this.#fault(number, error, conversation);
      return false;
    }
  }

  hasFrames(number: number): boolean {
    return this.#dispatch.protocol(number).frame !== undefined;
  }

  /** Bytes of the message that starts at `at`, NEED_MORE or NOT_MINE, as its protocol says. Only for those that frame. */
  frameLength(number: number, view: DataView, at: number, end: number, conversation: FlowConversation): number {
    try {
      const length =
        this.#dispatch.protocol(number).frame?.(this.#reader.reset(view, at, end), conversation) ?? NOT_MINE;
      return length > 0 || length === NEED_MORE ? length : NOT_MINE;
    } catch (error) {
      this.#fault(number, error, conversation);
      return NOT_MINE;
    }
  }

  /** Lets a protocol read the message in [at, end) and say what it tells; false where it is none of the protocol's. */
  read(number: number, view: DataView, at: number, end: number, conversation: FlowConversation): boolean {
    const protocol = this.#dispatch.protocol(number);
    const saying = this.#sayings[number - 1];
    this.#current = conversation;
    try {
      const reader = this.#reader.reset(view, at, end);
      const trace = this.#tap?.wants(conversation) ? [] : undefined;
      const secrets = (trace && protocol.secrets?.(new Reader(view, at, end), conversation)) ?? NO_SECRETS;
      reader.trace = trace;
      const message: unknown = protocol.read(reader, conversation);
      reader.trace = undefined;
      if (message === undefined) return false;
      if (trace) this.#tap?.take(protocol, message, trace, secrets, view, at, end, conversation);
      if (saying) protocol.observe(message, saying, conversation);
    } catch (error) {
      this.#fault(number, error, conversation);
    }
    return true;
  }

  /** Lets the protocol say what was still waiting. */
  close(found: number, conversation: FlowConversation): void {
    const saying = this.#sayings[found - 1];
    if (!saying || conversation.state === undefined) return;
    this.#current = conversation;
    try {
      this.#dispatch.protocol(found).close?.(saying, conversation);
    } catch (error) {
      this.#fault(found, error, conversation);
    }
  }
  /** Bytes of a proven stream that are no message of its protocol. */
  reportNoMessage(number: number, conversation: FlowConversation): void {
    const { name } = this.#dispatch.protocol(number);
    this.#collector.add(
      conversation.sender,
      'traffic.malformed',
      { code: `${name}.no-message` },
      name,
      'message',
      conversation,
    );
  }

  /** An exception of a protocol is a mistake of ours, whatever the bytes were: it is said, and the work goes on. */
  #fault(number: number, error: unknown, conversation: FlowConversation): void {
    if (this.#strict) throw error;
    const { name } = this.#dispatch.protocol(number);
    this.#collector.add(
      conversation.sender,
      'traffic.malformed',
      { code: `dissector-fault:${name}`, detail: error instanceof Error ? error.message : String(error) },
      name,
      'message',
      conversation,
    );
  }

  #sayingOf({ name }: AnyProtocol): Saying<FactKind> {
    const collector = this.#collector;
    return {
      fact: (subject, kind, value, source) => collector.add(subject, kind, value, name, source, this.#current),
      operation: (what, kind, more) => {
        const current = this.#current;
        const { frame } = more ?? {};
        const where = frame === undefined ? current : { frame, firstFrame: frame, time: more?.time ?? current.time };
        const from = more?.from ?? current.client;
        collector.addOperation(more?.to ?? current.server, from, what, kind, more?.detail, more?.accepted, name, where);
      },
      malformed: (code, detail) => {
        const current = this.#current;
        if (current.incomplete) return;
        const value = detail === undefined ? { code } : { code, detail };
        collector.add(current.sender, 'traffic.malformed', value, name, 'message', current);
      },
    };
  }
}

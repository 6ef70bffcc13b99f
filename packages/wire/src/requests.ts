// Requests that wait for their answer. What was asked for is told when it is known whether it was done, or when the
// conversation is over without that.
import type { OperationKind, Subject } from '@interlock/model';
import type { Conversation, SayOperation } from './protocol.ts';

/** What a function of a protocol does, in plain words and in the shared vocabulary. */
export interface NamedFunction {
  readonly what: string;
  readonly kind: OperationKind;
}

/** One request with what its protocol wants to remember of it. */
export interface Request<T = undefined> {
  readonly key: number;
  readonly done: NamedFunction;
  readonly detail: string;
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
  readonly more: T;
}

/** Requests kept while they are unanswered: controllers take up to 16 at a time, a gateway's client twice that. */
const MAX_WAITING = 32;

/** The unanswered requests of one conversation. */
export class Requests<T = undefined> {
  readonly #waiting: Request<T>[] = [];

  /**
   * A request that was sent. `key` is what its answer has in common with it; the oldest is told as unanswered where too
   * many wait. `to` is who it is done to, the receiver where it is not said.
   */
  ask(
    key: number,
    done: NamedFunction,
    detail: string,
    more: T,
    say: { readonly operation: SayOperation },
    conversation: Conversation<unknown>,
    to: Subject = conversation.receiver,
  ): void {
    if (this.#waiting.length >= MAX_WAITING) tell(this.#waiting.shift(), undefined, say);
    const { sender: from, frame, time } = conversation;
    this.#waiting.push({ key, done, detail, from, to, frame, time, more });
  }

  /** The oldest request that `key` answers, which no longer waits. */
  answer(key: number): Request<T> | undefined {
    const waiting = this.#waiting;
    for (let at = 0; at < waiting.length; at++) {
      if (waiting[at]?.key === key) return at === 0 ? waiting.shift() : waiting.splice(at, 1)[0];
    }
    return undefined;
  }

  /** The oldest request that `key` will answer, left where it is: for `read`, which must not change the state. */
  peek(key: number): Request<T> | undefined {
    for (const request of this.#waiting) if (request.key === key) return request;
    return undefined;
  }

  /** What is left is told as unanswered. */
  close(say: { readonly operation: SayOperation }): void {
    for (const request of this.#waiting) tell(request, undefined, say);
    this.#waiting.length = 0;
  }
}

/** Says what was asked for, as of the frame that asked. */
export function tell(
  request: Request<unknown> | undefined,
  accepted: boolean | undefined,
  say: { readonly operation: SayOperation },
): void {
  if (!request) return;
  const { done, detail, from, to, frame, time } = request;
  say.operation(done.what, done.kind, { from, to, detail: detail || undefined, accepted, frame, time });
}

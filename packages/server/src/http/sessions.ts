// Who is signed in. Sessions live in memory: a restart signs everybody out. Each has an end by idleness and an end in any
// case, and a token that every request which changes something must carry.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SessionState {
  readonly csrf: string;
  readonly signedIn: boolean;
  readonly begun: number;
  lastUsed: number;
}
export interface SessionTimes {
  readonly idleMilliseconds: number;
  readonly wholeMilliseconds: number;
}

/** A shift in front of the console, with breaks. */
export const SESSION_TIMES: SessionTimes = { idleMilliseconds: 60 * 60_000, wholeMilliseconds: 12 * 60 * 60_000 };
/** Sessions at a time; the oldest one ends where more begin. Browsers of one plant are a handful. */
const MAX_SESSIONS = 1_000;
const TOKEN_BYTES = 32;

export class Sessions {
  /** By hash of the cookie: what leaks from memory opens nothing. */
  readonly #sessions = new Map<string, SessionState>();
  readonly #ended = new WeakSet<SessionState>();
  readonly times: SessionTimes;
  readonly #now: () => number;

  constructor(times: SessionTimes, now: () => number) {
    this.times = times;
    this.#now = now;
  }

  /** Begins a session. Out: the cookie's value and the session. */
  begin(signedIn: boolean): { readonly cookie: string; readonly session: SessionState } {
    const now = this.#now();
    const cookie = token();
    const session = { csrf: token(), signedIn, begun: now, lastUsed: now };
    this.#sessions.set(hashOf(cookie), session);
    if (this.#sessions.size > MAX_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return { cookie, session };
  }

  /** The session of a cookie, which is used by this; undefined where there is none or it ended. */
  use(cookie: string | undefined): SessionState | undefined {
    if (cookie === undefined) return undefined;
    const key = hashOf(cookie);
    const session = this.#sessions.get(key);
    if (!session) return undefined;
    const now = this.#now();
    if (now >= this.ends(session).soonest) {
      this.#sessions.delete(key);
      return undefined;
    }
    session.lastUsed = now;
    return session;
  }

  /** Whether a session still lasts; asking does not make it last longer. */
  isAlive(session: SessionState): boolean {
    return this.#now() < this.ends(session).soonest && !this.#ended.has(session);
  }

  end(cookie: string | undefined): void {
    if (cookie === undefined) return;
    const key = hashOf(cookie);
    const session = this.#sessions.get(key);
    if (session) this.#ended.add(session);
    this.#sessions.delete(key);
  }

  ends(session: SessionState): { readonly idle: number; readonly whole: number; readonly soonest: number } {
    const idle = session.lastUsed + this.times.idleMilliseconds;
    const whole = session.begun + this.times.wholeMilliseconds;
    return { idle, whole, soonest: Math.min(idle, whole) };
  }
}

/** Whether a request carries the token of its session. */
export function carriesToken(session: SessionState, given: string | string[] | undefined): boolean {
  if (typeof given !== 'string' || given.length !== session.csrf.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(session.csrf));
}

const token = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
const hashOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64');

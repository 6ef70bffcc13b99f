// Server-sent events (WHATWG HTML section 9.2): what happens, to everybody who watches. Whoever is too slow to take them
// is let go and asks for the lists again when it is back.
import { PassThrough } from 'node:stream';
import type { ServerEvent } from '@interlock/model/api';

/** A comment now and then keeps proxies from closing a quiet stream. */
const HEARTBEAT_MILLISECONDS = 20_000;
/** Watchers at a time; each is one open connection. */
export const MAX_WATCHERS = 200;
/** Bytes that wait for a watcher before it is let go. */
const MAX_BEHIND = 1 << 20;

export class Events {
  /** With whether each may still be told. */
  readonly #watchers = new Map<PassThrough, () => boolean>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(': still here\n\n'), HEARTBEAT_MILLISECONDS);
    this.#heartbeat.unref();
  }

  get isFull(): boolean {
    return this.#watchers.size >= MAX_WATCHERS;
  }

  /** A stream of everything from now on, as long as `mayWatch` says so. */
  watch(mayWatch: () => boolean): PassThrough {
    const stream = new PassThrough();
    stream.write('retry: 2000\n\n');
    this.#watchers.set(stream, mayWatch);
    stream.on('close', () => this.#watchers.delete(stream));
    return stream;
  }

  tell(event: ServerEvent): void {
    this.#send(`event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #send(text: string): void {
    for (const [stream, mayWatch] of this.#watchers) {
      if (!mayWatch()) stream.end();
      else if (stream.writableLength > MAX_BEHIND) stream.destroy();
      else stream.write(text);
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const stream of this.#watchers.keys()) stream.end();
    this.#watchers.clear();
  }
}

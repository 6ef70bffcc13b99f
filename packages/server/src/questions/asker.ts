// Puts questions to devices: one device at a time, one request at a time, never faster than agreed, and only what stands in
// the allow-list. Everything sent and received goes into a recording.
import { createSocket } from 'node:dgram';
import { connect, isIPv4, type Socket } from 'node:net';
import type { Question, QuestionTarget } from './question.ts';
import type { Ends, RecordedConnection, Recording } from './record.ts';

/** Old field devices take one request at a time and need a rest between two. */
export const LEAST_INTERVAL_MS = 100;
export const USUAL_INTERVAL_MS = 500;
/** How long a device may take for an answer; PLCs under load need more than a second. */
const ANSWER_MS = 2_000;
/** After the first answer to a datagram: others may follow, as from several services of one device. */
const MORE_ANSWERS_MS = 300;
/** Bytes of one answer; what is longer is cut off. */
const MAX_ANSWER = 256 * 1024;

export interface AskOptions {
  /** Milliseconds between two requests, at least LEAST_INTERVAL_MS. */
  readonly interval: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Ports other than the usual ones: for tests, whose servers cannot have those. */
  readonly portOf?: (question: Question) => number;
}
/** What became of one question to one device. */
export interface Asked {
  readonly question: string;
  /** Messages sent, and messages that came back. */
  readonly sent: number;
  readonly answers: number;
  /** Why nothing came: "refused", "no answer"; absent where something came. */
  readonly problem?: string;
}

/** Asks one device one question. Never throws: what goes wrong is in the answer. */
export async function ask(
  question: Question,
  target: QuestionTarget,
  recording: Recording,
  options: AskOptions,
): Promise<Asked> {
  if (question.needsCommunity && target.community === undefined)
    return { question: question.name, sent: 0, answers: 0, problem: 'no community was given' };
  let sent = 0;
  let answers = 0;
  let problem: string | undefined;
  for (const requests of question.tries) {
    const exchange = new Exchange(question, target, recording, options);
    const failed = await exchange.run(requests);
    sent += exchange.sent;
    answers += exchange.answers.length;
    problem = failed;
    if (failed === undefined || options.signal.aborted) break;
    // Nobody listens there: other ways to ask will find nobody either.
    if (failed === 'refused' || failed === 'not reachable') break;
  }
  return { question: question.name, sent, answers, ...(problem === undefined ? {} : { problem }) };
}

class Exchange {
  readonly answers: Uint8Array[] = [];
  sent = 0;
  readonly #question: Question;
  readonly #target: QuestionTarget;
  readonly #recording: Recording;
  readonly #options: AskOptions;

  constructor(question: Question, target: QuestionTarget, recording: Recording, options: AskOptions) {
    this.#question = question;
    this.#target = target;
    this.#recording = recording;
    this.#options = options;
  }

  /** Out: why the last request was not answered, undefined where it was. */
  async run(requests: Question['tries'][number]): Promise<string | undefined> {
    try {
      return this.#question.transport === 'udp' ? await this.#datagrams(requests) : await this.#stream(requests);
    } catch (error) {
      return problemOf(error);
    }
  }
  get #port(): number {
    return this.#options.portOf?.(this.#question) ?? this.#question.port;
  }
  /** What is kept of what was sent: a community is replaced by as many asterisks. */
  #kept(bytes: Uint8Array): Uint8Array {
    const { community } = this.#target;
    const at = community ? Buffer.from(bytes).indexOf(community, 0, 'latin1') : -1;
    if (community === undefined || at < 0) return bytes;
    const kept = Uint8Array.from(bytes);
    kept.fill(0x2a, at, at + community.length);
    return kept;
  }

  async #datagrams(requests: Question['tries'][number]): Promise<string | undefined> {
    const { ip } = this.#target;
    const { now, signal } = this.#options;
    const socket = createSocket(isIPv4(ip) ? 'udp4' : 'udp6');
    let heard: () => void = () => {};
    let failed: Error | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(this.#port, ip, resolve);
      });
      const local = socket.address();
      const ends: Ends = { local: local.address, localPort: local.port, remote: ip, remotePort: this.#port };
      socket.removeAllListeners('error');
      socket.on('error', (error) => {
        failed = error;
        heard();
      });
      socket.on('message', (message) => {
        this.#recording.datagram(ends, false, this.#kept(message), now());
        this.answers.push(Uint8Array.from(message));
        heard();
      });
      for (const request of requests) {
        if (signal.aborted) return 'stopped';
        const bytes = request.bytes(this.answers, this.#target);
        if (!bytes || bytes.length === 0) continue;
        const before = this.answers.length;
        const answered = new Promise<void>((resolve) => {
          heard = resolve;
        });
        socket.send(bytes);
        this.sent++;
        this.#recording.datagram(ends, true, this.#kept(bytes), now());
        await Promise.race([answered, pause(ANSWER_MS, signal)]);
        if (failed) return problemOf(failed);
        if (this.answers.length > before) await pause(MORE_ANSWERS_MS, signal);
        await pause(this.#options.interval, signal);
      }
    } finally {
      socket.close();
    }
    return this.answers.length > 0 ? undefined : 'no answer';
  }

  async #stream(requests: Question['tries'][number]): Promise<string | undefined> {
    const { ip } = this.#target;
    const { now, signal, interval } = this.#options;
    const socket = await open(ip, this.#port, signal);
    const ends: Ends = {
      local: socket.localAddress ?? '',
      localPort: socket.localPort ?? 0,
      remote: ip,
      remotePort: this.#port,
    };
    const recorded: RecordedConnection = this.#recording.connection(ends);
    recorded.opened(now());
    const incoming = new Incoming(socket, (bytes) => recorded.data(false, this.#kept(bytes), now()));
    let problem: string | undefined;
    try {
      for (const request of requests) {
        if (signal.aborted) return 'stopped';
        const bytes = request.bytes(this.answers, this.#target);
        if (!bytes) continue;
        if (bytes.length > 0) {
          socket.write(bytes);
          this.sent++;
          recorded.data(true, this.#kept(bytes), now());
        }
        const answer = await incoming.next(this.#question.isWhole ?? (() => true), signal);
        if (answer.length > 0) this.answers.push(answer);
        // The last message may only say goodbye: what counts is whether those before it were answered.
        problem = answer.length > 0 || request === requests.at(-1) ? problem : 'no answer';
        if (problem !== undefined || incoming.ended) break;
        await pause(interval, signal);
      }
    } finally {
      recorded.closed(now());
      socket.destroy();
    }
    return problem ?? (this.answers.length > 0 ? undefined : 'no answer');
  }
}

/** What a connection brings, answer by answer. */
class Incoming {
  ended = false;
  #received = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(socket: Socket, onBytes: (bytes: Uint8Array) => void) {
    socket.on('data', (bytes: Buffer) => {
      onBytes(bytes);
      if (this.#received.length < MAX_ANSWER) this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    for (const event of ['end', 'close', 'error'] as const)
      socket.on(event, () => {
        this.ended = true;
        this.#wake();
      });
  }

  /** What came until it was whole, the other end closed, or the time was over; it is taken. */
  async next(isWhole: (received: Uint8Array) => boolean, signal: AbortSignal): Promise<Uint8Array> {
    const over = pause(ANSWER_MS, signal).then(() => true);
    while (!this.ended && !(this.#received.length > 0 && isWhole(this.#received))) {
      const more = new Promise<false>((resolve) => {
        this.#wake = () => resolve(false);
      });
      if (await Promise.race([more, over])) break;
    }
    const taken = Uint8Array.from(this.#received);
    this.#received = Buffer.alloc(0);
    return taken;
  }
}

function open(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.setNoDelay(true);
    socket.setTimeout(ANSWER_MS, () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Waits, but not once everything shall end. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });

function problemOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'closed by the device';
  if (code === 'ETIMEDOUT') return 'no answer';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EHOSTDOWN') return 'not reachable';
  if (code === 'ABORT_ERR') return 'stopped';
  return error instanceof Error ? error.message : String(error);
}

// Starts everything: takes the data folder, opens the store, goes on with what was unfinished, loads the demo plant or the
// captures named, and listens.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Logger, pino } from 'pino';
import { ApiProblem } from './api-problem.ts';
import { DataFolder } from './data-folder.ts';
import { Demo } from './demo.ts';
import { buildApp } from './http/app.ts';
import { Events } from './http/events.ts';
import { isLoopback } from './http/hosts.ts';
import { isPasswordSet } from './http/password.ts';
import { SESSION_TIMES, Sessions, type SessionTimes } from './http/sessions.ts';
import { Imports } from './import/imports.ts';
import { Desk } from './ingest/desk.ts';
import { Ingest } from './ingest/ingest.ts';
import { bytesOfFile, Receiver } from './ingest/receive.ts';
import { LiveCaptures } from './live/live-captures.ts';
import type { Question } from './questions/question.ts';
import { Questions } from './questions/questions.ts';
import { StartProblem } from './start-problem.ts';
import { openStore, type Store, type StoreAddress } from './store/store.ts';

export interface ServerOptions {
  /** Folder for store, captures and password. */
  readonly data: string;
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** PostgreSQL instead of the embedded store. */
  readonly databaseUrl?: string;
  /** Capture files to load; then the demo plant is not. */
  readonly captures?: readonly string[];
  /** False leaves an empty store empty. */
  readonly demo?: boolean;
  /** The demo capture, where it is not the one that comes with Interlock. */
  readonly demoCapture?: string;
  /** Folder of the built console, where it is not the one in the packages. */
  readonly console?: string;
  /** Bytes of one upload, and that may come out of it unpacked. */
  readonly maxUpload?: number;
  readonly maxUnpacked?: number;
  /** Captures that may wait for their analysis. */
  readonly maxWaiting?: number;
  readonly sessionTimes?: SessionTimes;
  /** Where questions are put, other than on the usual ports: for tests, whose servers cannot have those. */
  readonly questionPort?: (question: Question) => number;
  readonly logger?: Logger;
  /** Least that is logged where no logger is given: a command that prints its own result wants faults only. */
  readonly logLevel?: 'info' | 'warn' | 'error';
  readonly now?: () => number;
}
export interface RunningServer {
  /** Where the console is: "http://127.0.0.1:8472". */
  readonly address: string;
  /** Ends it: requests, then the stretch at hand, then the store. What is unfinished goes on at the next start. */
  close(): Promise<void>;
  /** Takes in documents, for whoever runs the server in the same process. */
  readonly imports: Imports;
  /** Resolves when no capture and no document waits and the inventory is current. */
  settled(): Promise<void>;
}

export const DEFAULT_PORT = 8472;
export const DEFAULT_HOST = '127.0.0.1';
/** Two hours of a busy cell; more goes in pieces. */
const MAX_UPLOAD_BYTES = 2 * 1024 ** 3;
/** What a packed upload of that size holds at the usual eightfold. */
const MAX_UNPACKED_BYTES = 16 * 1024 ** 3;
/** Dropping a folder of captures at once is usual; a thousand of them is a script gone wrong. */
const MAX_WAITING = 500;

const ROOT = join(import.meta.dirname, '../../..');
const VERSION = (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string })
  .version;

/** Throws a `StartProblem` where it cannot start; nothing is left running then. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, now = Date.now } = options;
  // At a terminal only what needs somebody's attention; to a file or a journal all of it.
  const logger =
    options.logger ??
    pino({ base: null, level: options.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info') }, pino.destination(2));
  const folder = new DataFolder(options.data);
  const undo: (() => unknown)[] = [() => folder.release()];
  try {
    if (!isLoopback(host) && !isPasswordSet(folder.password)) throw new StartProblem('start.password-needed', { host });
    const address: StoreAddress = options.databaseUrl ? { postgresql: options.databaseUrl } : { sqlite: folder.store };
    const store = await openStore(address, { threads: true, migrate: true });
    undo.push(() => store.close());
    await folder.tidy(async (id) => (await store.captures.get(id)) !== undefined);

    const maxUnpacked = options.maxUnpacked ?? MAX_UNPACKED_BYTES;
    const desk = new Desk(maxUnpacked);
    undo.push(() => desk.close());
    const ingest = new Ingest({
      store,
      address,
      folder,
      engine: VERSION,
      maxUnpacked,
      onFault: (fault, capture) => logger.error({ event: 'fault', capture, fault }, 'a task of ingest failed'),
    });
    undo.push(() => ingest.stop());
    const receiver = new Receiver({
      store,
      folder,
      ingest,
      desk,
      limits: {
        maxUpload: options.maxUpload ?? MAX_UPLOAD_BYTES,
        maxUnpacked,
        maxWaiting: options.maxWaiting ?? MAX_WAITING,
      },
    });
    const demo = new Demo(
      options.demo === false ? undefined : (options.demoCapture ?? join(ROOT, 'lab/demo.pcap')),
      store,
      receiver,
    );
    const events = new Events();
    undo.push(() => events.close());
    ingest.on('event', (event) => events.tell(event));
    const live = new LiveCaptures({
      store,
      address,
      folder,
      ingest,
      engine: VERSION,
      now,
      onFault: (fault, capture) => logger.error({ event: 'fault', capture, fault }, 'a live capture failed'),
    });
    undo.push(() => live.close());
    live.on('event', (event) => events.tell(event));
    const imports = new Imports({
      store,
      address,
      folder,
      maxUpload: receiver.limits.maxUpload,
      maxUnpacked,
      now,
      onChange: () => ingest.changed(),
      onFault: (fault, id) => logger.error({ event: 'fault', import: id, fault }, 'an import failed'),
    });
    undo.push(() => imports.stop());
    imports.on('event', (event) => events.tell(event));
    const questions = new Questions({
      store,
      receiver,
      now,
      onFault: (fault, run) => logger.error({ event: 'fault', run, fault }, 'a run of questions failed'),
      portOf: options.questionPort,
    });
    undo.push(() => questions.close());
    const sessions = new Sessions(options.sessionTimes ?? SESSION_TIMES, now);
    const app = await buildApp({
      context: {
        version: VERSION,
        engine: VERSION,
        store,
        folder,
        ingest,
        receiver,
        desk,
        demo,
        imports,
        live,
        questions,
        events,
        sessions,
        now,
      },
      logger,
      loopback: isLoopback(host),
      console: options.console ?? join(ROOT, 'packages/web/dist'),
    });
    undo.push(() => app.close());

    await ingest.resume();
    await imports.resume();
    await live.resume();
    await questions.resume();
    await loadAtStart(options, store, receiver, demo);
    const listening = await listen(app, host, port);
    logger.info({ event: 'started', address: listening, version: VERSION, store: store.engine }, 'started');
    return {
      address: listening,
      imports,
      async settled() {
        await imports.settled();
        await ingest.settled();
      },
      async close() {
        logger.info({ event: 'stopping' }, 'stopping');
        for (const step of undo.reverse()) await step();
      },
    };
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'it may not be read',
};

async function loadAtStart(options: ServerOptions, store: Store, receiver: Receiver, demo: Demo): Promise<void> {
  for (const file of options.captures ?? []) {
    try {
      await receiver.receive({ name: basename(file), bytes: bytesOfFile(file), demo: false });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const text = error instanceof ApiProblem ? message : (FILE_PROBLEMS[code ?? ''] ?? message);
      throw new StartProblem('start.capture-unreadable', { file, problem: text });
    }
  }
  if (!options.captures?.length && (await store.captures.all()).length === 0) await demo.loadWhereEmpty();
}

async function listen(app: Awaited<ReturnType<typeof buildApp>>, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartProblem('start.port-taken', { host, port });
    throw new StartProblem('start.address-unusable', { host, port, problem: message });
  }
  const bound = app.server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

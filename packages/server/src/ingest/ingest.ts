// The queue of work on captures: analyses them one after the other in a thread, has the inventory computed when they are
// through, and tells what happens. Everything it needs after a restart is in the store.
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CaptureRow, ServerEvent } from '@interlock/model/api';
import type { DataFolder } from '../data-folder.ts';
import type { Store, StoreAddress } from '../store/store.ts';
import type { IngestReport, IngestSetup, IngestTask } from './ingest-thread.ts';

export interface IngestOptions {
  readonly store: Store;
  readonly address: StoreAddress;
  readonly folder: DataFolder;
  readonly engine: string;
  readonly maxUnpacked: number;
  /** Told of faults of our own; the queue goes on. */
  readonly onFault: (fault: string, capture?: string) => void;
}
interface Queued {
  readonly capture: string;
  /** Frames it has, as far as is known. */
  readonly frames: number;
  /** It was begun before and ended with a fault. */
  readonly again?: true;
}
interface Progress {
  readonly bytes: number;
  readonly frames: number;
}

/** With captures still waiting, the inventory is computed at most this often: it reads every observation. */
const INVENTORY_MILLISECONDS = 10_000;

/** What SQLite, PostgreSQL and the operating system say of a full disk. */
const NO_SPACE = /disk is full|no space left|ENOSPC/i;
/** After a fault of the store (a database that restarts, say) the work is taken up again after this. */
const RETRY_MILLISECONDS = 5_000;
/** Progress is told this often at most: more is not seen. */
const PROGRESS_MILLISECONDS = 250;

export class Ingest extends EventEmitter<{ event: [ServerEvent] }> {
  readonly #options: IngestOptions;
  readonly #setup: IngestSetup;
  #worker: Worker | undefined;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #queue: Queued[] = [];
  #current: (Queued & { readonly number: number; readonly done: Promise<void>; progress?: Progress }) | undefined;
  #retry: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #last = 0;
  #stopping = false;
  #computed = Number.NEGATIVE_INFINITY;
  #stale = false;
  #computing = false;

  constructor(options: IngestOptions) {
    super();
    this.#options = options;
    this.#setup = {
      store: options.address,
      engine: options.engine,
      maxUnpacked: options.maxUnpacked,
      cancelled: this.#cancelled.buffer as SharedArrayBuffer,
    };
  }

  /** Takes up what was unfinished when the server last ended. */
  async resume(): Promise<void> {
    for (const { id, frames } of await this.#options.store.captures.unfinished())
      this.#queue.push({ capture: id, frames });
    this.#stale = !(await this.#options.store.inventory.state()).current;
    this.#go();
  }

  /** Captures that wait or are being analysed. */
  get waiting(): number {
    return this.#queue.length + (this.#current ? 1 : 0);
  }

  add(capture: string, frames: number): void {
    this.#queue.push({ capture, frames });
    this.#go();
  }

  /** Observations changed otherwise: the inventory is computed again. */
  changed(): void {
    this.#stale = true;
    this.#go();
  }

  /** A row with how far its analysis is. */
  withProgress(row: CaptureRow): CaptureRow {
    const current = this.#current;
    if (current?.capture !== row.id || !current.progress) return row;
    const { bytes, frames } = current.progress;
    const all = current.frames;
    return { ...row, progress: { bytes, frames, ...(all > 0 ? { share: Math.min(1, frames / all) } : {}) } };
  }

  /** Ends the analysis of a capture, waiting or begun; resolves when nothing of it is written any more. */
  async cancel(capture: string): Promise<void> {
    const at = this.#queue.findIndex((queued) => queued.capture === capture);
    if (at >= 0) this.#queue.splice(at, 1);
    if (this.#current?.capture !== capture) return;
    Atomics.store(this.#cancelled, 0, this.#current.number);
    await this.#current.done;
  }

  /** Resolves when nothing waits and the inventory is current. */
  async settled(): Promise<void> {
    while (this.#running || this.#retry) {
      await this.#running;
      if (this.#retry) await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS / 10));
    }
  }

  /** Ends after the stretch at hand; what is unfinished goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#queue.length = 0;
    if (this.#current) Atomics.store(this.#cancelled, 0, this.#current.number);
    await this.#running;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close');
    await ended;
  }

  #go(): void {
    if (this.#stopping || this.#running || this.#retry) return;
    this.#running = this.#work()
      .catch((error: unknown) => this.#tryLater(error))
      .finally(() => {
        this.#running = undefined;
        if (!this.#retry && (this.#queue.length > 0 || this.#stale)) this.#go();
      });
  }

  /** The store could not be asked or told: what is unfinished is still known there, and taken up when it answers again. */
  #tryLater(error: unknown): void {
    this.#options.onFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.#current = undefined;
    this.#computing = false;
    if (this.#stopping) return;
    this.#queue.length = 0;
    this.#stale = false;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.resume().catch((again: unknown) => this.#tryLater(again));
    }, RETRY_MILLISECONDS);
    this.#retry.unref();
  }

  async #work(): Promise<void> {
    for (;;) {
      const next = this.#stopping ? undefined : this.#queue.shift();
      if (!next) break;
      await this.#analyse(next);
      this.#stale = true;
      if (this.#queue.length > 0 && performance.now() - this.#computed > INVENTORY_MILLISECONDS) await this.#compute();
    }
    if (this.#stale && !this.#stopping) await this.#compute();
  }

  async #analyse(queued: Queued): Promise<void> {
    const number = ++this.#last;
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    this.#current = { ...queued, number, done };
    try {
      await this.#analyseAs(number, queued);
    } finally {
      this.#current = undefined;
      end();
    }
    await this.#tell(queued.capture);
  }

  async #analyseAs(number: number, { capture, frames, again }: Queued): Promise<void> {
    await this.#tell(capture);
    let told = Number.NEGATIVE_INFINITY;
    const path = this.#options.folder.capture(capture);
    const problem = await this.#perform({ number, do: 'analyse', capture, path }, (progress) => {
      if (this.#current) this.#current.progress = progress;
      if (performance.now() - told < PROGRESS_MILLISECONDS) return;
      told = performance.now();
      this.#tell(capture).catch((error: unknown) => this.#options.onFault(String(error), capture));
    });
    if (problem === undefined) return;
    this.#options.onFault(problem, capture);
    const row = await this.#options.store.captures.get(capture);
    if (!row) return;
    if (!again) this.#queue.push({ capture, frames, again: true });
    else
      await this.#options.store.captures.finish(capture, {
        unpacked: 0,
        frames: row.frames,
        failed: true,
        problem: NO_SPACE.test(problem)
          ? 'there was no space left to store what it tells'
          : 'a fault of Interlock itself; the log holds more',
      });
  }

  async #compute(): Promise<void> {
    this.#computing = true;
    this.#stale = false;
    await this.#tellInventory();
    const problem = await this.#perform({ number: ++this.#last, do: 'inventory' });
    this.#computing = false;
    this.#computed = performance.now();
    if (problem !== undefined) this.#options.onFault(problem);
    await this.#tellInventory();
  }

  /**
   * Gives the thread a task. Out: what went wrong, undefined where nothing did. A thread that dies (of memory, say) takes
   * the task at hand with it; the next task starts another one.
   */
  #perform(task: IngestTask, onProgress?: (progress: Progress) => void): Promise<string | undefined> {
    this.#worker ??= new Worker(new URL('./ingest-thread.ts', import.meta.url), { workerData: this.#setup });
    const worker = this.#worker;
    return new Promise((resolve) => {
      const end = (problem: string | undefined): void => {
        worker.off('message', take);
        worker.off('exit', onExit);
        worker.off('error', onError);
        resolve(problem);
      };
      const take = (report: IngestReport): void => {
        if (report.number !== task.number) return;
        if ('progress' in report) onProgress?.(report.progress);
        else end(report.problem);
      };
      const onExit = (): void => {
        this.#worker = undefined;
        end('the thread for captures ended');
      };
      const onError = (error: unknown): void => {
        this.#worker = undefined;
        end(error instanceof Error ? (error.stack ?? error.message) : String(error));
      };
      worker.on('message', take);
      worker.on('exit', onExit);
      worker.on('error', onError);
      worker.postMessage(task);
    });
  }

  async #tell(capture: string): Promise<void> {
    const row = await this.#options.store.captures.get(capture);
    if (row) this.emit('event', { event: 'capture', capture: this.withProgress(row) });
  }
  async #tellInventory(): Promise<void> {
    this.emit('event', { event: 'inventory', inventory: await this.inventoryState() });
  }
  async inventoryState() {
    const state = await this.#options.store.inventory.state();
    return {
      state: state.current && !this.#computing ? ('current' as const) : ('recomputing' as const),
      ...(state.at === undefined ? {} : { computed: state.at }),
      devices: state.devices,
    };
  }
}

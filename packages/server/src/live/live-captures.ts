// The live captures of a server: starts a thread for each, keeps those running that are to run, also over a restart, and
// tells what happens. What people see of one comes from its thread while it runs, from the store otherwise.
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { CaptureInterface, CaptureRight, LiveRow, ServerEvent } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { isFull } from '../no-space.ts';
import type { Store, StoreAddress } from '../store/store.ts';
import { type FoundRight, findRight } from './capture-tools.ts';
import { interfaceState, listInterfaces } from './interfaces.ts';
import type { LiveReport } from './live-session.ts';
import type { LiveMessage, LiveSetup } from './live-thread.ts';

export interface LiveOptions {
  readonly store: Store;
  readonly address: StoreAddress;
  readonly folder: DataFolder;
  readonly ingest: Ingest;
  readonly engine: string;
  readonly now: () => number;
  /** Told of faults of our own; the thread is begun anew. */
  readonly onFault: (fault: string, capture: string) => void;
}

/** At a time: each is a thread and a process, and a sensor has a handful of ports. */
const MAX_RUNNING = 8;
/** A thread that ended with a fault is begun again after this. */
const AGAIN_MILLISECONDS = 5_000;
/** Whether capturing is permitted is asked for anew after this. */
const RIGHT_MILLISECONDS = 3_000;
/**
 * Devices are computed for news at most this often, and for at most half of the time: on a large store that takes seconds.
 */
const INVENTORY_MILLISECONDS = 700;
const INVENTORY_SHARE = 1;

interface Running {
  readonly id: string;
  readonly worker: Worker;
  readonly ended: Promise<void>;
  report?: LiveReport;
  storage: LiveRow['storage'];
}

export class LiveCaptures extends EventEmitter<{ event: [ServerEvent] }> {
  readonly #options: LiveOptions;
  readonly #running = new Map<string, Running>();
  readonly #again = new Map<string, NodeJS.Timeout>();
  /** Interfaces for which a start is on its way. */
  readonly #starting = new Set<string>();
  #right: { readonly at: number; readonly found: Promise<FoundRight> } | undefined;
  #closing = false;
  #isStale = false;
  #computing: Promise<void> | undefined;

  constructor(options: LiveOptions) {
    super();
    this.#options = options;
  }

  /** Takes up what was running when the server last ended. */
  async resume(): Promise<void> {
    for (const { id, interface: name } of await this.#options.store.live.wanted()) this.#run(id, name, true);
  }

  /** Interfaces of this machine and whether they may be captured. */
  async interfaces(): Promise<{ right: CaptureRight; items: CaptureInterface[] }> {
    const items = listInterfaces();
    const wanted = await this.#options.store.live.wanted();
    const { right } = await this.#findRight(items.find(({ state }) => state !== 'down')?.name ?? 'lo');
    return {
      right,
      items: items.map((item) => {
        const capturedBy = wanted.find((live) => live.interface === item.name)?.id;
        return { ...item, ...(capturedBy === undefined ? {} : { capturedBy }) };
      }),
    };
  }
  async #findRight(name: string): Promise<FoundRight> {
    const now = performance.now();
    if (!this.#right || now - this.#right.at > RIGHT_MILLISECONDS) this.#right = { at: now, found: findRight(name) };
    return this.#right.found;
  }

  async list(): Promise<LiveRow[]> {
    return (await this.#options.store.live.list()).map((row) => this.#withReport(row));
  }

  /** Takes up the live capture that was running on an interface when its server or sensor ended, or starts one. */
  async takeUp(name: string): Promise<LiveRow> {
    const known = (await this.#options.store.live.wanted()).find((live) => live.interface === name);
    if (!known) return this.start(name);
    this.#run(known.id, name, true);
    return known;
  }

  /** Starts a live capture. Throws an `ApiProblem` where it cannot be. */
  async start(name: string): Promise<LiveRow> {
    const { store, engine, now } = this.#options;
    if (interfaceState(name) === 'missing') throw problem('live.no-such-interface', { interface: name });
    if (this.#starting.has(name)) throw problem('live.already-running', { interface: name });
    this.#starting.add(name);
    try {
      const wanted = await store.live.wanted();
      if (wanted.some((live) => live.interface === name)) throw problem('live.already-running', { interface: name });
      if (wanted.length >= MAX_RUNNING) throw problem('live.too-many', { running: wanted.length });
      const { right, tool } = await this.#mayCapture(name);
      if (!tool) throw problem('live.no-tool', {});
      if (!right.granted) throw problem('live.not-permitted', { missing: right.missing ?? 'a right is missing' });
      const id = randomBytes(32).toString('hex');
      const started = now();
      await store.live.add({ id, name: nameOf(name, started), interface: name, engine, started });
      this.#run(id, name, false);
      await this.#tell(id);
      return await this.#get(id);
    } catch (error) {
      if (isFull(error)) throw problem('storage.full', {});
      throw error;
    } finally {
      this.#starting.delete(name);
    }
  }
  /** An interface that is down may be waited for; whether capturing is permitted is then asked of another one. */
  #mayCapture(name: string): Promise<FoundRight> {
    const isDown = interfaceState(name) === 'down';
    const asked = isDown ? listInterfaces().find(({ state }) => state !== 'down')?.name : name;
    return findRight(asked ?? name);
  }

  /** Stops a live capture for good; resolves when all it learnt is stored. */
  async stop(id: string): Promise<LiveRow> {
    const { store, ingest, now } = this.#options;
    const row = await this.#get(id);
    if (row.ended !== undefined) return row;
    await this.#halt(id);
    await store.live.end(id, now(), undefined);
    const { counters } = await this.#get(id);
    const contents = { unpacked: counters.bytes, frames: counters.frames, failed: false };
    await store.captures.finish(id, contents);
    ingest.changed();
    await this.#tell(id);
    return this.#get(id);
  }

  /** Before its capture is removed: ends it, if it runs. */
  async prepareRemoval(id: string): Promise<void> {
    if (await this.#options.store.live.get(id)) await this.#halt(id);
  }
  /** After its capture was removed: removes the frames that were kept. */
  async forget(id: string): Promise<void> {
    await rm(this.#options.folder.evidence(id), { recursive: true, force: true });
  }

  /** Ends all threads; they are taken up again at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#running.keys(), ...this.#again.keys()].map((id) => this.#halt(id)));
  }

  async #halt(id: string): Promise<void> {
    clearTimeout(this.#again.get(id));
    this.#again.delete(id);
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.delete(id);
    running.worker.postMessage('stop');
    await running.ended;
  }

  #run(id: string, name: string, resumed: boolean): void {
    const { address, folder } = this.#options;
    const setup: LiveSetup = { store: address, capture: id, interface: name, evidence: folder.evidence(id), resumed };
    const worker = new Worker(new URL('./live-thread.ts', import.meta.url), { workerData: setup });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const running: Running = { id, worker, ended, storage: 'ok' };
    this.#running.set(id, running);
    const fault = (text: string): void => this.#options.onFault(text, id);
    worker.on('message', (message: LiveMessage) => this.#hear(running, message, fault));
    worker.on('error', (error) => fault(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    worker.on('exit', () => {
      resolve();
      // Nobody asked it to end: it is begun again, and the time between is told as a gap.
      if (this.#closing || this.#running.get(id) !== running) return;
      this.#running.delete(id);
      const timer = setTimeout(() => {
        this.#again.delete(id);
        if (!this.#closing) this.#run(id, name, true);
      }, AGAIN_MILLISECONDS);
      timer.unref();
      this.#again.set(id, timer);
    });
  }

  #hear(running: Running, message: LiveMessage, fault: (text: string) => void): void {
    if ('fault' in message) fault(message.fault);
    else if ('stored' in message) {
      if (message.news) this.#inventorySoon();
    } else {
      running.report = message.report;
      running.storage = message.storage;
      this.#tell(running.id).catch((error: unknown) => fault(String(error)));
    }
  }

  #inventorySoon(): void {
    this.#isStale = true;
    this.#computing ??= this.#keepInventory()
      .catch((error: unknown) => this.#options.onFault(String(error), ''))
      .finally(() => {
        this.#computing = undefined;
      });
  }
  async #keepInventory(): Promise<void> {
    const { ingest } = this.#options;
    while (this.#isStale && !this.#closing) {
      this.#isStale = false;
      const began = performance.now();
      ingest.changed();
      await ingest.settled();
      const took = performance.now() - began;
      const wait = Math.max(INVENTORY_MILLISECONDS - took, INVENTORY_SHARE * took);
      await new Promise<void>((resolve) => setTimeout(resolve, wait).unref());
    }
  }

  async #get(id: string): Promise<LiveRow> {
    const row = await this.#options.store.live.get(id);
    if (!row) throw problem('live.not-found', { capture: id });
    return this.#withReport(row);
  }
  #withReport(row: LiveRow): LiveRow {
    const running = this.#running.get(row.id);
    if (row.ended !== undefined) return row;
    const { reason: _, ...rest } = row;
    // What is stored is from before the server was away, or from before its thread fell.
    if (!running?.report) return { ...rest, state: 'starting' };
    return { ...rest, ...running.report, storage: running.storage };
  }
  async #tell(id: string): Promise<void> {
    const row = await this.#options.store.live.get(id);
    if (row) this.emit('event', { event: 'live', live: this.#withReport(row) });
  }
}

/** "eth1 2026-11-25 04:41" in UTC. */
const nameOf = (name: string, at: number): string =>
  `${name} ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}`;

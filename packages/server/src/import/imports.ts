// Takes documents in: bytes to disk, a look at what they are, and the import itself once a person has said what it is a
// version of. One document after the other in a thread; everything needed after a restart is in the store.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { type Importer, importerFor, importerNamed } from '@interlock/documents';
import type { ColumnMapping } from '@interlock/model';
import type { ImportDetail, ImportRow, ServerEvent } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import { type DataFolder, HashedFile } from '../data-folder.ts';
import { nameTrouble } from '../ingest/receive.ts';
import { isFull } from '../no-space.ts';
import type { Store, StoreAddress } from '../store/store.ts';
import { documentHead, nameInside } from './document-bytes.ts';
import type { ImportReport, ImportSetup, ImportTask } from './import-thread.ts';

export interface ImportsOptions {
  readonly store: Store;
  readonly address: StoreAddress;
  readonly folder: DataFolder;
  readonly maxUpload: number;
  readonly maxUnpacked: number;
  readonly now: () => number;
  /** Observations changed: the inventory has to be computed. */
  readonly onChange: () => void;
  /** Told of faults of our own. */
  readonly onFault: (fault: string, id: string) => void;
}
export interface IncomingDocument {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Where the format is not to be recognised. */
  readonly importer?: string | undefined;
  readonly brokenOff?: () => boolean;
}

/** Documents that may wait: a person drops some dozen at once. */
const MAX_WAITING = 200;
/** Progress is told this often at most. */
const PROGRESS_MILLISECONDS = 250;

interface Queued {
  readonly id: string;
  readonly do: ImportTask['do'];
  readonly end: () => void;
}

export class Imports extends EventEmitter<{ event: [ServerEvent] }> {
  readonly #options: ImportsOptions;
  readonly #setup: ImportSetup;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #queue: Queued[] = [];
  #current: (Queued & { readonly number: number; readonly done: Promise<void> }) | undefined;
  #worker: Worker | undefined;
  #running: Promise<void> | undefined;
  #last = 0;
  #stopping = false;

  constructor(options: ImportsOptions) {
    super();
    this.#options = options;
    this.#setup = {
      store: options.address,
      maxUnpacked: options.maxUnpacked,
      cancelled: this.#cancelled.buffer as SharedArrayBuffer,
    };
  }

  /** Takes up what was unfinished when the server last ended. */
  async resume(): Promise<void> {
    const { store, folder } = this.#options;
    await folder.tidyDocuments((id) => store.imports.isOpen(id));
    for (const { id, state } of await store.imports.unfinished()) this.#add(id, state === 'looking' ? 'look' : 'read');
  }

  /** Documents that wait or are being read. */
  get waiting(): number {
    return this.#queue.length + (this.#current ? 1 : 0);
  }

  /** In: a name and bytes. Out: the document, looked at. Throws an `ApiProblem` for everything that is refused. */
  async receive({ name, bytes, importer, brokenOff }: IncomingDocument): Promise<ImportDetail> {
    const trouble = nameTrouble(name);
    if (trouble !== undefined) throw problem('import.bad-name', { problem: trouble });
    if (this.waiting >= MAX_WAITING) throw problem('import.queue-full', { waiting: this.waiting });
    const named = importer === undefined ? undefined : existingImporter(importer);
    const id = randomUUID();
    const path = this.#options.folder.document(id);
    try {
      const { size, sha256 } = await this.#write(path, bytes);
      if (brokenOff?.()) throw problem('import.cut-off', {});
      if (size === 0) throw problem('import.empty', {});
      const found = named ?? importerFor(await documentHead(path), nameInside(name));
      if (!found) throw problem('import.not-understood', {});
      const added = this.#options.now();
      await this.#options.store.imports.add({
        id,
        name,
        sha256,
        size,
        added,
        importer: found.name,
        basis: found.basis,
      });
    } catch (error) {
      await rm(path, { force: true });
      if (isFull(error)) throw problem('storage.full', {});
      throw error;
    }
    return this.#look(id);
  }

  /** Looks at a document again, as another format or with another mapping. */
  async lookAgain(id: string, importer: string | undefined, mapping: ColumnMapping | undefined): Promise<ImportDetail> {
    const row = existing(await this.#options.store.imports.get(id), id);
    if (row.state !== 'preview') throw problem('import.not-in-preview', { state: row.state });
    const { name, basis } = existingImporter(importer ?? row.importer);
    await this.#options.store.imports.lookAgain(id, name, basis, mapping);
    return this.#look(id);
  }

  /** An import with its preview or report. */
  async detail(id: string): Promise<ImportDetail> {
    return existing(await this.#options.store.imports.detail(id), id);
  }
  /** What a person said of the columns of a source, the last time. */
  async mappingOf(source: string): Promise<ColumnMapping | undefined> {
    return (await this.#options.store.imports.sources()).find(({ name }) => name === source)?.mapping;
  }

  /** Starts the import of a document that was looked at. */
  async start(id: string, source: string, mapping: ColumnMapping | undefined): Promise<ImportRow> {
    if (this.waiting >= MAX_WAITING) throw problem('import.queue-full', { waiting: this.waiting });
    await this.#options.store.imports.start(id, source, mapping);
    this.#add(id, 'read');
    const row = existing(await this.#options.store.imports.get(id), id);
    this.emit('event', { event: 'import', import: row });
    return row;
  }

  /** Removes an import, whatever its state. Out: observations that went with it. */
  async remove(id: string): Promise<number> {
    const at = this.#queue.findIndex((queued) => queued.id === id);
    if (at >= 0) this.#queue.splice(at, 1)[0]?.end();
    if (this.#current?.id === id) {
      Atomics.store(this.#cancelled, 0, this.#current.number);
      await this.#current.done;
    }
    const gone = existing(await this.#options.store.imports.remove(id), id);
    await rm(this.#options.folder.document(id), { force: true });
    this.emit('event', { event: 'import-removed', id });
    this.#options.onChange();
    return gone;
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Ends after the stretch at hand; what is unfinished begins anew at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { end } of this.#queue.splice(0)) end();
    if (this.#current) Atomics.store(this.#cancelled, 0, this.#current.number);
    await this.#running;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close');
    await ended;
  }

  async #write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }> {
    const file = await HashedFile.create(path);
    try {
      for await (const chunk of bytes) {
        if (file.size + chunk.length > this.#options.maxUpload)
          throw problem('import.too-large', { limit: this.#options.maxUpload });
        await file.write(chunk);
      }
      return { sha256: await file.finish(), size: file.size };
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  async #look(id: string): Promise<ImportDetail> {
    await this.#add(id, 'look');
    return existing(await this.#options.store.imports.detail(id), id);
  }

  #add(id: string, what: ImportTask['do']): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push({ id, do: what, end: resolve });
    if (!this.#running && !this.#stopping)
      this.#running = this.#work().finally(() => {
        this.#running = undefined;
      });
    return promise;
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next && !this.#stopping; next = this.#queue.shift()) await this.#perform(next);
  }

  async #perform(queued: Queued): Promise<void> {
    const { store, folder, now, onChange, onFault } = this.#options;
    const { id } = queued;
    const number = ++this.#last;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#current = { ...queued, number, done };
    try {
      const task: ImportTask = { number, do: queued.do, id, path: folder.document(id), at: now() };
      const fault = await this.#run(task, () => void this.#tell(id));
      if (fault !== undefined) {
        onFault(fault, id);
        await store.imports.fail(id, now(), 'a fault of Interlock itself; the log holds more');
      }
      const row = await store.imports.get(id);
      if (row?.state === 'done') onChange();
      if (row && row.state !== 'preview' && !(this.#stopping && row.state === 'reading'))
        await rm(folder.document(id), { force: true });
      await this.#tell(id);
    } catch (error) {
      onFault(error instanceof Error ? (error.stack ?? error.message) : String(error), id);
    } finally {
      this.#current = undefined;
      queued.end();
      resolve();
    }
  }

  /** Gives the thread a task. Out: what went wrong, undefined where nothing did. */
  #run(task: ImportTask, onProgress: () => void): Promise<string | undefined> {
    this.#worker ??= new Worker(new URL('./import-thread.ts', import.meta.url), { workerData: this.#setup });
    const worker = this.#worker;
    let told = Number.NEGATIVE_INFINITY;
    return new Promise((resolve) => {
      const end = (fault: string | undefined): void => {
        worker.off('message', take);
        worker.off('exit', onExit);
        worker.off('error', onError);
        resolve(fault);
      };
      const take = (report: ImportReport): void => {
        if (report.number !== task.number) return;
        if ('done' in report) end(report.fault);
        else if (performance.now() - told > PROGRESS_MILLISECONDS) {
          told = performance.now();
          onProgress();
        }
      };
      const onExit = (): void => {
        this.#worker = undefined;
        end('the thread for documents ended');
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

  async #tell(id: string): Promise<void> {
    const row = await this.#options.store.imports.get(id).catch(() => undefined);
    if (row) this.emit('event', { event: 'import', import: row });
  }
}

function existing<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw problem('import.not-found', { import: id });
  return found;
}
function existingImporter(name: string): Importer {
  const importer = importerNamed(name);
  if (!importer) throw problem('import.no-such-importer', { importer: name });
  return importer;
}

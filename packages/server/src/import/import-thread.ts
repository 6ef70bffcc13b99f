// The thread that reads documents: looks at them and imports them, one after the other, with a connection to the store of
// its own, so that the server answers meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { importerNamed } from '@interlock/documents';
import { openStore, type Store, type StoreAddress } from '../store/store.ts';
import { documentBytes } from './document-bytes.ts';
import { lookAt } from './look.ts';

export interface ImportSetup {
  readonly store: StoreAddress;
  readonly maxUnpacked: number;
  /** Number of the task that is to end early; shared with the server's thread. */
  readonly cancelled: SharedArrayBuffer;
}
export interface ImportTask {
  readonly number: number;
  readonly do: 'look' | 'read';
  readonly id: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}
export type ImportReport =
  | { readonly number: number; readonly progress: true }
  | { readonly number: number; readonly done: true; readonly fault?: string };

const port = parentPort;
if (!port) throw new Error('import-thread.ts runs as a worker only');
const setup = workerData as ImportSetup;
const cancelled = new Int32Array(setup.cancelled);
const opening = openStore(setup.store, { threads: false, migrate: false });

let tail: Promise<void> = Promise.resolve();
port.on('message', (task: ImportTask | 'close') => {
  tail = tail.then(() => (task === 'close' ? close() : perform(task)));
});

async function close(): Promise<void> {
  await (await opening).close();
  port?.close();
}

async function perform(task: ImportTask): Promise<void> {
  let fault: string | undefined;
  try {
    const store = await opening;
    if (task.do === 'look') await look(store, task);
    else await read(store, task);
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  port?.postMessage({ number: task.number, done: true, ...(fault ? { fault } : {}) } satisfies ImportReport);
}

async function look(store: Store, { id, path, at }: ImportTask): Promise<void> {
  const row = await store.imports.task(id);
  const importer = row && importerNamed(row.importer);
  if (!importer) return;
  const open = () => documentBytes(path, setup.maxUnpacked).chunks;
  const preview = await lookAt(importer, open, {
    document: row.name,
    source: row.source ?? row.name,
    at,
    mapping: row.mapping,
  });
  await store.imports.setPreview(id, preview);
}

async function read(store: Store, { number, id, path, at }: ImportTask): Promise<void> {
  if (!(await store.imports.begin(id))) return;
  const row = await store.imports.task(id);
  const importer = row && importerNamed(row.importer);
  if (!importer) return;
  const bytes = documentBytes(path, setup.maxUnpacked);
  const options = { document: row.name, source: row.source ?? row.name, at };
  let observations = 0;
  let first: string | undefined;
  for await (const batch of importer.read(bytes.chunks, row.mapping ? { ...options, mapping: row.mapping } : options)) {
    if (Atomics.load(cancelled, 0) === number) return;
    observations += batch.observations.length;
    first ??= batch.problems.find(({ code }) => code.startsWith('document.'))?.text;
    if (!(await store.imports.addStretch(id, batch))) return;
    port?.postMessage({ number, progress: true } satisfies ImportReport);
  }
  const trouble = bytes.trouble() ?? first;
  if (observations === 0) await store.imports.fail(id, at, trouble ?? 'nothing in it is understood');
  else await store.imports.finish(id, at, trouble);
}

// The thread that does the work of ingest: analyses captures and computes the inventory, one task after the other, with a
// connection to the store of its own. Stopped at any moment, it goes on from the stretches that are stored.
import { randomInt } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from '@interlock/wire';
import { openStore, type Store, type StoreAddress } from '../store/store.ts';
import { openByteSource } from './byte-source.ts';
import { computeInventory } from './compute-inventory.ts';

export interface IngestSetup {
  readonly store: StoreAddress;
  /** Version of the engine; stretches of another one are not built upon. */
  readonly engine: string;
  readonly maxUnpacked: number;
  /** Number of the task that is to end early; shared with the server's thread. */
  readonly cancelled: SharedArrayBuffer;
}
export type IngestTask =
  | { readonly number: number; readonly do: 'analyse'; readonly capture: string; readonly path: string }
  | { readonly number: number; readonly do: 'inventory' };
export type IngestReport =
  | { readonly number: number; readonly progress: { readonly bytes: number; readonly frames: number } }
  | { readonly number: number; readonly done: true; readonly problem?: string };

const port = parentPort;
if (!port) throw new Error('ingest-thread.ts runs as a worker only');
const setup = workerData as IngestSetup;
const cancelled = new Int32Array(setup.cancelled);
const opening = openStore(setup.store, { threads: false, migrate: false });

let tail: Promise<void> = Promise.resolve();
port.on('message', (task: IngestTask | 'close') => {
  tail = tail.then(() => (task === 'close' ? close() : perform(task)));
});

async function close(): Promise<void> {
  await (await opening).close();
  port?.close();
}

async function perform(task: IngestTask): Promise<void> {
  let problem: string | undefined;
  try {
    const store = await opening;
    if (task.do === 'analyse') await analyseCapture(store, task);
    else await computeInventory(store);
  } catch (error) {
    problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const report: IngestReport = { number: task.number, done: true, ...(problem === undefined ? {} : { problem }) };
  port?.postMessage(report);
}

async function analyseCapture(store: Store, task: Extract<IngestTask, { do: 'analyse' }>): Promise<void> {
  const { capture, path, number } = task;
  if (!(await store.captures.begin(capture, setup.engine))) return;
  const opened = openByteSource(path, { maxDecompressedBytes: setup.maxUnpacked });
  if ('problem' in opened) {
    await store.captures.finish(capture, {
      unpacked: 0,
      frames: 0,
      failed: true,
      problem: `the file cannot be read: ${opened.problem}`,
    });
    return;
  }
  const stored = await store.observations.stretchesOf(capture);
  let bytes = 0;
  let frames = 0;
  let damage: string | undefined;
  let unreadable = false;
  try {
    const batches = analyse(opened.source, {
      capture,
      // Another one for every run, so that nobody can make a capture that fills one place of the tables.
      seed: randomInt(2 ** 31),
      onProgress: (bytesNow, framesNow) => {
        bytes = bytesNow;
        frames = framesNow;
        port?.postMessage({ number, progress: { bytes, frames } } satisfies IngestReport);
      },
    });
    for await (const batch of batches) {
      if (Atomics.load(cancelled, 0) === number) return;
      for (const { kind, value } of batch.observations) {
        if (kind !== 'capture.damaged') continue;
        damage ??= value.detail ?? value.code;
        if (value.code === 'capture.not-a-capture' && frames === 0) unreadable = true;
      }
      if (!stored.has(batch.stretch)) await store.observations.addStretch(capture, batch);
    }
  } finally {
    opened.close();
  }
  const problem = opened.source.fault ?? damage;
  await store.captures.finish(capture, {
    unpacked: bytes,
    frames,
    failed: unreadable,
    ...(problem === undefined ? {} : { problem }),
  });
}

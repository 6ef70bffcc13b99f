// The thread of one live capture, with a connection to the store of its own: the thread that answers people never waits
// for it. When the disk is full, observations go before evidence, and the oldest evidence makes room for them.
import { randomInt } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { ObservationBatch } from '@interlock/model';
import type { LiveRow } from '@interlock/model/api';
import { isFull } from '../no-space.ts';
import type { LiveProgress } from '../store/live.ts';
import { openStore, type Store, type StoreAddress } from '../store/store.ts';
import { EvidenceFiles } from './evidence-files.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import { type LiveReport, LiveSession } from './live-session.ts';

export interface LiveSetup {
  readonly store: StoreAddress;
  readonly capture: string;
  readonly interface: string;
  /** Folder for the frames that facts rest on. */
  readonly evidence: string;
  /** It ran before, and the server was away since. */
  readonly resumed: boolean;
}
export type LiveMessage =
  | { readonly report: LiveReport; readonly storage: LiveRow['storage'] }
  /** Observations were stored; `news`: facts that were not there before, or counts that are due. */
  | { readonly stored: true; readonly news: boolean }
  | { readonly fault: string };

/** Space that is left to the store: below it no evidence is kept, and the oldest goes. Of a small disk, a share. */
const RESERVED_BYTES = 256 << 20;
const RESERVED_SHARE = 0.05;
/** Space is looked at this often. */
const LOOK_MILLISECONDS = 2_000;
/** Answer of what found no space. */
const FULL = Symbol('full');
/** Files of evidence given up at once when nothing could be stored. */
const FILES_AT_ONCE = 4;

const port = parentPort;
if (!port) throw new Error('live-thread.ts runs as a worker only');
const setup = workerData as LiveSetup;
const tell = (message: LiveMessage): void => port.postMessage(message);

let storage: LiveRow['storage'] = 'ok';
let looked = Number.NEGATIVE_INFINITY;
let session: LiveSession | undefined;
let isStopping = false;
port.on('message', () => {
  isStopping = true;
  session?.stop();
});

const store = await openStore(setup.store, { threads: false, migrate: false });
const files = new EvidenceFiles(setup.evidence);
const keeper = new EvidenceKeeper(files);
try {
  await run(store);
} catch (error) {
  tell({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  files.close();
  await store.close();
  port.close();
}

async function run(store: Store): Promise<void> {
  const { capture } = setup;
  const known = await store.live.resumed(capture);
  if (!known) return;
  session = new LiveSession({
    capture,
    interface: setup.interface,
    counters: known.counters,
    nextStretch: known.nextStretch,
    framesBefore: Math.max(known.counters.frames, files.lastFrame),
    ...(setup.resumed ? { interrupted: known.updated } : {}),
    // Another one for every run, so that nobody can send what fills one place of the tables.
    seed: randomInt(2 ** 31),
    sink: {
      frames: (batch, first) => keeper.recent.remember(batch, first),
      take: (batch, refresh) => keep(store, batch, refresh),
    },
    onReport: (report) => tell({ report, storage }),
  });
  if (isStopping) session.stop();
  await session.run();
  await lastProgress(store);
}

/** Stores a batch, then the frames it rests on. Out: false where there is no space for the batch now. */
async function keep(store: Store, batch: ObservationBatch, refresh: boolean): Promise<boolean> {
  lookAtSpace();
  const news = await withRoom(() => store.live.addStretch(setup.capture, batch, progress(), refresh));
  if (news === FULL) return false;
  if (news !== undefined) tell({ stored: true, news: news || refresh });
  keeper.want(batch.observations);
  try {
    await keeper.keep();
  } catch (error) {
    if (!isFull(error)) throw error;
    noRoomForEvidence();
  }
  countEvidence();
  return true;
}

/** Does what needs space; where there is none the oldest evidence makes room, as long as there is any. */
async function withRoom<T>(work: () => Promise<T>): Promise<T | typeof FULL> {
  for (;;) {
    try {
      const answer = await work();
      if (storage === 'full') storage = keeper.enabled ? 'ok' : 'no-evidence';
      return answer;
    } catch (error) {
      if (!isFull(error)) throw error;
      noRoomForEvidence();
      let freed = 0;
      for (let n = 0; n < FILES_AT_ONCE; n++) freed += files.dropOldest();
      countEvidence();
      if (freed > 0) continue;
      storage = 'full';
      return FULL;
    }
  }
}

/** Keeps evidence from taking the last of the disk. */
function lookAtSpace(): void {
  const now = performance.now();
  if (now - looked < LOOK_MILLISECONDS) return;
  looked = now;
  const space = spaceAt(setup.evidence);
  if (!space) return;
  const reserved = Math.min(RESERVED_BYTES, space.all * RESERVED_SHARE);
  if (space.free >= reserved) {
    if (!keeper.enabled) session?.tellGap('evidence-kept-again', 'there is space again', Date.now(), Date.now());
    keeper.enabled = true;
    if (storage === 'no-evidence') storage = 'ok';
    return;
  }
  noRoomForEvidence();
  let free = space.free;
  while (free < reserved) {
    const freed = files.dropOldest();
    if (freed === 0) return;
    free += freed;
  }
  countEvidence();
}
function noRoomForEvidence(): void {
  if (keeper.enabled)
    session?.tellGap('evidence-not-kept', 'the disk is nearly full: observations go first', Date.now(), Date.now());
  keeper.enabled = false;
  if (storage === 'ok') storage = 'no-evidence';
}
function spaceAt(folder: string): { readonly free: number; readonly all: number } | undefined {
  for (const place of [folder, `${folder}/../..`]) {
    try {
      const { bavail, blocks, bsize } = statfsSync(place);
      return { free: bavail * bsize, all: blocks * bsize };
    } catch {
      // The folder is made with the first frame; the one above is there.
    }
  }
  return undefined;
}

function countEvidence(): void {
  session?.count({ evidenceFrames: files.frames, evidenceBytes: files.bytes, evidenceDropped: files.dropped });
}
function progress(): LiveProgress {
  if (!session) throw new Error('no session');
  const { state, reason, tool, lastFrame, counters } = session.report;
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(tool === undefined ? {} : { tool }),
    ...(lastFrame === undefined ? {} : { lastFrame }),
    counters,
    at: Date.now(),
  };
}
async function lastProgress(store: Store): Promise<void> {
  await withRoom(() => store.live.progress(setup.capture, progress()));
}

// Reads a whole capture into plain objects, for tests: batches are only valid until the next, so everything is copied.
import type { CaptureComment, CaptureName, CaptureTrouble } from '../capture/batch.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import { byteSourceOf } from './capture.ts';

export interface ReadRecord {
  readonly frame: number;
  readonly time: number;
  readonly linkType: number;
  readonly wireLength: number;
  readonly bytes: Uint8Array;
}
export interface ReadCapture {
  readonly records: readonly ReadRecord[];
  readonly troubles: readonly CaptureTrouble[];
  readonly names: readonly CaptureName[];
  readonly comments: readonly CaptureComment[];
}

/** In: the bytes of a file, and how the source hands them out. */
export async function readRecords(file: Uint8Array, chunkSize?: number, later = false): Promise<ReadCapture> {
  const records: ReadRecord[] = [];
  const troubles: CaptureTrouble[] = [];
  const names: CaptureName[] = [];
  const comments: CaptureComment[] = [];
  const reader = new CaptureReader(byteSourceOf(file, chunkSize, later), {
    onTrouble: (trouble) => troubles.push(trouble),
    onName: (name) => names.push(name),
    onComment: (comment) => comments.push(comment),
  });
  for (;;) {
    const answer = reader.next();
    const batch = answer instanceof Promise ? await answer : answer;
    if (!batch) break;
    for (let i = 0; i < batch.count; i++)
      records.push({
        frame: batch.firstFrame + i,
        time: batch.time[i] ?? Number.NaN,
        linkType: batch.linkType[i] ?? 0,
        wireLength: batch.wireLength[i] ?? 0,
        bytes: batch.bytes.slice(batch.at[i], batch.end[i]),
      });
  }
  return { records, troubles, names, comments };
}

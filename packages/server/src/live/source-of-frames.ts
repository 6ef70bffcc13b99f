// Frames in memory as a capture that can be read: what was kept of one is explained with the engine that reads all others.
import type { ByteSource } from '@interlock/wire';
import { EvidenceFormat } from './evidence-format.ts';
import type { RecentFrame } from './recent-frames.ts';

/** In: frames, in order. Out: a pcapng capture of them, in which they are numbered from 1. */
export function sourceOfFrames(frames: readonly RecentFrame[]): ByteSource {
  const format = new EvidenceFormat();
  let next = 0;
  let rest: Uint8Array = new Uint8Array(0);
  return {
    read(into, at, length) {
      if (rest.length === 0) {
        const frame = frames[next++];
        if (!frame) return 0;
        rest = format.blocksOf({ ...frame, subjects: [], facts: [] });
      }
      const taken = Math.min(length, rest.length);
      into.set(rest.subarray(0, taken), at);
      rest = rest.subarray(taken);
      return taken;
    },
  };
}

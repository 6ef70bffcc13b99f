// The frames of the last seconds, kept until it is known which of them facts rest on: a ring of bytes, and where in it each
// frame lies. Every frame of a live capture passes through here, so a batch is copied at once and nothing is made per frame.
import type { RecordBatch } from '@interlock/wire';

/** Bytes kept: half a minute of a busy cell, a second of a full gigabit line. */
const RING_BYTES = 32 << 20;
/** Frames whose place is known. */
const RING_FRAMES = 1 << 18;

export interface RecentFrame {
  /** Number within the live capture. */
  readonly frame: number;
  /** Milliseconds since 1970, 0 where there is none. */
  readonly time: number;
  readonly linkType: number;
  readonly wireLength: number;
  readonly bytes: Uint8Array;
}

export class RecentFrames {
  readonly #ring = new Uint8Array(RING_BYTES);
  readonly #numbers = new Float64Array(RING_FRAMES);
  /** Where a frame begins, counted over all bytes that ever went in. */
  readonly #at = new Float64Array(RING_FRAMES);
  readonly #lengths = new Uint32Array(RING_FRAMES);
  readonly #wireLengths = new Uint32Array(RING_FRAMES);
  readonly #times = new Float64Array(RING_FRAMES);
  readonly #linkTypes = new Uint16Array(RING_FRAMES);
  #written = 0;

  /** Keeps the frames of a batch, the first of which has number `first` within the live capture. */
  remember(batch: RecordBatch, first: number): void {
    const { bytes, at, end, count } = batch;
    const from = at[0] ?? 0;
    const length = (end[count - 1] ?? 0) - from;
    if (count === 0 || length <= 0 || length > RING_BYTES) return;
    const place = this.#written % RING_BYTES;
    // A batch lies in one piece.
    if (place + length > RING_BYTES) this.#written += RING_BYTES - place;
    const start = this.#written;
    this.#ring.set(bytes.subarray(from, from + length), start % RING_BYTES);
    this.#written += length;
    for (let i = 0; i < count; i++) {
      const slot = (first + i) % RING_FRAMES;
      const begin = at[i] ?? 0;
      this.#numbers[slot] = first + i;
      this.#at[slot] = start + begin - from;
      this.#lengths[slot] = (end[i] ?? 0) - begin;
      this.#wireLengths[slot] = batch.wireLength[i] ?? 0;
      this.#times[slot] = batch.time[i] ?? 0;
      this.#linkTypes[slot] = batch.linkType[i] ?? 0;
    }
  }

  /** A frame by its number; undefined where it is too long ago. The bytes are a copy. */
  get(frame: number): RecentFrame | undefined {
    const slot = frame % RING_FRAMES;
    const at = this.#at[slot] ?? 0;
    if (this.#numbers[slot] !== frame || this.#written - at > RING_BYTES) return undefined;
    const place = at % RING_BYTES;
    return {
      frame,
      time: this.#times[slot] || 0,
      linkType: this.#linkTypes[slot] ?? 0,
      wireLength: this.#wireLengths[slot] ?? 0,
      bytes: this.#ring.slice(place, place + (this.#lengths[slot] ?? 0)),
    };
  }
}

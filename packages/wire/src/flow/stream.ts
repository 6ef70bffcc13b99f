// One direction of a TCP connection put in order: every byte is handed on once, lost bytes are named as a gap. What comes
// before its turn is kept within limits; the bytes that came first count, as RFC 9293 section 3.10.7.4 has it.

/** Takes what a stream yields, in order. */
export interface StreamReceiver {
  /** The next bytes, in [at, end) of `view`: valid during the call. They start where a segment's payload starts or goes on. */
  bytes(view: DataView, at: number, end: number, frame: number, time: number): void;
  /** Bytes that will not come; -1 where it is not known how many. */
  gap(length: number): void;
}

/** Segments and bytes kept before their turn: more are in flight only on lines far longer than a plant's. */
const MAX_HELD_SEGMENTS = 32;
const MAX_HELD_BYTES = 128 * 1024;
/** A sequence number further off than this belongs to another connection between the same ports. */
const MAX_JUMP = 1 << 24;

/** Bytes that all streams together may keep, for segments before their turn and for unfinished messages. */
export class StreamMemory {
  used = 0;
  /** How often something was given up because the limit was reached. */
  exhausted = 0;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }
  /** Whether `bytes` more may be kept; counts them if so. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.limit) {
      this.exhausted++;
      return false;
    }
    this.used += bytes;
    return true;
  }
}

interface HeldSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly missing: number;
  readonly frame: number;
  readonly time: number;
}

export class TcpStream {
  /** Sequence number of the next byte, and of the first of those being handed on. */
  next = 0;
  passing = 0;
  started = false;
  #held: HeldSegment[] = [];
  #heldBytes = 0;
  readonly #memory: StreamMemory;

  constructor(memory: StreamMemory) {
    this.#memory = memory;
  }

  /** Whether segments wait for bytes before them. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Bytes are expected from here on. */
  start(sequence: number): void {
    this.next = sequence;
    this.started = true;
  }

  /** A segment's payload in [at, end) of `view`, with `missing` bytes behind it that were not captured. */
  accept(
    sequence: number,
    view: DataView,
    at: number,
    end: number,
    missing: number,
    frame: number,
    time: number,
    receiver: StreamReceiver,
  ): void {
    if (!this.started) this.start(sequence);
    const ahead = (sequence - this.next) | 0;
    if (ahead === 0) {
      this.#pass(view, at, end, missing, frame, time, receiver);
    } else if (ahead > MAX_JUMP || ahead < -MAX_JUMP) {
      this.release();
      receiver.gap(-1);
      this.start(sequence);
      this.#pass(view, at, end, missing, frame, time, receiver);
    } else if (ahead < 0) {
      // A retransmission; only what goes beyond the bytes already had is new.
      if (end - at + missing <= -ahead) return;
      const start = at - ahead;
      if (start <= end) this.#pass(view, start, end, missing, frame, time, receiver);
      else this.#pass(view, end, end, missing - (start - end), frame, time, receiver);
    } else {
      this.#hold(sequence, view, at, end, missing, frame, time);
      if (this.#held.length > MAX_HELD_SEGMENTS || this.#heldBytes > MAX_HELD_BYTES) this.#skipGap(receiver);
      return;
    }
    if (this.#held.length > 0) this.#passHeld(receiver);
  }

  /** The other end says that it has everything before `sequence`: what is missing here was lost to the capture alone. */
  acknowledged(sequence: number, receiver: StreamReceiver): void {
    while (this.#held.length > 0 && ((sequence - this.next) | 0) > 0) this.#skipGap(receiver);
  }

  /** Hands on what is kept, gaps and all, at the end of the connection. */
  finish(receiver: StreamReceiver): void {
    while (this.#held.length > 0) this.#skipGap(receiver);
  }

  /** Throws away what is kept. */
  release(): void {
    this.#memory.used -= this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
  }

  #pass(
    view: DataView,
    at: number,
    end: number,
    missing: number,
    frame: number,
    time: number,
    receiver: StreamReceiver,
  ): void {
    this.passing = this.next;
    this.next = (this.next + (end - at) + missing) >>> 0;
    if (end > at) receiver.bytes(view, at, end, frame, time);
    if (missing > 0) receiver.gap(missing);
  }

  #hold(sequence: number, view: DataView, at: number, end: number, missing: number, frame: number, time: number): void {
    if (!this.#memory.take(end - at)) return;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at).slice();
    this.#heldBytes += bytes.length;
    let place = this.#held.length;
    while (place > 0 && ((this.#held[place - 1]!.sequence - sequence) | 0) > 0) place--;
    this.#held.splice(place, 0, { sequence, bytes, missing, frame, time });
  }

  #skipGap(receiver: StreamReceiver): void {
    const gap = (this.#held[0]!.sequence - this.next) | 0;
    if (gap > 0) {
      this.next = this.#held[0]!.sequence;
      receiver.gap(gap);
    }
    this.#passHeld(receiver);
  }

  #passHeld(receiver: StreamReceiver): void {
    for (;;) {
      const first = this.#held[0];
      if (!first) return;
      const ahead = (first.sequence - this.next) | 0;
      if (ahead > 0) return;
      this.#held.shift();
      this.#heldBytes -= first.bytes.length;
      this.#memory.used -= first.bytes.length;
      const { bytes, missing, frame, time } = first;
      if (bytes.length + missing <= -ahead) continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      if (-ahead <= bytes.length) this.#pass(view, -ahead, bytes.length, missing, frame, time, receiver);
      else this.#pass(view, bytes.length, bytes.length, missing + bytes.length + ahead, frame, time, receiver);
    }
  }
}

// The one buffer that a capture is read through: filled from a source, read from the front, what is left moved to the
// front before more is read. Files are read in pieces of it, so memory stays flat however large the capture is.

/**
 * Large enough that reading a piece costs nothing against walking its records, small enough to leave the L2 cache to the
 * flow table: with 120,000 flows, pieces of 1 MiB cost 7 % more.
 */
export const CHUNK_BYTES = 1 << 18;

/**
 * The window never grows beyond this. The longest record that is believed (MAX_RECORD_BYTES) and its headers fit with
 * room for the record after it, which is looked at where a record is doubtful.
 */
export const MAX_WINDOW_BYTES = 4 << 20;

export class ByteWindow {
  bytes = new Uint8Array(CHUNK_BYTES);
  view = new DataView(this.bytes.buffer);
  /** Next byte to be read. Beyond `end` where bytes that are not here yet are to be skipped. */
  at = 0;
  /** End of what was read from the source. */
  end = 0;
  /** Bytes of the capture before the first one of the window. */
  base = 0;
  /** The source has given its last byte. */
  ended = false;

  /** Bytes that can be read. */
  get left(): number {
    return this.end - this.at;
  }
  /** Position of the next byte to be read in the whole capture. */
  get offset(): number {
    return this.base + this.at;
  }

  /**
   * Makes room for more bytes after `end` and returns how many fit, 0 where `want` bytes cannot be held. Grows only when
   * it is full of bytes that were really there: a length that is merely claimed allocates nothing.
   */
  makeRoom(want: number): number {
    if (want > MAX_WINDOW_BYTES) return 0;
    if (this.at >= this.end) {
      this.base += this.end;
      this.at -= this.end;
      this.end = 0;
    } else if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end);
      this.base += this.at;
      this.end -= this.at;
      this.at = 0;
    }
    if (this.end === this.bytes.length && this.end < MAX_WINDOW_BYTES) {
      const more = new Uint8Array(2 * this.bytes.length);
      more.set(this.bytes);
      this.bytes = more;
      this.view = new DataView(more.buffer);
    }
    return this.bytes.length - this.end;
  }
}

// What a file format of captures does: take records out of the window into a batch. Limits and the list of what went
// wrong are shared by the formats and kept here.
import type { CaptureTrouble, RecordBatch } from './batch.ts';
import type { ByteWindow } from './byte-window.ts';

/**
 * The longest record that is believed. Tools write at most 262,144 bytes of a frame (tcpdump's and Wireshark's largest
 * snapshot length); four times that leaves room for oddities and keeps a damaged length from swallowing much.
 */
export const MAX_RECORD_BYTES = 1 << 20;

/** Behind damage, records are looked for over this many bytes: a lost stretch of a disk or of a transfer. */
export const MAX_SEARCH_BYTES = 16 << 20;
/** All searches of one capture together: a file that is damaged everywhere costs no more than this. */
export const MAX_SEARCH_BYTES_TOTAL = 64 << 20;

/** Equal troubles reported one by one; more of the same tells nothing new and would fill the store. */
export const MAX_TROUBLES_PER_CODE = 32;

/** Answers of `read` besides the number of bytes it needs. */
export const BATCH_FULL = 0;
export const CAPTURE_DONE = -1;
/** At the position of the window another capture starts: files that were simply put one after the other. */
export const ANOTHER_CAPTURE = -2;

export interface RecordFormat {
  /**
   * Reads records into the batch until it is full or bytes are missing. Answers BATCH_FULL, CAPTURE_DONE,
   * ANOTHER_CAPTURE, or how many bytes from `window.at` on it needs. Once `window.ended` is set it never asks for more.
   */
  read(window: ByteWindow, batch: RecordBatch): number;
}

/** Collects what is wrong with a capture; of every kind the first ones, then only how many. */
export class TroubleList {
  readonly #report: (trouble: CaptureTrouble) => void;
  readonly #counts = new Map<string, number>();
  /** Bytes that searches for records behind damage may still look at. */
  searchBudget = MAX_SEARCH_BYTES_TOTAL;
  /** Number of the last frame that was read. */
  frame = 0;

  constructor(report: (trouble: CaptureTrouble) => void) {
    this.#report = report;
  }

  add(code: string, offset: number, detail: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MAX_TROUBLES_PER_CODE) this.#report({ code, frame: this.frame, offset, detail });
  }
  /** Reports it the first time only. */
  addOnce(code: string, offset: number, detail: string): void {
    if (!this.#counts.has(code)) this.add(code, offset, detail);
  }
  /** To be called at the end: how many were not reported. */
  close(offset: number): void {
    for (const [code, count] of this.#counts) {
      if (count <= MAX_TROUBLES_PER_CODE) continue;
      const detail = `${count - MAX_TROUBLES_PER_CODE} more of ${code}`;
      this.#report({ code: 'capture.more-troubles', frame: this.frame, offset, detail });
    }
  }
}

/** 1990-01-01 and 2100-01-01 in milliseconds since 1970: there were no captures before, and there are none from after. */
export const EARLIEST_TIME = 631_152_000_000;
export const LATEST_TIME = 4_102_444_800_000;

/**
 * The time of a record whose time is not between EARLIEST_TIME and LATEST_TIME, as it may be used: NaN where it is none
 * or impossible. A time soon after 1970 is what a clock says that was never set, or a relative time; it stays, because
 * its differences mean something.
 */
export function unusualTime(time: number, troubles: TroubleList, offset: number, frameBefore: number): number {
  troubles.frame = frameBefore;
  if (time === 0) {
    troubles.addOnce('capture.time-zero', offset, 'records without a time');
    return Number.NaN;
  }
  if (time > 0 && time < EARLIEST_TIME) {
    troubles.addOnce('capture.time-implausible', offset, 'times before 1990: a clock never set, or relative times');
    return time;
  }
  troubles.addOnce('capture.time-absurd', offset, 'times before 1970 or after 2100 are left out');
  return Number.NaN;
}

/** Damage that is being searched past: what it is and where it began. */
export interface Damage {
  readonly code: string;
  readonly detail: string;
  readonly offset: number;
}

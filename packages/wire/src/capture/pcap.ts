// Classic pcap files (draft-ietf-opsawg-pcap): a file header, then records one after the other. Hot: runs once per
// record, allocates nothing. Behind damage it looks for a chain of plausible record headers and goes on there.
import { BATCH_RECORDS, type RecordBatch } from './batch.ts';
import type { ByteWindow } from './byte-window.ts';
import {
  ANOTHER_CAPTURE,
  BATCH_FULL,
  CAPTURE_DONE,
  type Damage,
  EARLIEST_TIME,
  LATEST_TIME,
  MAX_RECORD_BYTES,
  MAX_SEARCH_BYTES,
  type RecordFormat,
  type TroubleList,
  unusualTime,
} from './record-format.ts';

const FILE_HEADER_BYTES = 24;
/** The longest frame that is believed: the largest packet that Linux hands over in one piece (BIG TCP). */
const MAX_WIRE_BYTES = 512 * 1024;
/** A record this far in time from the one before it is doubtful: its successor has to be plausible too. */
const DOUBTFUL_SECONDS = 366 * 86_400;
/** Records that must follow each other, of one week, for bytes behind damage to be taken for records. */
const CHAIN_RECORDS = 3;
const CHAIN_SECONDS = 7 * 86_400;
/** The same where they are of another week than the record before the damage, as in captures that were put together. */
const STRANGE_CHAIN_RECORDS = 5;
/** A chain that is longer than this is judged by what was seen of it. */
const CHAIN_BYTES = 512 * 1024;

const NO = 0;
const YES = 1;
const UNDECIDED = 2;
/** `#readRecords` met damage. */
const DAMAGED = -3;

interface Magic {
  readonly nanoseconds: boolean;
  /** Bytes of a record header: 24 in the files of a patched libpcap of the year 1999. */
  readonly recordHeader: 16 | 24;
}
const MAGICS: ReadonlyMap<number, Magic> = new Map([
  [0xa1b2c3d4, { nanoseconds: false, recordHeader: 16 }],
  [0xa1b23c4d, { nanoseconds: true, recordHeader: 16 }],
  [0xa1b2cd34, { nanoseconds: false, recordHeader: 24 }],
]);

/** Whether a pcap file header starts at `at`; the four bytes there must be within the view. */
export const isPcapMagic = (view: DataView, at: number): boolean =>
  MAGICS.has(view.getUint32(at, true)) || MAGICS.has(view.getUint32(at, false));

export class PcapFormat implements RecordFormat {
  readonly #troubles: TroubleList;
  #littleEndian = true;
  #perSecond = 1e6;
  #recordHeader: 16 | 24 = 16;
  #swapsLengths = false;
  #snapLength = 0;
  #linkType = 0;
  /** Bytes of frame check sequence at the end of every frame that was kept whole. */
  #checkBytes = 0;
  #headerRead = false;
  /** Time of the last record; NaN before the first, with which no comparison is true. */
  #lastSeconds = Number.NaN;
  #damage: Damage | undefined;

  constructor(troubles: TroubleList) {
    this.#troubles = troubles;
  }

  read(window: ByteWindow, batch: RecordBatch): number {
    if (!this.#headerRead) {
      if (window.left < FILE_HEADER_BYTES) {
        if (!window.ended) return FILE_HEADER_BYTES;
        this.#troubles.add('pcap.header-cut-off', window.offset, `file header of ${window.left} instead of 24 bytes`);
        window.at = window.end;
        return CAPTURE_DONE;
      }
      this.#readFileHeader(window);
    }
    for (;;) {
      if (this.#damage) {
        const answer = this.#searchRecord(window, this.#damage);
        if (answer !== BATCH_FULL) return answer;
      }
      const answer = this.#readRecords(window, batch);
      if (answer !== DAMAGED) return answer;
      if (batch.count > 0) return BATCH_FULL;
    }
  }

  #readFileHeader(window: ByteWindow): void {
    const { view, at } = window;
    const le = MAGICS.has(view.getUint32(at, true));
    const magic = MAGICS.get(view.getUint32(at, le));
    this.#littleEndian = le;
    this.#perSecond = magic?.nanoseconds ? 1e9 : 1e6;
    this.#recordHeader = magic?.recordHeader ?? 16;
    const major = view.getUint16(at + 4, le);
    const minor = view.getUint16(at + 6, le);
    if (major !== 2) this.#troubles.add('pcap.version', window.offset, `version ${major}.${minor} instead of 2.4`);
    this.#swapsLengths = major === 2 && minor <= 3;
    const snapLength = view.getUint32(at + 16, le);
    this.#snapLength = snapLength === 0 ? MAX_RECORD_BYTES : Math.min(snapLength, MAX_RECORD_BYTES);
    const network = view.getUint32(at + 20, le);
    this.#linkType = network & 0xffff;
    // Bit 26 says that bits 28 to 31 give the length of the frame check sequence, in units of 16 bits.
    this.#checkBytes = network & 0x04000000 ? (network >>> 28) * 2 : 0;
    this.#headerRead = true;
    window.at = at + FILE_HEADER_BYTES;
  }

  /** Answers as `read` does, or DAMAGED with `#damage` set and the window at the record that cannot be. */
  #readRecords(window: ByteWindow, batch: RecordBatch): number {
    const { view, end } = window;
    const le = this.#littleEndian;
    const header = this.#recordHeader;
    const perSecond = this.#perSecond;
    const perMillisecond = perSecond / 1000;
    const snapLength = this.#snapLength;
    let last = this.#lastSeconds;
    let at = window.at;
    let count = 0;
    let answer = BATCH_FULL;
    while (count < BATCH_RECORDS) {
      if (at + header > end) {
        answer = header;
        break;
      }
      const seconds = view.getUint32(at, le);
      let fraction = view.getUint32(at + 4, le);
      let length = view.getUint32(at + 8, le);
      let wireLength = view.getUint32(at + 12, le);
      // Before version 2.4 some wrote the two lengths the other way round.
      if (this.#swapsLengths && length > wireLength) [length, wireLength] = [wireLength, length];
      const jump = seconds - last;
      if (
        length > snapLength ||
        length > wireLength ||
        wireLength === 0 ||
        wireLength > MAX_WIRE_BYTES ||
        fraction >= perSecond ||
        jump > DOUBTFUL_SECONDS ||
        jump < -DOUBTFUL_SECONDS
      ) {
        this.#troubles.frame = batch.firstFrame + count - 1;
        answer = this.#judge(window, at, length, wireLength);
        if (answer !== BATCH_FULL) break;
        if (wireLength < length) wireLength = length;
        // Written by programs that subtract times and forget to borrow: a negative fraction.
        if (fraction >= 2 ** 31) fraction -= 2 ** 32;
      }
      const next = at + header + length;
      if (next > end) {
        answer = header + length;
        break;
      }
      const time = seconds * 1000 + fraction / perMillisecond;
      batch.at[count] = at + header;
      batch.end[count] = length < wireLength ? next : next - Math.min(length, this.#checkBytes);
      batch.wireLength[count] = wireLength;
      batch.time[count] =
        time >= EARLIEST_TIME && time < LATEST_TIME
          ? time
          : unusualTime(time, this.#troubles, window.base + at, batch.firstFrame + count - 1);
      batch.linkType[count] = this.#linkType;
      last = seconds;
      at = next;
      count++;
    }
    this.#lastSeconds = last;
    window.at = at;
    batch.count = count;
    this.#troubles.frame = batch.firstFrame + count - 1;
    if (answer <= 0 || !window.ended) return answer;
    if (at === end) return CAPTURE_DONE;
    this.#damage = {
      code: 'pcap.record-cut-off',
      detail: `a record is cut off by the end: ${end - at} of ${answer} bytes`,
      offset: window.offset,
    };
    return DAMAGED;
  }

  /** What to do with an odd record: BATCH_FULL to take it, DAMAGED, or how many bytes it takes to decide. */
  #judge(window: ByteWindow, at: number, length: number, wireLength: number): number {
    const { view, end } = window;
    const le = this.#littleEndian;
    const offset = window.base + at;
    const seconds = view.getUint32(at, le);
    const fraction = view.getUint32(at + 4, le);
    if (isPcapMagic(view, at)) {
      this.#damage = { code: 'pcap.record-implausible', detail: 'a file header between records', offset };
      return DAMAGED;
    }
    if (length > MAX_RECORD_BYTES) {
      this.#damage = { code: 'pcap.record-too-long', detail: `a record of ${length} bytes cannot be`, offset };
      return DAMAGED;
    }
    const next = at + this.#recordHeader + length;
    const empty = seconds === 0 && length === 0 && wireLength === 0;
    if (!empty && next + 16 > end && !window.ended) return next + 16 - at;
    // Cut off by the end of the capture, which is what the caller will find.
    if (!empty && next > end) return BATCH_FULL;
    const follows = !empty && (next + 16 > end || this.#mayFollow(view, next, seconds));
    if (!follows) {
      const detail = empty ? 'an empty record without a time' : 'a record that cannot be, and none after it';
      this.#damage = { code: 'pcap.record-implausible', detail, offset };
      return DAMAGED;
    }
    if (length > this.#snapLength)
      this.#troubles.addOnce(
        'pcap.snap-length',
        offset,
        `record of ${length} bytes, the file announces at most ${this.#snapLength}`,
      );
    if (length > wireLength)
      this.#troubles.addOnce('pcap.wire-length', offset, `record of ${length} bytes of a frame of ${wireLength}`);
    if (fraction >= this.#perSecond)
      this.#troubles.addOnce('pcap.time-fraction', offset, `${fraction | 0} is not a part of a second`);
    return BATCH_FULL;
  }

  /** Whether the header at `at` confirms an odd record before it: sound in itself, or at least of about the same time. */
  #mayFollow(view: DataView, at: number, seconds: number): boolean {
    const le = this.#littleEndian;
    const length = view.getUint32(at + 8, le);
    const wireLength = view.getUint32(at + 12, le);
    if (length > MAX_RECORD_BYTES || wireLength > MAX_WIRE_BYTES || length + wireLength === 0) return false;
    const sound = length <= this.#snapLength && length <= wireLength && view.getUint32(at + 4, le) < this.#perSecond;
    return sound || Math.abs(view.getUint32(at, le) - seconds) <= DOUBTFUL_SECONDS;
  }

  /** Moves the window to the next record behind damage (BATCH_FULL), or answers as `read` does. */
  #searchRecord(window: ByteWindow, damage: Damage): number {
    if (window.left >= 4 && window.offset === damage.offset && isPcapMagic(window.view, window.at)) {
      this.#damage = undefined;
      return ANOTHER_CAPTURE;
    }
    // The byte where the damage begins is known to be no record.
    let at = window.offset === damage.offset ? window.at + 1 : window.at;
    const first = at;
    const limit = damage.offset + MAX_SEARCH_BYTES - window.base;
    let found = NO;
    for (; at < window.end && at < limit && at - first < this.#troubles.searchBudget; at++) {
      found = this.#isChain(window, at);
      if (found !== NO) break;
    }
    this.#troubles.searchBudget -= at - first;
    window.at = at;
    if (found === UNDECIDED) return window.left + 1;
    if (found === YES) {
      const skipped = window.offset - damage.offset;
      this.#troubles.add(damage.code, damage.offset, `${damage.detail}; ${skipped} bytes skipped`);
      this.#damage = undefined;
      return BATCH_FULL;
    }
    if (!window.ended && at < limit && this.#troubles.searchBudget > 0) return 1;
    this.#damage = undefined;
    const what = damage.code === 'pcap.record-cut-off' ? damage.detail : `${damage.detail}; no record found after it`;
    this.#troubles.add(damage.code, damage.offset, what);
    window.at = window.end;
    return CAPTURE_DONE;
  }

  /** Whether several plausible records follow each other from here, or fewer that end exactly with the capture. */
  #isChain(window: ByteWindow, at: number): number {
    const { view, end } = window;
    const le = this.#littleEndian;
    const from = at;
    if (at + 16 > end) return window.ended ? NO : UNDECIDED;
    const first = view.getUint32(at, le);
    const isStrange = !(Math.abs(first - this.#lastSeconds) <= CHAIN_SECONDS);
    const enough = isStrange ? STRANGE_CHAIN_RECORDS : CHAIN_RECORDS;
    for (let records = 0; records < enough; records++) {
      if (at + 16 > end) {
        if (window.ended) return at === end && records > (isStrange ? 2 : 0) ? YES : NO;
        return at - from > CHAIN_BYTES && records > 1 ? YES : UNDECIDED;
      }
      const length = view.getUint32(at + 8, le);
      const wireLength = view.getUint32(at + 12, le);
      if (view.getUint32(at + 4, le) >= this.#perSecond || length === 0 || length > wireLength) return NO;
      if (length > this.#snapLength || wireLength > MAX_WIRE_BYTES) return NO;
      if (Math.abs(view.getUint32(at, le) - first) > CHAIN_SECONDS) return NO;
      at += this.#recordHeader + length;
    }
    return YES;
  }
}

// pcapng files (draft-ietf-opsawg-pcapng): blocks with their length at both ends, in sections that each have their own
// byte order and interfaces. Hot: the packet blocks allocate nothing; the rare blocks are read in pcapng-blocks.ts.
import { BATCH_RECORDS, type RecordBatch } from './batch.ts';
import type { ByteWindow } from './byte-window.ts';
import { isPcapMagic } from './pcap.ts';
import {
  BLOCK,
  type BlockListener,
  type Interface,
  readCommentsAfter,
  readInterface,
  readNames,
  readSectionOptions,
  readStatistics,
} from './pcapng-blocks.ts';
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

/** The longest block that is taken into the window whole: the longest record and 64 KiB of options. */
const MAX_BLOCK_BYTES = MAX_RECORD_BYTES + 65_536;
/** The longest block of a known kind without packets (keys, names, custom data) that is passed over unread. */
const MAX_PASSED_BYTES = 64 << 20;
/** Interfaces of one section. Machines have dozens; a file that lists more only wants to fill memory. */
const MAX_INTERFACES = 4096;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** `#readBlocks` met damage. */
const DAMAGED = -3;

const PACKET_BLOCKS: ReadonlySet<number> = new Set([BLOCK.enhancedPacket, BLOCK.simplePacket, BLOCK.packet]);
const KNOWN_BLOCKS: ReadonlySet<number> = new Set(Object.values(BLOCK));

/** Whether a section header starts at `at`; the same four bytes in either byte order. */
export const isPcapngMagic = (view: DataView, at: number): boolean => view.getUint32(at) === BLOCK.sectionHeader;

export class PcapngFormat implements RecordFormat {
  readonly #troubles: TroubleList;
  readonly #listener: BlockListener;
  #littleEndian = true;
  #interfaces: Interface[] = [];
  #damage: Damage | undefined;
  /** Length of a block that was passed over unread, to be met again at its end; 0 where there is none. */
  #passed = 0;

  constructor(troubles: TroubleList, listener: Omit<BlockListener, 'troubles'>) {
    this.#troubles = troubles;
    this.#listener = { ...listener, troubles };
  }

  read(window: ByteWindow, batch: RecordBatch): number {
    for (;;) {
      if (this.#damage) {
        const answer = this.#searchBlock(window, this.#damage);
        if (answer !== BATCH_FULL) return answer;
      }
      const answer = this.#readBlocks(window, batch);
      this.#troubles.frame = batch.firstFrame + batch.count - 1;
      if (answer !== DAMAGED) return answer;
      if (batch.count > 0) return BATCH_FULL;
    }
  }

  #damaged(code: string, detail: string, offset: number): typeof DAMAGED {
    this.#damage = { code, detail, offset };
    return DAMAGED;
  }

  #cutOff(window: ByteWindow, need: number): number {
    if (!window.ended) return need;
    if (window.left <= 0 && this.#passed === 0) return CAPTURE_DONE;
    const left = Math.max(window.left, 0);
    const passed = this.#passed;
    this.#passed = 0;
    if (passed > 0) {
      const detail = `a block of ${passed} bytes is cut off by the end`;
      return this.#damaged('pcapng.block-cut-off', detail, window.offset);
    }
    const detail = `a block is cut off by the end: ${left} of ${need} bytes`;
    return this.#damaged('pcapng.block-cut-off', detail, window.offset);
  }

  #readBlocks(window: ByteWindow, batch: RecordBatch): number {
    const { view, end } = window;
    while (batch.count < BATCH_RECORDS) {
      const at = window.at;
      if (this.#passed > 0) {
        if (at + 4 > end) return this.#cutOff(window, 4);
        const length = this.#passed;
        this.#passed = 0;
        if (view.getUint32(at, this.#littleEndian) !== length) {
          const detail = `a block of ${length} bytes does not end where it says`;
          return this.#damaged('pcapng.block-length', detail, window.offset);
        }
        window.at = at + 4;
        continue;
      }
      if (at + 12 > end) return this.#cutOff(window, 12);
      let le = this.#littleEndian;
      let type = view.getUint32(at, le);
      if (type === BLOCK.sectionHeader) {
        const order = view.getUint32(at + 8, true);
        if (order !== BYTE_ORDER_MAGIC && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC)
          return this.#damaged('pcapng.byte-order', 'a section header without byte order', window.offset);
        le = order === BYTE_ORDER_MAGIC;
        type = BLOCK.sectionHeader;
      }
      const total = view.getUint32(at + 4, le);
      // Lengths are multiples of 4; some writers count the block without its padding.
      const padded = total + ((4 - (total & 3)) & 3);
      if (total < 12 || padded > MAX_BLOCK_BYTES) {
        if (total >= 12 && padded <= MAX_PASSED_BYTES && KNOWN_BLOCKS.has(type) && !PACKET_BLOCKS.has(type)) {
          this.#passed = total;
          window.at = at + padded - 4;
          continue;
        }
        const what = `a block of type ${type} and ${total} bytes cannot be`;
        return this.#damaged('pcapng.block-length', what, window.offset);
      }
      if (at + padded > end) return this.#cutOff(window, padded);
      if (view.getUint32(at + padded - 4, le) !== total) {
        if (at + padded + 8 > end && !window.ended) return padded + 8;
        const next = at + padded;
        const follows = next === end || (next + 8 <= end && KNOWN_BLOCKS.has(view.getUint32(next, le)));
        const detail = `lengths at the two ends of a block of type ${type} differ`;
        if (!follows || !KNOWN_BLOCKS.has(type)) return this.#damaged('pcapng.block-length', detail, window.offset);
        this.#troubles.frame = batch.firstFrame + batch.count - 1;
        this.#troubles.add('pcapng.block-length', window.offset, detail);
      }
      window.at = at + padded;
      const bodyEnd = at + padded - 4;
      if (type === BLOCK.enhancedPacket || type === BLOCK.packet) {
        if (bodyEnd - at < 28) this.#tooShort(window.base + at, type, batch);
        else this.#readPacket(window, batch, at, bodyEnd, type === BLOCK.packet);
      } else if (type === BLOCK.simplePacket) {
        if (bodyEnd - at < 12) this.#tooShort(window.base + at, type, batch);
        else this.#readSimplePacket(window, batch, at, bodyEnd);
      } else {
        this.#littleEndian = le;
        this.#troubles.frame = batch.firstFrame + batch.count - 1;
        this.#readOther(window, type, at, bodyEnd);
      }
    }
    return BATCH_FULL;
  }

  #tooShort(offset: number, type: number, batch: RecordBatch): void {
    this.#troubles.frame = batch.firstFrame + batch.count - 1;
    this.#troubles.add('pcapng.block-too-short', offset, `a block of type ${type} is too short for its fields`);
  }

  /** Enhanced packet block (section 4.3) and the obsolete packet block (appendix A). */
  #readPacket(window: ByteWindow, batch: RecordBatch, at: number, bodyEnd: number, obsolete: boolean): void {
    const { view } = window;
    const le = this.#littleEndian;
    const number = obsolete ? view.getUint16(at + 8, le) : view.getUint32(at + 8, le);
    const from = this.#interfaces[number];
    if (!from) {
      this.#unknownInterface(window.base + at, number, batch);
      return;
    }
    const units = view.getUint32(at + 12, le) * 0x1_0000_0000 + view.getUint32(at + 16, le);
    const first = at + 28;
    let length = view.getUint32(at + 20, le);
    const wireLength = view.getUint32(at + 24, le);
    if (length > bodyEnd - first) {
      this.#troubles.frame = batch.firstFrame + batch.count - 1;
      const detail = `record of ${length} bytes in a block that has ${bodyEnd - first}`;
      this.#troubles.add('pcapng.record-beyond-block', window.base + at, detail);
      length = bodyEnd - first;
    }
    const count = batch.count;
    const time = units * from.millisecondsPerUnit + from.offset;
    batch.at[count] = first;
    batch.end[count] = first + length - (length < wireLength ? 0 : Math.min(length, from.checkBytes));
    batch.wireLength[count] = Math.max(wireLength, length);
    batch.time[count] =
      time >= EARLIEST_TIME && time < LATEST_TIME
        ? time
        : unusualTime(time, this.#troubles, window.base + at, batch.firstFrame + count - 1);
    batch.linkType[count] = from.linkType;
    batch.count = count + 1;
    const options = first + length + ((4 - (length & 3)) & 3);
    if (options + 4 <= bodyEnd) {
      this.#troubles.frame = batch.firstFrame + count;
      readCommentsAfter(window, options, bodyEnd, le, this.#troubles.frame, this.#listener);
    }
  }

  /** Simple packet block (section 4.4): first interface, no time, its length cut at the interface's snapshot length. */
  #readSimplePacket(window: ByteWindow, batch: RecordBatch, at: number, bodyEnd: number): void {
    const from = this.#interfaces[0];
    if (!from) {
      this.#unknownInterface(window.base + at, 0, batch);
      return;
    }
    const first = at + 12;
    const wireLength = window.view.getUint32(at + 8, this.#littleEndian);
    const length = Math.min(wireLength, from.snapLength, bodyEnd - first);
    const count = batch.count;
    batch.at[count] = first;
    batch.end[count] = first + length - (length < wireLength ? 0 : Math.min(length, from.checkBytes));
    batch.wireLength[count] = wireLength;
    batch.time[count] = Number.NaN;
    batch.linkType[count] = from.linkType;
    batch.count = count + 1;
  }

  #unknownInterface(offset: number, number: number, batch: RecordBatch): void {
    this.#troubles.frame = batch.firstFrame + batch.count - 1;
    const detail = `a record of interface ${number}, of which the section says nothing, is left out`;
    this.#troubles.add('pcapng.unknown-interface', offset, detail);
  }

  #readOther(window: ByteWindow, type: number, at: number, bodyEnd: number): void {
    const { view } = window;
    const le = this.#littleEndian;
    const offset = window.base + at;
    if (type === BLOCK.sectionHeader) {
      this.#interfaces = [];
      if (bodyEnd - at < 24) {
        this.#troubles.add('pcapng.block-too-short', offset, 'a section header is too short for its fields');
        return;
      }
      const major = view.getUint16(at + 12, le);
      if (major !== 1)
        this.#troubles.add('pcapng.version', offset, `version ${major}.${view.getUint16(at + 14, le)} instead of 1.0`);
      readSectionOptions(window, at + 24, bodyEnd, le, this.#listener);
    } else if (type === BLOCK.interfaceDescription) {
      if (bodyEnd - at < 16)
        this.#troubles.add('pcapng.block-too-short', offset, 'an interface description is too short for its fields');
      else if (this.#interfaces.length < MAX_INTERFACES)
        this.#interfaces.push(readInterface(window, at + 8, bodyEnd, le, this.#listener));
      else this.#troubles.addOnce('pcapng.too-many-interfaces', offset, `more than ${MAX_INTERFACES} interfaces`);
    } else if (type === BLOCK.nameResolution) readNames(window, at + 8, bodyEnd, le, this.#listener);
    else if (type === BLOCK.interfaceStatistics && bodyEnd - at >= 20)
      readStatistics(window, at + 8, bodyEnd, le, this.#listener);
  }

  /** Moves the window to the next block behind damage (BATCH_FULL), or answers as `read` does. */
  #searchBlock(window: ByteWindow, damage: Damage): number {
    if (window.left >= 4 && window.offset === damage.offset && isPcapMagic(window.view, window.at)) {
      this.#damage = undefined;
      return ANOTHER_CAPTURE;
    }
    let at = window.offset === damage.offset ? window.at + 1 : window.at;
    const first = at;
    const limit = damage.offset + MAX_SEARCH_BYTES - window.base;
    let answer = 1;
    for (; at < window.end && at < limit && at - first < this.#troubles.searchBudget; at++) {
      answer = this.#blockAt(window, at);
      if (answer !== 1) break;
    }
    this.#troubles.searchBudget -= Math.max(at - first, 0);
    window.at = at;
    if (answer > 1) return answer;
    if (answer === 0) {
      this.#damage = undefined;
      const skipped = window.offset - damage.offset;
      this.#troubles.add(damage.code, damage.offset, `${damage.detail}; ${skipped} bytes skipped`);
      return BATCH_FULL;
    }
    if (!window.ended && at < limit && this.#troubles.searchBudget > 0) return 1;
    this.#damage = undefined;
    const what = damage.code === 'pcapng.block-cut-off' ? damage.detail : `${damage.detail}; no block found after it`;
    this.#troubles.add(damage.code, damage.offset, what);
    window.at = window.end;
    return CAPTURE_DONE;
  }

  /** 0 where a block of a known type has the same sane length at both ends, 1 where not, else the bytes it takes to know. */
  #blockAt(window: ByteWindow, at: number): number {
    const { view, end } = window;
    if (at + 12 > end) return window.ended ? 1 : 12;
    let le = this.#littleEndian;
    const type = view.getUint32(at, le);
    if (!KNOWN_BLOCKS.has(type)) return 1;
    if (type === BLOCK.sectionHeader) le = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    const total = view.getUint32(at + 4, le);
    if (total < 12 || total > MAX_BLOCK_BYTES || (total & 3) !== 0) return 1;
    if (at + total > end) return window.ended ? 1 : total;
    return view.getUint32(at + total - 4, le) === total ? 0 : 1;
  }
}

// What pcapng says besides packets: interfaces with the resolution of their clocks, names of addresses, comments.
// Blocks are bounded by their length; options that run over it are reported and the rest of the block left alone.
import { cleanText, decodeText, formatIpv6 } from '../reader.ts';
import type { CaptureComment, CaptureName, CaptureStatistics } from './batch.ts';
import type { ByteWindow } from './byte-window.ts';
import { MAX_RECORD_BYTES, type TroubleList } from './record-format.ts';

/** Types of blocks that are known (draft-ietf-opsawg-pcapng section 4 and its registry). */
export const BLOCK = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  packet: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  systemdJournal: 9,
  decryptionSecrets: 10,
  custom: 0x00000bad,
  customNotCopied: 0x40000bad,
} as const;

const OPTION_END = 0;
const OPTION_COMMENT = 1;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_CHECK_LENGTH = 13;
const OPTION_TIME_OFFSET = 14;
// Of interface statistics blocks.
const OPTION_RECEIVED = 4;
const OPTION_DROPPED_BY_INTERFACE = 5;
const OPTION_DROPPED_BY_SYSTEM = 7;

const NAME_RECORD_END = 0;
const NAME_RECORD_IPV4 = 1;
const NAME_RECORD_IPV6 = 2;

/** Characters of a comment that are kept; a comment is a remark, not a document. */
const MAX_COMMENT = 4096;
/** The longest host name (RFC 1035 section 2.3.4). */
const MAX_NAME = 255;

/** Who is told what the blocks say. */
export interface BlockListener {
  readonly troubles: TroubleList;
  readonly onName?: (name: CaptureName) => void;
  readonly onComment?: (comment: CaptureComment) => void;
  readonly onStatistics?: (statistics: CaptureStatistics) => void;
}

export interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly millisecondsPerUnit: number;
  /** Milliseconds to be added to every time. */
  readonly offset: number;
  /** Bytes of frame check sequence at the end of every whole frame. */
  readonly checkBytes: number;
}

/** Calls `each` with every option's code and place until the end of the options or of the block. */
function readOptions(
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  troubles: TroubleList,
  each: (code: number, at: number, length: number) => void,
): void {
  const { view } = window;
  while (at + 4 <= end) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === OPTION_END) return;
    if (at + 4 + length > end) {
      troubles.add('pcapng.option-overrun', window.base + at, `option ${code} of ${length} bytes runs over its block`);
      return;
    }
    each(code, at + 4, length);
    at += 4 + length + ((4 - (length & 3)) & 3);
  }
}

function tellComment(window: ByteWindow, at: number, length: number, frame: number, listener: BlockListener): void {
  const text = cleanText(decodeText(window.bytes.subarray(at, at + length), 'utf8'), MAX_COMMENT);
  if (text !== '') listener.onComment?.({ frame, text });
}

/** The comments among the options from `at` on, said of `frame`. */
export function readCommentsAfter(
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  frame: number,
  listener: BlockListener,
): void {
  readOptions(window, at, end, littleEndian, listener.troubles, (code, from, length) => {
    if (code === OPTION_COMMENT) tellComment(window, from, length, frame, listener);
  });
}

export const readSectionOptions = (
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  listener: BlockListener,
): void => readCommentsAfter(window, at, end, littleEndian, 0, listener);

/** Interface description (section 4.2) from its first field to its end; at least 8 bytes. */
export function readInterface(
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  listener: BlockListener,
): Interface {
  const { view } = window;
  const snapLength = view.getUint32(at + 4, littleEndian);
  let millisecondsPerUnit = 1e-3;
  let offset = 0;
  let checkBytes = 0;
  readOptions(window, at + 8, end, littleEndian, listener.troubles, (code, from, length) => {
    if (code === OPTION_COMMENT) tellComment(window, from, length, 0, listener);
    else if (code === OPTION_TIME_RESOLUTION && length >= 1) {
      const resolution = view.getUint8(from);
      millisecondsPerUnit = 1000 / (resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution);
    } else if (code === OPTION_CHECK_LENGTH && length >= 1) checkBytes = view.getUint8(from);
    else if (code === OPTION_TIME_OFFSET && length >= 8) offset = Number(view.getBigInt64(from, littleEndian)) * 1000;
  });
  return {
    linkType: view.getUint16(at, littleEndian),
    snapLength: snapLength === 0 ? MAX_RECORD_BYTES : snapLength,
    millisecondsPerUnit,
    offset,
    checkBytes,
  };
}

/** Interface statistics block (section 4.6) from its first field to its end; at least 12 bytes. */
export function readStatistics(
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  listener: BlockListener,
): void {
  const { view } = window;
  const found: { -readonly [K in keyof CaptureStatistics]: CaptureStatistics[K] } = {
    interface: view.getUint32(at, littleEndian),
  };
  readOptions(window, at + 12, end, littleEndian, listener.troubles, (code, from, length) => {
    if (code === OPTION_COMMENT) tellComment(window, from, length, 0, listener);
    else if (length < 8) return;
    else if (code === OPTION_RECEIVED) found.received = Number(view.getBigUint64(from, littleEndian));
    else if (code === OPTION_DROPPED_BY_INTERFACE)
      found.droppedByInterface = Number(view.getBigUint64(from, littleEndian));
    else if (code === OPTION_DROPPED_BY_SYSTEM) found.droppedBySystem = Number(view.getBigUint64(from, littleEndian));
  });
  listener.onStatistics?.(found);
}

/** Name resolution block (section 4.5): names of IP addresses; other records are passed over. */
export function readNames(
  window: ByteWindow,
  at: number,
  end: number,
  littleEndian: boolean,
  listener: BlockListener,
): void {
  const { view, bytes } = window;
  while (at + 4 <= end) {
    const type = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const first = at + 4;
    at = first + length + ((4 - (length & 3)) & 3);
    if (type === NAME_RECORD_END) break;
    if (first + length > end) {
      listener.troubles.add('pcapng.name-overrun', window.base + first, `name of ${length} bytes runs over its block`);
      return;
    }
    const addressLength = type === NAME_RECORD_IPV4 ? 4 : type === NAME_RECORD_IPV6 ? 16 : 0;
    if (addressLength === 0 || length <= addressLength) continue;
    const address = bytes.subarray(first, first + addressLength);
    const ip = addressLength === 4 ? address.join('.') : formatIpv6(address);
    for (const part of decodeText(bytes.subarray(first + addressLength, first + length), 'utf8').split('\0')) {
      const name = cleanText(part, MAX_NAME);
      if (name !== '') listener.onName?.({ ip, name, frame: listener.troubles.frame });
    }
  }
  readCommentsAfter(window, at, end, littleEndian, 0, listener);
}

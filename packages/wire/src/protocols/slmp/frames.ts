// The frames that SLMP commands come in: 3E and 4E (with a serial number), each in binary and, where somebody chose so,
// in hexadecimal digits. Whoever reads what is inside need not know in which.
import { NEED_MORE, NOT_MINE } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

/** Subheaders (SLMP reference manual SH-080956, section 5.1). */
const REQUEST_3E = 0x5000;
const ANSWER_3E = 0xd000;
const REQUEST_4E = 0x5400;
const ANSWER_4E = 0xd400;
/** The first two digits of the same as text: "50", "D0", "54", "D4". The next two are "00". */
const TEXT_3E = 0x3530;
const TEXT_ANSWER_3E = 0x4430;
const TEXT_4E = 0x3534;
const TEXT_ANSWER_4E = 0x4434;
const TEXT_00 = 0x3030;
/** Length in a frame counts bytes, or digits: 960 words and their head in either form, with room for what is newer. */
const MAX_LENGTH = 10_000;

/** Where the parts of a frame are; all in bytes of the wire. */
interface Shape {
  readonly isText: boolean;
  readonly isAnswer: boolean;
  readonly hasSerial: boolean;
}
const SHAPES: ReadonlyMap<number, Shape> = new Map([
  [REQUEST_3E, { isText: false, isAnswer: false, hasSerial: false }],
  [ANSWER_3E, { isText: false, isAnswer: true, hasSerial: false }],
  [REQUEST_4E, { isText: false, isAnswer: false, hasSerial: true }],
  [ANSWER_4E, { isText: false, isAnswer: true, hasSerial: true }],
  [TEXT_3E, { isText: true, isAnswer: false, hasSerial: false }],
  [TEXT_ANSWER_3E, { isText: true, isAnswer: true, hasSerial: false }],
  [TEXT_4E, { isText: true, isAnswer: false, hasSerial: true }],
  [TEXT_ANSWER_4E, { isText: true, isAnswer: true, hasSerial: true }],
]);

function shapeOf(reader: Reader): Shape | undefined {
  const shape = SHAPES.get(reader.peek16());
  return shape?.isText && reader.peek16(2) !== TEXT_00 ? undefined : shape;
}

/** A frame up to what its length counts. */
export interface SlmpHeader {
  readonly isText: boolean;
  readonly isAnswer: boolean;
  /** -1 in 3E frames. */
  readonly serial: number;
  readonly network: number;
  readonly station: number;
  readonly io: number;
  readonly multidrop: number;
  /** Bytes that follow. */
  readonly length: number;
}

/** Reads a number of `bytes` bytes in little endian, or of twice as many digits in their usual order; -1 for others. */
export function readNumber(reader: Reader, bytes: number, isText: boolean): number {
  if (!isText) return bytes === 1 ? reader.u8() : bytes === 2 ? reader.u16le() : reader.u32le();
  const digits = reader.text(2 * bytes);
  return /^[0-9A-F]+$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/** Reads the header of any frame; undefined where it is none. */
export function readHeader(reader: Reader): SlmpHeader | undefined {
  const shape = shapeOf(reader);
  if (!shape) return undefined;
  const { isText, isAnswer, hasSerial } = shape;
  reader.skip(isText ? 4 : 2);
  const serial = hasSerial ? readNumber(reader, 2, isText) : -1;
  const fixed = hasSerial ? readNumber(reader, 2, isText) : 0;
  const network = readNumber(reader, 1, isText);
  const station = readNumber(reader, 1, isText);
  const io = readNumber(reader, 2, isText);
  const multidrop = readNumber(reader, 1, isText);
  const length = readNumber(reader, 2, isText);
  if (!reader.ok || fixed !== 0 || !isTarget(network, station, io, multidrop)) return undefined;
  if (length < (isText ? 4 : 2) || length > MAX_LENGTH) return undefined;
  return { isText, isAnswer, serial, network, station, io, multidrop, length };
}

/**
 * Network, station, module and multidrop station that exist (SH-080956 section 5.2): module I/O numbers are those of
 * CPUs (0x3d0 to 0x3d3, 0x3e0 to 0x3e3), the own station (0x3ff), or places in the rack up to 0x1ff.
 */
function isTarget(network: number, station: number, io: number, multidrop: number): boolean {
  const isCpu = io === OWN_CPU || (io >= 0x3d0 && io <= 0x3d3) || (io >= 0x3e0 && io <= 0x3e3);
  return (
    network >= 0 &&
    network <= 0xef &&
    station >= 0 &&
    (station <= 0x78 || station >= 0x7d) &&
    (isCpu || (io >= 0 && io <= 0x1ff)) &&
    multidrop >= 0 &&
    multidrop <= 0x1f
  );
}
const OWN_STATION = 0xff;
const OWN_CPU = 0x3ff;

/** Whether a frame is for the very station it is sent to, and not for one behind it. */
export const isOwnStation = ({ network, station, io, multidrop }: SlmpHeader): boolean =>
  network === 0 && station === OWN_STATION && io === OWN_CPU && multidrop === 0;

/** Bytes of the header with its length field. */
const headerLength = ({ isText, hasSerial }: Shape): number => (isText ? 2 : 1) * (hasSerial ? 13 : 9);

/** Length of the frame that starts here, NEED_MORE or NOT_MINE. */
export function frameLength(reader: Reader): number {
  if (reader.peek(1) < 0) return NEED_MORE;
  const shape = SHAPES.get(reader.peek16());
  if (!shape) return NOT_MINE;
  const size = headerLength(shape);
  if (reader.peek(size - 1) < 0) return NEED_MORE;
  const { at } = reader;
  const header = readHeader(reader);
  reader.at = at;
  return header ? size + header.length : NOT_MINE;
}

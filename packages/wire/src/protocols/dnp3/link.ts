// The link layer of DNP3: frames of at most 255 bytes whose header and blocks of 16 bytes carry a checksum each, over TCP
// and UDP as over a serial line (IEEE 1815-2012 clause 9). Fragments of an application are laid into several frames.
import { NEED_MORE, NOT_MINE } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

export const START = 0x0564;
/** Start, length, control, two addresses, checksum. */
const HEADER = 10;
/** Bytes of the header that the length counts: control and addresses. */
const COUNTED = 5;
const BLOCK = 16;
const CHECKSUM = 2;

/** Length of the frame that starts here, NEED_MORE, or NOT_MINE. */
export function linkFrameLength(reader: Reader): number {
  const first = reader.peek();
  if (first >= 0 && first !== START >> 8) return NOT_MINE;
  const start = reader.peek16();
  if (start >= 0 && start !== START) return NOT_MINE;
  const length = reader.peek(2);
  if (length < 0) return NEED_MORE;
  return length < COUNTED ? NOT_MINE : sizeOf(length);
}
function sizeOf(length: number): number {
  const data = length - COUNTED;
  return HEADER + data + CHECKSUM * Math.ceil(data / BLOCK);
}

/** Whether a whole header with a fitting checksum starts here: 32 bits that hardly anything else has. */
export function looksLikeDnp3(reader: Reader): boolean {
  if (reader.peek16() !== START || reader.peek(2) < COUNTED) return false;
  return reader.left >= HEADER && checksumAt(reader.view, reader.at, HEADER - CHECKSUM);
}

/** Link functions of a primary station that carry user data (clause 9.2.4.1.3). */
const CONFIRMED_DATA = 3;
const UNCONFIRMED_DATA = 4;

export interface LinkFrame {
  readonly destination: number;
  readonly source: number;
  /** Transport segment without checksums; undefined where the frame carries none. */
  readonly segment: Uint8Array | undefined;
  /** False where a checksum is wrong: stations throw such a frame away. */
  readonly isWhole: boolean;
}

/** Reads one frame; undefined where none starts here. */
export function readLinkFrame(reader: Reader): LinkFrame | undefined {
  const at = reader.at;
  const start = reader.u16();
  const length = reader.u8();
  const control = reader.u8();
  const destination = reader.u16le();
  const source = reader.u16le();
  reader.skip(CHECKSUM);
  if (!reader.ok || start !== START || length < COUNTED) return undefined;
  const { view } = reader;
  if (!checksumAt(view, at, HEADER - CHECKSUM)) {
    reader.skip(Math.min(sizeOf(length) - HEADER, reader.left));
    return { destination, source, segment: undefined, isWhole: false };
  }
  const size = length - COUNTED;
  const data = new Uint8Array(size);
  let isWhole = true;
  for (let filled = 0; filled < size; filled += BLOCK) {
    const part = Math.min(BLOCK, size - filled);
    const blockAt = reader.at;
    const bytes = reader.bytes(part);
    reader.skip(CHECKSUM);
    if (!reader.ok) return { destination, source, segment: undefined, isWhole: false };
    isWhole &&= checksumAt(view, blockAt, part);
    data.set(bytes, filled);
  }
  const code = control & 0x0f;
  const isData = (control & PRIMARY) !== 0 && (code === CONFIRMED_DATA || code === UNCONFIRMED_DATA);
  return { destination, source, segment: isData && isWhole && size > 0 ? data : undefined, isWhole };
}
const PRIMARY = 0x40;

/** Checksum of clause 9.2.4.3.4: polynomial 0x3D65, bits reversed, complemented. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >> 1) ^ 0xa6bc : rest >> 1;
  return rest;
});
/** In: bytes. Out: their checksum, as it follows them low byte first. */
export function dnp3Checksum(bytes: Uint8Array): number {
  let rest = 0;
  for (let i = 0; i < bytes.length; i++) rest = (rest >> 8) ^ (TABLE[(rest ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return ~rest & 0xffff;
}
/** Whether the checksum of `length` bytes follows them. Both must lie within the view. */
function checksumAt(view: DataView, at: number, length: number): boolean {
  let rest = 0;
  for (let i = at; i < at + length; i++) rest = (rest >> 8) ^ (TABLE[(rest ^ view.getUint8(i)) & 0xff] ?? 0);
  return view.getUint16(at + length, true) === (~rest & 0xffff);
}

// ------------------------------------------------------------------ transport

/** Bits of the transport header (clause 8.2). */
const LAST = 0x80;
const FIRST = 0x40;
const SEQUENCE = 0x3f;

/** One fragment that is being put together. Fragments have 2048 bytes mostly; files and firmware make longer ones. */
const MAX_FRAGMENT = 16 * 1024;

export interface Assembly {
  readonly link: number;
  next: number;
  length: number;
  readonly pieces: Uint8Array[];
}

/** Key of the ends of a link. */
export const linkKey = ({ source, destination }: LinkFrame): number => source * 0x10000 + destination;

/**
 * Adds a segment to those of its link. Out: the fragment, where it is complete. `assemblies` holds those that are not;
 * the oldest goes where a conversation has more than `most` links.
 */
export function assemble(frame: LinkFrame, assemblies: Assembly[], most: number): Uint8Array | undefined {
  const { segment } = frame;
  const header = segment?.[0];
  if (!segment || header === undefined) return undefined;
  const piece = segment.subarray(1);
  const link = linkKey(frame);
  const at = assemblies.findIndex((one) => one.link === link);
  if ((header & FIRST) !== 0) {
    if (at >= 0) assemblies.splice(at, 1);
    if ((header & LAST) !== 0) return piece;
    if (assemblies.length >= most) assemblies.shift();
    assemblies.push({ link, next: (header + 1) & SEQUENCE, length: piece.length, pieces: [piece] });
    return undefined;
  }
  const assembly = assemblies[at];
  if (!assembly) return undefined;
  if (assembly.next !== (header & SEQUENCE) || assembly.length + piece.length > MAX_FRAGMENT) {
    assemblies.splice(at, 1);
    return undefined;
  }
  assembly.next = (header + 1) & SEQUENCE;
  assembly.length += piece.length;
  assembly.pieces.push(piece);
  if ((header & LAST) === 0) return undefined;
  assemblies.splice(at, 1);
  const whole = new Uint8Array(assembly.length);
  let filled = 0;
  for (const one of assembly.pieces) {
    whole.set(one, filled);
    filled += one.length;
  }
  return whole;
}

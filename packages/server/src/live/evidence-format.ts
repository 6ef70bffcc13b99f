// Evidence frames as a pcapng file (draft-ietf-opsawg-pcapng): each frame with its number in the live capture, whose it is
// and what it proves, as comments that any tool shows. Written here, read back with the reader of captures.
import type { RecentFrame } from './recent-frames.ts';

/** A frame that facts rest on. */
export interface EvidenceFrame extends RecentFrame {
  /** Addresses that the facts are about, as subject keys without parts. */
  readonly subjects: readonly string[];
  /** What it proves, a line for each fact: "10.0.0.1@00:1b:1b:00:00:01 Vendor: Siemens (s7comm)". */
  readonly facts: readonly string[];
}

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4; // shb_userappl
/** Facts named in the comments of one frame; a frame proves a handful. */
const MAX_FACTS = 16;
const MAX_COMMENT_BYTES = 1_000;

const MARK = 'Interlock frame';

/** Writes blocks; interfaces are declared as link types are met. */
export class EvidenceFormat {
  readonly #linkTypes: number[] = [];
  #begun = false;

  /** The blocks of one frame, with the section and the interface before it where they are not there yet. */
  blocksOf(frame: EvidenceFrame): Buffer {
    const parts: Buffer[] = [];
    if (!this.#begun) parts.push(sectionHeader());
    this.#begun = true;
    let number = this.#linkTypes.indexOf(frame.linkType);
    if (number < 0) {
      number = this.#linkTypes.push(frame.linkType) - 1;
      parts.push(interfaceDescription(frame.linkType));
    }
    parts.push(enhancedPacket(frame, number));
    return Buffer.concat(parts);
  }
}

/** What the first comment of a frame says; undefined where the comment is none of ours. */
export function readMark(
  comment: string,
): { readonly frame: number; readonly subjects: readonly string[] } | undefined {
  if (!comment.startsWith(MARK)) return undefined;
  const [number, , ...subjects] = comment.slice(MARK.length + 1).split(' ');
  const frame = Number(number);
  return Number.isSafeInteger(frame) && frame > 0 ? { frame, subjects } : undefined;
}

function sectionHeader(): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  head.writeUInt16LE(1, 4);
  head.fill(0xff, 8); // the length of the section is not given
  return block(SECTION_HEADER, [head, option(OPTION_APPLICATION, 'Interlock'), endOfOptions()]);
}
function interfaceDescription(linkType: number): Buffer {
  const head = Buffer.alloc(8); // times in microseconds, frames of any length
  head.writeUInt16LE(linkType, 0);
  return block(INTERFACE_DESCRIPTION, [head]);
}
function enhancedPacket(frame: EvidenceFrame, interfaceNumber: number): Buffer {
  const { bytes, wireLength, time, subjects, facts } = frame;
  const head = Buffer.alloc(20);
  const microseconds = BigInt(Math.round(time * 1_000));
  head.writeUInt32LE(interfaceNumber, 0);
  head.writeUInt32LE(Number(microseconds >> 32n), 4);
  head.writeUInt32LE(Number(microseconds & 0xffff_ffffn), 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(Math.max(wireLength, bytes.length), 16);
  const comments = [`${MARK} ${frame.frame} of ${subjects.join(' ')}`, ...facts.slice(0, MAX_FACTS)];
  return block(ENHANCED_PACKET, [
    head,
    padded(bytes),
    ...comments.map((comment) => option(OPTION_COMMENT, comment)),
    endOfOptions(),
  ]);
}

function block(type: number, parts: readonly Buffer[]): Buffer {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...parts, head.subarray(4)]);
}
function option(code: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf8').subarray(0, MAX_COMMENT_BYTES);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}
const endOfOptions = (): Buffer => Buffer.alloc(4);
const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length & 3)) & 3)]);

// A capture written by hand: frames with times, and the bytes of a file that holds them. Golden captures and the tests of
// the file formats are values of this.
import { type Bytes, write } from './bytes.ts';
import type { FrameGroup, Segmentation } from './conversations.ts';
import type { Frame } from './frames.ts';

/** Link types of the tcpdump.org registry that tests write. */
export const LINK_TYPES = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  raw: 101,
  ieee80211: 105,
  loop: 108,
  linuxCooked: 113,
  radiotap: 127,
  ieee802154: 195,
  ieee802154WithoutChecksum: 230,
  linuxCooked2: 276,
  ieee802154Tap: 283,
};

export interface TimedFrame {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

export interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** Length of what is kept of each frame; 262,144. */
  readonly snapLength?: number;
  /** Upper half of the link type field: length of the frame check sequence and its flag. */
  readonly linkTypeFlags?: number;
}

export interface Capture {
  readonly title: string;
  readonly frames: readonly TimedFrame[];
  readonly linkType: number;
  /** Bytes of a classic pcap file. */
  toPcap(options?: PcapOptions): Uint8Array<ArrayBuffer>;
  /** The same capture with TCP messages laid into other segments; everything else stays. */
  resegmented(segmentation: Segmentation): Capture;
}

/** 2026-01-01 00:00 UTC: tests have no clock. */
const START = 1_767_225_600_000;
/** Milliseconds between frames that do not say otherwise. */
const STEP = 10;

/**
 * A capture of frames in the order given. In: what the builders give, alone or in lists.
 * `startTime` is milliseconds since 1970, `linkType` a number of LINK_TYPES (Ethernet).
 */
export function capture(
  title: string,
  parts: readonly (Frame | FrameGroup | Uint8Array | readonly (Frame | FrameGroup)[])[],
  options: { readonly startTime?: number; readonly linkType?: number } = {},
): Capture {
  const { startTime = START, linkType = LINK_TYPES.ethernet } = options;
  const groups = parts.flatMap((part): readonly (Frame | FrameGroup)[] =>
    part instanceof Uint8Array ? [{ bytes: part }] : 'length' in part ? part : [part],
  );
  const build = (segmentation: Segmentation): Capture => {
    let time = startTime - STEP;
    const frames = groups
      .flatMap((group) => {
        if ('bytes' in group) return [group];
        return group.resegment && segmentation !== 'one-each' ? group.resegment(segmentation) : group.frames;
      })
      .map(({ bytes, delay }) => {
        time += delay ?? STEP;
        return { bytes, time };
      });
    return {
      title,
      linkType,
      frames,
      toPcap: (how) => pcapBytes(frames, linkType, how),
      resegmented: build,
    };
  };
  return build('one-each');
}

/** A classic pcap file (draft-ietf-opsawg-pcap section 4). */
export function pcapBytes(frames: readonly TimedFrame[], linkType: number, options: PcapOptions = {}) {
  const { littleEndian = true, nanoseconds = false, snapLength = 262_144, linkTypeFlags = 0 } = options;
  const out = write();
  const u16 = (value: number) => (littleEndian ? out.u16le(value) : out.u16(value));
  const u32 = (value: number) => (littleEndian ? out.u32le(value) : out.u32(value));
  u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  u16(2);
  u16(4);
  u32(0);
  u32(0);
  u32(snapLength);
  u32(linkType + linkTypeFlags * 0x10000);
  const perSecond = nanoseconds ? 1e9 : 1e6;
  for (const { time, bytes } of frames) {
    const seconds = Math.floor(time / 1000);
    u32(seconds);
    u32(Math.round((time / 1000 - seconds) * perSecond));
    const kept = bytes.subarray(0, snapLength);
    u32(kept.length);
    u32(bytes.length);
    out.bytes(kept);
  }
  return out.build();
}

/** A source of bytes in pieces of at most `chunkSize`, at once or, with `later`, as a pipe does. */
export function byteSourceOf(
  bytes: Bytes,
  chunkSize = Number.POSITIVE_INFINITY,
  later = false,
): { read(into: Uint8Array, at: number, length: number): number | Promise<number> } {
  const all = bytes instanceof Uint8Array ? bytes : bytes.build();
  let position = 0;
  return {
    read(into, at, length) {
      const taken = Math.min(length, chunkSize, all.length - position);
      into.set(all.subarray(position, position + taken), at);
      position += taken;
      return later ? Promise.resolve(taken) : taken;
    },
  };
}

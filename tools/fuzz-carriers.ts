// Puts Ethernet frames into everything that carries them or their packets: tags, tunnels, fragments, other link layers.
// Sound on purpose; the fuzzer bends the outcome.
import { type Frame, ipPacket, LINK_TYPES, withoutEthernet, write } from '@interlock/wire/testing';
import { joined, type Random } from './fuzz-mutate.ts';

const OUTER = { from: '198.51.100.1', to: '198.51.100.2' };
const OUTER6 = { from: '2001:db8::1', to: '2001:db8::2' };

const macsOf = (frame: Uint8Array) => frame.subarray(0, 12);
const typeOf = (frame: Uint8Array) => ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
const isIp = (frame: Uint8Array) => typeOf(frame) === 0x0800 || typeOf(frame) === 0x86dd;
const packetOf = (bytes: Uint8Array) => withoutEthernet({ bytes }).bytes;
const versionOf = (packet: Uint8Array) => (packet[0] ?? 0) >> 4;

/** An Ethernet frame with the same addresses and other contents. */
const reframed = (frame: Uint8Array, type: number, content: Uint8Array) =>
  write().bytes(macsOf(frame)).u16(type).bytes(content).build();
const inIp = (frame: Uint8Array, protocol: number, content: Uint8Array, random: Random) =>
  random.chance(0.7)
    ? reframed(frame, 0x0800, ipPacket({ ...OUTER, protocol }, content))
    : reframed(frame, 0x86dd, ipPacket({ ...OUTER6, protocol }, content));
const inUdp = (frame: Uint8Array, port: number, content: Uint8Array, random: Random) =>
  inIp(
    frame,
    17,
    write()
      .u16(50_000, port, 8 + content.length, 0)
      .bytes(content)
      .build(),
    random,
  );

/** Carriers of a whole frame. */
const FRAME_CARRIERS: readonly ((frame: Uint8Array, random: Random) => Uint8Array)[] = [
  (frame, random) => joined(macsOf(frame), write().u16(0x8100, random.below(0x10000)).build(), frame.subarray(12)),
  (frame) => joined(macsOf(frame), write().u16(0x88a8, 7, 0x8100, 8).build(), frame.subarray(12)),
  (frame, random) =>
    joined(macsOf(frame), write().u16(0x892f, 0x0034, random.below(0x10000)).build(), frame.subarray(12)),
  (frame, random) =>
    joined(
      frame,
      write()
        .u16(random.below(0x10000), 0xa000 | (frame.length - 8), 0x88fb)
        .build(),
    ),
  (frame, random) => inUdp(frame, 4789, joined(write().u32(0x08000000, 0x00123400).build(), frame), random),
  (frame, random) => inIp(frame, 47, joined(write().u16(0, 0x6558).build(), frame), random),
  (frame, random) => inIp(frame, 47, joined(write().u16(0, 0x88be).build(), frame), random),
  (frame, random) => inIp(frame, 47, joined(write().u16(0x1000, 0x88be).u32(9, 0x10010000, 0).build(), frame), random),
  (frame, random) => {
    const header = write().u16(0x1000, 0x22eb).u32(9, 0x20010000, 0, random.below(2));
    return inIp(frame, 47, joined(header.build(), frame), random);
  },
  (frame) => reframed(frame, 0x88e7, joined(write().u32(5).build(), frame)),
  (frame, random) =>
    reframed(
      frame,
      0x8847,
      joined(
        write()
          .u32(0x00064140, random.chance(0.5) ? 0 : 1)
          .build(),
        frame,
      ),
    ),
];

/** Carriers of an IP packet. */
const PACKET_CARRIERS: readonly ((frame: Uint8Array, packet: Uint8Array, random: Random) => Uint8Array)[] = [
  (frame, packet) => reframed(frame, 0x8847, joined(write().u32(0x00064040, 0x000c8140).build(), packet)),
  (frame, packet) => {
    const type = versionOf(packet) === 6 ? 0x0057 : 0x0021;
    return reframed(
      frame,
      0x8864,
      joined(
        write()
          .u16(0x1100, 1, packet.length + 2, type)
          .build(),
        packet,
      ),
    );
  },
  (frame, packet, random) => inIp(frame, versionOf(packet) === 6 ? 41 : 4, packet, random),
  (frame, packet, random) => {
    const flags = random.pick([0, 0x8000, 0x2000, 0x1000, 0xb000]);
    const header = write().u16(flags, versionOf(packet) === 6 ? 0x86dd : 0x0800);
    for (const bit of [0x8000, 0x2000, 0x1000]) if (flags & bit) header.u32(random.below(1000));
    return inIp(frame, 47, joined(header.build(), packet), random);
  },
  (frame, packet) => {
    if (versionOf(packet) !== 6) return frame;
    // Hop-by-hop options and a routing header before what was first.
    const extra = write()
      .u8(43, 0, 1, 4, 0, 0, 0, 0)
      .u8(packet[6] ?? 59, 0, 0, 0, 0, 0, 0, 0)
      .build();
    const head = packet.slice(0, 40);
    head[6] = 0;
    const length = packet.length - 40 + extra.length;
    head[4] = length >> 8;
    head[5] = length & 0xff;
    return reframed(frame, 0x86dd, joined(head, extra, packet.subarray(40)));
  },
];

/** The frame in one carrier or some, as several frames where its packet was cut into fragments. */
export function carry(frame: Frame, random: Random): Frame[] {
  let { bytes } = frame;
  for (let n = random.pick([1, 1, 1, 2, 4, 12]); n > 0; n--)
    if (bytes.length < 30_000)
      bytes =
        isIp(bytes) && random.chance(0.5)
          ? random.pick(PACKET_CARRIERS)(bytes, packetOf(bytes), random)
          : random.pick(FRAME_CARRIERS)(bytes, random);
  return isIp(bytes) && random.chance(0.3) ? fragments(bytes, random) : [{ bytes }];
}

/** An IP packet cut in pieces (RFC 791 section 3.2, RFC 8200 section 4.5), not always in order. */
function fragments(frame: Uint8Array, random: Random): Frame[] {
  const packet = packetOf(frame);
  const isV6 = versionOf(packet) === 6;
  const headerLength = isV6 ? 40 : 4 * ((packet[0] ?? 0) & 15);
  const content = packet.subarray(headerLength);
  const size = 8 * (1 + random.below(content.length >> 3));
  const id = random.below(0x10000);
  const out: Frame[] = [];
  for (let at = 0; at < content.length && out.length < 100; at += size) {
    const piece = content.subarray(at, at + size);
    const more = at + size < content.length ? 1 : 0;
    const head = packet.slice(0, headerLength);
    const view = new DataView(head.buffer);
    if (isV6) {
      const extension = write()
        .u8(head[6] ?? 59, 0)
        .u16(at | more)
        .u32(id)
        .build();
      head[6] = 44;
      view.setUint16(4, piece.length + 8);
      out.push({ bytes: reframed(frame, 0x86dd, joined(head, extension, piece)) });
    } else {
      view.setUint16(2, headerLength + piece.length);
      view.setUint16(4, id);
      view.setUint16(6, (more << 13) | (at >> 3));
      out.push({ bytes: reframed(frame, 0x0800, joined(head, piece)) });
    }
  }
  return random.chance(0.3) ? out.reverse() : out;
}

const LINKS: Readonly<Record<number, (frame: Uint8Array) => Uint8Array>> = {
  [LINK_TYPES.null]: (frame) =>
    joined(
      write()
        .u32le(versionOf(packetOf(frame)) === 6 ? 30 : 2)
        .build(),
      packetOf(frame),
    ),
  [LINK_TYPES.loop]: (frame) =>
    joined(
      write()
        .u32(versionOf(packetOf(frame)) === 6 ? 30 : 2)
        .build(),
      packetOf(frame),
    ),
  [LINK_TYPES.ppp]: (frame) =>
    joined(
      write()
        .u16(0xff03, versionOf(packetOf(frame)) === 6 ? 0x57 : 0x21)
        .build(),
      packetOf(frame),
    ),
  [LINK_TYPES.raw]: packetOf,
  [LINK_TYPES.linuxCooked]: (frame) =>
    joined(write().u16(0, 1, 6).bytes(frame.subarray(6, 12)).u16(0, typeOf(frame)).build(), frame.subarray(14)),
  [LINK_TYPES.linuxCooked2]: (frame) =>
    joined(
      write().u16(typeOf(frame), 0).u32(3).u16(1).u8(0, 6).bytes(frame.subarray(6, 12)).u16(0).build(),
      frame.subarray(14),
    ),
  [LINK_TYPES.ieee80211]: wlanFrame,
  [LINK_TYPES.radiotap]: (frame) => joined(write().u8(0, 0).u16le(9).u32le(2).u8(0x10).build(), wlanFrame(frame)),
};

/** An 802.11 data frame to the distribution system with LLC and SNAP (IEEE 802.11 section 9.3.2). */
function wlanFrame(frame: Uint8Array): Uint8Array {
  const [to, from] = [frame.subarray(0, 6), frame.subarray(6, 12)];
  const head = write().u16le(0x0108, 0).bytes(to, from, to).u16le(0).hex('aaaa03 000000').u16(typeOf(frame));
  return joined(head.build(), frame.subarray(14));
}

/** The frame as another link layer has it; frames without an IP packet stay as they are. */
export const onLink = (frame: Frame, linkType: number): Frame => {
  const link = LINKS[linkType];
  return link && isIp(frame.bytes) ? { bytes: link(frame.bytes) } : frame;
};

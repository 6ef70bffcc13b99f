// Frames layer by layer, with correct lengths and checksums. Every function takes the payload and gives the bytes of the
// layer around it; the conversations in `conversations.ts` are made of these.
import { type Bytes, bytesOf, concat, ipBytes, isIpv6, write } from './bytes.ts';

/** A frame before it has a place in a capture. `delay` is milliseconds after the frame before it. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly delay?: number;
}

export interface EthernetOptions {
  /** MAC addresses. */
  readonly from: string;
  readonly to: string;
  /** EtherType; without one the payload is an 802.3 frame with its length. */
  readonly type?: number;
  /** VLAN identifier, or the whole tag control field of several tags, outermost first. */
  readonly vlan?: number | readonly number[];
}

/** An Ethernet frame of at least 60 bytes, without its check sequence (IEEE 802.3 section 3). */
export function ethernetFrame(options: EthernetOptions, payload: Bytes): Uint8Array {
  const content = bytesOf(payload);
  const out = write().mac(options.to).mac(options.from);
  const tags = options.vlan === undefined ? [] : typeof options.vlan === 'number' ? [options.vlan] : options.vlan;
  for (const [i, tag] of tags.entries()) out.u16(i < tags.length - 1 ? 0x88a8 : 0x8100).u16(tag);
  out.u16(options.type ?? content.length).bytes(content);
  if (out.length < 60) out.zeros(60 - out.length);
  return out.build();
}

export interface IpOptions {
  readonly from: string;
  readonly to: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** Time to live or hop limit; 64. */
  readonly ttl?: number;
  /** IPv4 identification. */
  readonly id?: number;
  /** IPv4: fragment offset in bytes, and whether more fragments follow. */
  readonly offset?: number;
  readonly moreFragments?: boolean;
  /** IPv4 options, filled up to a multiple of four bytes. */
  readonly options?: Bytes;
}

/** An IPv4 (RFC 791) or IPv6 (RFC 8200) packet, by the form of the addresses. */
export function ipPacket(options: IpOptions, payload: Bytes): Uint8Array {
  const content = bytesOf(payload);
  const { from, to, protocol, ttl = 64 } = options;
  if (isIpv6(from)) {
    const head = write().u32(0x60000000).u16(content.length).u8(protocol, ttl).ipv6(from).ipv6(to);
    return head.bytes(content).build();
  }
  const extra = write()
    .bytes(options.options ?? new Uint8Array(0))
    .align(4)
    .build();
  const fragment = ((options.moreFragments ? 1 : 0) << 13) | ((options.offset ?? 0) >> 3);
  const header = write()
    .u8(0x40 | (5 + extra.length / 4), 0)
    .u16(20 + extra.length + content.length, options.id ?? 1, fragment)
    .u8(ttl, protocol)
    .u16(0)
    .ipv4(from)
    .ipv4(to)
    .bytes(extra)
    .build();
  new DataView(header.buffer).setUint16(10, internetChecksum(header));
  return concat(header, content);
}

/** The ones' complement sum of RFC 1071. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  const bytes = concat(...parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function pseudoHeader(from: string, to: string, protocol: number, length: number): Uint8Array {
  return write().bytes(ipBytes(from), ipBytes(to)).u32(length, protocol).build();
}

export const TCP_FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 };

export interface TcpOptions {
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Sum of TCP_FLAGS. */
  readonly flags: number;
  readonly window?: number;
  /** TCP options, filled up to a multiple of four bytes. */
  readonly options?: Bytes;
}

/** A TCP segment (RFC 9293 section 3.1). */
export function tcpSegment(options: TcpOptions, payload: Bytes): Uint8Array {
  const content = bytesOf(payload);
  const extra = write()
    .bytes(options.options ?? new Uint8Array(0))
    .align(4)
    .build();
  const segment = write()
    .u16(options.fromPort, options.toPort)
    .u32(options.sequence >>> 0, options.acknowledgement >>> 0)
    .u8((5 + extra.length / 4) << 4, options.flags)
    .u16(options.window ?? 8192, 0, 0)
    .bytes(extra, content)
    .build();
  const sum = internetChecksum(pseudoHeader(options.from, options.to, 6, segment.length), segment);
  new DataView(segment.buffer).setUint16(16, sum);
  return segment;
}

/** A UDP datagram (RFC 768). */
export function udpDatagram(
  options: { readonly from: string; readonly to: string; readonly fromPort: number; readonly toPort: number },
  payload: Bytes,
): Uint8Array {
  const content = bytesOf(payload);
  const datagram = write()
    .u16(options.fromPort, options.toPort, 8 + content.length, 0)
    .bytes(content)
    .build();
  const sum = internetChecksum(pseudoHeader(options.from, options.to, 17, datagram.length), datagram);
  new DataView(datagram.buffer).setUint16(6, sum || 0xffff);
  return datagram;
}

/** LLC header of an unnumbered frame (IEEE 802.2), to be carried without an EtherType. */
export const llcHeader = (dsap: number, ssap = dsap, control = 0x03): Uint8Array => Uint8Array.of(dsap, ssap, control);

/** SNAP header: organization code and protocol number as one number, `0x00000c2000` for CDP. */
export const snapHeader = (code: number): Uint8Array =>
  write()
    .bytes(llcHeader(0xaa))
    .u24(Math.floor(code / 0x10000))
    .u16(code % 0x10000)
    .build();

/**
 * The MAC address that frames of an IP address carry where a test does not say: a locally administered one made of the
 * address, or the group address of RFC 1112 and RFC 2464.
 */
export function macOf(ip: string): string {
  const bytes = ipBytes(ip);
  const show = (...numbers: readonly number[]) => numbers.map((n) => n.toString(16).padStart(2, '0')).join(':');
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  if (isIpv6(ip)) {
    if (a === 0xff) return `33:33:${show(...bytes.subarray(12))}`;
    return `02:06:${show(...bytes.subarray(12))}`;
  }
  if (d === 255) return 'ff:ff:ff:ff:ff:ff';
  if (a >= 224 && a < 240) return show(0x01, 0x00, 0x5e, b & 0x7f, c, d);
  return show(0x02, 0x00, a, b, c, d);
}

/** An IP packet in an Ethernet frame. */
export function ipFrame(
  options: IpOptions & Partial<Pick<EthernetOptions, 'vlan'>> & { readonly fromMac?: string; readonly toMac?: string },
  payload: Bytes,
): Uint8Array {
  return ethernetFrame(
    {
      from: options.fromMac ?? macOf(options.from),
      to: options.toMac ?? macOf(options.to),
      type: isIpv6(options.from) ? 0x86dd : 0x0800,
      ...(options.vlan === undefined ? {} : { vlan: options.vlan }),
    },
    ipPacket(options, payload),
  );
}

/** The same frames as a raw IP link carries them: Ethernet header and tags taken off. */
export function withoutEthernet(frame: Frame): Frame {
  const view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.length);
  let at = 12;
  while (view.getUint16(at) === 0x8100 || view.getUint16(at) === 0x88a8) at += 4;
  const length = view.getUint16(at) === 0x86dd ? 40 + view.getUint16(at + 6) : view.getUint16(at + 4);
  return { ...frame, bytes: frame.bytes.slice(at + 2, at + 2 + length) };
}

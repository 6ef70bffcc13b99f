// Headers of up to 256 packets as columns: what `packet/` fills and `flow/` reads. Hot zone: everything in this folder
// runs for every packet, allocates nothing there, and answers with numbers instead of exceptions.
import { BATCH_RECORDS } from '../capture/batch.ts';
import { FragmentTable } from './fragments.ts';

/** What was found in a frame. `NONE` is nothing that could be accounted to anybody. */
export const KIND_NONE = 0;
export const KIND_LINK = 1;
export const KIND_IP = 2;
export const KIND_UDP = 3;
export const KIND_TCP = 4;

/** What the number in `ports` of a link-layer packet is; bits 24 to 27 of `protocol`. */
export const LINK_ETHERTYPE = 0;
export const LINK_LLC = 1;
/** Organization code in the lower 24 bits of `protocol`, protocol number in `ports`. */
export const LINK_SNAP = 2;
/** IEEE 802.11 frames without readable payload: management, encrypted. */
export const LINK_WLAN = 3;

export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_ACK = 0x10;

/** Set in the upper word of a MAC address that is there; all zero words mean that the link has none. */
export const HAS_MAC = 0x10000;

/** Headers within headers; more than any network stacks, and few enough that a hostile frame costs nothing. */
export const MAX_NESTING = 8;

/** Broken headers by number, as stable names for `traffic.malformed`. Number 0 is "nothing wrong". */
export const TROUBLES = [
  '',
  'frame.cut-off',
  'ip.version',
  'ipv4.header-length',
  'ipv4.total-length',
  'ip.beyond-frame',
  'ipv6.extension',
  'tcp.header-length',
  'udp.length',
  'tunnel.nesting',
  'tunnel.header',
  'ip.fragment-overlap',
  'ip.fragment-beyond-end',
  'llc.length',
  'link-type.unknown',
] as const;
export const TROUBLE_CUT_OFF = 1;
export const TROUBLE_IP_VERSION = 2;
export const TROUBLE_IPV4_HEADER = 3;
export const TROUBLE_IPV4_TOTAL = 4;
export const TROUBLE_IP_BEYOND_FRAME = 5;
export const TROUBLE_IPV6_EXTENSION = 6;
export const TROUBLE_TCP_HEADER = 7;
export const TROUBLE_UDP_LENGTH = 8;
export const TROUBLE_NESTING = 9;
export const TROUBLE_TUNNEL = 10;
export const TROUBLE_FRAGMENT_OVERLAP = 11;
export const TROUBLE_FRAGMENT_BEYOND = 12;
export const TROUBLE_LLC_LENGTH = 13;
export const TROUBLE_LINK_TYPE = 14;

/** Header columns of one batch. Position `i` is the packet's place in the batch; columns are valid where `kind` says so. */
export class Packets {
  readonly kind = new Uint8Array(BATCH_RECORDS);
  /** Index into TROUBLES. What was understood before it stays in the columns. */
  readonly trouble = new Uint8Array(BATCH_RECORDS);
  /** Eight words per packet: source and destination, four each; an IPv4 address is the last word of its four, the others mean nothing. */
  readonly addresses = new Uint32Array(BATCH_RECORDS * 8);
  /** Four words per packet: source and destination MAC, upper 16 bits (and HAS_MAC) and lower 32. */
  readonly macs = new Uint32Array(BATCH_RECORDS * 4);
  /** Source port in the upper half, destination port in the lower. Link layer: EtherType, LLC or SNAP number. */
  readonly ports = new Uint32Array(BATCH_RECORDS);
  /** Kind (bits 28 up), IP version or LINK_* (24 to 27), IP protocol number or SNAP organization code (below). */
  readonly protocol = new Uint32Array(BATCH_RECORDS);
  readonly vlan = new Uint16Array(BATCH_RECORDS);
  readonly ttl = new Uint8Array(BATCH_RECORDS);
  readonly flags = new Uint8Array(BATCH_RECORDS);
  readonly sequence = new Uint32Array(BATCH_RECORDS);
  readonly acknowledged = new Uint32Array(BATCH_RECORDS);
  /** Payload, as positions in the batch's view, or in `other` where the datagram was put together from fragments. */
  readonly payloadAt = new Uint32Array(BATCH_RECORDS);
  readonly payloadEnd = new Uint32Array(BATCH_RECORDS);
  /** Bytes of the payload that were on the wire and not captured. */
  readonly missing = new Uint32Array(BATCH_RECORDS);
  /** Payloads that do not lie in the batch's view; set only where fragments were put together. */
  readonly other: (DataView | undefined)[] = new Array(BATCH_RECORDS).fill(undefined);
  /** Whether `other` holds any; the engine empties it when it is done with the batch. */
  usesOther = false;
  /** Outer ends of the batch's tunnelled packets: the inner addresses are those of the packet. */
  readonly outer = new OuterEnds();
  /** Radio frames of this capture end in checksums, not in what some radios put in their place. */
  radioHasChecksums = false;
  readonly fragments = new FragmentTable();
  /** Bytes of the frame at hand that were on the wire and not captured. */
  cut = 0;
  /** Number of the batch's first frame, and the times of all, for the fragment table. */
  firstFrame = 1;
  times: Float64Array = new Float64Array(BATCH_RECORDS);

  /** To be called when the payloads were read. */
  forgetOther(): void {
    this.other.fill(undefined);
    this.usesOther = false;
  }
}

/** Tunnels within tunnels of one batch that are kept; more of one packet than MAX_NESTING cannot be. */
const MAX_OUTER = BATCH_RECORDS * 2;

/** Who carries tunnelled packets of others: sender, MAC address, TTL and VLAN of the outer headers, as columns. */
export class OuterEnds {
  count = 0;
  /** How many of them are accounted: each is in its turn, before the packet it carries. */
  noted = 0;
  /** Place of the packet in its batch, and IP version of the outer header. */
  readonly packet = new Uint16Array(MAX_OUTER);
  readonly version = new Uint8Array(MAX_OUTER);
  readonly addresses = new Uint32Array(MAX_OUTER * 4);
  readonly macs = new Uint32Array(MAX_OUTER * 2);
  readonly ttl = new Uint8Array(MAX_OUTER);
  readonly vlan = new Uint16Array(MAX_OUTER);
}

/** Keeps the outer sender of packet `i` before the headers within replace it. */
export function keepOuter(out: Packets, i: number, version: number): void {
  const { outer } = out;
  const n = outer.count;
  if (n >= MAX_OUTER) return;
  outer.count = n + 1;
  outer.packet[n] = i;
  outer.version[n] = version;
  for (let word = 0; word < 4; word++) outer.addresses[n * 4 + word] = out.addresses[i * 8 + word]!;
  outer.macs[n * 2] = out.macs[i * 4]!;
  outer.macs[n * 2 + 1] = out.macs[i * 4 + 1]!;
  outer.ttl[n] = out.ttl[i]!;
  outer.vlan[n] = out.vlan[i]!;
}

/** Notes what is wrong with a packet; the first trouble stays. Always false, so that headers can `return trouble(...)`. */
export function trouble(out: Packets, i: number, code: number): false {
  if (out.trouble[i] === 0) out.trouble[i] = code;
  return false;
}

/** A frame that ends before its header does: broken, unless the capture cut it. */
export function cutOff(out: Packets, i: number): false {
  return out.cut > 0 ? false : trouble(out, i, TROUBLE_CUT_OFF);
}

// Ethernet and everything that carries EtherTypes: VLAN tags, LLC and SNAP, PRP and HSR, MPLS, PPPoE. Each function
// reads one header at `at`, fills the columns of packet `i`, and returns whether the packet was understood.
import { readIpv4, readIpv6 } from './ip.ts';
import {
  cutOff,
  HAS_MAC,
  KIND_LINK,
  LINK_ETHERTYPE,
  LINK_LLC,
  LINK_SNAP,
  MAX_NESTING,
  type Packets,
  TROUBLE_LLC_LENGTH,
  TROUBLE_NESTING,
  trouble,
} from './packets.ts';
import { readMpls, readPppoe } from './tunnels.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Largest value that is a length (IEEE 802.3); EtherTypes start at 0x0600. */
const MAX_LENGTH = 1500;

/** Ethernet II or IEEE 802.3 header. */
export function readEthernet(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 14 > end) return cutOff(out, i);
  if (depth > MAX_NESTING) return trouble(out, i, TROUBLE_NESTING);
  if (depth > 0) out.vlan[i] = 0;
  const macs = out.macs;
  macs[i * 4] = view.getUint16(at + 6) | HAS_MAC;
  macs[i * 4 + 1] = view.getUint32(at + 8);
  macs[i * 4 + 2] = view.getUint16(at) | HAS_MAC;
  macs[i * 4 + 3] = view.getUint32(at + 2);
  return readEtherType(view, at + 14, end, out, i, view.getUint16(at + 12), depth);
}

/** What follows an EtherType: `at` is the first byte after it. */
export function readEtherType(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  type: number,
  depth: number,
): boolean {
  if (type === IPV4) return readIpv4(view, at, end, out, i, depth);
  if (type === IPV6) return readIpv6(view, at, end, out, i, depth);
  if (depth > MAX_NESTING) return trouble(out, i, TROUBLE_NESTING);
  switch (type) {
    case 0x8100: // IEEE 802.1Q
    case 0x88a8: // IEEE 802.1ad
    case 0x9100: // before 802.1ad
    case 0x9200:
      if (at + 4 > end) return cutOff(out, i);
      out.vlan[i] = view.getUint16(at) & 0xfff;
      return readEtherType(view, at + 4, end, out, i, view.getUint16(at + 2), depth + 1);
    case 0x892f: // HSR (IEC 62439-3): path and size, sequence number, EtherType
      if (at + 6 > end) return cutOff(out, i);
      return readEtherType(view, at + 6, end, out, i, view.getUint16(at + 4), depth + 1);
    case 0x8847: // MPLS unicast and multicast
    case 0x8848:
      return readMpls(view, at, end, out, i, depth);
    case 0x8864:
      return readPppoe(view, at, end, out, i, depth);
    case 0x88e7: // IEEE 802.1ah: a service tag of four bytes, then the customer's frame
      return readEthernet(view, at + 4, end, out, i, depth + 1);
    default:
      if (type <= MAX_LENGTH) return readLlc(view, at, end, out, i, type, depth);
      return linkFrame(at, withoutPrpTrailer(view, at, end), out, i, LINK_ETHERTYPE << 24, type);
  }
}

/** PRP (IEC 62439-3) puts sequence number, network (A or B) and size behind every frame, then the number 0x88fb. */
function withoutPrpTrailer(view: DataView, at: number, end: number): number {
  if (end - at < 6 || view.getUint16(end - 2) !== 0x88fb) return end;
  const network = view.getUint8(end - 4) >> 4;
  return network === 0xa || network === 0xb ? end - 6 : end;
}

/** IEEE 802.2; `length` is that of the 802.3 header, what lies behind it is padding. 0 where it is not known. */
export function readLlc(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  length: number,
  depth: number,
): boolean {
  if (length > 0 && at + length < end) end = at + length;
  else end = withoutPrpTrailer(view, at, end);
  if (at + 3 > end) return length > 0 && length < 3 ? trouble(out, i, TROUBLE_LLC_LENGTH) : cutOff(out, i);
  const dsap = view.getUint8(at);
  if (dsap === 0xaa && view.getUint8(at + 1) === 0xaa && at + 8 <= end) {
    const organization = (view.getUint16(at + 3) << 8) | view.getUint8(at + 5);
    const number = view.getUint16(at + 6);
    // RFC 1042 and the 802.1H bridge tunnel carry EtherTypes.
    if ((organization === 0 || organization === 0xf8) && number > MAX_LENGTH)
      return readEtherType(view, at + 8, end, out, i, number, depth + 1);
    return linkFrame(at + 8, end, out, i, (LINK_SNAP << 24) | organization, number);
  }
  // U frames (the two low bits set) have one control byte, I and S frames two.
  const control = (view.getUint8(at + 2) & 3) === 3 ? 3 : 4;
  return linkFrame(Math.min(at + control, end), end, out, i, LINK_LLC << 24, dsap);
}

/** A frame that carries no IP: its payload is one message of whatever has this number. */
export function linkFrame(at: number, end: number, out: Packets, i: number, type: number, number: number): boolean {
  out.kind[i] = KIND_LINK;
  out.protocol[i] = ((KIND_LINK << 28) | type) >>> 0;
  out.ports[i] = number;
  out.payloadAt[i] = at;
  out.payloadEnd[i] = end;
  out.missing[i] = out.cut;
  return true;
}

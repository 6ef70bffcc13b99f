// Frames and packets within packets: GRE (RFC 2784, 2890, 2637) with ERSPAN I to III, VXLAN (RFC 7348), IP in IP
// (RFC 2003, 4213), MPLS (RFC 3032, 4385), PPP (RFC 1661) and PPPoE (RFC 2516). The inner addresses count.
import { linkFrame, readEthernet, readEtherType } from './ethernet.ts';
import { ipPayload, readIp, readIpv4, readIpv6 } from './ip.ts';
import {
  cutOff,
  keepOuter,
  LINK_ETHERTYPE,
  MAX_NESTING,
  type Packets,
  TROUBLE_NESTING,
  TROUBLE_TUNNEL,
  trouble,
} from './packets.ts';

const GRE = 47;
/** Payloads of GRE that have addresses of their own: IP, MPLS, Ethernet, ERSPAN I to III, PPP. */
const GRE_PAYLOADS = new Set([0x0800, 0x86dd, 0x8847, 0x8848, 0x6558, 0x88be, 0x22eb, 0x880b]);
const ETHERNET_HEADER = 14;

/** What a tunnel without Ethernet inside carries has no MAC addresses of its own, and is in no VLAN of the way. */
export function forgetLink(out: Packets, i: number): void {
  out.macs[i * 4] = 0;
  out.macs[i * 4 + 1] = 0;
  out.macs[i * 4 + 2] = 0;
  out.macs[i * 4 + 3] = 0;
  out.vlan[i] = 0;
}

/** GRE behind the IP header of `version`. What is not understood is accounted between the ends of the tunnel. */
export function readGre(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  missing: number,
  depth: number,
): boolean {
  if (at + 4 > end) return cutOff(out, i) || ipPayload(end, end, out, i, version, GRE, missing);
  const flags = view.getUint16(at);
  const type = view.getUint16(at + 2);
  let inner = at + 4;
  if ((flags & 0xc000) !== 0) inner += 4; // checksum and offset
  if ((flags & 0x2000) !== 0) inner += 4; // key
  if ((flags & 0x1000) !== 0) inner += 4; // sequence number
  const greVersion = flags & 7;
  if (greVersion === 1 && (flags & 0x80) !== 0) inner += 4; // acknowledgement number of PPTP
  const routed = (flags & 0x4000) !== 0;
  if (greVersion > 1 || routed || inner >= end || !GRE_PAYLOADS.has(type))
    return ipPayload(at, end, out, i, version, GRE, missing);
  keepOuter(out, i, version);
  switch (type) {
    case 0x0800:
    case 0x86dd:
    case 0x8847:
    case 0x8848:
      forgetLink(out, i);
      return readEtherType(view, inner, end, out, i, type, depth + 1);
    case 0x6558: // transparent Ethernet bridging
      return readEthernet(view, inner, end, out, i, depth + 1);
    case 0x88be: // ERSPAN I has no header of its own and no sequence number, II has both
      return readEthernet(view, (flags & 0x1000) === 0 ? inner : inner + 8, end, out, i, depth + 1);
    case 0x22eb:
      return readErspan3(view, inner, end, out, i, depth);
    default: // PPP
      forgetLink(out, i);
      return readPpp(view, inner, end, out, i, depth + 1);
  }
}

/** ERSPAN III (draft-foschiano-erspan section 4.3): 12 bytes, and 8 more where the last bit says so. */
function readErspan3(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 12 > end) return cutOff(out, i);
  const last = view.getUint16(at + 10);
  const inner = at + ((last & 1) === 0 ? 12 : 20);
  if (((last >> 10) & 0x1f) === 2) {
    forgetLink(out, i);
    return readIp(view, inner, end, out, i, depth + 1);
  }
  return readEthernet(view, inner, end, out, i, depth + 1);
}

/** Whether the UDP payload at `at` is VXLAN: the flag that says "valid" alone, reserved bytes zero, room for a frame. */
export function isVxlan(view: DataView, at: number, end: number): boolean {
  return at + 8 + ETHERNET_HEADER <= end && view.getUint32(at) === 0x08000000 && view.getUint8(at + 7) === 0;
}

/** IP in IP: `number` 4 or 41, behind a header of `version`. */
export function readIpInIp(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  number: number,
  depth: number,
): boolean {
  keepOuter(out, i, version);
  forgetLink(out, i);
  if (number === 4) return readIpv4(view, at, end, out, i, depth + 1);
  return readIpv6(view, at, end, out, i, depth + 1);
}

/** MPLS label stack; what follows is not said but can be seen: an IP version, a control word, or an Ethernet frame. */
export function readMpls(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  for (let labels = 0; labels <= MAX_NESTING; labels++) {
    if (at + 5 > end) return cutOff(out, i);
    const isLast = (view.getUint8(at + 2) & 1) === 1;
    at += 4;
    if (!isLast) continue;
    const first = view.getUint8(at) >> 4;
    if (first === 4 || first === 6) return readIp(view, at, end, out, i, depth + 1);
    // RFC 4385: a pseudowire's control word starts with 0, but so do many MAC addresses: the EtherType decides.
    const control =
      first === 0 &&
      at + 4 + ETHERNET_HEADER <= end &&
      !isCommonType(view.getUint16(at + 12)) &&
      (isCommonType(view.getUint16(at + 16)) || view.getUint16(at + 16) <= 1500);
    return readEthernet(view, control ? at + 4 : at, end, out, i, depth + 1);
  }
  return trouble(out, i, TROUBLE_NESTING);
}
const isCommonType = (type: number) =>
  type === 0x0800 || type === 0x86dd || type === 0x0806 || type === 0x8100 || type === 0x88a8;

/** PPPoE session stage; `at` is behind the EtherType. */
export function readPppoe(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 8 > end) return cutOff(out, i);
  if (view.getUint8(at) !== 0x11) return trouble(out, i, TROUBLE_TUNNEL);
  const length = view.getUint16(at + 4);
  const stop = at + 6 + length < end ? at + 6 + length : end;
  return readPpp(view, at + 6, stop, out, i, depth + 1) || linkFrame(at, end, out, i, LINK_ETHERTYPE << 24, 0x8864);
}

/** PPP from its protocol field on, with or without address and control. False for what carries no addresses. */
export function readPpp(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 4 <= end && view.getUint16(at) === 0xff03) at += 2;
  if (at + 2 > end) return cutOff(out, i);
  let protocol = view.getUint8(at);
  if ((protocol & 1) === 1)
    at++; // compressed to one byte
  else {
    protocol = view.getUint16(at);
    at += 2;
  }
  if (protocol === 0x0021) return readIpv4(view, at, end, out, i, depth);
  if (protocol === 0x0057) return readIpv6(view, at, end, out, i, depth);
  if (protocol === 0x0281 || protocol === 0x0283) return readMpls(view, at, end, out, i, depth);
  return false;
}

// IPv4 (RFC 791) and IPv6 (RFC 8200) headers and what they carry: TCP (RFC 9293), UDP (RFC 768), anything else by
// number. Lengths of the headers decide, not that of the frame: what lies behind is Ethernet padding.
import { readEthernet } from './ethernet.ts';
import { FRAGMENT_COMPLETES, FRAGMENT_OVERLAPS, FRAGMENT_TOO_LONG } from './fragments.ts';
import {
  cutOff,
  KIND_IP,
  KIND_TCP,
  KIND_UDP,
  keepOuter,
  MAX_NESTING,
  type Packets,
  TROUBLE_FRAGMENT_BEYOND,
  TROUBLE_FRAGMENT_OVERLAP,
  TROUBLE_IP_BEYOND_FRAME,
  TROUBLE_IP_VERSION,
  TROUBLE_IPV4_HEADER,
  TROUBLE_IPV4_TOTAL,
  TROUBLE_IPV6_EXTENSION,
  TROUBLE_NESTING,
  TROUBLE_TCP_HEADER,
  TROUBLE_UDP_LENGTH,
  trouble,
} from './packets.ts';
import { isVxlan, readGre, readIpInIp } from './tunnels.ts';

const TCP = 6;
const UDP = 17;
const IPV4_IN_IP = 4;
const IPV6_IN_IP = 41;
const GRE = 47;
const AH = 51;

/** Port of VXLAN (RFC 7348), and the one that Linux used before it had one. */
const VXLAN = 4789;
const VXLAN_OLD = 8472;

/** Extension headers in one packet: RFC 8200 knows six, hostile ones are longer. */
const MAX_EXTENSIONS = 16;

/** Raw IP of either version, told by its first four bits. */
export function readIp(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at >= end) return cutOff(out, i);
  const version = view.getUint8(at) >> 4;
  if (version === 4) return readIpv4(view, at, end, out, i, depth);
  if (version === 6) return readIpv6(view, at, end, out, i, depth);
  return trouble(out, i, TROUBLE_IP_VERSION);
}

export function readIpv4(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 20 > end) return cutOff(out, i);
  const first = view.getUint8(at);
  if (first >> 4 !== 4) return trouble(out, i, TROUBLE_IP_VERSION);
  const headerLength = (first & 15) * 4;
  if (headerLength < 20) return trouble(out, i, TROUBLE_IPV4_HEADER);
  out.addresses[i * 8 + 3] = view.getUint32(at + 12);
  out.addresses[i * 8 + 7] = view.getUint32(at + 16);
  out.ttl[i] = view.getUint8(at + 8);
  // A length of 0 is what a network card is handed that cuts segments itself: the frame's length counts.
  const total = view.getUint16(at + 2) || end - at + out.cut;
  const number = view.getUint8(at + 9);
  if (total < headerLength) return trouble(out, i, TROUBLE_IPV4_TOTAL);
  let missing = 0;
  if (at + total > end) {
    missing = at + total - end;
    if (missing > out.cut) trouble(out, i, TROUBLE_IP_BEYOND_FRAME);
  } else end = at + total;
  if (at + headerLength > end) return cutOff(out, i) || ipPayload(end, end, out, i, 4, number, missing);
  const fragment = view.getUint16(at + 6);
  if ((fragment & 0x3fff) !== 0) {
    const offset = (fragment & 0x1fff) * 8;
    const more = (fragment & 0x2000) !== 0;
    const identification = view.getUint16(at + 4);
    return readFragment(view, at + headerLength, end, out, i, 4, number, missing, depth, identification, offset, more);
  }
  return readTransport(view, at + headerLength, end, out, i, 4, number, missing, depth);
}

export function readIpv6(view: DataView, at: number, end: number, out: Packets, i: number, depth: number): boolean {
  if (at + 40 > end) return cutOff(out, i);
  if (view.getUint8(at) >> 4 !== 6) return trouble(out, i, TROUBLE_IP_VERSION);
  const addresses = out.addresses;
  const a = i * 8;
  addresses[a] = view.getUint32(at + 8);
  addresses[a + 1] = view.getUint32(at + 12);
  addresses[a + 2] = view.getUint32(at + 16);
  addresses[a + 3] = view.getUint32(at + 20);
  addresses[a + 4] = view.getUint32(at + 24);
  addresses[a + 5] = view.getUint32(at + 28);
  addresses[a + 6] = view.getUint32(at + 32);
  addresses[a + 7] = view.getUint32(at + 36);
  out.ttl[i] = view.getUint8(at + 7);
  // 0 is a jumbogram (RFC 2675) or, far more often, a packet that the network card cuts into segments.
  const total = (view.getUint16(at + 4) || end - at - 40 + out.cut) + 40;
  let missing = 0;
  if (at + total > end) {
    missing = at + total - end;
    if (missing > out.cut) trouble(out, i, TROUBLE_IP_BEYOND_FRAME);
  } else end = at + total;
  return readExtensions(view, at + 40, end, out, i, view.getUint8(at + 6), missing, depth);
}

/** IPv6 extension headers (RFC 8200 section 4); `number` says what `at` is. */
function readExtensions(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  number: number,
  missing: number,
  depth: number,
): boolean {
  for (let extensions = 0; extensions < MAX_EXTENSIONS; extensions++) {
    const type = number;
    switch (type) {
      case 0: // hop-by-hop options
      case 43: // routing
      case 60: // destination options
      case 135: // mobility
      case 139: // host identity
      case 140: // shim6
      case 51: // authentication (RFC 4302): length in words less 2 instead of eight bytes less 1
        if (at + 8 > end) return cutOff(out, i) || ipPayload(end, end, out, i, 6, number, missing);
        number = view.getUint8(at);
        at += type === 51 ? (view.getUint8(at + 1) + 2) * 4 : (view.getUint8(at + 1) + 1) * 8;
        break;
      case 44: {
        // fragment
        if (at + 8 > end) return cutOff(out, i) || ipPayload(end, end, out, i, 6, number, missing);
        number = view.getUint8(at);
        const offset = view.getUint16(at + 2) & 0xfff8;
        const more = (view.getUint8(at + 3) & 1) === 1;
        const identification = view.getUint32(at + 4);
        at += 8;
        if (offset > 0 || more)
          return readFragment(view, at, end, out, i, 6, number, missing, depth, identification, offset, more);
        break;
      }
      default:
        if (at <= end) return readTransport(view, at, end, out, i, 6, number, missing, depth);
        if (missing === 0) trouble(out, i, TROUBLE_IPV6_EXTENSION);
        return ipPayload(end, end, out, i, 6, number, missing);
    }
  }
  trouble(out, i, TROUBLE_IPV6_EXTENSION);
  return ipPayload(end, end, out, i, 6, number, missing);
}

/** A fragment: accounted by itself, until the one comes that completes the packet, which then counts for it. */
function readFragment(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  number: number,
  missing: number,
  depth: number,
  identification: number,
  offset: number,
  more: boolean,
): boolean {
  // A fragment that was not captured whole can complete nothing.
  if (missing > 0) return ipPayload(end, end, out, i, version, number, missing);
  const table = out.fragments;
  const { addresses } = out;
  const frame = out.firstFrame + i;
  const time = out.times[i]!;
  const became = table.add(view, at, end, addresses, i * 8, version, identification, number, offset, more, frame, time);
  if (became === FRAGMENT_OVERLAPS) trouble(out, i, TROUBLE_FRAGMENT_OVERLAP);
  if (became === FRAGMENT_TOO_LONG) trouble(out, i, TROUBLE_FRAGMENT_BEYOND);
  if (became !== FRAGMENT_COMPLETES) return ipPayload(end, end, out, i, version, number, 0);
  const whole = table.view;
  const understood =
    version === 4
      ? readTransport(whole, 0, whole.byteLength, out, i, 4, number, 0, depth)
      : readExtensions(whole, 0, whole.byteLength, out, i, table.protocol, 0, depth);
  // Fragments within what was put together have set their own already.
  out.other[i] ??= whole;
  out.usesOther = true;
  return understood;
}

/** What an IP packet carries: `at` is the first byte behind its headers, `missing` what the capture cut off behind `end`. */
export function readTransport(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  number: number,
  missing: number,
  depth: number,
): boolean {
  if (number === TCP) return readTcp(view, at, end, out, i, version, missing);
  if (number === UDP) return readUdp(view, at, end, out, i, version, missing, depth);
  if (depth > MAX_NESTING) return trouble(out, i, TROUBLE_NESTING);
  if (number === IPV4_IN_IP || number === IPV6_IN_IP) return readIpInIp(view, at, end, out, i, version, number, depth);
  if (number === GRE) return readGre(view, at, end, out, i, version, missing, depth);
  // An authentication header behind IPv4; behind IPv6 it is an extension and does not come here.
  if (number === AH && at + 8 <= end && depth <= MAX_NESTING) {
    const inner = at + (view.getUint8(at + 1) + 2) * 4;
    if (inner <= end) return readTransport(view, inner, end, out, i, version, view.getUint8(at), missing, depth + 1);
  }
  return ipPayload(at, end, out, i, version, number, missing);
}

function readTcp(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  missing: number,
): boolean {
  if (at + 20 > end) return cutOff(out, i) || ipPayload(end, end, out, i, version, TCP, missing);
  const headerLength = (view.getUint8(at + 12) >> 4) * 4;
  if (headerLength < 20 || at + headerLength > end + missing) {
    trouble(out, i, TROUBLE_TCP_HEADER);
    return ipPayload(end, end, out, i, version, TCP, missing);
  }
  out.kind[i] = KIND_TCP;
  out.protocol[i] = (KIND_TCP << 28) | (version << 24) | TCP;
  out.ports[i] = view.getUint32(at);
  out.sequence[i] = view.getUint32(at + 4);
  out.acknowledged[i] = view.getUint32(at + 8);
  out.flags[i] = view.getUint8(at + 13);
  const payload = at + headerLength;
  out.payloadAt[i] = payload < end ? payload : end;
  out.payloadEnd[i] = end;
  out.missing[i] = payload <= end ? missing : missing - (payload - end);
  return true;
}

function readUdp(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  missing: number,
  depth: number,
): boolean {
  if (at + 8 > end) return cutOff(out, i) || ipPayload(end, end, out, i, version, UDP, missing);
  // 0 as with IP: the card fills it in (or RFC 2675). Longer than the IP packet: what is there counts.
  const length = view.getUint16(at + 4) || end - at + missing;
  if (length < 8) {
    trouble(out, i, TROUBLE_UDP_LENGTH);
    return ipPayload(end, end, out, i, version, UDP, missing);
  }
  if (at + length > end + missing) trouble(out, i, TROUBLE_UDP_LENGTH);
  const port = view.getUint16(at + 2);
  if ((port === VXLAN || port === VXLAN_OLD) && isVxlan(view, at + 8, end)) {
    keepOuter(out, i, version);
    return readEthernet(view, at + 16, end, out, i, depth + 1);
  }
  out.kind[i] = KIND_UDP;
  out.protocol[i] = (KIND_UDP << 28) | (version << 24) | UDP;
  out.ports[i] = view.getUint32(at);
  out.payloadAt[i] = at + 8;
  if (at + length <= end) {
    out.payloadEnd[i] = at + length;
    out.missing[i] = 0;
  } else {
    out.payloadEnd[i] = end;
    out.missing[i] = at + length - end;
  }
  return true;
}

/** A packet without ports: accounted between its two addresses. Always true: the addresses were understood. */
export function ipPayload(
  at: number,
  end: number,
  out: Packets,
  i: number,
  version: number,
  number: number,
  missing: number,
): boolean {
  out.kind[i] = KIND_IP;
  out.protocol[i] = (KIND_IP << 28) | (version << 24) | number;
  out.ports[i] = 0;
  out.payloadAt[i] = at;
  out.payloadEnd[i] = end;
  out.missing[i] = missing;
  return true;
}

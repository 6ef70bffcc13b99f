// The door to `packet/`: one frame of a capture to columns, by the link type of the interface it was captured on
// (numbers of the tcpdump.org LINKTYPE registry).
import { hasRadioChecksum, saysChecksumRight } from '../crc16.ts';
import { linkFrame, readEthernet, readEtherType, readLlc } from './ethernet.ts';
import { readIp } from './ip.ts';
import { cutOff, HAS_MAC, KIND_NONE, LINK_ETHERTYPE, type Packets, TROUBLE_LINK_TYPE, trouble } from './packets.ts';
import { readPpp, readPppoe } from './tunnels.ts';
import { readRadiotap, readWlan } from './wlan.ts';

const ETHERNET = 1;
/** EtherType of IEEE 802.15.4, under which its frames are handed on; they carry no MAC addresses of six bytes. */
const RADIO = 0x809a;
/** ARPHRD_ETHER and ARPHRD_LOOPBACK: hardware addresses of six bytes that are MAC addresses. */
const HARDWARE_ETHERNET = 1;

/** Reads the headers of the frame in [at, end) of `view` into the columns of packet `i`. `out.cut` must be set. */
export function readFrame(view: DataView, at: number, end: number, linkType: number, out: Packets, i: number): boolean {
  out.kind[i] = KIND_NONE;
  out.trouble[i] = 0;
  out.vlan[i] = 0;
  out.ttl[i] = 0;
  if (linkType === ETHERNET && at + 14 <= end) return readEthernet(view, at, end, out, i, 0);
  out.macs[i * 4] = 0;
  out.macs[i * 4 + 1] = 0;
  out.macs[i * 4 + 2] = 0;
  out.macs[i * 4 + 3] = 0;
  switch (linkType) {
    case ETHERNET:
      return cutOff(out, i);
    case 0: // BSD loopback: address family in the byte order of the machine that captured
    case 108: // the same in network order
      return at + 4 > end ? cutOff(out, i) : readIp(view, at + 4, end, out, i, 0);
    case 9: // PPP
    case 50: // PPP in HDLC-like framing
      return readPpp(view, at, end, out, i, 0);
    case 51:
      return readPppoe(view, at, end, out, i, 0);
    case 12: // raw IP as BSD, OpenBSD and the registry number it, IPv4 only, IPv6 only
    case 14:
    case 101:
    case 228:
    case 229:
      return readIp(view, at, end, out, i, 0);
    case 104: // Cisco HDLC: address, control, EtherType
      return at + 4 > end ? cutOff(out, i) : readEtherType(view, at + 4, end, out, i, view.getUint16(at + 2), 0);
    case 105:
      return readWlan(view, at, end, out, i);
    case 127:
      return readRadiotap(view, at, end, out, i);
    case 113:
      return readCooked(view, at, end, out, i);
    case 195: // IEEE 802.15.4 with its checksum, and without
      return readRadio(view, at, end, 2, out, i);
    case 230:
      return readRadio(view, at, end, 0, out, i);
    case 283:
      return readRadioTap(view, at, end, out, i);
    case 240: // netANALYZER: four bytes of its own before the frame
      return readEthernet(view, at + 4, end, out, i, 0);
    case 276:
      return readCooked2(view, at, end, out, i);
    default:
      return trouble(out, i, TROUBLE_LINK_TYPE);
  }
}

/** IEEE 802.15.4 TAP: version, length of the header, fields of type, length and value, each filled up to four bytes. */
function readRadioTap(view: DataView, at: number, end: number, out: Packets, i: number): boolean {
  if (at + 4 > end) return cutOff(out, i);
  const frame = at + view.getUint16(at + 2, true);
  let checksum = 0;
  for (
    let field = at + 4;
    field + 5 <= frame && field + 5 <= end;
    field += 4 + ((view.getUint16(field + 2, true) + 3) & ~3)
  )
    if (view.getUint16(field, true) === 0) checksum = view.getUint8(field + 4) * 2; // none, 16 bits, 32 bits
  return frame < at + 4 ? cutOff(out, i) : readRadio(view, frame, end, checksum, out, i);
}

/** A radio frame with so many bytes of checksum behind it. What the air damaged is nobody's. */
function readRadio(view: DataView, at: number, end: number, checksum: number, out: Packets, i: number): boolean {
  if (at + 3 + checksum > end) return cutOff(out, i);
  if (out.cut > 0) checksum = 0;
  if (checksum === 2) {
    if (hasRadioChecksum(view, at, end)) out.radioHasChecksums = true;
    else if (out.radioHasChecksums || !saysChecksumRight(view, at, end)) return false;
  }
  return linkFrame(at, end - checksum, out, i, LINK_ETHERTYPE << 24, RADIO);
}

/** Linux cooked v1: packet type, ARPHRD, length of the address, address (8), protocol. */
function readCooked(view: DataView, at: number, end: number, out: Packets, i: number): boolean {
  if (at + 16 > end) return cutOff(out, i);
  setSource(view, at + 6, view.getUint16(at + 2), view.getUint16(at + 4), out, i);
  return readCookedProtocol(view, at + 16, end, out, i, view.getUint16(at + 14));
}

/** Linux cooked v2: protocol, reserved (2), interface (4), ARPHRD, packet type, length of the address, address (8). */
function readCooked2(view: DataView, at: number, end: number, out: Packets, i: number): boolean {
  if (at + 20 > end) return cutOff(out, i);
  setSource(view, at + 12, view.getUint16(at + 8), view.getUint8(at + 11), out, i);
  return readCookedProtocol(view, at + 20, end, out, i, view.getUint16(at));
}

/** Cooked frames tell the sender's address only. */
function setSource(view: DataView, at: number, hardware: number, length: number, out: Packets, i: number): void {
  if (hardware !== HARDWARE_ETHERNET || length !== 6) return;
  out.macs[i * 4] = view.getUint16(at) | HAS_MAC;
  out.macs[i * 4 + 1] = view.getUint32(at + 2);
}

/** 1 is an 802.3 frame without LLC (Novell), 4 is LLC, what is below 0x0600 otherwise is Linux's own. */
function readCookedProtocol(
  view: DataView,
  at: number,
  end: number,
  out: Packets,
  i: number,
  protocol: number,
): boolean {
  if (protocol === 4) return readLlc(view, at, end, out, i, 0, 0);
  if (protocol < 0x0600) return false;
  return readEtherType(view, at, end, out, i, protocol, 0);
}

// IEEE 802.11 frames (section 9.2 to 9.3), bare or behind a radiotap header (radiotap.org). Data frames in clear are read
// on; of encrypted and management frames only the ends are known.
import { linkFrame, readLlc } from './ethernet.ts';
import { cutOff, HAS_MAC, LINK_WLAN, type Packets } from './packets.ts';

const MANAGEMENT = 0;
const DATA = 2;
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
/** Bits of the subtype of data frames. */
const NO_DATA = 0x4;
const QOS = 0x8;
/** QoS control: the frame body holds several units, each with addresses and length. */
const AGGREGATED = 0x80;

const FCS_AT_END = 0x10;
const BAD_FCS = 0x40;

export function readRadiotap(view: DataView, at: number, end: number, out: Packets, i: number): boolean {
  if (at + 8 > end) return cutOff(out, i);
  const length = view.getUint16(at + 2, true);
  if (length < 8 || at + length > end) return cutOff(out, i);
  const present = view.getUint32(at + 4, true);
  if ((present & 2) !== 0) {
    let field = at + 8;
    for (let word = at + 4; (view.getUint32(word, true) & 0x80000000) !== 0 && field + 4 <= at + length; word += 4)
      field += 4;
    // Fields are aligned to their size from the start of the header; a time of 8 bytes may come before the flags.
    if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8;
    const flags = field < at + length ? view.getUint8(field) : 0;
    if ((flags & BAD_FCS) !== 0) return false;
    if ((flags & FCS_AT_END) !== 0 && out.cut === 0 && end - 4 > at + length) end -= 4;
  }
  return readWlan(view, at + length, end, out, i);
}

export function readWlan(view: DataView, at: number, end: number, out: Packets, i: number): boolean {
  if (at + 10 > end) return cutOff(out, i);
  const control = view.getUint8(at);
  const flags = view.getUint8(at + 1);
  const type = (control >> 2) & 3;
  if (type !== DATA && type !== MANAGEMENT) return false; // control frames: most have no sender
  if (at + 24 > end) return cutOff(out, i);
  const subtype = control >> 4;
  const toDs = (flags & TO_DS) !== 0;
  const fromDs = (flags & FROM_DS) !== 0;
  const isData = type === DATA;
  if (isData && toDs && fromDs && at + 30 > end) return cutOff(out, i);
  const source = !isData || !fromDs ? at + 10 : toDs ? at + 24 : at + 16;
  const destination = !isData || !toDs ? at + 4 : at + 16;
  setMacs(view, source, destination, out, i);
  const number = control >> 2;
  let body = at + 24;
  if (isData && toDs && fromDs) body += 6;
  const isQos = isData && (subtype & QOS) !== 0;
  const aggregated = isQos && body < end && (view.getUint8(body) & AGGREGATED) !== 0;
  if (isQos) body += (flags & ORDER) !== 0 ? 6 : 2;
  const isFragment = (flags & MORE_FRAGMENTS) !== 0 || (view.getUint16(at + 22, true) & 0xf) !== 0;
  if (!isData || (subtype & NO_DATA) !== 0 || (flags & PROTECTED) !== 0 || isFragment || body >= end)
    return linkFrame(end, end, out, i, LINK_WLAN << 24, number);
  if (!aggregated) return readLlc(view, body, end, out, i, 0, 0);
  if (body + 14 > end) return cutOff(out, i);
  // The first unit of several; the others go the same way and are rare in what is not encrypted.
  setMacs(view, body + 6, body, out, i);
  return readLlc(view, body + 14, end, out, i, view.getUint16(body + 12), 0);
}

function setMacs(view: DataView, source: number, destination: number, out: Packets, i: number): void {
  out.macs[i * 4] = view.getUint16(source) | HAS_MAC;
  out.macs[i * 4 + 1] = view.getUint32(source + 2);
  out.macs[i * 4 + 2] = view.getUint16(destination) | HAS_MAC;
  out.macs[i * 4 + 3] = view.getUint32(destination + 2);
}

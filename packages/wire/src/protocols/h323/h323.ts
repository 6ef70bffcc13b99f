// H.323: older video conferences and telephone gateways. Their call signalling is recognised; what it says is packed in
// a way of its own (ASN.1 PER) and not read.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

/** TPKT header (RFC 1006), then a Q.931 message (ITU-T Q.931 section 4): discriminator 8, call reference of two bytes. */
function lengthOf(reader: Reader): number {
  if (reader.peek() !== 3 || (reader.left > 1 && reader.peek(1) !== 0)) return NOT_MINE;
  if (reader.left < 9) return NEED_MORE;
  const length = reader.peek16(2);
  const isQ931 = reader.peek(4) === 8 && reader.peek(5) === 2 && MESSAGES.has(reader.peek(8));
  return isQ931 && length >= 9 ? length : NOT_MINE;
}

/** Alerting, call proceeding, setup, progress, connect, release complete, status, facility, notify, information. */
const MESSAGES = new Set([0x01, 0x02, 0x03, 0x05, 0x07, 0x0d, 0x5a, 0x62, 0x6e, 0x75, 0x7b, 0x7d]);
const SIGNALLING = {};

export const h323 = protocol({
  name: 'h323',
  title: 'H.323 call signalling',
  spec: 'ITU-T H.225.0 section 7; ITU-T Q.931',
  depth: 'recognised',
  on: { tcp: [1720] },
  tells: [],
  firstBytes: [3],
  recognise: (reader) => lengthOf(reader) > 0,
  frame: lengthOf,
  read: (reader) => (lengthOf(reader) > 0 ? SIGNALLING : undefined),
  observe() {},
});

// TPKT and COTP: what carries S7comm, S7comm-plus, MMS and others over TCP port 102. A packet says how long it is and
// whether it opens a connection or carries data; whose data it is shows in the first byte of them.
import { type Conversation, NEED_MORE, NOT_MINE } from '../../protocol.ts';
import { hexPairs, Reader } from '../../reader.ts';

/** TPKT header (RFC 1006 section 6), and the shortest COTP header after it. */
export const TPKT = 4;
const SHORTEST = TPKT + 3;

/** COTP packet types (RFC 905 section 13). */
const CONNECT_REQUEST = 0xe0;
const CONNECT_CONFIRM = 0xd0;
export const COTP_DATA = 0xf0;
/** Besides data: connect, disconnect request and confirm, expedited data, error. */
const TYPES: readonly number[] = [CONNECT_REQUEST, CONNECT_CONFIRM, 0x80, 0xc0, 0x10, 0x70];

const CALLING_TSAP = 0xc1;
const CALLED_TSAP = 0xc2;
/** Data of one packet after reassembly: S7 agrees on at most 65,535 bytes per PDU. */
const MAX_REASSEMBLED = 64 * 1024;
/** Pieces of it; with the smallest size of a packet that two ends can agree on, 128 bytes, this is half of that. */
const MAX_PIECES = 256;

/** What is kept between packets of one connection. */
export interface CotpState {
  /** True once a packet was the protocol's beyond doubt. */
  isProven: boolean;
  /** Pieces of data whose last one is still to come, per direction (0 from the client). */
  readonly pieces: [Uint8Array[], Uint8Array[]];
}
export const openCotp = (): CotpState => ({ isProven: false, pieces: [[], []] });

export interface Connect {
  readonly isConfirm: boolean;
  /** As in the packet; empty where it has none. */
  readonly calling: Uint8Array;
  readonly called: Uint8Array;
}

/**
 * Whose packets these are: by the called TSAP of a connection where that tells, else by the first byte of the first data,
 * for which the connect packets then wait. Two-byte TSAPs never tell: servers of MMS have been met under 02.00 too.
 */
export interface CotpUser {
  readonly ownsTsap?: (called: Uint8Array) => boolean;
  /** `at`: where the byte is, for a user whose first byte others have too. Undefined where more bytes are needed. */
  readonly ownsData: (first: number, reader: Reader, at: number) => boolean | undefined;
  /** Whether data that start with this byte are the user's on a connection that is its own already. */
  readonly ownsLater?: (first: number) => boolean;
}

/** Length of the packet that starts here, NOT_MINE where it is another user's. */
export function cotpFrame(reader: Reader, conversation: Conversation<CotpState>, user: CotpUser): number {
  const length = packetLength(reader, 0);
  if (length === NEED_MORE || length === NOT_MINE) return length;
  const { isProven, pieces } = conversation.state;
  if (isProven && isPacket(reader, user)) return length;
  if (pieces[conversation.fromClient ? 0 : 1].length > 0) return length;
  const kind = reader.peek(TPKT + 1) & 0xf0;
  if (kind === CONNECT_REQUEST || kind === CONNECT_CONFIRM) {
    if (reader.left < length) return NEED_MORE;
    const connect = readConnect(new Reader(reader.view, reader.at + TPKT, reader.at + length));
    if (!connect) return NOT_MINE;
    if (user.ownsTsap?.(connect.called)) return length;
  }
  const owner = ownerOfData(reader, user);
  return owner > 0 ? length : owner;
}

/** Length of the packet at an offset, as far as its header says so. */
function packetLength(reader: Reader, offset: number): number {
  const version = reader.peek(offset);
  if (version < 0) return NEED_MORE;
  if (version !== 3) return NOT_MINE;
  const length = reader.peek16(offset + 2);
  if (length < 0) return NEED_MORE;
  const header = reader.peek(offset + TPKT);
  if (header < 0 || reader.peek(offset + TPKT + 1) < 0) return length < SHORTEST ? NOT_MINE : NEED_MORE;
  return header < 2 || TPKT + 1 + header > length ? NOT_MINE : length;
}

/** Once a connection is proven, everything that looks like its packets is taken; data in another user's form is not. */
function isPacket(reader: Reader, user: CotpUser): boolean {
  const type = reader.peek(TPKT + 1);
  if (type !== COTP_DATA) return TYPES.includes(type & 0xf0);
  return isEmpty(reader, 0) || user.ownsLater?.(reader.peek(TPKT + 1 + reader.peek(TPKT))) === true;
}
const isEmpty = (reader: Reader, offset: number): boolean =>
  reader.peek16(offset + 2) === TPKT + 1 + reader.peek(offset + TPKT);

/** Packets without data that are passed over in the search for the first data. */
const MAX_PASSED = 16;

/** 1 where the first data from here on are the user's, NOT_MINE where they are not, NEED_MORE where there are none yet. */
function ownerOfData(reader: Reader, user: CotpUser): number {
  let offset = 0;
  for (let i = 0; i < MAX_PASSED; i++) {
    const length = packetLength(reader, offset);
    if (length === NEED_MORE || length === NOT_MINE) return length;
    const type = reader.peek(offset + TPKT + 1);
    if (type === COTP_DATA && !isEmpty(reader, offset)) {
      const at = offset + TPKT + 1 + reader.peek(offset + TPKT);
      const first = reader.peek(at);
      const owns = first < 0 ? undefined : user.ownsData(first, reader, at);
      return owns === undefined ? NEED_MORE : owns ? 1 : NOT_MINE;
    }
    if (type !== COTP_DATA && !TYPES.includes(type & 0xf0)) return NOT_MINE;
    offset += length;
  }
  return NOT_MINE;
}

/** Reads a connect request or confirm from the COTP length on; undefined where it is neither. */
export function readConnect(reader: Reader): Connect | undefined {
  const header = reader.sub(reader.u8());
  const type = header.u8() & 0xf0;
  if (type !== CONNECT_REQUEST && type !== CONNECT_CONFIRM) return undefined;
  header.skip(5); // references, class
  let calling: Uint8Array = NOTHING;
  let called: Uint8Array = NOTHING;
  while (header.left >= 2) {
    const code = header.u8();
    const value = header.bytes(header.u8());
    if (code === CALLING_TSAP) calling = value;
    else if (code === CALLED_TSAP) called = value;
  }
  return header.ok ? { isConfirm: type === CONNECT_CONFIRM, calling, called } : undefined;
}
const NOTHING = new Uint8Array(0);

export type CotpPacket = { readonly connect: Connect } | { readonly data: Reader } | 'other';

/** Reads one packet. Data in pieces come with the last of them, as one; before that, and without data, it is `other`. */
export function readCotp(reader: Reader, conversation: Conversation<CotpState>): CotpPacket | undefined {
  reader.skip(TPKT);
  const header = reader.peek(0);
  const type = reader.peek(1);
  const kind = type & 0xf0;
  if (kind === CONNECT_REQUEST || kind === CONNECT_CONFIRM) {
    const connect = readConnect(reader);
    return connect && { connect };
  }
  if (type !== COTP_DATA) return reader.ok ? 'other' : undefined;
  reader.skip(2);
  const isLast = (reader.u8() & 0x80) !== 0;
  reader.skip(header - 2);
  if (!reader.ok) return undefined;
  const pieces = conversation.state.pieces[conversation.fromClient ? 0 : 1];
  if (isLast && pieces.length === 0) return reader.left > 0 ? { data: reader } : 'other';
  pieces.push(reader.bytes(reader.left).slice());
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > MAX_REASSEMBLED || pieces.length > MAX_PIECES) pieces.length = 0;
  if (!isLast || pieces.length === 0) return 'other';
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces.splice(0)) {
    whole.set(piece, at);
    at += piece.length;
  }
  return { data: new Reader(new DataView(whole.buffer), 0, length) };
}

/** A TSAP as Siemens' tools write it: two bytes as "03.01", text as text, anything else in hex. */
export function formatTsap(tsap: Uint8Array): string {
  if (tsap.length === 2) return hexPairs(tsap, '.').toUpperCase();
  const text = String.fromCharCode(...tsap.subarray(0, 64));
  return /^[\x21-\x7e]+$/.test(text) ? text : hexPairs(tsap, '');
}

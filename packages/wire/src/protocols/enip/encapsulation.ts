// The encapsulation of EtherNet/IP (CIP volume 2, chapter 2): a header of 24 bytes, then items in the common packet
// format that say where a CIP message belongs and carry it.
import { type Conversation, NEED_MORE, NOT_MINE } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { type Identity, readIdentityAttribute } from '../cip/identity.ts';

export const HEADER = 24;

export const LIST_SERVICES = 0x04;
export const LIST_IDENTITY = 0x63;
export const LIST_INTERFACES = 0x64;
export const REGISTER_SESSION = 0x65;
export const UNREGISTER_SESSION = 0x66;
export const SEND_RR_DATA = 0x6f;
export const SEND_UNIT_DATA = 0x70;
/** Rockwell's question of old for a device's address, still the first one of its tools. */
export const LEGACY_TARGETS = 0x01;
/** Commands end here; those that the standard leaves to older devices lie between the others (table 2-3.2). */
const LAST_COMMAND = 0xff;
/** Status codes of the header (table 2-3.3). */
const STATUSES = new Set([0x00, 0x01, 0x02, 0x03, 0x64, 0x65, 0x69, 0x6a]);

export const ITEM_LEGACY_TARGET = 0x01;
export const ITEM_IDENTITY = 0x0c;
export const ITEM_SECURITY = 0x86;
export const ITEM_CONNECTED_ADDRESS = 0xa1;
export const ITEM_CONNECTED_DATA = 0xb1;
export const ITEM_UNCONNECTED_DATA = 0xb2;
/** Cyclic data: connection and sequence number. */
export const ITEM_SEQUENCED_ADDRESS = 0x8002;

/** Two items are usual, four the most that a message of today has (socket addresses). */
const MAX_ITEMS = 16;

const little = (wide: number): number => (wide < 0 ? -1 : ((wide & 0xff) << 8) | (wide >> 8));

/** Length of the message that starts here; `frame` of the protocol. */
export function frameLength(reader: Reader, _conversation?: Conversation<unknown>): number {
  const command = little(reader.peek16());
  if (command < 0) return NEED_MORE;
  if (command > LAST_COMMAND) return NOT_MINE;
  if (reader.left < HEADER) return NEED_MORE;
  // A header that says otherwise must be thrown away by the receiver (2-3.6, 2-3.3).
  if (reader.peek16(20) !== 0 || reader.peek16(22) !== 0) return NOT_MINE;
  if (reader.peek16(10) !== 0 || reader.peek(9) !== 0 || !STATUSES.has(reader.peek(8))) return NOT_MINE;
  return HEADER + little(reader.peek16(2));
}

/** True for bytes that can hardly be anything but an encapsulation header with its command's data. */
export function looksLikeEnip(reader: Reader): boolean {
  const length = frameLength(reader);
  if (length <= 0) return false;
  const data = length - HEADER;
  const session = reader.peek16(4) !== 0 || reader.peek16(6) !== 0;
  switch (little(reader.peek16())) {
    case LIST_SERVICES:
    case LIST_IDENTITY:
    case LIST_INTERFACES:
      if (data === 0) return !session && reader.left === HEADER;
      return little(reader.peek16(HEADER)) <= MAX_ITEMS && length === reader.left;
    case REGISTER_SESSION:
      return data === 4 && little(reader.peek16(HEADER)) === 1 && reader.peek16(HEADER + 2) === 0;
    case SEND_RR_DATA:
    case SEND_UNIT_DATA: {
      const count = little(reader.peek16(HEADER + 6));
      return session && data >= 16 && reader.peek16(HEADER) === 0 && count >= 2 && count <= MAX_ITEMS;
    }
    default:
      return false;
  }
}

export interface EnipHeader {
  readonly command: number;
  readonly session: number;
  readonly status: number;
  /** Eight bytes that the answer repeats, in two halves. */
  readonly contextLow: number;
  readonly contextHigh: number;
}

/** Reads the header; undefined where it is none. The reader stands on the data then. */
export function readHeader(reader: Reader): EnipHeader | undefined {
  if (frameLength(reader) < HEADER) return undefined;
  const command = reader.u16le();
  reader.skip(2);
  const session = reader.u32le();
  const status = reader.u32le();
  const contextLow = reader.u32le();
  const contextHigh = reader.u32le();
  reader.skip(4);
  return { command, session, status, contextLow, contextHigh };
}

export interface Item {
  readonly type: number;
  readonly data: Reader;
}

/** Reads items one by one into `take`. False where they are cut off; what came before was taken. */
export function eachItem(reader: Reader, take: (type: number, data: Reader) => void): boolean {
  const count = reader.u16le();
  for (let i = 0; i < count && i < MAX_ITEMS; i++) {
    const type = reader.u16le();
    const data = reader.sub(reader.u16le());
    if (!reader.ok) return false;
    take(type, data);
  }
  return reader.ok;
}

/** One device of a ListIdentity answer, with the address it says it has; empty where it says none. */
export interface ListedIdentity {
  readonly identity: Identity;
  readonly ip: string;
}

/** The CIP Identity item (2-4.3.2): version, socket address in network byte order, then the Identity object's fields. */
export function readIdentityItem(item: Reader): ListedIdentity {
  item.skip(2 + 2 + 2);
  const ip = item.ipv4();
  item.skip(8);
  const identity: Identity = {};
  let attribute = 1;
  while (attribute <= 8 && readIdentityAttribute(item, attribute, identity)) attribute++;
  return { identity, ip };
}

/** Address in the item that answers LEGACY_TARGETS: version and flags, then a socket address as in ListIdentity. */
export function readLegacyTarget(item: Reader): string {
  item.skip(2 + 2 + 2 + 2);
  const ip = item.ipv4();
  return item.ok ? ip : '';
}

/** State of CIP Security in the item of the same name (CIP volume 8); -1 where it is cut off. */
export function readSecurityItem(item: Reader): number {
  item.skip(2);
  const state = item.u8();
  return item.ok ? state : -1;
}

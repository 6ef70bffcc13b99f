// The two layers below BACnet's services: the virtual link layer that makes IP networks look like one (ASHRAE 135, annex
// J and U), and the network layer that routes between BACnet networks (clause 6).
import type { Reader } from '../../reader.ts';
import { stationAddress } from './tags.ts';

export const BVLC_IPV4 = 0x81;
export const BVLC_IPV6 = 0x82;

export const WRITE_BROADCAST_TABLE = 'write broadcast distribution table';
export const READ_BROADCAST_TABLE = 'read broadcast distribution table';
export const BROADCAST_TABLE = 'broadcast distribution table';
export const FORWARDED = 'forwarded';
export const REGISTER_FOREIGN = 'register as foreign device';
export const READ_FOREIGN_TABLE = 'read foreign device table';
export const FOREIGN_TABLE = 'foreign device table';
export const DELETE_FOREIGN = 'delete foreign device table entry';
export const DISTRIBUTE = 'distribute broadcast to network';
export const PLAIN = 'plain';
export const BROADCAST = 'broadcast';
export const RESULT = 'result';
export const SECURED = 'secured';
export const RESOLUTION = 'address resolution';
export type LinkFunction =
  | typeof WRITE_BROADCAST_TABLE
  | typeof READ_BROADCAST_TABLE
  | typeof BROADCAST_TABLE
  | typeof FORWARDED
  | typeof REGISTER_FOREIGN
  | typeof READ_FOREIGN_TABLE
  | typeof FOREIGN_TABLE
  | typeof DELETE_FOREIGN
  | typeof DISTRIBUTE
  | typeof PLAIN
  | typeof BROADCAST
  | typeof RESULT
  | typeof SECURED
  | typeof RESOLUTION;

const IPV4_FUNCTIONS: readonly LinkFunction[] = [
  RESULT,
  WRITE_BROADCAST_TABLE,
  READ_BROADCAST_TABLE,
  BROADCAST_TABLE,
  FORWARDED,
  REGISTER_FOREIGN,
  READ_FOREIGN_TABLE,
  FOREIGN_TABLE,
  DELETE_FOREIGN,
  DISTRIBUTE,
  PLAIN,
  BROADCAST,
  SECURED,
];
const IPV6_FUNCTIONS: readonly LinkFunction[] = [
  RESULT,
  PLAIN,
  BROADCAST,
  RESOLUTION,
  RESOLUTION,
  RESOLUTION,
  RESOLUTION,
  RESOLUTION,
  FORWARDED,
  REGISTER_FOREIGN,
  DELETE_FOREIGN,
  SECURED,
  DISTRIBUTE,
];

export interface LinkHeader {
  readonly function: LinkFunction;
  /** Address of the device that a BBMD forwards for; empty where the frame is its own. */
  readonly origin: string;
  /** Address and port of who is in a table that a BBMD was asked for. */
  readonly entries: readonly string[];
  /** Whether a message of the network layer follows. */
  readonly carries: boolean;
  /** Length of the whole as the header says. */
  readonly length: number;
}

/** Reads the header of the virtual link layer; undefined where it is none. */
export function readLinkHeader(reader: Reader): LinkHeader | undefined {
  const type = reader.u8();
  const number = reader.u8();
  const length = reader.u16();
  if (!reader.ok || length < 4) return undefined;
  const what = (type === BVLC_IPV4 ? IPV4_FUNCTIONS : type === BVLC_IPV6 ? IPV6_FUNCTIONS : [])[number];
  if (what === undefined) return undefined;
  let origin = '';
  if (type === BVLC_IPV6) {
    reader.skip(number === 1 ? 6 : 3);
    if (what === FORWARDED) {
      origin = reader.ipv6();
      reader.skip(2);
    }
  } else if (what === FORWARDED) {
    origin = reader.ipv4();
    reader.skip(2);
  }
  const isTable = type === BVLC_IPV4 && (what === BROADCAST_TABLE || what === FOREIGN_TABLE);
  const entries = isTable ? readTable(reader) : NO_ENTRIES;
  const carries = what === PLAIN || what === BROADCAST || what === FORWARDED || what === DISTRIBUTE;
  return reader.ok ? { function: what, origin, entries, carries, length } : undefined;
}

const NO_ENTRIES: readonly string[] = [];
/** Entries of one table; a large site has some hundred BBMDs. */
const MAX_ENTRIES = 500;
/** Address, port and mask, or address, port and two times: ten octets in both tables (J.2.4, J.2.8). */
const ENTRY_LENGTH = 10;

function readTable(reader: Reader): readonly string[] {
  const entries: string[] = [];
  while (reader.left >= ENTRY_LENGTH && entries.length < MAX_ENTRIES) {
    entries.push(`${reader.ipv4()}:${reader.u16()}`);
    reader.skip(4);
  }
  return entries;
}

/** Whether these bytes are a header of the virtual link layer with just the length of the datagram. */
export function looksLikeBacnet(reader: Reader): boolean {
  const type = reader.peek();
  const number = reader.peek(1);
  const length = reader.left;
  if ((type !== BVLC_IPV4 && type !== BVLC_IPV6) || reader.peek16(2) !== length) return false;
  // What carries a message has the version of the network layer at its place.
  const at = type === BVLC_IPV4 ? NPDU_AT_IPV4[number] : NPDU_AT_IPV6[number];
  if (at !== undefined) return reader.peek(at) === VERSION && (reader.peek(at + 1) & RESERVED_BITS) === 0;
  // Questions to a BBMD have a length of their own: reading its tables, registering with it.
  return type === BVLC_IPV4 && length === QUESTION_LENGTHS[number];
}
const QUESTION_LENGTHS: Readonly<Record<number, number>> = { 2: 4, 5: 6, 6: 4 };
const RESERVED_BITS = 0x50;
const NPDU_AT_IPV4: Readonly<Record<number, number>> = { 4: 10, 9: 4, 10: 4, 11: 4 };
const NPDU_AT_IPV6: Readonly<Record<number, number>> = { 1: 10, 2: 7, 8: 25, 12: 7 };

const VERSION = 1;

/** A station on a BACnet network, as the network layer names it. */
export interface Station {
  readonly network: number;
  /** As people write it; empty for a broadcast on that network. */
  readonly address: string;
}

export interface NetworkHeader {
  /** Whom the message is for and from, where that is on another network. */
  readonly destination: Station | undefined;
  readonly source: Station | undefined;
  /** Type of a message of the network layer itself; -1 where a service follows. */
  readonly type: number;
}

export const ALL_NETWORKS = 0xffff;
/** Longest address of a station (LonTalk's unique node identifier has seven, IPv6 eighteen octets). */
const MAX_ADDRESS = 18;

/** Reads the header of the network layer (6.2); undefined where it is none. */
export function readNetworkHeader(reader: Reader): NetworkHeader | undefined {
  if (reader.u8() !== VERSION) return undefined;
  const control = reader.u8();
  let destination: Station | undefined;
  let source: Station | undefined;
  if (control & 0x20) destination = readStation(reader);
  if (control & 0x08) source = readStation(reader);
  if (control & 0x20) reader.skip(1);
  let type = -1;
  if (control & 0x80) {
    type = reader.u8();
    if (type >= 0x80) reader.skip(2);
  }
  if (!reader.ok || (source && (source.network === 0 || source.address === ''))) return undefined;
  return { destination, source, type };
}

function readStation(reader: Reader): Station | undefined {
  const network = reader.u16();
  const length = reader.u8();
  if (length > MAX_ADDRESS) {
    reader.ok = false;
    return undefined;
  }
  const bytes = reader.bytes(length);
  return { network, address: length === 0 ? '' : stationAddress(bytes) };
}

// Messages of the network layer (6.4) that tell something.
export const I_AM_ROUTER = 0x01;
export const INITIALIZE_ROUTING_TABLE = 0x06;
export const ROUTING_TABLE = 0x07;
export const ESTABLISH_CONNECTION = 0x08;
export const DISCONNECT = 0x09;
export const NETWORK_NUMBER_IS = 0x13;

/** Networks that one router announces at most; a table of all 65,534 would be no plant. */
const MAX_NETWORKS = 256;

/** Network numbers of I-Am-Router-To-Network. */
export function readNetworks(reader: Reader): readonly number[] {
  const networks: number[] = [];
  while (networks.length < MAX_NETWORKS && reader.left >= 2) networks.push(reader.u16());
  return networks;
}

/** Network numbers of a routing table: number, port, and information of a length of its own (6.4.7). */
export function readRoutingTable(reader: Reader): readonly number[] {
  const networks: number[] = [];
  const count = reader.u8();
  for (let i = 0; i < count && reader.left >= 4; i++) {
    networks.push(reader.u16());
    reader.skip(1);
    reader.skip(reader.u8());
  }
  return reader.ok ? networks : [];
}

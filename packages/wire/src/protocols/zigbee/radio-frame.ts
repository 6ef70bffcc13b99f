// IEEE 802.15.4 frames and the Zigbee network and application headers in them: who sends to whom, by short address and by
// EUI-64, and where the part that somebody may read begins. All numbers are little endian.
import { hexPairs, type Reader } from '../../reader.ts';

/** Frame types (IEEE 802.15.4-2020 table 7-1). */
export const MAC_BEACON = 0;
export const MAC_DATA = 1;
const MAC_ACKNOWLEDGE = 2;
export const MAC_COMMAND = 3;

const SHORT = 2;
const EXTENDED = 3;
/** "No short address yet", and the group addresses from 0xfff8 on (Zigbee 05-3474-23 section 3.6.6). */
const FIRST_GROUP = 0xfff8;

export interface RadioAddress {
  readonly pan: number;
  /** -1 where there is none. */
  readonly short: number;
  /** Empty where it is not in the frame. */
  readonly eui: string;
}
export interface MacHeader {
  readonly type: number;
  readonly from: RadioAddress;
  readonly to: RadioAddress;
}

/** True for addresses of one node: no group, no "none". */
export const isNode = (short: number): boolean => short >= 0 && short < FIRST_GROUP;

/** An EUI-64, which comes with its last byte first. Nobody has all zeros or all ones. */
export function readEui64(reader: Reader): string {
  const text = hexPairs(Uint8Array.from(reader.bytes(8)).reverse(), ':');
  return !reader.ok || /^(?:00:){7}00$|^(?:ff:){7}ff$/.test(text) ? '' : text;
}

/** The MAC header (IEEE 802.15.4-2020 section 7.2), versions 2003, 2006 and 2015; undefined for what has none of use. */
export function readMacHeader(reader: Reader): MacHeader | undefined {
  const control = reader.u16le();
  const type = control & 7;
  const version = (control >> 12) & 3;
  const toMode = (control >> 10) & 3;
  const fromMode = (control >> 14) & 3;
  if (type === MAC_ACKNOWLEDGE || type > MAC_COMMAND || toMode === 1 || fromMode === 1 || version > 2) return undefined;
  if (version < 2 || (control & 0x100) === 0) reader.skip(1); // sequence number
  const [toPan, fromPan] = panFields(control, version, toMode, fromMode);
  const destination = toPan ? reader.u16le() : -1;
  const to = readAddress(reader, toMode, destination);
  const source = fromPan ? reader.u16le() : destination;
  const from = readAddress(reader, fromMode, source);
  if ((control & 8) !== 0) skipSecurity(reader);
  return reader.ok ? { type, from, to } : undefined;
}

/** Which PAN identifiers are there (2003 and 2006: section 7.2.1.5 of 2006; 2015: table 7-2). */
function panFields(control: number, version: number, toMode: number, fromMode: number): readonly [boolean, boolean] {
  const compressed = (control & 0x40) !== 0;
  const to = toMode !== 0;
  const from = fromMode !== 0;
  if (version < 2) return [to, from && !(compressed && to)];
  if (!to && !from) return [compressed, false];
  if (to && !from) return [!compressed, false];
  if (!to && from) return [false, !compressed];
  if (toMode === EXTENDED && fromMode === EXTENDED) return [!compressed, false];
  return [true, !compressed];
}

function readAddress(reader: Reader, mode: number, pan: number): RadioAddress {
  if (mode === SHORT) return { pan, short: reader.u16le(), eui: '' };
  if (mode === EXTENDED) return { pan, short: -1, eui: readEui64(reader) };
  return { pan, short: -1, eui: '' };
}

/** Auxiliary security header (IEEE 802.15.4-2020 section 9.4): what follows it cannot be read. */
function skipSecurity(reader: Reader): void {
  const control = reader.u8();
  if ((control & 0x20) === 0) reader.skip(4);
  const keyMode = (control >> 3) & 3;
  reader.skip([0, 1, 5, 9][keyMode] ?? 0);
}

export const NWK_DATA = 0;
export const NWK_COMMAND = 1;

export interface NetworkHeader {
  readonly type: number;
  readonly from: number;
  readonly to: number;
  readonly fromEui: string;
  readonly toEui: string;
  /** The sender of this hop, as the security header names it; empty where nothing is secured. */
  readonly hopEui: string;
  readonly isSecured: boolean;
}

/** Version 2 of the header: Zigbee 2006 to 3.0 (Zigbee 05-3474-23 section 3.3.1). */
const NWK_VERSION = 2;

/** The Zigbee network header; undefined where what the radio frame carries is something else, as 6LoWPAN is. */
export function readNetworkHeader(reader: Reader): NetworkHeader | undefined {
  const control = reader.u16le();
  const type = control & 3;
  // The three upper bits are reserved, and hops are counted down from 30 at most.
  if (!reader.ok || ((control >> 2) & 15) !== NWK_VERSION || type > NWK_COMMAND || (control & 0xc000) !== 0)
    return undefined;
  const to = reader.u16le();
  const from = reader.u16le();
  const radius = reader.u8();
  reader.skip(1); // sequence number
  if (radius > 60 || !isNode(from)) return undefined;
  const toEui = (control & 0x800) === 0 ? '' : readEui64(reader);
  const fromEui = (control & 0x1000) === 0 ? '' : readEui64(reader);
  if ((control & 0x100) !== 0) reader.skip(1); // multicast control
  if ((control & 0x400) !== 0) {
    const relays = reader.u8();
    reader.skip(1 + 2 * relays);
  }
  const isSecured = (control & 0x200) !== 0;
  const hopEui = isSecured ? readNonceSource(reader) : '';
  return reader.ok ? { type, from, to, fromEui, toEui, hopEui, isSecured } : undefined;
}

/** Auxiliary header of Zigbee (05-3474-23 section 4.5.1): the EUI-64 of who secured it, where it is there. */
export function readNonceSource(reader: Reader): string {
  const control = reader.u8();
  reader.skip(4); // frame counter
  const source = (control & 0x20) === 0 ? '' : readEui64(reader);
  if (((control >> 3) & 3) === 1) reader.skip(1); // key sequence number
  return source;
}

export interface ApplicationHeader {
  /** 0 data, 1 command. */
  readonly type: number;
  readonly isSecured: boolean;
  readonly fromEndpoint: number;
  readonly cluster: number;
  readonly profile: number;
}

/** The header of the application support layer (05-3474-23 section 2.2.5.1); undefined for acknowledgements. */
export function readApplicationHeader(reader: Reader): ApplicationHeader | undefined {
  const control = reader.u8();
  const type = control & 3;
  const delivery = (control >> 2) & 3;
  const isSecured = (control & 0x20) !== 0;
  if (type === 1) {
    reader.skip(1); // counter
    if (isSecured) readNonceSource(reader);
    return reader.ok ? { type, isSecured, fromEndpoint: 0, cluster: 0, profile: 0 } : undefined;
  }
  if (type !== 0) return undefined;
  if (delivery === 3) reader.skip(2);
  else reader.skip(1);
  const cluster = reader.u16le();
  const profile = reader.u16le();
  const fromEndpoint = reader.u8();
  reader.skip(1); // counter
  // Extended header: more than the first of several fragments cannot be read by itself.
  if ((control & 0x80) !== 0 && (reader.u8() & 3) !== 0) reader.skip(1);
  if (isSecured) readNonceSource(reader);
  return reader.ok ? { type, isSecured, fromEndpoint, cluster, profile } : undefined;
}

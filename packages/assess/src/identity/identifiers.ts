// The identifiers that tell devices apart or prove two addresses to be one device, one line each, by strength. Strengths
// add up over different groups; from 1 on two addresses are one device, unless something else contradicts.
import type { FactKind } from '@interlock/model';
import { parseIpv4 } from './addresses.ts';

export interface Identifier {
  readonly kind: FactKind;
  /** Identifiers of one group rest on the same knowledge and count once: a host name and a NetBIOS name are one name. */
  readonly group: string;
  /** From 0 to 1: 1 proves by itself. */
  readonly strength: number;
  /** Strength where neither vendor nor model nor the block of the MAC address agrees too. Same as `strength` if absent. */
  readonly alone?: number;
  readonly why: string;
}

export const IDENTIFIERS: readonly Identifier[] = [
  // Adapters and chassis.
  {
    kind: 'address.announced-mac',
    group: 'chassis',
    strength: 1,
    alone: 0.5,
    why: 'a MAC address is given to one adapter',
  },
  {
    kind: 'network.chassis-id',
    group: 'chassis',
    strength: 1,
    why: 'a chassis identifier names one chassis (IEEE 802.1AB-2016 section 8.5.2)',
  },
  // What the maker or the system gave.
  {
    kind: 'device.serial',
    group: 'serial',
    strength: 1,
    alone: 0.6,
    why: 'a maker gives a serial number once per product',
  },
  { kind: 'device.uuid', group: 'uuid', strength: 1, why: 'a UUID is made to be unique (RFC 9562)' },
  {
    kind: 'snmp.engine-id',
    group: 'engine',
    strength: 1,
    why: 'an SNMP engine identifier is unique in its domain (RFC 3411 section 3.1.1)',
  },
  // What a person configured to be unique, mostly.
  {
    kind: 'address.announced-ip',
    group: 'address',
    strength: 0.6,
    why: 'an IP address is used once per network, but announced ones may be of inner networks',
  },
  {
    kind: 'bacnet.instance',
    group: 'bacnet',
    strength: 0.6,
    alone: 0.5,
    why: 'a BACnet instance is unique in its internetwork (ASHRAE 135 clause 12.11)',
  },
  {
    kind: 'device.station-name',
    group: 'station',
    strength: 0.5,
    why: 'a PROFINET station name is unique in its network',
  },
  {
    kind: 'dhcp.client-id',
    group: 'client',
    strength: 0.6,
    why: 'a DHCP client identifier is unique on its link, but copied with disk images (RFC 4361)',
  },
  // What people call it: the same name is given twice without harm.
  { kind: 'device.hostname', group: 'name', strength: 0.4, why: 'names are chosen by people and repeated' },
  { kind: 'netbios.name', group: 'name', strength: 0.4, why: 'names are chosen by people and repeated' },
  { kind: 'device.plc-name', group: 'name', strength: 0.3, why: 'names in programs are copied with the program' },
];
/** Strengths that add up to this prove one device. */
export const PROOF = 1;
/** More devices than this with one value, and the value is a default that tells nothing. */
export const MOST_SHARERS = 8;

export const identifierOf = (kind: FactKind): Identifier | undefined => BY_KIND.get(kind);
const BY_KIND: ReadonlyMap<FactKind, Identifier> = new Map(
  IDENTIFIERS.map((identifier) => [identifier.kind, identifier]),
);

/**
 * Facts of which a device has one value at a time: two addresses that state different ones by the same protocol are two
 * devices. `lasting` ones do not change in a device's life, so they contradict over any time, the others only while both
 * are in use.
 */
export const CONTRADICTING: readonly { readonly kind: FactKind; readonly lasting: boolean }[] = [
  { kind: 'device.vendor', lasting: true },
  { kind: 'device.model', lasting: true },
  { kind: 'device.order-number', lasting: true },
  { kind: 'device.serial', lasting: true },
  { kind: 'device.firmware', lasting: false },
  { kind: 'device.hostname', lasting: false },
  { kind: 'netbios.name', lasting: false },
];

/** How reasons call the kinds above. */
export const KIND_WORDS: Readonly<Partial<Record<FactKind, string>>> = {
  'address.announced-mac': 'the MAC address',
  'address.announced-ip': 'the IP address',
  'network.chassis-id': 'the chassis identifier',
  'device.serial': 'the serial number',
  'device.uuid': 'the UUID',
  'snmp.engine-id': 'the SNMP engine identifier',
  'bacnet.instance': 'the BACnet instance',
  'device.station-name': 'the station name',
  'device.plc-name': 'the PLC name',
  'dhcp.client-id': 'the DHCP client identifier',
  'device.hostname': 'the host name',
  'netbios.name': 'the NetBIOS name',
  'device.vendor': 'the vendor',
  'device.model': 'the model',
  'device.order-number': 'the order number',
  'device.firmware': 'the firmware version',
};

/** Texts that stand where nothing was filled in, and names that a maker or an installer gives to all alike. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  [
    'unknown|none|null|nil|empty|undefined|unspecified|default|default string|not specified|not available|not set',
    'n/a|na|no name|noname|unnamed|invalid|dummy|test|example|sample|my device|serial|serial number|serialnumber',
    'system serial number|chassis serial number|to be filled by o.e.m.|o.e.m.|oem|snmp agent|sysname|abcdef',
    '1234|12345|123456|1234567|12345678|123456789|1234567890|0123456789',
    'eth0|eth1|en0|lan|lan1|br0|br-lan|wlan0|port1|ethernet',
    'localhost|localhost.localdomain|raspberrypi|raspberry|ubuntu|debian|linux|centos|kali|fedora|openwrt|windows|win',
    'router|switch|gateway|modem|printer|camera|ipcam|device|host|hostname|server|client|pc|computer|desktop|laptop',
    'workstation|android|iphone|ipad|espressif|esp32|esp8266|plc|cpu|hmi|controller|target|unit|module|system',
    'admin|administrator|user|root|home|workgroup|vm',
  ].flatMap((line) => line.split('|')),
);

/**
 * Whether a value can tell one device from others. In: a text or number of an identity fact. Out: false for empty texts,
 * placeholders, repeated single characters, all-zero and all-one values, nil UUIDs and counting digits.
 */
export function isTelling(value: unknown): boolean {
  if (typeof value === 'number') return value !== BACNET_ANY_INSTANCE;
  const text = normalise(value);
  if (text.length < 2 || PLACEHOLDERS.has(text)) return false;
  const digits = text.replace(/^0x/, '').replace(/[^\p{L}\p{N}]/gu, '');
  return digits.length > 0 && !/^(.)\1*$/u.test(digits);
}

/** The instance number that stands for any device (ASHRAE 135 clause 12.11). */
const BACNET_ANY_INSTANCE = 4194303;

/**
 * Whether a value only looks unique: it is the same in every copy of a machine, or an address as it leaves the factory.
 * In: an identifier that `isTelling`.
 */
export function isCopied(kind: FactKind, value: unknown): boolean {
  const text = normalise(value);
  if (kind === 'snmp.engine-id') return ENGINE_OF_LOCAL_MAC.test(text);
  if (kind === 'dhcp.client-id') return !text.startsWith(DUID_CLIENT_ID);
  return kind === 'network.chassis-id' && parseIpv4(text) !== undefined;
}
/**
 * Engine identifier of format 3 (RFC 3411 section 5): enterprise number and a MAC address, here one with the local bit
 * set, as emulated routers have; Cisco puts a zero before it.
 */
const ENGINE_OF_LOCAL_MAC = /^8[0-9a-f]{7}03(?:00)?[0-9a-f][2367abef][0-9a-f]{10}$/;
/** Client identifiers with a DUID begin with type 255 (RFC 4361 section 6.1); others are names, or the MAC address. */
const DUID_CLIENT_ID = 'ff:';
/** What a copied value proves. */
export const COPIED_STRENGTH = 0.5;

/** The part of a value that is the same on all adapters of one device. */
export function comparable(kind: FactKind, value: unknown): string {
  const text = normalise(value);
  if (kind === 'device.hostname' || kind === 'netbios.name') return text.split('.')[0] ?? '';
  // Four bytes after the type name the adapter (IAID), the rest the host.
  return kind === 'dhcp.client-id' && text.startsWith(DUID_CLIENT_ID) ? text.slice('ff:00:00:00:00:'.length) : text;
}

/** One spelling of an identity value for comparing. */
export const normalise = (value: unknown): string =>
  String(value)
    .trim()
    .toLowerCase()
    .replace(/\.local$/, '');

/** A host name without domain and without the number that mDNS puts behind a name that is taken (RFC 6762 section 9). */
export const bareHostname = (value: unknown): string => (normalise(value).split('.')[0] ?? '').replace(/-\d+$/, '');

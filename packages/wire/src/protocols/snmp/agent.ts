// What an agent's answers say of the device it runs on, object by object.
import type { Subject } from '@interlock/model';
import type { BerElement } from '../../ber.ts';
import { type DescribedKind, readDescription, tellDescribed } from '../../descriptions.ts';
import { systemOfObjectId, vendorOfObjectId } from '../../enterprises.ts';
import { isGivenName } from '../../names.ts';
import type { Say } from '../../protocol.ts';
import { cleanText, formatIpv6, hexPairs } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';
import { addressOf, numberOf, octetsOf, oidOf, textOf, textOfOctets, type Variable } from './message.ts';
import { DEVICE_IDENTIFIERS, ENTITY_COLUMNS, type ObjectKind, objectOf } from './objects.ts';

/** Rows of the entity table whose class is kept. */
const MAX_ENTITIES = 512;

/** Fact kinds of answers, beside those of descriptions and of `objects.ts`. */
export const AGENT_KINDS = [
  'snmp.engine-id',
  'snmp.object-id',
  'snmp.uptime',
  'address.announced-ip',
  'address.announced-mac',
  'network.neighbour',
] as const;
type Kind = DescribedKind | ObjectKind | (typeof AGENT_KINDS)[number];

/** What is remembered of an agent between the answers of one conversation. */
export interface AgentState {
  toldUptime: boolean;
  /** Classes of entities by index (RFC 6933). */
  readonly classes: Map<number, number>;
  /** Index of the device that is a printer (HOST-RESOURCES-MIB). */
  printer: string;
}
export const newAgentState = (): AgentState => ({ toldUptime: false, classes: new Map(), printer: '' });

/** The device an agent answers for, and how facts of it are said. */
export interface Agent {
  readonly subject: Subject;
  readonly say: Say<Kind>;
  readonly state: AgentState;
}

/** What follows an object's or table's identifier, and its value. */
type Teller = (agent: Agent, index: string, value: BerElement) => void;

/** Says what one object tells of the device; most tell nothing. */
export function tellVariable({ oid, value }: Variable, agent: Agent): void {
  if (DEVICE_IDENTIFIERS.has(oid)) {
    tellDeviceIdentifier(textOf(value), agent);
    return;
  }
  const object = objectOf(oid);
  if (object) {
    agent.say(agent.subject, object.kind, statedText(textOf(value)), object.name);
    return;
  }
  for (const [start, tell] of TELLERS) {
    if (!oid.startsWith(start)) continue;
    tell(agent, oid.slice(start.length), value);
    return;
  }
}

/** Objects whose value is more than a text, scalars to the end and tables up to their column. */
const TELLERS: readonly (readonly [string, Teller])[] = [
  ['1.3.6.1.2.1.1.1.0', (agent, _, value) => tellDescription(textOf(value), 'sysDescr', agent)],
  ['1.3.6.1.2.1.1.2.0', (agent, _, value) => tellObjectId(oidOf(value), 'sysObjectID', agent)],
  ['1.3.6.1.2.1.1.3.0', (agent, _, value) => tellUptime(numberOf(value), agent)],
  ['1.3.6.1.2.1.1.5.0', (agent, _, value) => tellName(textOf(value), 'sysName', agent)],
  ['1.3.6.1.2.1.2.2.1.6.', (agent, _, value) => tellMac(octetsOf(value), 'ifPhysAddress', agent)],
  ['1.3.6.1.2.1.4.20.1.1.', (agent, _, value) => tellIp(addressOf(value), 'ipAdEntAddr', agent)],
  [
    '1.3.6.1.2.1.4.34.1.4.',
    (agent, index, value) => {
      if (numberOf(value) === UNICAST) tellIp(indexAddress(index), 'ipAddressType', agent);
    },
  ],
  ['1.3.6.1.2.1.17.1.1.0', (agent, _, value) => tellMac(octetsOf(value), 'dot1dBaseBridgeAddress', agent)],
  ['1.3.6.1.2.1.25.3.2.1.2.', tellDeviceType],
  [
    '1.3.6.1.2.1.25.3.2.1.3.',
    ({ say, subject, state }, index, value) => {
      if (index === state.printer) say(subject, 'device.model', statedText(textOf(value)), 'hrDeviceDescr');
    },
  ],
  ['1.3.6.1.2.1.47.1.1.1.1.', tellEntity],
  ['1.0.8802.1.1.2.1.3.2.0', (agent, _, value) => tellMac(octetsOf(value), 'lldpLocChassisId', agent)],
  ['1.0.8802.1.1.2.1.3.3.0', (agent, _, value) => tellName(textOf(value), 'lldpLocSysName', agent)],
  ['1.0.8802.1.1.2.1.3.4.0', (agent, _, value) => tellDescription(textOf(value), 'lldpLocSysDesc', agent)],
  ['1.0.8802.1.1.2.1.3.8.1.3.', (agent, index) => tellIp(indexAddress(index), 'lldpLocManAddr', agent)],
  // Neighbours: rows by time, port and number; of Cisco's protocol by interface and number.
  [
    '1.0.8802.1.1.2.1.4.1.1.5.',
    (agent, index, value) => tellNeighbour(index.split('.')[1], value, 'lldpRemChassisId', agent),
  ],
  [
    '1.3.6.1.4.1.9.9.23.1.2.1.1.6.',
    (agent, index, value) => tellNeighbour(index.split('.')[0], value, 'cdpCacheDeviceId', agent),
  ],
];

/** ipAddressType (RFC 4293). */
const UNICAST = 1;

/** snmpEngineID (RFC 3411 section 5): its fifth byte says what follows the enterprise number. */
export function tellEngine(engine: Uint8Array, agent: Agent): void {
  if (engine.length < 5 || engine.length > 32 || engine.every((byte) => byte === 0)) return;
  agent.say(agent.subject, 'snmp.engine-id', hexPairs(engine, ''), 'msgAuthoritativeEngineID');
  if (((engine[0] ?? 0) & 0x80) === 0) return;
  const rest = engine.subarray(5);
  const format = engine[4];
  if (format === 1 && rest.length === 4) tellIp(rest.join('.'), 'snmpEngineID', agent);
  else if (format === 2 && rest.length === 16) tellIp(formatIpv6(rest), 'snmpEngineID', agent);
  else if (format === 3) tellMac(rest, 'snmpEngineID', agent);
}

/** The identifier of the device's kind: its enterprise is the vendor, or the maker of a system for any hardware. */
export function tellObjectId(oid: string, source: string, { subject, say }: Agent): void {
  if (!oid.startsWith('1.3.6.1.4.1.')) return;
  say(subject, 'snmp.object-id', oid, source);
  say(subject, 'device.vendor', vendorOfObjectId(oid), source);
  say(subject, 'device.os', systemOfObjectId(oid), source);
}

/** It changes with every answer; one per conversation tells when the device last started. */
function tellUptime(ticks: number, { subject, say, state }: Agent): void {
  if (!state.toldUptime && ticks >= 0) say(subject, 'snmp.uptime', ticks, 'sysUpTime');
  state.toldUptime = true;
}

function tellDescription(text: string, source: string, { subject, say }: Agent): void {
  if (cleanText(text) === '') return;
  say(subject, 'device.description', cleanText(text), source);
  tellDescribed(readDescription(text), subject, source, say);
}

function tellName(text: string, source: string, { subject, say }: Agent): void {
  const name = cleanText(text, 255);
  if (isGivenName(name)) say(subject, 'device.hostname', name, source);
}

/**
 * Addresses that several devices have alike: those Windows makes up for its dial-up interfaces, those of redundancy
 * groups (VRRP, HSRP), and all that are locally administered, which vendors use for interfaces inside the device.
 */
const SHARED_MAC =
  /^(?:20:41:53:59:4e:|50:50:54:50:30:|00:00:5e:00:0[12]:|00:00:0c:07:ac:|00:00:0c:9f:f|00:05:73:a0:0)|^.[2367abef]/;

function tellMac(octets: Uint8Array | undefined, source: string, { subject, say }: Agent): void {
  const mac = octets?.length === 6 ? statedMac(hexPairs(octets, '')) : '';
  if (mac && !SHARED_MAC.test(mac)) say(subject, 'address.announced-mac', mac, source);
}

function tellIp(ip: string, source: string, { subject, say }: Agent): void {
  if (/^(?:0|127|169\.254|22[4-9]|2[345]\d)\.|^::1?$|^fe80:/.test(ip)) return;
  say(subject, 'address.announced-ip', ip, source);
}

const TYPE_PRINTER = '1.3.6.1.2.1.25.3.1.5';

function tellDeviceType({ subject, say, state }: Agent, index: string, value: BerElement): void {
  if (oidOf(value) !== TYPE_PRINTER) return;
  state.printer = index;
  say(subject, 'device.type', 'Printer', 'hrDeviceType');
}

/** Column of entPhysicalTable (RFC 6933), and its value for a chassis. */
const ENTITY_CLASS = 5;
const CLASS_CHASSIS = 3;

/**
 * entPhysicalTable: only the chassis is the device; power supplies and plug-ins have serial numbers too. Where the
 * classes were not asked for, the first row is it by custom.
 */
function tellEntity({ subject, say, state }: Agent, place: string, value: BerElement): void {
  const [column, index] = place.split('.').map(Number);
  if (column === undefined || index === undefined) return;
  const { classes } = state;
  if (column === ENTITY_CLASS) {
    if (classes.size < MAX_ENTITIES) classes.set(index, numberOf(value));
    return;
  }
  const fact = ENTITY_COLUMNS[column];
  if (!fact) return;
  const chassis = classes.size === 0 ? 1 : firstChassis(classes);
  if (index === chassis) say(subject, fact[0], statedText(textOf(value)), fact[1]);
}

function firstChassis(classes: ReadonlyMap<number, number>): number {
  for (const [index, type] of classes) if (type === CLASS_CHASSIS) return index;
  return -1;
}

/** An address in an index: its type, its length, its bytes as numbers (RFC 4001). Empty for other types. */
function indexAddress(index: string): string {
  const [type, length, ...numbers] = index.split('.').map(Number);
  if (numbers.length !== length || numbers.some((n) => !(n <= 255))) return '';
  if (type === 1 && length === 4) return numbers.join('.');
  return type === 2 && length === 16 ? formatIpv6(Uint8Array.from(numbers)) : '';
}

function tellNeighbour(port: string | undefined, value: BerElement, source: string, { subject, say }: Agent): void {
  const octets = octetsOf(value);
  if (!octets || !port) return;
  const mac = octets.length === 6 ? statedMac(hexPairs(octets, '')) : '';
  const chassis = mac || cleanText(textOfOctets(octets), 255);
  if (chassis) say(subject, 'network.neighbour', { port, chassis }, source);
}

/** IEEE 1284 section 7.6: keys and values, the keys in a long and a short form. */
function tellDeviceIdentifier(text: string, { subject, say }: Agent): void {
  for (const [, key = '', value = ''] of text.matchAll(/(?:^|;)\s*([A-Z]+):([^;]*)/gi)) {
    const kind = IDENTIFIER_KEYS[key.toUpperCase()];
    if (kind) say(subject, kind, statedText(value), 'IEEE 1284 device ID');
  }
}
const IDENTIFIER_KEYS: Record<string, 'device.vendor' | 'device.model' | 'device.serial'> = {
  MFG: 'device.vendor',
  MANUFACTURER: 'device.vendor',
  MDL: 'device.model',
  MODEL: 'device.model',
  SN: 'device.serial',
  SERN: 'device.serial',
  SERIALNUMBER: 'device.serial',
};

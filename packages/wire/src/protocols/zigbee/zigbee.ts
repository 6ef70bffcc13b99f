// Zigbee: radio devices of buildings and homes, as a sniffer hands them on, in frames of IEEE 802.15.4 or wrapped in UDP.
// Mostly encrypted; who is there, by EUI-64, stands in clear, and what a device is where a network has no security.
import type { FactKind, Subject } from '@interlock/model';
import { hasRadioChecksum, saysChecksumRight } from '../../crc16.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedText } from '../../stated.ts';
import { BASIC, type Content, DEVICE_PROFILE, NOTHING, readClusterMessage, readProfileMessage } from './clusters.ts';
import {
  isNode,
  MAC_COMMAND,
  MAC_DATA,
  type MacHeader,
  type NetworkHeader,
  NWK_COMMAND,
  NWK_DATA,
  readApplicationHeader,
  readMacHeader,
  readNetworkHeader,
} from './radio-frame.ts';

const TELLS = [
  'address.seen',
  'zigbee.pan',
  'zigbee.address',
  'zigbee.manufacturer-code',
  'service.role',
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.hardware-version',
  'device.location',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

interface RadioMessage {
  readonly mac: MacHeader;
  readonly network: NetworkHeader | undefined;
  readonly content: Content;
  /** Command of the MAC layer with what it assigns: the short address of an association answer. */
  readonly assigned: number;
  readonly carriesKey: boolean;
}
/** EUI-64 by PAN and short address: what frames name only short is known from others. */
interface RadioState {
  readonly names: Map<number, string>;
}
/** Nodes of one capture that are told apart; a PAN has room for 65,000 and in practice a few hundred. */
const MAX_NAMES = 20_000;

export const zigbee = protocol({
  name: 'zigbee',
  title: 'Zigbee over IEEE 802.15.4',
  spec: 'Zigbee 05-3474-23; Zigbee Cluster Library 07-5123-08; IEEE 802.15.4-2020',
  depth: 'functions',
  // 0x809a is the EtherType of IEEE 802.15.4; 17754 the port of sniffers that wrap frames (ZEP).
  on: { ether: [0x809a], udp: [17_754] },
  tells: TELLS,
  recognise: isEncapsulated,
  firstBytes: [0x45],
  open: (): RadioState => ({ names: new Map() }),

  read(wrapped, conversation): RadioMessage | undefined {
    const reader = conversation.transport === 'udp' ? unwrap(wrapped) : wrapped;
    if (!reader) return undefined;
    const mac = readMacHeader(reader);
    if (!mac) return undefined;
    if (mac.type === MAC_COMMAND) return { ...plain(mac), assigned: readAssigned(reader) };
    if (mac.type !== MAC_DATA) return plain(mac);
    const network = readNetworkHeader(reader);
    if (!network || network.isSecured) return { ...plain(mac), network };
    if (network.type === NWK_COMMAND) return { ...plain(mac), network, content: readNetworkCommand(reader) };
    return readApplication(reader, mac, network);
  },

  /** A network key that a trust centre sends without protection. */
  secrets(reader, conversation) {
    // Also in frames that are cut off or damaged, which say nothing else.
    if (conversation.transport === 'udp') reader.skip(ZEP_LENGTHS.get(reader.peek(2)) ?? 0);
    const mac = readMacHeader(reader);
    const network = mac?.type === MAC_DATA ? readNetworkHeader(reader) : undefined;
    if (network?.type !== NWK_DATA || network.isSecured) return [];
    return findKey(reader);
  },

  observe(message, say, conversation) {
    const { mac, network, content } = message;
    learn(message, conversation.state);
    const hop = nodeOf(mac.from.pan, mac.from.short, mac.from.eui || network?.hopEui || '', conversation);
    if (hop) observeNode(hop, mac.from.pan, mac.from.short, 'MAC header', say);
    if (!network) return;
    const from = nodeOf(mac.to.pan, network.from, network.fromEui, conversation);
    if (!from) return;
    if (from !== hop) observeNode(from, mac.to.pan, network.from, 'network header', say);
    if (network.from !== 0) say.fact(from, 'service.role', content.role, 'device profile');
    if (content.manufacturer >= 0)
      say.fact(from, 'zigbee.manufacturer-code', hexOf(content.manufacturer), 'node descriptor');
    for (const { cluster, id, value } of content.attributes) if (cluster === BASIC) observeBasic(from, id, value, say);
    if (message.carriesKey) say.fact(from, 'credential.cleartext', { what: 'Zigbee key' }, 'transport key');
    const to = content.command && nodeOf(mac.to.pan, network.to, network.toEui, conversation);
    if (content.command && to) say.operation(content.command.what, content.command.kind, { from, to });
  },
});

const hexOf = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
const plain = (mac: MacHeader): RadioMessage => ({
  mac,
  network: undefined,
  content: NOTHING,
  assigned: -1,
  carriesKey: false,
});

// ------------------------------------------------------------------ reading

/** "EX", version, and for version 2 the type; the header is 16 bytes or 32, its last byte the length of the frame. */
const ZEP_MARK = 0x4558;
const ZEP_LENGTHS = new Map([
  [1, 16],
  [2, 32],
]);
/** Checksum (or signal quality in its place) behind the frame. */
const CHECKSUM = 2;

function isEncapsulated(reader: Reader): boolean {
  const header = ZEP_LENGTHS.get(reader.peek(2)) ?? 0;
  return (
    reader.peek16() === ZEP_MARK &&
    header > 0 &&
    reader.left - header === reader.peek(header - 1) &&
    reader.left > header
  );
}
/** Version 1: place of the byte that says what stands for the checksum; version 2 has the type before it. */
const MODE_AT = [0, 6, 7];

/** Whether a whole frame follows; answers of version 2 carry none, and what the air damaged is nobody's. */
function unwrap(reader: Reader): Reader | undefined {
  if (!isEncapsulated(reader)) return undefined;
  const version = reader.peek(2);
  if (version === 2 && reader.peek(3) !== 1) return undefined;
  const isChecked = reader.peek(MODE_AT[version] ?? 0) === 1;
  reader.skip(ZEP_LENGTHS.get(version) ?? 0);
  const { view, at } = reader;
  const end = at + reader.left;
  const isWhole = isChecked ? hasRadioChecksum(view, at, end) : saysChecksumRight(view, at, end);
  return isWhole ? reader.sub(reader.left - CHECKSUM) : undefined;
}

/** MAC commands (IEEE 802.15.4-2020 section 7.5): an association answer assigns a short address. */
function readAssigned(reader: Reader): number {
  if (reader.u8() !== 2) return -1;
  const short = reader.u16le();
  return reader.u8() === 0 && reader.ok && isNode(short) ? short : -1;
}

/** Network commands (05-3474-23 section 3.4) that only routers send: link status, network report. */
function readNetworkCommand(reader: Reader): Content {
  return reader.u8() === 8 ? { ...NOTHING, role: 'Zigbee router' } : NOTHING;
}

const TRANSPORT_KEY = 5;
const KEY_LENGTH = 16;

function readApplication(reader: Reader, mac: MacHeader, network: NetworkHeader): RadioMessage {
  const header = readApplicationHeader(reader);
  if (!header || header.isSecured) return { ...plain(mac), network };
  if (header.type === 1) return { ...plain(mac), network, carriesKey: reader.peek() === TRANSPORT_KEY };
  const content =
    header.profile === DEVICE_PROFILE && header.fromEndpoint === 0
      ? readProfileMessage(reader, header.cluster)
      : readClusterMessage(reader, header.cluster);
  return { ...plain(mac), network, content };
}

/** The key of a transport key command: behind its number and the kind of key. */
function findKey(reader: Reader): readonly SecretRange[] {
  const header = readApplicationHeader(reader);
  if (header?.type !== 1 || header.isSecured || reader.u8() !== TRANSPORT_KEY) return [];
  const start = reader.offset + 1;
  return [{ from: start, to: start + KEY_LENGTH, what: 'Zigbee key' }];
}

// ------------------------------------------------------------------ who is who

function learn({ mac, network, content, assigned }: RadioMessage, { names }: RadioState): void {
  const note = (pan: number, short: number, eui: string): void => {
    if (eui === '' || !isNode(short) || pan < 0) return;
    const key = pan * 0x10000 + short;
    if (names.size < MAX_NAMES || names.has(key)) names.set(key, eui);
  };
  if (assigned >= 0) note(mac.to.pan, assigned, mac.to.eui);
  if (!network) return;
  note(mac.to.pan, network.from, network.fromEui);
  note(mac.to.pan, network.to, network.toEui);
  note(mac.to.pan, mac.from.short, network.hopEui);
  for (const { short, eui } of content.named) note(mac.to.pan, short, eui);
}

function nodeOf(pan: number, short: number, eui: string, conversation: Conversation<RadioState>): Subject | undefined {
  const mac = eui || (conversation.state.names.get(pan * 0x10000 + short) ?? '');
  return mac === '' ? undefined : conversation.subject({ mac });
}

// ------------------------------------------------------------------ observing

function observeNode(node: Subject, pan: number, short: number, source: string, say: Say): void {
  say.fact(node, 'address.seen', true, source);
  if (pan >= 0 && pan !== 0xffff) say.fact(node, 'zigbee.pan', hexOf(pan), source);
  if (!isNode(short)) return;
  say.fact(node, 'zigbee.address', hexOf(short), source);
  if (short === 0) say.fact(node, 'service.role', 'Zigbee coordinator', source);
}

/** The basic cluster (ZCL section 3.2). */
function observeBasic(node: Subject, id: number, value: string | number, say: Say): void {
  if (typeof value === 'number') {
    if (id === 0x0003 && value > 0)
      say.fact(node, 'device.hardware-version', String(value), 'basic cluster, HWVersion');
    return;
  }
  const text = statedText(value);
  if (id === 0x0004) say.fact(node, 'device.vendor', text, 'basic cluster, ManufacturerName');
  else if (id === 0x0005) say.fact(node, 'device.model', text, 'basic cluster, ModelIdentifier');
  else if (id === 0x0010) say.fact(node, 'device.location', text, 'basic cluster, LocationDescription');
  else if (id === 0x4000) say.fact(node, 'device.firmware', text, 'basic cluster, SWBuildID');
}

// BACnet, the protocol of building automation, over UDP, over plain Ethernet frames, and routed to field buses behind.
// Devices announce themselves and let anybody read what they are; most also let anybody write.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import {
  type Announcement,
  type ApplicationHeader,
  COMPLEX_ACK,
  CONFIRMED_REQUEST,
  type Contents,
  ERROR,
  type Property,
  readAcknowledgement,
  readApplicationHeader,
  readConfirmedRequest,
  readUnconfirmed,
  SEGMENT_ACK,
  SIMPLE_ACK,
  UNCONFIRMED_REQUEST,
} from './application.ts';
import {
  ALL_NETWORKS,
  BROADCAST,
  BROADCAST_TABLE,
  DELETE_FOREIGN,
  DISCONNECT,
  DISTRIBUTE,
  ESTABLISH_CONNECTION,
  FOREIGN_TABLE,
  FORWARDED,
  I_AM_ROUTER,
  INITIALIZE_ROUTING_TABLE,
  type LinkHeader,
  looksLikeBacnet,
  NETWORK_NUMBER_IS,
  type NetworkHeader,
  READ_BROADCAST_TABLE,
  READ_FOREIGN_TABLE,
  REGISTER_FOREIGN,
  ROUTING_TABLE,
  readLinkHeader,
  readNetworkHeader,
  readNetworks,
  readRoutingTable,
  type Station,
  WRITE_BROADCAST_TABLE,
} from './network.ts';
import {
  type BacnetService,
  COMMUNICATION_STATES,
  CONFIRMED,
  DEVICE,
  DEVICE_COMMUNICATION_CONTROL,
  isProcessProperty,
  NETWORK_PORT,
  NOTIFICATIONS,
  OBJECT_NAME,
  objectName,
  propertyName,
  REINITIALIZE_DEVICE,
  REINITIALIZE_STATES,
  SEGMENTATION,
  SYSTEM_STATUS,
  UNCONFIRMED,
  WHO_AM_I,
  WRITE_PROPERTY,
  WRITE_PROPERTY_MULTIPLE,
} from './services.ts';
import { ENUMERATED, ipOfHex, OCTETS, TEXT, UNSIGNED } from './tags.ts';
import { BACNET_VENDORS } from './vendors.ts';

const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.software',
  'device.serial',
  'device.friendly-label',
  'device.description',
  'device.location',
  'device.uuid',
  'bacnet.instance',
  'bacnet.vendor-id',
  'bacnet.maker',
  'bacnet.network',
  'bacnet.address',
  'bacnet.object',
  'bacnet.segmentation',
  'bacnet.status',
  'bacnet.revision',
  'network.mask',
  'network.router',
  'network.name-server',
  'address.announced-ip',
  'service.role',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Kind = (typeof TELLS)[number];
type Say = Saying<Kind>;

export const bacnet = protocol({
  name: 'bacnet',
  title: 'BACnet',
  spec: 'ASHRAE 135-2020, clauses 5, 6, 13 to 21, annexes J and U; ISO 16484-5',
  depth: 'full',
  // Sites with several networks use the fifteen ports after it too; those are recognised by their bytes.
  on: { udp: [47808], llc: [0x82] },
  tells: TELLS,
  recognise: looksLikeBacnet,
  open: openState,
  read: readMessage,
  observe: observeMessage,
  close(say, conversation) {
    for (const pending of conversation.state.pending) sayPending(pending, undefined, say);
  },
});

// ------------------------------------------------------------------ state

/** Requests without answer that are kept; a client has few outstanding per device. */
const MAX_PENDING = 64;
/** Answers in segments that are put together at a time, and how long one gets: a whole object list of a large device. */
const MAX_ASSEMBLED = 4;
const MAX_ASSEMBLED_BYTES = 65_536;
/** Objects named, and writes told with what they touched, per conversation. */
const MAX_OBJECTS = 256;
const MAX_DETAILS = 256;

interface Pending {
  readonly invoke: number;
  readonly from: Subject;
  /** The device asked, as subject and as station of the network layer. */
  readonly to: Subject;
  readonly station: Station | undefined;
  readonly receiver: Subject;
  readonly operation: BacnetService;
  readonly detail: string;
  readonly frame: number;
  readonly time: number;
}
interface Assembly {
  readonly invoke: number;
  readonly service: number;
  readonly sender: Subject;
  readonly station: Station | undefined;
  readonly parts: Uint8Array[];
  size: number;
  next: number;
}
interface State {
  readonly pending: Pending[];
  readonly assemblies: Assembly[];
  objects: number;
  details: number;
}

function openState(): State {
  return { pending: [], assemblies: [], objects: 0, details: 0 };
}

// ------------------------------------------------------------------ reading

interface BacnetMessage {
  readonly link: LinkHeader | undefined;
  readonly network: NetworkHeader | undefined;
  /** Networks that a router names. */
  readonly networks: readonly number[];
  readonly application: ApplicationHeader | undefined;
  readonly contents: Contents;
  readonly isCut: boolean;
}

const NOTHING: Contents = {};
const NO_NETWORKS: readonly number[] = [];

function readMessage(reader: Reader, conversation: Conversation<State>): BacnetMessage | undefined {
  let link: LinkHeader | undefined;
  if (conversation.transport !== 'link') {
    link = readLinkHeader(reader);
    if (!link) return undefined;
    if (!link.carries)
      return {
        link,
        network: undefined,
        networks: NO_NETWORKS,
        application: undefined,
        contents: NOTHING,
        isCut: false,
      };
  }
  const isCut = link !== undefined && link.length > reader.end - reader.start;
  const network = readNetworkHeader(reader);
  // Plain frames of this LLC address or port that are no BACnet have another version here.
  if (!network) return undefined;
  let networks = NO_NETWORKS;
  let application: ApplicationHeader | undefined;
  let contents = NOTHING;
  if (network.type >= 0) networks = readRouterMessage(reader, network.type);
  else {
    application = readApplicationHeader(reader);
    if (application) contents = readContents(reader, application, network, conversation);
  }
  return { link, network, networks, application, contents, isCut: isCut || (network.type < 0 && !application) };
}

function readRouterMessage(reader: Reader, type: number): readonly number[] {
  if (type === I_AM_ROUTER) return readNetworks(reader);
  if (type === INITIALIZE_ROUTING_TABLE || type === ROUTING_TABLE) return readRoutingTable(reader);
  if (type === NETWORK_NUMBER_IS) {
    const number = reader.u16();
    return reader.ok ? [number] : NO_NETWORKS;
  }
  return NO_NETWORKS;
}

function readContents(
  reader: Reader,
  application: ApplicationHeader,
  network: NetworkHeader,
  conversation: Conversation<State>,
): Contents {
  const { type, service, isSegmented } = application;
  switch (type) {
    case UNCONFIRMED_REQUEST:
      return readUnconfirmed(reader, service);
    case CONFIRMED_REQUEST:
      return application.sequence === 0 ? readConfirmedRequest(reader, service) : NOTHING;
    case COMPLEX_ACK: {
      if (!isSegmented) return readAcknowledgement(reader, service);
      const whole = assemble(reader, application, network, conversation);
      return whole ? readAcknowledgement(whole, service) : NOTHING;
    }
    default:
      return NOTHING;
  }
}

const isSameStation = (a: Station | undefined, b: Station | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.network === b.network && a.address === b.address);

/** Adds a segment to its answer; the whole when it was the last, or what fits when it grows past the limit. */
function assemble(
  reader: Reader,
  { invoke, service, sequence, moreFollows }: ApplicationHeader,
  { source }: NetworkHeader,
  conversation: Conversation<State>,
): Reader | undefined {
  const { assemblies } = conversation.state;
  const { sender } = conversation;
  let at = assemblies.findIndex(
    (one) =>
      one.invoke === invoke && one.service === service && one.sender === sender && isSameStation(one.station, source),
  );
  // Segment 0 begins an answer; that it begins again with 256 is told by the segments that came before.
  if (sequence === 0 && (at < 0 || assemblies[at]?.next !== 0)) {
    if (at >= 0) assemblies.splice(at, 1);
    else if (assemblies.length >= MAX_ASSEMBLED) assemblies.shift();
    at = assemblies.push({ invoke, service, sender, station: source, parts: [], size: 0, next: 0 }) - 1;
  }
  const assembly = assemblies[at];
  if (!assembly || assembly.next !== sequence) return undefined;
  const bytes = reader.bytes(reader.left).slice();
  assembly.parts.push(bytes);
  assembly.size += bytes.length;
  assembly.next = (sequence + 1) & 0xff;
  if (moreFollows && assembly.size < MAX_ASSEMBLED_BYTES) return undefined;
  assemblies.splice(at, 1);
  const whole = new Uint8Array(assembly.size);
  let end = 0;
  for (const part of assembly.parts) {
    whole.set(part, end);
    end += part.length;
  }
  return new Reader(new DataView(whole.buffer), 0, whole.length);
}

// ------------------------------------------------------------------ observing

function observeMessage(message: BacnetMessage, say: Say, conversation: Conversation<State>): void {
  const { link, network, application } = message;
  if (message.isCut) say.malformed('bacnet.cut-short');
  if (link) observeLink(link, say, conversation);
  if (!network) return;
  const speaker = speakerOf(message, say, conversation);
  if (network.type >= 0) {
    observeRouter(message, network.type, speaker, say, conversation);
    return;
  }
  if (!application) return;
  const { type } = application;
  if (type === UNCONFIRMED_REQUEST) observeUnconfirmed(message, application, speaker, say, conversation);
  else if (type === CONFIRMED_REQUEST) observeRequest(message, application, network, speaker, say, conversation);
  else if (type !== SEGMENT_ACK) observeAnswer(message, application, network, speaker, say, conversation);
}

/** Roles said once of a subject, in whatever conversation. */
const ROUTERS = new WeakSet<Subject>();
const BBMDS = new WeakSet<Subject>();
const ROUTED = new WeakSet<Subject>();

function observeLink(link: LinkHeader, say: Say, conversation: Conversation<State>): void {
  const { sender, receiver } = conversation;
  const ends = { from: sender, to: receiver };
  switch (link.function) {
    case FORWARDED:
    case BROADCAST_TABLE:
    case FOREIGN_TABLE:
      if (BBMDS.has(sender)) return;
      BBMDS.add(sender);
      say.fact(sender, 'service.role', 'BACnet broadcast management device', `BVLC ${link.function}`);
      return;
    case REGISTER_FOREIGN:
      say.fact(sender, 'service.role', 'BACnet foreign device', 'BVLC register as foreign device');
      say.operation(link.function, 'session', ends);
      return;
    case READ_BROADCAST_TABLE:
    case READ_FOREIGN_TABLE:
      say.operation(link.function, 'diagnostic', ends);
      return;
    case WRITE_BROADCAST_TABLE:
    case DELETE_FOREIGN:
      say.operation(link.function, 'configure', ends);
      return;
  }
}

/** Who sent the message: the sender of the frame, the one a BBMD forwarded for, or a station behind the router that it is. */
function speakerOf(message: BacnetMessage, say: Say, conversation: Conversation<State>): Subject {
  const { link, network } = message;
  const { sender } = conversation;
  const origin = link?.origin ?? '';
  const base = origin === '' || origin === sender.ip ? sender : conversation.subject({ ip: origin });
  const source = network?.source;
  if (!source) return base;
  // A device with networks of its own inside names itself as the source.
  if (isAddressOf(base, source.address)) {
    sayStation(base, source, say);
    return base;
  }
  if (!ROUTERS.has(base)) {
    ROUTERS.add(base);
    say.fact(base, 'service.role', 'BACnet router', 'source network of a routed message');
  }
  const station = stationOf(base, source, conversation);
  sayStation(station, source, say);
  return station;
}

const isAddressOf = ({ ip, mac }: Subject, address: string): boolean =>
  address === mac || (ip !== undefined && address.startsWith(ip) && address.startsWith(':', ip.length));

function sayStation(subject: Subject, { network, address }: Station, say: Say): void {
  if (ROUTED.has(subject)) return;
  ROUTED.add(subject);
  say.fact(subject, 'bacnet.network', network, 'NPDU source network');
  say.fact(subject, 'bacnet.address', address, 'NPDU source address');
}

const stationOf = (router: Subject, { network, address }: Station, conversation: Conversation<State>): Subject =>
  conversation.part(router, 'bacnet-device', `${network}/${address}`);

/** The device a message is for, behind the receiver of the frame where it is to be routed on. */
function targetOf(network: NetworkHeader, conversation: Conversation<State>): Subject {
  const { destination } = network;
  const { receiver } = conversation;
  if (!destination || destination.address === '' || destination.network === ALL_NETWORKS) return receiver;
  return isAddressOf(receiver, destination.address) ? receiver : stationOf(receiver, destination, conversation);
}

function observeRouter(
  message: BacnetMessage,
  type: number,
  speaker: Subject,
  say: Say,
  conversation: Conversation<State>,
): void {
  switch (type) {
    case I_AM_ROUTER:
      say.fact(speaker, 'service.role', 'BACnet router', 'I-Am-Router-To-Network');
      for (const number of message.networks) say.fact(speaker, 'bacnet.network', number, 'I-Am-Router-To-Network');
      return;
    case ROUTING_TABLE:
      say.fact(speaker, 'service.role', 'BACnet router', 'Initialize-Routing-Table-Ack');
      for (const number of message.networks)
        say.fact(speaker, 'bacnet.network', number, 'Initialize-Routing-Table-Ack');
      return;
    case NETWORK_NUMBER_IS:
      for (const number of message.networks) say.fact(speaker, 'bacnet.network', number, 'Network-Number-Is');
      return;
    case INITIALIZE_ROUTING_TABLE:
    case ESTABLISH_CONNECTION:
    case DISCONNECT: {
      if (conversation.toGroup) return;
      const isQuestion = type === INITIALIZE_ROUTING_TABLE && message.networks.length === 0;
      const ends = { from: speaker, to: conversation.receiver };
      if (isQuestion) say.operation('read routing table', 'diagnostic', ends);
      else say.operation(ROUTER_OPERATIONS[type], 'configure', ends);
    }
  }
}
const ROUTER_OPERATIONS = {
  [INITIALIZE_ROUTING_TABLE]: 'initialize routing table',
  [ESTABLISH_CONNECTION]: 'establish connection to network',
  [DISCONNECT]: 'disconnect connection to network',
};

/** A broadcast has no device that it was done to. */
function isToAll({ link, network }: BacnetMessage, conversation: Conversation<State>): boolean {
  const { toGroup } = conversation;
  return (
    toGroup || link?.function === BROADCAST || link?.function === DISTRIBUTE || network?.destination?.address === ''
  );
}

function observeUnconfirmed(
  message: BacnetMessage,
  { service }: ApplicationHeader,
  speaker: Subject,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { announcement, introduction, properties } = message.contents;
  if (announcement) observeAnnouncement(announcement, ANNOUNCEMENTS[service] ?? 'COV notification', speaker, say);
  if (introduction && service === WHO_AM_I) {
    sayVendor(speaker, introduction.vendorId, 'Who-Am-I', say);
    say.fact(speaker, 'device.model', introduction.model, 'Who-Am-I');
    say.fact(speaker, 'device.serial', statedText(introduction.serial), 'Who-Am-I');
  }
  if (properties) observeProperties(properties, speaker, say, conversation);
  const operation = UNCONFIRMED[service];
  if (operation && message.network && !isToAll(message, conversation))
    say.operation(operation.what, operation.kind, { from: speaker, to: targetOf(message.network, conversation) });
}

const ANNOUNCEMENTS: Readonly<Record<number, string>> = { 0: 'I-Am', 1: 'I-Have' };

function observeAnnouncement(announcement: Announcement, source: string, speaker: Subject, say: Say): void {
  const { instance, vendorId, segmentation } = announcement;
  say.fact(speaker, 'bacnet.instance', instance, source);
  if (vendorId >= 0) sayVendor(speaker, vendorId, source, say);
  say.fact(speaker, 'bacnet.segmentation', SEGMENTATION[segmentation] ?? '', source);
}

function observeRequest(
  message: BacnetMessage,
  { invoke, service, sequence }: ApplicationHeader,
  network: NetworkHeader,
  speaker: Subject,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { announcement } = message.contents;
  if (announcement) observeAnnouncement(announcement, 'COV notification', speaker, say);
  if (sequence !== 0 || NOTIFICATIONS.has(service) || isToAll(message, conversation)) return;
  const { state, receiver, frame, time } = conversation;
  const to = targetOf(network, conversation);
  const { contents } = message;
  if (contents.hasPassword) say.fact(to, 'credential.cleartext', PASSWORD, CONFIRMED[service]?.what ?? 'password');
  const operation = operationOf(service, contents);
  if (!operation) return;
  if (state.pending.length >= MAX_PENDING) sayPending(state.pending.shift(), undefined, say);
  const detail = detailOf(service, contents, state);
  const station = network.destination;
  state.pending.push({ invoke, from: speaker, to, station, receiver, operation, detail, frame, time });
}

const PASSWORD = { what: 'BACnet device password' };

/** Services that nobody knows are named by their number, once. */
const unknown = new Map<number, BacnetService>();

function operationOf(service: number, { touched }: Contents): BacnetService | undefined {
  const known = CONFIRMED[service];
  if (known) {
    const isWrite = service === WRITE_PROPERTY || service === WRITE_PROPERTY_MULTIPLE;
    const first = touched?.[0];
    return isWrite && first && !touched.some((one) => isProcessProperty(one.property)) ? SETTINGS[service] : known;
  }
  let made = unknown.get(service);
  if (!made) {
    made = { what: `service ${service}`, kind: 'configure' };
    unknown.set(service, made);
  }
  return made;
}
/** Writes of properties that set a device up instead of moving something. */
const SETTINGS: Readonly<Record<number, BacnetService>> = {
  [WRITE_PROPERTY]: { what: 'writeProperty', kind: 'configure' },
  [WRITE_PROPERTY_MULTIPLE]: { what: 'writePropertyMultiple', kind: 'configure' },
};

function detailOf(service: number, { touched, wanted }: Contents, state: State): string {
  if (service === REINITIALIZE_DEVICE) return REINITIALIZE_STATES[wanted ?? -1] ?? '';
  if (service === DEVICE_COMMUNICATION_CONTROL) return COMMUNICATION_STATES[wanted ?? -1] ?? '';
  if (!touched || state.details >= MAX_DETAILS) return '';
  state.details++;
  return touched
    .map(({ objectType, instance, property }) => {
      const object = objectName(objectType, instance);
      return property < 0 ? object : `${object} ${propertyName(property)}`;
    })
    .join(', ');
}

function sayPending(pending: Pending | undefined, accepted: boolean | undefined, say: Say): void {
  if (!pending) return;
  const { operation, detail, from, to, frame, time } = pending;
  say.operation(operation.what, operation.kind, {
    from,
    to,
    frame,
    time,
    ...(detail === '' ? {} : { detail }),
    ...(accepted === undefined ? {} : { accepted }),
  });
}

function observeAnswer(
  message: BacnetMessage,
  { type, invoke }: ApplicationHeader,
  network: NetworkHeader,
  speaker: Subject,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { state, sender } = conversation;
  const at = state.pending.findIndex(
    (one) => one.invoke === invoke && one.receiver === sender && isSameStation(one.station, network.source),
  );
  if (at >= 0) {
    const [pending] = state.pending.splice(at, 1);
    sayPending(pending, type === SIMPLE_ACK || type === COMPLEX_ACK, say);
  }
  if (type === ERROR) return;
  const { properties } = message.contents;
  if (properties) observeProperties(properties, speaker, say, conversation);
}

// ------------------------------------------------------------------ properties

/** The instance number that stands for any device in questions (clause 12.11). */
const ANY_INSTANCE = 4_194_303;

function sayVendor(subject: Subject, vendorId: number, source: string, say: Say): void {
  say.fact(subject, 'bacnet.vendor-id', vendorId, source);
  say.fact(subject, 'bacnet.maker', BACNET_VENDORS[vendorId] ?? '', source);
}

const DEVICE_TEXTS = {
  12: 'device.software',
  28: 'device.description',
  44: 'device.firmware',
  58: 'device.location',
  70: 'device.model',
  77: 'device.friendly-label',
  121: 'device.vendor',
  372: 'device.serial',
} as const satisfies Record<number, Kind>;

const DEVICE_SOURCES: Readonly<Record<number, string>> = {
  12: 'application-software-version',
  28: 'description',
  44: 'firmware-revision',
  58: 'location',
  70: 'model-name',
  77: 'object-name',
  121: 'vendor-name',
  372: 'serial-number',
};

function observeProperties(
  properties: readonly Property[],
  speaker: Subject,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { state } = conversation;
  let device = -1;
  for (const one of properties) {
    if (one.objectType === DEVICE) {
      if (one.instance !== ANY_INSTANCE && one.instance !== device) {
        device = one.instance;
        say.fact(speaker, 'bacnet.instance', device, 'device object');
      }
      observeDevice(one, speaker, say);
    } else if (one.objectType === NETWORK_PORT && one.property !== OBJECT_NAME) observePort(one, speaker, say);
    else if (one.value.type === TEXT && one.value.text !== '' && state.objects < MAX_OBJECTS) {
      state.objects++;
      say.fact(
        speaker,
        'bacnet.object',
        `${objectName(one.objectType, one.instance)}: ${one.value.text}`,
        'object-name',
      );
    }
  }
}

const VENDOR_IDENTIFIER = 120;
const SYSTEM_STATUS_PROPERTY = 112;
const SEGMENTATION_SUPPORTED = 107;
const PROTOCOL_REVISION = 139;
const DEVICE_UUID = 507;

function observeDevice({ property, value }: Property, speaker: Subject, say: Say): void {
  const { type, number, text } = value;
  const kind = DEVICE_TEXTS[property as keyof typeof DEVICE_TEXTS];
  if (kind) {
    if (type !== TEXT || text === '') return;
    // A serial number that stands for none would make one device of all that have it.
    say.fact(speaker, kind, kind === 'device.serial' ? statedText(text) : text, DEVICE_SOURCES[property] ?? '');
  } else if (property === VENDOR_IDENTIFIER && type === UNSIGNED) sayVendor(speaker, number, 'vendor-identifier', say);
  else if (property === PROTOCOL_REVISION && type === UNSIGNED)
    say.fact(speaker, 'bacnet.revision', number, 'protocol-revision');
  else if (property === SYSTEM_STATUS_PROPERTY && type === ENUMERATED)
    say.fact(speaker, 'bacnet.status', SYSTEM_STATUS[number] ?? '', 'system-status');
  else if (property === SEGMENTATION_SUPPORTED && type === ENUMERATED)
    say.fact(speaker, 'bacnet.segmentation', SEGMENTATION[number] ?? '', 'segmentation-supported');
  else if (property === DEVICE_UUID && type === OCTETS)
    say.fact(speaker, 'device.uuid', uuidOfHex(text), 'device-uuid');
}

function uuidOfHex(hex: string): string {
  if (hex.length !== 32 || /^(0+|f+)$/.test(hex)) return '';
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const IP_ADDRESS = 400;
const IP_GATEWAY = 401;
const IP_NAME_SERVER = 406;
const IP_MASK = 411;
const NETWORK_NUMBER = 425;
const IPV6_ADDRESS = 436;

/** Settings of a network port object: the addresses a device has on it. */
function observePort({ property, value }: Property, speaker: Subject, say: Say): void {
  const { type, number, text } = value;
  if (property === NETWORK_NUMBER && type === UNSIGNED && number > 0)
    say.fact(speaker, 'bacnet.network', number, 'network port network-number');
  if (type !== OCTETS) return;
  if (property === IP_ADDRESS || property === IPV6_ADDRESS)
    say.fact(speaker, 'address.announced-ip', ipOfHex(text), 'network port ip-address');
  else if (property === IP_MASK) say.fact(speaker, 'network.mask', ipOfHex(text), 'network port ip-subnet-mask');
  else if (property === IP_GATEWAY)
    say.fact(speaker, 'network.router', ipOfHex(text), 'network port ip-default-gateway');
  else if (property === IP_NAME_SERVER)
    say.fact(speaker, 'network.name-server', ipOfHex(text), 'network port ip-dns-server');
}

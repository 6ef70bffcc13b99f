// BACnet, the protocol of building automation, over UDP, over plain Ethernet frames, and routed to field buses behind.
// Devices announce themselves and let anybody read what they are; most also let anybody write.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol } from '../../protocol.ts';
import { statedText } from '../../stated.ts';
import {
  type Announcement,
  type ApplicationHeader,
  COMPLEX_ACK,
  CONFIRMED_REQUEST,
  type Contents,
  SEGMENT_ACK,
  SIMPLE_ACK,
  UNCONFIRMED_REQUEST,
} from './application.ts';
import { observeProperties, type Say, sayVendor, TELLS } from './device.ts';
import {
  type BacnetMessage,
  findBacnetSecrets,
  isSameStation,
  openState,
  type Pending,
  readMessage,
  type State,
} from './message.ts';
import {
  ALL_NETWORKS,
  BROADCAST,
  BROADCAST_TABLE,
  BVLC_IPV4,
  BVLC_IPV6,
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
  type Station,
  WRITE_BROADCAST_TABLE,
} from './network.ts';
import {
  type BacnetService,
  COMMUNICATION_STATES,
  CONFIRMED,
  DEVICE_COMMUNICATION_CONTROL,
  isProcessProperty,
  NOTIFICATIONS,
  objectName,
  propertyName,
  REINITIALIZE_DEVICE,
  REINITIALIZE_STATES,
  SEGMENTATION,
  UNCONFIRMED,
  WHO_AM_I,
  WRITE_PROPERTY,
  WRITE_PROPERTY_MULTIPLE,
} from './services.ts';

export const bacnet = protocol({
  name: 'bacnet',
  title: 'BACnet',
  spec: 'ASHRAE 135-2020, clauses 5, 6, 13 to 21, annexes J and U; ISO 16484-5',
  depth: 'full',
  // Sites with several networks use the fifteen ports after it too; those are recognised by their bytes.
  on: { udp: [47808], llc: [0x82] },
  tells: TELLS,
  recognise: looksLikeBacnet,
  firstBytes: [BVLC_IPV4, BVLC_IPV6],
  open: openState,
  read: readMessage,
  secrets: findBacnetSecrets,
  observe: observeMessage,
  close(say, conversation) {
    for (const pending of conversation.state.pending) sayPending(pending, undefined, say);
  },
});

// ------------------------------------------------------------------ observing

/** Requests without answer that are kept; a client has few outstanding per device. */
const MAX_PENDING = 64;
/** Requests described with what they touch, per conversation. */
const MAX_DETAILS = 256;

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
      for (const entry of link.entries)
        if (!isAddressOf(sender, entry))
          say.fact(
            sender,
            link.function === FOREIGN_TABLE ? 'bacnet.foreign-device' : 'bacnet.bbmd-peer',
            entry,
            link.function,
          );
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
  if (announcement) {
    observeAnnouncement(announcement, ANNOUNCEMENTS[service] ?? 'COV notification', speaker, say);
    if (message.link?.function === FORWARDED) sayForwarded(message, announcement, say, conversation);
  }
  if (introduction && service === WHO_AM_I) {
    sayVendor(speaker, introduction.vendorId, 'Who-Am-I', say);
    say.fact(speaker, 'device.model', introduction.model, 'Who-Am-I');
    say.fact(speaker, 'device.serial', statedText(introduction.serial), 'Who-Am-I');
  }
  if (properties) observeProperties(properties, speaker, say, conversation.state);
  const operation = UNCONFIRMED[service];
  if (operation && message.network && !isToAll(message, conversation))
    say.operation(operation.what, operation.kind, { from: speaker, to: targetOf(message.network, conversation) });
}

/** Which devices a broadcast management device makes heard: without it they are gone from this subnet. */
function sayForwarded(
  { link, network }: BacnetMessage,
  announcement: Announcement,
  say: Say,
  { sender }: Conversation,
) {
  const { instance, vendorId } = announcement;
  const origin = link?.origin ?? '';
  if (origin === sender.ip) return;
  say.fact(sender, 'bacnet.forwards', { origin, instance, vendorId, ...network?.source }, 'Forwarded-NPDU');
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
  const { properties } = message.contents;
  if (properties) observeProperties(properties, speaker, say, conversation.state);
}

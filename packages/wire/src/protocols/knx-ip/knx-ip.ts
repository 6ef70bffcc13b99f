// KNXnet/IP, which connects the KNX bus of a building (light, blinds, heating, doors) with IP. Servers describe themselves
// when they are searched for; through tunnels and multicasts telegrams of the bus cross, mostly without any protection.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedMac } from '../../stated.ts';
import { DATA_CONFIRM, DATA_INDICATION, formatIndividual, readCemi, type Telegram } from './cemi.ts';
import { readDescriptionBlocks, readProperty, type ServerDescription } from './descriptions.ts';

const TELLS = [
  'device.friendly-label',
  'device.serial',
  'device.order-number',
  'device.description',
  'address.announced-ip',
  'address.announced-mac',
  'network.mask',
  'network.router',
  'knx.individual-address',
  'knx.project',
  'knx.medium',
  'knx.service-family',
  'knx.programming-mode',
  'knx.security',
  'service.role',
  'exposure.anonymous',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const knxIp = protocol({
  name: 'knx-ip',
  title: 'KNXnet/IP',
  spec: 'KNX Standard 3/8 (ISO 22510), 3/6/3, 3/3/7; KNX IP Secure: 3/8/9',
  depth: 'full',
  on: { udp: [3671], tcp: [3671] },
  tells: TELLS,
  recognise: looksLikeKnxIp,
  firstBytes: [0x06],
  frame: frameLength,
  open: openState,
  read: readMessage,
  secrets: findKeys,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('knx-ip.cut-short');
    if (message.telegram) observeTelegram(message, message.telegram, say, conversation);
    else if (message.description) observeDescription(message.description, message.endpoint, say, conversation);
    else observeService(message, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say);
  },
});

// ------------------------------------------------------------------ framing

/** Length of the header, and its version (KNX 3/8/1 clause 4). */
const START = 0x0610;
const HEADER = 6;

function frameLength(reader: Reader): number {
  const first = reader.peek();
  const start = reader.peek16();
  if ((first >= 0 && first !== START >> 8) || (start >= 0 && start !== START)) return NOT_MINE;
  const length = reader.peek16(4);
  if (length < 0) return NEED_MORE;
  return length < HEADER || !isService(reader.peek16(2)) ? NOT_MINE : length;
}

/** Service types: family in the upper byte. */
const SEARCH_RESPONSE = 0x0202;
const DESCRIPTION_RESPONSE = 0x0204;
const CONNECT_REQUEST = 0x0205;
const CONNECT_RESPONSE = 0x0206;
const EXTENDED_SEARCH_RESPONSE = 0x020c;
const CONFIGURATION_REQUEST = 0x0310;
const TUNNELLING_REQUEST = 0x0420;
const FEATURE_SET = 0x0424;
const ROUTING_INDICATION = 0x0530;
const SYSTEM_BROADCAST = 0x0533;
const DIAGNOSTIC_REQUEST = 0x0740;
const BASIC_CONFIGURATION = 0x0742;
const REMOTE_RESET = 0x0743;
const SECURE_WRAPPER = 0x0950;
const SESSION_REQUEST = 0x0951;

/** Last service type of each family so far (KNX 3/8/1 clause 5.5). */
const LAST_SERVICES: Readonly<Record<number, readonly [number, number]>> = {
  2: [0x01, 0x0c],
  3: [0x10, 0x11],
  4: [0x20, 0x25],
  5: [0x30, 0x33],
  6: [0x00, 0x3f],
  7: [0x40, 0x43],
  8: [0x00, 0xff],
  9: [0x50, 0x55],
};
function isService(service: number): boolean {
  const range = LAST_SERVICES[service >> 8];
  const number = service & 0xff;
  return range !== undefined && number >= range[0] && number <= range[1];
}

/** A header whose length is that of the datagram, or on TCP is followed by the next one. */
function looksLikeKnxIp(reader: Reader): boolean {
  const length = frameLength(reader);
  return length > HEADER && (reader.left === length || (reader.left > length + 1 && reader.peek16(length) === START));
}

// ------------------------------------------------------------------ reading

interface KnxMessage {
  readonly service: number;
  readonly telegram: Telegram | undefined;
  readonly description: ServerDescription | undefined;
  /** Address of the control endpoint that a server names; empty where the sender's own is meant. */
  readonly endpoint: string;
  /** Of a connection: what is connected, how the server answered, the individual address it gave. */
  readonly connection: number;
  readonly status: number;
  readonly assigned: string;
  readonly isCut: boolean;
}
const PLAIN = {
  telegram: undefined,
  description: undefined,
  endpoint: '',
  connection: 0,
  status: 0,
  assigned: '',
  isCut: false,
};
const NO_ADDRESS = '0.0.0.0';

function readMessage(reader: Reader, { transport }: Conversation<State>): KnxMessage | undefined {
  const length = frameLength(reader);
  if (length <= 0) return undefined;
  if (transport === 'udp' && length > reader.left) return undefined;
  reader.skip(2);
  const service = reader.u16();
  reader.skip(2);
  const body = reader.sub(Math.min(length - HEADER, reader.left));
  const message = { ...PLAIN, service };
  switch (service) {
    case SEARCH_RESPONSE:
    case EXTENDED_SEARCH_RESPONSE: {
      const endpoint = readEndpoint(body);
      return { ...message, endpoint, description: readDescriptionBlocks(body), isCut: !body.ok };
    }
    case DESCRIPTION_RESPONSE:
      return { ...message, description: readDescriptionBlocks(body), isCut: !body.ok };
    case CONNECT_REQUEST: {
      readEndpoint(body);
      readEndpoint(body);
      body.skip(1);
      return { ...message, connection: body.u8(), isCut: !body.ok };
    }
    case CONNECT_RESPONSE:
      return { ...message, ...readConnected(body) };
    case TUNNELLING_REQUEST:
    case CONFIGURATION_REQUEST:
      body.skip(body.peek() > 0 ? body.peek() : 4); // connection header
      return { ...message, ...readTelegram(body) };
    case ROUTING_INDICATION:
    case SYSTEM_BROADCAST:
      return { ...message, ...readTelegram(body) };
    default:
      return message;
  }
}

function readTelegram(body: Reader): { telegram: Telegram | undefined; isCut: boolean } {
  const telegram = readCemi(body);
  return { telegram, isCut: telegram === undefined };
}

/** Host protocol address information (KNX 3/8/2 clause 7.5.1). */
function readEndpoint(body: Reader): string {
  const length = body.peek();
  const endpoint = body.sub(Math.min(Math.max(length, 2), body.left));
  endpoint.skip(2);
  const ip = endpoint.ipv4();
  return endpoint.ok && ip !== NO_ADDRESS ? ip : '';
}

function readConnected(body: Reader): { status: number; connection: number; assigned: string } {
  body.skip(1); // channel
  const status = body.u8();
  if (status !== 0 || body.left === 0) return { status: body.ok ? status : -1, connection: 0, assigned: '' };
  readEndpoint(body);
  body.skip(1);
  const connection = body.u8();
  const address = connection === TUNNEL ? body.u16() : 0;
  return { status, connection, assigned: body.ok && address > 0 ? formatIndividual(address) : '' };
}
const TUNNEL = 4;

const KEY_NAME = 'KNX access key';
/** Bytes of a header, a connection header and a message from its control fields to its service. */
const CONNECTION_HEADER = 4;

/** Where keys stand: the last bytes of an authorization and of the writing of a key. */
function findKeys(reader: Reader): SecretRange[] {
  const service = reader.peek16(2);
  const hasHeader = service === TUNNELLING_REQUEST || service === CONFIGURATION_REQUEST;
  if (!hasHeader && service !== ROUTING_INDICATION && service !== SYSTEM_BROADCAST) return [];
  const cemi = HEADER + (hasHeader ? CONNECTION_HEADER : 0);
  const information = reader.peek(cemi + 1);
  if (information < 0) return [];
  const at = cemi + 2 + information + 7;
  const code = ((reader.peek(at) & 3) << 8) | reader.peek(at + 1);
  if (reader.peek(at + 1) < 0 || (code !== 0x3d1 && code !== 0x3d3)) return [];
  const end = reader.end - reader.at;
  return at + 3 < end ? [{ from: at + 3, to: end, what: KEY_NAME }] : [];
}

// ------------------------------------------------------------------ state

/** Telegrams kept while their confirmations are outstanding; a tunnel takes one at a time. */
const MAX_PENDING = 16;

interface Pending {
  readonly what: string;
  readonly kind: NonNullable<Telegram['operation']>['kind'];
  readonly destination: string;
  readonly detail: string;
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
}
interface State {
  readonly pending: Pending[];
  connecting: { readonly what: string; readonly frame: number; readonly time: number } | undefined;
  isSecurityTold: boolean;
}
function openState(): State {
  return { pending: [], connecting: undefined, isSecurityTold: false };
}

// ------------------------------------------------------------------ observing

function observeDescription(
  found: ServerDescription,
  endpoint: string,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { sender } = conversation;
  const source = 'device information';
  say.fact(sender, 'service.role', 'KNXnet/IP server', 'description');
  say.fact(sender, 'device.friendly-label', found.name, source);
  say.fact(sender, 'device.serial', found.serial, source);
  say.fact(sender, 'knx.individual-address', found.individualAddress, source);
  say.fact(sender, 'knx.project', found.project, source);
  say.fact(sender, 'knx.medium', found.medium, source);
  if (found.isProgramming) say.fact(sender, 'knx.programming-mode', true, source);
  const mac = statedMac(found.mac);
  if (mac) say.fact(sender, 'address.announced-mac', mac, source);
  for (const ip of new Set([endpoint, found.ip]))
    if (ip && ip !== NO_ADDRESS)
      say.fact(sender, 'address.announced-ip', ip, ip === endpoint ? 'control endpoint' : 'current IP configuration');
  if (found.mask && found.mask !== NO_ADDRESS) say.fact(sender, 'network.mask', found.mask, 'current IP configuration');
  if (found.router && found.router !== NO_ADDRESS)
    say.fact(sender, 'network.router', found.router, 'current IP configuration');
  for (const family of found.families) say.fact(sender, 'knx.service-family', family, 'supported service families');
  for (const family of found.secured)
    say.fact(sender, 'knx.security', `${family} only with security`, 'secured services');
}

function observeService(message: KnxMessage, say: Say, conversation: Conversation<State>): void {
  const { service } = message;
  const { state, sender, receiver, frame, time } = conversation;
  switch (service) {
    case CONNECT_REQUEST:
      state.connecting = {
        what: CONNECTIONS[message.connection] ?? `connection type ${message.connection}`,
        frame,
        time,
      };
      return;
    case CONNECT_RESPONSE: {
      const { connecting } = state;
      if (connecting) {
        const detail = message.assigned ? `${connecting.what} as ${message.assigned}` : connecting.what;
        const accepted = message.status === 0;
        say.operation('connect', 'session', { from: receiver, to: sender, detail, accepted, ...placeOf(connecting) });
        state.connecting = undefined;
      }
      if (message.status === 0 && message.connection === TUNNEL)
        say.fact(sender, 'exposure.anonymous', 'KNXnet/IP tunnelling', 'connect response');
      return;
    }
    case SECURE_WRAPPER:
    case SESSION_REQUEST:
      if (state.isSecurityTold) return;
      state.isSecurityTold = true;
      say.fact(conversation.server, 'knx.security', 'secure session', 'secure wrapper');
      return;
    default: {
      const operation = OPERATIONS[service];
      if (operation) say.operation(operation[0], operation[1], { from: sender, to: receiver });
    }
  }
}
const placeOf = ({ frame, time }: { readonly frame: number; readonly time: number }) => ({ frame, time });

/** Connection types (KNX 3/8/1 clause 5.3). */
const CONNECTIONS: Readonly<Record<number, string>> = {
  3: 'device management',
  4: 'tunnelling',
  6: 'remote logging',
  7: 'remote configuration',
  8: 'object server',
};
/** Services that do something by themselves. */
const OPERATIONS: Readonly<Record<number, readonly [what: string, kind: Pending['kind']]>> = {
  [FEATURE_SET]: ['set feature of tunnel', 'configure'],
  [DIAGNOSTIC_REQUEST]: ['remote diagnostic request', 'diagnostic'],
  [BASIC_CONFIGURATION]: ['remote basic configuration', 'configure'],
  [REMOTE_RESET]: ['remote reset', 'mode'],
};

function observeTelegram(message: KnxMessage, telegram: Telegram, say: Say, conversation: Conversation<State>): void {
  const { state, sender, receiver, frame, time } = conversation;
  const { operation, destination, value } = telegram;
  if (telegram.property) {
    const fact = readProperty(telegram.property);
    if (fact && message.service === CONFIGURATION_REQUEST) say.fact(sender, fact.kind, fact.value, fact.source);
    return;
  }
  if (telegram.code === DATA_CONFIRM) {
    settle(destination, telegram.isConfirmed, say, conversation);
    return;
  }
  if (telegram.hasKey) {
    const wellKnown = telegram.isOpenKey ? { wellKnown: true } : {};
    say.fact(receiver, 'credential.cleartext', { what: KEY_NAME, ...wellKnown }, 'access key in a telegram');
  }
  if (!operation) return;
  const place = value && destination ? `${destination}: ${value}` : destination || value;
  if (message.service === ROUTING_INDICATION || message.service === SYSTEM_BROADCAST) {
    const detail = telegram.source ? `${place} from ${telegram.source}` : place;
    say.operation(operation.what, operation.kind, { from: sender, to: receiver, detail });
    return;
  }
  // What a server passes on from the bus is not asked of its client.
  if (telegram.code === DATA_INDICATION) return;
  const request = { ...operation, destination, detail: place, from: sender, to: receiver, frame, time };
  if (!destination) sayOperation(request, undefined, say);
  else {
    if (state.pending.length >= MAX_PENDING) sayOperation(state.pending.shift(), undefined, say);
    state.pending.push(request);
  }
}

/** Says the operation that a confirmation of the bus belongs to. */
function settle(destination: string, accepted: boolean, say: Say, { state }: Conversation<State>): void {
  const at = state.pending.findIndex((one) => one.destination === destination);
  if (at < 0) return;
  const [request] = state.pending.splice(at, 1);
  sayOperation(request, accepted, say);
}

function sayOperation(request: Pending | undefined, accepted: boolean | undefined, say: Say): void {
  if (!request) return;
  const { what, kind, detail, from, to, frame, time } = request;
  say.operation(what, kind, { from, to, frame, time, detail: detail || undefined, accepted });
}

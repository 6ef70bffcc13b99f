// MQTT: things publish to a broker under topics and subscribe to those of others. Clients name themselves, mostly log in
// without encryption, and what they publish often describes the device.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { isCommandTopic, isCommandType } from './commands.ts';
import { readPayload, STATED_KINDS, type Statement } from './payloads.ts';
import { readSparkplug, type SparkplugTopic, sparkplugTopic } from './sparkplug.ts';

const TELLS = [
  'mqtt.client-id',
  'mqtt.version',
  'mqtt.keep-alive',
  'mqtt.topic',
  'mqtt.subscription',
  'mqtt.will-topic',
  'mqtt.server-reference',
  'sparkplug.node',
  'service.role',
  'credential.cleartext',
  'exposure.anonymous',
  'operation',
  ...STATED_KINDS,
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<MqttState>;

/** Topics of one connection that are told; a gateway has hundreds of them, which differ by a number. */
const MAX_TOPICS = 50;
/** Longest topic that is told; the standard allows 65,535 bytes. */
const MAX_TOPIC = 300;
/** Longest client identifier that is told; brokers mostly allow 256. */
const MAX_CLIENT_ID = 256;
const MAX_ACCOUNT = 254;

interface MqttState {
  /** 0 until a CONNECT was seen; 3, 4, 5 as on the wire. */
  version: number;
  /** The login that waits for its answer. */
  login:
    | { readonly account: string; readonly anonymous: boolean; readonly frame: number; readonly time: number }
    | undefined;
  readonly topics: Set<string>;
  /** The client subscribed to topics on which commands come. */
  takesCommands: boolean;
}

interface Connect {
  readonly type: 'connect';
  readonly version: number;
  readonly clientId: string;
  readonly keepAlive: number;
  readonly willTopic: string;
  readonly account: string;
  readonly hasUser: boolean;
  readonly hasPassword: boolean;
}
interface Accept {
  readonly type: 'accept';
  readonly code: number;
  readonly assignedId: string;
  readonly reference: string;
}
interface Publish {
  readonly type: 'publish';
  readonly topic: string;
  readonly sparkplug: SparkplugTopic | undefined;
  readonly statements: readonly Statement[];
  /** What a Sparkplug command asks for. */
  readonly command: string;
}
interface Subscribe {
  readonly type: 'subscribe';
  readonly filters: readonly string[];
}
type Mqtt = Connect | Accept | Publish | Subscribe | { readonly type: 'other' };
const OTHER: Mqtt = { type: 'other' };

export const mqtt = protocol({
  name: 'mqtt',
  title: 'Message Queuing Telemetry Transport with Sparkplug B',
  spec: 'MQTT 3.1; OASIS MQTT 3.1.1 and 5.0; Eclipse Sparkplug 3.0',
  depth: 'full',
  on: { tcp: [1883, 1884] },
  tells: TELLS,

  firstBytes: [0x10], // CONNECT
  recognise(reader) {
    return lengthOf(reader) > 0 && connectVersion(reader) > 0;
  },

  frame(reader) {
    const first = reader.peek();
    if (!hasKnownFlags(first)) return NOT_MINE;
    const length = lengthOf(reader);
    if (length <= 0) return length;
    return first >> 4 === CONNECT && reader.left > 14 && connectVersion(reader) === 0 ? NOT_MINE : length;
  },
  open: (): MqttState => ({ version: 0, login: undefined, topics: new Set(), takesCommands: false }),

  read(reader, { state, frame, time }): Mqtt | undefined {
    const first = reader.u8();
    if (!hasKnownFlags(first)) return undefined;
    const length = readVariable(reader);
    if (!reader.ok || length < 0) return undefined;
    switch (first >> 4) {
      case CONNECT: {
        const connect = readConnect(reader);
        if (!connect) return undefined;
        state.version = connect.version;
        state.login = { account: connect.account, anonymous: !connect.hasUser, frame, time };
        return connect;
      }
      case CONNACK:
        return length >= 2 ? readAccept(reader) : undefined;
      case PUBLISH:
        return readPublish(reader, (first >> 1) & 3, state.version);
      case SUBSCRIBE:
        return readSubscribe(reader, state.version);
      default:
        return isPlausible(first >> 4, length) ? OTHER : undefined;
    }
  },

  secrets: findSecrets,

  observe(message, say, conversation: Talk) {
    switch (message.type) {
      case 'connect':
        return observeConnect(message, say, conversation);
      case 'accept':
        return observeAccept(message, say, conversation);
      case 'publish':
        return observePublish(message, say, conversation);
      case 'subscribe':
        return observeSubscribe(message, say, conversation);
      default:
    }
  },

  close(say, conversation: Talk) {
    const { login } = conversation.state;
    if (login) sayLogin(login, undefined, say);
  },
});

// Framing: a type with flags, and the length of what follows in one to four bytes of seven bits.

/** Flags are fixed but those of PUBLISH (MQTT 5.0 section 2.1.3); version 3.1 also marks repeated requests. */
function hasKnownFlags(first: number): boolean {
  if (first < 0x10) return false;
  const type = first >> 4;
  const flags = first & 15;
  if (type === PUBLISH) return (flags & 6) !== 6;
  return flags === FLAGS[type] || (flags === 0x0a && FLAGS[type] === 2);
}

/** Length of the whole message, NEED_MORE, or NOT_MINE; the reader is not moved on. */
function lengthOf(reader: Reader): number {
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = reader.peek(at);
    if (byte < 0) return NEED_MORE;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return 1 + at + length;
  }
  return NOT_MINE;
}

/** A variable byte integer (MQTT 5.0 section 1.5.5), or -1 where it does not end. */
function readVariable(reader: Reader): number {
  let value = 0;
  for (let at = 0; at < 4; at++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 128 ** at;
    if (byte < 0x80) return value;
  }
  return -1;
}

/** The version of the CONNECT that starts here, 0 where it is none. The reader is not moved on. */
function connectVersion(reader: Reader): number {
  let at = 2;
  while (at < 5 && reader.peek(at - 1) >= 0x80) at++;
  if (reader.peek16(at) === 4 && reader.peek16(at + 2) === 0x4d51 && reader.peek16(at + 4) === 0x5454)
    return isLevel(reader.peek(at + 6), 4, 5);
  const isOld = reader.peek16(at) === 6 && reader.peek16(at + 2) === 0x4d51 && reader.peek16(at + 4) === 0x4973;
  return isOld && reader.peek16(at + 6) === 0x6470 ? isLevel(reader.peek(at + 8), 3, 3) : 0;
}
/** Bridges of Mosquitto set the highest bit. */
const isLevel = (level: number, from: number, to: number): number =>
  level >= 0 && (level & 0x7f) >= from && (level & 0x7f) <= to ? level & 0x7f : 0;

/** Lengths of the messages that are only counted: an identifier, in version 5 with a reason and properties. */
function isPlausible(type: number, length: number): boolean {
  if (type === PINGREQ || type === PINGRESP) return length === 0;
  if (type === DISCONNECT || type === AUTH) return length < MAX_PLAIN;
  if (type === SUBACK || type === UNSUBACK || type === UNSUBSCRIBE) return length >= 2 && length < MAX_PLAIN;
  return length === 2 || (length > 2 && length < MAX_ACKNOWLEDGEMENT);
}
const MAX_PLAIN = 65_536;
/** An acknowledgement with a reason and a sentence about it. */
const MAX_ACKNOWLEDGEMENT = 1024;

// Reading.

const readString = (reader: Reader): string => reader.text(reader.u16(), 'utf8');

function readConnect(reader: Reader): Connect | undefined {
  const name = readString(reader);
  const level = reader.u8() & 0x7f;
  if (name === 'MQIsdp' ? level !== 3 : name !== 'MQTT' || level < 4 || level > 5) return undefined;
  const flags = reader.u8();
  const keepAlive = reader.u16();
  if (!reader.ok) return undefined;
  if (level === 5) skipProperties(reader);
  const clientId = cleanText(readString(reader), MAX_CLIENT_ID);
  let willTopic = '';
  if (flags & FLAG_WILL) {
    if (level === 5) skipProperties(reader);
    willTopic = cleanText(readString(reader), MAX_TOPIC);
    reader.skip(reader.u16());
  }
  const hasUser = (flags & FLAG_USER) !== 0;
  const user = hasUser ? cleanText(readString(reader), MAX_ACCOUNT) : '';
  const hasPassword = (flags & FLAG_PASSWORD) !== 0 && reader.u16() > 0;
  // Without a password the name may be a token, as several platforms want it.
  return {
    type: 'connect',
    version: level,
    clientId,
    keepAlive,
    willTopic,
    account: hasPassword ? user : '',
    hasUser: hasUser || hasPassword,
    hasPassword: hasPassword && reader.ok,
  };
}

function skipProperties(reader: Reader): void {
  const length = readVariable(reader);
  if (length < 0) reader.ok = false;
  else reader.skip(length);
}

function readAccept(reader: Reader): Accept | undefined {
  const flags = reader.u8();
  const code = reader.u8();
  if (flags > 1 || !reader.ok) return undefined;
  const accept = { type: 'accept' as const, code, assignedId: '', reference: '' };
  return reader.left > 0 ? { ...accept, ...readAcceptProperties(reader) } : accept;
}

/** Properties of an answer to CONNECT (MQTT 5.0 section 3.2.2.3); the identifier tells how long each value is. */
function readAcceptProperties(reader: Reader): { assignedId: string; reference: string } {
  const found = { assignedId: '', reference: '' };
  const length = readVariable(reader);
  const properties = reader.sub(Math.min(Math.max(length, 0), reader.left));
  while (properties.left > 0) {
    const id = properties.u8();
    if (id === 0x12) found.assignedId = cleanText(readString(properties), MAX_CLIENT_ID);
    else if (id === 0x1c) found.reference = cleanText(readString(properties), MAX_CLIENT_ID);
    else if (id === 0x11 || id === 0x27) properties.skip(4);
    else if (id === 0x21 || id === 0x22 || id === 0x13) properties.skip(2);
    else if (id === 0x24 || id === 0x25 || (id >= 0x28 && id <= 0x2a)) properties.skip(1);
    else if (id === 0x1f || id === 0x1a || id === 0x15 || id === 0x16) properties.skip(properties.u16());
    else if (id === 0x26) {
      properties.skip(properties.u16());
      properties.skip(properties.u16());
    } else break;
  }
  return found;
}

/** A topic that is told of. Wildcards must not occur in what is published (MQTT 5.0 section 3.3.2.1). */
const IS_TOPIC = /^[^\p{Cc}+#\ufffd]+$/u;

function readPublish(reader: Reader, quality: number, version: number): Publish | undefined {
  const topic = readString(reader);
  // An alias stands for the topic in version 5.
  if (!reader.ok || (topic === '' ? version !== 5 : !IS_TOPIC.test(topic))) return undefined;
  if (quality > 0) reader.skip(2);
  // Where the version is not known, a zero is an empty list of properties: no payload that is read begins with one.
  if (version === 5) skipProperties(reader);
  else if (version === 0 && reader.peek() === 0) reader.skip(1);
  const sparkplug = sparkplugTopic(topic);
  const told = { type: 'publish' as const, topic: topic.slice(0, MAX_TOPIC), sparkplug };
  if (sparkplug) return { ...told, ...readSparkplug(sparkplug, reader) };
  return { ...told, statements: readPayload(topic, reader), command: '' };
}

const IS_FILTER = /^[^\p{Cc}\ufffd]+$/u;
/** Filters of one request; more are not kept. */
const MAX_FILTERS = 200;

function readSubscribe(reader: Reader, version: number): Subscribe | undefined {
  reader.skip(2);
  const start = reader.offset;
  const old = version === 5 ? undefined : readFilters(reader);
  if (old) return { type: 'subscribe', filters: old };
  if (version !== 5 && version !== 0) return undefined;
  reader.ok = true;
  reader.seek(start);
  skipProperties(reader);
  const filters = readFilters(reader);
  return filters && { type: 'subscribe', filters };
}

function readFilters(reader: Reader): string[] | undefined {
  const filters: string[] = [];
  while (reader.left > 0) {
    const filter = readString(reader);
    const options = reader.u8();
    if (!reader.ok || !IS_FILTER.test(filter) || (options & 3) === 3 || options > 0x2f) return undefined;
    if (filters.length < MAX_FILTERS) filters.push(filter.slice(0, MAX_TOPIC));
  }
  return filters.length > 0 ? filters : undefined;
}

/** Password, and a user name that stands alone; in version 5 also the data of other ways to log in. */
function findSecrets(reader: Reader): SecretRange[] {
  const first = reader.u8();
  readVariable(reader);
  if (first >> 4 === AUTH) return rest(reader, 'MQTT authentication data, may be a password');
  if (first >> 4 !== CONNECT) return [];
  const level = readString(reader) === 'MQIsdp' ? 3 : reader.peek() & 0x7f;
  reader.skip(1);
  const flags = reader.u8();
  reader.skip(2);
  if (!reader.ok) return rest(reader, 'MQTT password');
  const found: SecretRange[] = [];
  if (level === 5) {
    const from = reader.offset;
    skipProperties(reader);
    if (reader.ok && reader.offset - from > MAX_PLAIN_PROPERTIES)
      found.push({ from, to: reader.offset, what: 'MQTT authentication data, may be a password' });
  }
  reader.skip(reader.u16());
  if (flags & FLAG_WILL) {
    if (level === 5) skipProperties(reader);
    reader.skip(reader.u16());
    reader.skip(reader.u16());
  }
  if (!reader.ok) return found;
  const from = reader.offset;
  if (flags & FLAG_USER) reader.skip(reader.u16());
  const isAlone = (flags & FLAG_PASSWORD) === 0 || (reader.ok && reader.peek16() === 0);
  const start = isAlone ? from : reader.offset;
  const to = reader.end - reader.start;
  if (flags & (FLAG_USER | FLAG_PASSWORD) && to > start)
    found.push({ from: Math.min(start, to), to, what: isAlone ? 'MQTT user name, may be a token' : 'MQTT password' });
  return found;
}
/** Properties of a CONNECT without a login of its own: interval, sizes and flags. */
const MAX_PLAIN_PROPERTIES = 26;

const rest = (reader: Reader, what: string): SecretRange[] => {
  const to = reader.end - reader.start;
  return to > 1 ? [{ from: 1, to, what }] : [];
};

// Observing.

function observeConnect(message: Connect, say: Says, { sender, receiver }: Talk): void {
  say.fact(receiver, 'service.role', 'MQTT broker', 'CONNECT');
  say.fact(sender, 'mqtt.client-id', message.clientId, 'CONNECT, client identifier');
  say.fact(sender, 'mqtt.version', VERSIONS[message.version] ?? '', 'CONNECT, protocol version');
  say.fact(sender, 'mqtt.keep-alive', message.keepAlive, 'CONNECT, keep alive');
  say.fact(sender, 'mqtt.will-topic', message.willTopic, 'CONNECT, will topic');
  const node = sparkplugTopic(message.willTopic);
  if (node?.type === 'NDEATH') say.fact(sender, 'sparkplug.node', node.node, 'CONNECT, will topic');
  if (message.hasPassword) {
    const what = 'MQTT password';
    const value = message.account === '' ? { what } : { account: message.account, what };
    say.fact(receiver, 'credential.cleartext', value, 'CONNECT, password');
  }
}

function observeAccept(message: Accept, say: Says, { sender, receiver, state }: Talk): void {
  say.fact(receiver, 'mqtt.client-id', message.assignedId, 'CONNACK, assigned client identifier');
  say.fact(sender, 'mqtt.server-reference', message.reference, 'CONNACK, server reference');
  const { login } = state;
  if (!login) return;
  state.login = undefined;
  const accepted = message.code === 0;
  if (accepted && login.anonymous)
    say.fact(sender, 'exposure.anonymous', 'MQTT connection without a user name accepted', 'CONNACK');
  sayLogin(login, accepted, say);
}

function sayLogin(
  { account, anonymous, frame, time }: NonNullable<MqttState['login']>,
  accepted: boolean | undefined,
  say: Says,
): void {
  const where = { accepted, frame, time };
  if (anonymous) say.operation('connect to the broker', 'session', where);
  else say.operation('log in to the broker', 'authentication', { ...where, detail: account || undefined });
}

function observePublish(message: Publish, say: Says, conversation: Talk): void {
  const { topic, sparkplug, statements, command } = message;
  const { sender, receiver, fromClient, state } = conversation;
  if (fromClient && topic !== '' && isNewTopic(state, topic)) say.fact(sender, 'mqtt.topic', topic, 'PUBLISH');
  for (const { of, kind, value, source } of statements) {
    const about = of.who === 'publisher' && !fromClient ? (of.elsewhere ?? of) : of;
    if (about.who === 'address') say.fact(conversation.subject({ mac: about.mac }), kind, value, source);
    else if (about.who === 'part') say.fact(conversation.part(sender, about.scheme, about.id), kind, value, source);
    else if (fromClient === (about.who === 'publisher')) say.fact(sender, kind, value, source);
  }
  if (sparkplug && fromClient) {
    if (sparkplug.type === 'STATE') say.fact(sender, 'service.role', 'Sparkplug host application', 'STATE');
    else if (SENT_BY_NODES.has(sparkplug.type)) {
      say.fact(sender, 'service.role', 'Sparkplug edge node', sparkplug.type);
      say.fact(sender, 'sparkplug.node', sparkplug.node, 'topic');
    }
  }
  // What a broker passes on is only for those who asked for commands: others listen to everything.
  if (!fromClient && !state.takesCommands) return;
  const toClient = fromClient ? {} : { from: sender, to: receiver };
  if (sparkplug && isCommandType(sparkplug.type)) {
    const what = sparkplug.type === 'NCMD' ? 'Sparkplug node command' : 'Sparkplug device command';
    const detail = command === '' ? sparkplug.path : `${sparkplug.path}: ${command}`;
    say.operation(what, kindOfCommand(command), { ...toClient, detail });
  } else if (isCommandTopic(topic)) say.operation('publish command', 'write', { ...toClient, detail: topic });
}
const SENT_BY_NODES = new Set(['NBIRTH', 'NDATA', 'DBIRTH', 'DDATA', 'DDEATH', 'NDEATH']);

function kindOfCommand(command: string): 'diagnostic' | 'mode' | 'configure' | 'write' {
  if (command === 'Node Control/Rebirth' || command === 'Device Control/Rebirth') return 'diagnostic';
  if (/^(?:Node|Device) Control\/(?:Reboot|Reset|Restart)/i.test(command)) return 'mode';
  return /^(?:Node|Device) Control\//i.test(command) ? 'configure' : 'write';
}

function observeSubscribe({ filters }: Subscribe, say: Says, { sender, state }: Talk): void {
  for (const filter of filters) {
    if (!filter.startsWith('#') && (isCommandTopic(filter) || isCommandType(filter.split('/', 3)[2] ?? '')))
      state.takesCommands = true;
    if (isNewTopic(state, `? ${filter}`)) say.fact(sender, 'mqtt.subscription', filter, 'SUBSCRIBE');
  }
}

function isNewTopic({ topics }: MqttState, topic: string): boolean {
  if (topics.has(topic) || topics.size >= MAX_TOPICS) return false;
  topics.add(topic);
  return true;
}

// Names of codes.

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const SUBACK = 9;
const UNSUBSCRIBE = 10;
const UNSUBACK = 11;
const PINGREQ = 12;
const PINGRESP = 13;
const DISCONNECT = 14;
const AUTH = 15;
const FLAGS = [-1, 0, 0, 0, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0];

const FLAG_WILL = 0x04;
const FLAG_PASSWORD = 0x40;
const FLAG_USER = 0x80;

const VERSIONS: Readonly<Record<number, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };

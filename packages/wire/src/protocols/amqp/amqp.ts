// AMQP, versions 0-9-1 and 1.0: programs log in to a broker, mostly with a password in clear, and send messages to queues.
// Broker and programs name themselves with product and version.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { type AmqpValue, isList, readShortText, readTable, readValue, textAt } from './types.ts';

const TELLS = [
  'device.software',
  'client.software',
  'amqp.container',
  'amqp.virtual-host',
  'amqp.address',
  'amqp.platform',
  'amqp.cluster',
  'service.role',
  'service.authentication',
  'credential.cleartext',
  'exposure.anonymous',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<AmqpState>;

/** Queues and exchanges of one connection that are told. */
const MAX_ADDRESSES = 50;
/** Longest frame: brokers agree on 128 KiB, the largest seen settings are a few megabytes. */
const MAX_FRAME = 16 * 1024 * 1024;

interface Login {
  readonly mechanism: string;
  readonly account: string;
  readonly hasPassword: boolean;
  readonly isDefault: boolean;
}
interface AmqpState {
  login: { readonly login: Login; readonly frame: number; readonly time: number } | undefined;
  readonly addresses: Set<string>;
}

/** Who an end says it is. */
interface Introduction {
  readonly product: string;
  readonly platform: string;
  readonly cluster: string;
  readonly container: string;
}
type Amqp =
  | { readonly kind: 'greeting'; readonly introduction: Introduction; readonly mechanisms: readonly string[] }
  | { readonly kind: 'login'; readonly introduction: Introduction; readonly login: Login }
  | { readonly kind: 'outcome'; readonly accepted: boolean }
  | { readonly kind: 'open'; readonly introduction: Introduction; readonly host: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'removal'; readonly what: string; readonly address: string }
  | { readonly kind: 'other' };
const OTHER: Amqp = { kind: 'other' };

export const amqp = protocol({
  name: 'amqp',
  title: 'Advanced Message Queuing Protocol 0-9-1 and 1.0',
  spec: 'AMQP 0-9-1; OASIS AMQP 1.0 (ISO/IEC 19464)',
  depth: 'functions',
  on: { tcp: [5672] },
  tells: TELLS,

  firstBytes: [0x41], // A
  recognise: (reader) => isHeader(reader) || isCutHeader(reader),
  frame: frameAmqp,
  open: (): AmqpState => ({ login: undefined, addresses: new Set() }),

  read(reader, { state, frame, time }): Amqp | undefined {
    if (isHeader(reader)) return OTHER;
    const message = reader.peek() === 0 ? readNew(reader) : readOld(reader);
    if (message?.kind === 'login') state.login = { login: message.login, frame, time };
    return message;
  },

  secrets(reader) {
    return isHeader(reader) ? [] : reader.peek() === 0 ? findNewSecrets(reader) : findOldSecrets(reader);
  },

  observe(message, say, conversation: Talk) {
    const { sender, receiver, fromClient, state } = conversation;
    switch (message.kind) {
      case 'greeting':
        say.fact(sender, 'service.role', 'AMQP broker', 'greeting');
        for (const mechanism of message.mechanisms) say.fact(sender, 'service.authentication', mechanism, 'mechanisms');
        observeIntroduction(message.introduction, say, conversation);
        return;
      case 'login': {
        observeIntroduction(message.introduction, say, conversation);
        const { mechanism, account, hasPassword, isDefault } = message.login;
        if (!hasPassword) return;
        const what = 'AMQP password';
        const value = { ...(account === '' ? {} : { account }), what, ...(isDefault ? { wellKnown: true } : {}) };
        say.fact(receiver, 'credential.cleartext', value, `login, ${mechanism}`);
        return;
      }
      case 'outcome': {
        if (message.accepted && state.login?.login.mechanism === 'ANONYMOUS')
          say.fact(sender, 'exposure.anonymous', 'AMQP connection without a user name accepted', 'login');
        sayLogin(state, message.accepted, say);
        return;
      }
      case 'open':
        observeIntroduction(message.introduction, say, conversation);
        if (fromClient) say.fact(receiver, 'amqp.virtual-host', message.host, 'open');
        return;
      case 'address': {
        const { address } = message;
        if (!fromClient || address === '' || state.addresses.has(address) || state.addresses.size >= MAX_ADDRESSES)
          return;
        state.addresses.add(address);
        say.fact(sender, 'amqp.address', address, 'publish, consume or attach');
        return;
      }
      case 'removal':
        if (fromClient) say.operation(message.what, 'configure', { detail: message.address });
        return;
      default:
    }
  },

  close(say, { state }: Talk) {
    sayLogin(state, undefined, say);
  },
});

// Framing.

/** "AMQP", then a number of the layer and the version, whose order the versions have changed. */
function isHeader(reader: Reader): boolean {
  if (reader.peek16() !== 0x414d || reader.peek16(2) !== 0x5150) return false;
  return HEADERS.has(reader.peek16(4) * 0x10000 + reader.peek16(6));
}
/** The first half of one, as a segment may end with it. */
const isCutHeader = (reader: Reader): boolean =>
  reader.left >= 4 && reader.left < 8 && reader.peek16() === 0x414d && reader.peek16(2) === 0x5150;
const HEADERS = new Set([0x0000_0901, 0x0101_0009, 0x0101_0008, 0x0101_000a, 0x0001_0000, 0x0201_0000, 0x0301_0000]);

function frameAmqp(reader: Reader): number {
  const first = reader.peek();
  if (first === 0x41) return reader.left < 8 ? NEED_MORE : isHeader(reader) ? 8 : NOT_MINE;
  if (reader.left < 8) return reader.left < 7 && first > HEARTBEAT ? NOT_MINE : NEED_MORE;
  if (first === 0) {
    // Size with itself, where the body begins in words of four bytes, type, channel.
    const size = reader.peek16() * 0x10000 + reader.peek16(2);
    const begins = reader.peek(4);
    if (size < 8 || size > MAX_FRAME || begins < 2 || begins * 4 > size || reader.peek(5) > 1) return NOT_MINE;
    return size === begins * 4 || reader.left <= begins * 4 || reader.peek(begins * 4) === 0 ? size : NOT_MINE;
  }
  const size = reader.peek16(3) * 0x10000 + reader.peek16(5);
  if (!isOldType(first) || size > MAX_FRAME || (first === HEARTBEAT) !== (size === 0 && first !== BODY))
    return NOT_MINE;
  if (first === METHOD && reader.left >= 9 && !CLASSES.has(reader.peek16(7))) return NOT_MINE;
  return reader.left >= size + 8 && reader.peek(7 + size) !== FRAME_END ? NOT_MINE : size + 8;
}
const isOldType = (type: number): boolean => type === METHOD || type === HEADER || type === BODY || type === HEARTBEAT;

// Version 0-9-1.

const NOBODY: Introduction = { product: '', platform: '', cluster: '', container: '' };

function readOld(reader: Reader): Amqp | undefined {
  const type = reader.u8();
  reader.skip(2);
  const size = reader.u32();
  if (!isOldType(type) || size > reader.left) return undefined;
  const body = reader.sub(size);
  if (reader.u8() !== FRAME_END) return undefined;
  if (type !== METHOD) return OTHER;
  switch (body.u16() * 1000 + body.u16()) {
    case CONNECTION_START: {
      body.skip(2);
      const introduction = introductionOf(readTable(body));
      return { kind: 'greeting', introduction, mechanisms: splitWords(body.text(body.u32())) };
    }
    case CONNECTION_START_OK:
      return { kind: 'login', introduction: introductionOf(readTable(body)), login: readOldLogin(body) };
    case CONNECTION_TUNE:
      return { kind: 'outcome', accepted: true };
    case CONNECTION_CLOSE:
      return body.u16() === ACCESS_REFUSED ? { kind: 'outcome', accepted: false } : OTHER;
    case CONNECTION_OPEN:
      return { kind: 'open', introduction: NOBODY, host: cleanText(readShortText(body), 200) };
    case EXCHANGE_DELETE:
      return { kind: 'removal', what: 'delete an exchange', address: readAddress(body) };
    case QUEUE_DELETE:
      return { kind: 'removal', what: 'delete a queue', address: readAddress(body) };
    case QUEUE_PURGE:
      return { kind: 'removal', what: 'empty a queue', address: readAddress(body) };
    case BASIC_CONSUME:
    case BASIC_PUBLISH:
      return { kind: 'address', address: readAddress(body) };
    default:
      return OTHER;
  }
}

/** Name of the queue or exchange, behind a number that is not used any more. */
function readAddress(body: Reader): string {
  body.skip(2);
  return cleanText(readShortText(body), 200);
}

const splitWords = (text: string): string[] => cleanText(text, 200).split(/[ ,]+/).filter(Boolean).slice(0, 12);

const introductionOf = (table: ReadonlyMap<string, string>): Introduction => ({
  product: nameOf(table.get('product'), table.get('version')),
  platform: cleanText(table.get('platform') ?? '', 120),
  cluster: cleanText(table.get('cluster_name') ?? '', 120),
  container: cleanText(table.get('connection_name') ?? '', 200),
});
const nameOf = (product = '', version = ''): string =>
  product === '' ? '' : cleanText(`${product} ${/^\d/.test(version) ? version : ''}`, 120);

function readOldLogin(body: Reader): Login {
  const mechanism = cleanText(readShortText(body), 30);
  const response = body.sub(body.u32());
  if (mechanism !== 'AMQPLAIN') return readPlain(mechanism, response.bytes(response.left));
  // The entries of a table without its length.
  let account = '';
  let hasPassword = false;
  while (response.left > 0) {
    const name = readShortText(response);
    if (response.u8() !== LONG_TEXT) break;
    const text = response.sub(response.u32());
    if (name === 'LOGIN') account = cleanText(text.text(text.left, 'utf8'), 100);
    else if (name === 'PASSWORD') hasPassword = text.left > 0;
  }
  return { mechanism, account, hasPassword, isDefault: false };
}

/** Answer of SASL PLAIN: NUL, account, NUL, password (RFC 4616). The password is only compared, not kept. */
function readPlain(mechanism: string, response: Uint8Array): Login {
  const [, account = '', password = ''] =
    mechanism === 'PLAIN' ? decodeText(response.subarray(0, 1024), 'utf8').split('\0', 3) : [];
  // RabbitMQ's default user may log in from its own host only, unless somebody changed that.
  const isDefault = account === 'guest' && password === 'guest';
  return { mechanism, account: cleanText(account, 100), hasPassword: password !== '', isDefault };
}

function findOldSecrets(reader: Reader): SecretRange[] {
  const isMethod = reader.u8() === METHOD;
  reader.skip(6);
  const method = reader.u16() * 1000 + reader.u16();
  if (!isMethod || (method !== CONNECTION_START_OK && method !== CONNECTION_SECURE_OK)) return [];
  if (method === CONNECTION_START_OK) {
    readTable(reader);
    readShortText(reader);
  }
  const to = reader.end - reader.start;
  return [{ from: reader.ok ? Math.min(reader.offset, to) : 11, to, what: 'AMQP password' }];
}

// Version 1.0.

/** The descriptor of what a frame does (part 2 section 2.7, part 5 section 5.3.3): a small number behind 00 53. */
function readDescriptor(body: Reader): number {
  if (body.peek() !== 0) return -1;
  body.skip(1);
  const code = body.u8();
  if (code === 0x53) return body.u8();
  return code === 0x80 ? Number(body.u64()) : -1;
}

function readNew(reader: Reader): Amqp | undefined {
  const size = reader.u32();
  const begins = reader.u8();
  const type = reader.u8();
  if (begins < 2 || type > 1 || size < begins * 4) return undefined;
  reader.skip(begins * 4 - 6);
  if (!reader.ok) return undefined;
  if (reader.left === 0) return OTHER;
  const descriptor = readDescriptor(reader);
  if (type === 1 ? descriptor < SASL_MECHANISMS || descriptor > SASL_OUTCOME : descriptor < OPEN || descriptor > CLOSE)
    return undefined;
  if (!NEW_OF_INTEREST.has(descriptor)) return OTHER;
  const fields = readValue(reader);
  switch (descriptor) {
    case SASL_MECHANISMS: {
      const list = isList(fields) ? fields[0] : undefined;
      const mechanisms = isList(list) ? list : [list];
      const texts = mechanisms.flatMap((one) => (typeof one === 'string' ? [cleanText(one, 30)] : []));
      return { kind: 'greeting', introduction: NOBODY, mechanisms: texts };
    }
    case SASL_INIT: {
      const response = isList(fields) ? fields[1] : undefined;
      const mechanism = cleanText(textAt(fields, 0), 30);
      const login = readPlain(mechanism, response instanceof Uint8Array ? response : new Uint8Array(0));
      return { kind: 'login', introduction: NOBODY, login };
    }
    case SASL_OUTCOME:
      return { kind: 'outcome', accepted: isList(fields) && fields[0] === 0 };
    case OPEN: {
      const properties = propertiesOf(isList(fields) ? fields[9] : undefined);
      const container = cleanText(textAt(fields, 0), 200);
      return {
        kind: 'open',
        introduction: { ...introductionOf(properties), container },
        host: cleanText(textAt(fields, 1), 200),
      };
    }
    default: {
      // Attach: who receives names the source, who sends names the target.
      const end = isList(fields) ? fields[fields[2] === true ? 5 : 6] : undefined;
      return { kind: 'address', address: cleanText(textAt(end, 0), 200) };
    }
  }
}

function propertiesOf(map: AmqpValue): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; isList(map) && at + 1 < map.length; at += 2) found.set(textAt(map, at), textAt(map, at + 1));
  return found;
}

function findNewSecrets(reader: Reader): SecretRange[] {
  reader.skip(4);
  const begins = reader.u8();
  const isSasl = reader.u8() === 1;
  reader.skip(Math.max(begins * 4 - 6, 0));
  const descriptor = readDescriptor(reader);
  if (!isSasl || (descriptor !== SASL_INIT && descriptor !== SASL_RESPONSE)) return [];
  const to = reader.end - reader.start;
  return [{ from: Math.min(reader.offset, to), to, what: 'SASL login, may be a password' }];
}

// Observing.

function observeIntroduction(
  { product, platform, cluster, container }: Introduction,
  say: Says,
  { sender, fromClient }: Talk,
): void {
  say.fact(sender, fromClient ? 'client.software' : 'device.software', product, 'properties, product and version');
  say.fact(sender, 'amqp.platform', platform, 'properties, platform');
  say.fact(sender, 'amqp.cluster', cluster, 'properties, cluster_name');
  say.fact(sender, 'amqp.container', container, 'container-id or connection_name');
}

function sayLogin(state: AmqpState, accepted: boolean | undefined, say: Says): void {
  if (!state.login) return;
  const { login, frame, time } = state.login;
  state.login = undefined;
  say.operation('log in to the broker', 'authentication', {
    detail: login.account || undefined,
    accepted,
    frame,
    time,
  });
}

// Numbers of version 0-9-1: types of frames, classes, methods as class and number, a reply code.
const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const HEARTBEAT = 8;
const FRAME_END = 0xce;
const CLASSES = new Set([10, 20, 30, 40, 50, 60, 85, 90]);
const CONNECTION_START = 10_010;
const CONNECTION_START_OK = 10_011;
const CONNECTION_SECURE_OK = 10_021;
const CONNECTION_TUNE = 10_030;
const CONNECTION_OPEN = 10_040;
const CONNECTION_CLOSE = 10_050;
const EXCHANGE_DELETE = 40_020;
const QUEUE_PURGE = 50_030;
const QUEUE_DELETE = 50_040;
const BASIC_CONSUME = 60_020;
const BASIC_PUBLISH = 60_040;
const ACCESS_REFUSED = 403;
const LONG_TEXT = 0x53;

// Descriptors of version 1.0.
const OPEN = 0x10;
const ATTACH = 0x12;
const CLOSE = 0x18;
const SASL_MECHANISMS = 0x40;
const SASL_INIT = 0x41;
const SASL_RESPONSE = 0x43;
const SASL_OUTCOME = 0x44;
const NEW_OF_INTEREST = new Set([OPEN, ATTACH, SASL_MECHANISMS, SASL_INIT, SASL_OUTCOME]);

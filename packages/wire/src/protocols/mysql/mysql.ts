// MySQL and MariaDB: the server's greeting tells its version, the client's answer the account, the database and often the
// program and its system. Passwords cross as answers to a challenge, unless the server asks for them in clear.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import {
  frameTls,
  isTlsRecord,
  observeTls,
  readTls,
  TLS_KINDS,
  type TlsMessage,
  type TlsUpgrade,
} from '../tls/upgrade.ts';

/** Longest packet of the opening: attributes of a client have 64 KiB at most. */
const MAX_PACKET = 70_000;
const MAX_TEXT = 256;
/** Attributes of a client that are looked at. */
const MAX_ATTRIBUTES = 64;

/** Capabilities (Protocol::CapabilityFlags). */
const CAPABLE = {
  database: 0x0000_0008,
  protocol41: 0x0000_0200,
  tls: 0x0000_0800,
  secure: 0x0000_8000,
  plugin: 0x0008_0000,
  attributes: 0x0010_0000,
  lengthEncoded: 0x0020_0000,
} as const;
const CLEAR = 'mysql_clear_password';

interface State extends TlsUpgrade {
  isGreeted: boolean;
  account: string;
  /** The client has answered; the server's verdict is open. */
  answered: boolean;
  hadPassword: boolean;
  /** How the client is asked to prove who it is. */
  plugin: string;
}
interface MySql {
  readonly version?: string;
  readonly plugin?: string;
  readonly account?: string;
  readonly database?: string;
  readonly attributes?: ReadonlyMap<string, string>;
  readonly isClear?: boolean;
  readonly accepted?: boolean;
  readonly tls?: TlsMessage;
}
const NOTHING: MySql = {};

export const mysql = protocol({
  name: 'mysql',
  title: 'MySQL',
  spec: 'MySQL Client/Server Protocol: connection phase; MariaDB protocol: connecting',
  depth: 'identity',
  on: { tcp: [3306] },
  tells: [
    ...TLS_KINDS,
    'service.banner',
    'service.authentication',
    'service.account',
    'device.software',
    'device.os',
    'client.software',
    'database.name',
    'credential.cleartext',
    'exposure.anonymous',
    'operation',
  ],
  open: (): State => ({
    tls: undefined,
    isGreeted: false,
    account: '',
    answered: false,
    hadPassword: false,
    plugin: '',
  }),

  recognise(reader) {
    const length = reader.peek() | (reader.peek(1) << 8);
    if (reader.peek16(2) !== 0 || reader.peek(4) !== 10 || length < 32 || length > 300) return false;
    reader.skip(5);
    return /^\d{1,2}\.\d{1,2}\.\d/.test(reader.text(Math.min(reader.left, 8)));
  },

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    if (reader.left < 5) return NEED_MORE;
    const length = reader.peek() | (reader.peek(1) << 8) | (reader.peek(2) << 16);
    return length > 0 && length <= MAX_PACKET && isExpected(reader, conversation) ? 4 + length : NOT_MINE;
  },

  read(reader, conversation): MySql | undefined {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    reader.skip(4);
    if (!fromClient) return state.answered ? readVerdict(reader, state) : readGreeting(reader, state);
    if (!state.answered) return readAnswer(reader, state);
    if (state.plugin !== CLEAR || reader.left < 2) return NOTHING;
    state.hadPassword = true;
    return { isClear: true, account: state.account };
  },

  secrets(reader, { fromClient, state }): SecretRange[] {
    const length = reader.left;
    if (!fromClient || isTlsRecord(reader, state) || length <= 4) return [];
    // Behind the fixed part and the account stands the password or what proves it; later packets are that alone.
    const from = reader.peek(3) <= 2 && length > 36 && !state.answered ? accountEnd(reader) : 4;
    return from < length ? [{ from, to: length, what: 'MySQL password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { version, plugin, account, database, attributes, isClear, accepted, tls } = message;
    const { server, client, state } = conversation;
    if (tls) observeTls(tls, say, conversation);
    if (version) {
      say.fact(server, 'service.banner', version, 'greeting');
      say.fact(server, 'device.software', softwareOf(version), 'greeting');
      say.fact(server, 'device.os', systemOf(version), 'greeting');
    }
    if (plugin) say.fact(server, 'service.authentication', plugin, 'authentication plugin');
    if (isClear) {
      const value = { what: 'MySQL password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, CLEAR);
    } else if (account) say.fact(server, 'service.account', account, 'handshake response');
    if (database) say.fact(server, 'database.name', database, 'handshake response');
    if (attributes) {
      const name = attributes.get('program_name') ?? attributes.get('_client_name') ?? '';
      say.fact(client, 'client.software', name, 'connection attributes');
      say.fact(client, 'device.os', clientSystem(attributes.get('_os') ?? ''), 'connection attributes');
    }
    if (accepted === undefined) return;
    say.operation('log in', 'authentication', { accepted });
    if (accepted && !state.hadPassword)
      say.fact(server, 'exposure.anonymous', 'MySQL account without a password', 'OK packet');
    conversation.done();
  },
});

/** Whether a packet is what comes next in the connection phase; what comes behind it is of no interest. */
function isExpected(reader: Reader, { state, fromClient }: Conversation<State>): boolean {
  const number = reader.peek(3);
  const first = reader.peek(4);
  if (fromClient) return state.isGreeted && number >= 1 && number < 16;
  if (state.answered) return number >= 1 && number < 16;
  return number === 0 && (first === 10 || first === 9 || first === 0xff);
}

function readGreeting(reader: Reader, state: State): MySql | undefined {
  const protocolVersion = reader.u8();
  // An error in place of the greeting: hosts that are not let in.
  if (protocolVersion === 0xff) {
    state.isGreeted = true;
    return NOTHING;
  }
  const version = cleanText(reader.textz(MAX_TEXT), 128);
  if (!reader.ok || !/^\d+\.\d/.test(version)) return undefined;
  state.isGreeted = true;
  if (protocolVersion === 9) return { version };
  reader.skip(13); // thread, first half of the challenge, filler
  let capabilities = reader.u16le();
  reader.skip(3); // charset, status
  capabilities += reader.u16le() * 0x10000;
  const length = reader.u8();
  reader.skip(10 + Math.max(13, length - 8));
  if (!reader.ok || !has(capabilities, CAPABLE.plugin)) return { version };
  const plugin = cleanText(reader.textz(64), 64);
  state.plugin = plugin;
  return plugin ? { version, plugin } : { version };
}

const has = (capabilities: number, capability: number): boolean => (capabilities & capability) !== 0;

/** Offset of the byte behind the account in a handshake response; of its fixed part where that cannot be told. */
function accountEnd(reader: Reader): number {
  const isNew = (reader.peek(5) & (CAPABLE.protocol41 >> 8)) !== 0;
  let at = isNew ? 36 : 9;
  while (reader.peek(at) > 0 && at < 36 + MAX_TEXT) at++;
  return reader.peek(at) === 0 ? at + 1 : isNew ? 36 : 9;
}

function readAnswer(reader: Reader, state: State): MySql | undefined {
  const capabilities = reader.u16le() + reader.u16le() * 0x10000;
  if (!has(capabilities, CAPABLE.protocol41)) {
    reader.seek(9);
    const account = cleanText(reader.textz(MAX_TEXT), 128);
    state.hadPassword = reader.left > 1;
    state.answered = reader.ok;
    return reader.ok ? { account } : undefined;
  }
  reader.skip(28); // largest packet, charset, filler
  // Only the fixed part: the client turns to TLS first.
  if (reader.left === 0 && has(capabilities, CAPABLE.tls)) return NOTHING;
  const account = cleanText(reader.textz(MAX_TEXT, 'utf8'), 128);
  const isText = !has(capabilities, CAPABLE.lengthEncoded) && !has(capabilities, CAPABLE.secure);
  const length = isText
    ? lengthToZero(reader)
    : has(capabilities, CAPABLE.lengthEncoded)
      ? lengthEncoded(reader)
      : reader.u8();
  reader.skip(isText ? length + 1 : length);
  if (!reader.ok) return undefined;
  state.account = account;
  state.answered = true;
  state.hadPassword = length > 0;
  const database =
    has(capabilities, CAPABLE.database) && reader.left > 0 ? cleanText(reader.textz(MAX_TEXT, 'utf8'), 128) : '';
  const plugin = has(capabilities, CAPABLE.plugin) && reader.left > 0 ? cleanText(reader.textz(64), 64) : '';
  if (plugin) state.plugin = plugin;
  const attributes = has(capabilities, CAPABLE.attributes) ? readAttributes(reader) : new Map<string, string>();
  return { account, database, attributes, ...(plugin === CLEAR && length > 1 ? { isClear: true } : {}) };
}

function lengthToZero(reader: Reader): number {
  let length = 0;
  while (length < MAX_TEXT && reader.peek(length) > 0) length++;
  return length;
}

/** Protocol::LengthEncodedInteger of up to three bytes. */
function lengthEncoded(reader: Reader): number {
  const first = reader.u8();
  if (first < 0xfb) return first;
  if (first === 0xfc) return reader.u16le();
  return first === 0xfd ? reader.u16le() + reader.u8() * 0x10000 : 0;
}

function readAttributes(reader: Reader): Map<string, string> {
  const attributes = new Map<string, string>();
  if (reader.left === 0) return attributes;
  const list = reader.sub(Math.min(lengthEncoded(reader), reader.left));
  for (let i = 0; list.left > 0 && i < MAX_ATTRIBUTES; i++) {
    const name = cleanText(list.text(lengthEncoded(list), 'utf8'), 64);
    const value = cleanText(list.text(lengthEncoded(list), 'utf8'), 128);
    if (list.ok && ATTRIBUTES.has(name)) attributes.set(name, value);
  }
  return attributes;
}
const ATTRIBUTES: ReadonlySet<string> = new Set(['program_name', '_client_name', '_os']);

/** OK, error, or the demand to prove oneself in another way. */
function readVerdict(reader: Reader, state: State): MySql {
  const first = reader.u8();
  if (first === 0) return { accepted: true };
  if (first === 0xff) return { accepted: false };
  if (first !== 0xfe || reader.left === 0) return NOTHING;
  state.plugin = cleanText(reader.textz(64), 64);
  return state.plugin ? { plugin: state.plugin } : NOTHING;
}

/** MariaDB puts 5.5.5- before its version, for the sake of old clients. */
function softwareOf(version: string): string {
  const maria = /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)-MariaDB/i.exec(version)?.[1];
  if (maria) return `MariaDB ${maria}`;
  const number = /^\d+\.\d+\.\d+/.exec(version)?.[0];
  return number ? `MySQL ${number}` : '';
}
const systemOf = (version: string): string =>
  /ubuntu/i.test(version) ? 'Ubuntu' : /[+~-]deb\d|debian/i.test(version) ? 'Debian' : '';
const clientSystem = (name: string): string =>
  /^win/i.test(name) ? 'Windows' : /linux/i.test(name) ? 'Linux' : /^(?:osx|macos|darwin)/i.test(name) ? 'macOS' : '';

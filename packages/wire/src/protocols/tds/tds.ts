// TDS, the protocol of SQL Server: before a login both ends tell their versions and whether they encrypt; where they do not,
// the login names computer, program, account and database. Statements and results are not looked at.
import { isHost } from '../../banners.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { isTlsRecord, observeTls, readTls, TLS_KINDS, type TlsMessage, type TlsUpgrade } from '../tls/upgrade.ts';
import { findLoginSecrets, HEADER, type Login, readLogin } from './login.ts';

/** Packets have 32,767 bytes at most (MS-TDS section 2.2.3.1.3). */
const MAX_PACKET = 32_767;
/** Options before a login, tokens of the answer to it, TLS records in one packet. */
const MAX_OPTIONS = 16;
const MAX_TOKENS = 64;
const MAX_RECORDS = 16;

const TYPE = {
  batch: 1,
  oldLogin: 2,
  rpc: 3,
  answer: 4,
  attention: 6,
  bulk: 7,
  federated: 8,
  transaction: 14,
  login: 16,
  sspi: 17,
  prelogin: 18,
} as const;
const KNOWN: ReadonlySet<number> = new Set(Object.values(TYPE));

interface State extends TlsUpgrade {
  asked: boolean;
  loggingIn: boolean;
}
interface Tds {
  readonly version?: string;
  readonly encryption?: string;
  readonly login?: Login;
  /** What the answer to a login says of the server. */
  readonly host?: string;
  readonly program?: string;
  readonly accepted?: boolean;
  readonly tls?: readonly TlsMessage[];
  readonly isEncrypted?: boolean;
}
const NOTHING: Tds = {};

export const tds = protocol({
  name: 'tds',
  title: 'Tabular Data Stream (SQL Server)',
  spec: 'MS-TDS sections 2.2.3, 2.2.6 and 2.2.7',
  depth: 'identity',
  on: { tcp: [1433] },
  tells: [
    ...TLS_KINDS,
    'device.software',
    'device.hostname',
    'device.os-build',
    'ntlm.domain',
    'network.domain',
    'service.authentication',
    'service.account',
    'client.software',
    'database.name',
    'credential.cleartext',
    'operation',
  ],
  open: (): State => ({ tls: undefined, asked: false, loggingIn: false }),

  firstBytes: [TYPE.prelogin],
  recognise: (reader) =>
    reader.peek16() === 0x1201 &&
    reader.peek16(2) >= 26 &&
    reader.peek16(2) <= 512 &&
    reader.peek16(4) === 0 &&
    reader.peek(8) === 0 &&
    reader.peek16(11) === 6,

  frame(reader, { state }) {
    if (isTlsRecord(reader, state)) return reader.left < 5 ? NEED_MORE : 5 + reader.peek16(3);
    if (!KNOWN.has(reader.peek())) return NOT_MINE;
    if (reader.left < HEADER) return NEED_MORE;
    const length = reader.peek16(2);
    return length >= HEADER && length <= MAX_PACKET && reader.peek(1) < 0x20 && reader.peek(7) === 0
      ? length
      : NOT_MINE;
  },

  read(reader, conversation): Tds | undefined {
    const { state, fromClient } = conversation;
    // Behind a login that was encrypted alone, TLS may go on without packets around it.
    if (isTlsRecord(reader, state)) return { isEncrypted: true };
    const type = reader.u8();
    reader.skip(HEADER - 1);
    if (!reader.ok) return undefined;
    if (type === TYPE.prelogin || (type === TYPE.answer && state.asked && !state.loggingIn)) {
      if (isTlsRecord(reader, state)) return readRecords(reader, conversation);
      if (fromClient) state.asked = true;
      return readPrelogin(reader);
    }
    if (type === TYPE.login && fromClient) {
      const login = readLogin(reader);
      if (login) state.loggingIn = true;
      return login ? { login } : NOTHING;
    }
    if (type === TYPE.answer && state.loggingIn) return readAnswer(reader);
    return NOTHING;
  },

  secrets(reader, { fromClient, state }): SecretRange[] {
    const type = reader.peek();
    const length = reader.left;
    if (!fromClient || type === TYPE.prelogin || isTlsRecord(reader, state)) return [];
    if (type === TYPE.login && reader.peek(6) <= 1) return findLoginSecrets(reader);
    // Statements set passwords, and what is none of these packets may be the rest of one.
    return length > HEADER ? [{ from: HEADER, to: length, what: 'statement, which may hold a password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { version, encryption, login, host, program, accepted, tls } = message;
    const { sender, server, fromClient, state } = conversation;
    for (const record of tls ?? []) observeTls(record, say, conversation);
    if (message.isEncrypted) conversation.done();
    if (!fromClient) {
      if (version) say.fact(server, 'device.software', `Microsoft SQL Server ${version}`, 'PRELOGIN version');
      if (encryption) say.fact(server, 'service.authentication', encryption, 'PRELOGIN encryption');
      if (host && isHost(host)) say.fact(server, 'device.hostname', host, 'INFO server name');
      if (program) say.fact(server, 'device.software', program, 'LOGINACK');
    }
    if (accepted !== undefined) {
      say.operation('log in', 'authentication', { accepted });
      state.loggingIn = false;
      conversation.done();
    }
    if (!login) return;
    if (isHost(login.host)) say.fact(sender, 'device.hostname', login.host, 'LOGIN7 host name');
    say.fact(sender, 'client.software', login.program, 'LOGIN7 program');
    say.fact(server, 'database.name', login.database, 'LOGIN7 database');
    if (login.hasPassword) {
      const value = { what: 'TDS password', ...(login.account ? { account: login.account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'LOGIN7');
    } else say.fact(server, 'service.account', login.account, 'LOGIN7');
    if (!login.ntlm) return;
    const { type, names, build, domain, dnsDomain } = login.ntlm;
    for (const name of names) say.fact(sender, 'device.hostname', name, `NTLM ${type}`);
    say.fact(sender, 'device.os-build', build, `NTLM ${type}`);
    say.fact(sender, 'ntlm.domain', domain, `NTLM ${type}`);
    say.fact(sender, 'network.domain', dnsDomain, `NTLM ${type}`);
  },
});

function readRecords(reader: Reader, conversation: Conversation<State>): Tds {
  const tls: TlsMessage[] = [];
  for (let i = 0; reader.left >= 5 && i < MAX_RECORDS; i++) {
    const record = reader.sub(Math.min(5 + reader.peek16(3), reader.left));
    const message = readTls(record, conversation);
    if (message) tls.push(message);
  }
  return { tls };
}

/** Options before the login (section 2.2.6.5): token, offset and length, then their values. */
function readPrelogin(reader: Reader): Tds | undefined {
  const from = reader.offset;
  let version = '';
  let encryption = '';
  for (let i = 0; i < MAX_OPTIONS; i++) {
    const token = reader.u8();
    if (token === 0xff || !reader.ok) break;
    const offset = reader.u16();
    const length = reader.u16();
    const next = reader.offset;
    if (token > 1) continue;
    reader.seek(from + offset);
    if (token === 0 && length >= 4) {
      version = `${reader.u8()}.${reader.u8()}.${reader.u16()}`;
      if (!reader.ok || version.startsWith('0.')) version = '';
    } else if (token === 1 && length >= 1) encryption = ENCRYPTION[reader.u8()] ?? '';
    if (reader.ok) reader.seek(next);
  }
  return reader.ok ? { version, encryption } : undefined;
}

const ENCRYPTION: readonly string[] = [
  'login encrypted, data in clear',
  'encrypted',
  'not encrypted',
  'encryption required',
];

/** Tokens of the answer to a login whose lengths stand before them: environment, information, error, acknowledgement. */
const TOKEN = {
  error: 0xaa,
  info: 0xab,
  loginAck: 0xad,
  features: 0xae,
  environment: 0xe3,
  sspi: 0xed,
  done: 0xfd,
} as const;

function readAnswer(reader: Reader): Tds {
  let host = '';
  let program = '';
  let accepted: boolean | undefined;
  for (let i = 0; reader.left >= 3 && i < MAX_TOKENS; i++) {
    const token = reader.u8();
    if (token === TOKEN.features || token === TOKEN.done || !Object.values<number>(TOKEN).includes(token)) break;
    const body = reader.sub(reader.u16le());
    if (token === TOKEN.info || token === TOKEN.error) {
      if (token === TOKEN.error) accepted = false;
      body.skip(6); // number, state, class
      body.skip(2 * body.u16le());
      const name = body.text(2 * body.u8(), 'utf16le');
      if (body.ok) host = cleanText(name.replace(/\\.*$/, ''), 128);
    } else if (token === TOKEN.loginAck) {
      accepted = true;
      body.skip(5); // interface, version of TDS
      const name = cleanText(body.text(2 * body.u8(), 'utf16le'), 64);
      const version = `${body.u8()}.${body.u8()}.${body.u16()}`;
      if (body.ok && name) program = `${name} ${version}`;
    } else if (token === TOKEN.sspi) return NOTHING;
  }
  return { host, program, ...(accepted === undefined ? {} : { accepted }) };
}

// PostgreSQL: the client's first message names account, database and program, the server's answers its version and how it
// wants the account to be proved. Statements and results are not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
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

/** Longest first message (the server's own limit), and longest message of the opening that is waited for. */
const MAX_STARTUP = 10_000;
const MAX_MESSAGE = 64 * 1024;
const MAX_TEXT = 512;
/** Settings of one first message that are looked at. */
const MAX_SETTINGS = 64;

/** Codes in place of a version (section 55.7): TLS, encryption by GSS, cancelling. Version 3. */
const CODE = { tls: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const;
const MAJOR = 3;

interface State extends TlsUpgrade {
  isProven: boolean;
  started: boolean;
  /** The server's single byte on encryption is to come. */
  asked: boolean;
  account: string;
  /** Kind of proof that the server asked for; -1 where it has not. */
  proof: number;
}
interface Postgres {
  readonly settings?: ReadonlyMap<string, string>;
  readonly authentication?: string;
  readonly version?: string;
  readonly isClear?: boolean;
  readonly accepted?: boolean;
  /** Let in without being asked for anything. */
  readonly isTrusted?: boolean;
  readonly isReady?: boolean;
  readonly tls?: TlsMessage;
}
const NOTHING: Postgres = {};

export const postgresql = protocol({
  name: 'postgresql',
  title: 'PostgreSQL',
  spec: 'PostgreSQL documentation, chapter "Frontend/Backend Protocol"',
  depth: 'identity',
  on: { tcp: [5432] },
  tells: [
    ...TLS_KINDS,
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
  open: (): State => ({ tls: undefined, isProven: false, started: false, asked: false, account: '', proof: -1 }),

  firstBytes: [0],
  recognise(reader) {
    const length = reader.peek16() * 0x10000 + reader.peek16(2);
    if (length < 8 || length > MAX_STARTUP) return false;
    const code = reader.peek16(4) * 0x10000 + reader.peek16(6);
    if (code === CODE.tls || code === CODE.gss) return length === 8 && reader.left === 8;
    if (reader.peek16(4) !== MAJOR || reader.peek16(6) > 2) return false;
    reader.skip(8);
    return /^(?:user|database|application_name|client_encoding)\0/.test(reader.text(Math.min(reader.left, 20)));
  },

  frame(reader, conversation) {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) return frameTls(reader, conversation);
    if (!fromClient && state.asked) {
      const byte = reader.peek();
      if (byte === 0x53 || byte === 0x4e || byte === 0x47) return 1;
    }
    if (fromClient && !state.started) {
      if (reader.left < 8) return NEED_MORE;
      const length = reader.peek16() * 0x10000 + reader.peek16(2);
      const isCode = Object.values<number>(CODE).includes(reader.peek16(4) * 0x10000 + reader.peek16(6));
      return length >= 8 && length <= MAX_STARTUP && (isCode || reader.peek16(4) === MAJOR) ? length : NOT_MINE;
    }
    if (!state.isProven) return NOT_MINE;
    if (reader.left < 5) return NEED_MORE;
    const length = reader.peek16(1) * 0x10000 + reader.peek16(3);
    return isLetter(reader.peek()) && length >= 4 && length <= MAX_MESSAGE ? 1 + length : NOT_MINE;
  },

  read(reader, conversation): Postgres | undefined {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    if (fromClient && !state.started) return readStartup(reader, state);
    if (!fromClient && state.asked) {
      state.asked = false;
      return NOTHING;
    }
    const type = reader.u8();
    reader.skip(4);
    if (!reader.ok) return undefined;
    return fromClient ? readProof(type, reader, state) : readAnswer(type, reader, state);
  },

  secrets(reader, { fromClient, state }): SecretRange[] {
    const length = reader.left;
    if (!fromClient || isTlsRecord(reader, state)) return [];
    if (reader.peek() === 0 && reader.peek16(4) === MAJOR) return [];
    // Proofs, and statements that set passwords.
    return length > 5 ? [{ from: 5, to: length, what: 'PostgreSQL password or statement' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { settings, authentication, version, isClear, accepted, isTrusted, tls } = message;
    const { server, client, state } = conversation;
    if (tls) observeTls(tls, say, conversation);
    if (settings) {
      say.fact(server, 'service.account', settings.get('user') ?? '', 'startup message');
      say.fact(server, 'database.name', settings.get('database') ?? '', 'startup message');
      say.fact(client, 'client.software', settings.get('application_name') ?? '', 'startup message');
    }
    if (authentication) say.fact(server, 'service.authentication', authentication, 'authentication request');
    if (isClear) {
      const value = { what: 'PostgreSQL password', ...(state.account ? { account: state.account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'password message');
    }
    if (version) {
      say.fact(server, 'device.software', `PostgreSQL ${/^\S+/.exec(version)?.[0] ?? ''}`, 'server_version');
      say.fact(server, 'device.os', /\((Debian|Ubuntu)\b/.exec(version)?.[1] ?? '', 'server_version');
    }
    if (accepted !== undefined) say.operation('log in', 'authentication', { accepted });
    if (isTrusted) say.fact(server, 'exposure.anonymous', 'PostgreSQL without a password', 'authentication request');
    if (message.isReady) conversation.done();
  },
});

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

function readStartup(reader: Reader, state: State): Postgres | undefined {
  reader.skip(4);
  const major = reader.u16();
  const code = major * 0x10000 + reader.u16();
  if (!reader.ok) return undefined;
  state.isProven = true;
  if (code === CODE.tls || code === CODE.gss) {
    state.asked = true;
    return NOTHING;
  }
  if (major !== MAJOR) return code === CODE.cancel ? NOTHING : undefined;
  const settings = new Map<string, string>();
  for (let i = 0; reader.left > 1 && i < MAX_SETTINGS; i++) {
    const name = reader.textz(MAX_TEXT);
    const value = cleanText(reader.textz(MAX_TEXT, 'utf8'), 128);
    if (reader.ok && SETTINGS.has(name)) settings.set(name, value);
  }
  state.started = true;
  state.account = settings.get('user') ?? '';
  return settings.size > 0 ? { settings } : undefined;
}
const SETTINGS: ReadonlySet<string> = new Set(['user', 'database', 'application_name']);

const MESSAGE = { authentication: 0x52, parameter: 0x53, error: 0x45, ready: 0x5a, proof: 0x70 } as const;
const CLEAR = 3;

function readProof(type: number, reader: Reader, state: State): Postgres {
  return type === MESSAGE.proof && state.proof === CLEAR && reader.left > 1 ? { isClear: true } : NOTHING;
}

function readAnswer(type: number, reader: Reader, state: State): Postgres {
  switch (type) {
    case MESSAGE.authentication: {
      const kind = reader.u32();
      if (!reader.ok) return NOTHING;
      if (kind === 0) return { accepted: true, isTrusted: state.started && state.proof < 0 };
      const isFirst = state.proof < 0;
      state.proof = kind;
      if (kind === SASL) return { authentication: cleanText(reader.textz(64), 64) };
      return isFirst ? { authentication: PROOFS[kind] ?? `kind ${kind}` } : NOTHING;
    }
    case MESSAGE.parameter: {
      const name = reader.textz(MAX_TEXT);
      return name === 'server_version' ? { version: cleanText(reader.textz(MAX_TEXT), 128) } : NOTHING;
    }
    case MESSAGE.error:
      return state.proof < 0 ? { isReady: true } : { accepted: false, isReady: true };
    default:
      return type === MESSAGE.ready ? { isReady: true } : NOTHING;
  }
}

const SASL = 10;
/** Kinds of proof (message formats, Authentication...). */
const PROOFS: Readonly<Record<number, string>> = {
  2: 'Kerberos 5',
  3: 'password in clear',
  5: 'MD5',
  6: 'SCM credential',
  7: 'GSSAPI',
  9: 'SSPI',
};

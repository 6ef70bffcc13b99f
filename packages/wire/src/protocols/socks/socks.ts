// SOCKS, a proxy for any connection: who goes where through it, and the password in clear where it asks for one. What is
// carried is not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Longest text of version 4: account and host. */
const MAX_TEXT = 255;
const PASSWORD = 2;

type Step = 'methods' | 'login' | 'request' | 'nothing';
interface State {
  client: Step;
  server: Step | 'reply4';
  target: string;
  hadLogin: boolean;
}
interface Socks {
  readonly account?: string;
  readonly hasPassword?: boolean;
  readonly accepted?: boolean;
}
const NOTHING: Socks = {};

export const socks = protocol({
  name: 'socks',
  title: 'SOCKS',
  spec: 'RFC 1928, RFC 1929; SOCKS 4 and 4A',
  depth: 'functions',
  on: { tcp: [1080] },
  tells: ['service.role', 'service.account', 'credential.cleartext', 'exposure.anonymous', 'operation'],
  open: (): State => ({ client: 'methods', server: 'methods', target: '', hadLogin: false }),

  frame(reader, { state, fromClient }) {
    if (reader.left < 2) return NEED_MORE;
    const step = fromClient ? state.client : state.server;
    if (fromClient && step === 'methods')
      return reader.peek() === 4 ? length4(reader) : reader.peek() === 5 ? 2 + reader.peek(1) : NOT_MINE;
    if (step === 'methods') return reader.peek() === 5 ? 2 : NOT_MINE;
    if (step === 'reply4') return reader.peek() === 0 ? 8 : NOT_MINE;
    if (step === 'login') return fromClient ? loginLength(reader) : 2;
    return step === 'request' && reader.peek() === 5 ? addressLength(reader) : NOT_MINE;
  },

  read(reader, { state, fromClient }): Socks | undefined {
    return fromClient ? readClient(reader, state) : readServer(reader, state);
  },

  secrets(reader, { fromClient }): SecretRange[] {
    const length = reader.left;
    const version = reader.peek();
    if (!fromClient || version === 4 || version === 5) return [];
    const from = version === 1 ? Math.min(2 + Math.max(reader.peek(1), 0), length) : 0;
    return from < length ? [{ from, to: length, what: 'SOCKS password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { account, hasPassword, accepted } = message;
    const { server, state } = conversation;
    if (hasPassword) {
      const value = { what: 'SOCKS password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'username/password request');
    } else if (account) say.fact(server, 'service.account', account, 'user identifier');
    if (accepted === undefined) return;
    say.fact(server, 'service.role', 'socks-proxy', 'reply');
    if (accepted && !state.hadLogin) say.fact(server, 'exposure.anonymous', 'SOCKS proxy without a login', 'reply');
    say.operation('connect through proxy', 'session', { detail: state.target || undefined, accepted });
    conversation.done();
  },
});

/** Version, command, port, address, account; of version 4A also a host (address 0.0.0.x). */
function length4(reader: Reader): number {
  if (reader.left < 9) return NEED_MORE;
  if (reader.peek(1) !== 1 && reader.peek(1) !== 2) return NOT_MINE;
  const texts = reader.peek16(4) === 0 && reader.peek(6) === 0 && reader.peek(7) !== 0 ? 2 : 1;
  let at = 8;
  for (let i = 0; i < texts; i++) {
    const from = at;
    while (reader.peek(at) > 0) if (++at - from > MAX_TEXT) return NOT_MINE;
    if (reader.peek(at) < 0) return NEED_MORE;
    at++;
  }
  return at;
}

function loginLength(reader: Reader): number {
  if (reader.peek() !== 1) return NOT_MINE;
  const user = reader.peek(1);
  const password = reader.peek(2 + user);
  return password < 0 ? NEED_MORE : 3 + user + password;
}

function addressLength(reader: Reader): number {
  if (reader.left < 5) return NEED_MORE;
  const type = reader.peek(3);
  return type === 1 ? 10 : type === 4 ? 22 : type === 3 ? 7 + reader.peek(4) : NOT_MINE;
}

function readClient(reader: Reader, state: State): Socks | undefined {
  const version = reader.u8();
  if (state.client === 'methods' && version === 4) {
    reader.skip(1);
    const port = reader.u16();
    const address = reader.ipv4();
    const account = cleanText(reader.textz(MAX_TEXT), 128);
    const host = /^0\.0\.0\.[1-9]/.test(address) ? cleanText(reader.textz(MAX_TEXT), 253) : address;
    if (!reader.ok) return undefined;
    state.target = `${host}:${port}`;
    state.client = 'nothing';
    state.server = 'reply4';
    return { account };
  }
  if (state.client === 'methods') {
    if (version !== 5) return undefined;
    state.client = 'request';
    return NOTHING;
  }
  if (state.client === 'login') {
    const account = cleanText(reader.text(reader.u8()), 128);
    const hasPassword = reader.u8() > 0;
    if (!reader.ok) return undefined;
    state.client = 'request';
    return { account, hasPassword };
  }
  reader.skip(2);
  const host = readAddress(reader);
  const port = reader.u16();
  if (!reader.ok) return undefined;
  state.target = `${host}:${port}`;
  state.client = 'nothing';
  return NOTHING;
}

function readAddress(reader: Reader): string {
  const type = reader.u8();
  if (type === 1) return reader.ipv4();
  return type === 4 ? `[${reader.ipv6()}]` : cleanText(reader.text(reader.u8()), 253);
}

function readServer(reader: Reader, state: State): Socks | undefined {
  const first = reader.u8();
  const second = reader.u8();
  if (!reader.ok) return undefined;
  switch (state.server) {
    case 'methods':
      state.server = second === PASSWORD ? 'login' : 'request';
      state.hadLogin = second !== 0;
      if (second === PASSWORD) state.client = 'login';
      return first === 5 ? NOTHING : undefined;
    case 'login':
      state.server = 'request';
      return NOTHING;
    case 'reply4':
      return { accepted: second === 0x5a };
    default:
      return first === 5 ? { accepted: second === 0 } : undefined;
  }
}

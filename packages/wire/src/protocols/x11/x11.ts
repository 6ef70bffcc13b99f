// X11, the screens of UNIX: a program that wants onto a screen shows its cookie in clear, or is let in without one; the
// server names its maker. What is drawn and typed is not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Longest name and data of an authorization; a cookie has 16 bytes, tickets a few hundred. */
const MAX_AUTHORIZATION = 4096;
const COOKIE = 'MIT-MAGIC-COOKIE-1';
const LITTLE = 0x6c;
const BIG = 0x42;

interface State {
  isLittle: boolean | undefined;
  hasAuthorization: boolean;
}
interface X11 {
  readonly cookie?: string;
  readonly accepted?: boolean;
  readonly vendor?: string;
  readonly release?: number;
}

export const x11 = protocol({
  name: 'x11',
  title: 'X Window System',
  spec: 'X Window System Protocol, X Version 11, Release 6.8: connection setup',
  depth: 'identity',
  on: { tcp: [6000, 6001, 6002, 6010, 6011] },
  tells: ['credential.cleartext', 'service.authentication', 'service.banner', 'exposure.anonymous', 'operation'],
  open: (): State => ({ isLittle: undefined, hasAuthorization: false }),

  firstBytes: [LITTLE, BIG],
  recognise(reader) {
    if (setupLength(reader) <= 12) return false;
    const name = reader.text(Math.min(12 + COOKIE.length, reader.left)).slice(12);
    return name !== '' && COOKIE.startsWith(name);
  },

  frame(reader, { state, fromClient }) {
    if (fromClient) return state.isLittle === undefined ? setupLength(reader) : NOT_MINE;
    if (state.isLittle === undefined) return NOT_MINE;
    if (reader.left < 8) return NEED_MORE;
    const words = state.isLittle ? reader.peek(6) | (reader.peek(7) << 8) : reader.peek16(6);
    return reader.peek() <= 2 ? 8 + 4 * words : NOT_MINE;
  },

  read(reader, { state, fromClient }): X11 | undefined {
    if (fromClient) {
      if (setupLength(reader) < 12) return undefined;
      state.isLittle = reader.peek() === LITTLE;
      reader.skip(6);
      const length = state.isLittle ? reader.u16le() : reader.u16();
      const dataLength = state.isLittle ? reader.u16le() : reader.u16();
      reader.skip(2);
      const name = cleanText(reader.text(length), 64);
      state.hasAuthorization = length > 0 && dataLength > 0;
      return reader.ok ? { cookie: name } : undefined;
    }
    if (state.isLittle === undefined) return undefined;
    const status = reader.u8();
    if (status !== 1) return { accepted: false };
    reader.skip(7);
    const release = state.isLittle ? reader.u32le() : reader.u32();
    reader.skip(12);
    const length = state.isLittle ? reader.u16le() : reader.u16();
    reader.skip(14);
    const vendor = cleanText(reader.text(Math.min(length, 256)), 128);
    return reader.ok ? { accepted: true, vendor, release } : undefined;
  },

  secrets(reader, { fromClient }): SecretRange[] {
    const length = reader.left;
    const first = reader.peek();
    // What is no beginning may be the rest of one; later bytes are keys that are typed into windows of others.
    const isSetup = (first === LITTLE || first === BIG) && reader.peek(1) === 0;
    const name = first === LITTLE ? reader.peek(6) | (reader.peek(7) << 8) : reader.peek16(6);
    const from = isSetup && length >= 12 ? 12 + fill(name) : 0;
    return fromClient && from < length ? [{ from, to: length, what: 'X11 cookie' }] : [];
  },

  observe({ cookie, accepted, vendor, release }, say, conversation) {
    const { server, state } = conversation;
    if (cookie && state.hasAuthorization) {
      say.fact(server, 'service.authentication', cookie, 'authorization-protocol-name');
      if (cookie === COOKIE)
        say.fact(server, 'credential.cleartext', { what: 'X11 cookie' }, 'authorization-protocol-data');
    }
    if (accepted === undefined) return;
    say.operation('open screen', 'session', { accepted });
    if (accepted && !state.hasAuthorization)
      say.fact(server, 'exposure.anonymous', 'X11 without authorization', 'connection setup');
    if (vendor) say.fact(server, 'service.banner', `${vendor}, release ${release}`, 'vendor and release-number');
    conversation.done();
  },
});

const fill = (length: number): number => (length + 3) & ~3;

/** Byte order, version 11.0, lengths of name and data. */
function setupLength(reader: Reader): number {
  const order = reader.peek();
  if (order < 0) return NEED_MORE;
  if ((order !== LITTLE && order !== BIG) || reader.peek(1) > 0) return NOT_MINE;
  if (reader.left < 12) return NEED_MORE;
  const number = (at: number) => (order === LITTLE ? reader.peek(at) | (reader.peek(at + 1) << 8) : reader.peek16(at));
  const [name, data] = [number(6), number(8)];
  return number(2) === 11 && number(4) === 0 && name + data <= MAX_AUTHORIZATION
    ? 12 + fill(name) + fill(data)
    : NOT_MINE;
}

// RFB, the protocol of VNC: a server tells its version, how it wants to be convinced, and once it is, the name of its
// desktop. Screens and keystrokes are not looked at.
import { isHost } from '../../banners.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** `RFB 003.008` and a line feed. */
const VERSION = 12;
/** Names of desktops, and of accounts and passwords in a login, have this many bytes at most. */
const MAX_NAME = 1024;

const TYPE = { none: 1, password: 2, veNCrypt: 19 } as const;
const PLAIN = 256;

/** What an end sends next. */
type Step =
  | 'version'
  | 'types'
  | 'type33'
  | 'choice'
  | 'challenge'
  | 'response'
  | 'result'
  | 'share'
  | 'desktop'
  | 'veNCryptVersion'
  | 'veNCryptTypes'
  | 'veNCryptChoice'
  | 'login'
  | 'nothing';
interface State {
  client: Step;
  server: Step;
  minor: number;
  isNone: boolean;
}
interface Vnc {
  readonly version?: string;
  readonly types?: readonly string[];
  readonly desktop?: string;
  readonly login?: { readonly account: string };
  readonly accepted?: boolean;
  readonly isOver?: boolean;
}
const NOTHING: Vnc = {};

export const vnc = protocol({
  name: 'vnc',
  title: 'Remote Framebuffer (VNC)',
  spec: 'RFC 6143 section 7; VeNCrypt as documented by the RFB community',
  depth: 'identity',
  on: { tcp: [5900, 5901, 5902, 5903, 5904, 5905] },
  tells: [
    'service.banner',
    'service.authentication',
    'vnc.desktop',
    'device.hostname',
    'device.os',
    'exposure.anonymous',
    'credential.cleartext',
    'operation',
  ],
  open: (): State => ({ client: 'version', server: 'version', minor: 8, isNone: false }),

  firstBytes: [0x52],
  recognise: (reader) => /^RFB 00(?:$|[345](?:$|\.))/.test(reader.text(Math.min(reader.left, 8))),

  frame(reader, { state, fromClient }) {
    return lengthOf(fromClient ? state.client : state.server, reader);
  },

  read(reader, conversation): Vnc | undefined {
    const { state, fromClient } = conversation;
    return fromClient ? readClient(reader, state) : readServer(reader, state);
  },

  secrets(reader, { state, fromClient }): SecretRange[] {
    const length = reader.left;
    if (
      !fromClient ||
      length === 0 ||
      (state.client !== 'response' && state.client !== 'login' && isKnown(reader, state))
    )
      return [];
    return [{ from: 0, to: length, what: 'password or answer to a challenge' }];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { version, types, desktop, login, accepted } = message;
    const { server, fromClient, state } = conversation;
    if (version && !fromClient) {
      say.fact(server, 'service.banner', version, 'ProtocolVersion');
      // The version that Apple's screen sharing gives itself.
      if (version === 'RFB 003.889') say.fact(server, 'device.os', 'macOS', 'ProtocolVersion');
    }
    for (const type of types ?? []) say.fact(server, 'service.authentication', type, 'security types');
    if (login) {
      const value = { what: 'VNC password', ...(login.account ? { account: login.account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'VeNCrypt Plain');
    }
    if (accepted !== undefined) say.operation('log in', 'authentication', { accepted });
    if (desktop !== undefined) {
      say.fact(server, 'vnc.desktop', desktop, 'ServerInit');
      const host = HOST_IN_NAME.map((pattern) => pattern.exec(desktop)?.[1]).find((one) => one !== undefined) ?? '';
      if (isHost(host)) say.fact(server, 'device.hostname', host, 'ServerInit');
      if (state.isNone) say.fact(server, 'exposure.anonymous', 'VNC without a password', 'ServerInit');
    }
    if (message.isOver) conversation.done();
  },
});

/** Names that servers of X desktops make of the host and the account: `host:1 (mei)`, `mei's X desktop (host:1)`. */
const HOST_IN_NAME: readonly RegExp[] = [
  /^([\w.-]+):\d+ \([^)]+\)$/,
  /'s (?:X )?desktop \(([\w.-]+):\d+\)$/,
  /^([\w.-]+):\d+$/,
];

function isVersion(reader: Reader): boolean {
  return /^RFB 00[345]\.\d{3}\n/.test(reader.text(Math.min(reader.left, VERSION)));
}
const isKnown = (reader: Reader, state: State): boolean =>
  state.client === 'version' ? reader.peek() === 0x52 : state.client !== 'nothing' && reader.left <= 4;

function lengthOf(step: Step, reader: Reader): number {
  switch (step) {
    case 'version':
      if (reader.peek() !== 0x52) return reader.left > 0 ? NOT_MINE : NEED_MORE;
      return reader.left < VERSION ? NEED_MORE : isVersion(reader) ? VERSION : NOT_MINE;
    case 'types': {
      const count = reader.peek();
      if (count !== 0) return count < 0 ? NEED_MORE : 1 + count;
      return reader.left < 5 ? NEED_MORE : 5 + Math.min(reader.peek16(1) * 0x10000 + reader.peek16(3), MAX_NAME);
    }
    case 'type33':
    case 'result':
    case 'veNCryptChoice':
      return 4;
    case 'choice':
    case 'share':
      return 1;
    case 'challenge':
    case 'response':
      return 16;
    case 'desktop': {
      if (reader.left < 24) return NEED_MORE;
      const length = reader.peek16(20) * 0x10000 + reader.peek16(22);
      return length <= MAX_NAME ? 24 + length : NOT_MINE;
    }
    case 'veNCryptVersion':
      return 2;
    case 'veNCryptTypes': {
      const count = reader.peek(1);
      return count < 0 ? NEED_MORE : 2 + 4 * count;
    }
    case 'login': {
      if (reader.left < 8) return NEED_MORE;
      const [user, password] = [
        reader.peek16() * 0x10000 + reader.peek16(2),
        reader.peek16(4) * 0x10000 + reader.peek16(6),
      ];
      return user <= MAX_NAME && password <= MAX_NAME ? 8 + user + password : NOT_MINE;
    }
    case 'nothing':
      return NOT_MINE;
  }
}

function readServer(reader: Reader, state: State): Vnc | undefined {
  switch (state.server) {
    case 'version': {
      const version = cleanText(reader.text(VERSION), VERSION);
      if (!/^RFB 00\d\.\d{3}$/.test(version)) return undefined;
      state.minor = version.startsWith('RFB 003.') ? Number(version.slice(8)) : 8;
      state.server = state.minor < 7 ? 'type33' : 'types';
      return { version };
    }
    case 'type33': {
      const type = reader.u32();
      if (!reader.ok) return undefined;
      choose(type, state);
      if (type === TYPE.none) state.server = 'desktop';
      return type === 0 ? { isOver: true } : { types: [nameOf(type)] };
    }
    case 'types': {
      const count = reader.u8();
      if (!reader.ok) return undefined;
      if (count === 0) return { isOver: true };
      const types = [...reader.bytes(Math.min(count, reader.left))].map(nameOf);
      if (state.client === 'version' || state.client === 'nothing') state.client = 'choice';
      state.server = 'nothing';
      return { types };
    }
    case 'challenge':
      state.server = 'result';
      return NOTHING;
    case 'result': {
      const result = reader.u32();
      if (!reader.ok) return undefined;
      state.client = 'share';
      state.server = 'desktop';
      return { accepted: result === 0, isOver: result !== 0 };
    }
    case 'desktop': {
      reader.skip(20);
      const desktop = cleanText(reader.text(Math.min(reader.u32(), MAX_NAME), 'utf8'), 256);
      return reader.ok ? { desktop, isOver: true } : undefined;
    }
    case 'veNCryptVersion':
      state.server = 'veNCryptTypes';
      return NOTHING;
    case 'veNCryptTypes': {
      const refused = reader.u8();
      const count = reader.u8();
      state.client = 'veNCryptChoice';
      state.server = 'nothing';
      if (!reader.ok || refused !== 0) return { isOver: true };
      const types: string[] = [];
      for (let i = 0; i < count && reader.left >= 4; i++) types.push(nameOf(reader.u32()));
      return { types };
    }
    default:
      return undefined;
  }
}

/** Who takes which step once a type is chosen. */
function choose(type: number, state: State): void {
  state.isNone = type === TYPE.none;
  if (type === TYPE.none) {
    state.client = 'share';
    // Before version 3.8 nothing is said to those who need not convince the server.
    state.server = state.minor >= 8 ? 'result' : 'desktop';
  } else if (type === TYPE.password) {
    state.client = 'response';
    state.server = 'challenge';
  } else if (type === TYPE.veNCrypt) {
    state.client = 'veNCryptVersion';
    state.server = 'veNCryptVersion';
  } else {
    state.client = 'nothing';
    state.server = 'nothing';
  }
}

function readClient(reader: Reader, state: State): Vnc | undefined {
  switch (state.client) {
    case 'version': {
      const version = reader.text(VERSION);
      if (!/^RFB 00\d\.\d{3}\n$/.test(version)) return undefined;
      const minor = Number(version.slice(8, 11));
      if (minor < state.minor) {
        state.minor = minor;
        if (minor < 7 && state.server === 'types') state.server = 'type33';
      }
      state.client = 'choice';
      return NOTHING;
    }
    case 'choice': {
      const type = reader.u8();
      if (!reader.ok) return undefined;
      choose(type, state);
      return type === TYPE.none || type === TYPE.password || type === TYPE.veNCrypt ? NOTHING : { isOver: true };
    }
    case 'veNCryptVersion':
      state.client = 'veNCryptChoice';
      return reader.left >= 2 ? NOTHING : undefined;
    case 'veNCryptChoice': {
      const type = reader.u32();
      if (!reader.ok) return undefined;
      if (type !== PLAIN) return { isOver: true };
      state.client = 'login';
      state.server = 'result';
      return NOTHING;
    }
    case 'login': {
      const user = reader.u32();
      const password = reader.u32();
      const account = cleanText(reader.text(Math.min(user, MAX_NAME), 'utf8'), 128);
      state.client = 'share';
      return reader.ok && password > 0 ? { login: { account } } : NOTHING;
    }
    case 'response':
    case 'share':
      state.client = state.client === 'response' ? 'share' : 'nothing';
      return NOTHING;
    default:
      return undefined;
  }
}

const nameOf = (type: number): string => TYPES[type] ?? `type ${type}`;
/** Security types (IANA "Remote Framebuffer Security Types", and those of VeNCrypt above 255). */
const TYPES: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'VNC authentication',
  5: 'RA2',
  6: 'RA2ne',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'SASL',
  21: 'MD5 hash',
  22: 'xvp',
  30: 'Diffie-Hellman (Apple)',
  113: 'MS-Logon II',
  129: 'RA2 with 256 bits',
  256: 'password in clear',
  257: 'TLS without a password',
  258: 'TLS, VNC authentication',
  259: 'TLS, password',
  260: 'X.509 without a password',
  261: 'X.509, VNC authentication',
  262: 'X.509, password',
};

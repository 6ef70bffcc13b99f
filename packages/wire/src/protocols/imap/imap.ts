// IMAP: mail read on a server. The greeting and the command ID name the programs of both ends and their systems, and a
// login without TLS shows its password. What the mails say is not looked at.
import { BANNER_KINDS, readBanner, tellBanner } from '../../banners.ts';
import { decodeLine, frameLine, readLine } from '../../lines.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { answerSasl, askSasl, beginSasl, endSasl, newSasl, type Sasl, type SaslFacts } from '../smtp/sasl.ts';
import { LOGIN_KINDS, tellLogin } from '../smtp/tell-login.ts';
import {
  frameTls,
  isTlsRecord,
  observeTls,
  readTls,
  TLS_KINDS,
  type TlsMessage,
  type TlsUpgrade,
} from '../tls/upgrade.ts';

/** Longest line that is waited for (RFC 9051 section 4 leaves it open; RFC 7162 section 4 asks for 8192). */
const MAX_LINE = 16_384;

interface Login {
  readonly tag: string;
  readonly frame: number;
  readonly time: number;
}
interface State extends TlsUpgrade {
  readonly sasl: Sasl;
  isProven: boolean;
  isGreeted: boolean;
  /** Login whose outcome is not known yet. */
  login: Login | undefined;
}
interface Imap {
  readonly greeting?: string;
  /** What an end says of its program and system by ID (RFC 2971). */
  readonly program?: string;
  readonly system?: string;
  readonly authentication?: string;
  readonly login?: SaslFacts;
  readonly loginSource?: string;
  readonly loggedIn?: Login & { readonly accepted: boolean };
  readonly tls?: TlsMessage;
}
const NOTHING: Imap = {};

const TELLS = [
  ...new Set([...BANNER_KINDS, ...TLS_KINDS, ...LOGIN_KINDS]),
  'service.banner',
  'service.authentication',
  'client.software',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const imap = protocol({
  name: 'imap',
  title: 'IMAP',
  spec: 'RFC 9051, RFC 3501, RFC 2971, RFC 4959',
  depth: 'identity',
  on: { tcp: [143] },
  tells: TELLS,
  open: (): State => ({ tls: undefined, sasl: newSasl(), isProven: false, isGreeted: false, login: undefined }),

  firstBytes: [0x2a],
  recognise: (reader) =>
    /^\* (?:OK|PREAUTH)\b[^\r\n]*\b(?:IMAP|Dovecot|Courier)/i.test(reader.text(Math.min(reader.left, 300))),

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    const length = frameLine(reader, MAX_LINE);
    if (length !== NEED_MORE || reader.left < 8 || conversation.state.isProven) return length;
    return isStart(reader.text(Math.min(reader.left, 40)), conversation.fromClient) ? NEED_MORE : NOT_MINE;
  },

  read(reader, conversation): Imap | undefined {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    const line = readLine(reader);
    if (!state.isProven && !isStart(line, fromClient)) return undefined;
    state.isProven = true;
    // What follows in a literal (RFC 9051 section 4.3) is mail, or in a login the account and the password.
    const literal = /\{(\d{1,9})\+?\}$/.exec(line)?.[1];
    if (literal !== undefined) conversation.skip(Number(literal));
    return fromClient ? readCommand(line, conversation) : readResponse(line, state);
  },

  secrets(reader, { fromClient, state }) {
    if (!fromClient || isTlsRecord(reader, state)) return [];
    const line = readLine(reader);
    // Everything that is no command may be an answer in a login, or the rest of one after a literal.
    const shown =
      /^\S+ LOGIN (?:"(?:[^"\\]|\\.)*" |[^\s"{]+ )?/i.exec(line)?.[0] ??
      /^\S+ AUTHENTICATE \S+ ?/i.exec(line)?.[0] ??
      (COMMAND.test(line) ? line : '');
    return shown.length < line.length ? [{ from: shown.length, to: line.length, what: 'IMAP password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { greeting, program, system, authentication, login, loginSource = '', loggedIn, tls } = message;
    const { server, sender, fromClient } = conversation;
    if (tls) observeTls(tls, say, conversation);
    if (greeting) {
      say.fact(server, 'service.banner', greeting, 'greeting');
      tellBanner(readBanner(greeting), server, 'greeting', say.fact);
    }
    if (program) say.fact(sender, fromClient ? 'client.software' : 'device.software', program, 'ID');
    if (system) say.fact(sender, 'device.os', system, 'ID');
    if (authentication) say.fact(server, 'service.authentication', authentication, 'CAPABILITY');
    if (login) tellLogin(login, 'IMAP', loginSource, say, conversation);
    if (loggedIn) sayLogin(loggedIn, loggedIn.accepted, say);
  },

  close(say, { state }) {
    if (state.login) sayLogin(state.login, undefined, say);
  },
});

function sayLogin({ frame, time }: Login, accepted: boolean | undefined, say: Says): void {
  say.operation('log in', 'authentication', { frame, time, ...(accepted === undefined ? {} : { accepted }) });
}

const COMMAND =
  /^[^\s(){%*"\\+]{1,64} (?:CAPABILITY|NOOP|LOGOUT|STARTTLS|AUTHENTICATE|LOGIN|ENABLE|SELECT|EXAMINE|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|LIST|LSUB|XLIST|NAMESPACE|STATUS|APPEND|IDLE|CLOSE|UNSELECT|EXPUNGE|SEARCH|FETCH|STORE|COPY|MOVE|UID|CHECK|ID|GETQUOTA|GETQUOTAROOT|SORT|THREAD|COMPRESS|GETACL|MYRIGHTS|XAPPLEPUSHSERVICE)(?: |$)/i;
const isStart = (text: string, fromClient: boolean): boolean =>
  fromClient ? COMMAND.test(text) : /^\* (?:OK|PREAUTH|BYE|CAPABILITY)\b/.test(text);

function readCommand(line: string, { state, frame, time }: Conversation<State>): Imap {
  const { sasl } = state;
  const [, tag = '', verb = '', argument = ''] = COMMAND.test(line) ? (/^(\S+) (\w+) ?(.*)$/.exec(line) ?? []) : [];
  if (tag === '') {
    const login = sasl.mechanism === '' ? {} : answerSasl(line, sasl);
    return Object.keys(login).length > 0 ? { login, loginSource: 'AUTHENTICATE' } : NOTHING;
  }
  endSasl(sasl);
  switch (verb.toUpperCase()) {
    case 'LOGIN': {
      state.login = { tag, frame, time };
      const [, quoted, atom = ''] = /^(?:"((?:[^"\\]|\\.){1,254})"|([^\s"{]{1,254})) /.exec(argument) ?? [];
      const account = cleanText(decodeLine(quoted?.replace(/\\(.)/g, '$1') ?? atom), 254);
      return { login: { secret: 'password', account }, loginSource: 'LOGIN' };
    }
    case 'AUTHENTICATE': {
      state.login = { tag, frame, time };
      const [, mechanism = '', initial = ''] = /^(\S{1,32}) *(\S*)/.exec(argument) ?? [];
      const login = beginSasl(mechanism, initial, sasl);
      return Object.keys(login).length > 0 ? { login, loginSource: 'AUTHENTICATE' } : NOTHING;
    }
    case 'ID':
      return readId(argument);
    default:
      return NOTHING;
  }
}

function readResponse(line: string, state: State): Imap {
  const challenge = /^\+ (.*)$/.exec(line)?.[1];
  if (challenge !== undefined) {
    const login = askSasl(challenge, state.sasl);
    return login.ntlm ? { login, loginSource: 'AUTHENTICATE' } : NOTHING;
  }
  if (line.startsWith('* ID ')) return readId(line.slice(5));
  if (/^\* CAPABILITY /i.test(line)) return authenticationOf(line);
  if (!state.isGreeted && /^\* (?:OK|PREAUTH) /.test(line)) {
    state.isGreeted = true;
    const greeting = line.replace(/^\* \w+ (?:\[[^\]]*\] ?)?/, '');
    return { greeting: cleanText(decodeLine(greeting)), ...authenticationOf(line) };
  }
  const [, tag = '', status = ''] = /^(\S+) (OK|NO|BAD)\b/.exec(line) ?? [];
  if (!state.login || tag !== state.login.tag) return NOTHING;
  const { login } = state;
  state.login = undefined;
  endSasl(state.sasl);
  return { loggedIn: { ...login, accepted: status === 'OK' } };
}

/** Mechanisms among the capabilities (RFC 9051 section 7.2.2), and whether LOGIN is refused. */
function authenticationOf(line: string): Imap {
  const mechanisms = Array.from(line.matchAll(/\bAUTH=([\w-]{1,32})/g), ([, mechanism]) => mechanism);
  if (/\bLOGINDISABLED\b/.test(line)) mechanisms.push('no LOGIN');
  return mechanisms.length > 0 ? { authentication: cleanText(mechanisms.join(' '), 256) } : NOTHING;
}

/** Pairs of names and values, as `("name" "Dovecot" "os" "Linux")`. */
function readId(list: string): Imap {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of list.slice(0, 2048).matchAll(/"([\w-]{1,30})" "([^"\\]{0,256})"/g))
    fields.set(name.toLowerCase(), statedText(decodeLine(value)));
  const join = (one: string, other: string) => [fields.get(one), fields.get(other)].filter(Boolean).join(' ');
  const program = fields.get('name') ? join('name', 'version') : '';
  const system = fields.get('os') ? join('os', 'os-version') : '';
  return program || system ? { ...(program ? { program } : {}), ...(system ? { system } : {}) } : NOTHING;
}

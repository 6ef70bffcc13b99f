// POP3: mail fetched from a server. The greeting names the server's program, and a login without TLS shows its password.
// What the mails say is not looked at.
import { BANNER_KINDS, readBanner, tellBanner } from '../../banners.ts';
import { decodeLine, frameLine, readLine } from '../../lines.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
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

/** Longest line that is waited for: lines of mails may have any length, 4096 covers what programs write. */
const MAX_LINE = 16_384;

interface State extends TlsUpgrade {
  readonly sasl: Sasl;
  isProven: boolean;
  isGreeted: boolean;
  account: string;
  /** Login whose outcome is not known yet. */
  login: { readonly frame: number; readonly time: number } | undefined;
}
interface Pop3 {
  readonly greeting?: string;
  readonly program?: string;
  readonly login?: SaslFacts;
  readonly loginSource?: string;
  readonly loggedIn?: { readonly accepted: boolean; readonly frame: number; readonly time: number };
  readonly tls?: TlsMessage;
}
const NOTHING: Pop3 = {};

const TELLS = [...new Set([...BANNER_KINDS, ...TLS_KINDS, ...LOGIN_KINDS]), 'service.banner', 'operation'] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const pop3 = protocol({
  name: 'pop3',
  title: 'POP3',
  spec: 'RFC 1939, RFC 2449, RFC 5034, RFC 2595',
  depth: 'identity',
  on: { tcp: [110] },
  tells: TELLS,
  open: (): State => ({
    tls: undefined,
    sasl: newSasl(),
    isProven: false,
    isGreeted: false,
    account: '',
    login: undefined,
  }),

  firstBytes: [0x2b],
  recognise: (reader) => /^\+OK[^\r\n]*\b(?:POP3?|Dovecot|Qpopper)\b/i.test(reader.text(Math.min(reader.left, 200))),

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    const length = frameLine(reader, MAX_LINE);
    if (length !== NEED_MORE || reader.left < 4 || conversation.state.isProven) return length;
    return isStart(reader.text(4), conversation.fromClient) ? NEED_MORE : NOT_MINE;
  },

  read(reader, conversation): Pop3 | undefined {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    const line = readLine(reader);
    if (!state.isProven && !isStart(line, fromClient)) return undefined;
    state.isProven = true;
    return fromClient ? readCommand(line, conversation) : readReply(line, state);
  },

  secrets(reader, { fromClient, state }) {
    if (!fromClient || isTlsRecord(reader, state)) return [];
    const line = readLine(reader);
    // Behind the name of APOP stands a digest of the password. Everything that is no command may be an answer in a login.
    const shown = /^AUTH +\S+ *|^APOP +\S+ */i.exec(line)?.[0] ?? COMMAND.exec(line)?.[0] ?? '';
    const from = /^(?:PASS|AUTH|APOP)/i.test(shown) || shown === '' ? shown.length : line.length;
    return from < line.length ? [{ from, to: line.length, what: 'POP3 password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { greeting, program, login, loginSource = '', loggedIn, tls } = message;
    const { server } = conversation;
    if (tls) observeTls(tls, say, conversation);
    if (greeting) {
      say.fact(server, 'service.banner', greeting, 'greeting');
      tellBanner(readBanner(greeting), server, 'greeting', say.fact);
    }
    if (program) say.fact(server, 'device.software', program, 'IMPLEMENTATION');
    if (login) tellLogin(login, 'POP3', loginSource, say, conversation);
    if (loggedIn) sayLogin(loggedIn, loggedIn.accepted, say);
  },

  close(say, { state }) {
    if (state.login) sayLogin(state.login, undefined, say);
  },
});

function sayLogin(
  { frame, time }: { readonly frame: number; readonly time: number },
  accepted: boolean | undefined,
  say: Says,
): void {
  say.operation('log in', 'authentication', { frame, time, ...(accepted === undefined ? {} : { accepted }) });
}

const COMMAND =
  /^(?:USER |PASS |APOP |AUTH(?: |$)|QUIT$|STAT$|LIST(?: \d+)?$|RETR \d+$|DELE \d+$|NOOP$|RSET$|TOP \d+ \d+$|UIDL(?: \d+)?$|CAPA$|STLS$|UTF8$|LANG|LAST$|XTND )/i;
const isStart = (text: string, fromClient: boolean): boolean =>
  fromClient
    ? /^(?:USER|PASS|APOP|AUTH|QUIT|STAT|LIST|RETR|DELE|NOOP|RSET|CAPA|STLS|UIDL)/i.test(text)
    : /^(?:\+OK|-ERR)/.test(text);

function readCommand(line: string, { state, frame, time }: Conversation<State>): Pop3 {
  const { sasl } = state;
  if (!COMMAND.test(line)) {
    const login = sasl.mechanism === '' ? {} : answerSasl(line, sasl);
    return Object.keys(login).length > 0 ? { login, loginSource: 'AUTH' } : NOTHING;
  }
  endSasl(sasl);
  const [, verb = '', argument = ''] = /^(\w+) *(.*)$/.exec(line) ?? [];
  switch (verb.toUpperCase()) {
    case 'USER':
      state.account = cleanText(decodeLine(argument), 254);
      return { login: { account: state.account }, loginSource: 'USER' };
    case 'PASS':
      state.login = { frame, time };
      return argument === '' ? NOTHING : { login: { secret: 'password', account: state.account }, loginSource: 'PASS' };
    case 'APOP':
      state.login = { frame, time };
      return { login: { account: cleanText(/^\S+/.exec(argument)?.[0] ?? '', 254) }, loginSource: 'APOP' };
    case 'AUTH': {
      const [, mechanism = '', initial = ''] = /^(\S{1,32}) *(\S*)/.exec(argument) ?? [];
      if (mechanism === '') return NOTHING;
      state.login = { frame, time };
      const login = beginSasl(mechanism, initial, sasl);
      return Object.keys(login).length > 0 ? { login, loginSource: 'AUTH' } : NOTHING;
    }
    default:
      return NOTHING;
  }
}

function readReply(line: string, state: State): Pop3 {
  const challenge = /^\+ (.*)$/.exec(line)?.[1];
  if (challenge !== undefined) {
    const login = askSasl(challenge, state.sasl);
    return login.ntlm ? { login, loginSource: 'AUTH' } : NOTHING;
  }
  const program = /^IMPLEMENTATION (\S.{0,127})$/i.exec(line)?.[1];
  if (program) return { program: cleanText(program) };
  const status = /^(?:\+OK|-ERR)/.exec(line)?.[0];
  if (status === undefined) return NOTHING;
  if (!state.isGreeted) {
    state.isGreeted = true;
    if (status === '+OK' && !state.login) return { greeting: cleanText(decodeLine(line.slice(3))) };
  }
  if (!state.login) return NOTHING;
  const { login } = state;
  state.login = undefined;
  endSasl(state.sasl);
  return { loggedIn: { ...login, accepted: status === '+OK' } };
}

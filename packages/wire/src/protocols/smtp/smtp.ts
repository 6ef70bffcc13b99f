// SMTP, by which devices and programs send mail: alarms of machines, scans of printers. The greeting names the server's
// program, the client names itself, and a login without TLS shows its password. What the mails say is not looked at.
import { BANNER_KINDS, isHost, readBanner, tellBanner } from '../../banners.ts';
import { decodeLine, frameLine, readLine } from '../../lines.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import {
  frameTls,
  isTlsRecord,
  observeTls,
  readTls,
  TLS_KINDS,
  type TlsMessage,
  type TlsUpgrade,
} from '../tls/upgrade.ts';
import { answerSasl, askSasl, beginSasl, endSasl, newSasl, type Sasl, type SaslFacts } from './sasl.ts';
import { LOGIN_KINDS, tellLogin } from './tell-login.ts';

/** Longest line that is waited for: 1000 bytes in mails, 12,288 in a login (RFC 5321 section 4.5.3.1, RFC 4954 section 4). */
const MAX_LINE = 12_288 + 2;
/** Lines of a greeting that are put together. */
const MAX_GREETING = 2048;

interface State extends TlsUpgrade {
  readonly sasl: Sasl;
  isProven: boolean;
  /** Lines of the greeting; undefined once it was told. */
  greeting: string | undefined;
  /** The lines of a mail are going on. */
  inMail: boolean;
  /** Login whose outcome is not known yet. */
  login: { readonly frame: number; readonly time: number } | undefined;
  /** The reply to come is that to EHLO. */
  hello: boolean;
}
interface Smtp {
  readonly greeting?: string;
  /** Name of the client, or of the server as it answers to that. */
  readonly host?: string;
  readonly hostField?: string;
  readonly authentication?: string;
  readonly login?: SaslFacts;
  readonly loggedIn?: { readonly accepted: boolean; readonly frame: number; readonly time: number };
  readonly tls?: TlsMessage;
}
const NOTHING: Smtp = {};

const TELLS = [
  ...new Set([...BANNER_KINDS, ...TLS_KINDS, ...LOGIN_KINDS]),
  'service.banner',
  'service.authentication',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const smtp = protocol({
  name: 'smtp',
  title: 'SMTP',
  spec: 'RFC 5321, RFC 4954, RFC 3207, RFC 3030',
  depth: 'identity',
  on: { tcp: [25, 587, 2525] },
  tells: TELLS,
  open: (): State => ({
    tls: undefined,
    sasl: newSasl(),
    isProven: false,
    greeting: '',
    inMail: false,
    login: undefined,
    hello: false,
  }),

  firstBytes: [0x32],
  recognise: (reader) => /^220[ -][^\r\n]*\bE?SMTP\b/.test(reader.text(Math.min(reader.left, 200))),

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    const length = frameLine(reader, MAX_LINE);
    if (length !== NEED_MORE || reader.left < 4 || conversation.state.isProven) return length;
    return isStart(reader.text(4), conversation.fromClient) ? NEED_MORE : NOT_MINE;
  },

  read(reader, conversation): Smtp | undefined {
    const { state, fromClient } = conversation;
    if (isTlsRecord(reader, state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    const line = readLine(reader);
    if (!state.isProven && !isStart(line, fromClient)) return undefined;
    state.isProven = true;
    return fromClient ? readClientLine(line, conversation) : readReply(line, state);
  },

  secrets(reader, { fromClient, state }) {
    if (!fromClient || isTlsRecord(reader, state)) return [];
    const line = readLine(reader);
    const [known = ''] = COMMAND.exec(line) ?? [];
    // Everything that is no command may be an answer in a login; the lines of mails are nobody's business either.
    const from = /^AUTH/i.test(known)
      ? (/^AUTH +\S+ */i.exec(line)?.[0].length ?? known.length)
      : known
        ? line.length
        : 0;
    return from < line.length ? [{ from, to: line.length, what: 'SMTP password or mail' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { greeting, host, hostField = '', authentication, login, loggedIn, tls } = message;
    const { sender, server } = conversation;
    if (tls) observeTls(tls, say, conversation);
    if (greeting) {
      say.fact(server, 'service.banner', greeting, 'reply 220');
      tellBanner(readBanner(greeting), server, 'reply 220', say.fact);
    }
    if (host) say.fact(sender, 'device.hostname', host, hostField);
    if (authentication) say.fact(server, 'service.authentication', authentication, 'AUTH');
    if (login) tellLogin(login, 'SMTP', 'AUTH', say, conversation);
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
  /^(?:HELO|EHLO|LHLO|MAIL FROM:|RCPT TO:|DATA$|BDAT |RSET$|VRFY |EXPN |HELP|NOOP|QUIT$|STARTTLS$|AUTH |ETRN |TURN$|X-ANONYMOUSTLS$|XFORWARD |XCLIENT )/i;
const isStart = (text: string, fromClient: boolean): boolean =>
  fromClient
    ? /^(?:HELO|EHLO|LHLO|MAIL|RCPT|DATA|RSET|NOOP|QUIT|STAR|AUTH|BDAT|VRFY)/i.test(text)
    : /^(?:220|250|354|421|235|334|5[0-5]\d)(?:[ -]|$)/.test(text);

function readClientLine(line: string, conversation: Conversation<State>): Smtp {
  const { state } = conversation;
  if (state.inMail) {
    if (line === '.') state.inMail = false;
    return NOTHING;
  }
  if (!COMMAND.test(line))
    return state.sasl.mechanism === '' ? NOTHING : loginOf(answerSasl(line, state.sasl), conversation);
  endSasl(state.sasl);
  const [, verb = '', argument = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
  switch (verb.toUpperCase()) {
    case 'HELO':
    case 'EHLO': {
      state.hello = true;
      const host = argument.trim();
      return isHost(host) ? { host, hostField: verb.toUpperCase() } : NOTHING;
    }
    case 'DATA':
      state.inMail = true;
      return NOTHING;
    case 'BDAT':
      conversation.skip(Number(/^\d{1,9}/.exec(argument)?.[0] ?? 0));
      return NOTHING;
    case 'AUTH': {
      const [, mechanism = '', initial = ''] = /^ *(\S{1,32}) *(\S*)/.exec(argument) ?? [];
      state.login = { frame: conversation.frame, time: conversation.time };
      return loginOf(beginSasl(mechanism, initial, state.sasl), conversation);
    }
    default:
      return NOTHING;
  }
}

const loginOf = (login: SaslFacts, { state, frame, time }: Conversation<State>): Smtp => {
  state.login ??= { frame, time };
  return Object.keys(login).length > 0 ? { login } : NOTHING;
};

function readReply(line: string, state: State): Smtp {
  const [, digits = '', mark = '', text = ''] = /^(\d{3})([ -]|$)(.*)$/.exec(line) ?? [];
  const code = Number(digits);
  if (code === 334) {
    const login = askSasl(text, state.sasl);
    return login.ntlm ? { login } : NOTHING;
  }
  if (code === 354 || mark === '') return NOTHING;
  if (code >= 400) {
    state.inMail = false;
    endSasl(state.sasl);
  }
  if (state.login && (code === 235 || code >= 400)) {
    const { login } = state;
    state.login = undefined;
    endSasl(state.sasl);
    return { loggedIn: { ...login, accepted: code === 235 } };
  }
  if (code === 220 && state.greeting !== undefined) {
    state.greeting = `${state.greeting} ${text}`.slice(0, MAX_GREETING);
    if (mark === '-') return NOTHING;
    const greeting = cleanText(decodeLine(state.greeting));
    state.greeting = undefined;
    return { greeting };
  }
  if (code !== 250) return NOTHING;
  const authentication = /^AUTH[ =](.+)$/i.exec(text)?.[1];
  if (authentication) return { authentication: cleanText(authentication, 128) };
  if (!state.hello) return NOTHING;
  state.hello = false;
  const host = /^[^\s,]+/.exec(text)?.[0] ?? '';
  return host.includes('.') && isHost(host) ? { host, hostField: 'reply to EHLO' } : NOTHING;
}

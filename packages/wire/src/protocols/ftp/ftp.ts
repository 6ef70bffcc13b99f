// FTP: files over a connection in clear. The greeting names the server's program, often its maker; account and password
// cross in clear; and every file that is fetched, stored or deleted is a line of text.
import { BANNER_KINDS, type Banner, readBanner, tellBanner } from '../../banners.ts';
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

/** Longest line that is waited for: names of files have up to 4096 bytes on most systems. */
const MAX_LINE = 8192;
/** Commands that wait for their reply; a client that does not wait sends a handful. */
const MAX_PENDING = 32;
/** Lines of a greeting that are put together. */
const MAX_GREETING = 2048;

interface Command {
  readonly name: string;
  /** Argument as it may be told; empty where it is a secret. */
  readonly argument: string;
  readonly hasArgument: boolean;
}
interface Reply {
  readonly code: number;
  readonly text: string;
  /** Last line of a reply; earlier ones have a dash behind the code, or none. */
  readonly isLast: boolean;
}
interface Pending extends Command {
  readonly frame: number;
  readonly time: number;
}
interface State extends TlsUpgrade {
  account: string;
  greeting: string | undefined;
  /** Code of the reply of several lines that is being read. */
  open: number;
  isProven: boolean;
  readonly pending: Pending[];
}
type Ftp = { readonly command: Command } | { readonly reply: Reply } | { readonly tls: TlsMessage };

const TELLS = [
  ...new Set([...BANNER_KINDS, ...TLS_KINDS]),
  'service.banner',
  'service.account',
  'credential.cleartext',
  'exposure.anonymous',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const ftp = protocol({
  name: 'ftp',
  title: 'FTP',
  spec: 'RFC 959, RFC 2228, RFC 2389, RFC 3659, RFC 4217',
  depth: 'functions',
  on: { tcp: [21, 2121] },
  tells: TELLS,
  open: (): State => ({ tls: undefined, account: '', greeting: '', open: 0, isProven: false, pending: [] }),

  firstBytes: [0x32],
  recognise: (reader) => /^220[ -][^\r\n]*\bFTP\b/i.test(reader.text(Math.min(reader.left, 200))),

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    const length = frameLine(reader, MAX_LINE);
    if (length !== NEED_MORE || reader.left < 4 || conversation.state.isProven) return length;
    return isStart(reader.text(4), conversation.fromClient) ? NEED_MORE : NOT_MINE;
  },

  read(reader, conversation): Ftp | undefined {
    if (isTlsRecord(reader, conversation.state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    const { state, fromClient } = conversation;
    const line = readLine(reader);
    const message = fromClient ? readCommand(line) : readReply(line, state);
    if (message) state.isProven = true;
    return message;
  },

  secrets(reader, { fromClient, state }) {
    if (!fromClient || isTlsRecord(reader, state)) return [];
    const line = readLine(reader);
    // What is no command may be the rest of one.
    const { name } = /^(?<name>[A-Za-z]{3,4})(?: |$)/.exec(line)?.groups ?? {};
    const isKnown = name !== undefined && COMMANDS.has(name.toUpperCase());
    if (isKnown && !SECRET_COMMANDS.has(name.toUpperCase())) return [];
    const from = isKnown ? name.length + 1 : 0;
    return from < line.length ? [{ from, to: line.length, what: 'FTP password' }] : [];
  },

  observe(message, say, conversation) {
    if ('tls' in message) observeTls(message.tls, say, conversation);
    else if ('command' in message) observeCommand(message.command, say, conversation);
    else observeReply(message.reply, say, conversation);
  },

  close(say, { state }) {
    for (const command of state.pending) sayOperation(command, undefined, say);
  },
});

/** Commands whose argument is a secret: password, account (a second password), security data. */
const SECRET_COMMANDS: ReadonlySet<string> = new Set(['PASS', 'ACCT', 'ADAT', 'ENC', 'MIC', 'CONF']);
/** Commands of RFC 959 and its successors (IANA registry "FTP Commands and Extensions"), and older spellings. */
const COMMANDS: ReadonlySet<string> = new Set(
  'ABOR ACCT ADAT ALGS ALLO APPE AUTH CCC CDUP CLNT CONF CWD DELE ENC EPRT EPSV FEAT HASH HELP HOST LANG LIST LPRT LPSV MDTM MFMT MIC MKD MLSD MLST MODE NLST NOOP OPTS PASS PASV PBSZ PORT PROT PWD QUIT RANG REIN REST RETR RMD RNFR RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XCWD XCRC XMKD XPWD XRMD'.split(
    ' ',
  ),
);

const isStart = (text: string, fromClient: boolean): boolean =>
  fromClient ? /^[A-Za-z]{3,4}[ \r]?/.test(text) : /^[1-6]\d\d[ -]/.test(text);

function readCommand(line: string): Ftp | undefined {
  // A client that breaks off a transfer sends signs of Telnet before its command (RFC 959 section 4.1.3).
  const groups = /^(?:[\xf0-\xff]{1,4})?(?<name>[A-Za-z]{3,4})(?: (?<argument>.*))?$/.exec(line)?.groups;
  const name = groups?.['name']?.toUpperCase() ?? '';
  if (!COMMANDS.has(name)) return undefined;
  const written = groups?.['argument'] ?? '';
  const argument = SECRET_COMMANDS.has(name) ? '' : cleanText(decodeLine(written), 512);
  return { command: { name, argument, hasArgument: written !== '' } };
}

/** One line of a reply (section 4.2): all between a line `123-` and the line `123 ` belong together. */
function readReply(line: string, state: State): Ftp | undefined {
  const groups = /^(?<code>[1-6]\d\d)(?<mark>[ -]|$)(?<text>.*)$/.exec(line)?.groups;
  const code = Number(groups?.['code'] ?? 0);
  if (state.open > 0 && (code !== state.open || groups?.['mark'] === '-'))
    return { reply: { code: state.open, text: cleanText(decodeLine(line), 512), isLast: false } };
  if (code === 0) return undefined;
  const isLast = groups?.['mark'] !== '-';
  state.open = isLast ? 0 : code;
  return { reply: { code, text: cleanText(decodeLine(groups?.['text'] ?? ''), 512), isLast } };
}

function observeCommand(command: Command, say: Says, { state, server, frame, time }: Conversation<State>): void {
  const { name, argument, hasArgument } = command;
  if (name === 'USER') {
    state.account = argument;
    say.fact(server, 'service.account', argument, 'USER');
  } else if (name === 'PASS' && hasArgument && !isAnonymous(state.account)) {
    const value = { what: 'FTP password', ...(state.account ? { account: state.account } : {}) };
    say.fact(server, 'credential.cleartext', value, 'PASS');
  }
  if (state.pending.length < MAX_PENDING) state.pending.push({ ...command, frame, time });
}

const isAnonymous = (account: string): boolean => /^(?:anonymous|ftp)$/i.test(account);

function observeReply({ code, text, isLast }: Reply, say: Says, { state, server }: Conversation<State>): void {
  if (state.greeting !== undefined && (code === 220 || code === 120)) {
    state.greeting = `${state.greeting} ${text}`.slice(0, MAX_GREETING);
    if (isLast && code === 220) {
      const greeting = cleanText(state.greeting);
      state.greeting = undefined;
      say.fact(server, 'service.banner', greeting, 'reply 220');
      tellBanner(readBanner(greeting), server, 'reply 220', say.fact);
    }
    return;
  }
  state.greeting = undefined;
  if (!isLast || code < 200) return;
  const command = state.pending.shift();
  if (!command) return;
  if (command.name === 'SYST' && code === 215) tellBanner(readSystem(text), server, 'reply 215', say.fact);
  if (code === 230 && isAnonymous(state.account))
    say.fact(server, 'exposure.anonymous', 'FTP without an account', 'reply 230');
  sayOperation(command, code < 400, say);
}

function sayOperation({ name, argument, frame, time }: Pending, accepted: boolean | undefined, say: Says): void {
  const operation = OPERATIONS[name];
  if (!operation) return;
  const [what, kind] = operation;
  say.operation(what, kind, {
    detail: argument || undefined,
    frame,
    time,
    ...(accepted === undefined ? {} : { accepted }),
  });
}

const OPERATIONS: Readonly<Record<string, readonly [string, 'file' | 'authentication']>> = {
  RETR: ['read file', 'file'],
  STOR: ['write file', 'file'],
  STOU: ['write file', 'file'],
  APPE: ['append to file', 'file'],
  DELE: ['delete file', 'file'],
  RNTO: ['rename file', 'file'],
  MKD: ['make directory', 'file'],
  XMKD: ['make directory', 'file'],
  RMD: ['remove directory', 'file'],
  XRMD: ['remove directory', 'file'],
  PASS: ['log in', 'authentication'],
};

/** Replies to SYST that only one system gives. "UNIX Type: L8" is what everybody says. */
function readSystem(text: string): Banner {
  if (/^Windows_NT\b/.test(text)) return { os: 'Windows' };
  if (/^Windows_CE\b/i.test(text)) return { os: 'Windows CE' };
  if (/^VxWorks\b/i.test(text)) return { os: 'VxWorks' };
  if (/emulated by FileZilla/.test(text)) return { software: 'FileZilla Server' };
  return /^VMS\b/.test(text) ? { os: 'OpenVMS' } : {};
}

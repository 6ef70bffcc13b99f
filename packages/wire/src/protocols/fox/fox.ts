// Niagara Fox: stations, supervisors and workbenches of the Niagara framework greet each other in readable text, with host,
// program, operating system and versions, before anybody logs in.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedText } from '../../stated.ts';

/** Longest message; a station takes no longer ones before the login, which is all that is read. */
const MAX_MESSAGE = 65_536;
/** Longest first line: five short words and two numbers. */
const MAX_HEADER = 200;
/** Values of one message that are kept; a greeting has about twenty. */
const MAX_VALUES = 100;

interface FoxState {
  /** The login that waits for its answer. */
  login: { readonly account: string; readonly frame: number; readonly time: number } | undefined;
}
interface Fox {
  readonly channel: string;
  readonly command: string;
  readonly values: ReadonlyMap<string, string>;
  /** A value that is a password came with it; the value itself was left out. */
  readonly hasPassword: boolean;
}

const TELLS = [
  'device.hostname',
  'device.station-name',
  'device.serial',
  'device.software',
  'device.os',
  'device.os-build',
  'address.announced-ip',
  'fox.brand',
  'fox.vm',
  'fox.vm-version',
  'fox.version',
  'service.role',
  'service.authentication',
  'service.account',
  'credential.cleartext',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<FoxState>;

export const fox = protocol({
  name: 'fox',
  title: 'Niagara Fox',
  spec: 'Tridium Niagara framework, Fox 1.0 (no public document)',
  depth: 'identity',
  on: { tcp: [1911, 3011] },
  tells: TELLS,

  firstBytes: [0x66], // f
  recognise: (reader) => isFox(reader) && readHeader(reader) !== undefined,
  frame: (reader) => (isFox(reader) ? walk(reader) : NOT_MINE),
  open: (): FoxState => ({ login: undefined }),

  read(reader, { fromClient, state, frame, time }): Fox | undefined {
    if (!isFox(reader)) return undefined;
    const header = readHeader(reader);
    if (!header) return undefined;
    const values = new Map<string, string>();
    let hasPassword = false;
    walk(reader, (name, from, to) => {
      if (values.size >= MAX_VALUES) return;
      if (IS_PASSWORD.test(name)) hasPassword ||= to > from;
      else values.set(name, textAt(reader, from, to));
    });
    const { channel, command } = header;
    if (fromClient && channel === 'fox' && values.has('username') && !state.login)
      state.login = { account: values.get('username') ?? '', frame, time };
    return { channel, command, values, hasPassword };
  },

  secrets(reader) {
    const found: SecretRange[] = [];
    walk(reader, (name, from, to) => {
      if (IS_PASSWORD.test(name) && found.length < MAX_VALUES) found.push({ from, to, what: 'Fox password' });
    });
    return found;
  },

  observe(message, say, conversation: Talk) {
    const { sender, receiver, fromClient, state } = conversation;
    const { channel, command, values, hasPassword } = message;
    if (hasPassword) {
      const account = values.get('username') ?? state.login?.account ?? '';
      const what = 'Fox password';
      say.fact(receiver, 'credential.cleartext', account === '' ? { what } : { account, what }, command);
    }
    if (channel !== 'fox') return;
    if (command === 'hello') return observeHello(values, say, conversation);
    if (fromClient) {
      say.fact(receiver, 'service.account', values.get('username') ?? '', `${command}, username`);
      return;
    }
    if (command === 'challenge')
      say.fact(sender, 'service.authentication', values.get('method') ?? '', 'challenge, method');
    const accepted = command === 'welcome' ? true : command === 'rejected' ? false : undefined;
    if (accepted === undefined) return;
    sayLogin(state, accepted, say);
    // What follows is the work of the framework in its own objects, for as long as the program runs.
    if (accepted) conversation.done();
  },

  close(say, { state }: Talk) {
    sayLogin(state, undefined, say);
  },
});

// Framing: "fox", type, two numbers, channel and command in a line, then named values of one type each in braces, ";;".

const isFox = (reader: Reader): boolean => {
  const word = reader.peek16();
  // "fo", "x "; less than four bytes may become it.
  return word === 0x666f && (reader.peek16(2) === 0x7820 || reader.left < 4);
};

const HEADER = /^fox [sarenkc] -?\d{1,10} -?\d{1,10} ([\w.]{1,40}) ([\w.]{1,60})\r?\n$/;

function readHeader(reader: Reader): { readonly channel: string; readonly command: string } | undefined {
  let length = 0;
  while (length < MAX_HEADER && reader.peek(length) >= 0 && reader.peek(length) !== LINE_FEED) length++;
  if (reader.peek(length) !== LINE_FEED) return undefined;
  const found = HEADER.exec(textAt(reader, 0, length + 1, true));
  return found ? { channel: found[1] ?? '', command: found[2] ?? '' } : undefined;
}

/**
 * Goes through a message, from value to value. Out: its length, NEED_MORE where its end is not there yet, NOT_MINE where
 * it is none. `take` is told each text or number of the outermost braces, and where it lies; the reader is not moved on.
 */
function walk(reader: Reader, take?: (name: string, from: number, to: number) => void): number {
  let at = 0;
  let depth = 0;
  const end = Math.min(reader.left, MAX_MESSAGE);
  const more = reader.left >= MAX_MESSAGE ? NOT_MINE : NEED_MORE;
  const lineEnd = () => {
    while (at < end && reader.peek(at) !== LINE_FEED) at++;
  };
  lineEnd();
  if (at > MAX_HEADER) return NOT_MINE;
  at++;
  for (;;) {
    if (at >= end) return more;
    const first = reader.peek(at);
    if (first === SEMICOLON && depth === 0) {
      lineEnd();
      return at < end ? at + 1 : more;
    }
    if (first === OPEN || first === CLOSE) {
      depth += first === OPEN ? 1 : -1;
      if (depth < 0 || depth > MAX_DEPTH) return NOT_MINE;
      at++;
      if (reader.peek(at) === CARRIAGE_RETURN) at++;
      if (reader.peek(at) === LINE_FEED) at++;
      continue;
    }
    if (depth === 0) return NOT_MINE;
    const nameAt = at;
    while (at < end && reader.peek(at) !== EQUALS && reader.peek(at) !== LINE_FEED) at++;
    if (at + 2 >= end) {
      // What is cut off right behind a name has no value yet.
      return more;
    }
    const type = reader.peek(at + 1);
    if (reader.peek(at) !== EQUALS || reader.peek(at + 2) !== COLON) return NOT_MINE;
    const nameEnd = at;
    at += 3;
    const from = at;
    if (type === BLOB || type === OBJECT) {
      while (at < end && reader.peek(at) !== BRACKET && reader.peek(at) !== LINE_FEED) at++;
      if (at >= end) return more;
      const count = /(\d{1,6})$/.exec(textAt(reader, from, at, true))?.[1];
      if (count === undefined || reader.peek(at) !== BRACKET) return NOT_MINE;
      at += 1 + Number(count);
      if (take && depth === 1) take(textAt(reader, nameAt, nameEnd, true), from, Math.min(at, reader.left));
      lineEnd();
      at++;
    } else if (type === MESSAGE) {
      if (reader.peek(at) !== OPEN && at < end) return NOT_MINE;
    } else {
      lineEnd();
      if (take && depth === 1) take(textAt(reader, nameAt, nameEnd, true), from, at);
      at++;
    }
  }
}
/** Messages within messages. */
const MAX_DEPTH = 16;

/** Text between two offsets from the reader's place, with `#hex;` for signs that are not plain; `raw` as it stands. */
function textAt(reader: Reader, from: number, to: number, raw = false): string {
  let text = '';
  for (let at = from; at < Math.min(to, from + MAX_TEXT); at++)
    text += String.fromCharCode(Math.max(reader.peek(at), 0));
  if (raw) return text;
  const plain = text.replace(/#(null|[\da-f]{1,4});/g, (_, code) =>
    code === 'null' ? '' : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return cleanText(plain, MAX_TEXT);
}
const MAX_TEXT = 256;

// Observing.

function observeHello(values: ReadonlyMap<string, string>, say: Says, { sender }: Talk): void {
  const value = (name: string) => statedText(values.get(name) ?? '');
  const host = value('hostName');
  if (!/^[\d.]+$|:/.test(host)) say.fact(sender, 'device.hostname', host, 'hello, hostName');
  const address = value('hostAddress');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address) && !/^(?:127|0)\./.test(address))
    say.fact(sender, 'address.announced-ip', address, 'hello, hostAddress');
  const application = value('app.name');
  if (application !== '') say.fact(sender, 'service.role', `Niagara ${application}`, 'hello, app.name');
  const version = value('app.version');
  if (version !== '') say.fact(sender, 'device.software', `Niagara ${version}`, 'hello, app.version');
  say.fact(sender, 'device.station-name', value('station.name'), 'hello, station.name');
  // Made of the hardware; licences are bound to it.
  say.fact(sender, 'device.serial', value('hostId'), 'hello, hostId');
  say.fact(sender, 'device.os', value('os.name'), 'hello, os.name');
  say.fact(sender, 'device.os-build', value('os.version'), 'hello, os.version');
  say.fact(sender, 'fox.vm', value('vm.name'), 'hello, vm.name');
  say.fact(sender, 'fox.vm-version', value('vm.version'), 'hello, vm.version');
  say.fact(sender, 'fox.brand', value('brandId'), 'hello, brandId');
  say.fact(sender, 'fox.version', value('fox.version'), 'hello, fox.version');
  for (const scheme of (values.get('availableSchemes') ?? '').split(',', 8))
    say.fact(sender, 'service.authentication', cleanText(scheme, 64), 'hello, availableSchemes');
}

function sayLogin(state: FoxState, accepted: boolean | undefined, say: Says): void {
  const { login } = state;
  if (!login) return;
  state.login = undefined;
  const { account, frame, time } = login;
  say.operation('log in to the station', 'authentication', { detail: account || undefined, accepted, frame, time });
}

const IS_PASSWORD = /password|credential|passwd|secret|token/i;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SEMICOLON = 0x3b;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const EQUALS = 0x3d;
const COLON = 0x3a;
const BRACKET = 0x5b;
/** Types of values: bytes, an object in an encoding, a message in the message. Others are text up to the line's end. */
const BLOB = 0x62;
const OBJECT = 0x6f;
const MESSAGE = 0x6d;

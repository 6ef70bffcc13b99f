// Redis, a store of keys and values in memory: passwords cross in clear, a server that is asked tells its version and
// system, and a few commands change the server itself. Keys and values are not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Longest line: an inline command has 64 KiB at most, but none that is read here needs more. */
const MAX_LINE = 4096;
/** Arguments of a command, and bytes of an argument, that are looked at. */
const MAX_ARGUMENTS = 16;
const MAX_ARGUMENT = 256;
/** Largest argument and array that a server takes (512 MB; one million). */
const MAX_BULK = 512 * 1024 * 1024;
const MAX_ARRAY = 1024 * 1024;

interface Redis {
  /** Of a command: its name in capitals, and arguments that are no secrets. */
  readonly command?: string;
  readonly argument?: string;
  readonly password?: { readonly account: string };
  readonly program?: string;
  /** Of an answer. */
  readonly version?: string;
  readonly system?: string;
  readonly demandsPassword?: boolean;
}
const NOTHING: Redis = {};

export const redis = protocol({
  name: 'redis',
  title: 'Redis',
  spec: 'Redis serialization protocol specification, versions 2 and 3',
  depth: 'identity',
  on: { tcp: [6379] },
  tells: [
    'credential.cleartext',
    'client.software',
    'device.software',
    'device.os',
    'service.authentication',
    'operation',
  ],

  firstBytes: [0x2a],
  recognise: (reader) =>
    /^\*[1-9]\d{0,2}\r\n\$[1-9]\d?\r\n(?:PING|AUTH|INFO|HELLO|SELECT|CLIENT|COMMAND|CONFIG|GET|SET|HGET|HSET|LPUSH|RPUSH|BRPOP|BLPOP|SUBSCRIBE|PUBLISH|PSUBSCRIBE|EXISTS|KEYS|SCAN|MULTI|EVAL|EVALSHA)\r\n/i.test(
      reader.text(Math.min(reader.left, 32)),
    ),

  frame(reader, { fromClient }) {
    const first = reader.peek();
    if (first < 0) return NEED_MORE;
    if (fromClient && first === 0x2a) return commandLength(reader);
    if (!TYPES.includes(first) && !(fromClient && isLetter(first))) return NOT_MINE;
    const line = lineLength(reader, 0);
    if (line <= 0) return line;
    if (first !== 0x24 && first !== 0x3d && first !== 0x21) return line;
    const size = numberAt(reader, 1);
    return size < 0 ? line : size > MAX_BULK ? NOT_MINE : line + size + 2;
  },

  read(reader, { fromClient }): Redis | undefined {
    if (!fromClient) return readAnswer(reader);
    const words = readCommand(reader).map(({ text }) => text);
    return words[0] === undefined || !/^[A-Za-z][\w.]{1,31}$/.test(words[0]) ? undefined : factsOf(words);
  },

  secrets(reader, { fromClient }): SecretRange[] {
    if (!fromClient) return [];
    const length = reader.left;
    const words = readCommand(reader);
    const name = words[0]?.text.toUpperCase() ?? '';
    const second = words[1]?.text.toUpperCase() ?? '';
    const behind = (at: number) => {
      const from = words[at]?.end ?? length;
      return from < length ? [{ from, to: length, what: 'Redis password' }] : [];
    };
    // What is no command may be the rest of one.
    if (!/^[A-Z][A-Z0-9_.]{1,31}$/.test(name))
      return length > 0 ? [{ from: 0, to: length, what: 'Redis password' }] : [];
    if (name === 'AUTH' || name === 'MIGRATE') return behind(0);
    if (name === 'HELLO') return behind(1);
    if ((name === 'CONFIG' && second === 'SET') || (name === 'ACL' && second === 'SETUSER')) return behind(2);
    return (name === 'CONFIG' || name === 'ACL') && words.length < 2 ? behind(0) : [];
  },

  observe(message, say, { client, server }) {
    if (message === NOTHING) return;
    const { command, argument, password, program, version, system, demandsPassword } = message;
    if (password) {
      const { account } = password;
      const value = { what: 'Redis password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, command ?? '');
    }
    if (program) say.fact(client, 'client.software', program, 'CLIENT SETINFO');
    const operation = command === undefined ? undefined : OPERATIONS[command];
    if (operation) say.operation(operation[0], operation[1], { detail: argument || undefined });
    if (version) say.fact(server, 'device.software', `Redis ${version}`, 'INFO redis_version');
    if (system) say.fact(server, 'device.os', system, 'INFO os');
    if (demandsPassword) say.fact(server, 'service.authentication', 'password', 'error NOAUTH');
  },
});

/** First signs of what a server sends: texts, errors, numbers, arrays, and the types of version 3. */
const TYPES: readonly number[] = Array.from('+-:$*_#,(!=%~>|', (sign) => sign.charCodeAt(0));
const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Bytes from `at` to behind the next line feed. */
function lineLength(reader: Reader, at: number): number {
  for (let length = 0; length < MAX_LINE; length++) {
    const byte = reader.peek(at + length);
    if (byte < 0) return NEED_MORE;
    if (byte === 0x0a) return length + 1;
  }
  return NOT_MINE;
}

/** The number in digits at an offset; -1 where there is none, or a minus. */
function numberAt(reader: Reader, at: number): number {
  let number = -1;
  for (let i = 0; i < 10; i++) {
    const digit = reader.peek(at + i) - 0x30;
    if (digit < 0 || digit > 9) break;
    number = Math.max(number, 0) * 10 + digit;
  }
  return number;
}

/** An array of texts with their lengths before them. */
function commandLength(reader: Reader): number {
  const count = numberAt(reader, 1);
  const line = lineLength(reader, 0);
  if (line <= 0) return line;
  if (count < 0 || count > MAX_ARRAY) return NOT_MINE;
  let at = line;
  for (let i = 0; i < count; i++) {
    if (reader.peek(at) < 0) return NEED_MORE;
    const head = reader.peek(at) === 0x24 ? lineLength(reader, at) : NOT_MINE;
    if (head <= 0) return head;
    const size = numberAt(reader, at + 1);
    if (size < 0 || size > MAX_BULK) return NOT_MINE;
    at += head + size + 2;
    if (at > reader.left && i + 1 < count) return NEED_MORE;
  }
  return at;
}

/** First words of a command, each with the offset behind it; also of one that is cut off. */
function readCommand(reader: Reader): { text: string; end: number }[] {
  const words: { text: string; end: number }[] = [];
  if (reader.peek() !== 0x2a) {
    const text = reader.text(Math.min(reader.left, MAX_LINE));
    for (const match of text.matchAll(/[^\s\r\n]+/g)) {
      if (words.length >= MAX_ARGUMENTS) break;
      words.push({ text: match[0].slice(0, MAX_ARGUMENT), end: match.index + match[0].length });
    }
    return words;
  }
  reader.skip(Math.max(lineLength(reader, 0), 1));
  for (let i = 0; i < MAX_ARGUMENTS && reader.peek() === 0x24; i++) {
    const head = lineLength(reader, 0);
    const size = numberAt(reader, 1);
    if (head <= 0 || size < 0) break;
    reader.skip(head);
    const kept = Math.min(size, reader.left, MAX_ARGUMENT);
    const text = reader.text(kept);
    reader.skip(Math.min(size - kept + 2, reader.left));
    words.push({ text, end: reader.offset });
  }
  return words;
}

function factsOf(words: readonly string[]): Redis {
  const [name = '', first = '', second = '', third = ''] = words;
  const command = name.toUpperCase();
  switch (command) {
    case 'AUTH':
      if (first === '') return NOTHING;
      return { command, password: { account: second === '' ? '' : cleanText(first, 128) } };
    case 'HELLO': {
      const at = words.findIndex((word) => word.toUpperCase() === 'AUTH');
      return at > 0 && words.length > at + 2
        ? { command, password: { account: cleanText(words[at + 1] ?? '', 128) } }
        : NOTHING;
    }
    case 'CONFIG': {
      if (first.toUpperCase() !== 'SET') return NOTHING;
      const argument = cleanText(second, 64);
      const isSecret = /^(?:requirepass|masterauth)$/i.test(second) && third !== '';
      return { command: 'CONFIG SET', argument, ...(isSecret ? { password: { account: '' } } : {}) };
    }
    case 'CLIENT':
      return first.toUpperCase() === 'SETINFO' && /^lib-name$/i.test(second)
        ? { program: cleanText(third, 64) }
        : NOTHING;
    case 'SLAVEOF':
    case 'REPLICAOF':
      return { command, argument: cleanText(`${first} ${second}`, 128) };
    case 'MODULE':
      return first.toUpperCase() === 'LOAD' ? { command: 'MODULE LOAD', argument: cleanText(second, 128) } : NOTHING;
    default:
      return Object.hasOwn(OPERATIONS, command) ? { command } : NOTHING;
  }
}

/** Commands that change the server or everything in it. */
const OPERATIONS: Readonly<Record<string, readonly [string, 'configure' | 'write' | 'mode' | 'logic']>> = {
  'CONFIG SET': ['set parameter of the server', 'configure'],
  SLAVEOF: ['copy another server', 'configure'],
  REPLICAOF: ['copy another server', 'configure'],
  'MODULE LOAD': ['load module', 'logic'],
  FLUSHALL: ['delete all keys', 'write'],
  FLUSHDB: ['delete all keys of a database', 'write'],
  SHUTDOWN: ['stop server', 'mode'],
};

function readAnswer(reader: Reader): Redis | undefined {
  const first = reader.peek();
  if (!TYPES.includes(first)) return undefined;
  if (first === 0x2d)
    return /^-NOAUTH\b/.test(reader.text(Math.min(reader.left, 16))) ? { demandsPassword: true } : NOTHING;
  if (first !== 0x24) return NOTHING;
  const text = reader.text(Math.min(reader.left, MAX_LINE));
  const version = /^redis_version:(\d[\w.]{0,15})\r?$/m.exec(text)?.[1];
  const system = /^os:([A-Z][\w .-]{2,63})\r?$/m.exec(text)?.[1];
  if (!version) return NOTHING;
  return { version, ...(system ? { system: cleanText(system.replace(/ (?:x86_64|aarch64|i686|armv\w+)$/, '')) } : {}) };
}

// memcached, a cache in memory that mostly asks nobody for a password: recognised by its commands and answers, with the
// version where a server tells it. Keys and values are not looked at, but for a login that crosses in clear.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

/** Longest line: a command with a hundred keys of 250 bytes. */
const MAX_LINE = 32 * 1024;
/** Largest value (the default limit is 1 MB, the highest 1 GB). */
const MAX_VALUE = 1024 * 1024 * 1024;

interface Memcached {
  readonly version: string;
  /** A login by SASL PLAIN. */
  readonly login?: { readonly account: string };
  readonly isAnswer: boolean;
}
interface State {
  /** A login was seen: the server does not let everybody in. */
  hasLogin: boolean;
}
const COMMAND: Memcached = { version: '', isAnswer: false };
const ANSWER: Memcached = { version: '', isAnswer: true };

export const memcached = protocol({
  name: 'memcached',
  title: 'memcached',
  spec: 'memcached protocol.txt and BinaryProtocolRevamped',
  depth: 'identity',
  on: { tcp: [11_211] },
  tells: ['device.software', 'exposure.anonymous', 'credential.cleartext', 'service.authentication'],
  open: (): State => ({ hasLogin: false }),

  frame(reader, { fromClient }) {
    const first = reader.peek();
    if (first === 0x80 || first === 0x81) {
      if (reader.left < 24) return NEED_MORE;
      const length = reader.peek16(8) * 0x10000 + reader.peek16(10);
      return (first === 0x80) === fromClient && length <= MAX_VALUE ? 24 + length : NOT_MINE;
    }
    return textLength(reader, fromClient);
  },

  read(reader, { fromClient, state }): Memcached | undefined {
    const first = reader.peek();
    if (first === 0x80 || first === 0x81) {
      if (LOGINS.includes(reader.peek(1))) state.hasLogin = true;
      if (first === 0x80 && reader.peek(1) === LOGIN) return readLogin(reader);
      const isVersion = first === 0x81 && reader.peek(1) === 0x0b && reader.peek16(6) === 0 && reader.peek16(2) === 0;
      if (!isVersion) return fromClient ? COMMAND : ANSWER;
      reader.skip(24);
      return { version: versionIn(`VERSION ${reader.text(Math.min(reader.left, 32))}`), isAnswer: true };
    }
    const line = reader.text(Math.min(reader.left, 64));
    if (fromClient) return COMMANDS.test(line) ? COMMAND : undefined;
    return ANSWERS.test(line) ? { version: versionIn(line), isAnswer: true } : undefined;
  },

  secrets(reader, { fromClient }) {
    const length = reader.left;
    if (!fromClient) return [];
    // Values too: where the text form asks for a login, it is the first value that is set.
    const from =
      reader.peek() === 0x80
        ? 24 + Math.max(reader.peek(4), 0) + Math.max(reader.peek16(2), 0)
        : COMMANDS.test(reader.text(Math.min(length, 64)))
          ? lineEnd(reader)
          : 0;
    return from < length ? [{ from, to: length, what: 'value, which may be a password' }] : [];
  },

  observe({ version, isAnswer, login }, say, { server, state }) {
    if (login) {
      const value = { what: 'memcached password', ...(login.account ? { account: login.account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'SASL authentication');
    }
    if (!isAnswer) return;
    if (state.hasLogin) say.fact(server, 'service.authentication', 'SASL', 'answer');
    else say.fact(server, 'exposure.anonymous', 'memcached without a login', 'answer');
    if (version) say.fact(server, 'device.software', `memcached ${version}`, 'version');
  },
});

/** Commands of the binary form: mechanisms, login, next step. */
const LOGINS: readonly number[] = [0x20, 0x21, 0x22];
const LOGIN = 0x21;

function readLogin(reader: Reader): Memcached {
  const mechanismLength = reader.peek16(2);
  reader.skip(24 + reader.peek(4));
  const mechanism = reader.text(mechanismLength);
  const [, account = '', password = ''] = reader.text(Math.min(reader.left, 1024)).split('\0', 3);
  return mechanism === 'PLAIN' && password !== ''
    ? { ...COMMAND, login: { account: cleanText(account, 128) } }
    : COMMAND;
}

function lineEnd(reader: Reader): number {
  reader.seek(0);
  let at = 0;
  while (at < reader.left && reader.peek(at) !== 0x0a) at++;
  return at + 1;
}

const COMMANDS =
  /^(?:get|gets|gat|gats|set|add|replace|append|prepend|cas|delete|incr|decr|touch|stats|version|verbosity|flush_all|quit|slabs|lru|mg|ms|md|mn)(?: [\x21-\x7e]|\r\n)/;
const ANSWERS =
  /^(?:VALUE \S+ \d+ \d+|END\r\n|STORED\r\n|NOT_STORED\r\n|EXISTS\r\n|NOT_FOUND\r\n|DELETED\r\n|TOUCHED\r\n|OK\r\n|STAT \S+ |VERSION \d|RESET\r\n|\d{1,20}\r\n|HD\r\n|EN\r\n)/;

const versionIn = (line: string): string =>
  cleanText(/^(?:STAT version|VERSION) (\d+\.\d+[\w.-]*)/.exec(line)?.[1] ?? '', 32);

/** A line, and behind some the value whose length it tells. */
function textLength(reader: Reader, fromClient: boolean): number {
  const limit = Math.min(reader.left, MAX_LINE);
  let end = 0;
  while (end < limit && reader.peek(end) !== 0x0a) end++;
  const head = reader.text(Math.min(end + 1, limit, 300));
  if (!(fromClient ? /^[a-z_]{2,10}(?: |\r|$)/ : /^[A-Z_\d]{2,20}(?: |\r|$)/).test(head)) return NOT_MINE;
  if (end >= limit) return reader.left < MAX_LINE ? NEED_MORE : NOT_MINE;
  const size =
    (fromClient
      ? /^(?:set|add|replace|append|prepend|cas) \S+ \d+ -?\d+ (\d{1,10})\b/.exec(head)
      : /^VALUE \S+ \d+ (\d{1,10})\b/.exec(head))?.[1] ?? '';
  if (size === '') return end + 1;
  return Number(size) <= MAX_VALUE ? end + 1 + Number(size) + 2 : NOT_MINE;
}

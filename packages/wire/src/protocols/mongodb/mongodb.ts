// MongoDB: drivers greet a server with their application, their name and the system they run on; a server names itself, and
// its version to whoever asks. Queries and documents are not looked at.
import { isHost } from '../../banners.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { type Bson, readBson } from './bson.ts';

/** Longest message (maxMessageSizeBytes of all versions). */
const MAX_MESSAGE = 48_000_000;
const HEADER = 16;
/** Messages of one connection that are looked at: hellos and logins come first. */
const MAX_MESSAGES = 24;

const OP = { reply: 1, query: 2004, message: 2013, command: 2010, answer: 2011, compressed: 2012 } as const;
const KNOWN: readonly number[] = [
  OP.reply,
  2001,
  2002,
  OP.query,
  2005,
  2006,
  2007,
  OP.command,
  OP.answer,
  OP.compressed,
  OP.message,
];

interface State {
  messages: number;
  mechanism: string;
}
interface Mongo {
  readonly application?: string;
  readonly driver?: string;
  readonly system?: string;
  readonly host?: string;
  readonly version?: string;
  readonly account?: string;
  readonly hasPassword?: boolean;
  readonly mechanism?: string;
  readonly isOver?: boolean;
}
const NOTHING: Mongo = {};

export const mongodb = protocol({
  name: 'mongodb',
  title: 'MongoDB',
  spec: 'MongoDB Wire Protocol; MongoDB Handshake specification; BSON 1.1',
  depth: 'identity',
  on: { tcp: [27_017, 27_018, 27_019] },
  tells: [
    'client.software',
    'device.os',
    'device.hostname',
    'device.software',
    'service.account',
    'service.authentication',
    'credential.cleartext',
  ],
  open: (): State => ({ messages: 0, mechanism: '' }),

  recognise(reader) {
    if (reader.left < HEADER || reader.peek(3) !== 0) return false;
    const length = reader.u32le();
    reader.skip(8);
    const op = reader.u32le();
    if (length < 36 || length > 65_536) return false;
    if (op === OP.query) {
      reader.skip(4);
      return /^[\w-]{1,60}\.\$cmd\0/.test(reader.text(Math.min(reader.left, 64)));
    }
    return (
      op === OP.message && (reader.u32le() & ~0x1_0003) === 0 && reader.u8() === 0 && reader.u32le() + 21 <= length
    );
  },

  frame(reader) {
    if (reader.left < HEADER) return NEED_MORE;
    const length = reader.u32le();
    reader.skip(8);
    return length >= HEADER && length <= MAX_MESSAGE && KNOWN.includes(reader.u32le()) ? length : NOT_MINE;
  },

  read(reader, { state, fromClient }): Mongo | undefined {
    reader.skip(12);
    const op = reader.u32le();
    if (!reader.ok || !KNOWN.includes(op)) return undefined;
    if (++state.messages > MAX_MESSAGES) return { isOver: true };
    if (!goToDocument(reader, op)) return NOTHING;
    const document = readBson(reader);
    return fromClient ? readRequest(document, state) : readAnswer(document);
  },

  secrets(reader, { fromClient }): SecretRange[] {
    const length = reader.left;
    // Logins, and commands that set passwords (createUser, updateUser).
    const at = reader.text(length).search(/sasl(?:Start|Continue)|createUser|updateUser|authenticate|getnonce|copydb/);
    return fromClient && at >= 0 ? [{ from: at, to: length, what: 'MongoDB password' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { application, driver, system, host, version, account, hasPassword, mechanism } = message;
    const { client, server } = conversation;
    if (message.isOver) conversation.done();
    if (driver) say.fact(client, 'client.software', driver, 'hello, client.driver');
    if (application) say.fact(client, 'client.software', application, 'hello, client.application');
    if (system) say.fact(client, 'device.os', system, 'hello, client.os');
    if (host && isHost(host)) say.fact(server, 'device.hostname', host, 'answer to hello, me');
    if (version) say.fact(server, 'device.software', `MongoDB ${version}`, 'answer to buildInfo');
    if (mechanism) say.fact(server, 'service.authentication', mechanism, 'saslStart');
    if (hasPassword) {
      const value = { what: 'MongoDB password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'saslStart');
    } else if (account) say.fact(server, 'service.account', account, 'saslStart');
  },
});

/** Moves to the first document of a message; false where there is none to read. */
function goToDocument(reader: Reader, op: number): boolean {
  if (op === OP.message) {
    reader.skip(4);
    return reader.u8() === 0 && reader.ok;
  }
  if (op === OP.query) {
    reader.skip(4);
    reader.textz(255);
    reader.skip(8);
    return reader.ok;
  }
  if (op !== OP.reply) return false;
  reader.skip(20);
  return reader.ok;
}

function readRequest({ texts, names, binaries }: Bson, state: State): Mongo {
  const command = names[0] ?? '';
  if (command === 'saslStart') {
    const mechanism = cleanText(texts.get('mechanism') ?? '', 32);
    const payload = binaries.get('payload') ?? '';
    state.mechanism = mechanism;
    if (mechanism === 'PLAIN') {
      const [, account = '', password = ''] = payload.split('\0', 3);
      return { mechanism, account: cleanText(account, 128), hasPassword: password !== '' };
    }
    return { mechanism, account: cleanText(/^[ny],[^,]*,n=([^,]{1,128}),r=/.exec(payload)?.[1] ?? '', 128) };
  }
  if (!/^(?:hello|isMaster|ismaster)$/.test(command)) return NOTHING;
  const join = (...paths: string[]) =>
    cleanText(
      paths
        .map((path) => texts.get(path) ?? '')
        .filter(Boolean)
        .join(' '),
      128,
    );
  return {
    application: join('client.application.name'),
    driver: join('client.driver.name', 'client.driver.version'),
    system: systemOf(
      texts.get('client.os.type') ?? '',
      texts.get('client.os.name') ?? '',
      texts.get('client.os.version') ?? '',
    ),
  };
}

/** The system, in the driver's own words where they name it: "Ubuntu 20.04". */
function systemOf(type: string, name: string, version: string): string {
  if (/^(?:unknown)?$/i.test(type) && name === '') return '';
  const system = /^(?:linux|darwin|windows(?:_nt)?)$/i.test(name) || name === '' ? type : name.replace(/^"|"$/g, '');
  return cleanText(
    /^Microsoft Windows|^Windows|^Ubuntu|^Debian|^CentOS|^Red Hat|^macOS|^Mac OS X|^Linux|^Darwin/i.test(system) &&
      version &&
      !system.includes(version)
      ? `${system} ${version}`
      : system,
    128,
  );
}

function readAnswer({ texts, names }: Bson): Mongo {
  const host = (texts.get('me') ?? '').replace(/:\d+$/, '');
  const version = texts.get('version') ?? '';
  const isBuild = names.includes('gitVersion') && /^\d+\.\d+\.\d+/.test(version);
  return host || isBuild ? { host, ...(isBuild ? { version: cleanText(version, 32) } : {}) } : NOTHING;
}

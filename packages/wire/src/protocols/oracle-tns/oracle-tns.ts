// Oracle's TNS, up to the login: the client's connect packet describes computer, program and account that want which
// database; the listener's answers tell its version. What crosses after that is not looked at.
import { isHost } from '../../banners.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Packets have 65,535 bytes at most before version 315 of the protocol. */
const HEADER = 8;
/** Packets of one connection that are looked at: those of the opening. */
const MAX_PACKETS = 16;
/** Text of a packet that is looked at. */
const MAX_TEXT = 8192;

const TYPE = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11 } as const;
/** Also acknowledgement, null, abort, marker, attention, control. */
const LAST_TYPE = 14;

interface State {
  packets: number;
}
interface Tns {
  readonly host?: string;
  readonly program?: string;
  readonly account?: string;
  readonly database?: string;
  readonly version?: string;
  readonly system?: string;
  readonly hasPassword?: boolean;
}
const NOTHING: Tns = {};

export const oracleTns = protocol({
  name: 'oracle-tns',
  title: 'Oracle TNS',
  spec: 'Oracle Net Services Reference: connect descriptors; packets as analysed',
  depth: 'identity',
  on: { tcp: [1521, 1526, 2483] },
  tells: [
    'device.hostname',
    'device.software',
    'device.os',
    'client.software',
    'service.account',
    'database.name',
    'credential.cleartext',
  ],
  open: (): State => ({ packets: 0 }),

  firstBytes: [0, 1],
  recognise(reader) {
    if (!isHeader(reader) || reader.peek(4) !== TYPE.connect || reader.peek16() < 58) return false;
    const offset = reader.peek16(26);
    const text = reader.text(Math.min(reader.left, 1024));
    return offset >= 34 && /^\s*\((?:DESCRIPTION|CONNECT_DATA|ADDRESS)\s*=/i.test(text.slice(offset, offset + 40));
  },

  frame(reader) {
    if (reader.left < HEADER) return NEED_MORE;
    return isHeader(reader) ? reader.peek16() : NOT_MINE;
  },

  read(reader, { state, fromClient }): Tns | undefined {
    if (!isHeader(reader)) return undefined;
    state.packets++;
    const type = reader.peek(4);
    const isLookedAt =
      type === TYPE.connect ||
      type === TYPE.refuse ||
      type === TYPE.redirect ||
      (type === TYPE.data && state.packets <= MAX_PACKETS);
    if (!isLookedAt) return NOTHING;
    reader.skip(HEADER);
    const text = reader.text(Math.min(reader.left, MAX_TEXT));
    return fromClient ? readRequest(text) : readAnswer(text);
  },

  secrets(reader): SecretRange[] {
    const text = reader.text(reader.left);
    const found: SecretRange[] = [];
    // A listener's password, and what proves an account (its session key and password, encrypted).
    for (const { index, 0: word } of text.matchAll(/PASSWORD\s*=|AUTH_(?:PASSWORD|SESSKEY|VFR_DATA|PBKDF2\w*)/gi))
      found.push({ from: index + word.length, to: text.length, what: 'Oracle password' });
    return found.filter(({ from, to }) => from < to).slice(0, 1);
  },

  observe(message, say, conversation) {
    if (message === NOTHING) {
      if (conversation.state.packets > MAX_PACKETS) conversation.done();
      return;
    }
    const { host, program, account, database, version, system, hasPassword } = message;
    const { client, server } = conversation;
    if (host && isHost(host)) say.fact(client, 'device.hostname', host, 'CID HOST');
    if (program) say.fact(client, 'client.software', program, 'CID PROGRAM');
    if (account) say.fact(server, 'service.account', account, 'CID USER');
    if (database) say.fact(server, 'database.name', database, 'SERVICE_NAME or SID');
    if (version) say.fact(server, 'device.software', `Oracle Database ${version}`, 'version of the listener');
    if (system) say.fact(server, 'device.os', system, 'version of the listener');
    if (hasPassword) say.fact(server, 'credential.cleartext', { what: 'Oracle listener password' }, 'PASSWORD');
  },
});

function isHeader(reader: Reader): boolean {
  const type = reader.peek(4);
  return (
    reader.peek16() >= HEADER &&
    reader.peek16(2) === 0 &&
    type >= TYPE.connect &&
    type <= LAST_TYPE &&
    reader.peek16(6) === 0
  );
}

/** The value behind a name in a connect descriptor; empty where it is not there. */
function textBehind(descriptor: string, name: RegExp): string {
  return cleanText(name.exec(descriptor)?.[1] ?? '', 128);
}

function readRequest(text: string): Tns {
  const data = /\(CONNECT_DATA\s*=/i.exec(text);
  if (!data) return NOTHING;
  const descriptor = text.slice(data.index);
  const cid = /\(CID\s*=(.{0,1024})/is.exec(descriptor)?.[1] ?? '';
  return {
    host: textBehind(cid, /\(HOST\s*=\s*([^()]{1,128})\)/i),
    program: textBehind(cid, /\(PROGRAM\s*=\s*([^()]{1,128})\)/i).replace(/^.*[\\/]/, ''),
    account: textBehind(cid, /\(USER\s*=\s*([^()]{1,64})\)/i),
    database: textBehind(descriptor, /\((?:SERVICE_NAME|SID)\s*=\s*([^()]{1,128})\)/i),
    hasPassword: /\(PASSWORD\s*=\s*[^()\s]/i.test(descriptor),
  };
}

function readAnswer(text: string): Tns {
  const banner = /TNSLSNR for ([\w /-]{1,40}): Version (\d+(?:\.\d+){2,4})/.exec(text);
  if (banner)
    return { version: banner[2] ?? '', system: SYSTEMS.find(({ pattern }) => pattern.test(banner[1] ?? ''))?.os ?? '' };
  const number = Number(/\(VSNNUM\s*=\s*(\d{6,10})\)/i.exec(text)?.[1] ?? 0);
  return number > 0 && number < 2 ** 32 ? { version: versionOf(number) } : NOTHING;
}

const SYSTEMS: readonly { readonly pattern: RegExp; readonly os: string }[] = [
  { pattern: /Windows/i, os: 'Windows' },
  { pattern: /Linux/i, os: 'Linux' },
  { pattern: /Solaris/i, os: 'Solaris' },
  { pattern: /AIX/i, os: 'AIX' },
  { pattern: /HP-?UX/i, os: 'HP-UX' },
];

/** 186647552 is 11.2.0.4.0; from version 18 on the parts have other widths. */
function versionOf(number: number): string {
  const major = number >>> 24;
  return major < 18
    ? [major, (number >>> 20) & 15, (number >>> 12) & 255, (number >>> 8) & 15, number & 255].join('.')
    : [major, (number >>> 16) & 255, (number >>> 12) & 15, (number >>> 4) & 255, number & 15].join('.');
}

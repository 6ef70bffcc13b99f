// RDP, the remote desktop of Windows, up to where it is encrypted: who is to log in, which protection the two ends agree
// on, the certificate of the server, and what the client says of its own computer where the old protection is used.
import type { CertificateValue } from '@interlock/model';
import { isGivenName } from '../../names.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import {
  frameTls,
  isTlsRecord,
  observeTls,
  readTls,
  TLS_KINDS,
  type TlsMessage,
  type TlsUpgrade,
} from '../tls/upgrade.ts';

/** Longest TPKT packet of the opening: lists of channels and monitors stay far below. */
const MAX_PACKET = 16_384;
/** Bytes in which the key of the GCC conference is looked for: it stands behind the domain parameters of MCS. */
const MAX_LEAD = 256;
/** Blocks of settings in one packet; the documents define fewer than twenty. */
const MAX_BLOCKS = 32;

interface Rdp {
  /** `mstshash` of the cookie: the first characters of the account, perhaps with its domain. */
  readonly account?: string;
  /** Protection that the server chose. */
  readonly security?: string;
  readonly clientName?: string;
  readonly clientBuild?: number;
  /** A login in clear: the account with its domain. */
  readonly login?: string;
  readonly tls?: TlsMessage;
}
const NOTHING: Rdp = {};

export const rdp = protocol({
  name: 'rdp',
  title: 'Remote Desktop Protocol',
  spec: 'MS-RDPBCGR sections 2.2.1.1 to 2.2.1.11; ITU-T X.224, T.125, T.124; MS-CSSP',
  depth: 'identity',
  on: { tcp: [3389] },
  tells: [
    'service.account',
    'rdp.security',
    'rdp.client-build',
    'device.hostname',
    'credential.cleartext',
    ...TLS_KINDS,
  ],
  open: (): TlsUpgrade => ({ tls: undefined }),

  firstBytes: [0x03],
  recognise(reader) {
    if (reader.peek16() !== 0x0300 || reader.peek(5) !== CONNECTION_REQUEST || reader.peek16(2) > MAX_PACKET)
      return false;
    const { cookie, request } = readConnection(reader) ?? {};
    return cookie !== undefined || request !== undefined;
  },

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    if (reader.peek() !== 3) return NOT_MINE;
    if (reader.left < 6) return NEED_MORE;
    const length = reader.peek16(2);
    if (reader.peek(1) !== 0 || length < 7 || length > MAX_PACKET || reader.peek(4) + 5 > length) return NOT_MINE;
    const type = reader.peek(5);
    return type === CONNECTION_REQUEST || type === CONNECTION_CONFIRM || type === DATA ? length : NOT_MINE;
  },

  read(reader, conversation): Rdp | undefined {
    if (isTlsRecord(reader, conversation.state)) {
      const tls = readTls(reader, conversation);
      return tls && { tls };
    }
    const type = reader.peek(5);
    if (type === CONNECTION_REQUEST || type === CONNECTION_CONFIRM) {
      const connection = readConnection(reader);
      return connection && factsOfConnection(connection, type);
    }
    if (type !== DATA) return undefined;
    reader.skip(7);
    if (reader.left <= 0) return undefined;
    const first = reader.peek();
    if (first === MCS_CONNECT) return readConference(reader);
    return first === MCS_SEND_REQUEST ? readLogin(reader) : NOTHING;
  },

  secrets: findPassword,

  observe({ account, security, clientName, clientBuild, login, tls }, say, conversation) {
    const { sender, server } = conversation;
    if (tls) {
      observeTls(tls, say, conversation);
      if (tls.certificate)
        say.fact(sender, 'device.hostname', hostOfCertificate(tls.certificate), 'certificate message');
      return;
    }
    if (account) say.fact(server, 'service.account', account, 'cookie');
    if (security) say.fact(server, 'rdp.security', security, 'negotiation');
    if (clientName && isGivenName(clientName)) say.fact(sender, 'device.hostname', clientName, 'client core data');
    if (clientBuild) say.fact(sender, 'rdp.client-build', clientBuild, 'client core data');
    if (login === undefined) return;
    const value = { what: 'RDP password', ...(login ? { account: login } : {}) };
    say.fact(server, 'credential.cleartext', value, 'client info packet');
    conversation.done();
  },
});

const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const DATA = 0xf0;
/** First byte of MCS connect initial and response (T.125 section 7), and of a send data request. */
const MCS_CONNECT = 0x7f;
const MCS_SEND_REQUEST = 0x64;

interface Connection {
  readonly cookie?: string;
  /** Protocols asked for, chosen, or the code of the failure. */
  readonly request?: number;
  readonly answer?: number;
  readonly failure?: number;
}

/** Connection request or confirm (2.2.1.1, 2.2.1.2): an optional cookie or routing token, an optional negotiation. */
function readConnection(reader: Reader): Connection | undefined {
  reader.skip(4);
  const header = reader.sub(reader.u8());
  header.skip(6);
  const text = header.ok && header.peek() === 0x43 ? header.text(header.left) : '';
  const line = /^Cookie: [^\r\n]{1,512}\r\n/.exec(text)?.[0] ?? '';
  const cookie = /^Cookie: mstshash=([^\r\n]{1,64})/.exec(line)?.[1];
  if (text !== '') header.seek(6 + line.length);
  let negotiation: Connection = {};
  if (header.left >= 8) {
    const type = header.u8();
    header.skip(1);
    const isWhole = header.u16le() === 8;
    const value = header.u32le();
    if (isWhole && type === 1) negotiation = { request: value };
    if (isWhole && type === 2) negotiation = { answer: value };
    if (isWhole && type === 3) negotiation = { failure: value };
  }
  return header.ok ? { ...(cookie === undefined ? {} : { cookie }), ...negotiation } : undefined;
}

function factsOfConnection({ cookie, answer, failure }: Connection, type: number): Rdp {
  if (type === CONNECTION_REQUEST) return cookie ? { account: cleanText(cookie, 64) } : NOTHING;
  if (failure !== undefined) return NOTHING;
  return { security: SECURITY[answer ?? 0] ?? `protocol ${answer}` };
}

/** GCC conference (2.2.1.3, 2.2.1.4): behind the key `Duca` or `McDn` a length, then blocks of settings. */
function readConference(reader: Reader): Rdp | undefined {
  const from = reader.offset;
  const head = reader.text(Math.min(reader.left, MAX_LEAD));
  const key = Math.max(head.indexOf('Duca'), head.indexOf('McDn'));
  if (key < 0) return NOTHING;
  reader.seek(from + key + 4);
  if ((reader.u8() & 0x80) !== 0) reader.skip(1);
  let clientName = '';
  let clientBuild = 0;
  let security = '';
  for (let i = 0; reader.left >= 4 && i < MAX_BLOCKS; i++) {
    const type = reader.u16le();
    const length = reader.u16le() - 4;
    const block = reader.sub(Math.min(Math.max(length, 0), reader.left));
    if (type === CLIENT_CORE) {
      block.skip(16);
      clientBuild = block.u32le();
      clientName = cleanText(block.text(32, 'utf16le'), 16);
      if (!block.ok) clientName = '';
    } else if (type === SERVER_SECURITY && block.u32le() === 0 && block.ok)
      security = 'standard RDP security without encryption';
  }
  return {
    ...(clientName ? { clientName } : {}),
    ...(clientBuild > 0 ? { clientBuild } : {}),
    ...(security ? { security } : {}),
  };
}
const CLIENT_CORE = 0xc001;
const SERVER_SECURITY = 0x0c02;

const INFO_PACKET = 0x0040;
const ENCRYPTED = 0x0008;
const UNICODE = 0x0010;

/** Goes behind the headers to the client info packet (2.2.1.11), where one is there in clear. */
function goToInfo(reader: Reader): boolean {
  reader.skip(6); // send data request: initiator, channel, priority
  if ((reader.u8() & 0x80) !== 0) reader.skip(1);
  const flags = reader.u16le();
  reader.skip(2);
  return reader.ok && (flags & INFO_PACKET) !== 0 && (flags & ENCRYPTED) === 0;
}

function readLogin(reader: Reader): Rdp {
  if (!goToInfo(reader)) return NOTHING;
  reader.skip(4); // code page
  const charset = (reader.u32le() & UNICODE) !== 0 ? 'utf16le' : 'latin1';
  const ending = charset === 'utf16le' ? 2 : 1;
  const domainLength = reader.u16le();
  const userLength = reader.u16le();
  const passwordLength = reader.u16le();
  reader.skip(4);
  const domain = cleanText(reader.text(domainLength, charset), 64);
  reader.skip(ending);
  const user = cleanText(reader.text(userLength, charset), 256);
  if (!reader.ok || passwordLength === 0) return NOTHING;
  return { login: domain && user ? `${domain}\\${user}` : user };
}

function findPassword(reader: Reader, _: Conversation<TlsUpgrade>): SecretRange[] {
  if (reader.peek(5) !== DATA || reader.peek(7) !== MCS_SEND_REQUEST) return [];
  const end = reader.left;
  reader.skip(7);
  // From the first text on: their lengths could be wrong.
  return goToInfo(reader) ? [{ from: Math.min(reader.offset + 18, end), to: end, what: 'RDP password' }] : [];
}

/** The certificate that Windows makes for itself names the computer and nothing else. */
function hostOfCertificate({ subject, issuer, selfSigned }: CertificateValue): string {
  const name = selfSigned && subject === issuer ? /^CN=([A-Za-z0-9][\w.-]{0,253})$/.exec(subject)?.[1] : undefined;
  return name && /[A-Za-z]/.test(name) && isGivenName(name) ? name : '';
}

/** Protocols of the negotiation (2.2.1.2.1). */
const SECURITY: Readonly<Record<number, string>> = {
  0: 'standard RDP security',
  1: 'TLS',
  2: 'CredSSP (network level authentication)',
  4: 'RDSTLS',
  8: 'CredSSP with early user authorization',
  16: 'Microsoft Entra ID',
};

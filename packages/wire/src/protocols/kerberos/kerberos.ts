// Kerberos between a computer and its domain: accounts of computers end with $ and so name the computer that asks, realm
// and services stand in clear, and so does how strongly tickets are encrypted. Keys and encrypted parts are not looked at.
import { BER, type BerElement, berInteger, berText, readBer, readBerIf, readBerLength } from '../../ber.ts';
import { isGivenName } from '../../names.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Longest message over TCP: tickets with the groups of an account have 65,535 bytes at most on Windows. */
const MAX_MESSAGE = 128 * 1024;
/** Parts of a principal, addresses of a request, encryption types offered. */
const MAX_ENTRIES = 32;

/** Messages by their application tag (RFC 4120 section 5.10). */
const TYPES: Readonly<Record<number, 'AS-REQ' | 'AS-REP' | 'TGS-REQ' | 'TGS-REP' | 'KRB-ERROR'>> = {
  106: 'AS-REQ',
  107: 'AS-REP',
  108: 'TGS-REQ',
  109: 'TGS-REP',
  126: 'KRB-ERROR',
};

interface Kerberos {
  readonly type: string;
  realm: string;
  /** Parts of the client's name and of the service's, joined by a slash. */
  client: string;
  service: string;
  /** Encryption type of the ticket; -1 where there is none. */
  encryption: number;
  netbiosName: string;
  addresses: string[];
}

export const kerberos = protocol({
  name: 'kerberos',
  title: 'Kerberos 5',
  spec: 'RFC 4120 sections 5.2 to 5.9 and 7.2',
  depth: 'identity',
  on: { udp: [88], tcp: [88] },
  tells: [
    'kerberos.realm',
    'kerberos.service',
    'kerberos.encryption',
    'service.account',
    'service.role',
    'device.hostname',
    'address.announced-ip',
  ],

  frame(reader) {
    if (reader.left < 5) return NEED_MORE;
    const length = reader.peek16() * 0x10000 + reader.peek16(2);
    return length >= 16 && length <= MAX_MESSAGE && TYPES[reader.peek(4)] ? 4 + length : NOT_MINE;
  },

  read(reader, { transport }): Kerberos | undefined {
    if (transport === 'tcp') reader.skip(4);
    const type = TYPES[reader.u8()];
    readBerLength(reader);
    const body = type && readBerIf(reader, BER.sequence);
    if (!type || !body) return undefined;
    return readMessage(type, body);
  },

  secrets(reader, { transport }) {
    if (transport === 'tcp') reader.skip(4);
    const found: SecretRange[] = [];
    findEncrypted(reader, reader.end, 0, found);
    return found;
  },

  observe({ type, realm, client, service, encryption, netbiosName, addresses }, say, conversation) {
    const { client: asker, server, fromClient } = conversation;
    const isComputer = client.endsWith('$');
    if (!fromClient) {
      say.fact(server, 'service.role', 'Kerberos key distribution center', type);
      say.fact(server, 'kerberos.realm', realm, type);
      if (encryption >= 0)
        say.fact(server, 'kerberos.encryption', ENCRYPTIONS[encryption] ?? `type ${encryption}`, type);
    }
    // A service ticket may be asked for in another's name (S4U); the computer's own is asked for by itself.
    if (type === 'AS-REQ' || type === 'AS-REP') {
      const host = isComputer ? client.slice(0, -1) : /^host\/([^/]+)$/.exec(client)?.[1];
      if (host !== undefined) {
        if (isGivenName(host)) say.fact(asker, 'device.hostname', host, `${type}, client name`);
        say.fact(asker, 'kerberos.realm', realm, type);
      } else say.fact(server, 'service.account', client, `${type}, client name`);
    }
    if (type === 'TGS-REQ' && !/^krbtgt(?:\/|$)/i.test(service))
      say.fact(asker, 'kerberos.service', service, 'TGS-REQ, server name');
    if (isGivenName(netbiosName)) say.fact(asker, 'device.hostname', netbiosName, `${type}, addresses`);
    for (const address of addresses) say.fact(asker, 'address.announced-ip', address, `${type}, addresses`);
  },
});

/** Elements within elements of a message; the deepest octets lie at nine. */
const MAX_DEPTH = 16;
const MAX_FOUND = 64;
/** Octets of an address have 16 at most. */
const MAX_ADDRESS = 16;

/**
 * Octets that are encrypted with keys made of passwords, from which passwords are guessed; also of a message that is cut
 * off, whose lengths go past its end.
 */
function findEncrypted(reader: Reader, end: number, depth: number, found: SecretRange[]): void {
  while (reader.left > 0 && reader.at < end && found.length < MAX_FOUND) {
    const tag = reader.u8();
    const length = readBerLength(reader);
    if (!reader.ok) return;
    const from = reader.offset;
    const stop = Math.min(reader.at + length, end);
    if ((tag & 0x20) !== 0 && depth < MAX_DEPTH) findEncrypted(reader, stop, depth + 1, found);
    else {
      const to = from + stop - reader.at;
      if (tag === BER.octetString && length > MAX_ADDRESS && to > from)
        found.push({ from, to, what: 'encrypted with the key of a password' });
      reader.skip(stop - reader.at);
    }
  }
}

function readMessage(type: Kerberos['type'], body: Reader): Kerberos {
  const message: Kerberos = {
    type,
    realm: '',
    client: '',
    service: '',
    encryption: -1,
    netbiosName: '',
    addresses: [],
  };
  const isRequest = type === 'AS-REQ' || type === 'TGS-REQ';
  const isError = type === 'KRB-ERROR';
  for (let i = 0; body.left > 0 && i < MAX_ENTRIES; i++) {
    const field = readBer(body);
    if (!field) break;
    const number = field.tag - 0xa0;
    if (isRequest) {
      if (number === 4) readRequest(field.body, message);
    } else if (isError) {
      if (number === 9) message.realm = textOf(field.body);
    } else if (number === 3) message.realm = textOf(field.body);
    else if (number === 4) message.client = nameOf(field.body);
    else if (number === 5) readTicket(field.body, message);
  }
  return message;
}

/** KDC-REQ-BODY (section 5.4.1). */
function readRequest(field: Reader, message: Kerberos): void {
  const body = readBerIf(field, BER.sequence);
  for (let i = 0; body && body.left > 0 && i < MAX_ENTRIES; i++) {
    const part = readBer(body);
    if (!part) break;
    const number = part.tag - 0xa0;
    if (number === 1) message.client = nameOf(part.body);
    else if (number === 2) message.realm = textOf(part.body);
    else if (number === 3) message.service = nameOf(part.body);
    else if (number === 9) readAddresses(part.body, message);
  }
}

/** HostAddresses (section 7.5.3): what the computer says its own addresses are. */
function readAddresses(field: Reader, message: Kerberos): void {
  const list = readBerIf(field, BER.sequence);
  for (let i = 0; list && list.left > 0 && i < MAX_ENTRIES; i++) {
    const entry = readBerIf(list, BER.sequence);
    if (!entry) break;
    const type = numberOf(readBerIf(entry, 0xa0));
    const address = readBerIf(entry, 0xa1);
    const value = address && readBerIf(address, BER.octetString);
    if (!value) continue;
    if (type === 2 && value.left === 4) message.addresses.push(value.ipv4());
    else if (type === 24 && value.left === 16) message.addresses.push(value.ipv6());
    else if (type === 20) message.netbiosName = cleanText(value.text(Math.min(value.left, 15)), 15);
  }
}

/** Ticket (section 5.3): which encryption the key of the service has. */
function readTicket(field: Reader, message: Kerberos): void {
  const body = readBerIf(readBerIf(field, 0x61) ?? field, BER.sequence);
  for (let i = 0; body && body.left > 0 && i < 4; i++) {
    const part = readBer(body);
    if (part?.tag === 0xa2) message.service = nameOf(part.body);
    if (part?.tag !== 0xa3) continue;
    const encrypted = readBerIf(part.body, BER.sequence);
    if (encrypted) message.encryption = numberOf(readBerIf(encrypted, 0xa0));
  }
}

/** PrincipalName: type, then its parts. */
function nameOf(field: Reader): string {
  const name = readBerIf(field, BER.sequence);
  if (!name) return '';
  readBerIf(name, 0xa0);
  const holder = readBerIf(name, 0xa1);
  const list = holder && readBerIf(holder, BER.sequence);
  const parts: string[] = [];
  for (let i = 0; list && list.left > 0 && i < MAX_ENTRIES; i++) parts.push(stringOf(readBer(list)));
  return cleanText(parts.join('/'), 255);
}

const textOf = (field: Reader): string => stringOf(readBer(field));
/** GeneralString, which holds UTF-8 in practice. */
const stringOf = (element: BerElement | undefined): string =>
  element ? berText({ tag: BER.utf8String, body: element.body }, 255) : '';

function numberOf(field: Reader | undefined): number {
  const body = field && readBerIf(field, BER.integer);
  return body && body.left <= 4 ? berInteger(body) : -1;
}

/** Encryption types (IANA "Kerberos Encryption Type Numbers"). */
const ENCRYPTIONS: Readonly<Record<number, string>> = {
  1: 'des-cbc-crc',
  3: 'des-cbc-md5',
  16: 'des3-cbc-sha1',
  17: 'aes128-cts-hmac-sha1-96',
  18: 'aes256-cts-hmac-sha1-96',
  19: 'aes128-cts-hmac-sha256-128',
  20: 'aes256-cts-hmac-sha384-192',
  23: 'rc4-hmac',
  24: 'rc4-hmac-exp',
};

// The two messages that open a TLS connection, and the fingerprints made of them: JA3 and JA3S (Salesforce, BSD) and JA4
// (FoxIO, BSD; its relatives such as JA4S are under a licence that is not permissive, and are not made). A fingerprint names the software that wrote the message, by the order and choice of what it offers.
import { md5Hex, sha256Hex } from '../../digest.ts';
import { cleanText, type Reader } from '../../reader.ts';

export interface ClientHello {
  readonly version: number;
  readonly serverName: string;
  readonly ja3: string;
  readonly ja4: string;
}
export interface ServerHello {
  readonly version: number;
  readonly cipher: number;
  readonly application: string;
  /** Asks for another client hello (RFC 8446 section 4.1.4). */
  readonly retry: boolean;
  readonly ja3s: string;
}

const EXTENSION = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  application: 16,
  versions: 43,
} as const;

/** First letter of JA4: what carries the connection. */
export type Carrier = 't' | 'd' | 'q';

/** Values that clients mix in to keep servers tolerant (RFC 8701); fingerprints leave them out. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

function readNumbers(reader: Reader, size: 1 | 2): number[] {
  const numbers: number[] = [];
  while (reader.left >= size) {
    const value = size === 1 ? reader.u8() : reader.u16();
    if (size === 1 || !isGrease(value)) numbers.push(value);
  }
  return numbers;
}

/**
 * Body of a client hello (RFC 8446 section 4.1.2, RFC 6347 for datagrams). Undefined where it ends before its cipher
 * suites; extensions that are cut off leave the fingerprints out, for half of them would name somebody else.
 */
export function readClientHello(reader: Reader, carrier: Carrier): ClientHello | undefined {
  const legacy = reader.u16();
  reader.skip(32);
  reader.skip(reader.u8());
  if (carrier === 'd') reader.skip(reader.u8());
  const ciphers = readNumbers(reader.sub(reader.u16()), 2);
  reader.skip(reader.u8());
  if (!reader.ok) return undefined;

  const extensions: number[] = [];
  let groups: number[] = [];
  let formats: number[] = [];
  let algorithms: number[] = [];
  let version = legacy;
  let serverName = '';
  let hasServerName = false;
  let application = '';
  const list = reader.left > 0 ? reader.sub(reader.u16()) : reader;
  while (list.left >= 4) {
    const type = list.u16();
    const body = list.sub(list.u16());
    if (isGrease(type)) continue;
    extensions.push(type);
    if (type === EXTENSION.serverName) {
      hasServerName = true;
      serverName = readServerName(body);
    } else if (type === EXTENSION.groups) groups = readNumbers(body.sub(body.u16()), 2);
    else if (type === EXTENSION.pointFormats) formats = readNumbers(body.sub(body.u8()), 1);
    else if (type === EXTENSION.signatureAlgorithms) algorithms = readNumbers(body.sub(body.u16()), 2);
    else if (type === EXTENSION.application) application = readApplication(body);
    else if (type === EXTENSION.versions) version = newest(readNumbers(body.sub(body.u8()), 2), version);
  }
  if (!list.ok || !reader.ok) return { version, serverName, ja3: '', ja4: '' };

  const ja3 = `${legacy},${ciphers.join('-')},${extensions.join('-')},${groups.join('-')},${formats.join('-')}`;
  const sorted = extensions.filter((type) => type !== EXTENSION.serverName && type !== EXTENSION.application);
  const shape = `${carrier}${versionCode(version)}${hasServerName ? 'd' : 'i'}${two(ciphers.length)}${two(extensions.length)}`;
  const extensionText = hexList(sorted).sort().join(',');
  const algorithmText = algorithms.length > 0 ? `_${hexList(algorithms).join(',')}` : '';
  const ja4 = [
    shape + applicationCode(application),
    ciphers.length > 0 ? short(hexList(ciphers).sort().join(',')) : NO_HASH,
    sorted.length > 0 ? short(extensionText + algorithmText) : NO_HASH,
  ].join('_');
  return { version, serverName, ja3: md5Hex(ja3), ja4 };
}

/** The random of a server hello that asks for another client hello starts with these bytes of SHA-256("HelloRetryRequest"). */
const RETRY_RANDOM = 'cf21ad74e59a6111';

/** Body of a server hello (RFC 8446 section 4.1.3). Undefined where it ends before its cipher suite. */
export function readServerHello(reader: Reader): ServerHello | undefined {
  const legacy = reader.u16();
  const retry = reader.hex(8) === RETRY_RANDOM;
  reader.skip(24);
  reader.skip(reader.u8());
  const cipher = reader.u16();
  reader.skip(1);
  if (!reader.ok) return undefined;

  const extensions: number[] = [];
  let version = legacy;
  let application = '';
  const list = reader.left > 0 ? reader.sub(reader.u16()) : reader;
  while (list.left >= 4) {
    const type = list.u16();
    const body = list.sub(list.u16());
    extensions.push(type);
    if (type === EXTENSION.versions) version = body.u16();
    else if (type === EXTENSION.application) application = readApplication(body);
  }
  if (!list.ok || !reader.ok) return { version, cipher, application, retry, ja3s: '' };

  return { version, cipher, application, retry, ja3s: md5Hex(`${legacy},${cipher},${extensions.join('-')}`) };
}

/** Server name extension (RFC 6066 section 3): the first host name. */
function readServerName(body: Reader): string {
  const list = body.sub(body.u16());
  if (list.u8() !== 0) return '';
  return cleanText(list.text(list.u16()), 255);
}

/** The first name of an application protocol list (RFC 7301). */
function readApplication(body: Reader): string {
  const list = body.sub(body.u16());
  return list.text(list.u8());
}

/** The highest version; those of DTLS count downwards. */
function newest(versions: readonly number[], otherwise: number): number {
  const [first] = versions;
  if (first === undefined) return otherwise;
  return versions.reduce((best, version) => (version > best === version < 0xfe00 ? version : best), first);
}

const NO_HASH = '000000000000';
const short = (text: string): string => sha256Hex(text).slice(0, 12);
const two = (count: number): string => String(Math.min(count, 99)).padStart(2, '0');
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
const hexList = (values: readonly number[]): string[] => values.map(hex4);

/** First and last character; of names that do not start and end with letters or digits, of their hex form. */
function applicationCode(name: string): string {
  if (name === '') return '00';
  const [first, last] = [name.charCodeAt(0), name.charCodeAt(name.length - 1)];
  const isPlain = (code: number) => /[0-9A-Za-z]/.test(String.fromCharCode(code));
  if (isPlain(first) && isPlain(last)) return String.fromCharCode(first, last);
  return `${(first >> 4).toString(16)}${(last & 15).toString(16)}`;
}

const versionCode = (version: number): string => VERSIONS[version]?.[1] ?? '00';
/** `TLS 1.2`; a number that is no version is shown as it is. */
export const versionName = (version: number): string => VERSIONS[version]?.[0] ?? `unknown 0x${hex4(version)}`;

const VERSIONS: Record<number, readonly [string, string]> = {
  2: ['SSL 2.0', 's2'],
  768: ['SSL 3.0', 's3'],
  769: ['TLS 1.0', '10'],
  770: ['TLS 1.1', '11'],
  771: ['TLS 1.2', '12'],
  772: ['TLS 1.3', '13'],
  65279: ['DTLS 1.0', 'd1'],
  65277: ['DTLS 1.2', 'd2'],
  65276: ['DTLS 1.3', 'd3'],
};

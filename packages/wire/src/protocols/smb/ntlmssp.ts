// NTLM's three messages (MS-NLMP), which SMB, HTTP, RDP and others carry: in clear they name the computers at both ends,
// their domains and their Windows builds. Keys and answers to challenges are not looked at.
import { isGivenName } from '../../names.ts';
import { cleanText, decodeText, Reader } from '../../reader.ts';

export interface Ntlmssp {
  readonly type: 'negotiate' | 'challenge' | 'authenticate';
  /** Names of the computer that sent it: NetBIOS, and DNS where it tells it. */
  readonly names: readonly string[];
  /** Of the sender's NetBIOS domain or workgroup, and of its DNS domain; empty where it is its own. */
  readonly domain: string;
  readonly dnsDomain: string;
  /** `10.0.19041`; empty where it is none of a Windows. */
  readonly build: string;
  /** Logged in without a name: a null session. */
  readonly anonymous: boolean;
}

const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00];
/** How far into a security token the message may start: behind the header of SPNEGO and its list of mechanisms. */
const MAX_LEAD = 512;
/** Names in a challenge; Windows sends six. */
const MAX_PAIRS = 32;

const FLAG_UNICODE = 0x00000001;
const FLAG_VERSION = 0x02000000;

/** Finds and reads the NTLM message in a security token, bare or wrapped in SPNEGO (RFC 4178). Undefined where there is none. */
export function readNtlmssp(token: Uint8Array): Ntlmssp | undefined {
  const last = Math.min(token.length - 12, MAX_LEAD);
  let at = 0;
  while (at <= last && !SIGNATURE.every((byte, i) => token[at + i] === byte)) at++;
  if (at > last) return undefined;
  const reader = new Reader(new DataView(token.buffer, token.byteOffset, token.length), at, token.length);
  reader.skip(8);
  const type = reader.u32le();
  if (type === 1) return readNegotiate(reader);
  if (type === 2) return readChallenge(reader);
  return type === 3 ? readAuthenticate(reader) : undefined;
}

/** Length, room and offset of a field (section 2.2.1); its contents are read from there, and the reader stays. */
function readField(reader: Reader): Uint8Array {
  const length = reader.u16le();
  reader.skip(2);
  const at = reader.start + reader.u32le();
  if (!reader.ok || length === 0 || at + length > reader.end) return new Uint8Array(0);
  return new Uint8Array(reader.view.buffer, reader.view.byteOffset + at, length);
}

const nameText = (bytes: Uint8Array, unicode: boolean): string =>
  cleanText(decodeText(bytes, unicode ? 'utf16le' : 'latin1'), 255);

/** Version structure (2.2.2.10); systems that are no Windows send zeros or a version without a build. */
function readBuild(reader: Reader, flags: number): string {
  if ((flags & FLAG_VERSION) === 0) return '';
  const major = reader.u8();
  const minor = reader.u8();
  const build = reader.u16le();
  return reader.ok && major >= 4 && major <= 10 && build > 0 ? `${major}.${minor}.${build}` : '';
}

function readNegotiate(reader: Reader): Ntlmssp | undefined {
  const flags = reader.u32le();
  if (!reader.ok) return undefined;
  readField(reader);
  const workstation = nameText(readField(reader), false);
  const names = isGivenName(workstation) ? [workstation] : [];
  return { type: 'negotiate', names, domain: '', dnsDomain: '', build: readBuild(reader, flags), anonymous: false };
}

function readChallenge(reader: Reader): Ntlmssp | undefined {
  readField(reader);
  const flags = reader.u32le();
  reader.skip(16);
  if (!reader.ok) return undefined;
  const info = readField(reader);
  const build = readBuild(reader, flags);
  const pairs = new Reader(new DataView(info.buffer, info.byteOffset, info.length), 0, info.length);
  const values: string[] = [];
  for (let i = 0; pairs.left >= 4 && i < MAX_PAIRS; i++) {
    const id = pairs.u16le();
    const value = pairs.bytes(pairs.u16le());
    if (id === 0) break;
    if (id <= PAIR.dnsDomain && pairs.ok) values[id] = nameText(value, true);
  }
  const computer = values[PAIR.computer] ?? '';
  const dnsComputer = values[PAIR.dnsComputer] ?? '';
  const domain = values[PAIR.domain] ?? '';
  const dnsDomain = values[PAIR.dnsDomain] ?? '';
  const names = [computer, ...(sameText(dnsComputer, computer) ? [] : [dnsComputer])].filter(isGivenName);
  return {
    type: 'challenge',
    names,
    domain: sameText(domain, computer) ? '' : domain,
    dnsDomain: sameText(dnsDomain, dnsComputer) || sameText(dnsDomain, computer) ? '' : dnsDomain,
    build,
    anonymous: false,
  };
}

function readAuthenticate(reader: Reader): Ntlmssp | undefined {
  const lanManager = readField(reader);
  const answer = readField(reader);
  readField(reader);
  const user = readField(reader);
  const workstation = readField(reader);
  readField(reader);
  if (!reader.ok) return undefined;
  const flags = reader.u32le();
  const name = nameText(workstation, (flags & FLAG_UNICODE) !== 0);
  return {
    type: 'authenticate',
    names: isGivenName(name) ? [name] : [],
    domain: '',
    dnsDomain: '',
    build: readBuild(reader, flags),
    anonymous: user.length === 0 && answer.length === 0 && lanManager.length <= 1,
  };
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Identifiers of attribute value pairs (2.2.2.1). */
const PAIR = { computer: 1, domain: 2, dnsComputer: 3, dnsDomain: 4 } as const;

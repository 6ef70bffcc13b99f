// Initial packets of QUIC (RFC 9000, RFC 9001, RFC 9369). They are encrypted with keys that everybody can compute from a
// number in the first of them, which keeps middleboxes honest and hides nothing: the hello in them is as open as in TLS.
import { ctr, ecb } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Reader } from '../../reader.ts';

/** Connection identifiers of these versions have at most this many bytes (RFC 9000 section 17.2). */
const MAX_ID = 20;
/** A client's first identifier for the server has at least this many (section 7.2). */
export const MIN_FIRST_ID = 8;
/** Frames in one packet, and pieces of a hello; browsers cut theirs into a dozen on purpose. */
const MAX_FRAMES = 64;

/** What differs between versions: the type bits of an Initial, the salt, the first part of labels. */
interface Version {
  readonly initialType: number;
  readonly salt: string;
  readonly label: string;
}
const VERSIONS: Record<number, Version> = {
  1: { initialType: 0, salt: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a', label: 'quic' },
  1798521807: { initialType: 1, salt: '0dede3def700a6db819381be6e269dcbf9bd2ed9', label: 'quicv2' },
  // Draft 29 was deployed for years.
  4278190109: { initialType: 0, salt: 'afbfec289993d24c9e9786f19c6111e04390a899', label: 'quic' },
};

export interface InitialHeader {
  readonly version: number;
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  /** First byte of the packet, and place and end of its protected part, in the reader's view. */
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

/** Keys of one direction (RFC 9001 section 5.1). */
export interface Keys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

/** A piece of the handshake, where it belongs in it. */
export interface CryptoPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Header of a packet with a long header (RFC 9000 section 17.2). The reader moves behind the packet. Undefined for
 * packets of other types and versions.
 */
export function readInitialHeader(reader: Reader): InitialHeader | undefined {
  const start = reader.at;
  const first = reader.u8();
  const number = reader.u32();
  const version = VERSIONS[number];
  if ((first & 0xc0) !== 0xc0 || !version || ((first >> 4) & 3) !== version.initialType) return undefined;
  const destination = readId(reader);
  const source = readId(reader);
  reader.skip(readVariable(reader));
  const length = readVariable(reader);
  const at = reader.at;
  reader.skip(length);
  if (!reader.ok || length < 20) return undefined;
  return { version: number, destination, source, start, at, end: at + length };
}

function readId(reader: Reader): Uint8Array {
  const length = reader.u8();
  if (length > MAX_ID) reader.ok = false;
  return reader.bytes(length);
}

/** Variable-length integer (RFC 9000 section 16); lengths above 2^30 do not occur in a datagram. */
function readVariable(reader: Reader): number {
  const first = reader.u8();
  const size = first >> 6;
  if (size === 0) return first & 0x3f;
  if (size === 1) return ((first & 0x3f) << 8) | reader.u8();
  if (size === 2) return ((first & 0x3f) << 24) | reader.u24();
  reader.ok = false;
  return 0;
}

/** Keys of client and server from the client's first destination identifier (RFC 9001 section 5.2). */
export function deriveKeys(version: number, firstId: Uint8Array): readonly [Keys, Keys] | undefined {
  const details = VERSIONS[version];
  if (!details) return undefined;
  const secret = extract(sha256, firstId, fromHex(details.salt));
  const keysOf = (label: string): Keys => {
    const own = expandLabel(secret, label, 32);
    return {
      key: expandLabel(own, `${details.label} key`, 16),
      iv: expandLabel(own, `${details.label} iv`, 12),
      headerProtection: expandLabel(own, `${details.label} hp`, 16),
    };
  };
  return [keysOf('client in'), keysOf('server in')];
}

/** HKDF-Expand-Label (RFC 8446 section 7.1) without a context. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = `tls13 ${label}`;
  const info = new Uint8Array(4 + name.length);
  info[1] = length;
  info[2] = name.length;
  for (let i = 0; i < name.length; i++) info[3 + i] = name.charCodeAt(i);
  return expand(sha256, secret, info, length);
}

const fromHex = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));

/**
 * Removes the protection of an Initial packet (RFC 9001 sections 5.3 and 5.4) and gives the pieces of the handshake in
 * it. The tag at its end is not checked: a wrong key gives bytes that are no frames, which gives no pieces.
 */
export function openInitial(view: DataView, header: InitialHeader, keys: Keys): CryptoPiece[] {
  const { start, at, end } = header;
  const packet = new Uint8Array(view.buffer, view.byteOffset + start, end - start);
  const numberAt = at - start;
  const mask = ecb(keys.headerProtection, { disablePadding: true }).encrypt(packet.slice(numberAt + 4, numberAt + 20));
  const numberLength = (((packet[0] ?? 0) ^ (mask[0] ?? 0)) & 3) + 1;
  // The counter of GCM starts at 2 behind the nonce (NIST SP 800-38D section 7.1); the nonce holds the packet number.
  const counter = new Uint8Array(16);
  counter.set(keys.iv);
  counter[15] = 2;
  for (let i = 0; i < numberLength; i++) {
    const place = 12 - numberLength + i;
    counter[place] = (counter[place] ?? 0) ^ (packet[numberAt + i] ?? 0) ^ (mask[1 + i] ?? 0);
  }
  const protectedPart = packet.slice(numberAt + numberLength, -16);
  return readFrames(ctr(keys.key, counter).encrypt(protectedPart));
}

const FRAME = { padding: 0, ping: 1, ack: 2, ackWithCounts: 3, crypto: 6, close: 0x1c } as const;

/** Frames that an Initial may hold (RFC 9000 section 17.2.2). None where they do not fit: the key was another. */
function readFrames(bytes: Uint8Array): CryptoPiece[] {
  const reader = new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  const pieces: CryptoPiece[] = [];
  let frames = 0;
  while (reader.left > 0) {
    const type = reader.u8();
    if (type === FRAME.padding) continue;
    if (++frames > MAX_FRAMES) return [];
    if (type === FRAME.crypto) {
      const offset = readVariable(reader);
      pieces.push({ offset, bytes: reader.bytes(readVariable(reader)) });
    } else if (type === FRAME.ack || type === FRAME.ackWithCounts) {
      readVariable(reader);
      readVariable(reader);
      const ranges = Math.min(readVariable(reader), MAX_FRAMES);
      readVariable(reader);
      for (let i = 0; i < 2 * ranges; i++) readVariable(reader);
      if (type === FRAME.ackWithCounts) for (let i = 0; i < 3; i++) readVariable(reader);
    } else if (type === FRAME.close) return reader.ok ? pieces : [];
    else if (type !== FRAME.ping) return [];
  }
  return reader.ok ? pieces : [];
}

// What of a frame is not shown: secrets that its protocols and its text hold, and, where a protocol is known to carry
// secrets, everything that was not read as one of its messages. Hidden bytes become asterisks before anybody gets them.
import type { ExplainedLayer } from './explain-headers.ts';
import { KIND_TCP } from './packet/packets.ts';
import type { AnyProtocol } from './protocol.ts';
import { findTextSecrets, type SecretRange } from './secrets.ts';

/** Bytes of a frame that were replaced. */
export interface MaskedRange {
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
  /** What they are: "HTTP basic password". */
  readonly what: string;
}

/** A message as it lies in a frame. */
export interface ReadRange {
  /** Where its first byte is, or would be if the frame began earlier; NaN where it cannot be told. */
  readonly at: number;
  readonly length: number;
  readonly secrets: readonly SecretRange[];
}

/** Hidden bytes are replaced by this: an asterisk. */
const HIDDEN = 0x2a;
const NOT_READ = 'not read, and may hold a password';
const FRAGMENT = 'piece of a packet, and may hold a password';
const QUOTED = 'quoted packet, and may hold a password';

/**
 * Server ports of protocols that carry passwords in clear and are not read here. Their payload is shown only where it was
 * recognised as something else: NNTP.
 */
const TCP_PORTS = new Set([119]);
/** Password Authentication Protocol (RFC 1334 section 2). */
const PPP_PAP = '0xc023';

/** Whether what was not read of a flow's payload may hold a secret. `ports`: as in `PacketEnds`. */
export function mayCarrySecrets(protocols: readonly AnyProtocol[], kind: number, ports: number): boolean {
  if (protocols.length > 0) return protocols.some(({ secrets }) => secrets !== undefined);
  return kind === KIND_TCP && (TCP_PORTS.has(ports >>> 16) || TCP_PORTS.has(ports & 0xffff));
}

/** Which bytes of a frame are to be hidden, ascending. `isSuspect`: what was not read may hold a secret. */
export function findMasked(
  bytes: Uint8Array,
  headers: readonly ExplainedLayer[],
  reads: readonly ReadRange[],
  isSuspect: boolean,
): MaskedRange[] {
  const payloadAt = headers.at(-1)?.end ?? 0;
  const names = [''];
  const painted = new Uint16Array(bytes.length);
  const paint = (from: number, to: number, what: string) => {
    if (Number.isNaN(from)) return;
    let name = names.indexOf(what);
    if (name < 0) name = names.push(what) - 1;
    painted.fill(name, Math.max(from, payloadAt), Math.max(to, payloadAt));
  };
  if (isSuspect || isUnreadProtocol(headers)) paint(payloadAt, bytes.length, NOT_READ);
  for (const { at, length } of reads) paint(at, at + length, '');
  paint(quoteEnd(bytes, headers), bytes.length, QUOTED);
  if (headers.some(isFragment)) paint(payloadAt, bytes.length, FRAGMENT);
  for (const { from, to, what } of findTextSecrets(bytes.subarray(payloadAt)))
    paint(payloadAt + from, payloadAt + to, what);
  for (const { at, secrets } of reads) for (const { from, to, what } of secrets) paint(at + from, at + to, what);

  const found: MaskedRange[] = [];
  for (let start = payloadAt; start < painted.length; ) {
    const name = painted[start] ?? 0;
    let end = start + 1;
    while (end < painted.length && painted[end] === name) end++;
    const what = names[name] ?? '';
    // Zeros that fill a short frame are nothing to hide.
    const isFilling = what === NOT_READ && bytes.subarray(start, end).every((byte) => byte === 0);
    if (what !== '' && !isFilling) found.push({ start, end, what });
    start = end;
  }
  return found;
}

/** Replaces what is hidden, in the bytes themselves and in the values that were read from them. */
export function hideMasked(
  bytes: Uint8Array,
  layers: readonly ExplainedLayer[],
  masked: readonly MaskedRange[],
): ExplainedLayer[] {
  for (const { start, end } of masked) bytes.fill(HIDDEN, start, end);
  return layers.map((layer) => ({
    ...layer,
    fields: layer.fields.map((field) => {
      const hides = field.elsewhere
        ? undefined
        : masked.find(({ start, end }) => start < field.end && end > field.start);
      return hides ? { ...field, value: hiddenValue(hides.what) } : field;
    }),
  }));
}

/** What stands in place of a value that is not shown. */
export const hiddenValue = (what: string): string => `hidden: ${what}`;

function isUnreadProtocol(headers: readonly ExplainedLayer[]): boolean {
  const last = headers.at(-1);
  return last?.name === 'ppp' && fieldOf(last, 'Protocol') === PPP_PAP;
}

function isFragment(layer: ExplainedLayer): boolean {
  const offset = fieldOf(layer, layer.name === 'ipv4' ? 'Flags and fragment offset' : 'Offset and flags');
  return offset.includes('more fragments') || /offset [1-9]/.test(offset);
}

const fieldOf = (layer: ExplainedLayer | undefined, name: string): string =>
  layer?.fields.find((field) => field.name === name)?.value ?? '';

/**
 * Errors of ICMP quote the packet they are about: behind four bytes, its header and the first eight of its payload.
 * Neighbour discovery quotes in one of its options, and begins with numbers that look like the header of a packet.
 */
function quoteEnd(bytes: Uint8Array, headers: readonly ExplainedLayer[]): number {
  const last = headers.at(-1);
  if (last?.name !== 'icmp') return Number.NaN;
  const type = bytes[last.start] ?? 0;
  if (last.title === 'ICMPv6' && type >= FIRST_DISCOVERY) return redirectedEnd(bytes, last.end, type);
  const first = bytes[last.end + 4] ?? 0;
  if (first >> 4 !== 4 && first >> 4 !== 6) return Number.NaN;
  return last.end + 4 + (first >> 4 === 6 ? 40 : (first & 15) * 4) + 8;
}
/** The first type of ICMPv6 that is neither an error nor an echo (RFC 4443 section 2.1). */
const FIRST_DISCOVERY = 130;
const REDIRECT = 137;
const REDIRECTED_HEADER = 4;

/** Where a packet begins that a redirect quotes (RFC 4861 section 4.5): options stand behind 36 bytes. */
function redirectedEnd(bytes: Uint8Array, messageAt: number, type: number): number {
  if (type !== REDIRECT) return Number.NaN;
  let at = messageAt + 36;
  while (at < bytes.length && bytes[at] !== REDIRECTED_HEADER && (bytes[at + 1] ?? 0) > 0)
    at += 8 * (bytes[at + 1] ?? 0);
  return at < bytes.length ? at + 2 : Number.NaN;
}

// The sticky reader: messages are read in a straight line, one check of `ok` at the end. A read past the end gives 0 or
// an empty text, sets `ok` to false and moves nothing; nothing here throws. Above the flow table only: headers of
// packets are read by `packet/`, which is ten times hotter.

/** Reads one message may cost before it is taken for hostile: a valid message of 64 KiB needs no more than one per byte. */
export const MAX_READS = 200_000;

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');
const utf16le = new TextDecoder('utf-16le');
const utf16be = new TextDecoder('utf-16be');
const DECODERS = { latin1, utf8, utf16le, utf16be };
export type Charset = keyof typeof DECODERS;

/** Decodes bytes as they are, control characters and all. Bytes that are no text become U+FFFD. */
export const decodeText = (bytes: Uint8Array, charset: Charset): string => DECODERS[charset].decode(bytes);

/** What one read took from where; positions count from the start of the outermost message. */
export interface ReadTrace {
  readonly start: number;
  readonly end: number;
  readonly value: number | bigint | string | Uint8Array;
}

export class Reader {
  view: DataView;
  /** Next byte to be read, and end of the message, as positions in `view`. */
  at: number;
  end: number;
  /** Where the message starts in `view`. */
  start: number;
  ok = true;
  reads = 0;
  /** Set by whoever explains a frame; every read is then recorded. */
  trace: ReadTrace[] | undefined = undefined;
  /** Where the outermost message starts: `start` of the reader that `sub` was asked of. Traces count from here. */
  #origin: number;

  constructor(view: DataView, at: number, end: number) {
    this.view = view;
    this.at = at;
    this.end = end;
    this.start = at;
    this.#origin = at;
  }

  /** Sets the reader onto another message. `end` must lie within `view`. */
  reset(view: DataView, at: number, end: number): this {
    this.view = view;
    this.at = at;
    this.end = end;
    this.start = at;
    this.#origin = at;
    this.ok = true;
    this.reads = 0;
    return this;
  }

  /** Bytes left; 0 after a failed read, so that loops on `left` end. */
  get left(): number {
    return this.ok ? this.end - this.at : 0;
  }
  /** Bytes read so far. */
  get offset(): number {
    return this.at - this.start;
  }

  /** Position of the next `n` bytes, or -1 (and `ok` false) where there are not as many. */
  #take(n: number): number {
    const at = this.at;
    if (!this.ok || n < 0 || at + n > this.end || ++this.reads > MAX_READS) {
      this.ok = false;
      return -1;
    }
    this.at = at + n;
    return at;
  }
  #traced<T extends number | bigint | string | Uint8Array>(at: number, value: T): T {
    this.trace?.push({ start: at - this.#origin, end: this.at - this.#origin, value });
    return value;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getUint8(at)) : this.view.getUint8(at);
  }
  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getUint16(at)) : this.view.getUint16(at);
  }
  u24(): number {
    const at = this.#take(3);
    if (at < 0) return 0;
    const value = (this.view.getUint16(at) << 8) | this.view.getUint8(at + 2);
    return this.trace ? this.#traced(at, value) : value;
  }
  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getUint32(at)) : this.view.getUint32(at);
  }
  i32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getInt32(at)) : this.view.getInt32(at);
  }
  u64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#traced(at, this.view.getBigUint64(at));
  }
  f32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#traced(at, this.view.getFloat32(at));
  }
  u16le(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getUint16(at, true)) : this.view.getUint16(at, true);
  }
  u32le(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.trace ? this.#traced(at, this.view.getUint32(at, true)) : this.view.getUint32(at, true);
  }
  u64le(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#traced(at, this.view.getBigUint64(at, true));
  }

  /** The byte `ahead` of the next one without moving; -1 past the end, `ok` untouched. */
  peek(ahead = 0): number {
    const at = this.at + ahead;
    return this.ok && at >= this.at && at < this.end ? this.view.getUint8(at) : -1;
  }
  /** Two bytes, big endian, without moving; -1 past the end. */
  peek16(ahead = 0): number {
    const at = this.at + ahead;
    return this.ok && at >= this.at && at + 2 <= this.end ? this.view.getUint16(at) : -1;
  }
  skip(n: number): void {
    this.#take(n);
  }
  /** Goes to an offset from the start of the message, forwards or back. */
  seek(offset: number): void {
    const at = this.start + offset;
    if (offset < 0 || at > this.end || ++this.reads > MAX_READS) this.ok = false;
    else if (this.ok) this.at = at;
  }

  /** The next `n` bytes, not copied: valid until the engine goes on. Keep a `slice()` of it to keep it. */
  bytes(n: number): Uint8Array {
    const at = this.#take(n);
    if (at < 0) return new Uint8Array(0);
    const value = new Uint8Array(this.view.buffer, this.view.byteOffset + at, n);
    return this.trace ? this.#traced(at, value) : value;
  }
  /** `n` bytes as text, as they are: control characters are left in, for `cleanText` to take out of what becomes a fact. */
  text(n: number, charset: Charset = 'latin1'): string {
    const at = this.#take(n);
    if (at < 0) return '';
    const value = DECODERS[charset].decode(new Uint8Array(this.view.buffer, this.view.byteOffset + at, n));
    return this.trace ? this.#traced(at, value) : value;
  }
  /** Text up to and without a 0 byte, at most `max` bytes; the 0 is taken too. Fails where there is none within `max`. */
  textz(max: number, charset: Charset = 'latin1'): string {
    const limit = Math.min(this.end, this.at + max + 1);
    for (let at = this.at; this.ok && at < limit; at++) {
      if (this.view.getUint8(at) !== 0) continue;
      const value = this.text(at - this.at, charset);
      this.at = at + 1;
      return value;
    }
    this.ok = false;
    return '';
  }
  /** Six bytes as a MAC address. */
  mac(): string {
    if (this.trace) return hexPairs(this.bytes(6), ':');
    const at = this.#take(6);
    return at < 0 ? '' : macText(this.view.getUint16(at), this.view.getUint32(at + 2));
  }
  /** Four bytes as a dotted IPv4 address. */
  ipv4(): string {
    if (this.trace) return this.bytes(4).join('.');
    const at = this.#take(4);
    return at < 0 ? '' : ipv4Text(this.view.getUint32(at));
  }
  ipv6(): string {
    const b = this.bytes(16);
    return b.length === 16 ? formatIpv6(b) : '';
  }
  hex(n: number): string {
    return hexPairs(this.bytes(n), '');
  }
  /** A reader on the next `n` bytes alone; this one moves past them. Where there are fewer, both have `ok` false. */
  sub(n: number): Reader {
    const at = this.#take(n);
    const inner = new Reader(this.view, at < 0 ? this.end : at, at < 0 ? this.end : at + n);
    inner.ok = at >= 0;
    inner.reads = this.reads;
    if (this.trace) inner.trace = this.trace;
    inner.start = at < 0 ? this.end : at;
    inner.#origin = this.#origin;
    return inner;
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
/** Bytes as two-digit hex, joined by `separator`. */
export function hexPairs(bytes: Uint8Array, separator: string): string {
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += (i > 0 ? separator : '') + HEX[bytes[i] as number];
  return out;
}

/** Texts of addresses kept: a network has thousands, and each is met again and again. */
const MAX_KEPT_TEXTS = 10_000;
const macTexts = new Map<number, string>();
const ipv4Texts = new Map<number, string>();

/** A MAC address by its upper 16 and lower 32 bits. */
export function macText(upper: number, lower: number): string {
  const number = upper * 0x1_0000_0000 + lower;
  const known = macTexts.get(number);
  if (known !== undefined) return known;
  const bytes = [upper >> 8, upper & 255, lower >>> 24, (lower >> 16) & 255, (lower >> 8) & 255, lower & 255];
  return keepText(macTexts, number, bytes.map((byte) => HEX[byte]).join(':'));
}

/** A dotted IPv4 address by its 32 bits. */
export function ipv4Text(word: number): string {
  const known = ipv4Texts.get(word);
  if (known !== undefined) return known;
  return keepText(ipv4Texts, word, `${word >>> 24}.${(word >> 16) & 255}.${(word >> 8) & 255}.${word & 255}`);
}

function keepText(texts: Map<number, string>, number: number, text: string): string {
  if (texts.size >= MAX_KEPT_TEXTS) texts.clear();
  texts.set(number, text);
  return text;
}

/** Sixteen bytes in the form of RFC 5952: lower case, the longest run of zero groups (two or more) shortened. */
export function formatIpv6(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) [bestAt, bestLength] = [i, length];
  }
  const hex = (part: number[]) => part.map((g) => g.toString(16)).join(':');
  return bestAt < 0 ? hex(groups) : `${hex(groups.slice(0, bestAt))}::${hex(groups.slice(bestAt + bestLength))}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const NOT_TEXT = /[\u0000-\u001f\u007f\ufffd]+/g;

/** Text fit to be a fact: cut at the first NUL, control characters to spaces, trimmed, at most `max` characters. */
export function cleanText(raw: string, max = 512): string {
  const nul = raw.indexOf('\0');
  const text = nul < 0 ? raw : raw.slice(0, nul);
  return text.replace(NOT_TEXT, ' ').trim().slice(0, max);
}

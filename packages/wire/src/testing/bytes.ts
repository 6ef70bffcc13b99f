// Bytes written by hand, field by field, for golden captures and tests. Mistakes of the writer (odd hex digits, a value
// that does not fit its field) throw here: this is never fed with anything from outside.

/** Bytes of hex digits; spaces and line breaks are for the reader: `hex('00 01  00 00')`. */
export function hex(digits: string): Uint8Array {
  const plain = digits.replace(/[\s:]+/g, '');
  if (plain.length % 2 !== 0 || /[^0-9a-f]/i.test(plain)) throw new Error(`no hex bytes: ${digits}`);
  return Uint8Array.from({ length: plain.length / 2 }, (_, i) => Number.parseInt(plain.slice(2 * i, 2 * i + 2), 16));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** What takes bytes also takes a writer that is not built yet. */
export type Bytes = Uint8Array | ByteWriter;
export const bytesOf = (from: Bytes): Uint8Array => (from instanceof ByteWriter ? from.build() : from);

/** A fresh writer: `write().u8(1).u16(502).text('PLC').build()`. */
export const write = (): ByteWriter => new ByteWriter();

/** Writes one field after the other; big endian unless the name ends in `le`. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  #room(n: number): number {
    const at = this.#length;
    this.#length += n;
    if (this.#length > this.#bytes.length) {
      const more = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      more.set(this.#bytes);
      this.#bytes = more;
    }
    return at;
  }
  #number(value: number | bigint, size: number, littleEndian: boolean): this {
    const bits = 8n * BigInt(size);
    const whole = BigInt(value);
    if (whole >= 1n << bits || whole < -(1n << (bits - 1n))) throw new Error(`${value} does not fit ${size} bytes`);
    const at = this.#room(size);
    for (let i = 0; i < size; i++) {
      const shift = 8n * BigInt(littleEndian ? i : size - 1 - i);
      this.#bytes[at + i] = Number((whole >> shift) & 0xffn);
    }
    return this;
  }

  get length(): number {
    return this.#length;
  }
  u8(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 1, false);
    return this;
  }
  u16(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 2, false);
    return this;
  }
  u24(value: number): this {
    return this.#number(value, 3, false);
  }
  u32(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 4, false);
    return this;
  }
  u64(value: number | bigint): this {
    return this.#number(value, 8, false);
  }
  u16le(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 2, true);
    return this;
  }
  u32le(...values: readonly number[]): this {
    for (const value of values) this.#number(value, 4, true);
    return this;
  }
  u64le(value: number | bigint): this {
    return this.#number(value, 8, true);
  }
  f32(value: number): this {
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, value);
    return this.u32(bits.getUint32(0));
  }

  bytes(...parts: readonly Bytes[]): this {
    for (const part of parts) {
      const bytes = bytesOf(part);
      const at = this.#room(bytes.length);
      this.#bytes.set(bytes, at);
    }
    return this;
  }
  hex(digits: string): this {
    return this.bytes(hex(digits));
  }
  /** UTF-8; the same as ASCII for plain texts. With `size`, cut or filled up to that many bytes with `fill`. */
  text(text: string, size?: number, fill = 0): this {
    const bytes = new TextEncoder().encode(text);
    if (size === undefined) return this.bytes(bytes);
    const field = new Uint8Array(size).fill(fill);
    field.set(bytes.subarray(0, size));
    return this.bytes(field);
  }
  /** Text and a 0 byte. */
  textz(text: string): this {
    return this.text(text).u8(0);
  }
  latin1(text: string): this {
    return this.u8(...Array.from(text, (character) => character.charCodeAt(0)));
  }
  utf16le(text: string): this {
    for (let i = 0; i < text.length; i++) this.u16le(text.charCodeAt(i));
    return this;
  }
  utf16be(text: string): this {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i));
    return this;
  }
  zeros(n: number): this {
    return this.bytes(new Uint8Array(n));
  }
  /** Zeros up to the next multiple of `n` bytes. */
  align(n: number): this {
    return this.zeros((n - (this.#length % n)) % n);
  }
  mac(address: string): this {
    return this.bytes(macBytes(address));
  }
  ipv4(address: string): this {
    return this.bytes(ipBytes(address));
  }
  ipv6(address: string): this {
    return this.bytes(ipBytes(address));
  }

  lengthPrefixed8(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u8(bytes.length).bytes(bytes);
  }
  lengthPrefixed16(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u16(bytes.length).bytes(bytes);
  }
  lengthPrefixed24(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u24(bytes.length).bytes(bytes);
  }
  lengthPrefixed32(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u32(bytes.length).bytes(bytes);
  }
  lengthPrefixed16le(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u16le(bytes.length).bytes(bytes);
  }
  lengthPrefixed32le(content: Bytes): this {
    const bytes = bytesOf(content);
    return this.u32le(bytes.length).bytes(bytes);
  }

  build(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** One element in BER or DER (X.690): tag, definite length, contents. */
export function ber(tag: number, ...contents: readonly Bytes[]): Uint8Array {
  const content = concat(...contents.map(bytesOf));
  const out = write().u8(tag);
  if (content.length < 0x80) out.u8(content.length);
  else if (content.length < 0x100) out.u8(0x81, content.length);
  else out.u8(0x82).u16(content.length);
  return out.bytes(content).build();
}

export function macBytes(address: string): Uint8Array {
  const bytes = hex(address.replaceAll(/[:-]/g, ' '));
  if (bytes.length !== 6) throw new Error(`no MAC address: ${address}`);
  return bytes;
}

export const isIpv6 = (address: string): boolean => address.includes(':');

/** Four or sixteen bytes of an address in its usual form; `::` and a dotted tail are understood. */
export function ipBytes(address: string): Uint8Array {
  if (!isIpv6(address)) {
    const numbers = address.split('.').map(Number);
    if (numbers.length !== 4 || numbers.some((n) => !(n >= 0 && n <= 255))) throw new Error(`no address: ${address}`);
    return Uint8Array.from(numbers);
  }
  const [head = '', tail] = address.split('::');
  const groups = (part: string) =>
    part.split(':').flatMap((group) => {
      if (group === '') return [];
      if (group.includes('.')) return [...ipBytes(group)];
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    });
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const gap = 16 - first.length - last.length;
  if (gap < 0 || (tail === undefined && gap !== 0)) throw new Error(`no address: ${address}`);
  return Uint8Array.from([...first, ...new Array<number>(gap).fill(0), ...last]);
}

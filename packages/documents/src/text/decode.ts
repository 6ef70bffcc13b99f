// Bytes to text: UTF-8, UTF-16 by its mark or its zeros, and Windows-1252 for the lists that Excel saves. A byte that is
// no text does not end the reading.
import type { Chunks } from '../importer.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Text with what had to be guessed about its bytes. */
export interface TextChunk {
  readonly text: string;
  /** Bytes in this piece that are no text in the document's encoding; they became U+FFFD. */
  readonly damaged?: true;
}

/** In: the first bytes. Out: the encoding they are in, as far as they tell. */
export function guessEncoding(head: Uint8Array): Encoding {
  const [a = 0, b = 0] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // Text of western languages in UTF-16 has a zero in every other byte; in other encodings zeros are no text.
  const looked = Math.min(head.length, LOOKED_AT) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < looked; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const half = looked / 4;
  if (looked >= 4 && odd > half && even < looked / 16) return 'utf-16le';
  if (looked >= 4 && even > half && odd < looked / 16) return 'utf-16be';
  return 'utf-8';
}

/**
 * Bytes as text, piece by piece, without the byte order mark. What begins as ASCII and turns out not to be UTF-8 is read
 * as Windows-1252 from there on (WHATWG Encoding takes Latin-1 for it too); what was UTF-8 before is damaged.
 */
export async function* decodeText(chunks: Chunks): AsyncGenerator<TextChunk> {
  let decoder: Decoder | undefined;
  for await (const chunk of withHead(chunks)) {
    decoder ??= new Decoder(guessEncoding(chunk));
    const decoded = decoder.take(chunk);
    if (decoded.text !== '' || decoded.damaged) yield decoded;
  }
  const rest = decoder?.end();
  if (rest && (rest.text !== '' || rest.damaged)) yield rest;
}

/** The same pieces, the first one long enough to tell the encoding by. */
async function* withHead(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (head === undefined) yield chunk;
    else {
      head = joined(head, chunk);
      if (head.length < LOOKED_AT) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}
/** Bytes an encoding is told by. */
const LOOKED_AT = 512;

class Decoder {
  #decoder: TextDecoder;
  #strict: boolean;
  /** Bytes of a character that has not ended yet; only while strict. */
  #pending: Uint8Array = new Uint8Array(0);
  #beyondAscii = false;

  constructor(encoding: Encoding) {
    this.#strict = encoding === 'utf-8';
    this.#decoder = new TextDecoder(encoding);
  }

  take(chunk: Uint8Array): TextChunk {
    if (!this.#strict) return { text: this.#decoder.decode(chunk, { stream: true }) };
    const bytes = this.#pending.length > 0 ? joined(this.#pending, chunk) : chunk;
    const whole = bytes.length - unfinished(bytes);
    const text = strictly(bytes.subarray(0, whole));
    if (text !== undefined) {
      this.#pending = bytes.slice(whole);
      this.#beyondAscii ||= text.length !== whole;
      return { text: this.#beyondAscii || whole === 0 ? withoutMark(text) : text };
    }
    this.#strict = false;
    this.#pending = new Uint8Array(0);
    this.#beyondAscii ||= isMostlyUtf8(bytes);
    this.#decoder = new TextDecoder(this.#beyondAscii ? 'utf-8' : 'windows-1252');
    return { text: this.#decoder.decode(bytes, { stream: true }), ...(this.#beyondAscii ? { damaged: true } : {}) };
  }

  end(): TextChunk {
    if (!this.#strict) return { text: this.#decoder.decode() };
    if (this.#pending.length === 0) return { text: '' };
    // A character that is cut off at the end of ASCII text is one of Windows-1252.
    const decoder = new TextDecoder(this.#beyondAscii ? 'utf-8' : 'windows-1252');
    return { text: decoder.decode(this.#pending), ...(this.#beyondAscii ? { damaged: true } : {}) };
  }
}

/** Whether bytes hold more characters of UTF-8 beyond ASCII than bytes that are none. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  let good = 0;
  for (const letter of new TextDecoder('utf-8').decode(bytes))
    if (letter > '\u007f') good += letter === '\ufffd' ? -1 : 1;
  return good > 0;
}
const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function strictly(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many bytes at the end belong to a UTF-8 character that goes on in the next piece (RFC 3629 section 3). */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}

export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

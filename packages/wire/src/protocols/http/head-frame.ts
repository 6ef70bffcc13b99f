// Messages of protocols that took the form of HTTP (RTSP, SIP): a first line, fields, an empty line, a body of the length
// that a field says. Where such a message ends in a stream.
import { NEED_MORE, NOT_MINE } from '../../protocol.ts';
import { decodeText, type Reader } from '../../reader.ts';

/** Longest head: SIP with many routes has about 6 KiB. */
const MAX_HEAD = 16 * 1024;
/** Longest first line that is waited for. */
const MAX_FIRST_LINE = 2048;
/** Longest body that is part of its message: session descriptions have up to 4 KiB. */
const MAX_BODY = 16 * 1024;

/** How a message lies in the stream. */
export interface TextFrame {
  /** Bytes of head and body, NEED_MORE or NOT_MINE. */
  readonly length: number;
  readonly headLength: number;
}
const WAIT: TextFrame = { length: NEED_MORE, headLength: 0 };
const NONE: TextFrame = { length: NOT_MINE, headLength: 0 };

/** In: what a first line looks like, whole and without its line end. Out: where the message that starts here ends. */
export function frameText(reader: Reader, firstLine: RegExp): TextFrame {
  const { view, at } = reader;
  const text = decodeText(new Uint8Array(view.buffer, view.byteOffset + at, Math.min(reader.left, MAX_HEAD)), 'latin1');
  const lineEnd = text.search(/\r?\n/);
  if (lineEnd < 0) return text.length > MAX_FIRST_LINE || !/^[ -~\t\u0080-\u00ff]*\r?$/.test(text) ? NONE : WAIT;
  if (!firstLine.test(text.slice(0, lineEnd))) return NONE;
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return text.length >= MAX_HEAD ? NONE : WAIT;
  const headLength = end.index + end[0].length;
  const said = /\r?\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,7})/i.exec(text.slice(0, headLength))?.[1] ?? '0';
  const body = Number.parseInt(said, 10);
  return { length: headLength + (body <= MAX_BODY ? body : 0), headLength };
}

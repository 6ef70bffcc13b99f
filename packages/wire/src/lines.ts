// Protocols of lines: what FTP, mail and others say ends at a line break. How long the line at hand is, and its text.
import { NEED_MORE, NOT_MINE } from './protocol.ts';
import { decodeText, type Reader } from './reader.ts';

const LINE_FEED = 0x0a;

/** Length of the line that starts here with its break, for `frame`. In: the longest line that is waited for, in bytes. */
export function frameLine(reader: Reader, longest: number): number {
  const limit = Math.min(reader.left, longest);
  for (let at = 0; at < limit; at++) if (reader.peek(at) === LINE_FEED) return at + 1;
  return reader.left < longest ? NEED_MORE : NOT_MINE;
}

/** The line without its break, as Latin-1: one character per byte, so that offsets in it are offsets in the message. */
export const readLine = (reader: Reader): string => reader.text(reader.left).replace(/[\r\n]+$/, '');

/** The same text, where it is to be told: in UTF-8 where it is that, else as it is. */
export function decodeLine(line: string): string {
  if (!/[\x80-\xff]/.test(line)) return line;
  const text = decodeText(
    Uint8Array.from(line, (sign) => sign.charCodeAt(0)),
    'utf8',
  );
  return text.includes('\ufffd') ? line : text;
}

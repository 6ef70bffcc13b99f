// The head of an HTTP/1 message, as SSDP also uses it: a first line, then fields. Devices end lines with CR LF, LF or CR
// alone, leave spaces before the colon, and repeat fields; all of that is understood.

import { decodeText, type Reader } from '../../reader.ts';

/** Fields kept of one head: browsers send about twenty. */
const MAX_FIELDS = 100;

export interface Head {
  readonly firstLine: string;
  /** By name in lower case; repeated fields are joined by a comma (RFC 9110 section 5.3). */
  readonly fields: ReadonlyMap<string, string>;
}

export interface RequestLine {
  readonly method: string;
  readonly target: string;
}

/** Reads a head from its text. Empty lines before it are passed over (RFC 9112 section 2.2). */
export function readHead(text: string): Head {
  const fields = new Map<string, string>();
  let firstLine = '';
  let last = '';
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (firstLine === '') {
      firstLine = line.trim();
      continue;
    }
    if (line === '') break;
    const before = fields.get(last);
    if ((line[0] === ' ' || line[0] === '\t') && before !== undefined) {
      fields.set(last, `${before} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || fields.size >= MAX_FIELDS) continue;
    last = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = fields.get(last);
    fields.set(last, known === undefined ? value : `${known}, ${value}`);
  }
  return { firstLine, fields };
}

/** Method and target of a request line of HTTP/1; undefined for others, such as those of RTSP and SIP. */
export function readRequestLine(line: string): RequestLine | undefined {
  const found = /^([A-Z][A-Z-]{1,23}) (\S.*?) ?HTTP\/1\.\d$/.exec(line);
  return found ? { method: found[1] ?? '', target: (found[2] ?? '').trim() } : undefined;
}

/** Status code of a status line of HTTP/1; undefined for other lines. */
export function readStatusLine(line: string): number | undefined {
  const found = /^HTTP\/1\.\d (\d{3})(?: |$)/.exec(line);
  return found ? Number(found[1]) : undefined;
}

/** The next `length` bytes as text: in one piece, or line by line where somebody wants to be shown what was read. */
export function takeHead(reader: Reader, length: number): string {
  const { view, at } = reader;
  const text = decodeText(new Uint8Array(view.buffer, view.byteOffset + at, Math.min(length, reader.left)), 'utf8');
  if (!reader.trace) {
    reader.skip(length);
    return text;
  }
  const end = reader.offset + length;
  while (reader.offset < end && reader.ok) {
    let size = 1;
    while (reader.offset + size < end && reader.peek(size - 1) !== 10) size++;
    const line = decodeText(new Uint8Array(view.buffer, view.byteOffset + reader.at, size), 'latin1');
    const name = /^[\w-]+:[ \t]*/.exec(line)?.[0].length ?? 0;
    if (line.trim() === '') reader.skip(size);
    else {
      if (name > 0 && name < size) reader.text(name, 'latin1');
      reader.text(size - (name < size ? name : 0), 'utf8');
    }
  }
  return text;
}

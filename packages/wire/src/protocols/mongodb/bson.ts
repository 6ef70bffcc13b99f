// BSON documents (bsonspec.org, version 1.1) as far as what MongoDB's hellos and logins say: texts by their path, and
// whether binary values are there. Values of other types are passed over.
import { cleanText, type Reader } from '../../reader.ts';

/** Elements of one message, and documents within documents, that are looked at. */
const MAX_ELEMENTS = 500;
const MAX_DEPTH = 6;
const MAX_NAME = 128;
const MAX_TEXT = 1024;

const TYPE = { double: 1, text: 2, document: 3, array: 4, binary: 5 } as const;
/** Bytes of values whose length is fixed. */
const SIZES: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

export interface Bson {
  /** By names joined by dots; numbers are left out. */
  readonly texts: Map<string, string>;
  /** Names of all elements of the outermost document, in order. */
  readonly names: string[];
  /** Texts of binary values, by path; for mechanisms of logins that carry text in them. */
  readonly binaries: Map<string, string>;
}

/** Reads the document that starts here; what was understood before a break is there. */
export function readBson(reader: Reader): Bson {
  const into: Bson = { texts: new Map(), names: [], binaries: new Map() };
  readDocument(reader, '', 0, { left: MAX_ELEMENTS }, into);
  return into;
}

function readDocument(reader: Reader, path: string, depth: number, budget: { left: number }, into: Bson): void {
  const length = reader.u32le() - 4;
  if (length < 1 || depth > MAX_DEPTH) {
    reader.skip(Math.max(length, 0));
    return;
  }
  const body = reader.sub(Math.min(length, reader.left));
  while (body.left > 1 && budget.left-- > 0) {
    const type = body.u8();
    if (type === 0) return;
    const name = cleanText(body.textz(MAX_NAME, 'utf8'), MAX_NAME);
    const here = path === '' ? name : `${path}.${name}`;
    if (depth === 0) into.names.push(name);
    if (type === TYPE.document || type === TYPE.array) readDocument(body, here, depth + 1, budget, into);
    else if (type === TYPE.text || type === 13 || type === 14) {
      const size = body.u32le();
      const kept = Math.min(size, MAX_TEXT);
      const text = body.text(kept, 'utf8');
      body.skip(size - kept);
      if (body.ok && type === TYPE.text) into.texts.set(here, cleanText(text, MAX_TEXT));
    } else if (type === TYPE.binary) {
      const size = body.u32le();
      body.skip(1);
      const kept = Math.min(size, MAX_TEXT);
      const text = body.text(kept, 'latin1');
      body.skip(size - kept);
      if (body.ok) into.binaries.set(here, text);
    } else {
      const size = SIZES[type];
      if (size === undefined) return;
      body.skip(size);
    }
  }
}

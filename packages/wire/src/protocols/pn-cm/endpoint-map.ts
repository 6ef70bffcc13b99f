// What the endpoint mapper of a PROFINET device answers (C706, appendix O; IEC 61158-6-10, 4.10.3): an entry for every
// interface, with a note in columns that names device type, order number and versions.

import type { Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { readUuid } from './uuid.ts';

/** Entries of one answer: a device has one to four interfaces. */
const MAX_ENTRIES = 16;

export interface Entry {
  /** Object whose last three pairs of bytes are instance, device and vendor. */
  readonly object: string;
  readonly model: string;
  readonly order: string;
  readonly hardware: string;
  readonly firmware: string;
}

/** Entries of the answer to a lookup, from behind the head of the packet. */
export function readLookup(reader: Reader, isLittle: boolean): Entry[] {
  const u32 = () => (isLittle ? reader.u32le() : reader.u32());
  reader.skip(20); // handle
  u32();
  reader.skip(8); // most entries, offset
  const count = u32();
  const entries: Entry[] = [];
  for (let i = 0; i < count && i < MAX_ENTRIES && reader.left > 0; i++) {
    const object = readUuid(reader, isLittle);
    reader.skip(8); // tower, offset
    const length = u32();
    const note = reader.text(length);
    reader.skip((4 - (length % 4)) % 4);
    if (reader.ok) entries.push({ object, ...readNote(note) });
  }
  return entries;
}

/** Device type (25 columns), order number (20), hardware (5), letter and three numbers of the software (9), a blank between. */
function readNote(note: string): Omit<Entry, 'object'> {
  const columns = /^([\x20-\x7e]{25}) ([\x20-\x7e]{20}) ([ \d]{5}) ([VRPUT])([ \d]{3})([ \d]{3})([ \d]{3})/.exec(note);
  if (!columns) return { model: '', order: '', hardware: '', firmware: '' };
  const [, model = '', order = '', hardware = '', letter = '', ...numbers] = columns;
  const version = numbers.map(Number);
  return {
    model: statedText(model),
    order: statedText(order),
    hardware: statedText(hardware),
    firmware: version.some((n) => n !== 0) ? `${letter}${version.join('.')}` : '',
  };
}

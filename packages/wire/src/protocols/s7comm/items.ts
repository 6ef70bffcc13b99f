// Which variables a "read variable" or "write variable" touches: "DB1 bytes 10 to 13", "M bit 0.3".
import type { Reader } from '../../reader.ts';

/** Items described; the standard allows 20 per request. */
const MAX_DESCRIBED = 3;
const ANY = 0x10;
const DB_READ = 0xb0;
const SYMBOLIC_1200 = 0xb2;

/** Memory areas of an address of type ANY. */
const AREAS: Readonly<Record<number, string>> = {
  3: 'system information',
  5: 'system flags',
  6: 'analog inputs',
  7: 'analog outputs',
  28: 'C',
  29: 'T',
  30: 'IEC counter',
  31: 'IEC timer',
  128: 'P',
  129: 'I',
  130: 'Q',
  131: 'M',
  132: 'DB',
  133: 'DI',
  134: 'L',
  135: 'V',
};
const COUNTER = 0x1c;
const TIMER = 0x1d;
const DATA_BLOCK = 0x84;
const INSTANCE_BLOCK = 0x85;

/** Bytes of an element by its transport size; bits are told apart. */
const SIZES: Readonly<Record<number, number>> = {
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 4,
  8: 4,
  9: 2,
  10: 4,
  11: 4,
  12: 2,
  15: 8,
};
const BIT = 1;

/** Describes the items from the item count on, the first few by name. Empty where none has an address that can be told. */
export function describeItems(reader: Reader): string {
  const count = reader.u8();
  const texts: string[] = [];
  let described = 0;
  for (let i = 0; i < count && reader.left >= 3 && described < MAX_DESCRIBED; i++) {
    if (reader.u8() !== 0x12) break;
    const item = reader.sub(reader.u8());
    const text = describeItem(item);
    described++;
    if (item.ok && text) texts.push(text);
    if (reader.offset % 2 !== 0 && reader.peek(0) === 0) reader.skip(1);
  }
  const more = count - described;
  if (texts.length === 0) return '';
  return more > 0 ? `${texts.join(', ')} and ${more} more` : texts.join(', ');
}

function describeItem(item: Reader): string {
  const syntax = item.u8();
  if (syntax === DB_READ) {
    item.skip(1); // number of parts: the first one names the block
    const length = item.u8();
    const block = item.u16();
    return describeBytes(`DB${block}`, item.u16(), length);
  }
  if (syntax === SYMBOLIC_1200) return 'symbol';
  if (syntax !== ANY) return '';
  const size = item.u8();
  const count = item.u16();
  const block = item.u16();
  const area = item.u8();
  const address = item.u24();
  const name = AREAS[area];
  if (!name) return '';
  if (area === COUNTER || area === TIMER)
    return count > 1 ? `${name}${address} to ${name}${address + count - 1}` : `${name}${address}`;
  const place = area === DATA_BLOCK || area === INSTANCE_BLOCK ? `${name}${block}` : name;
  const byte = address >>> 3;
  if (size === BIT) return `${place} bit ${byte}.${address & 7}`;
  return describeBytes(place, byte, count * (SIZES[size] ?? 1));
}

const describeBytes = (place: string, first: number, length: number): string =>
  length > 1 ? `${place} bytes ${first} to ${first + length - 1}` : `${place} byte ${first}`;

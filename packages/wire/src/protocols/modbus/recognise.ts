// Whether bytes on a port that no protocol claims are Modbus/TCP: the header alone is too weak (four of its bytes are
// zeros or small numbers), so the body has to have the exact length that its function gives it.
import type { Reader } from '../../reader.ts';

/** Largest quantity of one request (MAP 6.1 to 6.17). */
const MAX_BITS = 2000;
const MAX_REGISTERS = 125;
/** Highest exception code (MAP 7). */
const MAX_EXCEPTION = 11;

/** True where a whole Modbus message starts here, as a request or an answer. The reader may be moved. */
export function looksLikeModbus(reader: Reader): boolean {
  const left = reader.left;
  reader.skip(2); // transaction identifier
  if (reader.u16() !== 0) return false;
  const length = reader.u16();
  reader.skip(1); // unit identifier
  const code = reader.u8();
  if (!reader.ok || length < 3 || length > 254 || left < 6 + length) return false;
  const body = length - 2;
  if (code > 0x80) return body === 1 && isKnown(code & 0x7f) && within(reader.u8(), MAX_EXCEPTION);
  const first = reader.peek(0);
  const isCounted = first === body - 1;
  switch (code) {
    case 1:
    case 2:
      return (body === 4 && within(reader.peek16(2), MAX_BITS)) || (isCounted && first > 0);
    case 3:
    case 4:
      return (body === 4 && within(reader.peek16(2), MAX_REGISTERS)) || (isCounted && first > 0 && first % 2 === 0);
    case 5:
      return body === 4 && (reader.peek16(2) === 0 || reader.peek16(2) === 0xff00);
    case 6:
      return body === 4;
    case 15:
      return writesMany(reader, body, MAX_BITS, (bits) => Math.ceil(bits / 8));
    case 16:
      return writesMany(reader, body, MAX_REGISTERS, (registers) => 2 * registers);
    case 20:
    case 21:
      return isCounted && first >= 7;
    case 22:
      return body === 6;
    case 23:
      return (isCounted && first > 0 && first % 2 === 0) || (body > 9 && reader.peek(8) === body - 9);
    case 43:
      return first === 14 && within(reader.peek(1), 4) && (body === 3 || body > 6);
    default:
      return false;
  }
}

const within = (value: number, most: number): boolean => value >= 1 && value <= most;
const isKnown = (code: number): boolean => (code >= 1 && code <= 24) || code === 43 || code === 90;

/** A request carries as many bytes as its quantity needs, the answer only address and quantity. */
function writesMany(reader: Reader, body: number, most: number, bytesOf: (quantity: number) => number): boolean {
  const quantity = reader.peek16(2);
  if (!within(quantity, most)) return false;
  return body === 4 || (reader.peek(4) === bytesOf(quantity) && body === 5 + bytesOf(quantity));
}

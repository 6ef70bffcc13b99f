// UUIDs of DCE/RPC (C706, appendix A) and the names of what they stand for. Their first three parts have the byte order of
// the message they stand in.
import type { Reader } from '../../reader.ts';

/** A UUID in its usual form: `e1af8308-5d1f-11c9-91a4-08002b14a0fa`. */
export function readUuid(reader: Reader, isLittle: boolean): string {
  const [first, second, third] = isLittle
    ? [reader.u32le(), reader.u16le(), reader.u16le()]
    : [reader.u32(), reader.u16(), reader.u16()];
  const rest = `${reader.hex(2)}-${reader.hex(6)}`;
  return `${hex(first, 8)}-${hex(second, 4)}-${hex(third, 4)}-${rest}`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Who serves which interface on which port; the same on connections and datagrams. */
export const ENDPOINT_MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';

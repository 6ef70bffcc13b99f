// DCE/RPC in datagrams (C706, chapter 12), which carries PROFINET's context management: a head of 80 bytes, then the
// arguments of a call, in fragments where they are long. The blocks in them are always big endian.
import { Reader } from '../../reader.ts';
import { ENDPOINT_MAPPER, readUuid } from './uuid.ts';

export const REQUEST = 0;
export const RESPONSE = 2;
export const FAULT = 3;
export const REJECT = 6;
const LAST_TYPE = 10;
const HEAD = 80;
const FLAG_LAST = 0x02;
const FLAG_FRAGMENT = 0x04;

/** Interfaces of PROFINET: device, controller, supervisor, parameter server (IEC 61158-6-10, 4.10.3). */
const INTERFACE = /^dea0000([1-4])-6c97-11d1-8271-00a02442df7d$/;
export const LOOKUP = 'endpoint mapper';
/** Longest call that is put together from fragments: a configuration of a device with 64 modules has some ten kilobytes. */
const MAX_CALL = 128 * 1024;

export interface Packet {
  readonly type: number;
  readonly isLittle: boolean;
  readonly object: string;
  /** LOOKUP, or `pn` for the interfaces of PROFINET. */
  readonly service: typeof LOOKUP | 'pn';
  readonly call: string;
  readonly operation: number;
  readonly body: Reader;
  /** A piece of a call that is not complete yet. */
  readonly isPiece: boolean;
}
/** Fragments of the call that is under way. */
export interface Fragments {
  call: string;
  next: number;
  bytes: Uint8Array;
}
export const noFragments = (): Fragments => ({ call: '', next: 0, bytes: new Uint8Array(0) });

/** Whether these are the first bytes of a call to an interface of PROFINET. */
export function looksLikeCall(reader: Reader): boolean {
  const isLittle = reader.peek(4) === 0x10;
  if (reader.peek() !== 4 || reader.peek(1) > LAST_TYPE || (reader.peek(4) & 0xef) !== 0 || reader.left < HEAD)
    return false;
  const length = isLittle ? reader.peek(74) | (reader.peek(75) << 8) : reader.peek16(74);
  reader.skip(24);
  return INTERFACE.test(readUuid(reader, isLittle)) && reader.left === HEAD - 40 + length;
}

/** One packet; undefined where it is none of PROFINET's. `fragments` is what is kept of the sender between packets. */
export function readPacket(reader: Reader, fragments: Fragments): Packet | undefined {
  const version = reader.u8();
  const type = reader.u8();
  const flags = reader.u8();
  reader.skip(1);
  const isLittle = reader.u8() >> 4 === 1;
  reader.skip(3);
  const object = readUuid(reader, isLittle);
  const service = readUuid(reader, isLittle);
  const activity = reader.hex(16);
  reader.skip(8);
  const u16 = () => (isLittle ? reader.u16le() : reader.u16());
  const sequence = isLittle ? reader.u32le() : reader.u32();
  const operation = u16();
  reader.skip(4);
  const length = u16();
  const fragment = u16();
  reader.skip(2);
  if (!reader.ok || version !== 4 || type > LAST_TYPE || length > reader.left) return undefined;
  const isLookup = service === ENDPOINT_MAPPER;
  if (!isLookup && !INTERFACE.test(service)) return undefined;
  const call = `${activity} ${sequence}`;
  const head = { type, isLittle, object, service: isLookup ? LOOKUP : 'pn', call, operation } as const;
  const body = reader.sub(length);
  if ((flags & FLAG_FRAGMENT) === 0 || (type !== REQUEST && type !== RESPONSE))
    return { ...head, body, isPiece: false };
  return { ...head, ...gather(fragments, call, fragment, body, (flags & FLAG_LAST) !== 0) };
}

/** Puts a fragment behind those before it; what comes out of order is left out together with its call. */
function gather(kept: Fragments, call: string, fragment: number, body: Reader, isLast: boolean) {
  if (fragment === 0) {
    kept.call = call;
    kept.next = 0;
    kept.bytes = new Uint8Array(0);
  }
  const piece = { body, isPiece: true };
  if (kept.call !== call || kept.next !== fragment || kept.bytes.length + body.left > MAX_CALL) return piece;
  const bytes = body.bytes(body.left);
  const joined = new Uint8Array(kept.bytes.length + bytes.length);
  joined.set(kept.bytes);
  joined.set(bytes, kept.bytes.length);
  kept.bytes = joined;
  kept.next++;
  if (!isLast) return piece;
  kept.call = '';
  return { body: new Reader(new DataView(joined.buffer), 0, joined.length), isPiece: false };
}

// pcapng files block by block (draft-ietf-opsawg-pcapng), right or deliberately wrong. Every block can be given another
// length than it has, for tests of what readers make of that.
import { type Bytes, bytesOf, concat, ipBytes, isIpv6, write } from './bytes.ts';
import type { Capture } from './capture.ts';

export interface PcapngBlock {
  readonly type: number;
  readonly body: Uint8Array;
  /** Said at the start and at the end instead of the true length. */
  readonly length?: number;
  readonly endLength?: number;
}
type Order = { readonly littleEndian: boolean };
/** A block, given the byte order of the section it is in. */
export type BlockWriter = (order: Order) => PcapngBlock;

const fields = ({ littleEndian }: Order) => {
  const out = write();
  return {
    out,
    u16: (...values: number[]) => (littleEndian ? out.u16le(...values) : out.u16(...values)),
    u32: (...values: number[]) => (littleEndian ? out.u32le(...values) : out.u32(...values)),
    u64: (value: bigint) => (littleEndian ? out.u64le(value) : out.u64(value)),
  };
};

export interface Option {
  readonly code: number;
  readonly value: Bytes;
  /** Said instead of the true length. */
  readonly length?: number;
}
export const comment = (text: string): Option => ({ code: 1, value: write().text(text) });

function writeOptions(order: Order, options: readonly Option[]): Uint8Array {
  if (options.length === 0) return new Uint8Array(0);
  const { out, u16 } = fields(order);
  for (const { code, value, length } of options) {
    const bytes = bytesOf(value);
    u16(code, length ?? bytes.length);
    out.bytes(bytes).align(4);
  }
  u16(0, 0);
  return out.build();
}

/** A section header and the blocks after it, all in one byte order. */
export function section(
  how: { readonly littleEndian?: boolean; readonly length?: bigint; readonly options?: readonly Option[] },
  blocks: readonly BlockWriter[],
): Uint8Array {
  const order = { littleEndian: how.littleEndian ?? true };
  const { out, u16, u32, u64 } = fields(order);
  u32(0x1a2b3c4d);
  u16(1, 0);
  u64(how.length ?? 0xffff_ffff_ffff_ffffn);
  out.bytes(writeOptions(order, how.options ?? []));
  const header = { type: 0x0a0d0d0a, body: out.build() };
  return concat(...[header, ...blocks.map((block) => block(order))].map((block) => blockBytes(order, block)));
}

function blockBytes(order: Order, block: PcapngBlock): Uint8Array {
  const body = write().bytes(block.body).align(4).build();
  const total = 12 + body.length;
  const { out, u32 } = fields(order);
  u32(block.type, block.length ?? total);
  out.bytes(body);
  u32(block.endLength ?? block.length ?? total);
  return out.build();
}

/** Any block by its number. */
export const anyBlock =
  (type: number, body: Bytes, lengths: Pick<PcapngBlock, 'length' | 'endLength'> = {}): BlockWriter =>
  () => ({ type, body: bytesOf(body), ...lengths });

export interface InterfaceOptions {
  readonly linkType?: number;
  readonly snapLength?: number;
  /** if_tsresol: a power of ten, or with the high bit set a power of two. */
  readonly resolution?: number;
  /** if_tsoffset in seconds. */
  readonly offset?: bigint;
  /** if_fcslen in bytes. */
  readonly checkBytes?: number;
  readonly options?: readonly Option[];
}
export const interfaceBlock =
  (how: InterfaceOptions = {}): BlockWriter =>
  (order) => {
    const { out, u16, u32 } = fields(order);
    u16(how.linkType ?? 1, 0);
    u32(how.snapLength ?? 0);
    const options: Option[] = [...(how.options ?? [])];
    if (how.resolution !== undefined) options.push({ code: 9, value: Uint8Array.of(how.resolution) });
    if (how.checkBytes !== undefined) options.push({ code: 13, value: Uint8Array.of(how.checkBytes) });
    if (how.offset !== undefined) {
      const { out: value, u64 } = fields(order);
      u64(how.offset);
      options.push({ code: 14, value });
    }
    return { type: 1, body: out.bytes(writeOptions(order, options)).build() };
  };

export interface PacketOptions {
  readonly interface?: number;
  /** In units of the interface. */
  readonly time: bigint;
  readonly wireLength?: number;
  /** Captured length that is said instead of the true one. */
  readonly length?: number;
  readonly options?: readonly Option[];
  readonly blockLength?: number;
  readonly endLength?: number;
}
const packet =
  (type: 2 | 6, how: PacketOptions, bytes: Bytes): BlockWriter =>
  (order) => {
    const data = bytesOf(bytes);
    const { out, u16, u32 } = fields(order);
    if (type === 6) u32(how.interface ?? 0);
    else u16(how.interface ?? 0, 0xffff);
    u32(Number(how.time >> 32n), Number(how.time & 0xffff_ffffn));
    u32(how.length ?? data.length, how.wireLength ?? data.length);
    out
      .bytes(data)
      .align(4)
      .bytes(writeOptions(order, how.options ?? []));
    return {
      type,
      body: out.build(),
      ...(how.blockLength === undefined ? {} : { length: how.blockLength }),
      ...(how.endLength === undefined ? {} : { endLength: how.endLength }),
    };
  };
export const enhancedPacket = (how: PacketOptions, bytes: Bytes): BlockWriter => packet(6, how, bytes);
export const obsoletePacket = (how: PacketOptions, bytes: Bytes): BlockWriter => packet(2, how, bytes);

export const simplePacket =
  (bytes: Bytes, wireLength?: number): BlockWriter =>
  (order) => {
    const data = bytesOf(bytes);
    const { out, u32 } = fields(order);
    u32(wireLength ?? data.length);
    return { type: 3, body: out.bytes(data).build() };
  };

export const nameBlock =
  (names: readonly { readonly ip: string; readonly names: readonly string[] }[], options: readonly Option[] = []) =>
  (order: Order): PcapngBlock => {
    const { out, u16 } = fields(order);
    for (const { ip, names: all } of names) {
      const value = write().bytes(ipBytes(ip));
      for (const name of all) value.textz(name);
      u16(isIpv6(ip) ? 2 : 1, value.length);
      out.bytes(value).align(4);
    }
    u16(0, 0);
    return { type: 4, body: out.bytes(writeOptions(order, options)).build() };
  };

export const statisticsBlock =
  (interfaceNumber: number, options: readonly Option[] = []): BlockWriter =>
  (order) => {
    const { out, u32 } = fields(order);
    u32(interfaceNumber, 0, 0);
    return { type: 5, body: out.bytes(writeOptions(order, options)).build() };
  };

/** A capture as one section with one interface, times in microseconds. */
export const toPcapng = (
  { frames, linkType }: Capture,
  how: { readonly littleEndian?: boolean } = {},
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    section(how, [
      interfaceBlock({ linkType }),
      ...frames.map(({ time, bytes }) => enhancedPacket({ time: BigInt(Math.round(time * 1000)) }, bytes)),
    ]),
  );

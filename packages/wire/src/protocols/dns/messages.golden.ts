// Messages in the format of RFC 1035 written by hand, for the golden captures of DNS, mDNS, LLMNR and NetBIOS names.
import { type Bytes, type ByteWriter, write } from '../../testing/index.ts';

/** A name as labels, without compression. A backslash before a dot keeps it within its label. */
export function name(text: string): ByteWriter {
  const out = write();
  for (const label of text.split(/(?<!\\)\./))
    if (label !== '') out.lengthPrefixed8(write().text(label.replaceAll('\\.', '.')));
  return out.u8(0);
}
/** A pointer to an offset in the message (RFC 1035 section 4.1.4). */
export const pointer = (offset: number): ByteWriter => write().u16(0xc000 | offset);

export interface Record {
  readonly name: string | Bytes;
  readonly type: number;
  readonly class?: number;
  readonly ttl?: number;
  readonly data: Bytes;
}
export interface Message {
  readonly id?: number;
  readonly flags: number;
  readonly questions?: readonly (readonly [name: string | Bytes, type: number, dnsClass?: number])[];
  readonly answers?: readonly Record[];
  readonly authorities?: readonly Record[];
  readonly additionals?: readonly Record[];
}

const named = (text: string | Bytes): Bytes => (typeof text === 'string' ? name(text) : text);

export function message(of: Message): ByteWriter {
  const { questions = [], answers = [], authorities = [], additionals = [] } = of;
  const out = write().u16(
    of.id ?? 0,
    of.flags,
    questions.length,
    answers.length,
    authorities.length,
    additionals.length,
  );
  for (const [question, type, dnsClass = 1] of questions) out.bytes(named(question)).u16(type, dnsClass);
  for (const record of [...answers, ...authorities, ...additionals])
    out
      .bytes(named(record.name))
      .u16(record.type, record.class ?? 1)
      .u32(record.ttl ?? 120)
      .lengthPrefixed16(record.data);
  return out;
}

/** Flags of a response to a standard query; `authoritative` is set by mDNS and LLMNR responders. */
export const RESPONSE = 0x8180;
export const AUTHORITATIVE = 0x8400;
export const QUERY = 0x0100;

const UNIQUE = 0x8001;
type More = Partial<Pick<Record, 'class' | 'ttl'>>;
export const a = (owner: string | Bytes, address: string, more?: More): Record => ({
  name: owner,
  type: 1,
  data: write().ipv4(address),
  ...more,
});
export const aaaa = (owner: string | Bytes, address: string, more?: More): Record => ({
  name: owner,
  type: 28,
  data: write().ipv6(address),
  ...more,
});
export const ptr = (owner: string | Bytes, target: string | Bytes, more?: More): Record => ({
  name: owner,
  type: 12,
  data: named(target),
  ...more,
});
export const cname = (owner: string | Bytes, target: string | Bytes): Record => ({
  name: owner,
  type: 5,
  data: named(target),
});
export const srv = (owner: string | Bytes, port: number, target: string | Bytes, more?: More): Record => ({
  name: owner,
  type: 33,
  data: write().u16(0, 0, port).bytes(named(target)),
  ...more,
});
export const txt = (owner: string | Bytes, strings: readonly string[], more?: More): Record => ({
  name: owner,
  type: 16,
  data: strings.reduce((out, text) => out.lengthPrefixed8(write().text(text)), write()),
  ...more,
});
export const hinfo = (owner: string | Bytes, cpu: string, os: string, more?: More): Record => ({
  name: owner,
  type: 13,
  data: write().lengthPrefixed8(write().text(cpu)).lengthPrefixed8(write().text(os)),
  ...more,
});
/** Of mDNS: the record is its sender's alone. */
export const unique = { class: UNIQUE } as const;

// Messages in the format of RFC 1035, as DNS, mDNS and LLMNR share it. Names are followed through pointers that lead
// backwards only, so reading ends after as many steps as the message has bytes.
import { formatIpv6, type Reader } from '../../reader.ts';

/** Record types that carry what we look for (IANA DNS parameters). */
export const DNS_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  ANY: 255,
} as const;

export const DNS_CLASSES = { IN: 1, CH: 3, NONE: 254, ANY: 255 } as const;

/** Length of a name in bytes (RFC 1035 section 3.1). */
const MAX_NAME = 255;
const MAX_LABEL = 63;

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  /** Without the top bit, which in mDNS asks for a unicast answer. */
  readonly class: number;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  /** Without the top bit, which in mDNS says that the record is unique to its sender ("cache flush"). */
  readonly class: number;
  readonly unique: boolean;
  readonly ttl: number;
  /** Of A and AAAA. */
  readonly address?: string;
  /** Of PTR, CNAME, NS, DNAME, SRV and MX. */
  readonly target?: string;
  /** Of SRV. */
  readonly port?: number;
  /** Of TXT: its strings; of HINFO: CPU and operating system. As they are, control characters and all. */
  readonly texts?: readonly string[];
}

export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  /** Why reading stopped early; what lies before is in the lists. */
  readonly broken?: string;
}

/** The longest message there can be, over TCP (RFC 1035 section 4.2.2). */
const MAX_MESSAGE = 65_535;

/** Header flags. */
const RESPONSE = 0x8000;

/**
 * Reads a message from where the reader stands to its end. In: a reader on the first byte of the header. Out: the
 * message, as far as it could be read, or undefined where there is not even a header.
 */
export function readDnsMessage(reader: Reader): DnsMessage | undefined {
  const base = reader.offset;
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  if (!reader.ok) return undefined;
  // Bytes that mean nothing have counts that no message can hold: a question takes five bytes at least, a record eleven.
  if (counts[0] * 5 + (counts[1] + counts[2] + counts[3]) * 11 > MAX_MESSAGE) return undefined;

  const names = new NameReader(reader, base);
  const questions: DnsQuestion[] = [];
  const sections: [DnsRecord[], DnsRecord[], DnsRecord[]] = [[], [], []];
  for (let i = 0; i < counts[0] && reader.ok; i++) {
    const name = names.read();
    const type = reader.u16();
    const dnsClass = reader.u16();
    if (reader.ok) questions.push({ name, type, class: dnsClass & 0x7fff });
  }
  for (const [i, records] of sections.entries()) {
    const count = counts[i + 1] ?? 0;
    for (let n = 0; n < count && reader.ok; n++) {
      const record = readRecord(reader, names);
      if (record) records.push(record);
    }
  }
  const broken = names.broken ?? (reader.ok ? undefined : 'cut-off');
  return {
    id,
    response: (flags & RESPONSE) !== 0,
    opcode: (flags >> 11) & 15,
    rcode: flags & 15,
    questions,
    answers: sections[0],
    authorities: sections[1],
    additionals: sections[2],
    ...(broken ? { broken } : {}),
  };
}

function readRecord(reader: Reader, names: NameReader): DnsRecord | undefined {
  const name = names.read();
  const type = reader.u16();
  const dnsClass = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  if (!reader.ok) return undefined;
  const end = reader.offset + length;
  if (length > reader.left) {
    reader.ok = false;
    return undefined;
  }
  const data = readData(reader, names, type, length);
  // Data that breaks its own format must not take the records behind it along; a hostile name must.
  if (names.broken === undefined) {
    reader.ok = true;
    reader.seek(end);
  }
  return { name, type, class: dnsClass & 0x7fff, unique: (dnsClass & 0x8000) !== 0, ttl, ...data };
}

type Data = Pick<DnsRecord, 'address' | 'target' | 'port' | 'texts'>;

function readData(reader: Reader, names: NameReader, type: number, length: number): Data {
  switch (type) {
    case DNS_TYPES.A:
      return length === 4 ? { address: reader.ipv4() } : {};
    case DNS_TYPES.AAAA:
      return length === 16 ? { address: formatIpv6(reader.bytes(16)) } : {};
    case DNS_TYPES.PTR:
    case DNS_TYPES.CNAME:
    case DNS_TYPES.NS:
    case DNS_TYPES.DNAME:
      return length > 0 ? { target: names.read() } : {};
    case DNS_TYPES.MX:
      reader.skip(2);
      return length > 2 ? { target: names.read() } : {};
    case DNS_TYPES.SRV: {
      if (length < 7) return {};
      reader.skip(4); // Priority and weight choose between servers; they say nothing of them.
      const port = reader.u16();
      return { port, target: names.read() };
    }
    case DNS_TYPES.TXT:
    case DNS_TYPES.HINFO: {
      const strings = reader.sub(length);
      const texts: string[] = [];
      while (strings.left > 0) {
        const text = strings.text(strings.u8(), 'utf8');
        if (strings.ok) texts.push(text);
      }
      return { texts };
    }
    default:
      return {};
  }
}

/** Reads names of one message. `broken` says that a name was hostile; the rest of the message is then not read. */
export class NameReader {
  readonly #reader: Reader;
  readonly #base: number;
  broken: string | undefined = undefined;

  /** `base` is the reader's offset of the first byte of the message, from which pointers count. */
  constructor(reader: Reader, base: number) {
    this.#reader = reader;
    this.#base = base;
  }

  /** Labels joined by dots, without the final one; the root is an empty text. A dot within a label stays as it is. */
  read(): string {
    const reader = this.#reader;
    let name = '';
    let length = 0;
    let segmentStart = reader.offset;
    let after = -1;
    while (reader.ok) {
      const size = reader.u8();
      if (size === 0) break;
      if (size >= 0xc0) {
        const target = this.#base + (((size & 0x3f) << 8) | reader.u8());
        if (!reader.ok) break;
        if (after < 0) after = reader.offset;
        // Strictly before the label sequence that holds the pointer: RFC 1035 section 4.1.4 says "prior occurrence".
        if (target >= segmentStart) return this.#break('pointer-forward');
        segmentStart = target;
        reader.seek(target);
        continue;
      }
      length += size + 1;
      if (size > MAX_LABEL) return this.#break('label-type');
      if (length > MAX_NAME) return this.#break('name-too-long');
      const label = reader.text(size, 'utf8');
      name = name === '' ? label : `${name}.${label}`;
    }
    if (!reader.ok) return '';
    if (after >= 0) reader.seek(after);
    return name;
  }

  #break(why: string): string {
    this.broken = why;
    this.#reader.ok = false;
    return '';
  }
}

/**
 * The address that a name of the reverse zones stands for: `7.2.0.10.in-addr.arpa` is 10.0.2.7 (RFC 1035 section 3.5,
 * RFC 3596 section 2.5). An empty text for other names and for names of whole networks.
 */
export function addressOfReverseName(name: string): string {
  const labels = name.toLowerCase().split('.');
  if (labels.length === 6 && labels[4] === 'in-addr' && labels[5] === 'arpa') {
    const numbers = labels.slice(0, 4).reverse();
    return numbers.every((n) => /^\d{1,3}$/.test(n) && Number(n) <= 255) ? numbers.map(Number).join('.') : '';
  }
  if (labels.length === 34 && labels[32] === 'ip6' && labels[33] === 'arpa') {
    const digits = labels.slice(0, 32).reverse().join('');
    if (!/^[0-9a-f]{32}$/.test(digits)) return '';
    return formatIpv6(Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)));
  }
  return '';
}

// Elements of ASN.1 in their basic and distinguished encoding (X.690), read through the sticky reader. SNMP messages and
// X.509 certificates are made of them.
import { cleanText, decodeText, formatIpv6, Reader } from './reader.ts';

/** Universal tags (X.680 table 1) with the constructed bit where the type always has it. */
export const BER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Sub-identifiers of one object identifier: net-snmp and others stop at 128 as well (RFC 2578 section 3.5). */
const MAX_SUB_IDENTIFIERS = 128;

/** One element: identifier octet and a reader on its contents. */
export interface BerElement {
  readonly tag: number;
  readonly body: Reader;
}

/**
 * The element that starts here. The reader moves past it. Fails (undefined, `reader.ok` false) on the indefinite form,
 * on tag numbers above 30 and on lengths past the end; none of the formats read here has them.
 */
export function readBer(reader: Reader): BerElement | undefined {
  const tag = reader.u8();
  const length = readBerLength(reader);
  if ((tag & 0x1f) === 0x1f) reader.ok = false;
  if (!reader.ok || length > reader.left) {
    reader.ok = false;
    return undefined;
  }
  return { tag, body: reader.sub(length) };
}

/** Length octets (X.690 section 8.1.3) of at most four bytes. Leaves `ok` false for the indefinite form. */
export function readBerLength(reader: Reader): number {
  const first = reader.u8();
  if (first < 0x80) return first;
  if (first === 0x81) return reader.u8();
  if (first === 0x82) return reader.u16();
  if (first === 0x83) return reader.u24();
  if (first === 0x84) return reader.u32();
  reader.ok = false;
  return 0;
}

/** Contents of the next element, which must have this tag; otherwise a reader with `ok` false, and this one's too. */
export function readBerAs(reader: Reader, tag: number): Reader {
  const element = reader.peek() === tag ? readBer(reader) : undefined;
  if (element) return element.body;
  reader.ok = false;
  const nothing = new Reader(reader.view, reader.end, reader.end);
  nothing.ok = false;
  return nothing;
}

/** Contents of the next element where it has this tag; undefined, and nothing moved, where it has another. */
export const readBerIf = (reader: Reader, tag: number): Reader | undefined =>
  reader.peek() === tag ? readBer(reader)?.body : undefined;

/** An INTEGER's contents as a number: exact up to 53 bits, rounded above. */
export function berInteger(body: Reader): number {
  let value = 0;
  for (let first = true; body.left > 0; first = false) {
    const byte = body.u8();
    value = first && byte > 127 ? byte - 256 : value * 256 + byte;
  }
  return value;
}

/** Contents of an unsigned type (Counter32, TimeTicks): as INTEGER, but agents that leave out the leading 0 exist. */
export function berUnsigned(body: Reader): number {
  let value = 0;
  while (body.left > 0) value = value * 256 + body.u8();
  return value;
}

/** An OBJECT IDENTIFIER's contents in dotted form; empty where it is malformed. */
export function berOid(body: Reader): string {
  let text = '';
  let value = 0;
  let count = 0;
  while (body.left > 0) {
    const byte = body.u8();
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (++count > MAX_SUB_IDENTIFIERS) return '';
    if (count > 1) text += `.${value}`;
    else text = value < 40 ? `0.${value}` : value < 80 ? `1.${value - 40}` : `2.${value - 80}`;
    value = 0;
  }
  return value === 0 ? text : '';
}

/** A character string's contents as clean text, by its tag; empty for a tag that is no string. */
export function berText(element: BerElement, max?: number): string {
  const bytes = element.body.bytes(element.body.left);
  switch (element.tag) {
    case BER.utf8String:
      return cleanText(decodeText(bytes, 'utf8'), max);
    case BER.bmpString:
      return cleanText(decodeText(bytes, 'utf16be'), max);
    case BER.printableString:
    case BER.t61String:
    case BER.ia5String:
    case BER.octetString:
      return cleanText(decodeText(bytes, 'latin1'), max);
    default:
      return '';
  }
}

/** UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 wants them (UTC, with seconds): milliseconds since 1970, or NaN. */
export function berTime(element: BerElement): number {
  const text = decodeText(element.body.bytes(element.body.left), 'latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/.exec(text);
  const digits = element.tag === BER.utcTime ? 2 : element.tag === BER.generalizedTime ? 4 : 0;
  if (match?.[1]?.length !== digits) return Number.NaN;
  const written = Number(match[1]);
  const year = digits === 4 ? written : written < 50 ? 2000 + written : 1900 + written;
  const [month, day, hour, minute, second] = match.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Four or sixteen bytes as an IP address; empty for any other number. */
export function berAddress(body: Reader): string {
  if (body.left === 4) return body.ipv4();
  return body.left === 16 ? formatIpv6(body.bytes(16)) : '';
}

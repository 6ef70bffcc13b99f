// The options of a DHCP message (RFC 2132 and later): taken apart, put together where one is spread over several
// (RFC 3396), and decoded where their contents have a form of their own.
import { cleanText, decodeText, hexPairs, type Reader } from '../../reader.ts';

/** Codes of the IANA registry "BOOTP Vendor Extensions and DHCP Options" that are read here. */
export const OPTIONS = {
  subnetMask: 1,
  router: 3,
  nameServer: 6,
  hostName: 12,
  domainName: 15,
  timeServer: 42,
  vendorSpecific: 43,
  requestedAddress: 50,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  vendorClass: 60,
  clientIdentifier: 61,
  userClass: 77,
  clientName: 81,
  relayInformation: 82,
  clientMachine: 97,
  domainSearch: 119,
  vendorIdentifyingClass: 124,
  vendorIdentifyingOptions: 125,
  mudUrl: 161,
} as const;
const PAD = 0;
const END = 255;

export type Options = ReadonlyMap<number, Uint8Array>;

/** Collects the options of one field (options, file or sname) into `into`. Stops at the end option or the field's end. */
export function readOptions(reader: Reader, into: Map<number, Uint8Array>): void {
  while (reader.left > 0) {
    const code = reader.u8();
    if (code === END) return;
    if (code === PAD) continue;
    const value = takeValue(reader, code, reader.u8());
    if (!reader.ok) return;
    const before = into.get(code);
    into.set(code, before === undefined ? value : joined(before, value));
  }
}

/** Options that are texts, to be shown as such to whoever explains a frame. */
const TEXTS: ReadonlySet<number> = new Set([OPTIONS.hostName, OPTIONS.domainName, OPTIONS.vendorClass, OPTIONS.mudUrl]);

function takeValue(reader: Reader, code: number, length: number): Uint8Array {
  if (!reader.trace || !TEXTS.has(code)) return reader.bytes(length);
  const { view, at } = reader;
  reader.text(length, 'utf8');
  return new Uint8Array(view.buffer, view.byteOffset + at, reader.ok ? length : 0);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const NOTHING = new Uint8Array(0);
export const bytesOf = (options: Options, code: number): Uint8Array => options.get(code) ?? NOTHING;
export const textOf = (options: Options, code: number): string => cleanText(decodeText(bytesOf(options, code), 'utf8'));

const dotted = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** The addresses an option lists, at most `most`. */
export function addressesOf(options: Options, code: number, most = 4): string[] {
  const bytes = bytesOf(options, code);
  const addresses: string[] = [];
  for (let at = 0; at + 4 <= bytes.length && addresses.length < most; at += 4) addresses.push(dotted(bytes, at));
  return addresses;
}

/** Texts as they are; other bytes as hex pairs, so that nothing is lost and nothing is taken for text that is none. */
export function textOrHex(bytes: Uint8Array): string {
  const isText = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? decodeText(bytes, 'latin1').trim() : hexPairs(bytes.subarray(0, 64), ':');
}

export const macText = (bytes: Uint8Array): string => hexPairs(bytes, ':');

/** Type-length-value lists with one byte each, as in options 43, 82 and 125. */
export function subOptionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at + 2 <= bytes.length; ) {
    const code = bytes[at] ?? END;
    if (code === PAD || code === END) {
      at++;
      continue;
    }
    const end = at + 2 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) break;
    if (!found.has(code)) found.set(code, bytes.subarray(at + 2, end));
    at = end;
  }
  return found;
}

/** Vendor-identifying data (RFC 3925): an enterprise number and a block of data, repeated. */
export function* vendorBlocksOf(bytes: Uint8Array): Generator<{ enterprise: number; data: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + view.getUint8(at + 4);
    if (end > bytes.length) return;
    yield { enterprise: view.getUint32(at), data: bytes.subarray(at + 5, end) };
    at = end;
  }
}

/** The host name in option 81 (RFC 4702 section 2): plain text or, with the E bit, labels with lengths. */
export function clientNameOf(bytes: Uint8Array): string {
  if (bytes.length < 4) return '';
  const encoded = ((bytes[0] ?? 0) & 0x04) !== 0;
  const name = bytes.subarray(3);
  return encoded ? (domainsOf(name)[0] ?? '') : cleanText(decodeText(name, 'utf8'));
}

/** Domains searched, at most these many: a list that is longer tells nothing more of the network. */
const MAX_DOMAINS = 8;

/** Names as labels with lengths, with pointers into the option itself (RFC 3397 section 2). */
export function domainsOf(bytes: Uint8Array): string[] {
  const domains: string[] = [];
  let at = 0;
  while (at < bytes.length && domains.length < MAX_DOMAINS) {
    const labels: string[] = [];
    let position = at;
    let limit = at;
    let after = -1;
    for (;;) {
      const length = bytes[position];
      if (length === undefined) return domains;
      if (length === 0) {
        position++;
        break;
      }
      if (length >= 0xc0) {
        const target = ((length & 0x3f) << 8) | (bytes[position + 1] ?? 0);
        if (target >= limit) return domains;
        if (after < 0) after = position + 2;
        limit = target;
        position = target;
        continue;
      }
      if (length > 63 || position + 1 + length > bytes.length || labels.length >= 128) return domains;
      labels.push(decodeText(bytes.subarray(position + 1, position + 1 + length), 'utf8'));
      position += 1 + length;
    }
    at = after >= 0 ? after : position;
    const domain = cleanText(labels.join('.'), 255);
    if (domain !== '') domains.push(domain);
  }
  return domains;
}

/** Texts in option 77: each with its length (RFC 3004 section 4), or one text alone, as Windows and iPXE send it. */
export function userClassesOf(bytes: Uint8Array): string[] {
  const classes: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    const end = at + 1 + length;
    if (length === 0 || end > bytes.length) return [cleanText(decodeText(bytes, 'utf8'))];
    classes.push(cleanText(decodeText(bytes.subarray(at + 1, end), 'utf8')));
    at = end;
  }
  return classes;
}

/** A machine's UUID in option 97 (RFC 4578 section 2.3): type 0, its first three fields little endian as in SMBIOS. */
export function machineUuidOf(bytes: Uint8Array): string {
  if (bytes.length !== 17 || bytes[0] !== 0) return '';
  const order = [4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16];
  const hex = hexPairs(
    Uint8Array.from(order, (i) => bytes[i] ?? 0),
    '',
  );
  if (/^(0+|f+)$/.test(hex)) return '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

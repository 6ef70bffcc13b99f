// Certificates for golden captures and tests, written field by field after RFC 5280 section 4.1. Their signatures are
// zeros: nothing here is ever verified.
import { type Bytes, ber, ipBytes, write } from '../../testing/index.ts';

export interface CertificateOptions {
  /** Attributes in the order in which they stand: object identifier in hex, string tag, value. */
  readonly subject: readonly Attribute[];
  /** The same as the subject where left out: self-signed. */
  readonly issuer?: readonly Attribute[];
  readonly serial: string;
  /** As UTCTime, or as GeneralizedTime with four digits of year. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
  readonly uris?: readonly string[];
  readonly key?: Bytes;
  readonly signature?: string;
}
export type Attribute = readonly [oid: string, tag: number, value: Bytes];

export const COMMON_NAME = '550403';
export const ORGANIZATION = '55040a';
export const COUNTRY = '550406';
export const SERIAL_NUMBER = '550405';
const SHA256_WITH_RSA = '2a864886f70d01010b';
export const ECDSA_WITH_SHA256 = '2a8648ce3d040302';

export const utf8 = (oid: string, value: string): Attribute => [oid, 0x0c, write().text(value)];
export const printable = (oid: string, value: string): Attribute => [oid, 0x13, write().text(value)];

const oid = (hex: string) => ber(0x06, write().hex(hex));
const name = (attributes: readonly Attribute[]) =>
  ber(0x30, ...attributes.map(([type, tag, value]) => ber(0x31, ber(0x30, oid(type), ber(tag, value)))));
const time = (text: string) => ber(text.length > 13 ? 0x18 : 0x17, write().text(text));
const bits = (content: Bytes) => ber(0x03, write().u8(0).bytes(content));

/** A public key of RSA with a modulus of so many bits. */
export const rsaKey = (size: number) =>
  ber(
    0x30,
    ber(0x30, oid('2a864886f70d010101'), ber(0x05)),
    bits(
      ber(
        0x30,
        ber(
          0x02,
          write()
            .u8(0, 0xc1)
            .zeros(size / 8 - 1),
        ),
        ber(0x02, write().hex('010001')),
      ),
    ),
  );
/** A public key on the curve P-256. */
export const p256Key = () =>
  ber(0x30, ber(0x30, oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), bits(write().u8(4).zeros(64)));
/** A public key of Ed25519 (RFC 8410), which has no parameters. */
export const ed25519Key = () => ber(0x30, ber(0x30, oid('2b6570')), bits(write().zeros(32)));

/** A certificate in DER. */
export function certificate(options: CertificateOptions): Uint8Array {
  const { subject, issuer = subject, dnsNames = [], addresses = [], uris = [] } = options;
  const algorithm = ber(0x30, oid(options.signature ?? SHA256_WITH_RSA), ber(0x05));
  const names = [
    ...dnsNames.map((value) => ber(0x82, write().text(value))),
    ...addresses.map((value) => ber(0x87, ipBytes(value))),
    ...uris.map((value) => ber(0x86, write().text(value))),
  ];
  const usage = ber(0x30, oid('551d0f'), ber(0x01, write().u8(0xff)), ber(0x04, write().hex('03020780')));
  const alternatives = ber(0x30, oid('551d11'), ber(0x04, ber(0x30, ...names)));
  const signed = ber(
    0x30,
    ber(0xa0, ber(0x02, write().u8(2))),
    ber(0x02, write().hex(options.serial)),
    algorithm,
    name(issuer),
    ber(0x30, time(options.notBefore), time(options.notAfter)),
    name(subject),
    options.key ?? rsaKey(2048),
    ber(0xa3, ber(0x30, usage, ...(names.length > 0 ? [alternatives] : []))),
  );
  return ber(0x30, signed, algorithm, bits(write().zeros(256)));
}

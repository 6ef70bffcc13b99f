// X.509 certificates (RFC 5280) as facts: who, by whom, from when to when, for which names, with which key. Nothing is
// verified here; a certificate is what an end showed, not what it proved.
import type { CertificateValue } from '@interlock/model';
import { BER, type BerElement, berAddress, berOid, berText, berTime, readBer, readBerAs, readBerIf } from './ber.ts';
import { sha256Hex } from './digest.ts';
import { hexPairs, Reader } from './reader.ts';

/** Names of one certificate that are kept: content networks put hundreds into one, devices a handful. */
const MAX_NAMES = 64;
/** Attributes of one name, and extensions of one certificate, that are looked at. */
const MAX_PARTS = 64;

/**
 * Reads one certificate in DER. In: its bytes, to the end. Out: the record of a `tls.certificate` fact, or undefined
 * where one of its mandatory fields cannot be read.
 */
export function readCertificate(der: Uint8Array): CertificateValue | undefined {
  const whole = new Reader(new DataView(der.buffer, der.byteOffset, der.length), 0, der.length);
  const certificate = readBerAs(whole, BER.sequence);
  const signed = readBerAs(certificate, BER.sequence);
  const signature = nameOf(SIGNATURES, readAlgorithm(readBerAs(certificate, BER.sequence)).algorithm);

  readBerIf(signed, 0xa0);
  const serial = readBerAs(signed, BER.integer);
  const number = hexPairs(serial.bytes(serial.left), '').replace(/^(00)+(?=..)/, '');
  readBerAs(signed, BER.sequence);
  const issuer = readName(readBerAs(signed, BER.sequence));
  const validity = readBerAs(signed, BER.sequence);
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  const subject = readName(readBerAs(signed, BER.sequence));
  const key = readKey(readBerAs(signed, BER.sequence));
  if (!signed.ok || !certificate.ok || Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined;
  return {
    subject: subject.text,
    issuer: issuer.text,
    number,
    sha256: sha256Hex(der),
    notBefore,
    notAfter,
    names: readAlternativeNames(signed),
    key,
    signature,
    selfSigned: subject.bytes === issuer.bytes,
  };
}

const nothing = (reader: Reader): BerElement => ({ tag: 0, body: reader.sub(reader.left) });

const readTime = (validity: Reader): number => berTime(readBer(validity) ?? nothing(validity));

/** A Name as RFC 4514 writes it (last part first), and its bytes in hex for comparing. */
function readName(name: Reader): { text: string; bytes: string } {
  const parts: string[] = [];
  const from = name.at;
  const bytes = hexPairs(name.bytes(name.left), '');
  name.at = name.ok ? from : name.end;
  for (let i = 0; name.left > 0 && i < MAX_PARTS; i++) {
    const set = readBerAs(name, BER.set);
    const together: string[] = [];
    while (set.left > 0) {
      const attribute = readBerAs(set, BER.sequence);
      const type = berOid(readBerAs(attribute, BER.oid));
      const value = readBer(attribute);
      if (type && value) together.push(`${ATTRIBUTES[type] ?? type}=${escapeValue(berText(value, 256))}`);
    }
    if (together.length > 0) parts.push(together.join('+'));
  }
  return { text: parts.reverse().join(',').slice(0, 1024), bytes };
}

/** RFC 4514 section 2.4. */
const escapeValue = (value: string): string => value.replace(/[,+"\\<>;=]|^[# ]| $/g, '\\$&');

function readAlgorithm(algorithm: Reader): { algorithm: string; parameter: string } {
  const name = berOid(readBerAs(algorithm, BER.oid));
  const parameter = readBerIf(algorithm, BER.oid);
  return { algorithm: name, parameter: parameter ? berOid(parameter) : '' };
}

/** Type and size of the public key: `RSA 2048`, `EC P-256`, `Ed25519` (RFC 3279, 5480, 8410). */
function readKey(info: Reader): string {
  const { algorithm, parameter } = readAlgorithm(readBerAs(info, BER.sequence));
  const bits = readBerAs(info, BER.bitString);
  if (algorithm === '1.2.840.10045.2.1') return parameter ? `EC ${nameOf(CURVES, parameter)}` : 'EC';
  if (algorithm !== '1.2.840.113549.1.1.1') return nameOf(KEYS, algorithm);
  bits.skip(1);
  const modulus = readBerAs(readBerAs(bits, BER.sequence), BER.integer);
  while (modulus.peek() === 0) modulus.skip(1);
  const first = modulus.peek();
  return first < 0 ? 'RSA' : `RSA ${modulus.left * 8 - Math.clz32(first) + 24}`;
}

/** Names of the subjectAltName extension: DNS names, addresses, URIs and mail addresses. */
function readAlternativeNames(signed: Reader): string[] {
  let extensions: Reader | undefined;
  while (signed.left > 0 && !extensions) {
    const element = readBer(signed);
    if (element?.tag === 0xa3) extensions = readBerAs(element.body, BER.sequence);
  }
  const names: string[] = [];
  for (let i = 0; extensions && extensions.left > 0 && i < MAX_PARTS; i++) {
    const extension = readBerAs(extensions, BER.sequence);
    if (berOid(readBerAs(extension, BER.oid)) !== '2.5.29.17') continue;
    readBerIf(extension, BER.boolean);
    const list = readBerAs(readBerAs(extension, BER.octetString), BER.sequence);
    while (list.left > 0 && names.length < MAX_NAMES) {
      const name = readBer(list);
      if (!name) break;
      const isText = name.tag === 0x81 || name.tag === 0x82 || name.tag === 0x86;
      const value = isText
        ? berText({ ...name, tag: BER.ia5String }, 256)
        : name.tag === 0x87
          ? berAddress(name.body)
          : '';
      if (value) names.push(value);
    }
  }
  return names;
}

const nameOf = (names: Record<string, string>, oid: string): string => names[oid] ?? `unknown ${oid}`;

/** Short names of RFC 4514 section 3, and those of X.520 and PKCS #9 that devices use. */
const ATTRIBUTES: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.2.840.113549.1.9.2': 'unstructuredName',
};
const SIGNATURES: Record<string, string> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.10040.4.3': 'dsa-with-sha1',
  '2.16.840.1.101.3.4.3.2': 'dsa-with-sha256',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
const KEYS: Record<string, string> = {
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10046.2.1': 'DH',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.3.101.110': 'X25519',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
const CURVES: Record<string, string> = {
  '1.2.840.10045.3.1.1': 'P-192',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.33': 'P-224',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
};

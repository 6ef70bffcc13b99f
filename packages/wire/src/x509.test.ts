import { describe, expect, test } from 'vitest';
import {
  COMMON_NAME,
  COUNTRY,
  certificate,
  ECDSA_WITH_SHA256,
  ed25519Key,
  ORGANIZATION,
  p256Key,
  printable,
  rsaKey,
  utf8,
} from './protocols/tls/certificates.golden.ts';
import { write } from './testing/index.ts';
import { readCertificate } from './x509.ts';

const validity = { notBefore: '490101000000Z', notAfter: '20500101000000Z' };
const subject = [utf8(COMMON_NAME, 'press-4')];

describe('certificates', () => {
  test('names are written last part first, with their signs escaped', () => {
    const der = certificate({
      ...validity,
      serial: '01',
      subject: [printable(COUNTRY, 'DE'), utf8(ORGANIZATION, 'Öfen, Pressen + Co'), utf8(COMMON_NAME, '#4 "alt"')],
    });
    expect(readCertificate(der)?.subject).toBe('CN=\\#4 \\"alt\\",O=Öfen\\, Pressen \\+ Co,C=DE');
  });

  test('attributes that have no short name are shown by number, and wide strings are read', () => {
    const der = certificate({
      ...validity,
      serial: '01',
      subject: [['2b0601040181ad4e', 0x1e, write().utf16be('Halle 3')]],
    });
    expect(readCertificate(der)?.subject).toBe('1.3.6.1.4.1.22222=Halle 3');
  });

  test('two-digit years from 50 on are of the last century (RFC 5280 section 4.1.2.5.1)', () => {
    const read = (notBefore: string) => readCertificate(certificate({ ...validity, notBefore, serial: '01', subject }));
    expect(read('491231235959Z')?.notBefore).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(read('500101000000Z')?.notBefore).toBe(Date.UTC(1950, 0, 1));
    expect(read('20500101000000Z')?.notBefore).toBe(Date.UTC(2050, 0, 1));
    expect(read('500101000000+0100')).toBeUndefined();
  });

  test.each([
    ['RSA 1024', rsaKey(1024)],
    ['RSA 4096', rsaKey(4096)],
    ['EC P-256', p256Key()],
    ['Ed25519', ed25519Key()],
  ])('key %s', (key, bytes) => {
    expect(readCertificate(certificate({ ...validity, serial: '01', subject, key: bytes }))?.key).toBe(key);
  });

  test('signature, number without leading zeros, and alternative names', () => {
    const der = certificate({
      ...validity,
      serial: '00ff10',
      subject,
      issuer: [utf8(COMMON_NAME, 'Plant CA')],
      signature: ECDSA_WITH_SHA256,
      dnsNames: ['press-4.plant.example'],
      addresses: ['10.0.0.4', '2001:db8::4'],
      uris: ['urn:press-4'],
    });
    expect(readCertificate(der)).toMatchObject({
      number: 'ff10',
      issuer: 'CN=Plant CA',
      signature: 'ecdsa-with-SHA256',
      names: ['press-4.plant.example', '10.0.0.4', '2001:db8::4', 'urn:press-4'],
      selfSigned: false,
    });
  });

  test('a certificate cut off anywhere is none, and does not throw', () => {
    const der = certificate({ ...validity, serial: '01', subject, dnsNames: ['a.example'] });
    for (let length = 0; length < der.length; length++) expect(readCertificate(der.slice(0, length))).toBeUndefined();
  });
});

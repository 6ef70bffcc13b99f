import { describe, expect, test } from 'vitest';
import { BER, berInteger, berOid, berText, berTime, berUnsigned, readBer, readBerAs, readBerIf } from './ber.ts';
import { Reader } from './reader.ts';
import { ber, hex, write } from './testing/index.ts';

const readerOf = (bytes: Uint8Array) =>
  new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
const bodyOf = (digits: string) => readerOf(hex(digits));

describe('elements', () => {
  test.each([
    ['short form', '04 03 616263', 3],
    ['one byte of length', `04 81 80 ${'61'.repeat(128)}`, 128],
    ['two bytes of length', `04 82 0100 ${'61'.repeat(256)}`, 256],
    ['more bytes than needed', '04 84 00000003 616263', 3],
  ])('%s', (_, digits, length) => {
    const reader = bodyOf(`${digits} ff`);
    const element = readBer(reader);
    expect([element?.tag, element?.body.left, reader.left]).toEqual([4, length, 1]);
  });

  test.each([
    ['a length past the end', '04 04 616263'],
    ['the indefinite form', '30 80 0000'],
    ['a length of five bytes', '04 85 0000000003 616263'],
    ['a tag number above 30', '1f 81 01 00'],
    ['nothing', ''],
  ])('fails on %s', (_, digits) => {
    const reader = bodyOf(digits);
    expect([readBer(reader), reader.ok]).toEqual([undefined, false]);
  });

  test('an element of another tag fails where it must be there, and stays where it may be', () => {
    const reader = readerOf(ber(BER.integer, write().u8(5)));
    expect(readBerIf(reader, BER.oid)).toBeUndefined();
    expect(reader.offset).toBe(0);
    expect(readBerAs(reader, BER.oid).ok).toBe(false);
    expect(reader.ok).toBe(false);
  });
});

describe('values', () => {
  test.each([
    ['00', 0],
    ['7f', 127],
    ['80', -128],
    ['00 80', 128],
    ['ff 7f', -129],
    ['00 ff ff ff ff', 4_294_967_295],
  ])('integer %s', (digits, value) => {
    expect(berInteger(bodyOf(digits))).toBe(value);
  });

  test('an unsigned value without the leading zero', () => {
    expect(berUnsigned(bodyOf('ff ff ff ff'))).toBe(4_294_967_295);
  });

  test.each([
    ['2b 06 01 02 01 01 01 00', '1.3.6.1.2.1.1.1.0'],
    ['28 c4 62 01 01 02', '1.0.8802.1.1.2'],
    ['88 37 03', '2.999.3'], // the example of X.690 section 8.19
    ['2b 06 81', ''], // the last group goes on
  ])('object identifier %s', (digits, text) => {
    expect(berOid(bodyOf(digits))).toBe(text);
  });

  test('an object identifier of endless parts is none', () => {
    expect(berOid(bodyOf(`2b ${'01'.repeat(200)}`))).toBe('');
  });

  test('texts by their tag', () => {
    expect(berText({ tag: BER.utf8String, body: readerOf(write().text('Öfen').build()) })).toBe('Öfen');
    expect(berText({ tag: BER.bmpString, body: readerOf(write().utf16be('Öfen').build()) })).toBe('Öfen');
    expect(berText({ tag: BER.t61String, body: readerOf(write().latin1('Öfen').build()) })).toBe('Öfen');
    expect(berText({ tag: BER.integer, body: bodyOf('41') })).toBe('');
  });

  test('times: seconds may be left out, zones other than UTC are not allowed', () => {
    const time = (tag: number, text: string) => berTime({ tag, body: readerOf(write().text(text).build()) });
    expect(time(BER.utcTime, '2601020304Z')).toBe(Date.UTC(2026, 0, 2, 3, 4));
    expect(time(BER.generalizedTime, '20260102030405Z')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(time(BER.utcTime, '20260102030405Z')).toBeNaN();
    expect(time(BER.generalizedTime, '20260102030405+0100')).toBeNaN();
  });
});

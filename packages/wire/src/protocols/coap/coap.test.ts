import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { bytesOf, write } from '../../testing/index.ts';
import { golden } from './coap.golden.ts';
import { coap } from './coap.ts';

goldenTest(coap, golden, import.meta.url);

describe('requests on other ports', () => {
  const recognises = (bytes: Uint8Array) =>
    coap.recognise?.(new Reader(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length));

  it('are known by a named resource and nothing but registered options', () => {
    expect(recognises(bytesOf(write().hex('40 01 12 34').u8(0xb4).text('temp')))).toBe(true);
    expect(recognises(bytesOf(write().hex('40 01 12 34').u8(0x24).text('temp')))).toBe(false);
    expect(recognises(bytesOf(write().hex('40 01 12 34')))).toBe(false);
    expect(recognises(bytesOf(write().hex('40 45 12 34').u8(0xb4).text('temp')))).toBe(false);
    expect(recognises(new Uint8Array(0))).toBe(false);
  });
});

import { expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { hex } from '../../testing/index.ts';
import { golden } from './c37118.golden.ts';
import { c37118, c37118Checksum } from './c37118.ts';

goldenTest(c37118, golden, import.meta.url);

it('has the checksum of the usual test text', () => {
  expect(c37118Checksum(new TextEncoder().encode('123456789'))).toBe(0x29b1);
});

it.each([
  ['a command', 'aa41 0012 00f1 00000000 00000000 0005 d7d0', true],
  ['a command with another checksum', 'aa41 0012 00f1 00000000 00000000 0005 d7d1', false],
  ['half a command', 'aa41 0012 00f1 0000', false],
  ['a type that is not given out', 'aa71 0012 00f1 00000000 00000000 0005 d7d0', false],
])('on other ports: %s', (_, digits, isC37118) => {
  const bytes = hex(digits);
  expect(c37118.recognise?.(new Reader(new DataView(bytes.buffer), 0, bytes.length))).toBe(isC37118);
});

import { expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { hex } from '../../testing/index.ts';
import { golden } from './iec104.golden.ts';
import { iec104 } from './iec104.ts';

goldenTest(iec104, golden, import.meta.url);

it.each([
  ['start of the transfer', '680407000000', true],
  ['a control function with a bit too much', '68040f000000', false],
  ['an acknowledgement, which has too little in it', '680401000200', false],
  ['a single command', '680e02000600 2d010600 0700 881300 01', true],
  ['a single command whose length does not fit', '680f02000600 2d010600 0700 881300 0100', false],
  ['a type that is not given out', '680e02000600 c8010600 0700 881300 01', false],
  ['half a message', '680e02000600 2d01', false],
  ['a telegram of M-Bus', '68040468 0800 0000 0816', false],
])('on other ports: %s', (_, digits, isIec104) => {
  const bytes = hex(digits);
  expect(iec104.recognise?.(new Reader(new DataView(bytes.buffer), 0, bytes.length))).toBe(isIec104);
});

import { expect, test } from 'vitest';
import { formatBytes, formatService, formatSpan, formatTime, suretyWord } from './format.ts';

test('bytes', () => {
  expect([0, 999, 1000, 1_250_000, 123_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.3 MB',
    '123 GB',
  ]);
});
test('spans of time', () => {
  expect([0, 45_400, 200_000, 7_260_000, 90_000_000].map(formatSpan)).toEqual([
    '0 s',
    '45 s',
    '3 min 20 s',
    '2 h 1 min',
    '1 d 1 h',
  ]);
});
test('times that no calendar holds are no times', () => {
  for (const ms of [undefined, 0, -5, Number.NaN, 1e300]) expect(formatTime(ms)).toBe('no time');
});
test('services with and without a recognised protocol', () => {
  expect(formatService({ transport: 'tcp', port: 502, protocol: 'modbus' })).toBe('modbus tcp/502');
  expect(formatService({ transport: 'udp', port: 9 })).toBe('udp/9');
});
test('sureness in words', () => {
  expect([1, 0.7, 0.4, 0.1].map(suretyWord)).toEqual(['sure', 'likely', 'unsure', 'little known']);
});

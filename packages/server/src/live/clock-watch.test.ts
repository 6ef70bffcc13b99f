import { expect, test } from 'vitest';
import { ClockWatch } from './clock-watch.ts';

test('a clock that is set is noticed once, drift is not', () => {
  const watch = new ClockWatch();
  let now = 1_000_000;
  let steady = 0;
  const after = (clock: number, real: number) => {
    now += clock;
    steady += real;
    return watch.jumpAt(now, steady);
  };
  expect(watch.jumpAt(now, steady)).toBe(0);
  for (let n = 0; n < 1_000; n++) expect(after(200.1, 200)).toBe(0);
  expect(after(3_600_200, 200)).toBe(3_600_000);
  expect(after(200, 200)).toBe(0);
  expect(after(-7_199_800, 200)).toBe(-7_200_000);
  expect(after(200, 200)).toBe(0);
});

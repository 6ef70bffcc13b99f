// A short run of the fuzzer with every test run, and that what it finds can be found again.
import { describe, expect, it } from 'vitest';
import { mutate, Random } from './fuzz-mutate.ts';
import { type Input, loadCorpus, runInput } from './fuzz-run.ts';

const SEED = 20_260_101;

describe('the fuzzer', () => {
  it('finds nothing in its first inputs, and makes the same ones again', async () => {
    const corpus = await loadCorpus();
    const modes = new Set<string>();
    for (let number = 0; number < 400; number++) {
      const [once, again]: [Input, Input] = [
        { mode: '', bytes: new Uint8Array() },
        { mode: '', bytes: new Uint8Array() },
      ];
      await runInput(corpus, SEED, number, once);
      if (number % 10 === 0) {
        await runInput(corpus, SEED, number, again);
        expect(again).toEqual(once);
      }
      modes.add(once.mode.split(' of ')[0] ?? '');
    }
    expect([...modes].sort()).toEqual(['conversation', 'document', 'file', 'message', 'packed file']);
  });

  it('changes bytes in every way without growing them beyond measure', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);
    const lengths = new Set<number>();
    for (let number = 0; number < 2000; number++) lengths.add(mutate(bytes, new Random(SEED, number), [bytes]).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256 * 1024);
    expect(lengths.size).toBeGreaterThan(100);
    for (const short of [new Uint8Array(0), Uint8Array.of(1)])
      for (let number = 0; number < 500; number++)
        expect(() => mutate(short, new Random(SEED, number), [bytes])).not.toThrow();
  });
});

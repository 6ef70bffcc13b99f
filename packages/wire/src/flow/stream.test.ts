// A stream gives the bytes that were sent, once and in order, whatever the network and the capture did to the segments.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamMemory, type StreamReceiver, TcpStream } from './stream.ts';

/** Writes down what a stream yields: bytes as numbers, a gap as its negative length. */
class Recorder implements StreamReceiver {
  readonly got: number[] = [];
  bytes(view: DataView, at: number, end: number): void {
    for (let n = at; n < end; n++) this.got.push(view.getUint8(n));
  }
  gap(length: number): void {
    this.got.push(-length);
  }
}

function bench(start?: number, limit = 1 << 20) {
  const memory = new StreamMemory(limit);
  const stream = new TcpStream(memory);
  if (start !== undefined) stream.start(start);
  const recorder = new Recorder();
  const send = (sequence: number, bytes: readonly number[], missing = 0) => {
    const view = new DataView(Uint8Array.from([0xee, ...bytes, 0xee]).buffer);
    stream.accept(sequence >>> 0, view, 1, 1 + bytes.length, missing, 1, 0, recorder);
  };
  return { memory, stream, recorder, send };
}

describe('in order', () => {
  test('over the end of the number space', () => {
    const { send, recorder } = bench(0xfffffffe);
    send(0xfffffffe, [1, 2, 3]);
    send(1, [4]);
    expect(recorder.got).toEqual([1, 2, 3, 4]);
  });
  test('from the middle: the first segment seen starts it', () => {
    const { send, recorder } = bench();
    send(1000, [1]);
    send(1001, [2]);
    send(999, [9, 1]);
    expect(recorder.got).toEqual([1, 2]);
  });
});

describe('out of order', () => {
  test('waits for what is before', () => {
    const { send, recorder, memory } = bench(10);
    send(12, [3]);
    send(11, [2]);
    expect(recorder.got).toEqual([]);
    expect(memory.used).toBe(2);
    send(10, [1]);
    expect(recorder.got).toEqual([1, 2, 3]);
    expect(memory.used).toBe(0);
  });
  test('the bytes that came first count', () => {
    const { send, recorder } = bench(10);
    send(10, [1, 2]);
    send(11, [7, 3]);
    send(10, [8, 8, 8]);
    send(14, [5]);
    send(13, [4, 6]);
    expect(recorder.got).toEqual([1, 2, 3, 4, 6]);
  });
});

describe('loss', () => {
  test('an acknowledgement of the other end shows that it is one', () => {
    const { send, recorder, stream } = bench(10);
    send(15, [6]);
    stream.acknowledged(15, recorder);
    expect(recorder.got).toEqual([-5, 6]);
  });
  test('no acknowledgement, no loss', () => {
    const { send, recorder, stream } = bench(10);
    send(15, [6]);
    stream.acknowledged(10, recorder);
    expect(recorder.got).toEqual([]);
  });
  test('too many wait', () => {
    const { send, recorder } = bench(10);
    for (let n = 0; n < 40; n++) send(11 + n, [n]);
    expect(recorder.got).toEqual([-1, ...Array.from({ length: 40 }, (_, n) => n)]);
  });
  test('the end of the connection', () => {
    const { send, recorder, stream, memory } = bench(10);
    send(12, [3]);
    send(15, [6]);
    stream.finish(recorder);
    expect(recorder.got).toEqual([-2, 3, -2, 6]);
    expect(memory.used).toBe(0);
  });
  test('bytes that the capture cut off', () => {
    const { send, recorder } = bench(10);
    send(10, [1], 3);
    send(14, [5]);
    expect(recorder.got).toEqual([1, -3, 5]);
  });
  test('bytes that the capture cut off a segment before its turn, and a retransmission within them', () => {
    const { send, recorder } = bench(10);
    send(12, [3], 4);
    send(10, [1, 2]);
    send(14, [9, 9]);
    send(17, [8]);
    send(18, [9]);
    expect(recorder.got).toEqual([1, 2, 3, -4, 8, 9]);
  });
  test('far away is another connection', () => {
    const { send, recorder } = bench(10);
    send(10, [1]);
    send(0x40000000, [2]);
    send(0x40000001, [3]);
    expect(recorder.got).toEqual([1, 1, 2, 3]);
  });
});

test('memory has an end: what does not fit is lost, and counted', () => {
  const { send, recorder, stream, memory } = bench(10, 3);
  send(20, [1, 1]);
  send(30, [2, 2]);
  expect(memory).toMatchObject({ used: 2, exhausted: 1 });
  stream.finish(recorder);
  expect(recorder.got).toEqual([-10, 1, 1]);
});

test('any segmentation, order, repetition and overlap gives the bytes that were sent', () => {
  const scenario = fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 0xffffffff }))
    .chain(([length, start]) =>
      fc.tuple(
        fc.constant(length),
        fc.constant(start),
        fc.uniqueArray(fc.integer({ min: 1, max: length }), { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 60 })), { maxLength: 6 }),
        fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
      ),
    );
  fc.assert(
    fc.property(scenario, ([length, start, cuts, repeats, order]) => {
      const sent = Array.from({ length }, (_, n) => (n * 7) & 255);
      const ends = [0, ...cuts.sort((a, b) => a - b), length];
      const segments = [
        ...ends.slice(0, -1).map((from, n) => [from, ends[n + 1] ?? length] as const),
        ...repeats.map(([from, size]) => [from, Math.min(length, from + size)] as const),
      ].filter(([from, to]) => to > from);
      const shuffled = segments
        .map((segment, n) => ({ segment, key: order[n] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ segment }) => segment);
      const { send, recorder, stream, memory } = bench(start);
      for (const [from, to] of shuffled) send(start + from, sent.slice(from, to));
      stream.finish(recorder);
      expect(recorder.got).toEqual(sent);
      expect(memory.used).toBe(0);
    }),
    { numRuns: 2000 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexPairs } from '../reader.ts';
import { capture, concat, LINK_TYPES, pcapBytes, type TimedFrame, udp, write } from '../testing/index.ts';
import { readRecords } from '../testing/read-records.ts';
import { BATCH_RECORDS } from './batch.ts';
import { MAX_TROUBLES_PER_CODE } from './record-format.ts';

const datagram = (text: string) =>
  udp({ from: '10.0.0.5', fromPort: 5000, to: '10.0.0.9', toPort: 6000 }, write().text(text));
const frames = (count: number): readonly TimedFrame[] =>
  capture(
    'numbered datagrams',
    Array.from({ length: count }, (_, i) => datagram(`number ${i} ${'x'.repeat((i * 37) % 300)}`)),
  ).frames;
const HEADER = 24;
/** Position of a record in the little-endian file of these frames. */
const positionOf = (all: readonly TimedFrame[], index: number) =>
  all.slice(0, index).reduce((sum, frame) => sum + 16 + frame.bytes.length, HEADER);
const patch = (file: Uint8Array, at: number, bytes: readonly number[]) => {
  const copy = file.slice();
  copy.set(bytes, at);
  return copy;
};

describe('pcap', () => {
  it.each([
    { littleEndian: true, nanoseconds: false },
    { littleEndian: true, nanoseconds: true },
    { littleEndian: false, nanoseconds: false },
    { littleEndian: false, nanoseconds: true },
  ])('is read in either byte order and resolution: %o', async (how) => {
    const written = frames(BATCH_RECORDS + 3);
    const { records, troubles } = await readRecords(pcapBytes(written, LINK_TYPES.ethernet, how));
    expect(troubles).toEqual([]);
    expect(records.map((record) => record.bytes)).toEqual(written.map((frame) => frame.bytes));
    expect(records.map((record) => record.time)).toEqual(written.map((frame) => frame.time));
    expect(records.map((record) => record.frame)).toEqual(written.map((_, i) => i + 1));
    expect(new Set(records.map((record) => record.linkType))).toEqual(new Set([1]));
  });

  it('keeps fractions of a millisecond', async () => {
    const [frame] = frames(1);
    const time = 1_767_225_600_000.125;
    const { records } = await readRecords(pcapBytes([{ time, bytes: frame?.bytes ?? write().build() }], 1));
    expect(records[0]?.time).toBe(time);
  });

  it('gives the length on the wire of records that were cut by the snapshot length', async () => {
    const { records, troubles } = await readRecords(pcapBytes(frames(4), 1, { snapLength: 50 }));
    expect(records.map((record) => record.bytes.length)).toEqual([50, 50, 50, 50]);
    expect(records.map((record) => record.wireLength)).toEqual(frames(4).map((frame) => frame.bytes.length));
    expect(troubles).toEqual([]);
  });

  it('takes the frame check sequence off whole frames and its flags off the link type', async () => {
    const [frame] = frames(1);
    const bytes = concat(frame?.bytes ?? write().build(), Uint8Array.of(1, 2, 3, 4));
    const flags = 0x2400; // two units of 16 bits, and the flag that says so
    const { records } = await readRecords(pcapBytes([{ time: 1_767_225_600_000, bytes }], 1, { linkTypeFlags: flags }));
    expect(records[0]?.bytes).toEqual(frame?.bytes);
    expect(records[0]?.linkType).toBe(1);
  });

  it('reads files of the patched libpcap with 24 bytes of record header', async () => {
    const written = frames(3);
    const out = write().u32le(0xa1b2cd34).u16le(2, 4).u32le(0, 0, 65535, 1);
    for (const { time, bytes } of written)
      out.u32le(Math.floor(time / 1000), (time % 1000) * 1000, bytes.length, bytes.length, 1, 0).bytes(bytes);
    const { records, troubles } = await readRecords(out.build());
    expect(records.map((record) => record.bytes)).toEqual(written.map((frame) => frame.bytes));
    expect(troubles).toEqual([]);
  });

  it('reads captures that were put one after the other', async () => {
    const [a, b] = [frames(3), frames(2)];
    const file = concat(
      pcapBytes(a, 1),
      pcapBytes(b, 101, { littleEndian: false, nanoseconds: true }),
      pcapBytes([], 1),
    );
    const { records, troubles } = await readRecords(file);
    expect(records.map((record) => record.linkType)).toEqual([1, 1, 1, 101, 101]);
    expect(records.map((record) => record.frame)).toEqual([1, 2, 3, 4, 5]);
    expect(troubles).toEqual([]);
  });

  it('may jump through time, as captures that were put together do', async () => {
    const years = [2024, 2021, 2024, 2009, 2024, 2024, 1999].map((year) => Date.UTC(year, 0, 1));
    const jumping = frames(7).map(({ bytes }, i) => ({ bytes, time: years[i] ?? 0 }));
    const { records, troubles } = await readRecords(pcapBytes(jumping, 1));
    expect(records.map((record) => record.time)).toEqual(years);
    expect(troubles).toEqual([]);
  });

  it('is empty where there is only a file header', async () => {
    expect(await readRecords(pcapBytes([], 1))).toMatchObject({ records: [], troubles: [] });
  });
});

describe('damaged pcap', () => {
  const written = frames(20);
  const file = pcapBytes(written, 1);
  const texts = written.map((frame) => hexPairs(frame.bytes, ''));
  /** Which of the written frames these are, by number from 0; -1 for one that was never written. */
  const numbersOf = (records: readonly { readonly bytes: Uint8Array }[]) =>
    records.map((record) => texts.indexOf(hexPairs(record.bytes, '')));
  const all = written.map((_, i) => i);

  it('keeps what came before a cut at every byte', async () => {
    for (let cut = 0; cut < file.length; cut += 7) {
      const { records, troubles } = await readRecords(file.slice(0, cut));
      const whole = all.filter((i) => positionOf(written, i + 1) <= cut).length;
      expect(numbersOf(records)).toEqual(all.slice(0, whole));
      const atBorder = cut >= HEADER && all.some((i) => positionOf(written, i) === cut);
      expect(troubles.length).toBe(atBorder ? 0 : 1);
    }
    const { troubles } = await readRecords(file.slice(0, positionOf(written, 5) + 20));
    expect(troubles).toEqual([
      {
        code: 'pcap.record-cut-off',
        frame: 5,
        offset: positionOf(written, 5),
        detail: expect.stringMatching(/^a record is cut off by the end: 20 of \d+ bytes$/),
      },
    ]);
  });

  it('goes on behind garbage between records', async () => {
    const at = positionOf(written, 8);
    const garbage = Uint8Array.from({ length: 777 }, (_, i) => (i * 101 + 7) & 0xff);
    const { records, troubles } = await readRecords(concat(file.slice(0, at), garbage, file.slice(at)));
    expect(numbersOf(records)).toEqual(all);
    expect(troubles).toEqual([
      {
        code: expect.stringMatching(/^pcap\./),
        frame: 8,
        offset: at,
        detail: expect.stringMatching(/777 bytes skipped$/),
      },
    ]);
  });

  it('goes on behind a stretch of zeros longer than the window', async () => {
    const at = positionOf(written, 8);
    const { records, troubles } = await readRecords(concat(file.slice(0, at), new Uint8Array(3 << 20), file.slice(at)));
    expect(numbersOf(records)).toEqual(all);
    expect(troubles).toMatchObject([{ code: 'pcap.record-implausible', frame: 8, offset: at }]);
  });

  it('goes on behind damage also at records of another time', async () => {
    const later = written.map(({ bytes, time }) => ({ bytes, time: time + 400 * 86_400_000 }));
    const { records } = await readRecords(concat(file, new Uint8Array(100), pcapBytes(later, 1).slice(HEADER)));
    expect(numbersOf(records)).toEqual([...all, ...all]);
  });

  it('goes on behind lost bytes', async () => {
    const [from, to] = [positionOf(written, 8) + 5, positionOf(written, 10) + 9];
    const { records, troubles } = await readRecords(concat(file.slice(0, from), file.slice(to)));
    expect(numbersOf(records)).toEqual([...all.slice(0, 8), ...all.slice(11)]);
    expect(troubles.length).toBe(1);
  });

  it.each([
    { name: 'a record longer than any', length: [0xff, 0xff, 0xff, 0x7f], code: 'pcap.record-too-long' },
    { name: 'a record that runs over the end', length: [0xff, 0xff, 0x03, 0x00], code: 'pcap.record-cut-off' },
    { name: 'a record longer than its frame', length: [0xff, 0x0a, 0x00, 0x00], code: 'pcap.record-implausible' },
  ])('loses only $name', async ({ length, code }) => {
    const { records, troubles } = await readRecords(patch(file, positionOf(written, 3) + 8, length));
    expect(numbersOf(records)).toEqual(all.filter((i) => i !== 3));
    expect(troubles).toMatchObject([{ code, frame: 3, offset: positionOf(written, 3) }]);
  });

  it('takes records over the announced snapshot length that others follow, and says so once', async () => {
    const announced = patch(file, 16, [60, 0, 0, 0]);
    const { records, troubles } = await readRecords(announced);
    expect(numbersOf(records)).toEqual(all);
    expect(troubles.map((trouble) => trouble.code)).toEqual(['pcap.snap-length']);
  });

  it('leaves out times that cannot be and keeps those of a clock that was never set', async () => {
    const at = (time: number): TimedFrame => ({ time, bytes: written[0]?.bytes ?? write().build() });
    const zero = await readRecords(pcapBytes([at(0), at(0)], 1));
    expect(zero.records.map((record) => record.time)).toEqual([Number.NaN, Number.NaN]);
    expect(zero.troubles.map((trouble) => trouble.code)).toEqual(['capture.time-zero']);
    const early = await readRecords(pcapBytes([at(5000), at(6000)], 1));
    expect(early.records.map((record) => record.time)).toEqual([5000, 6000]);
    expect(early.troubles.map((trouble) => trouble.code)).toEqual(['capture.time-implausible']);
    const late = await readRecords(pcapBytes([at(4_200_000_000_000), at(4_200_000_001_000)], 1));
    expect(late.records.map((record) => record.time)).toEqual([Number.NaN, Number.NaN]);
    expect(late.troubles.map((trouble) => trouble.code)).toEqual(['capture.time-absurd']);
  });

  it('understands negative fractions of a second', async () => {
    const { records, troubles } = await readRecords(patch(file, positionOf(written, 1) + 4, [0xf0, 0xd8, 0xff, 0xff]));
    expect(records[1]?.time).toBe(1_767_225_600_000 - 10);
    expect(troubles.map((trouble) => trouble.code)).toEqual(['pcap.time-fraction']);
  });

  it('reports only the first troubles of a kind, and how many there were', async () => {
    const parts = [file.slice(0, HEADER)];
    const piece = pcapBytes(frames(3), 1).slice(HEADER);
    for (let i = 0; i < MAX_TROUBLES_PER_CODE + 10; i++) parts.push(piece, new Uint8Array(100));
    parts.push(piece);
    const { records, troubles } = await readRecords(concat(...parts));
    expect(records.length).toBe(3 * (MAX_TROUBLES_PER_CODE + 11));
    expect(troubles.length).toBe(MAX_TROUBLES_PER_CODE + 1);
    expect(troubles.at(-1)).toMatchObject({
      code: 'capture.more-troubles',
      detail: '10 more of pcap.record-implausible',
    });
  });
});

describe('any bytes', () => {
  const some = frames(30).map((frame, i) => (i % 10 === 9 ? { ...frame, time: 1000 * (i - 9) } : frame));
  const file = pcapBytes(some, 1);

  it('give the same records and troubles in whatever pieces they come', async () => {
    const damaged = concat(file.slice(0, 2000), new Uint8Array(300).fill(0x5a), file.slice(2000, -9));
    for (const bytes of [file, damaged]) {
      const whole = await readRecords(bytes);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), fc.boolean(), async (chunkSize, later) => {
          expect(await readRecords(bytes, chunkSize, later)).toEqual(whole);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, withHeader) => {
        const { records, troubles } = await readRecords(withHeader ? concat(file.slice(0, HEADER), bytes) : bytes);
        expect(records.length + troubles.length > 0 || bytes.length === 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never throw when a good file is changed in places', async () => {
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const copy = file.slice();
        for (const [at, value] of changes) copy[at] = value;
        const { records } = await readRecords(copy);
        expect(records.length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 300 },
    );
  });
});

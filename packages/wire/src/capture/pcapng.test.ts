import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexPairs } from '../reader.ts';
import {
  anyBlock,
  capture,
  comment,
  concat,
  enhancedPacket,
  interfaceBlock,
  nameBlock,
  obsoletePacket,
  pcapBytes,
  section,
  simplePacket,
  statisticsBlock,
  toPcapng,
  udp,
  write,
} from '../testing/index.ts';
import { readRecords } from '../testing/read-records.ts';

const START = 1_767_225_600_000;
const written = capture(
  'numbered datagrams',
  Array.from({ length: 20 }, (_, i) =>
    udp(
      { from: '10.0.0.5', fromPort: 5000, to: '10.0.0.9', toPort: 6000 },
      write().text(`number ${i} ${'x'.repeat((i * 37) % 300)}`),
    ),
  ),
);
const frame = (index: number) => written.frames[index]?.bytes ?? write().build();
const texts = written.frames.map(({ bytes }) => hexPairs(bytes, ''));
/** Which of the written frames these are, by number from 0; -1 for one that was never written. */
const numbersOf = (records: readonly { readonly bytes: Uint8Array }[]) =>
  records.map((record) => texts.indexOf(hexPairs(record.bytes, '')));
const all = texts.map((_, i) => i);
const micros = (milliseconds: number) => BigInt(Math.round(milliseconds * 1000));
const codes = (troubles: readonly { readonly code: string }[]) => troubles.map((trouble) => trouble.code);

describe('pcapng', () => {
  it.each([true, false])('is read in either byte order (little endian: %s)', async (littleEndian) => {
    const { records, troubles } = await readRecords(toPcapng(written, { littleEndian }));
    expect(troubles).toEqual([]);
    expect(numbersOf(records)).toEqual(all);
    expect(records.map((record) => record.time)).toEqual(written.frames.map(({ time }) => time));
  });

  it('is read with all kinds of packet blocks', async () => {
    const file = section({}, [
      interfaceBlock({ linkType: 101 }),
      enhancedPacket({ time: micros(START), wireLength: 1500 }, frame(0)),
      obsoletePacket({ time: micros(START + 1) }, frame(1)),
      simplePacket(frame(2)),
    ]);
    const { records, troubles } = await readRecords(file);
    expect(troubles).toEqual([]);
    expect(numbersOf(records)).toEqual([0, 1, 2]);
    expect(records.map((record) => record.time)).toEqual([START, START + 1, Number.NaN]);
    expect(records.map((record) => record.wireLength)).toEqual([1500, frame(1).length, frame(2).length]);
    expect(records.map((record) => record.linkType)).toEqual([101, 101, 101]);
  });

  it('cuts simple packets at the snapshot length', async () => {
    const file = section({}, [interfaceBlock({ snapLength: 40 }), simplePacket(frame(0).slice(0, 40), 60)]);
    const { records } = await readRecords(file);
    expect(records[0]).toMatchObject({ wireLength: 60, bytes: frame(0).slice(0, 40) });
  });

  it('keeps sections of different byte order and their interfaces apart', async () => {
    const file = concat(
      section({ littleEndian: true }, [
        interfaceBlock({ linkType: 1 }),
        interfaceBlock({ linkType: 113 }),
        enhancedPacket({ time: micros(START), interface: 1 }, frame(0)),
        enhancedPacket({ time: micros(START), interface: 0 }, frame(1)),
      ]),
      section({ littleEndian: false, length: 0n }, [
        interfaceBlock({ linkType: 276 }),
        enhancedPacket({ time: micros(START) }, frame(2)),
        enhancedPacket({ time: micros(START), interface: 1 }, frame(3)),
      ]),
    );
    const { records, troubles } = await readRecords(file);
    expect(records.map((record) => record.linkType)).toEqual([113, 1, 276]);
    expect(troubles).toMatchObject([{ code: 'pcapng.unknown-interface', frame: 3 }]);
  });

  it.each([
    { name: 'nanoseconds', resolution: 9, time: 1_767_225_600_000_000_000n },
    { name: 'milliseconds', resolution: 3, time: 1_767_225_600_000n },
    { name: 'seconds', resolution: 0, time: 1_767_225_600n },
    { name: 'units of 2^-10 s', resolution: 0x8a, time: 1_767_225_600n * 1024n },
    { name: 'an offset', resolution: 6, time: 600_000_000n, offset: 1_767_225_000n },
    { name: 'a negative offset', resolution: 6, time: 1_767_225_660_000_000n, offset: -60n },
  ])('understands times in $name', async ({ resolution, time, offset }) => {
    for (const littleEndian of [true, false]) {
      const how = { resolution, ...(offset === undefined ? {} : { offset }) };
      const { records } = await readRecords(
        section({ littleEndian }, [interfaceBlock(how), enhancedPacket({ time }, frame(0))]),
      );
      expect(records[0]?.time).toBe(START);
    }
  });

  it('takes the frame check sequence off whole frames', async () => {
    const file = section({}, [
      interfaceBlock({ checkBytes: 4 }),
      enhancedPacket({ time: micros(START) }, concat(frame(0), Uint8Array.of(1, 2, 3, 4))),
      enhancedPacket({ time: micros(START), wireLength: 1500 }, frame(1)),
    ]);
    expect(numbersOf((await readRecords(file)).records)).toEqual([0, 1]);
  });

  it('gives out names of addresses and comments', async () => {
    const file = section({ options: [comment('plant 2, line 4')] }, [
      interfaceBlock({ options: [comment('mirror port')] }),
      enhancedPacket({ time: micros(START), options: [comment('here it stops')] }, frame(0)),
      nameBlock(
        [
          { ip: '10.0.0.9', names: ['press.example', 'old-press.example'] },
          { ip: '2001:db8::5', names: ['hmi.example'] },
        ],
        [comment('from the hosts file')],
      ),
      statisticsBlock(0, [comment('nothing lost')]),
    ]);
    const { names, comments, troubles } = await readRecords(file);
    expect(troubles).toEqual([]);
    expect(names).toEqual([
      { ip: '10.0.0.9', name: 'press.example', frame: 1 },
      { ip: '10.0.0.9', name: 'old-press.example', frame: 1 },
      { ip: '2001:db8::5', name: 'hmi.example', frame: 1 },
    ]);
    expect(comments).toEqual([
      { frame: 0, text: 'plant 2, line 4' },
      { frame: 0, text: 'mirror port' },
      { frame: 1, text: 'here it stops' },
      { frame: 0, text: 'from the hosts file' },
      { frame: 0, text: 'nothing lost' },
    ]);
  });

  it('passes over custom, secret and unknown blocks, large ones too', async () => {
    const file = section({}, [
      interfaceBlock(),
      anyBlock(0x0bad, write().u32(32473).text('own data')),
      anyBlock(0x77777777, write().text('of the future')),
      enhancedPacket({ time: micros(START) }, frame(0)),
      anyBlock(10, new Uint8Array(5 << 20).fill(0x41)),
      enhancedPacket({ time: micros(START) }, frame(1)),
    ]);
    const { records, troubles } = await readRecords(file);
    expect(troubles).toEqual([]);
    expect(numbersOf(records)).toEqual([0, 1]);
  });

  it('reads a pcap that was put after it', async () => {
    const { records, troubles } = await readRecords(concat(toPcapng(written), pcapBytes(written.frames, 1)));
    expect(troubles).toEqual([]);
    expect(numbersOf(records)).toEqual([...all, ...all]);
  });
});

describe('damaged pcapng', () => {
  const blocks = (change: (index: number) => Partial<Parameters<typeof enhancedPacket>[0]> = () => ({})) =>
    section({}, [
      interfaceBlock(),
      ...written.frames.map(({ time, bytes }, i) => enhancedPacket({ time: micros(time), ...change(i) }, bytes)),
    ]);
  const file = blocks();
  const lengthOf = (index: number) => 32 + 4 * Math.ceil(frame(index).length / 4);
  const positionOf = (index: number) => all.slice(0, index).reduce((sum, i) => sum + lengthOf(i), 28 + 20);

  it('keeps what came before a cut at every byte', async () => {
    for (let cut = 12; cut < file.length; cut += 7) {
      const { records, troubles } = await readRecords(file.slice(0, cut));
      const whole = all.filter((i) => positionOf(i + 1) <= cut).length;
      expect(numbersOf(records)).toEqual(all.slice(0, whole));
      const atBorder = cut === 28 || all.some((i) => positionOf(i) === cut);
      expect(codes(troubles)).toEqual(atBorder ? [] : ['pcapng.block-cut-off']);
    }
  });

  it('goes on behind garbage, zeros and lost bytes', async () => {
    const at = positionOf(8);
    const garbage = Uint8Array.from({ length: 778 }, (_, i) => (i * 101 + 7) & 0xff);
    for (const between of [garbage, new Uint8Array(500), new Uint8Array(3 << 20).fill(0xff)]) {
      const { records, troubles } = await readRecords(concat(file.slice(0, at), between, file.slice(at)));
      expect(numbersOf(records)).toEqual(all);
      expect(troubles).toMatchObject([{ code: 'pcapng.block-length', frame: 8, offset: at }]);
    }
    const { records, troubles } = await readRecords(concat(file.slice(0, at + 9), file.slice(positionOf(10) + 30)));
    expect(numbersOf(records)).toEqual([...all.slice(0, 8), ...all.slice(11)]);
    expect(codes(troubles)).toEqual(['pcapng.block-length']);
  });

  it('takes a block whose length at the end is wrong', async () => {
    const { records, troubles } = await readRecords(blocks((i) => (i === 5 ? { endLength: 4711 } : {})));
    expect(numbersOf(records)).toEqual(all);
    expect(troubles).toMatchObject([{ code: 'pcapng.block-length', frame: 5, offset: positionOf(5) }]);
  });

  it.each([0, 8, 0xffffffff, 0x7ffffff0, 100_000])(
    'loses only a block that says it has %d bytes',
    async (blockLength) => {
      const { records, troubles } = await readRecords(blocks((i) => (i === 5 ? { blockLength } : {})));
      expect(numbersOf(records)).toEqual(all.filter((i) => i !== 5));
      expect(troubles).toMatchObject([{ frame: 5, offset: positionOf(5) }]);
    },
  );

  it('takes of a record what its block holds', async () => {
    const { records, troubles } = await readRecords(blocks((i) => (i === 0 ? { length: 0x7fffffff } : {})));
    expect(numbersOf(records)).toEqual(all);
    expect(codes(troubles)).toEqual(['pcapng.record-beyond-block']);
  });

  it('leaves out records of interfaces that are not described', async () => {
    const { records, troubles } = await readRecords(blocks((i) => (i === 3 ? { interface: 7 } : {})));
    expect(numbersOf(records)).toEqual(all.filter((i) => i !== 3));
    expect(records.map((record) => record.frame)).toEqual(all.slice(0, -1).map((i) => i + 1));
    expect(troubles).toMatchObject([{ code: 'pcapng.unknown-interface', frame: 3 }]);
    const none = await readRecords(section({}, [enhancedPacket({ time: 1n }, frame(0)), simplePacket(frame(1))]));
    expect(none.records).toEqual([]);
    expect(codes(none.troubles)).toEqual(['pcapng.unknown-interface', 'pcapng.unknown-interface']);
  });

  it('reports options and names that run over their block', async () => {
    const overrun = { code: 1, value: write().text('short'), length: 60_000 };
    const file = section({}, [
      interfaceBlock({ options: [overrun] }),
      enhancedPacket({ time: micros(START), options: [overrun] }, frame(0)),
      anyBlock(4, write().u16le(1, 5000).ipv4('10.0.0.9').textz('name')),
    ]);
    const { records, troubles } = await readRecords(file);
    expect(numbersOf(records)).toEqual([0]);
    expect(codes(troubles)).toEqual(['pcapng.option-overrun', 'pcapng.option-overrun', 'pcapng.name-overrun']);
  });

  it('reports a large block that is cut off by the end', async () => {
    const secrets = section({}, [anyBlock(10, new Uint8Array(5 << 20))]);
    const { troubles } = await readRecords(secrets.slice(0, 3 << 20));
    expect(codes(troubles)).toEqual(['pcapng.block-cut-off']);
  });

  it('reports blocks too short for their fields and a byte order that is none', async () => {
    const file = section({}, [
      anyBlock(1, new Uint8Array(4)),
      anyBlock(6, new Uint8Array(8)),
      anyBlock(3, new Uint8Array(0)),
    ]);
    expect(codes((await readRecords(file)).troubles)).toEqual([
      'pcapng.block-too-short',
      'pcapng.block-too-short',
      'pcapng.block-too-short',
    ]);
    const noOrder = file.slice();
    noOrder[8] = 0;
    expect(codes((await readRecords(noOrder)).troubles)).toContain('pcapng.byte-order');
  });

  it('lists no more interfaces than a machine can have', async () => {
    const file = section({}, [
      ...Array.from({ length: 5000 }, () => interfaceBlock()),
      enhancedPacket({ time: micros(START), interface: 4999 }, frame(0)),
    ]);
    expect(codes((await readRecords(file)).troubles)).toEqual([
      'pcapng.too-many-interfaces',
      'pcapng.unknown-interface',
    ]);
  });
});

describe('any bytes', () => {
  const file = new Uint8Array(
    section({ options: [comment('one')] }, [
      interfaceBlock({ resolution: 9, offset: 5n }),
      nameBlock([{ ip: '10.0.0.9', names: ['press'] }]),
      ...written.frames.map(({ time, bytes }) =>
        enhancedPacket({ time: micros(time % 100 === 90 ? 7 : time) * 1000n, options: [comment('two')] }, bytes),
      ),
      simplePacket(frame(3)),
      statisticsBlock(0),
    ]),
  );

  it('give the same records, names and troubles in whatever pieces they come', async () => {
    const damaged = concat(file.slice(0, 2000), new Uint8Array(301).fill(0x5a), file.slice(2000, -9));
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

  it('never throw when a good file is changed in places', async () => {
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const copy = file.slice();
        for (const [at, value] of changes) copy[at] = value;
        const { records } = await readRecords(copy);
        expect(records.length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenLines, observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { capture, fromClient, fromServer, hex, tcp, write } from '../../testing/index.ts';
import { describeBlocks } from './functions.ts';
import { describeItems } from './items.ts';
import { golden } from './s7comm.golden.ts';
import { s7comm } from './s7comm.ts';
import { readSzl } from './szl.ts';

goldenTest(s7comm, golden, import.meta.url);

const readerOf = (bytes: Uint8Array) => new Reader(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);

describe('modules behind one address', () => {
  const tpkt = (cotp: Uint8Array) =>
    write()
      .u8(3, 0)
      .u16(4 + cotp.length)
      .bytes(cotp)
      .build();
  /** A connection to a slot, on which the module there states its order number. */
  const identified = (clientPort: number, slot: number, order: string) => {
    const tsaps = write().hex('c1 02 0100 c2 02 01').u8(slot).build();
    const connect = (type: number) => tpkt(write().u8(14, type).hex('0000 0001 00').bytes(tsaps).build());
    const list = write().u16(0x0111, 1, 28, 1).u16(1).text(order, 20, 0x20).u16(0xc0, 1, 1).build();
    const answer = write()
      .hex('02 f0 80 32 07 0000 0001 000c')
      .u16(4 + list.length)
      .hex('000112 08 12 84 01 00 00 00 0000 ff 09')
      .lengthPrefixed16(list)
      .build();
    return tcp({ client: '10.2.1.1', server: '10.2.1.2', port: 102, clientPort }, [
      fromClient(connect(0xe0)),
      fromServer(connect(0xd0)),
      fromServer(tpkt(answer)),
    ]);
  };
  const ordersOf = async (...groups: ReturnType<typeof identified>[]) => {
    const lines = goldenLines(await observationsOf(capture('s7', groups).toPcap(), { protocols: [s7comm] }), 's7comm');
    return lines
      .map((line) => JSON.parse(line) as { subject: string; kind: string; value: string; count: number })
      .filter(({ kind }) => kind === 'device.order-number')
      .map(({ subject, value, count }) => [subject.split('#')[1], value, count]);
  };

  it('are one where every slot states the same', async () => {
    expect(await ordersOf(identified(1, 0, '6ES7 1'), identified(2, 1, '6ES7 1'), identified(3, 2, '6ES7 1'))).toEqual([
      [undefined, '6ES7 1', 3],
    ]);
  });

  it('are parts where a slot states something else, and stay so', async () => {
    const groups = [identified(1, 2, '6ES7 1'), identified(2, 5, '6GK7 9'), identified(3, 2, '6ES7 1')];
    expect(await ordersOf(...groups, identified(4, 5, '6GK7 9'))).toEqual([
      [undefined, '6ES7 1', 2],
      ['s7-slot:0/5', '6GK7 9', 2],
    ]);
  });
});

describe('system status lists', () => {
  const list = (id: number, length: number, ...records: string[]) =>
    write().u16(id, 0, length, records.length).hex(records.join('')).build();

  it('tell whole records only, each once', () => {
    const name = (index: number, text: string) => write().u16(index).text(text, 32).build();
    const bytes = write().u16(0x001c, 0, 34, 3).bytes(name(1, 'A'), name(2, 'B'), name(3, 'C')).build();
    const first = readSzl(bytes.subarray(0, 8 + 34 + 20), 0);
    expect([first.records, first.facts.map(({ value }) => value)]).toEqual([1, ['A']]);
    expect(readSzl(bytes, first.records).facts.map(({ value }) => value)).toEqual(['B', 'C']);
  });

  it.each([
    ['records of no length', list(0x0011, 0, '')],
    ['more records than bytes', write().u16(0x0424, 0, 20, 0xffff).zeros(19).build()],
    ['records too short for their list', list(0x0011, 4, '00010000')],
    ['nothing', new Uint8Array(0)],
  ])('of %s tell nothing', (_, bytes) => {
    expect(readSzl(bytes, 0).facts).toEqual([]);
  });

  it('tell of the master of two redundant CPUs', () => {
    const record = (index: number, text: string) => write().u16(index).text(text, 32).build();
    const records = [record(0xf005, 'S RESERVE'), record(0xf905, 'S MASTER'), record(0xf907, 'CPU 417-5 H')];
    const bytes = write()
      .u16(0x021c, 0, 34, 3)
      .bytes(...records)
      .build();
    expect(readSzl(bytes, 0).facts.map(({ value }) => value)).toEqual(['S MASTER', 'CPU 417-5 H']);
    const leds = list(0x0019, 4, 'f0040100', 'f9040000', 'f9050100');
    expect(readSzl(leds, 0).facts.map(({ value }) => value)).toEqual(['STOP']);
  });

  it.each([
    ['an old version without a letter', '0007 2020202020202020202020202020202020202020 00c0 0102 0304', []],
    ['a version', '0007 2020202020202020202020202020202020202020 00c0 5604 0500', ['V4.5.0']],
  ])('tell the firmware of %s', (_, record, values) => {
    expect(readSzl(list(0x0011, 28, record), 0).facts.map(({ value }) => value)).toEqual(values);
  });
});

it.each([
  ['a bit of a data block', '01 12 0a 10 01 0001 0005 84 000053', 'DB5 bit 10.3'],
  ['real numbers', '01 12 0a 10 08 0002 0001 84 000020', 'DB1 bytes 4 to 11'],
  ['timers', '01 12 0a 10 1d 0003 0000 1d 000005', 'T5 to T7'],
  ['a block read by its short form', '01 12 07 b0 01 04 0009 0010', 'DB9 bytes 16 to 19'],
  ['a memory that is not known', '01 12 0a 10 02 0001 0000 77 000000', ''],
  ['an item that is cut', '02 12 0a 10 02', ''],
])('describes %s', (_, digits, text) => {
  expect(describeItems(readerOf(hex(digits)))).toBe(text);
});

it('describes blocks by their file names', () => {
  expect(describeBlocks('_0800001P')).toBe('OB1');
  expect(describeBlocks('\u0002\u00000A00012P0E00003P')).toBe('DB12, FB3');
  expect(describeBlocks('nothing of the kind')).toBe('');
});

import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenLines, observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { capture, fromClient, fromServer, hex, type Message, tcp, write } from '../../testing/index.ts';
import { golden } from './modbus.golden.ts';
import { modbus } from './modbus.ts';
import { looksLikeModbus } from './recognise.ts';

goldenTest(modbus, golden, import.meta.url);

const SERVER = '10.1.1.2';
const CLIENT = '10.1.1.1';
const adu = (transaction: number, unit: number, pdu: string) => {
  const body = hex(pdu);
  return write()
    .u16(transaction, 0, 1 + body.length)
    .u8(unit)
    .bytes(body);
};
const poll = (transaction: number, unit: number, answer = '03 02 0000'): Message[] => [
  fromClient(adu(transaction, unit, '03 0000 0001')),
  fromServer(adu(transaction, unit, answer)),
];
const conversation = (clientPort: number, messages: readonly Message[]) =>
  tcp({ client: CLIENT, server: SERVER, port: 502, clientPort }, messages);

interface Line {
  readonly subject: string;
  readonly kind: string;
  readonly value: unknown;
  readonly count: number;
}
async function toldOf(...groups: ReturnType<typeof conversation>[]): Promise<Line[]> {
  const file = capture('modbus', groups).toPcap();
  return goldenLines(await observationsOf(file, { protocols: [modbus] }), 'modbus').map((line) => JSON.parse(line));
}
const unitsOf = (lines: readonly Line[]) =>
  lines.filter(({ kind }) => kind === 'modbus.unit-id').map(({ subject, value }) => [subject.split('#')[1], value]);

describe('units of a Modbus server', () => {
  it('are the server itself as long as one answers besides 0 and 255', async () => {
    const lines = await toldOf(conversation(1, [...poll(1, 0), ...poll(2, 255), ...poll(3, 17)]));
    expect(unitsOf(lines)).toEqual([
      [undefined, 0],
      [undefined, 255],
      [undefined, 17],
    ]);
  });

  it('are parts from the second on, also over several connections', async () => {
    const lines = await toldOf(conversation(1, poll(1, 2)), conversation(2, poll(1, 9)));
    expect(unitsOf(lines)).toEqual([
      [undefined, 2],
      [undefined, 9],
      ['modbus-unit:2', 2],
      ['modbus-unit:9', 9],
    ]);
  });

  it('are no parts where they only gave exceptions, and not even there where a gateway answered for them', async () => {
    const lines = await toldOf(conversation(1, [...poll(1, 2), ...poll(2, 3, '83 02'), ...poll(3, 4, '83 0b')]));
    expect(unitsOf(lines)).toEqual([
      [undefined, 2],
      [undefined, 3],
    ]);
  });
});

it('tells of a write after a scan over all addresses', async () => {
  const scans = Array.from({ length: 12 }, (_, scan) =>
    conversation(
      1000 + scan,
      Array.from({ length: 100 }, (_, i) => {
        const address = (100 * scan + i).toString(16).padStart(4, '0');
        return [fromClient(adu(i, 1, `03 ${address} 0001`)), fromServer(adu(i, 1, '03 02 0000'))];
      }).flat(),
    ),
  );
  const change = [fromClient(adu(1, 1, '06 0001 0001')), fromServer(adu(1, 1, '06 0001 0001'))];
  const lines = await toldOf(...scans, conversation(2000, change));
  const operations = lines.filter(({ kind }) => kind === 'operation');
  expect(operations.reduce((sum, { count }) => sum + count, 0)).toBe(1201);
  expect(operations.map(({ value }) => (value as { what: string }).what)).toContain('write single register');
});

it.each([
  ['a request', '0001 0000 0006 01 03 0000 000a', true],
  ['an answer', '0001 0000 0005 01 03 02 1234', true],
  ['an exception', '0001 0000 0003 01 83 02', true],
  ['a write of several coils', '0000 0000 0008 01 0f 0000 0009 02 ff01', false],
  ['a request for identification', '0000 0000 0005 00 2b 0e 01 00', true],
  ['an SMB message', '0000 002f ff53 4d42 72 00 0000 0000', false],
  ['zeros', '0000 0000 0000 00 00 0000 0000', false],
  ['a request for more registers than there may be', '0001 0000 0006 01 03 0000 00ff', false],
  ['another protocol identifier', '0001 0001 0006 01 03 0000 000a', false],
  ['half a message', '0001 0000 0006 01 03', false],
])('on other ports: %s', (_, digits, isModbus) => {
  const bytes = hex(digits);
  expect(looksLikeModbus(new Reader(new DataView(bytes.buffer), 0, bytes.length))).toBe(isModbus);
});

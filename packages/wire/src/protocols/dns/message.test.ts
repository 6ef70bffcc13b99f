import { expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { type Bytes, bytesOf, write } from '../../testing/index.ts';
import { addressOfReverseName, readDnsMessage } from './message.ts';
import { a, message, name, pointer, RESPONSE } from './messages.golden.ts';

function read(content: Bytes) {
  const bytes = bytesOf(content);
  const reader = new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  return { found: readDnsMessage(reader), reads: reader.reads };
}

it('follows chains of pointers backwards', () => {
  const chain = write().u16(0, RESPONSE, 3, 0, 0, 0).bytes(name('plant.example')).u16(1, 1);
  chain.u8(4).text('cell').bytes(pointer(12)).u16(1, 1).u8(5).text('drive').bytes(pointer(31)).u16(1, 1);
  expect(read(chain).found?.questions.map((question) => question.name)).toEqual([
    'plant.example',
    'cell.plant.example',
    'drive.cell.plant.example',
  ]);
});

it('reads no more than a message can hold, whatever its counts say', () => {
  // Every record's name is a pointer to the longest name there is: the costliest message of its size.
  const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}`;
  const records = Array.from({ length: 4000 }, () => a(pointer(12), '10.0.0.1'));
  const { found, reads } = read(message({ flags: RESPONSE, questions: [[long, 1]], answers: records }));
  expect(found?.answers.length).toBe(4000);
  expect(reads).toBeLessThan(200_000);
  // No message can hold as many: whatever this is, it is no DNS.
  expect(read(write().u16(0, RESPONSE, 65_535, 65_535, 65_535, 65_535)).found).toBeUndefined();
});

it.each([
  ['7.20.168.192.in-addr.arpa', '192.168.20.7'],
  ['7.20.168.192.IN-ADDR.ARPA', '192.168.20.7'],
  ['20.168.192.in-addr.arpa', ''],
  ['7.20.168.300.in-addr.arpa', ''],
  [`${'7.'.padEnd(64, '0.')}ip6.arpa`, '::7'],
  ['7.ip6.arpa', ''],
  ['plant.example', ''],
])('reverse name %s', (text, address) => {
  expect(addressOfReverseName(text)).toBe(address);
});

// Written by hand after IEC 62439-2: a manager tests its ring, which opens, a client reports a link, two rings are coupled.
import { type ByteWriter, capture, link, write } from '../../testing/index.ts';

const MANAGER = '02:00:00:00:03:01';
const CLIENT = '02:00:00:00:03:02';
const frame = (from: string, to: string, ...parts: readonly ByteWriter[]) =>
  link(
    { from, to, type: 0x88e3 },
    write()
      .u16(1)
      .bytes(...parts),
  );
const part = (type: number, content: ByteWriter) => write().u8(type).lengthPrefixed8(content);
const common = (sequence: number) => part(1, write().u16(sequence).hex('ff'.repeat(16)));
const END = write().u16(0);
const test = (ring: number) => part(2, write().u16(0x8000).mac(MANAGER).u16(0, ring, 1).u32(1000));
const TESTS = '01:15:4e:00:00:01';
const CONTROL = '01:15:4e:00:00:02';

export const golden = capture('MRP: a ring that opens and closes', [
  frame(MANAGER, TESTS, test(1), common(1), END),
  frame(MANAGER, TESTS, test(1), common(2), END),
  frame(CLIENT, CONTROL, part(4, write().mac(CLIENT).u16(1, 20, 1)), common(3), END),
  frame(MANAGER, TESTS, test(0), common(4), part(0x7f, write().hex('080006 0001')), END),
  frame(MANAGER, CONTROL, part(3, write().u16(0x8000).mac(MANAGER).u16(20)), common(5), END),
  frame(CLIENT, '01:15:4e:00:00:03', part(6, write().mac(CLIENT).u16(7, 2, 1, 0).u32(1)), common(6), END),
  // Cut within an option.
  frame(CLIENT, CONTROL, part(5, write().mac(CLIENT).u16(1, 20, 1)), write().u8(0x7f, 200).zeros(40)),
  // Another version, and a part that nobody knows alone.
  link({ from: CLIENT, to: CONTROL, type: 0x88e3 }, write().u16(2).zeros(20)),
  frame(CLIENT, CONTROL, part(0x33, write().zeros(4)), END),
]);

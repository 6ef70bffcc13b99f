// Written by hand: a switch with everything, an element that is cut.
import { type Bytes, bytesOf, capture, snap, write } from '../../testing/index.ts';

const element = (type: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write()
    .u16(type, 4 + bytes.length)
    .bytes(bytes);
};
const send = (from: string, ...elements: readonly Bytes[]) =>
  snap(
    { from, to: '01:e0:52:cc:cc:cc', code: 0x00e0522000 },
    write()
      .u8(1, 180)
      .u16(0)
      .bytes(...elements),
  );
const text = (content: string) => write().text(content);

export const golden = capture('FDP', [
  send(
    '00:e0:52:00:80:03',
    element(1, text('fd-hall-8')),
    element(2, write().u32(1).u8(1, 1, 0xcc).u16(4).ipv4('10.19.0.8')),
    element(3, text('GigabitEthernet1/1/3')),
    element(4, text('Switch')),
    element(
      5,
      text(
        'Foundry Networks, Inc. FWS624-EPREM, IronWare Version 04.3.00T7e1 Compiled on Jan 09 2009 at 12:00:00 labeled as X',
      ),
    ),
    element(6, text('FWS624')),
  ),
  send('00:e0:52:00:81:03', element(3, text('ethernet3')), write().u16(1, 500).text('fd')),
  send('00:e0:52:00:82:03'),
]);

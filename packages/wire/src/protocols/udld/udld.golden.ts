// Written by hand after RFC 5171: a probe with everything, a device that names itself otherwise, an element too long.
import { type Bytes, capture, snap, write } from '../../testing/index.ts';

const send = (from: string, message: Bytes) => snap({ from, to: '01:00:0c:cc:cc:cc', code: 0x00000c0111 }, message);
const element = (type: number, content: string) =>
  write()
    .u16(type, 4 + content.length)
    .text(content);
const head = (version: number) =>
  write()
    .u8((version << 5) | 1, 1)
    .u16(0);

export const golden = capture('UDLD', [
  send(
    '00:1e:14:00:60:03',
    head(1)
      .bytes(element(1, 'FOC1234X0AB'), element(2, 'Gi0/3'))
      .u16(3, 8)
      .u32(0)
      .u16(4, 5)
      .u8(15)
      .bytes(element(6, 'sw-hall-6')),
  ),
  send('00:1e:14:00:61:03', head(1).bytes(element(1, '001e.1400.6100'), element(2, 'Fa0/1'), element(6, ''))),
  send('00:1e:14:00:62:03', head(1).bytes(element(2, 'Gi0/9')).u16(6, 900).text('sw')),
  send('00:1e:14:00:63:03', head(5).bytes(element(6, 'sw'))),
]);

// Written by hand: a port that would become a trunk, one that is, an element too long.
import { type Bytes, capture, snap, write } from '../../testing/index.ts';

const send = (from: string, message: Bytes) => snap({ from, to: '01:00:0c:cc:cc:cc', code: 0x00000c2004 }, message);
const element = (type: number, content: Bytes, length: number) =>
  write()
    .u16(type, 4 + length)
    .bytes(content);
const message = (domain: string, status: number, mac: string) =>
  write()
    .u8(1)
    .bytes(element(1, write().text(domain, 32), 32), element(2, write().u8(status), 1))
    .bytes(element(3, write().u8(0xa5), 1), element(4, write().mac(mac), 6));

export const golden = capture('DTP', [
  send('00:1e:14:00:60:04', message('plant', 0x04, '00:1e:14:00:60:04')),
  send('00:1e:14:00:61:04', message('', 0x81, '00:1e:14:00:61:04')),
  send('00:1e:14:00:62:04', write().u8(1).u16(1, 300).text('pl')),
  send('00:1e:14:00:62:04', write().u8(9).u16(1, 8).text('plan')),
]);

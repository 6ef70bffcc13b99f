// Written by hand: a summary, a list of VLANs, a list that is cut.
import { type Bytes, capture, snap, write } from '../../testing/index.ts';

const send = (message: Bytes) =>
  snap({ from: '00:1e:14:00:60:05', to: '01:00:0c:cc:cc:cc', code: 0x00000c2003 }, message);
const head = (code: number, domain: string) => write().u8(2, code, 1, domain.length).text(domain, 32).u32(12);
const vlan = (number: number, name: string) => {
  const padded = name.length + ((4 - (name.length % 4)) % 4);
  return write()
    .u8(12 + padded, 0, 1, name.length)
    .u16(number, 1500)
    .u32(100_000 + number)
    .text(name, padded);
};

export const golden = capture('VTP', [
  send(head(1, 'plant').ipv4('10.17.0.1').text('260101000000').zeros(16)),
  send(head(2, 'plant').bytes(vlan(1, 'default'), vlan(20, 'robots'))),
  send(head(2, 'plant').bytes(vlan(30, 'ovens')).u8(200, 0, 1)),
  send(write().u8(2, 9, 1, 5).text('plant', 32)),
]);

// Written by hand: a switch with two VLANs, an element that is cut, another kind of machine identifier.
import { type Bytes, bytesOf, capture, snap, write } from '../../testing/index.ts';

const element = (type: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write()
    .u8(0x99, type)
    .u16(4 + bytes.length)
    .bytes(bytes);
};
const send = (mac: string, identifier: number, ...elements: readonly Bytes[]) =>
  snap(
    { from: mac, to: '00:e0:2b:00:00:00', code: 0x00e02b00bb },
    write()
      .u8(1, 0)
      .u16(100, 0, 5, identifier)
      .mac(mac)
      .bytes(...elements),
  );
const vlan = (number: number, ip: string, name: string) =>
  element(5, write().u8(0, 0).u16(number).u32(0).ipv4(ip).textz(name));

export const golden = capture('EDP', [
  send(
    '00:e0:2b:00:70:00',
    0,
    element(2, write().u16(0, 11, 0).zeros(6).u8(16, 2, 5, 4).zeros(16)),
    element(1, write().textz('xt-hall-7')),
    vlan(1, '0.0.0.0', 'Default'),
    vlan(70, '10.18.0.7', 'ovens'),
    element(0, write()),
  ),
  send('00:e0:2b:00:71:00', 0, write().u8(0x99, 1).u16(400).text('xt')),
  send('00:e0:2b:00:72:00', 3, element(1, write().textz('xt-hall-8'))),
]);

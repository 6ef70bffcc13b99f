// Written by hand: a router with everything, one that nobody named, who asks, and bytes of something else.
import { type Bytes, bytesOf, capture, udp, write } from '../../testing/index.ts';

const element = (type: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write().u16(type).lengthPrefixed16(bytes);
};
const text = (type: number, content: string) => element(type, write().text(content));
const send = (from: string, ...elements: readonly Bytes[]) =>
  udp(
    { from, fromPort: 5678, to: '255.255.255.255', toPort: 5678 },
    write()
      .u16(0, 7)
      .bytes(...elements),
  );

export const golden = capture('MNDP', [
  send('10.20.0.9'),
  send(
    '10.20.0.1',
    element(1, write().mac('48:8f:5a:00:20:01')),
    text(5, 'rb-hall-1'),
    text(7, '6.49.6 (stable)'),
    text(8, 'MikroTik'),
    element(10, write().u32le(86_400)),
    text(11, 'ABCD-EF12'),
    text(12, 'RB760iGS'),
    element(14, write().u8(0)),
    element(15, write().ipv6('fe80::4a8f:5aff:fe00:2001')),
    text(16, 'bridge/ether2'),
    element(17, write().ipv4('10.20.0.1')),
  ),
  send('10.20.0.2', element(1, write().mac('48:8f:5a:00:20:02')), text(5, 'MikroTik'), text(12, 'CHR')),
  udp({ from: '10.20.0.3', fromPort: 5678, to: '10.20.0.1', toPort: 5678 }, write().text('something else')),
]);

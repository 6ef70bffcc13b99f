// Written by hand: a search, a radio of the first version, an access point of the second, a length that lies.
import { type Bytes, bytesOf, capture, udp, write } from '../../testing/index.ts';

const element = (type: number, content: Bytes) => write().u8(type).lengthPrefixed16(content);
const text = (type: number, content: string) => element(type, write().text(content));
const message = (version: number, command: number, ...elements: readonly Bytes[]) =>
  write()
    .u8(version, command)
    .lengthPrefixed16(write().bytes(...elements));
const both = (mac: string, ip: string) => element(0x02, write().mac(mac).ipv4(ip));
const answer = (from: string, bytes: Bytes) =>
  udp({ from, fromPort: 10_001, to: '10.21.0.9', toPort: 45_000 }, bytesOf(bytes));

export const golden = capture('Ubiquiti discovery', [
  udp({ from: '10.21.0.9', fromPort: 45_000, to: '255.255.255.255', toPort: 10_001 }, message(1, 0)),
  answer(
    '10.21.0.1',
    message(
      1,
      0,
      both('24:a4:3c:00:21:01', '10.21.0.1'),
      both('24:a4:3c:00:21:02', '0.0.0.0'),
      element(0x01, write().mac('24:a4:3c:00:21:01')),
      element(0x0a, write().u32(3600)),
      text(0x0b, 'link-roof-1'),
      text(0x0c, 'N5B'),
      text(0x0d, 'yard'),
      text(0x14, 'NanoBridge M5'),
      text(0x03, 'XM.ar7240.v5.6.4.28924.160331.1253'),
    ),
  ),
  answer(
    '10.21.0.2',
    message(
      2,
      6,
      both('24:a4:3c:00:21:05', '10.21.0.2'),
      text(0x15, 'U7PG2'),
      text(0x16, '4.0.66.10832'),
      text(0x0b, 'default'),
    ),
  ),
  answer('10.21.0.3', write().u8(1, 0).u16(900).u8(1).u16(6).mac('24:a4:3c:00:21:06')),
]);

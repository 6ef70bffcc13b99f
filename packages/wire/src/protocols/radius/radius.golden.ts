// Written by hand after RFC 2865, 2866 and 5176: an access point and its server, a proxy, accounting of a switch, a
// session that is ended, lengths that lie.
import { type Bytes, capture, fromClient, fromServer, udpExchange, write } from '../../testing/index.ts';

const SERVER = '10.29.0.5';
const attribute = (type: number, value: Bytes) => {
  const bytes = write().bytes(value).build();
  return write()
    .u8(type, 2 + bytes.length)
    .bytes(bytes);
};
const text = (type: number, value: string) => attribute(type, write().text(value));
const message = (code: number, ...attributes: readonly Bytes[]) => {
  const content = write()
    .bytes(...attributes)
    .build();
  return write()
    .u8(code, 7)
    .u16(20 + content.length)
    .zeros(16)
    .bytes(content);
};
const talk = (client: string, port: number, ...messages: readonly Bytes[]) =>
  udpExchange(
    { client, server: SERVER, port, clientPort: 40_000 },
    messages.map((bytes, n) => (n % 2 === 0 ? fromClient(bytes) : fromServer(bytes))),
  );

export const golden = capture('RADIUS', [
  talk(
    '10.29.0.20',
    1812,
    message(
      1,
      text(1, 'scanner-7'),
      attribute(4, write().ipv4('10.29.0.20')),
      text(30, '00-1B-1B-00-29-20:plant-wlan'),
      text(31, '00-1B-1B-00-29-99'),
      text(32, 'ap-hall-2'),
    ),
    message(2),
  ),
  talk(
    '10.29.0.21',
    1813,
    message(4, text(1, 'forklift-3'), attribute(95, write().ipv6('2001:db8::29:21')), text(30, '00-1B-1B-00-29-21')),
    message(5),
  ),
  talk('10.29.0.6', 1812, message(1, text(1, 'guest'), text(32, 'ap-far-away'), text(33, 'x')), message(3)),
  talk('10.29.0.7', 3799, message(40, text(1, 'guest')), message(41)),
  talk('10.29.0.7', 3799, message(43), message(44)),
  talk('10.29.0.22', 1812, message(1, text(1, 'scanner-8'), write().u8(32, 1, 0))),
  talk('10.29.0.23', 1812, write().u8(1, 7).u16(900).zeros(16), write().u8(99, 7).u16(20).zeros(16)),
]);

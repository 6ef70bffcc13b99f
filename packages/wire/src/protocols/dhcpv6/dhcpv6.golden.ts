// DHCPv6 of a computer, a switch, a sensor behind a relay, and the server's replies.
import { type Bytes, capture, type Frame, udp, write } from '../../testing/index.ts';

const ALL_SERVERS = 'ff02::1:2';
const COMPUTER = 'fe80::50';
const SERVER = 'fe80::1';

type Option = readonly [code: number, content: Bytes];
const options = (...all: readonly Option[]) => {
  const out = write();
  for (const [code, content] of all) out.u16(code).lengthPrefixed16(content);
  return out;
};
/** RFC 8415 section 8. */
const message = (type: number, ...all: readonly Option[]) =>
  write()
    .u8(type)
    .u24(0x1a2b3c)
    .bytes(options(...all));
/** Section 9, around another message. */
const relayed = (type: number, peer: string, content: Bytes, ...all: readonly Option[]) =>
  write()
    .u8(type, 0)
    .ipv6('fd00:30::1')
    .ipv6(peer)
    .bytes(options(...all, [9, content]));

const toServers = (from: string, content: Bytes): Frame =>
  udp({ from, fromPort: 546, to: ALL_SERVERS, toPort: 547 }, content);
const toClient = (to: string, content: Bytes): Frame => udp({ from: SERVER, fromPort: 547, to, toPort: 546 }, content);

const text = (content: string) => write().text(content);
const duid = (tail: string): Option => [1, write().u16(3, 1).hex(tail)];
/** Addresses of one interface (section 21.4), each with its lifetimes. */
const addresses = (...all: readonly (readonly [ip: string, valid: number])[]): Option => [
  3,
  write()
    .u32(7, 0, 0)
    .bytes(options(...all.map(([ip, valid]): Option => [5, write().ipv6(ip).u32(valid, valid)]))),
];
const label = (content: string) => write().lengthPrefixed8(text(content));
const vendorClass = (enterprise: number, content: string): Option => [
  16,
  write().u32(enterprise).lengthPrefixed16(text(content)),
];

export const golden = capture('DHCPv6 of a computer, a switch and a sensor behind a relay', [
  toServers(
    COMPUTER,
    message(
      1,
      [1, write().u16(1, 1).u32(0x21b98bef).mac('d8:50:e6:00:00:50')],
      [39, write().u8(0).bytes(label('LINE-PC7'))],
      vendorClass(311, 'MSFT 5.0'),
      [15, write().lengthPrefixed16(text('line'))],
      [6, write().u16(24, 23, 17, 39)],
    ),
  ),
  toClient(COMPUTER, message(2, [2, write().u16(3, 1).mac('02:00:00:00:00:01')], addresses(['fd00:20::50', 300]))),
  // What it would like, what it gets, and what it has when it comes again.
  toServers(COMPUTER, message(3, duid('d850e6000050'), addresses(['fd00:20::50', 300]))),
  toClient(
    COMPUTER,
    message(
      7,
      // An address whose lifetime is over is taken back.
      addresses(['fd00:20::50', 300], ['fd00:20::51', 0]),
      [23, write().ipv6('fd00:20::2')],
      [24, write().bytes(label('plant'), label('example')).u8(0)],
      [31, write().ipv6('fd00:20::4')],
    ),
  ),
  toServers(COMPUTER, message(5, duid('d850e6000050'), addresses(['fd00:20::50', 300]))),
  // Makers in the vendor class, as in DHCP for IPv4.
  toServers('fe80::60', message(1, vendorClass(30065, 'Arista;DCS-7050S-64;01.10;JPE12345678'))),
  toServers('fe80::60', message(1, vendorClass(11, 'HP J9773A 2530-24G-PoEP Switch'))),
  toServers('fe80::61', message(1, vendorClass(368, 'AXIS,Network Camera,P3304,5.20'))),
  // A sensor with a MUD URL (RFC 8520 section 10) asks through a relay, which names its port and hardware address.
  udp(
    { from: 'fd00:30::1', fromPort: 547, to: 'fd00:20::2', toPort: 547 },
    relayed(
      12,
      'fe80::42',
      message(
        1,
        duid('b827eb000042'),
        [112, text('https://maker.example/mud/sensor42.json')],
        vendorClass(40712, 'dhcpcd-9.4.1:Linux-5.10.17-v7+:armv7l:BCM2835'),
      ),
      [18, text('Gi1/0/7')],
      [37, write().u32(9).text('hall3-switch2')],
      [79, write().u16(1).mac('b8:27:eb:00:00:42')],
    ),
  ),
  udp(
    { from: 'fd00:20::2', fromPort: 547, to: 'fd00:30::1', toPort: 547 },
    relayed(13, 'fe80::ba27:ebff:fe00:42', message(7, addresses(['fd00:30::42', 300]))),
  ),
  // Nobody can tell who is behind this address of another link.
  udp(
    { from: 'fd00:30::1', fromPort: 547, to: 'fd00:20::2', toPort: 547 },
    relayed(12, 'fe80::44', message(1, duid('000000000044'))),
  ),
  // A relay that only says its own; an option that claims more than there is; a name that is none.
  udp(
    { from: 'fd00:30::1', fromPort: 547, to: 'fd00:20::2', toPort: 547 },
    write()
      .u8(12, 0)
      .ipv6('fd00:30::1')
      .ipv6('fe80::43')
      .bytes(options([18, text('Gi1/0/8')])),
  ),
  toServers(
    'fe80::62',
    write()
      .bytes(message(1, [39, write().u8(0).bytes(label('localhost'))]))
      .u16(16, 200)
      .text('cut'),
  ),
  toServers('fe80::62', write().u8(200).zeros(20)),
]);

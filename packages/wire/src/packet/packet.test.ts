// Every link layer, tag and tunnel with a frame made by hand, told as one line; and what must never happen with any bytes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EndpointTable } from '../flow/endpoints.ts';
import {
  type Bytes,
  bytesOf,
  concat,
  ethernetFrame,
  hex,
  ipFrame,
  ipPacket,
  LINK_TYPES,
  llcHeader,
  snapHeader,
  tcpSegment,
  udpDatagram,
  write,
} from '../testing/index.ts';
import { readFrame } from './frame.ts';
import { KIND_IP, KIND_LINK, KIND_NONE, KIND_TCP, KIND_UDP, MAX_NESTING, Packets, TROUBLES } from './packets.ts';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const OUTER_A = '02:00:00:00:0f:0a';
const OUTER_B = '02:00:00:00:0f:0b';

function subject(addresses: Uint32Array, at: number, version: number, macs: Uint32Array, macAt: number): string {
  const table = new EndpointTable(2, 0);
  const { ip = '', mac } = table.subject(table.intern(addresses, at, version, macs, macAt));
  return mac === undefined ? ip : `${ip}@${mac}`;
}

/** What was found in packet `i`, as one line. */
function describePacket(packets: Packets, i: number, view: DataView): string {
  const kind = packets.kind[i] ?? 0;
  const parts: string[] = [];
  const trouble = TROUBLES[packets.trouble[i] ?? 0];
  if (kind !== KIND_NONE) {
    const type = packets.protocol[i] ?? 0;
    const version = kind === KIND_LINK ? 0 : (type >>> 24) & 15;
    const ports = packets.ports[i] ?? 0;
    const hasPorts = kind === KIND_TCP || kind === KIND_UDP;
    const from = subject(packets.addresses, i * 8, version, packets.macs, i * 4);
    const to = subject(packets.addresses, i * 8 + 4, version, packets.macs, i * 4 + 2);
    const name =
      kind === KIND_TCP
        ? 'tcp'
        : kind === KIND_UDP
          ? 'udp'
          : kind === KIND_IP
            ? `ip ${type & 0xff}`
            : `${['ether', 'llc', 'snap', 'wlan'][(type >>> 24) & 15]} ${type & 0xffffff ? `${(type & 0xffffff).toString(16)} ` : ''}${ports.toString(16)}`;
    parts.push(name, `${from}${hasPorts ? ` ${ports >>> 16}` : ''} > ${to}${hasPorts ? ` ${ports & 0xffff}` : ''}`);
    if (packets.vlan[i]) parts.push(`vlan ${packets.vlan[i]}`);
    const payload = packets.other[i] ?? view;
    const at = packets.payloadAt[i] ?? 0;
    const end = packets.payloadEnd[i] ?? 0;
    const bytes = new Uint8Array(payload.buffer, payload.byteOffset + at, end - at);
    parts.push(`"${String.fromCharCode(...bytes.subarray(0, 40))}"`);
    if (packets.missing[i]) parts.push(`${packets.missing[i]} missing`);
  }
  if (trouble) parts.push(`! ${trouble}`);
  return parts.join(' ') || 'nothing';
}

function read(bytes: Bytes, linkType = 1, cut = 0, packets = new Packets(), frame = 1): string {
  const all = bytesOf(bytes);
  // Positions do not start at 0 in a capture.
  const view = new DataView(concat(new Uint8Array(16), all).buffer);
  packets.cut = cut;
  packets.firstFrame = frame - 3;
  readFrame(view, 16, 16 + all.length, linkType, packets, 3);
  const line = describePacket(packets, 3, view);
  packets.forgetOther();
  return line;
}

const udp4 = (payload: string, from = '10.0.0.1', to = '10.0.0.2', port = 502) =>
  ipPacket(
    { from, to, protocol: 17 },
    udpDatagram({ from, to, fromPort: 1000, toPort: port }, new TextEncoder().encode(payload)),
  );
const udp6 = (payload: string) =>
  ipPacket(
    { from: 'fd00::1', to: 'fd00::2', protocol: 17 },
    udpDatagram({ from: 'fd00::1', to: 'fd00::2', fromPort: 1000, toPort: 502 }, new TextEncoder().encode(payload)),
  );
const ethernet = (payload: Bytes, type = 0x0800, vlan?: number | readonly number[]) =>
  ethernetFrame({ from: A, to: B, type, ...(vlan === undefined ? {} : { vlan }) }, payload);
/** Behind a header of an outer network that a tunnel crosses. */
const outer = (protocol: number, payload: Bytes) =>
  ipFrame({ from: '192.0.2.1', to: '192.0.2.2', protocol, fromMac: OUTER_A, toMac: OUTER_B }, payload);

const RADIO_ACK = String.fromCharCode(2, 0, 7);
const IN4 = `udp 10.0.0.1@${A} 1000 > 10.0.0.2@${B} 502`;
const IN6 = `udp fd00::1@${A} 1000 > fd00::2@${B} 502`;
const BARE4 = 'udp 10.0.0.1 1000 > 10.0.0.2 502';
const BARE6 = 'udp fd00::1 1000 > fd00::2 502';

describe('link layers', () => {
  const cooked = (protocol: number, hardware = 1, addressLength = 6) =>
    write().u16(0, hardware, addressLength).mac(A).zeros(2).u16(protocol);
  const cooked2 = (protocol: number) => write().u16(protocol, 0).u32(1).u16(1).u8(0, 6).mac(A).zeros(2);
  const cases: [string, number, Bytes, string][] = [
    ['Ethernet', 1, ethernet(udp4('hi')), `${IN4} "hi"`],
    ['Ethernet, IPv6', 1, ethernet(udp6('hi'), 0x86dd), `${IN6} "hi"`],
    [
      'Linux cooked',
      LINK_TYPES.linuxCooked,
      cooked(0x0800).bytes(udp4('hi')),
      `udp 10.0.0.1@${A} 1000 > 10.0.0.2 502 "hi"`,
    ],
    [
      'Linux cooked, address that is no MAC address',
      LINK_TYPES.linuxCooked,
      cooked(0x0800, 512, 4).bytes(udp4('hi')),
      `${BARE4} "hi"`,
    ],
    [
      'Linux cooked, VLAN',
      LINK_TYPES.linuxCooked,
      cooked(0x8100).u16(7, 0x0800).bytes(udp4('hi')),
      `udp 10.0.0.1@${A} 1000 > 10.0.0.2 502 vlan 7 "hi"`,
    ],
    ['Linux cooked, ARP', LINK_TYPES.linuxCooked, cooked(0x0806).text('arp'), `ether 806 @${A} >  "arp"`],
    [
      'Linux cooked, LLC',
      LINK_TYPES.linuxCooked,
      cooked(4).bytes(llcHeader(0x42)).text('stp'),
      `llc 42 @${A} >  "stp"`,
    ],
    ['Linux cooked, CAN', LINK_TYPES.linuxCooked, cooked(0x000c).text('can'), 'nothing'],
    [
      'Linux cooked v2',
      LINK_TYPES.linuxCooked2,
      cooked2(0x86dd).bytes(udp6('hi')),
      `udp fd00::1@${A} 1000 > fd00::2 502 "hi"`,
    ],
    ['raw IPv4', LINK_TYPES.raw, udp4('hi'), `${BARE4} "hi"`],
    ['raw IPv6', 229, udp6('hi'), `${BARE6} "hi"`],
    ['raw of no version', LINK_TYPES.raw, hex('10 00 00 00'), '! ip.version'],
    ['BSD loopback, little endian', LINK_TYPES.null, concat(hex('02 00 00 00'), udp4('hi')), `${BARE4} "hi"`],
    ['BSD loopback, IPv6', LINK_TYPES.null, concat(hex('1e 00 00 00'), udp6('hi')), `${BARE6} "hi"`],
    ['OpenBSD loopback', LINK_TYPES.loop, concat(hex('00 00 00 18'), udp6('hi')), `${BARE6} "hi"`],
    ['PPP', LINK_TYPES.ppp, concat(hex('00 21'), udp4('hi')), `${BARE4} "hi"`],
    ['PPP with address and control', LINK_TYPES.ppp, concat(hex('ff 03 00 57'), udp6('hi')), `${BARE6} "hi"`],
    ['PPP, compressed protocol', 50, concat(hex('ff 03 21'), udp4('hi')), `${BARE4} "hi"`],
    ['PPP, link control', LINK_TYPES.ppp, hex('ff 03 c0 21 01 01 00 04'), 'nothing'],
    ['Cisco HDLC', 104, concat(hex('0f 00 08 00'), udp4('hi')), `${BARE4} "hi"`],
    ['netANALYZER', 240, concat(hex('00 00 00 00'), ethernet(udp4('hi'))), `${IN4} "hi"`],
    ['IEEE 802.15.4', LINK_TYPES.ieee802154, hex('0200 07 07c1'), `ether 809a  >  "${RADIO_ACK}"`],
    ['IEEE 802.15.4, damaged on the air', LINK_TYPES.ieee802154, hex('0200 07 0741'), `nothing`],
    [
      'IEEE 802.15.4, no checksum',
      LINK_TYPES.ieee802154WithoutChecksum,
      hex('0200 07'),
      `ether 809a  >  "${RADIO_ACK}"`,
    ],
    ['IEEE 802.15.4 TAP, cut', LINK_TYPES.ieee802154Tap, hex('0000 1c00 0000 0100'), '! frame.cut-off'],
    ['a link type that is not known', 199, hex('00 01 02 03'), '! link-type.unknown'],
  ];
  test.each(cases)('%s', (_, linkType, bytes, expected) => expect(read(bytes, linkType)).toBe(expected));
});

describe('IEEE 802.11', () => {
  const AP = '02:00:00:00:00:0f';
  const snap4 = concat(snapHeader(0x0800), udp4('hi'));
  const wlan = (control: string, one: string, two: string, three: string, more: Bytes) =>
    write().hex(control).u16(0).mac(one).mac(two).mac(three).u16le(0x10).bytes(more);
  const cases: [string, Bytes, string][] = [
    ['data to the access point', wlan('0801', AP, A, B, snap4), `${IN4} "hi"`],
    ['data from the access point', wlan('0802', B, AP, A, snap4), `${IN4} "hi"`],
    ['data from station to station', wlan('0800', B, A, AP, snap4), `${IN4} "hi"`],
    ['data between access points', wlan('0803', AP, AP, B, write().mac(A).bytes(snap4)), `${IN4} "hi"`],
    ['QoS data', wlan('8801', AP, A, B, write().u16(0).bytes(snap4)), `${IN4} "hi"`],
    ['QoS data with HT control', wlan('8881', AP, A, B, write().u16(0).u32(0).bytes(snap4)), `${IN4} "hi"`],
    [
      'several units in one frame',
      wlan('8801', AP, A, AP, write().hex('8000').mac(B).mac(A).lengthPrefixed16(snap4).zeros(2).mac(B)),
      `${IN4} "hi"`,
    ],
    ['encrypted', wlan('0841', AP, A, B, hex('00 01 02 03 04 05 06 07 08')), `wlan 2 @${A} > @${B} ""`],
    ['a fragment', wlan('0805', AP, A, B, snap4), `wlan 2 @${A} > @${B} ""`],
    ['no data', wlan('4801', AP, A, B, write()), `wlan 12 @${A} > @${B} ""`],
    ['a beacon', wlan('8000', 'ff:ff:ff:ff:ff:ff', AP, AP, hex('00 00')), `wlan 20 @${AP} > @ff:ff:ff:ff:ff:ff ""`],
    ['an acknowledgement', write().hex('d4000000').mac(A), 'nothing'],
  ];
  test.each(cases)('%s', (_, bytes, expected) => expect(read(bytes, LINK_TYPES.ieee80211)).toBe(expected));

  const frame = bytesOf(wlan('0801', AP, A, B, concat(snapHeader(0x1234), new TextEncoder().encode('hi'))));
  const radiotap = (present: string, fields: string, fcs: string) => {
    const rest = hex(`${present} ${fields}`);
    return write()
      .u8(0, 0)
      .u16le(4 + rest.length)
      .bytes(rest)
      .bytes(frame)
      .hex(fcs);
  };
  const told = `ether 1234 @${A} > @${B} "hi"`;
  const taps: [string, Bytes, string][] = [
    ['without flags', radiotap('00000000', '', ''), told],
    ['flags first', radiotap('02000000', '10', 'deadbeef'), told],
    ['flags behind a time', radiotap('03000000', '0102030405060708 10', 'deadbeef'), told],
    ['two present words', radiotap('03000080 00000000', '00000000 0102030405060708 10', 'deadbeef'), told],
    ['no check sequence', radiotap('02000000', '00', ''), told],
    ['damaged on the air', radiotap('02000000', '40', ''), 'nothing'],
  ];
  test.each(taps)('radiotap, %s', (_, bytes, expected) => expect(read(bytes, LINK_TYPES.radiotap)).toBe(expected));
});

describe('tags and what shares a frame with them', () => {
  const cases: [string, Bytes, string][] = [
    ['802.1Q', ethernet(udp4('hi'), 0x0800, 7), `${IN4} vlan 7 "hi"`],
    ['802.1ad: the inner one counts', ethernet(udp4('hi'), 0x0800, [100, 7]), `${IN4} vlan 7 "hi"`],
    ['priority tag', ethernet(udp4('hi'), 0x0800, 0xa000), `${IN4} "hi"`],
    [
      'LLC, padding cut off',
      ethernetFrame({ from: A, to: B }, concat(llcHeader(0x42), new TextEncoder().encode('stp'))),
      `llc 42 @${A} > @${B} "stp"`,
    ],
    [
      'SNAP of a vendor',
      ethernetFrame({ from: A, to: B }, concat(snapHeader(0x00000c2000), new TextEncoder().encode('cdp'))),
      `snap c 2000 @${A} > @${B} "cdp"`,
    ],
    [
      'SNAP with an EtherType',
      ethernetFrame({ from: A, to: B }, concat(snapHeader(0x0800), udp4('hi'))),
      `${IN4} "hi"`,
    ],
    ['HSR', ethernet(concat(hex('0034 0001 0800'), udp4('hi')), 0x892f), `${IN4} "hi"`],
    ['PRP behind IP', concat(ethernet(udp4('hi')), hex('0001 a034 88fb')), `${IN4} "hi"`],
    [
      'PRP behind another frame',
      concat(ethernet(write().text('x'.repeat(46)), 0x88cc), hex('0001 b034 88fb')),
      `ether 88cc @${A} > @${B} "${'x'.repeat(40)}"`,
    ],
    ['MPLS', ethernet(concat(hex('00064040 00065140'), udp4('hi')), 0x8847), `${IN4} "hi"`],
    ['MPLS, IPv6', ethernet(concat(hex('00065140'), udp6('hi')), 0x8847), `${IN6} "hi"`],
    [
      'MPLS, Ethernet',
      ethernetFrame({ from: OUTER_A, to: OUTER_B, type: 0x8847 }, concat(hex('00065140'), ethernet(udp4('hi')))),
      `${IN4} "hi"`,
    ],
    [
      'MPLS, Ethernet with control word',
      ethernetFrame(
        { from: OUTER_A, to: OUTER_B, type: 0x8847 },
        concat(hex('00065140 00000000'), ethernet(udp4('hi'))),
      ),
      `${IN4} "hi"`,
    ],
    ['MPLS without an end', ethernet(hex('00064040'.repeat(12)), 0x8847), '! tunnel.nesting'],
    [
      'PPPoE',
      ethernet(
        write()
          .hex('1100 0001')
          .lengthPrefixed16(concat(hex('0021'), udp4('hi'))),
        0x8864,
      ),
      `${IN4} "hi"`,
    ],
    [
      'PPPoE, link control',
      ethernet(write().hex('1100 0001').lengthPrefixed16(hex('c021 0101 0004')), 0x8864),
      `ether 8864 @${A} > @${B} "${String.fromCharCode(...hex('1100 0001 0006 c021 0101 0004'.concat('00'.repeat(34))).subarray(0, 40))}"`,
    ],
    ['PPPoE of another version', ethernet(hex('2200 0001 0006 c021 0101 0004'), 0x8864), '! tunnel.header'],
    [
      '802.1ah',
      ethernetFrame(
        { from: OUTER_A, to: OUTER_B, type: 0x88e7 },
        concat(hex('00000001'), ethernet(udp4('hi'), 0x0800, 9)),
      ),
      `${IN4} vlan 9 "hi"`,
    ],
  ];
  test.each(cases)('%s', (_, bytes, expected) => expect(read(bytes)).toBe(expected));
});

describe('tunnels', () => {
  const gre = (flags: string, type: number, more: Bytes) => outer(47, write().hex(flags).u16(type).bytes(more));
  const vxlan = (header: string, port = 4789) =>
    outer(
      17,
      udpDatagram(
        { from: '192.0.2.1', to: '192.0.2.2', fromPort: 5000, toPort: port },
        concat(hex(header), ethernet(udp4('hi'))),
      ),
    );
  const cases: [string, Bytes, string][] = [
    ['IP in IP', outer(4, udp4('hi')), `${BARE4} "hi"`],
    ['6in4', outer(41, udp6('hi')), `${BARE6} "hi"`],
    ['GRE', gre('0000', 0x0800, udp4('hi')), `${BARE4} "hi"`],
    [
      'GRE with checksum, key and sequence number',
      gre('b000', 0x86dd, concat(new Uint8Array(12), udp6('hi'))),
      `${BARE6} "hi"`,
    ],
    ['GRE, Ethernet', gre('2000', 0x6558, concat(new Uint8Array(4), ethernet(udp4('hi')))), `${IN4} "hi"`],
    ['GRE, MPLS', gre('0000', 0x8847, concat(hex('00065140'), udp4('hi'))), `${BARE4} "hi"`],
    ['GRE of PPTP', gre('3081', 0x880b, concat(new Uint8Array(12), hex('ff03 0021'), udp4('hi'))), `${BARE4} "hi"`],
    [
      'GRE with something else',
      gre('0000', 0x1234, hex('00')),
      `ip 47 192.0.2.1@${OUTER_A} > 192.0.2.2@${OUTER_B} "${String.fromCharCode(0, 0, 0x12, 0x34, 0)}"`,
    ],
    ['ERSPAN I', gre('0000', 0x88be, ethernet(udp4('hi'))), `${IN4} "hi"`],
    [
      'ERSPAN II',
      gre('1000', 0x88be, concat(new Uint8Array(4), hex('1007 0001 00000000'), ethernet(udp4('hi'), 0x0800, 7))),
      `${IN4} vlan 7 "hi"`,
    ],
    [
      'ERSPAN III',
      gre('1000', 0x22eb, concat(new Uint8Array(4), hex('2007 0001 00000000 0000 0000'), ethernet(udp4('hi')))),
      `${IN4} "hi"`,
    ],
    [
      'ERSPAN III with subheader',
      gre(
        '1000',
        0x22eb,
        concat(new Uint8Array(4), hex('2007 0001 00000000 0000 0001'), new Uint8Array(8), ethernet(udp4('hi'))),
      ),
      `${IN4} "hi"`,
    ],
    [
      'ERSPAN III, IP',
      gre('1000', 0x22eb, concat(new Uint8Array(4), hex('2007 0001 00000000 0000 0800'), udp4('hi'))),
      `${BARE4} "hi"`,
    ],
    ['VXLAN', vxlan('08000000 00000700'), `${IN4} "hi"`],
    ['VXLAN on the port of old Linux', vxlan('08000000 00000700', 8472), `${IN4} "hi"`],
    [
      'no VXLAN on its port',
      vxlan('09000000 00000700'),
      `udp 192.0.2.1@${OUTER_A} 5000 > 192.0.2.2@${OUTER_B} 4789 "${String.fromCharCode(...concat(hex('09000000 00000700'), ethernet(udp4('hi'))).subarray(0, 40))}"`,
    ],
  ];
  test.each(cases)('%s', (_, bytes, expected) => expect(read(bytes)).toBe(expected));

  test('nesting ends', () => {
    let packet: Uint8Array = udp4('hi');
    for (let n = 0; n <= MAX_NESTING + 1; n++)
      packet = ipPacket({ from: '192.0.2.1', to: '192.0.2.2', protocol: 4 }, packet);
    expect(read(packet, LINK_TYPES.raw)).toContain('! tunnel.nesting');
    let tagged: Uint8Array = hex('0800');
    for (let n = 0; n <= MAX_NESTING + 1; n++) tagged = concat(hex('8100 0007'), tagged);
    expect(read(concat(new Uint8Array(12), tagged, udp4('hi')))).toContain('! tunnel.nesting');
  });
});

describe('IP, TCP and UDP', () => {
  const ends = { from: '10.0.0.1', to: '10.0.0.2' };
  const tcp = (payload: string, options?: Bytes) =>
    ipFrame(
      { ...ends, protocol: 6, fromMac: A, toMac: B },
      tcpSegment(
        {
          ...ends,
          fromPort: 1000,
          toPort: 502,
          sequence: 1,
          acknowledgement: 2,
          flags: 0x18,
          ...(options ? { options } : {}),
        },
        write().text(payload),
      ),
    );
  const TCP = `tcp 10.0.0.1@${A} 1000 > 10.0.0.2@${B} 502`;
  const patched = (bytes: Uint8Array, at: number, value: string) => {
    const copy = bytes.slice();
    copy.set(hex(value), at);
    return copy;
  };
  const extended = (next: number, headers: string) =>
    ethernet(
      ipPacket(
        { from: 'fd00::1', to: 'fd00::2', protocol: next },
        concat(
          hex(headers),
          udpDatagram({ from: 'fd00::1', to: 'fd00::2', fromPort: 1000, toPort: 502 }, write().text('hi')),
        ),
      ),
      0x86dd,
    );
  const cases: [string, Bytes, number, string][] = [
    ['TCP with options; padding is no payload', tcp('hi', hex('01 01 01')), 0, `${TCP} "hi"`],
    ['TCP without payload in a padded frame', tcp(''), 0, `${TCP} ""`],
    [
      'a length of 0 from a card that segments',
      patched(tcp('x'.repeat(30)), 16, '0000'),
      0,
      `${TCP} "${'x'.repeat(30)}"`,
    ],
    ['cut off by the capture', tcp('x'.repeat(40)).subarray(0, 64), 30, `${TCP} "${'x'.repeat(10)}" 30 missing`],
    [
      'cut off in the TCP options',
      tcp('x'.repeat(40), hex('01'.repeat(12))).subarray(0, 60),
      46,
      `${TCP} "" 40 missing`,
    ],
    [
      'cut off in the TCP header',
      tcp('x'.repeat(40)).subarray(0, 44),
      50,
      `ip 6 10.0.0.1@${A} > 10.0.0.2@${B} "" 50 missing`,
    ],
    [
      'a frame that ends too early',
      tcp('x'.repeat(40)).subarray(0, 64),
      0,
      `${TCP} "${'x'.repeat(10)}" 30 missing ! ip.beyond-frame`,
    ],
    [
      'TCP header shorter than itself',
      patched(tcp('x'.repeat(30)), 46, '40'),
      0,
      `ip 6 10.0.0.1@${A} > 10.0.0.2@${B} "" ! tcp.header-length`,
    ],
    ['IPv4 header shorter than itself', patched(tcp('x'.repeat(30)), 14, '44'), 0, '! ipv4.header-length'],
    ['IPv4 packet shorter than its header', patched(tcp('x'.repeat(30)), 16, '0013'), 0, '! ipv4.total-length'],
    ['not the version that the EtherType says', patched(tcp('x'.repeat(30)), 14, '65'), 0, '! ip.version'],
    ['UDP length 0', patched(ethernet(udp4('x'.repeat(30))), 38, '0000'), 0, `${IN4} "${'x'.repeat(30)}"`],
    [
      'UDP shorter than its header',
      patched(ethernet(udp4('x'.repeat(30))), 38, '0007'),
      0,
      `ip 17 10.0.0.1@${A} > 10.0.0.2@${B} "" ! udp.length`,
    ],
    ['UDP shorter than the IP packet', patched(ethernet(udp4('x'.repeat(30))), 38, '000a'), 0, `${IN4} "xx"`],
    [
      'UDP longer than the IP packet',
      patched(ethernet(udp4('x'.repeat(30))), 38, '0100'),
      0,
      `${IN4} "${'x'.repeat(30)}" 218 missing ! udp.length`,
    ],
    ['IPv6 extension headers', extended(0, '3c00010400000000 2b00010400000000 1100000000000000'), 0, `${IN6} "hi"`],
    [
      'IPv6 authentication header',
      extended(51, '1104000000000000 0000000000000000 0000000000000000'),
      0,
      `${IN6} "hi"`,
    ],
    ['IPv6 fragment that is all', extended(44, '1100000000000007'), 0, `${IN6} "hi"`],
    [
      'IPv6 extension beyond the packet',
      extended(0, '11ff000000000000'),
      0,
      `ip 17 fd00::1@${A} > fd00::2@${B} "" ! ipv6.extension`,
    ],
    [
      'IPv6 extensions without an end',
      extended(0, `${'0000010400000000'.repeat(17)}`),
      0,
      `ip 0 fd00::1@${A} > fd00::2@${B} "" ! ipv6.extension`,
    ],
    [
      'IPv4 authentication header',
      outer(
        51,
        concat(
          hex('1104000000000000 0000000000000000 0000000000000000'),
          udpDatagram({ from: '192.0.2.1', to: '192.0.2.2', fromPort: 1, toPort: 2 }, write().text('hi')),
        ),
      ),
      0,
      `udp 192.0.2.1@${OUTER_A} 1 > 192.0.2.2@${OUTER_B} 2 "hi"`,
    ],
    ['ICMP', outer(1, hex('08 00')), 0, `ip 1 192.0.2.1@${OUTER_A} > 192.0.2.2@${OUTER_B} "\b\0"`],
    ['an empty frame', new Uint8Array(0), 0, '! frame.cut-off'],
    ['an empty frame of a capture that kept nothing', new Uint8Array(0), 100, 'nothing'],
  ];
  test.each(cases)('%s', (_, bytes, cut, expected) => expect(read(bytes, 1, cut)).toBe(expected));
});

describe('fragments', () => {
  const text = Array.from({ length: 120 }, (_, n) => String.fromCharCode(97 + (n % 26))).join('');
  const ends = { from: '10.0.0.1', to: '10.0.0.2' };
  const datagram = udpDatagram({ ...ends, fromPort: 1000, toPort: 502 }, write().text(text));
  const fragment = (offset: number, end: number, id = 9) =>
    ipFrame(
      { ...ends, protocol: 17, fromMac: A, toMac: B, id, offset, moreFragments: end < datagram.length },
      datagram.subarray(offset, end),
    );
  const WAITS = `ip 17 10.0.0.1@${A} > 10.0.0.2@${B} ""`;
  const WHOLE = `${IN4} "${text.slice(0, 40)}"`;
  const all = (frames: readonly Uint8Array[], packets = new Packets()) =>
    frames.map((bytes, n) => read(bytes, 1, 0, packets, n + 1));

  test('in order, out of order, twice', () => {
    const parts = [fragment(0, 40), fragment(40, 80), fragment(80, 128)];
    const [a, b, c] = parts as [Uint8Array, Uint8Array, Uint8Array];
    expect(all([a, b, c])).toEqual([WAITS, WAITS, WHOLE]);
    expect(all([c, a, b])).toEqual([WAITS, WAITS, WHOLE]);
    expect(all([a, a, c, c, b])).toEqual([WAITS, WAITS, WAITS, WAITS, WHOLE]);
  });
  test('packets with other identifications do not mix', () => {
    expect(all([fragment(0, 40, 1), fragment(0, 40, 2), fragment(40, 128, 2), fragment(40, 128, 1)])).toEqual([
      WAITS,
      WAITS,
      WHOLE,
      WHOLE,
    ]);
  });
  test('an overlap throws the packet away', () => {
    expect(all([fragment(0, 48), fragment(40, 128)])[1]).toBe(`${WAITS} ! ip.fragment-overlap`);
  });
  test('bytes behind the end, or beyond what IP can carry', () => {
    const last = ipFrame({ ...ends, protocol: 17, fromMac: A, toMac: B, id: 9, offset: 40 }, datagram.subarray(40, 80));
    expect(all([last, fragment(80, 120)])[1]).toBe(`${WAITS} ! ip.fragment-beyond-end`);
    const far = ipFrame(
      { ...ends, protocol: 17, fromMac: A, toMac: B, id: 9, offset: 65_528 },
      datagram.subarray(0, 40),
    );
    expect(all([far])[0]).toBe(`${WAITS} ! ip.fragment-beyond-end`);
  });
  test('a fragment that was not captured whole completes nothing', () => {
    const packets = new Packets();
    expect(read(fragment(0, 40).subarray(0, 60), 1, 14, packets)).toBe(`${WAITS} 14 missing`);
    expect(read(fragment(40, 128), 1, 0, packets)).toBe(WAITS);
  });
  test('too many open packets: the oldest goes', () => {
    const first = Array.from({ length: 129 }, (_, id) => fragment(0, 40, id));
    const told = all([...first, fragment(40, 128, 0), fragment(40, 128, 128)]);
    expect(told.slice(-2)).toEqual([WAITS, WHOLE]);
  });
  test('IPv6, and the next header of the first fragment counts', () => {
    const six = { from: 'fd00::1', to: 'fd00::2' };
    const content = concat(
      hex('1100010400000000'),
      udpDatagram({ ...six, fromPort: 1000, toPort: 502 }, write().text(text)),
    );
    const part = (next: string, offset: number, end: number) =>
      ethernet(
        ipPacket(
          { ...six, protocol: 44 },
          write()
            .hex(next)
            .u8(0)
            .u16(offset | (end < content.length ? 1 : 0))
            .u32(77)
            .bytes(content.subarray(offset, end)),
        ),
        0x86dd,
      );
    expect(all([part('00', 64, content.length), part('3c', 0, 64)])[1]).toBe(`${IN6} "${text.slice(0, 40)}"`);
  });
  test('a tunnel in fragments', () => {
    const packet = outer(4, udp4(text)).subarray(34);
    const part = (offset: number, end: number) =>
      ipFrame(
        { from: '192.0.2.1', to: '192.0.2.2', protocol: 4, offset, moreFragments: end < packet.length },
        packet.subarray(offset, end),
      );
    expect(all([part(0, 40), part(40, packet.length)])[1]).toBe(`${BARE4} "${text.slice(0, 40)}"`);
  });
  test('any cut and order gives the datagram back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (cuts, order) => {
          const ends = [0, ...cuts.sort((a, b) => a - b).map((n) => n * 8), 128];
          const parts = ends
            .slice(0, -1)
            .map((offset, n) => ({ key: order.next().value, bytes: fragment(offset, ends[n + 1] ?? 128) }));
          parts.sort((a, b) => a.key - b.key);
          const told = all(parts.map((part) => part.bytes));
          expect(told.filter((line) => line === WHOLE)).toHaveLength(1);
          expect(told.at(-1)).toBe(WHOLE);
        },
      ),
    );
  });
});

test('any bytes on any link are read without an exception, and payloads lie within them', () => {
  const packets = new Packets();
  const links = [0, 1, 9, 12, 50, 51, 101, 104, 105, 108, 113, 127, 228, 229, 240, 276];
  const tame = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    fc
      .array(
        fc.constantFrom(
          '0800',
          '86dd',
          '8100',
          '8847',
          '8864',
          '892f',
          '88e7',
          '45000054',
          '60000000',
          '2f',
          '04',
          '29',
          '11',
          '06',
          '00',
        ),
        { maxLength: 40 },
      )
      .map((parts) => hex(parts.join(''))),
  );
  fc.assert(
    fc.property(tame, fc.constantFrom(...links), fc.nat(100), (bytes, linkType, cut) => {
      const view = new DataView(bytes.slice().buffer);
      packets.cut = cut;
      packets.firstFrame++;
      readFrame(view, 0, bytes.length, linkType, packets, 0);
      if (packets.kind[0] === KIND_NONE) return;
      const payload = packets.other[0] ?? view;
      expect(packets.payloadAt[0]).toBeLessThanOrEqual(packets.payloadEnd[0] ?? -1);
      expect(packets.payloadEnd[0]).toBeLessThanOrEqual(payload.byteLength);
      packets.forgetOther();
    }),
    { numRuns: 20_000 },
  );
});

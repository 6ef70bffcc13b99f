// Written by hand after RFC 4861, 8106, 2710, 3810, 4286 and 4620: a host that comes, its router, a second router to
// which packets are redirected, listeners and queriers of groups.
import { type Bytes, capture, ip, ipPacket, write } from '../../testing/index.ts';

const ROUTER = 'fe80::1';
const ROUTER_MAC = '00:0a:dc:00:00:01';
const HOST = 'fe80::20:2';
const HOST_MAC = '00:1b:1b:00:00:02';
const ALL_NODES = 'ff02::1';
const ALL_ROUTERS = 'ff02::2';

const message = (from: string, to: string, fromMac: string, type: number, rest: Bytes) =>
  ip({ from, to, fromMac, protocol: 58, ttl: 255 }, write().u8(type, 0).u16(0).bytes(rest));
const link = (type: number, mac: string) => write().u8(type, 1).mac(mac);
/** Length of the prefix, flags, lifetimes, prefix. */
const prefix = (address: string, flags: number, lifetime: number) =>
  write().u8(3, 4, 64, flags).u32(lifetime, 3600, 0).ipv6(address);
/** Record of MLD 2: type, no auxiliary data, sources, group. */
const record = (type: number, group: string, sources: readonly string[] = []) => {
  const out = write().u8(type, 0).u16(sources.length).ipv6(group);
  for (const source of sources) out.ipv6(source);
  return out;
};

export const golden = capture('ICMPv6: neighbours, routers, groups, node information', [
  // Is the address free? Then asks for routers, with and without an address of its own.
  message('::', 'ff02::1:ff20:2', HOST_MAC, 135, write().u32(0).ipv6(HOST)),
  message('::', ALL_ROUTERS, HOST_MAC, 133, write().u32(0)),
  message(HOST, ALL_ROUTERS, HOST_MAC, 133, write().u32(0).bytes(link(1, HOST_MAC))),
  message(
    ROUTER,
    ALL_NODES,
    ROUTER_MAC,
    134,
    write()
      .u8(64, 0x40)
      .u16(1800)
      .u32(0, 0)
      .bytes(link(1, ROUTER_MAC))
      .bytes(prefix('2001:db8:1:2::', 0xc0, 86_400), prefix('2001:db8:1:3::1', 0xe0, 86_400))
      .bytes(prefix('2001:db8:9::', 0xc0, 0))
      .u8(5, 1)
      .u16(0)
      .u32(1500)
      .u8(25, 3)
      .u16(0)
      .u32(1200)
      .ipv6('2001:db8:1::53')
      .u8(31, 3)
      .u16(0)
      .u32(1200)
      .lengthPrefixed8(write().text('plant'))
      .lengthPrefixed8(write().text('example'))
      .u8(0, 0),
  ),
  // A router that hosts shall not use: lifetime 0. It announces a prefix all the same.
  message('fe80::3', ALL_NODES, '00:0a:dc:00:00:03', 134, write().u8(0, 0).u16(0).u32(0, 0)),
  message(HOST, 'ff02::1:ff00:1', HOST_MAC, 135, write().u32(0).ipv6(ROUTER).bytes(link(1, HOST_MAC))),
  message(ROUTER, HOST, ROUTER_MAC, 136, write().u32(0xe0000000).ipv6(ROUTER).bytes(link(2, ROUTER_MAC))),
  // Without its link-layer address; for another host, with that one's.
  message(HOST, ROUTER, HOST_MAC, 136, write().u32(0x40000000).ipv6(HOST)),
  message(ROUTER, HOST, ROUTER_MAC, 136, write().u32(0x20000000).ipv6('fe80::77').bytes(link(2, '00:1b:1b:00:00:77'))),
  // For another host, without: nobody knows whose it is.
  message(ROUTER, HOST, ROUTER_MAC, 136, write().u32(0x20000000).ipv6('fe80::78')),
  message(
    ROUTER,
    HOST,
    ROUTER_MAC,
    137,
    write().u32(0).ipv6('fe80::3').ipv6('2001:db8:7::7').bytes(link(2, '00:0a:dc:00:00:03')),
  ),
  message(HOST, ROUTER, HOST_MAC, 128, write().u16(1, 1).text('plant')),
  message(ROUTER, HOST, ROUTER_MAC, 129, write().u16(1, 1).text('plant')),
  message(
    ROUTER,
    HOST,
    ROUTER_MAC,
    1,
    write()
      .u32(0)
      .bytes(ipPacket({ from: HOST, to: '2001:db8:7::7', protocol: 17 }, write().u16(50_000, 53, 8, 0))),
  ),
  message(ROUTER, ALL_NODES, ROUTER_MAC, 130, write().u16(10_000, 0).ipv6('::')),
  message(HOST, 'ff02::fb', HOST_MAC, 131, write().u16(0, 0).ipv6('ff02::fb')),
  message(
    HOST,
    'ff02::16',
    HOST_MAC,
    143,
    write()
      .u16(0, 5)
      .bytes(record(4, 'ff02::1:ff20:2'), record(4, 'ff02::c'))
      .bytes(record(3, 'ff02::6b'), record(3, 'ff35::8', ['2001:db8::8']), record(6, 'ff35::9', ['2001:db8::8'])),
  ),
  message(ROUTER, 'ff02::6a', ROUTER_MAC, 151, write().u16(125, 2)),
  message(HOST, ROUTER, HOST_MAC, 140, write().u16(2, 0).zeros(12).lengthPrefixed8(write().text('oven-3')).u8(0, 0)),
  // An option of no length.
  message('fe80::9', ALL_ROUTERS, '00:1b:1b:00:00:09', 133, write().u32(0).u8(1, 0).zeros(6)),
  message('fe80::9', ALL_ROUTERS, '00:1b:1b:00:00:09', 250, write().u32(0)),
]);

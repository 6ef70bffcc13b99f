// Written by hand after RFC 1928 and RFC 1929 with invented devices: a proxy that asks for a password, one that lets
// everybody through, both forms of version 4, and bytes that are none.
import { capture, fromClient, fromServer, ipBytes, tcp, write } from '../../testing/index.ts';

const PASSWORD = 'Schleuse-241';
export const secrets = [PASSWORD];
const ends = (server: string, clientPort: number) => ({ client: '10.9.27.10', server, port: 1080, clientPort });

export const golden = capture('SOCKS proxies', [
  tcp(ends('10.9.27.20', 50_001), [
    fromClient(write().u8(5, 2, 0, 2)),
    fromServer(write().u8(5, 2)),
    fromClient(write().u8(1).lengthPrefixed8(write().text('vendor')).lengthPrefixed8(write().text(PASSWORD))),
    fromServer(write().u8(1, 0)),
    fromClient(write().u8(5, 1, 0, 3).lengthPrefixed8(write().text('cloud.vendor.example')).u16(443)),
    fromServer(write().u8(5, 0, 0, 1).ipv4('10.9.27.20').u16(40_000)),
    fromClient(write().text('what is carried')),
  ]),
  tcp(ends('10.9.27.21', 50_002), [
    fromClient(write().u8(5, 1, 0)),
    fromServer(write().u8(5, 0)),
    fromClient(write().u8(5, 1, 0, 4).bytes(ipBytes('2001:db8::5')).u16(502)),
    fromServer(write().u8(5, 0, 0, 4).zeros(16).u16(0)),
  ]),
  tcp(ends('10.9.27.22', 50_003), [
    fromClient(write().u8(4, 1).u16(22).ipv4('10.1.2.3').textz('mei')),
    fromServer(write().u8(0, 0x5b).zeros(6)),
  ]),
  tcp(ends('10.9.27.23', 50_004), [
    fromClient(write().u8(4, 1).u16(80).ipv4('0.0.0.1').textz('').textz('files.example')),
    fromServer(write().u8(0, 0x5a).zeros(6)),
  ]),
  tcp(ends('10.9.27.24', 50_005), [fromClient(write().text('hello')), fromServer(write().text('hello'))]),
]);

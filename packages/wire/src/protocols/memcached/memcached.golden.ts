// Written by hand after memcached's documents with invented devices: text and binary, values, versions, and bytes that are
// none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const line = (text: string) => write().text(`${text}\r\n`);
const binary = (magic: number, command: number, value: string, key = '') =>
  write()
    .u8(magic, command)
    .u16(key.length)
    .u8(0, 0)
    .u16(0)
    .u32(key.length + value.length, 1)
    .u64(0)
    .text(key + value);

const PASSWORD = 'Zwischenlager-161';
const SET = 'Zwischenlager-162';
export const secrets = [PASSWORD, SET];
const ends = (server: string, clientPort: number) => ({ client: '10.9.19.10', server, port: 11_211, clientPort });

export const golden = capture('memcached of a server', [
  tcp(ends('10.9.19.20', 50_001), [
    fromClient(write().text(`set auth 0 60 ${4 + SET.length}\r\nmei ${SET}\r\n`)),
    fromServer(line('STORED')),
    fromClient(line('get line4')),
    fromServer(write().text('VALUE line4 0 7\r\nrunning\r\nEND\r\n')),
    fromClient(line('version')),
    fromServer(line('VERSION 1.6.9')),
  ]),
  tcp(ends('10.9.19.21', 50_002), [fromClient(binary(0x80, 0x0b, '')), fromServer(binary(0x81, 0x0b, '1.4.15'))]),
  tcp(ends('10.9.19.24', 50_005), [
    fromClient(binary(0x80, 0x21, `\0panel\0${PASSWORD}`, 'PLAIN')),
    fromServer(binary(0x81, 0x21, 'Authenticated')),
  ]),
  tcp(ends('10.9.19.22', 50_003), [
    fromClient(line('stats')),
    fromServer(write().text('STAT pid 7\r\nSTAT version 1.5.6\r\nEND\r\n')),
  ]),
  tcp(ends('10.9.19.23', 50_004), [fromClient(line('HELLO there')), fromServer(line('nothing known'))]),
]);

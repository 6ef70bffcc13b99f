// Written by hand after the X protocol with invented devices: a program with a cookie, one that is let in without, one in
// the other byte order that is refused, an odd port, and bytes that are none.
import { type Bytes, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const COOKIE = 'COOKIE-231-XYZ!!';
export const secrets = [COOKIE];
const NAME = 'MIT-MAGIC-COOKIE-1';

const setup = (name: string, data: string) =>
  write()
    .u8(0x6c, 0)
    .u16le(11, 0, name.length, data.length, 0)
    .bytes(write().text(name).align(4), write().text(data).align(4));
const accepted = (vendor: string) => {
  const more: Bytes = write()
    .u32le(12_101_004, 0x600000, 0x1fffff, 256)
    .u16le(vendor.length, 0xffff)
    .u8(1, 7, 0, 0, 32, 32, 8, 255)
    .u32le(0)
    .bytes(write().text(vendor).align(4));
  return write()
    .u8(1, 0)
    .u16le(11, 0, more.length / 4)
    .bytes(more);
};
const ends = (server: string, clientPort: number, port = 6000) => ({ client: '10.9.26.10', server, port, clientPort });

export const golden = capture('X11 of engineering computers', [
  tcp(ends('10.9.26.20', 50_001), [
    fromClient(setup(NAME, COOKIE)),
    fromServer(accepted('The X.Org Foundation')),
    fromClient(write().u8(98, 0).u16le(5)),
  ]),
  tcp(ends('10.9.26.21', 50_002, 6001), [fromClient(setup('', '')), fromServer(accepted('Exceed'))]),
  tcp(ends('10.9.26.22', 50_003, 6099), [
    fromClient(setup(NAME, '')),
    fromServer(write().u8(0, 4).u16le(11, 0, 1).text('none')),
  ]),
  tcp(ends('10.9.26.23', 50_004), [
    fromClient(write().u8(0x42, 0).u16(11, 0, 0, 0, 0)),
    fromServer(write().u8(2, 0).u16(0, 0, 0)),
  ]),
  tcp(ends('10.9.26.24', 50_005), [fromClient(write().text('lost and found')), fromServer(write().text('hello'))]),
]);

// Written by hand from what CODESYS runtimes of both versions exchange: a search over broadcast with two answers, a
// session over TCP, the query of version 2. One answer ends within a name.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, udp, write } from '../../testing/index.ts';

/** Head of a routed datagram with a sender of two words, and a receiver of as many unless it is for everybody. */
const routed = (service: number, content: Bytes, toEverybody = false) =>
  toEverybody
    ? write().u8(0xc5, 0x7c, 0x40, service, 0, 0x20).u16(0x1234).hex('0001 0005').bytes(content)
    : write().u8(0xc5, 0x6b, 0x40, service, 0, 0x22).hex('0000 0014 0001 0005').zeros(2).bytes(content);
const search = routed(3, write().u16le(0xc202, 0x0400).u32le(77), true);
const name = (text: string) => write().utf16le(`${text}\0`);
const found = (node: string, device: string, vendor: string, version: number, serial: string) =>
  routed(
    4,
    write()
      .u16le(0xc280, 0x0400)
      .u32le(77)
      .u16le(4)
      .u8(1, 1)
      .u16le(0, node.length, device.length, vendor.length)
      .u32le(0x1000, 0x1006_1204, version, 0)
      .u8(serial.length, 0, 0x11, 0)
      .zeros(8)
      .bytes(name(node), name(device), name(vendor))
      .textz(serial),
  );
const PC = '10.8.0.5';
const answer = (from: string, content: Bytes) => udp({ from, fromPort: 1740, to: PC, toPort: 1743 }, content);
const cut = bytesOf(found('PRESS', 'Controller 9', 'Steuerbau GmbH', 0x0203_0400, '')).slice(0, -24);
const searching = [
  udp({ from: PC, fromPort: 1743, to: '10.8.0.255', toPort: 1740 }, search),
  answer('10.8.0.20', found('LINE-4', 'WAGO 750-8212 PFC200 G2', 'WAGO', 0x050f_0400, 'WG-0042117')),
  answer(
    '10.8.0.21',
    found('HALL-PC', 'CODESYS Control Win V3 x64', '3S - Smart Software Solutions GmbH', 0x0305_0f14, ''),
  ),
  answer('10.8.0.22', cut),
];

const block = (content: Bytes) => {
  const bytes = bytesOf(content);
  return write()
    .hex('000117e8')
    .u32le(8 + bytes.length)
    .bytes(bytes);
};
const service = (group: number, command: number, data: Bytes = write()) => {
  const bytes = bytesOf(data);
  return block(
    routed(
      0x40,
      write()
        .u8(1, group < 0x80 ? 0x81 : 1)
        .u16le(0x5ab2)
        .u32le(1, 1, 20 + bytes.length, 0xc0de)
        .u16le(0xcd55, 16, group, command)
        .u32le(0x11, bytes.length, 0)
        .bytes(bytes),
    ),
  );
};
const session = tcp({ client: PC, server: '10.8.0.20', port: 11_740 }, [
  fromClient(block(routed(0x40, write().hex('c3 00 01 01 00000000')))),
  fromServer(block(routed(0x40, write().hex('83 00 01 01 00000000')))),
  fromClient(service(1, 1)),
  fromServer(service(0x81, 1, write().zeros(12))),
  fromClient(service(2, 0x11)),
  fromServer(service(0x82, 0x11)),
  fromClient(service(2, 5, write().zeros(400))),
  fromServer(service(0x82, 5)),
  fromClient(service(9, 6, write().zeros(16))),
  fromClient(service(0x60, 1)),
]);

const version2 = tcp({ client: PC, server: '10.8.0.30', port: 2455 }, [
  fromClient(write().hex('bbbb 01000000 01')),
  fromServer(
    write()
      .hex('bbbb')
      .lengthPrefixed32le(
        write().zeros(58).text('Nucleus PLUS', 32).text('Nucleus PLUS version unknown', 32).text('Steuerbau Ltd.', 32),
      ),
  ),
]);

export const golden = capture('CODESYS: found by name, a session of version 3, the query of version 2', [
  ...searching,
  session,
  version2,
]);

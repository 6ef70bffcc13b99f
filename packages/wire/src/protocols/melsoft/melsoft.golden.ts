// Written by hand from what GX Works and controllers exchange: the search over broadcast, the type of the CPU, a file and
// remote stop. One frame ends within its route.
import { type ByteWriter, capture, fromClient, fromServer, tcp, udp, write } from '../../testing/index.ts';

const request = (command: number, number: number, rest: ByteWriter = write()) =>
  write()
    .hex('57 01 0000 00 1111 07 0000 ffff03 0000 fe0300 00')
    .lengthPrefixed16le(write().hex('1c 0a 16 14').zeros(20).u16(command).u16le(number).bytes(rest));
const answer = (command: number, number: number, rest: ByteWriter = write()) =>
  write()
    .hex('d7 01 0000 00 1111 7f 0000 00fe03 0000 ffff03 00')
    .bytes(write().lengthPrefixed16le(write().hex('9c 0a 18 14').zeros(22).u16(command).u16le(number).bytes(rest)));
const path = (text: string) => write().zeros(8).u16le(4, text.length).utf16le(text);

const PC = '10.4.0.7';
const FX5 = '10.4.0.40';
const EVERYBODY = '255.255.255.255';
/** A directly connected controller and its tool speak to everybody. */
const toTool = { from: FX5, fromPort: 5560, to: EVERYBODY, toPort: 49_160 };
const toController = { from: PC, fromPort: 49_160, to: EVERYBODY, toPort: 5560 };
const model = write().u16(0).text('FX5U-64MR/DS', 16).u16le(0x4a23, 0, 8, 0);

const overUdp = [
  udp(toController, write().hex('5a 0000 01')),
  udp(toTool, write().hex('da 0000 01 1400 0a040028 0a040007')),
  udp(toController, request(0x0121, 1, write().hex('00 0000 0001'))),
  udp(toTool, answer(0x0121, 1, model)),
];
const overTcp = tcp({ client: PC, server: '10.4.0.41', port: 5562 }, [
  fromClient(request(0x0121, 1, write().hex('00 0000 0001'))),
  fromServer(answer(0x0121, 1, write().u16(0).text('R08CPU', 16).u16le(0x4802, 0, 8, 0))),
  fromClient(request(0x1867, 2, path('$MELPRJ$\\MAIN.PRG'))),
  fromServer(answer(0x1867, 2, write().u16le(0, 0x92))),
  fromClient(request(0x1869, 3, write().u16le(0, 0x92).zeros(40))),
  fromServer(answer(0x1869, 3, write().u16le(0, 40))),
  fromClient(request(0x1002, 4, write().u16le(0, 1))),
  fromServer(answer(0x1002, 4, write().u16le(0))),
  fromClient(request(0x0b2a, 5, write().zeros(16))),
  fromServer(answer(0x0b2a, 5, write().zeros(16))),
  fromClient(
    write()
      .hex('57 01 0000 00 1111 07 0000 ffff03 0000 fe0300 00')
      .lengthPrefixed16le(write().hex('1c 0a 16 14').zeros(6)),
  ),
]);

export const golden = capture('MELSOFT over broadcast and over TCP', [...overUdp, overTcp]);

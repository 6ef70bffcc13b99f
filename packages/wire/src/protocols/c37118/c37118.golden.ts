// Written by hand after IEEE C37.118-2005 and C37.118.2-2011. A unit that is started and stopped, a concentrator with
// three units behind it, a third form of configuration by datagram, and frames that are damaged or end too early.
import {
  type Bytes,
  bytesOf,
  capture,
  fromClient,
  fromServer,
  tcp,
  udp,
  udpExchange,
  write,
} from '../../testing/index.ts';
import { c37118Checksum } from './c37118.ts';

const frame = (type: number, id: number, content: Bytes, version = 1) => {
  const body = bytesOf(content);
  const head = write()
    .u8(0xaa, (type << 4) | version)
    .u16(16 + body.length, id)
    .u32(0x5f2d6f40, 0x00400000)
    .bytes(body)
    .build();
  return write().bytes(head).u16(c37118Checksum(head)).build();
};
const command = (id: number, code: number) => frame(4, id, write().u16(code));
const data = (id: number) => frame(0, id, write().u16(0).u32(0x447a0000, 0).u16(0, 0));
/** One unit with two phasors, an analog value and a word of digital states. */
const unit = (station: string, id: number) =>
  write()
    .text(station, 16, 0x20)
    .u16(id, 4, 2, 1, 1)
    .text('VA', 16, 0x20)
    .text('IA', 16, 0x20)
    .text('P', 16, 0x20)
    .bytes(...Array.from({ length: 16 }, (_, bit) => write().text(`BIT ${bit}`, 16, 0x20)))
    .u32(0x00000064, 0x01000064, 0x00000001, 0x0000ffff)
    .u16(1, 7)
    .build();
const configuration = (type: number, id: number, ...units: Bytes[]) =>
  frame(
    type,
    id,
    write()
      .u32(1_000_000)
      .u16(units.length)
      .bytes(...units)
      .u16(50),
  );

const text8 = (value: string) => write().lengthPrefixed8(write().text(value));
const thirdUnit = (station: string, id: number, globalId: string) =>
  write()
    .bytes(text8(station))
    .u16(id)
    .hex(globalId)
    .u16(6, 1, 0, 0)
    .bytes(text8('Spannung L1'))
    .u32(0x00000001, 0x3f800000, 0)
    .f32(48.2)
    .f32(16.4)
    .f32(170)
    .text('M')
    .u32(20_000, 10_000)
    .u16(1, 3)
    .build();
const third = (index: number, ...units: Bytes[]) =>
  frame(
    5,
    90,
    write()
      .u16(index)
      .u32(1_000_000)
      .u16(units.length)
      .bytes(...units)
      .u16(50),
    2,
  );

const measuring = tcp({ client: '10.9.0.2', server: '10.9.0.10', port: 4712, clientPort: 53_000 }, [
  fromClient(command(241, 1)),
  fromClient(command(241, 3)),
  fromServer(frame(1, 241, write().text('Bay 4, calibrated 2024-03'))),
  fromClient(command(241, 5)),
  fromServer(configuration(3, 241, unit('UW Nord Feld 4', 241))),
  fromClient(command(241, 2)),
  fromServer(data(241)),
  fromServer(data(241)),
  fromClient(command(241, 8)),
  fromClient(command(241, 0x1001)),
]);

const concentrator = tcp({ client: '10.9.0.2', server: '10.9.0.20', port: 4712, clientPort: 53_001 }, [
  fromClient(command(500, 4)),
  fromServer(configuration(2, 500, unit('UW Nord', 241), unit('UW Sued', 242), unit('Kraftwerk', 17))),
  fromServer(data(500)),
  // The end of the connection, within the second unit.
  fromServer(configuration(3, 501, unit('Ost 1', 301), unit('Ost 2', 302)).slice(0, 500)),
]);

const byDatagram = udpExchange({ client: '10.9.0.2', server: '10.9.0.30', port: 4713, clientPort: 4713 }, [
  fromClient(command(90, 6)),
  fromServer(third(0, thirdUnit('Umspannwerk Süd', 90, '0123456789abcdef0123456789abcdef'))),
  fromServer(third(0xffff, thirdUnit('another piece', 91, '00000000000000000000000000000000'))),
]);

const toGroup = { from: '10.9.0.40', fromPort: 4712, to: '239.1.1.1', toPort: 8500 };
const damaged = configuration(3, 61, unit('damaged', 61)).map((byte, i) => (i === 40 ? byte ^ 4 : byte));

export const golden = capture('Synchrophasors: a unit, a concentrator, datagrams', [
  measuring,
  concentrator,
  byDatagram,
  udp(toGroup, data(60)),
  udp(toGroup, damaged),
]);

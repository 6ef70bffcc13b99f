// Written by hand after IEEE 1815-2012. A bay controller with attributes, commands, files and a restart, a gateway with two
// outstations, datagrams, an outstation that connects by itself, and frames with wrong checksums.
import {
  type Bytes,
  bytesOf,
  capture,
  concat,
  fromClient,
  fromServer,
  hex,
  tcp,
  udpExchange,
  write,
} from '../../testing/index.ts';
import { dnp3Checksum } from './link.ts';

/** The password for file access, which no fact and no frame may show. */
export const secrets = ['Pumpwerk2'];

const withChecksum = (bytes: Bytes) => {
  const body = bytesOf(bytes);
  return write().bytes(body).u16le(dnp3Checksum(body)).build();
};
/** A link frame: control 0xC4 from a master, 0x44 from an outstation. */
const frame = (control: number, destination: number, source: number, data: Bytes = write()) => {
  const bytes = bytesOf(data);
  const out = write().bytes(
    withChecksum(
      write()
        .hex('0564')
        .u8(5 + bytes.length, control)
        .u16le(destination, source),
    ),
  );
  for (let at = 0; at < bytes.length; at += 16) out.bytes(withChecksum(bytes.slice(at, at + 16)));
  return out.build();
};
/** A fragment in one segment. */
const ask = (station: number, sequence: number, code: number, objects: Bytes = write(), master = 1) =>
  frame(
    0xc4,
    station,
    master,
    write()
      .u8(0xc0 | sequence, 0xc0 | sequence, code)
      .bytes(objects),
  );
const answer = (
  station: number,
  sequence: number,
  indications: number,
  objects: Bytes = write(),
  code = 129,
  master = 1,
) =>
  frame(
    0x44,
    master,
    station,
    write()
      .u8(0xc0 | sequence, 0xc0 | sequence, code)
      .u16(indications)
      .bytes(objects),
  );
/** A fragment in segments of 30 bytes. */
const askInSegments = (station: number, sequence: number, code: number, objects: Bytes) => {
  const fragment = write()
    .u8(0xc0 | sequence, code)
    .bytes(objects)
    .build();
  const frames: Uint8Array[] = [];
  for (let at = 0; at < fragment.length; at += 30) {
    const header = (at === 0 ? 0x40 : 0) | (at + 30 >= fragment.length ? 0x80 : 0) | (at / 30 + 5);
    frames.push(
      frame(
        0xc4,
        station,
        1,
        write()
          .u8(header)
          .bytes(fragment.slice(at, at + 30)),
      ),
    );
  }
  return frames;
};

const attribute = (variation: number, value: string, set = 0, type = 1) =>
  write().u8(0, variation, 0, set, set, type).lengthPrefixed8(write().text(value)).build();
const CLASSES = hex('3c0206 3c0306 3c0406 3c0106');
/** Control relay output block: one object with an index of two bytes. */
const relay = (index: number, code: number, count = 1, status = 0) =>
  write().hex('0c01 28').u16le(1, index).u8(code, count).u32le(500, 0).u8(status).build();
const analog = (index: number, value: number, status = 0) => {
  const bits = write().f32(value).build().reverse();
  return write().hex('2903 17').u8(1, index).bytes(bits).u8(status).build();
};
/** One object in free format. */
const free = (group: number, variation: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write().u8(group, variation, 0x5b, 1).u16le(bytes.length).bytes(bytes).build();
};
const fileCommand = (name: string) =>
  free(70, 3, write().u16le(26, name.length).zeros(6).u16le(0x1ff).u32le(0x11, 300).u16le(2, 1024, 1).text(name));
const fileAccess = free(
  70,
  2,
  write()
    .u16le(12, 11, 23, secrets[0]?.length ?? 0)
    .u32le(0)
    .text('wartung-ost')
    .text(secrets[0] ?? ''),
);

const bay = tcp({ client: '10.7.0.2', server: '10.7.0.10', port: 20_000, clientPort: 51_000 }, [
  fromClient(frame(0xc9, 10, 1)), // request link status
  fromServer(frame(0x0b, 1, 10)),
  fromClient(ask(10, 0, 1, CLASSES)),
  // Restarted, and needs the time; a binary input.
  fromServer(answer(10, 0, 0x9000, hex('010200 0000 01'))),
  fromClient(ask(10, 0, 0)), // confirmation
  fromClient(ask(10, 1, 2, hex('5001 00 07 07 00'))),
  fromServer(answer(10, 1, 0x1000)),
  fromClient(ask(10, 2, 2, hex('3201 07 01 0011223344 01'))),
  fromServer(answer(10, 2, 0)),
  fromClient(ask(10, 3, 1, hex('00f2 00 0000 00fa 00 0000 00fc 00 0000'))),
  fromServer(
    answer(
      10,
      3,
      0,
      concat(
        attribute(242, 'V3.1.7'),
        attribute(243, 'C2', 0, 5),
        attribute(245, 'Umspannwerk Nord'),
        attribute(246, 'UWN-07'),
        attribute(247, 'Feld 7'),
        attribute(248, 'BC-000417'),
        attribute(250, 'Bay Controller 700'),
        attribute(252, 'Fernwirk GmbH'),
        attribute(250, 'not of the standard set', 1),
        hex('00f1 00 0000 02 02 0008'), // number of bytes, no text
      ),
    ),
  ),
  fromClient(ask(10, 4, 3, relay(3, 0x41))),
  fromServer(answer(10, 4, 0, relay(3, 0x41))),
  fromClient(ask(10, 5, 4, relay(3, 0x41))),
  fromServer(answer(10, 5, 0, relay(3, 0x41))),
  fromClient(ask(10, 6, 5, concat(relay(300, 0x83, 2), analog(2, 47.5)))),
  fromServer(answer(10, 6, 0, concat(relay(300, 0x83, 2, 4), analog(2, 47.5)))), // not supported
  fromClient(ask(10, 7, 6, analog(1, -3))),
  fromClient(ask(10, 8, 21, hex('3c0206 3c0306 3c0406'))),
  fromServer(answer(10, 8, 0)),
  fromClient(ask(10, 9, 29, fileAccess)),
  fromServer(answer(10, 9, 0, free(70, 2, hex('0c00 0000 0c00 0000 78563412')))),
  fromClient(ask(10, 10, 25, fileCommand('/config/bay.xml'))),
  fromServer(answer(10, 10, 0, free(70, 4, hex('01000000 2c010000 0004 0100 00')))),
  ...askInSegments(10, 11, 2, free(70, 5, write().u32le(1, 0x80000000).text('<bay>'.repeat(20)))).map(fromClient),
  fromServer(answer(10, 11, 0x0001)), // function not supported
  fromClient(ask(10, 12, 13)),
  fromServer(answer(10, 12, 0, hex('3401 07 01 0500'))),
  fromServer(answer(10, 3, 0xa028, hex('020100 0505 81'), 130)), // unsolicited
  fromClient(ask(10, 13, 1, hex('1e05 00 0009'))),
  fromServer(answer(10, 13, 0, hex('7801 5b01 0800 0100000001000504'), 131)),
  fromClient(ask(10, 13, 32, hex('7802 5b01 0600 010000000100'))),
  fromServer(answer(10, 13, 0, hex('1e05 00 0000 01 0000803f'))),
  fromClient(ask(10, 14, 0x70)),
  fromClient(ask(0xffff, 15, 18)), // to all
  fromServer(answer(10, 15, 0).subarray(0, 15).slice()), // the end of the connection
]);

const gateway = tcp({ client: '10.7.0.2', server: '10.7.0.30', port: 20_000, clientPort: 51_001 }, [
  fromClient(ask(21, 0, 1, hex('00fe 00 0000'))),
  fromServer(answer(21, 0, 0, attribute(250, 'Pump RTU'))),
  fromClient(ask(22, 0, 1, hex('00fe 00 0000'))),
  fromServer(answer(22, 0, 0, attribute(250, 'Tank RTU'))),
  fromClient(ask(22, 1, 14)),
  fromServer(answer(22, 1, 0x4000)),
]);

/** Two frames in one datagram; then one whose header and one whose block is damaged. */
const damaged = (at: number) => ask(5, 2, 13, relay(1, 1)).map((byte, i) => (i === at ? byte ^ 0x10 : byte));
const datagrams = udpExchange({ client: '10.7.0.3', server: '10.7.0.40', port: 20_000, clientPort: 51_002 }, [
  fromClient(concat(ask(5, 0, 1, CLASSES, 3), ask(5, 1, 14, write(), 3))),
  fromServer(answer(5, 0, 0, write(), 129, 3)),
  fromServer(answer(5, 1, 0, write(), 129, 3)),
  fromClient(damaged(5)),
  fromClient(damaged(20)),
]);

/** The outstation is the client. On a port that nobody claims the first segment has to hold a whole frame: not laid anew. */
const calling = tcp({ client: '10.7.0.50', server: '10.7.0.2', port: 20_100, clientPort: 51_003 }, [
  fromClient(answer(77, 0, 0x8000, write(), 130)),
  fromServer(ask(77, 0, 0)),
  fromServer(ask(77, 1, 13)),
]);

export const golden = capture('DNP3: a bay controller, a gateway, datagrams, an outstation that calls', [
  bay,
  gateway,
  datagrams,
  calling.frames,
]);

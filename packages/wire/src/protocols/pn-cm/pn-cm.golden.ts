// Written by hand after IEC 61158-6-10, 5.2, and C706, chapter 12: a controller opens a device, writes and reads records,
// the device answers from a port of its own and reports that it is ready, a tool asks for identification.
import { type ByteWriter, capture, udp, udpExchange, write } from '../../testing/index.ts';

/** A UUID in either byte order: three numbers, then eight bytes as they are. */
const uuid = (little: boolean, digits: string) => {
  const [first = '', second = '', third = '', ...rest] = digits.split('-');
  const numbers = [first, second, third].map((part) => Number.parseInt(part, 16)) as [number, number, number];
  const out = little
    ? write().u32le(numbers[0]).u16le(numbers[1], numbers[2])
    : write().u32(numbers[0]).u16(numbers[1], numbers[2]);
  return out.hex(rest.join(''));
};
const PROFINET = (n: number) => `dea0000${n}-6c97-11d1-8271-00a02442df7d`;
const object = (device: string, vendor: string) => `dea00000-6c97-11d1-8271-0001${device}${vendor}`;
const DEVICE_OBJECT = object('0313', '002a');
const CONTROLLER_OBJECT = object('010d', '00b0');

interface Call {
  readonly type: number;
  readonly operation: number;
  readonly sequence: number;
  readonly little?: boolean;
  readonly service?: string;
  readonly object?: string;
  readonly flags?: number;
  readonly fragment?: number;
}
const packet = (call: Call, body: ByteWriter) => {
  const { little = false } = call;
  const out = write()
    .u8(4, call.type, call.flags ?? 0x20, 0, little ? 0x10 : 0, 0, 0, 0)
    .bytes(uuid(little, call.object ?? DEVICE_OBJECT), uuid(little, call.service ?? PROFINET(1)))
    .hex('35fda900 358a 1212 8004 001c060b26ed');
  if (little)
    return out
      .u32le(0, 1, call.sequence)
      .u16le(call.operation, 0xffff, 0xffff, body.length, call.fragment ?? 0)
      .u16(0)
      .bytes(body);
  return out
    .u32(0, 1, call.sequence)
    .u16(call.operation, 0xffff, 0xffff, body.length, call.fragment ?? 0)
    .u16(0)
    .bytes(body);
};
/** Arguments of a request: most, actual, then an array. */
const request = (blocks: ByteWriter, little = false) => {
  const n = blocks.length;
  return (little ? write().u32le(4132, n, 4132, 0, n) : write().u32(4132, n, 4132, 0, n)).bytes(blocks);
};
const response = (blocks: ByteWriter, little = false, status = 0) => {
  const n = blocks.length;
  return (little ? write().u32le(status, n, 4132, 0, n) : write().u32(status, n, 4132, 0, n)).bytes(blocks);
};

const block = (type: number, content: ByteWriter, version = 0x0100) =>
  write()
    .u16(type, content.length + 2, version)
    .bytes(content);
const RELATION = write().hex('09f1a530 c75f 6d47 b67f 8073439deaad');
const all = (...parts: readonly ByteWriter[]) => write().bytes(...parts);

const STATION = write().text('controller-7');
const relation = block(
  0x0101,
  write()
    .u16(1)
    .bytes(RELATION)
    .u16(2)
    .mac('02:00:00:00:07:01')
    .bytes(uuid(false, CONTROLLER_OBJECT))
    .u32(0x11)
    .u16(600, 0x8892)
    .lengthPrefixed16(STATION),
);
/** Cyclic data relation, of which only the length matters here. */
const cyclic = block(0x0102, write().zeros(40));
/** A slot with one submodule, whose data are described once or, in both directions, twice. */
const expected = (slot: number, module: number, submodule: number, properties: number) =>
  block(
    0x0104,
    write()
      .u16(1)
      .u32(0)
      .u16(slot)
      .u32(module)
      .u16(0, 1, 1)
      .u32(submodule)
      .u16(properties)
      .zeros(properties === 3 ? 12 : 6),
  );
const connect = all(
  relation,
  cyclic,
  expected(0, 0x406, 1, 0),
  expected(1, 0x010000d8, 1, 3),
  expected(2, 0x08080004, 1, 1),
  expected(3, 0x00000077, 1, 1),
);
const connected = all(
  block(0x8101, write().u16(1).bytes(RELATION).u16(2).mac('02:00:00:00:07:02').u16(0x8892)),
  block(
    0x8104,
    write()
      .u16(1)
      .u32(0)
      .u16(2)
      // Slot 2 is empty, in slot 3 another submodule is plugged.
      .u16(2)
      .u32(0)
      .u16(0, 0)
      .u16(3)
      .u32(0x78)
      .u16(1, 1, 1)
      .u32(2)
      .u16(0x9000),
  ),
);

const place = (slot: number, subslot: number, index: number, length: number, api = 0) =>
  write().u16(1).bytes(RELATION).u32(api).u16(slot, subslot, 0, index).u32(length);
const readRequest = (slot: number, subslot: number, index: number) =>
  block(0x0009, place(slot, subslot, index, 4096).zeros(24));
const readResponse = (slot: number, subslot: number, index: number, ...records: readonly ByteWriter[]) => {
  const data = all(...records);
  return all(block(0x8009, place(slot, subslot, index, data.length).zeros(24)), data);
};
const writeRequest = (slot: number, subslot: number, index: number, data: ByteWriter) =>
  all(block(0x0008, place(slot, subslot, index, data.length).zeros(24)), data);

const im0 = (order: string, serial: string, hardware: number, version: string) =>
  block(
    0x0020,
    write()
      .u16(0x002a)
      .text(order, 20, 0x20)
      .text(serial, 16, 0x20)
      .u16(hardware)
      .hex(version)
      .zeros(6)
      .hex('0101 000e'),
  );
const control = (type: number, command: number) => block(type, write().u16(0).bytes(RELATION).u16(2, 0, command, 0));

const interfaceReal = block(
  0x0240,
  write()
    .lengthPrefixed8(write().text('drive-12'))
    .zeros(1)
    .mac('02:00:00:00:07:02')
    .u16(0)
    .ipv4('10.8.0.12')
    .ipv4('255.255.255.0')
    .ipv4('10.8.0.1'),
);
const portReal = block(
  0x020f,
  write()
    .u16(0, 0, 0x8001)
    .lengthPrefixed8(write().text('port-001'))
    .u8(1)
    .zeros(2)
    .lengthPrefixed8(write().text('port-004'))
    .lengthPrefixed8(write().text('switch-2'))
    .zeros(2)
    .u32(0)
    .mac('02:00:00:00:07:09')
    .zeros(22),
);
const multiple = (subslot: number, inner: ByteWriter) =>
  block(0x0400, write().u16(0).u32(0).u16(0, subslot).bytes(inner));

const REQUEST = { type: 0, operation: 0, sequence: 0 };
const RESPONSE = { type: 2, operation: 0, sequence: 0 };
const CONTROLLER = '10.8.0.5';
const DEVICE = '10.8.0.12';
const toDevice = { from: CONTROLLER, fromPort: 50_000, to: DEVICE, toPort: 34_964 };
const toController = { from: DEVICE, fromPort: 34_964, to: CONTROLLER, toPort: 50_000 };
const toTool = { from: DEVICE, fromPort: 49_153, to: '10.8.0.30', toPort: 50_010 };

const read = (sequence: number, slot: number, subslot: number, index: number, ...records: readonly ByteWriter[]) => [
  udp(toDevice, packet({ ...REQUEST, operation: 2, sequence }, request(readRequest(slot, subslot, index)))),
  udp(
    toController,
    packet({ ...RESPONSE, operation: 2, sequence }, response(readResponse(slot, subslot, index, ...records))),
  ),
];

/** An entry of the endpoint mapper: object, tower, note of 64 characters. */
const note = 'ET 200TEST                6ES7 999-1AA00-0AB0      3 V  4  2 11';
const entry = (text: string) =>
  all(uuid(true, DEVICE_OBJECT), write().u32le(3, 0, 64).text(text, 64)).bytes(write().align(4));
const looked = write().zeros(20).u32le(1, 1, 0, 1).bytes(entry(note)).u32le(75, 75).zeros(76).u32le(0);
const EPM = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
const NIL = '00000000-0000-0000-0000-000000000000';

/** A long connect in two fragments. */
const long = request(all(relation, cyclic, expected(4, 0x99, 1, 1))).build();

export const golden = capture('PROFINET IO CM: connecting, parameters, records, endpoint mapper', [
  udp(toDevice, packet(REQUEST, request(connect))),
  udp(toController, packet(RESPONSE, response(connected))),
  udp(
    toDevice,
    packet(
      { ...REQUEST, operation: 3, sequence: 1 },
      request(
        writeRequest(
          0xffff,
          0xffff,
          0xe040,
          all(
            writeRequest(0, 1, 1, write().hex('0102 0304 05')),
            write().zeros(3),
            writeRequest(0, 0x8000, 0xaff1, write().zeros(4)),
            writeRequest(1, 1, 1, write().zeros(4)),
            writeRequest(1, 1, 2, write().zeros(4)),
            writeRequest(3, 1, 2, write().zeros(4)),
          ),
        ),
      ),
    ),
  ),
  udp(toController, packet({ ...RESPONSE, operation: 3, sequence: 1 }, response(write().zeros(64)))),
  udp(toDevice, packet({ ...REQUEST, operation: 4, sequence: 2 }, request(control(0x0110, 1)))),
  udp(toController, packet({ ...RESPONSE, operation: 4, sequence: 2 }, response(control(0x8110, 8)))),
  // Ready: now the device calls the controller.
  udp(
    { ...toController, fromPort: 49_154, toPort: 34_964 },
    packet({ ...REQUEST, operation: 4, service: PROFINET(2), object: CONTROLLER_OBJECT }, request(control(0x0112, 2))),
  ),
  ...read(3, 0, 1, 0xaff0, im0('6ES7 999-1AA00-0AB0 ', 'S C-TEST00000001', 3, '56 04 02 0b')),
  ...read(4, 1, 1, 0xaff0, im0('6ES7 132-9AA00-0AB0', '0000000000000000', 0xffff, '56 ff ff ff')),
  ...read(
    5,
    0,
    1,
    0xaff1,
    block(0x0021, write().text('A1.FILLING', 32, 0x20).text('HALL 2', 22, 0x20)),
    block(0x0022, write().text('2024-05-17 09:30', 16)),
    block(0x0023, write().text('Valve terminal of mixer 2', 54, 0x20)),
  ),
  ...read(6, 0, 1, 0xaff4, block(0x0024, write().zeros(54))),
  ...read(7, 0, 0, 0xf841, multiple(0x8000, interfaceReal), multiple(0x8001, portReal)),
  ...read(8, 0, 0, 0xf000, block(0x0013, write().u16(1).u32(0).u16(1, 5).u32(0x55).u16(1, 1).u32(1), 0x0101)),
  // Refused: the record does not exist.
  udp(toDevice, packet({ ...REQUEST, operation: 2, sequence: 9 }, request(readRequest(0, 1, 0x1234)))),
  udp(toController, packet({ ...RESPONSE, operation: 2, sequence: 9 }, response(write(), false, 0xde80b000))),
  udp(toDevice, packet({ ...REQUEST, operation: 1, sequence: 10 }, request(control(0x0114, 4)))),
  udp(toController, packet({ ...RESPONSE, type: 6, operation: 1, sequence: 10 }, write().u32(0x1c010003))),
  // A tool asks without a relation, in the other byte order; the answer comes from a port of its own.
  udp(
    { ...toDevice, from: '10.8.0.30', fromPort: 50_010 },
    packet({ ...REQUEST, operation: 5, little: true }, request(readRequest(0, 1, 0xf840), true)),
  ),
  udp(
    toTool,
    packet(
      { ...RESPONSE, operation: 5, little: true },
      response(
        readResponse(0, 1, 0xf840, block(0x0030, write().u16(1).u32(0).u16(1, 6).u32(0x66).u16(1, 1).u32(2))),
        true,
      ),
    ),
  ),
  udp(
    { ...toDevice, from: '10.8.0.30', fromPort: 50_011 },
    packet({ ...REQUEST, operation: 2, little: true, service: EPM, object: NIL }, write().zeros(76)),
  ),
  udp(
    { ...toTool, fromPort: 34_964, toPort: 50_011 },
    packet({ ...RESPONSE, operation: 2, little: true, service: EPM, object: NIL }, looked),
  ),
  udpExchange({ client: '10.8.0.6', server: '10.8.0.13', port: 34_964, clientPort: 50_020 }, [
    {
      from: 'client',
      bytes: packet({ ...REQUEST, flags: 0x04 }, write().bytes(long.slice(0, 120))),
    },
    { from: 'server', bytes: packet({ ...RESPONSE, type: 9 }, write()) },
    {
      from: 'client',
      bytes: packet({ ...REQUEST, flags: 0x06, fragment: 1 }, write().bytes(long.slice(120))),
    },
    { from: 'server', bytes: packet(RESPONSE, response(connected)) },
    // Blocks that are longer than the message.
    { from: 'client', bytes: packet({ ...REQUEST, operation: 4, sequence: 1 }, write().u32(99, 99).u16(1)) },
  ]),
]);

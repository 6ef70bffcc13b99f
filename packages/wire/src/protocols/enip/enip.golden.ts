// A plant floor as EtherNet/IP shows it: devices that answer a broadcast, an engineering station that goes through an
// adapter's backplane to the controller, a scanner that opens cyclic connections, and an old controller spoken to in PCCC.
// Written field by field after CIP volumes 1 and 2.
import {
  type Bytes,
  bytesOf,
  capture,
  concat,
  fromClient,
  fromServer,
  type Message,
  tcp,
  udp,
  write,
} from '../../testing/index.ts';

const STATION = '10.1.0.10';
const ADAPTER = '10.1.0.20';
const ROBOT = '10.1.0.21';
const OLD_CONTROLLER = '10.1.0.22';
const CHASSIS = '10.1.0.23';
const DRIVE = '10.1.0.24';
const CELL_CONTROLLER = '10.1.0.30';
const REMOTE_IO = '10.1.0.40';

const LIST_SERVICES = 0x04;
const LIST_IDENTITY = 0x63;
const REGISTER = 0x65;
const UNREGISTER = 0x66;
const SEND_RR = 0x6f;
const SEND_UNIT = 0x70;

const SESSION = 0x00a10203;

function encapsulated(command: number, data: Bytes, context = 0, session = SESSION, status = 0) {
  const bytes = bytesOf(data);
  return write().u16le(command, bytes.length).u32le(session, status).u64le(context).u32le(0).bytes(bytes);
}

interface Who {
  readonly vendor: number;
  readonly type: number;
  readonly code: number;
  readonly major: number;
  readonly minor: number;
  readonly status: number;
  readonly serial: number;
  readonly name: string;
}
const shortString = (text: string) => write().lengthPrefixed8(write().text(text));
const string = (text: string) => write().lengthPrefixed16le(write().text(text));
/** Attributes 1 to 7 of the Identity object. */
const identityFields = (who: Who) =>
  write()
    .u16le(who.vendor, who.type, who.code)
    .u8(who.major, who.minor)
    .u16le(who.status)
    .u32le(who.serial)
    .bytes(shortString(who.name));

const ADAPTER_IDENTITY: Who = {
  vendor: 1,
  type: 0x0c,
  code: 166,
  major: 5,
  minor: 8,
  status: 0x0030,
  serial: 0x00c0ffee,
  name: '1756-EN2T/B',
};
const CONTROLLER_IDENTITY: Who = {
  vendor: 1,
  type: 0x0e,
  code: 93,
  major: 20,
  minor: 13,
  status: 0x3160,
  serial: 0x00b16b00,
  name: '1756-L73/B LOGIX5573',
};
const FAR_IDENTITY: Who = {
  vendor: 309,
  type: 0x0c,
  code: 5501,
  major: 2,
  minor: 1,
  status: 0,
  serial: 0x12345678,
  name: 'MVI56E-MNET',
};
const ROBOT_IDENTITY: Who = {
  vendor: 44,
  type: 0x0c,
  code: 1281,
  major: 1,
  minor: 1,
  status: 0x0034,
  serial: 0x0000abcd,
  name: 'Robot Controller',
};

/** The items of a ListIdentity answer: the identity with its socket address, and others that follow it. */
function identityItem(ip: string, who: Who, state: number) {
  const item = write().u16le(1).u16(2, 44818).ipv4(ip).zeros(8).bytes(identityFields(who)).u8(state);
  return write().u16le(0x0c).lengthPrefixed16le(item);
}
const securityItem = (state: number) =>
  write()
    .u16le(0x86)
    .lengthPrefixed16le(write().u16le(1).u8(state, 0, 0));
const listIdentityAnswer = (...items: readonly Bytes[]) =>
  encapsulated(
    LIST_IDENTITY,
    write()
      .u16le(items.length)
      .bytes(...items),
    0x1122,
    0,
  );

// ------------------------------------------------------------------ CIP

const classPath = (classId: number, instance: number, attribute = -1) => {
  const path = write();
  if (classId > 0xff) path.u8(0x21, 0).u16le(classId);
  else path.u8(0x20, classId);
  if (instance > 0xff) path.u8(0x25, 0).u16le(instance);
  else path.u8(0x24, instance);
  return attribute < 0 ? path : path.u8(0x30, attribute);
};
function symbolPath(symbol: string, element: number) {
  const path = write().u8(0x91).bytes(shortString(symbol)).align(2);
  return path.u8(0x28, element);
}
const request = (service: number, path: Bytes, data: Bytes = write()) => {
  const bytes = bytesOf(path);
  return write()
    .u8(service, bytes.length / 2)
    .bytes(bytes, data);
};
const answer = (service: number, data: Bytes = write(), status = 0) =>
  write()
    .u8(service | 0x80, 0, status, 0)
    .bytes(data);

const slot = (number: number) => write().u8(1, number);
/** A port with an address in text, as EtherNet/IP behind a bridge has. */
const network = (ip: string) => write().u8(0x12, ip.length).text(ip).align(2);

function unconnectedSend(message: Bytes, route: Bytes) {
  const inner = bytesOf(message);
  const path = bytesOf(route);
  const data = write().u8(7, 249).u16le(inner.length).bytes(inner).align(2);
  return request(0x52, classPath(6, 1), data.u8(path.length / 2, 0).bytes(path));
}

function multiple(service: 0x0a | 0x8a, ...messages: readonly Bytes[]) {
  const parts = messages.map(bytesOf);
  const data = write().u16le(parts.length);
  let offset = 2 + 2 * parts.length;
  for (const part of parts) {
    data.u16le(offset);
    offset += part.length;
  }
  data.bytes(...parts);
  return service === 0x0a ? request(service, classPath(2, 1), data) : answer(service, data);
}

const ELECTRONIC_KEY = (vendor: number, type: number, code: number, major: number, minor: number) =>
  write().u8(0x34, 4).u16le(vendor, type, code).u8(major, minor);

function forwardOpen(connection: { toOriginator: number; serial: number; transport: number }, path: Bytes) {
  const bytes = bytesOf(path);
  const data = write()
    .u8(7, 249)
    .u32le(0, connection.toOriginator)
    .u16le(connection.serial, 1)
    .u32le(0x5151_0001)
    .u8(1, 0, 0, 0)
    .u32le(2_000_000)
    .u16le(0x43f4)
    .u32le(2_000_000)
    .u16le(0x43f4)
    .u8(connection.transport, bytes.length / 2);
  return request(0x54, classPath(6, 1), data.bytes(bytes));
}
const forwardOpenAnswer = (toTarget: number, toOriginator: number, serial: number) =>
  answer(
    0x54,
    write().u32le(toTarget, toOriginator).u16le(serial, 1).u32le(0x5151_0001, 2_000_000, 2_000_000).u8(0, 0),
  );
const forwardClose = (serial: number, path: Bytes) => {
  const bytes = bytesOf(path);
  const data = write()
    .u8(7, 249)
    .u16le(serial, 1)
    .u32le(0x5151_0001)
    .u8(bytes.length / 2, 0);
  return request(0x4e, classPath(6, 1), data.bytes(bytes));
};
const forwardCloseAnswer = (serial: number) => answer(0x4e, write().u16le(serial, 1).u32le(0x5151_0001).u8(0, 0));

// ------------------------------------------------------------------ carried by EtherNet/IP

let context = 1;
/** An unconnected request and what is answered; nothing where no answer came. */
function unconnected(asked: Bytes, answered?: Bytes): Message[] {
  const number = context++;
  const carry = (cip: Bytes) => {
    const items = write().u32le(0).u16le(10, 2, 0, 0, 0xb2).lengthPrefixed16le(cip);
    return encapsulated(SEND_RR, items, number);
  };
  return answered ? [fromClient(carry(asked)), fromServer(carry(answered))] : [fromClient(carry(asked))];
}
function connected(toTarget: number, toOriginator: number, sequence: number, asked: Bytes, answered: Bytes): Message[] {
  const carry = (connection: number, cip: Bytes) => {
    const items = write().u32le(0).u16le(0, 2, 0xa1, 4).u32le(connection).u16le(0xb1);
    return encapsulated(SEND_UNIT, items.lengthPrefixed16le(write().u16le(sequence).bytes(cip)));
  };
  return [fromClient(carry(toTarget, asked)), fromServer(carry(toOriginator, answered))];
}
const session: Message[] = [
  fromClient(encapsulated(REGISTER, write().u16le(1, 0), 0, 0)),
  fromServer(encapsulated(REGISTER, write().u16le(1, 0))),
];
const goodbye = fromClient(encapsulated(UNREGISTER, write()));

// ------------------------------------------------------------------ what is asked and answered

/** An international string of one language (STRINGI). */
const international = (text: string) => write().u8(1).text('eng').u8(0xda).u16le(4).bytes(shortString(text));

const attributeValues = (...values: readonly (readonly [number, Bytes])[]) => {
  const data = write().u16le(values.length);
  for (const [attribute, value] of values) data.u16le(attribute, 0).bytes(value);
  return data;
};
const attributeList = (...attributes: readonly number[]) => write().u16le(attributes.length, ...attributes);

/** An address as CIP has it: a number in little endian. */
const address = (ip: string) => write().bytes(bytesOf(write().ipv4(ip)).toReversed());
const interfaceConfiguration = concat(
  ...[ADAPTER, '255.255.255.0', '10.1.0.1', '10.1.0.2', '0.0.0.0'].map((ip) => bytesOf(address(ip))),
  bytesOf(write().bytes(string('cell1.example')).u8(0)),
);

const engineering: Message[] = [
  fromClient(encapsulated(0x01, write(), 0, 0)),
  fromServer(
    encapsulated(
      0x01,
      write()
        .u16le(1, 1)
        .lengthPrefixed16le(write().u16le(1, 0).u16(2, 44818).ipv4(ADAPTER).zeros(8).text(ADAPTER, 16)),
      0,
      0,
    ),
  ),
  ...session,
  fromClient(encapsulated(LIST_SERVICES, write(), 0, 0)),
  fromServer(
    encapsulated(
      LIST_SERVICES,
      write().u16le(1, 0x100).lengthPrefixed16le(write().u16le(1, 0x120).text('Communications', 16)),
      0,
      0,
    ),
  ),
  // The adapter itself, then the controller in slot 0, then a module in a chassis behind another adapter.
  ...unconnected(request(0x01, classPath(1, 1)), answer(0x01, identityFields(ADAPTER_IDENTITY))),
  ...unconnected(
    unconnectedSend(request(0x01, classPath(1, 1)), slot(0)),
    answer(0x01, write().bytes(identityFields(CONTROLLER_IDENTITY))),
  ),
  ...unconnected(
    unconnectedSend(request(0x01, classPath(1, 1)), write().bytes(slot(2), network('10.9.0.5'), slot(4))),
    answer(0x01, identityFields(FAR_IDENTITY)),
  ),
  // No module in slot 9: the bridge answers for it, with the status "connection failure" and how far it got.
  ...unconnected(
    unconnectedSend(request(0x01, classPath(1, 1)), slot(9)),
    write().u8(0xd2, 0, 0x01, 1).u16le(0x0204).u8(1),
  ),
  ...unconnected(
    request(0x03, classPath(0xf5, 1), attributeList(5, 6)),
    answer(0x03, attributeValues([5, interfaceConfiguration], [6, string('press-adapter')])),
  ),
  ...unconnected(request(0x0e, classPath(0xf6, 1, 3)), answer(0x0e, write().mac('00:1d:9c:12:34:56'))),
  ...unconnected(
    request(0x03, classPath(1, 1), attributeList(18, 19, 20)),
    answer(
      0x03,
      attributeValues(
        [18, international('Press 3')],
        [19, international('Adapter of press 3')],
        [20, international('Hall B')],
      ),
    ),
  ),
  ...unconnected(
    unconnectedSend(request(0x03, classPath(0x64, 1), attributeList(1, 2)), slot(0)),
    answer(0x03, attributeValues([1, string('Press_Line_3')], [2, write().u32le(0)])),
  ),
  // A connection to the controller: everything on it is the controller's.
  ...unconnected(
    forwardOpen({ toOriginator: 0x80fe0013, serial: 0x2001, transport: 0xa3 }, write().bytes(slot(0), classPath(2, 1))),
    forwardOpenAnswer(0x00790301, 0x80fe0013, 0x2001),
  ),
  ...connected(
    0x00790301,
    0x80fe0013,
    1,
    multiple(
      0x0a,
      request(0x4c, symbolPath('Level', 0), write().u16le(1)),
      request(0x4d, symbolPath('Setpoint', 3), write().u16le(0xc4, 1).u32le(77)),
    ),
    multiple(0x8a, answer(0x4c, write().u16le(0xca).u32le(0)), answer(0x4d)),
  ),
  ...connected(0x00790301, 0x80fe0013, 2, request(0x07, classPath(0x8e, 1)), answer(0x07)),
  ...connected(
    0x00790301,
    0x80fe0013,
    3,
    request(0x50, classPath(0x6a, 0xbfd5), write().u32le(0, 64).zeros(64)),
    answer(0x50, write(), 0x0f),
  ),
  ...connected(
    0x00790301,
    0x80fe0013,
    4,
    request(0x04, classPath(0x8b, 1), write().u16le(1, 6).zeros(8)),
    answer(0x04, write().u16le(1, 6, 0)),
  ),
  ...unconnected(forwardClose(0x2001, write().bytes(slot(0), classPath(2, 1))), forwardCloseAnswer(0x2001)),
  // The adapter is given another address and new firmware, and restarted; it does not answer any more.
  ...unconnected(request(0x10, classPath(0xf5, 1, 5), interfaceConfiguration), answer(0x10)),
  ...unconnected(request(0x4d, classPath(0xa1, 1), write().u32le(0).zeros(400)), answer(0x4d)),
  ...unconnected(request(0x05, classPath(1, 1), write().u8(1))),
];

/** A PCCC command in the object that executes them; requester is seven bytes with vendor and serial number. */
const pccc = (command: number, functionCode: number, data: Bytes = write()) =>
  request(
    0x4b,
    classPath(0x67, 1),
    write().u8(7).u16le(1).u32le(0x5151_0001).u8(command, 0).u16le(1).u8(functionCode).bytes(data),
  );
const pcccAnswer = (command: number, data: Bytes = write(), status = 0) =>
  answer(
    0x4b,
    write()
      .u8(7)
      .u16le(1)
      .u32le(0x5151_0001)
      .u8(command | 0x40, status)
      .u16le(1)
      .bytes(data),
  );

const oldController: Message[] = [
  ...session,
  ...unconnected(
    pccc(0x06, 0x03),
    pcccAnswer(0x06, write().u8(0, 0xee, 0x4a, 0x9c, 0x23).text('1766-LEC', 11, 0x20).zeros(8)),
  ),
  ...unconnected(pccc(0x0f, 0xaa, write().u8(2, 7, 0x89, 0, 0).u16le(1234)), pcccAnswer(0x0f)),
  ...unconnected(pccc(0x0f, 0x80, write().u8(1)), pcccAnswer(0x0f, write(), 0x10)),
  goodbye,
];

// The cell controller opens a cyclic connection to remote I/O and insists on the very device it was set up with.
const cyclic: Message[] = [
  ...session,
  ...unconnected(
    forwardOpen(
      { toOriginator: 0x00010002, serial: 0x3001, transport: 0x01 },
      write().bytes(ELECTRONIC_KEY(256, 0x0c, 27_000, 1, 4), classPath(4, 1), write().u8(0x2c, 0x66, 0x2c, 0x64)),
    ),
    forwardOpenAnswer(0x004b0201, 0x00010002, 0x3001),
  ),
  goodbye,
];

// The middle of a session: where its connections lead was said before. The serial number tells who is at their end.
const underWay: Message[] = [
  ...connected(
    0x00790777,
    0x80fe0077,
    900,
    request(0x03, classPath(1, 1), attributeList(1, 2, 3, 4, 5, 6, 7)),
    answer(
      0x03,
      attributeValues(
        [1, write().u16le(1)],
        [2, write().u16le(0x0e)],
        [3, write().u16le(94)],
        [4, write().u8(20, 13)],
        [5, write().u16le(0x3160)],
        [6, write().u32le(0x00b16b01)],
        [7, shortString('1756-L74/B LOGIX5574')],
      ),
    ),
  ),
  ...connected(0x00790777, 0x80fe0077, 901, request(0x0e, classPath(1, 1, 1)), answer(0x0e, write().u16le(1))),
];
/** A drive with a panel on it, which is instance 2 of its Identity object. */
const drive: Message[] = [
  ...session,
  ...unconnected(
    request(0x01, classPath(1, 1)),
    answer(
      0x01,
      identityFields({ ...ADAPTER_IDENTITY, type: 123, code: 2192, serial: 0x0d0d_0001, name: 'PowerFlex 753' }),
    ),
  ),
  ...unconnected(
    request(0x01, classPath(1, 2)),
    answer(0x01, identityFields({ ...ADAPTER_IDENTITY, type: 0x18, code: 7, serial: 0x0d0d_0002, name: '20-HIM-A6' })),
  ),
  goodbye,
];

const client = { client: STATION, port: 44818 };

export const golden = capture('EtherNet/IP: discovery, engineering through a backplane, PCCC, cyclic connections', [
  udp(
    { from: STATION, fromPort: 50_001, to: '10.1.0.255', toPort: 44818 },
    encapsulated(LIST_IDENTITY, write(), 0x1122, 0),
  ),
  udp(
    { from: ADAPTER, fromPort: 44818, to: STATION, toPort: 50_001 },
    listIdentityAnswer(identityItem(ADAPTER, ADAPTER_IDENTITY, 3), securityItem(0)),
  ),
  udp(
    { from: ROBOT, fromPort: 44818, to: STATION, toPort: 50_001 },
    listIdentityAnswer(identityItem(ROBOT, ROBOT_IDENTITY, 3)),
  ),
  tcp({ ...client, server: ADAPTER }, engineering),
  tcp({ ...client, server: OLD_CONTROLLER, clientPort: 49_160 }, oldController),
  tcp({ ...client, server: CHASSIS, clientPort: 49_164 }, underWay),
  tcp({ ...client, server: DRIVE, clientPort: 49_166 }, drive),
  tcp({ client: CELL_CONTROLLER, server: REMOTE_IO, port: 44818, clientPort: 49_170 }, cyclic),
]);

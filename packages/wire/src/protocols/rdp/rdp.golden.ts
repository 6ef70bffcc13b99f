// Written by hand after MS-RDPBCGR: a session that turns to TLS, one with the old protection and no encryption at all, an
// odd port, a routing token, a refusal, and a packet that breaks off.
import { type Bytes, ber, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const packet = (content: Bytes) =>
  write()
    .u8(3, 0)
    .u16(4 + bytesOf(content).length)
    .bytes(content);
const connection = (type: number, content: Bytes) =>
  packet(
    write()
      .u8(6 + bytesOf(content).length, type)
      .u16(0, 0)
      .u8(0)
      .bytes(content),
  );
const negotiation = (type: number, value: number) => write().u8(type, 0).u16le(8).u32le(value);
const request = (cookie: string, protocols: number) =>
  connection(0xe0, write().text(cookie).bytes(negotiation(1, protocols)));
const data = (content: Bytes) => packet(write().u8(2, 0xf0, 0x80).bytes(content));
const wide = (text: string, size: number) => {
  const field = new Uint8Array(size);
  field.set(write().utf16le(text).build());
  return field;
};
const block = (type: number, content: Bytes) =>
  write()
    .u16le(type, 4 + bytesOf(content).length)
    .bytes(content);
/** GCC conference: its identifier and head (a response has a shorter one), key, a length in two bytes, blocks. */
const conference = (key: string, blocks: Bytes) => {
  const head = key === 'Duca' ? '0008 0010 0001 c000' : '14 760a 01 01 00 01 c000';
  const inner = write()
    .hex(head)
    .text(key)
    .u16(0x8000 | bytesOf(blocks).length)
    .bytes(blocks);
  return write()
    .hex('0005 0014 7c00 01')
    .u16(0x8000 | inner.length)
    .bytes(inner);
};
const integer = (value: number) => ber(0x02, write().u8(value));
/** Domain parameters (T.125 section 7). */
const parameters = ber(
  0x30,
  integer(34),
  integer(2),
  integer(0),
  integer(1),
  integer(0),
  integer(1),
  ber(0x02, write().u16(0x7fff)),
  integer(2),
);
/** Connect initial: selectors, upward flag, three sets of parameters; connect response: result, identifier, one set. */
const connect = (application: number, content: Bytes) => {
  const head =
    application === 0x65
      ? [
          ber(0x04, write().u8(1)),
          ber(0x04, write().u8(1)),
          ber(0x01, write().u8(255)),
          parameters,
          parameters,
          parameters,
        ]
      : [ber(0x0a, write().u8(0)), integer(0), parameters];
  const inner = bytesOf(write().bytes(...head, ber(0x04, content)));
  return data(write().u8(0x7f, application, 0x82).u16(inner.length).bytes(inner));
};
const core = (name: string, build: number) =>
  block(
    0xc001,
    write()
      .u32le(0x00080004)
      .u16le(1280, 1024, 0xca01, 0xaa03)
      .u32le(0x407, build)
      .bytes(wide(name, 32))
      .u32le(4, 0, 12)
      .zeros(64),
  );

const PASSWORD = 'Kessel-Haus-93';
export const secrets = [PASSWORD];
const login = (domain: string, user: string, password: string) => {
  const texts = write();
  for (const text of [domain, user, password, '', '']) texts.utf16le(text).u16le(0);
  const info = write()
    .u32le(0, 0x0001_0010)
    .u16le(2 * domain.length, 2 * user.length, 2 * password.length, 0, 0)
    .bytes(texts);
  const secured = write().u16le(0x0040, 0).bytes(info);
  return data(
    write()
      .u8(0x64)
      .u16(6, 1003)
      .u8(0x70)
      .u16(0x8000 | secured.length)
      .bytes(secured),
  );
};

export const golden = capture('RDP of workstations and panels', [
  tcp({ client: '10.9.0.10', server: '10.9.0.20', port: 3389 }, [
    fromClient(request('Cookie: mstshash=PLANT\\mei\r\n', 11)),
    fromServer(connection(0xd0, negotiation(2, 2))),
    ...tlsUpgrade('HIST-01.plant.example'),
  ]),
  tcp({ client: '10.9.0.11', server: '10.9.0.21', port: 3389, clientPort: 50_100 }, [
    fromClient(request('Cookie: mstshash=operator\r\n', 0)),
    fromServer(connection(0xd0, write())),
    fromClient(
      connect(0x65, conference('Duca', write().bytes(core('ENG-PC-7', 19041), block(0xc004, write().u32le(9, 0))))),
    ),
    fromServer(
      connect(
        0x66,
        conference('McDn', write().bytes(block(0x0c01, write().u32le(0x00080004)), block(0x0c02, write().u32le(0, 0)))),
      ),
    ),
    fromClient(data(write().hex('04010001 0001'))),
    fromClient(login('PLANT', 'operator', PASSWORD)),
  ]),
  // On another port, sent by a balancer, then refused.
  tcp({ client: '10.9.0.12', server: '10.9.0.22', port: 33_890, clientPort: 50_101 }, [
    fromClient(request('Cookie: msts=3640205228.15629.0000\r\n', 3)),
    fromServer(connection(0xd0, negotiation(3, 5))),
  ]),
  // A core data block that is shorter than it says.
  tcp({ client: '10.9.0.13', server: '10.9.0.23', port: 3389, clientPort: 50_102 }, [
    fromClient(connection(0xe0, write())),
    fromServer(connection(0xd0, negotiation(2, 99))),
    fromClient(
      connect(0x65, conference('Duca', write().u16le(0xc001, 216).u32le(1).zeros(12).u32le(2600).utf16le('CUT'))),
    ),
  ]),
]);

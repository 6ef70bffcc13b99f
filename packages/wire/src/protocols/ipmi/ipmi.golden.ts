// Written by hand after IPMI 2.0 with invented devices: identity and capabilities, a login in clear, one by RMCP+, power
// switched, a ping, an odd port, and datagrams that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, udpExchange, write } from '../../testing/index.ts';

const rmcp = (kind: number, content: Bytes) => write().u8(6, 0, 0xff, kind).bytes(content);
const message = (network: number, command: number, data: Bytes = write()) =>
  write()
    .u8(0x20, network << 2, 0, 0x81, 4, command)
    .bytes(data)
    .u8(0);
const session = (content: Bytes, type = 0, code: Bytes = write()) =>
  rmcp(7, write().u8(type).u32(1, 2).bytes(code).lengthPrefixed8(bytesOf(content)));
const plus = (payload: number, content: Bytes) =>
  rmcp(7, write().u8(6, payload).u32(0, 0).lengthPrefixed16le(bytesOf(content)));
const ends = (server: string, clientPort: number, port = 623) => ({ client: '10.9.22.10', server, port, clientPort });

const PASSWORD = 'Fernwirk-201';
const DIGEST = 'DIGEST-OF-A-202!';
export const secrets = [PASSWORD, DIGEST];

export const golden = capture('IPMI of servers', [
  udpExchange(ends('10.9.22.20', 50_001), [
    fromClient(rmcp(6, write().u32(4542).u8(0x80, 1, 0, 0))),
    fromServer(rmcp(6, write().u32(4542).u8(0x40, 1, 0, 16).zeros(16))),
    fromClient(session(message(6, 0x38, write().u8(0x8e, 4)))),
    fromServer(session(message(7, 0x38, write().u8(0, 1, 0x97, 0x05, 0x03, 0, 0, 0, 0)))),
    fromClient(session(message(6, 0x39, write().u8(4).text('ADMIN', 16)))),
    fromServer(session(message(7, 0x39, write().u8(0).zeros(20)))),
    fromClient(session(message(6, 0x3a, write().zeros(22)), 4, write().text(PASSWORD, 16))),
    fromClient(session(message(0, 0x02, write().u8(3)), 2, write().text(DIGEST, 16))),
    fromServer(session(message(1, 0x02, write().u8(0)))),
    fromClient(session(message(6, 0x01))),
    fromServer(
      session(message(7, 0x01, write().u8(0, 0x20, 1, 2, 0x57, 2, 0xbf).u8(0xa2, 0x02, 0).u16le(256).zeros(4))),
    ),
  ]),
  udpExchange(ends('10.9.22.21', 50_002, 6230), [
    fromClient(plus(0x10, write().zeros(32))),
    fromServer(plus(0x11, write().zeros(36))),
    fromClient(plus(0x12, write().zeros(27).lengthPrefixed8(write().text('root')))),
    fromServer(plus(0x13, write().zeros(60))),
    fromServer(plus(0xc0, write().zeros(32))),
  ]),
  udpExchange(ends('10.9.22.22', 50_003), [
    fromServer(session(message(7, 0x01, write().u8(0xc1)))),
    fromClient(session(message(0, 0x02, write().u8(9)))),
    fromClient(write().text('hello there')),
    fromClient(plus(0, message(6, 0x01))),
  ]),
]);

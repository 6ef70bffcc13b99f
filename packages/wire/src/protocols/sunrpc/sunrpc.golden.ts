// Written by hand after RFC 5531 with invented devices: a directory is mounted and read over NFS, an instrument is asked on
// an odd port, a call is denied, and messages that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

const string = (text: string) => write().lengthPrefixed32(write().text(text)).align(4);
const system = (machine: string) => {
  const body = write().u32(0x65a1b2c3).bytes(string(machine)).u32(0, 0, 0);
  return write().u32(1).lengthPrefixed32(body).u32(0, 0);
};
const NOBODY = write().u32(0, 0, 0, 0);
const call = (
  id: number,
  program: number,
  version: number,
  procedure: number,
  credentials: Bytes,
  more: Bytes = write(),
) => write().u32(id, 0, 2, program, version, procedure).bytes(credentials, more);
const answer = (id: number, more: Bytes = write()) => write().u32(id, 1, 0, 0, 0, 0).bytes(more);
const record = (content: Bytes) =>
  write()
    .u32(0x8000_0000 + bytesOf(content).length)
    .bytes(content);
const ends = (server: string, clientPort: number, port: number) => ({ client: '10.9.25.10', server, port, clientPort });

export const golden = capture('ONC RPC of file servers and an instrument', [
  udpExchange(ends('10.9.25.20', 50_001, 111), [
    fromClient(call(1, 100_000, 2, 3, NOBODY, write().u32(100_005, 3, 17, 0))),
    fromServer(answer(1, write().u32(635))),
  ]),
  udpExchange(ends('10.9.25.20', 50_002, 635), [
    fromClient(call(2, 100_005, 3, 1, system('line-4'), string('/export/recipes'))),
    fromServer(answer(2, write().u32(0))),
  ]),
  tcp(ends('10.9.25.20', 50_003, 2049), [
    fromClient(record(call(3, 100_003, 3, 0, system('line-4')))),
    fromServer(record(answer(3))),
    fromClient(record(call(4, 100_003, 3, 7, system('line-4'), write().zeros(4000)))),
    fromServer(record(answer(4, write().zeros(120)))),
    fromClient(record(call(5, 100_003, 3, 1, system('localhost')))),
    fromServer(record(write().u32(5, 1, 1, 0, 0, 0))),
  ]),
  tcp(ends('10.9.25.21', 50_004, 1024), [
    fromClient(record(call(6, 395_183, 1, 10, NOBODY, write().u32(1, 0, 0)))),
    fromServer(record(answer(6, write().u32(0)))),
  ]),
  udpExchange(ends('10.9.25.22', 50_005, 111), [
    fromClient(write().u32(7, 0, 2, 4711, 1, 0).bytes(NOBODY)),
    fromServer(write().text('hello, this is none of them')),
  ]),
]);

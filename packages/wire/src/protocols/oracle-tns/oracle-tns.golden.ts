// Written by hand after Oracle's documents with invented devices: a connection that is refused by an older listener, one
// whose descriptor comes in a packet of its own, a listener that is asked for its version, a password for it, an odd port.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const packet = (type: number, content: Bytes) =>
  write()
    .u16(8 + bytesOf(content).length, 0)
    .u8(type, 0)
    .u16(0)
    .bytes(content);
/** Version, compatible version, options, sizes, characteristics, length and place of the descriptor. */
const connect = (descriptor: string, own = true) =>
  packet(
    1,
    write()
      .u16(312, 300, 0x0c41, 8192, 0x7fff, 0x7f08, 0, 1, descriptor.length, 58)
      .zeros(58 - 28)
      .text(own ? descriptor : ''),
  );
const data = (text: string) => packet(6, write().u16(0).text(text));
const CID = (program: string, host: string, user: string) => `(CID=(PROGRAM=${program})(HOST=${host})(USER=${user}))`;
const described = (data: string) =>
  `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=10.9.16.20)(PORT=1521))(CONNECT_DATA=${data}))`;

const PASSWORD = 'Lauscher-131';
const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
export const secrets = [PASSWORD, KEY];
const ends = (server: string, clientPort: number, port = 1521) => ({ client: '10.9.16.10', server, port, clientPort });

export const golden = capture('Oracle of a plant', [
  tcp(ends('10.9.16.20', 50_001), [
    fromClient(
      connect(described(`(SERVICE_NAME=mes.plant.example)${CID('C:\\tools\\sqlplus.exe', 'ENG-PC-7', 'mei')}`)),
    ),
    fromServer(
      packet(4, write().u8(34, 0).lengthPrefixed16(write().text('(DESCRIPTION=(TMP=)(VSNNUM=186647552)(ERR=12514))'))),
    ),
  ]),
  tcp(ends('10.9.16.21', 50_002), [
    fromClient(connect(described(`(SID=ORCL)${CID('JDBC Thin Client', '__jdbc__', 'mei')}`), false)),
    fromClient(data(described(`(SID=ORCL)${CID('JDBC Thin Client', '__jdbc__', 'mei')}`))),
    fromServer(packet(11, write())),
    fromServer(packet(2, write().u16(312, 0, 8192, 32767, 256, 0, 32, 0x4101).zeros(8))),
    fromClient(data(`\u0003v AUTH_SESSKEY ${KEY}`)),
    ...Array.from({ length: 18 }, () => fromServer(packet(6, write().u16(0)))),
  ]),
  tcp(ends('10.9.16.22', 50_003), [
    fromClient(connect('(CONNECT_DATA=(COMMAND=version))')),
    fromServer(data('TNSLSNR for Linux: Version 12.1.0.2.0 - Production\n')),
    fromClient(connect(`(CONNECT_DATA=(COMMAND=stop)(PASSWORD=${PASSWORD}))`)),
  ]),
  tcp(ends('10.9.16.23', 50_004, 15_210), [
    fromClient(connect(described(`(SERVICE_NAME=hist)${CID('python', 'edge-4', 'app')}`))),
    fromServer(packet(4, write().u8(34, 0).lengthPrefixed16(write().text('(DESCRIPTION=(VSNNUM=318767104))')))),
  ]),
  tcp(ends('10.9.16.24', 50_005), [fromClient(packet(1, write().u16(312))), fromClient(write().text('hello there'))]),
]);

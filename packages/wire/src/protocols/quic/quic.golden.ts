// Written by hand after RFC 9000 section 17.2 and RFC 9001: a connection of version 1 whose client hello comes in pieces
// over two datagrams, and one of version 2 on another port. The packets are sealed as the RFC says.
import { ecb, gcm } from '@noble/ciphers/aes.js';
import { type Bytes, bytesOf, capture, fromClient, fromServer, hex, udpExchange, write } from '../../testing/index.ts';
import { algorithms, clientHelloBody, groups, serverHelloBody, serverName, versions } from '../tls/hellos.golden.ts';
import { deriveKeys, type Keys } from './initial.ts';

const VERSION_1 = 0x00000001;
const VERSION_2 = 0x6b3343cf;

/** Frame with a piece of the handshake: offset and length as integers of two bytes. */
const crypto = (offset: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write()
    .u8(6)
    .u16(0x4000 | offset, 0x4000 | bytes.length)
    .bytes(bytes);
};
/** Acknowledgement of packet 0. */
const ACK = write().u8(2, 0, 0, 0, 0);
const PING = write().u8(1);

interface Packet {
  readonly version: number;
  readonly destination: string;
  readonly source: string;
  readonly number: number;
  readonly keys: Keys | undefined;
  readonly frames: readonly Bytes[];
  /** Length of the datagram it fills. */
  readonly size?: number;
}
/** An Initial packet with its protection (RFC 9001 section 5). The packet number has four bytes. */
function initial({ version, destination, source, number, keys, frames, size = 1200 }: Packet): Uint8Array {
  if (!keys) throw new Error('no keys');
  const head = write()
    .u8(0xc3 | (version === VERSION_2 ? 0x10 : 0))
    .u32(version)
    .lengthPrefixed8(hex(destination))
    .lengthPrefixed8(hex(source))
    .u8(0);
  const payload = write().bytes(...frames);
  payload.zeros(size - head.length - 2 - 4 - 16 - payload.length);
  const header = head
    .u16(0x4000 | (4 + payload.length + 16))
    .u32(number)
    .build();
  const nonce = keys.iv.slice();
  nonce[11] = (nonce[11] ?? 0) ^ number;
  const sealed = gcm(keys.key, nonce, header).encrypt(payload.build());
  const mask = ecb(keys.headerProtection, { disablePadding: true }).encrypt(sealed.slice(0, 16));
  header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < 4; i++) {
    const at = header.length - 4 + i;
    header[at] = (header[at] ?? 0) ^ (mask[1 + i] ?? 0);
  }
  return write().bytes(header, sealed).build();
}

const handshake = (type: number, body: Bytes) => write().u8(type).lengthPrefixed24(body).build();
const clientHello = handshake(
  1,
  clientHelloBody({
    ciphers: [0x1301, 0x1302],
    extensions: [
      serverName('dashboard.plant.example'),
      groups(0x001d),
      algorithms(0x0403),
      versions(0x0304),
      [57, write().hex('0104 80007530')],
    ],
  }),
);
const serverHello = handshake(2, serverHelloBody(0x1301, [[43, write().u16(0x0304)]]));

const FIRST = '11 22 33 44 55 66 77 88';
const OTHER = 'a1 a2 a3 a4';
const [client1, server1] = deriveKeys(VERSION_1, hex(FIRST)) ?? [];
const [client2, server2] = deriveKeys(VERSION_2, hex(FIRST)) ?? [];
const toServer = { version: VERSION_1, destination: FIRST, source: '', keys: client1 };
const toClient = { version: VERSION_1, destination: '', source: OTHER, keys: server1 };

export const golden = capture('QUIC up to where the keys of both ends are used', [
  udpExchange({ client: '10.8.0.5', server: '10.8.0.20', port: 443 }, [
    // The later piece stands first, and the rest comes with the next datagram.
    fromClient(
      initial({
        ...toServer,
        number: 0,
        frames: [crypto(40, clientHello.slice(40, 70)), PING, crypto(0, clientHello.slice(0, 40))],
      }),
    ),
    fromClient(initial({ ...toServer, number: 1, frames: [crypto(70, clientHello.slice(70))] })),
    fromServer(initial({ ...toClient, number: 0, frames: [ACK, crypto(0, serverHello)] })),
    fromServer(write().u8(0x41).zeros(60)), // short header: the connection at work
  ]),
  udpExchange({ client: '10.8.0.5', server: '10.8.0.21', port: 4433, clientPort: 50_001 }, [
    fromClient(
      initial({ ...toServer, version: VERSION_2, keys: client2, number: 0, frames: [crypto(0, clientHello)] }),
    ),
    fromServer(
      initial({ ...toClient, version: VERSION_2, keys: server2, number: 0, frames: [ACK, crypto(0, serverHello)] }),
    ),
  ]),
  // An answer whose question was not seen cannot be opened; a version that is not known is passed over.
  udpExchange({ client: '10.8.0.6', server: '10.8.0.20', port: 443, clientPort: 50_002 }, [
    fromServer(initial({ ...toClient, number: 0, frames: [ACK, crypto(0, serverHello)] })),
    fromClient(write().u8(0xc3).u32(0xbabababa).zeros(1195)),
  ]),
]);

// Written by hand after RFC 8446, RFC 5246 and RFC 6347: version 1.2 with the certificates of both ends, version 1.3 with a
// second client hello, the hello of SSL 2.0, an odd port, an encrypted connection met in its middle, datagrams.
import { type Bytes, capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';
import {
  COMMON_NAME,
  COUNTRY,
  certificate,
  ORGANIZATION,
  p256Key,
  printable,
  SERIAL_NUMBER,
  utf8,
} from './certificates.golden.ts';
import {
  algorithms,
  application,
  clientHelloBody,
  empty,
  groups,
  pointFormats,
  serverHelloBody,
  serverName,
  versions,
} from './hellos.golden.ts';

const record = (type: number, content: Bytes, version = 0x0303) =>
  write().u8(type).u16(version).lengthPrefixed16(content);
const handshake = (type: number, body: Bytes) => write().u8(type).lengthPrefixed24(body);
const certificates = (...list: Bytes[]) => {
  const chain = write();
  for (const der of list) chain.lengthPrefixed24(der);
  return handshake(11, write().lengthPrefixed24(chain));
};
const CHANGE_CIPHER = record(20, write().u8(1));
const [CLIENT_HELLO, SERVER_HELLO, HELLO_DONE] = [1, 2, 14] as const;

const AUTHORITY = [printable(COUNTRY, 'DE'), utf8(ORGANIZATION, 'Musterwerk GmbH'), utf8(COMMON_NAME, 'Plant CA')];
const controller = certificate({
  subject: [utf8(ORGANIZATION, 'Musterwerk GmbH'), printable(SERIAL_NUMBER, 'MW-0815'), utf8(COMMON_NAME, 'press-4')],
  issuer: AUTHORITY,
  serial: '00a1b2c3',
  notBefore: '250101000000Z',
  notAfter: '350101000000Z',
  dnsNames: ['press-4.plant.example'],
  addresses: ['10.6.0.20'],
});
const authority = certificate({
  subject: AUTHORITY,
  serial: '01',
  notBefore: '200101000000Z',
  notAfter: '400101000000Z',
});
const panel = certificate({
  subject: [utf8(COMMON_NAME, 'panel, left')],
  serial: '07',
  notBefore: '20250101000000Z',
  notAfter: '20991231235959Z',
  uris: ['urn:panel-7'],
  key: p256Key(),
});

const OLDER = [0xc02f, 0xc013, 0x002f, 0x0005];
const hello12 = handshake(
  CLIENT_HELLO,
  clientHelloBody({
    ciphers: OLDER,
    extensions: [
      serverName('press-4.plant.example'),
      groups(0x001d, 0x0017),
      pointFormats(0),
      algorithms(0x0403, 0x0401),
      application('h2', 'http/1.1'),
    ],
  }),
);
const flight = write().bytes(
  handshake(SERVER_HELLO, serverHelloBody(0xc02f, [empty(0xff01), application('h2')])),
  certificates(controller, authority),
  handshake(HELLO_DONE, new Uint8Array(0)),
);
// The certificates begin in one record and end in the next.
const whole = flight.build();
const mutual = tcp({ client: '10.6.0.5', server: '10.6.0.20', port: 443 }, [
  fromClient(record(22, hello12, 0x0301)),
  fromServer(write().bytes(record(22, whole.slice(0, 700)), record(22, whole.slice(700)))),
  fromClient(write().bytes(record(22, certificates(panel)), CHANGE_CIPHER, record(22, write().zeros(40)))),
  fromServer(write().bytes(CHANGE_CIPHER, record(22, write().zeros(40)))),
  fromClient(record(23, write().zeros(100))),
]);

// GREASE values (RFC 8701) stand among the others, and are in no fingerprint.
const hello13 = handshake(
  CLIENT_HELLO,
  clientHelloBody({
    ciphers: [0x2a2a, 0x1301, 0x1302, 0x1303],
    extensions: [
      empty(0x8a8a),
      serverName('historian.plant.example'),
      groups(0x4a4a, 0x001d),
      algorithms(0x0403, 0x0804),
      versions(0x6a6a, 0x0304, 0x0303),
    ],
  }),
);
const modern = tcp({ client: '10.6.0.5', server: '10.6.0.30', port: 8883, clientPort: 50_001 }, [
  fromClient(record(22, hello13, 0x0301)),
  fromServer(
    write().bytes(
      record(
        22,
        handshake(
          SERVER_HELLO,
          serverHelloBody(
            0x1301,
            [
              [43, write().u16(0x0304)],
              [51, write().u16(0x0017)],
            ],
            { retry: true },
          ),
        ),
      ),
      CHANGE_CIPHER,
    ),
  ),
  fromClient(write().bytes(CHANGE_CIPHER, record(22, hello13))),
  fromServer(
    write().bytes(
      record(22, handshake(SERVER_HELLO, serverHelloBody(0x1301, [[43, write().u16(0x0304)]]))),
      record(23, write().zeros(64)),
    ),
  ),
]);

// Form of SSL 2.0: length, type, version, lengths of ciphers, session and challenge, then those.
const ancient = tcp({ client: '10.6.0.7', server: '10.6.0.40', port: 443, clientPort: 50_002 }, [
  fromClient(write().u16(0x801f).u8(1).u16(0x0300, 6, 0, 16).u24(0x000005).u24(0x00000a).zeros(16)),
  fromServer(
    write().bytes(
      record(22, handshake(SERVER_HELLO, serverHelloBody(0x0005, [], { version: 0x0300 })), 0x0300),
      record(
        22,
        handshake(11, write().lengthPrefixed24(write().lengthPrefixed24(write().hex('30 03 02 01 01')))),
        0x0300,
      ), // no certificate
    ),
  ),
]);
const elsewhere = tcp({ client: '10.6.0.5', server: '10.6.0.20', port: 40_443, clientPort: 50_003 }, [
  fromClient(
    record(
      22,
      handshake(CLIENT_HELLO, clientHelloBody({ version: 0x0301, ciphers: [0x0005, 0x000a], extensions: [] })),
      0x0301,
    ),
  ),
  fromServer(record(21, write().u8(2, 40), 0x0301)), // alert: handshake failure
]);
const middle = tcp({ client: '10.6.0.5', server: '10.6.0.50', port: 443, clientPort: 50_004, handshake: false }, [
  fromClient(record(23, write().zeros(100))),
  fromServer(record(23, write().zeros(200))),
]);

/** Record of DTLS: epoch and sequence number before the length; handshake with sequence number and fragment. */
const datagram = (type: number, epoch: number, content: Bytes) =>
  write().u8(type).u16(0xfefd, epoch).zeros(6).lengthPrefixed16(content);
const fragment = (type: number, body: Bytes) => {
  const bytes = write().bytes(body).build();
  return write().u8(type).u24(bytes.length).u16(0).u24(0).u24(bytes.length).bytes(bytes);
};
const coap = udpExchange({ client: '10.6.0.60', server: '10.6.0.61', port: 5684 }, [
  fromClient(
    datagram(
      22,
      0,
      fragment(
        CLIENT_HELLO,
        clientHelloBody({ version: 0xfefd, ciphers: [0xc0a8], extensions: [groups(0x0017)], cookie: true }),
      ),
    ),
  ),
  fromServer(datagram(22, 0, fragment(SERVER_HELLO, serverHelloBody(0xc0a8, [empty(0xff01)], { version: 0xfefd })))),
  fromClient(datagram(23, 1, write().zeros(32))),
]);

export const golden = capture('TLS, its forerunners and DTLS up to where encryption starts', [
  mutual,
  modern,
  ancient,
  elsewhere,
  middle,
  coap,
]);

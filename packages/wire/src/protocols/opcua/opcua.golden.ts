// Written by hand after OPC 10000-6: a client looks for a server and works with it without encryption, two others use an
// encrypted channel and one that the server opens, and a server registers with the discovery server of its host.
import { type ByteWriter, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { COMMON_NAME, certificate, utf8 } from '../tls/certificates.golden.ts';

const text = (value: string) => write().lengthPrefixed32le(write().text(value));
const NULL = write().hex('ffffffff');
const list = (items: readonly ByteWriter[]) =>
  write()
    .u32le(items.length)
    .bytes(...items);
/** Identifier of the standard's namespace in four bytes. */
const node = (id: number) => write().u8(1, 0).u16le(id);
const named = (namespace: number, name: string) => write().u8(3).u16le(namespace).bytes(text(name));
const localized = (value: string) => write().u8(3).bytes(text('en'), text(value));
const NOTHING = write().hex('0000 00');
const TIME = write().u64le(133_800_000_000_000_000n);

const frame = (type: string, content: ByteWriter) =>
  write()
    .text(type)
    .u32le(8 + content.length)
    .bytes(content);
const hello = (url: string) => frame('HELF', write().u32le(0, 65536, 65536, 0, 0).bytes(text(url)));
const ACKNOWLEDGE = frame('ACKF', write().u32le(0, 65536, 65536, 0, 0));
const POLICY = 'http://opcfoundation.org/UA/SecurityPolicy#';
const open = (policy: string, sender: ByteWriter, body: ByteWriter) =>
  frame(
    'OPNF',
    write()
      .u32le(0)
      .bytes(text(`${POLICY}${policy}`), sender, NULL, body),
  );
const sequence = (request: number, body: ByteWriter) => write().u32le(request, request).bytes(body);
/** A piece of a message: its letters, then sequence number and request. */
const chunk = (type: string, request: number, body: ByteWriter) =>
  frame(type, write().u32le(1, 1).bytes(sequence(request, body)));
const message = (request: number, body: ByteWriter) => chunk('MSGF', request, body);

const request = (id: number, ...fields: readonly ByteWriter[]) =>
  write().bytes(node(id), node(0), TIME, write().u32le(1, 0), NULL, write().u32le(5000), NOTHING, ...fields);
const response = (id: number, ...fields: readonly ByteWriter[]) =>
  write().bytes(node(id), TIME, write().u32le(1, 0).u8(0), NULL, NOTHING, ...fields);
const fault = (status: number) => write().bytes(node(397), TIME, write().u32le(1, status).u8(0), NULL, NOTHING);

const OPEN = request(446, write().u32le(0, 0, 1), NULL, write().u32le(3_600_000));
const OPENED = response(449, write().u32le(0, 1, 1), TIME, write().u32le(3_600_000), NULL);

const application = (uri: string, product: string, name: string, type: number, url: string) =>
  write().bytes(text(uri), text(product), localized(name), write().u32le(type), NULL, NULL, list([text(url)]));
const SERVER_CERTIFICATE = certificate({
  subject: [utf8(COMMON_NAME, 'FillingServer')],
  serial: '4711',
  notBefore: '250101000000Z',
  notAfter: '350101000000Z',
  dnsNames: ['filling-1'],
  uris: ['urn:filling-1:TestWorks:FillingServer'],
});
const SERVER_DER = write().lengthPrefixed32le(SERVER_CERTIFICATE);
const URL = 'opc.tcp://filling-1:4840';
const SERVER = application('urn:filling-1:TestWorks:FillingServer', 'urn:testworks:filling', 'Filling line', 0, URL);
const endpoint = (mode: number, policy: string, tokens: readonly number[]) =>
  write().bytes(
    text(URL),
    SERVER,
    SERVER_DER,
    write().u32le(mode),
    text(`${POLICY}${policy}`),
    list(tokens.map((type) => write().bytes(text('policy'), write().u32le(type), NULL, NULL, NULL))),
    text('http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary'),
    write().u8(0),
  );
const ENDPOINTS = list([endpoint(1, 'None', [0, 1]), endpoint(3, 'Basic256Sha256', [1, 2])]);
const CLIENT = application('urn:panel-3:TestWorks:Panel', 'urn:testworks:panel', 'Panel 3', 1, '');

/** An object with a type, here a structure or a login. */
const extension = (id: number, body: ByteWriter) => write().bytes(node(id)).u8(1).lengthPrefixed32le(body);
const login = (token: ByteWriter) => request(467, NULL, NULL, list([]), list([text('en')]), token, NULL, NULL);
const ANONYMOUS = extension(321, text('anonymous'));
const BY_NAME = extension(324, write().bytes(text('user'), text('operator'), text('Abf3llung!'), NULL));
const BY_TOKEN = extension(940, write().bytes(text('jwt'), text('eyJhbGciOi.token.4711'), NULL));
const HIDDEN = extension(324, write().bytes(text('user'), text('service'), text('ciphertext'), text('rsa-oaep')));

const read = (...nodes: readonly ByteWriter[]) =>
  request(
    631,
    write().zeros(8).u32le(0),
    list(nodes.map((each) => write().bytes(each).u32le(13).bytes(NULL).u16le(0).bytes(NULL))),
  );
/** A value with its status and source time. */
const value = (variant: ByteWriter) => write().u8(0x07).bytes(variant).u32le(0).bytes(TIME);
const string = (content: string) => value(write().u8(12).bytes(text(content)));
const BUILD = write().bytes(
  text('urn:testworks:filling'),
  text('TestWorks GmbH'),
  text('Filling Server'),
  text('2.4.1'),
  text('1207'),
  TIME,
);
const STATUS = write()
  .u8(22)
  .bytes(extension(864, write().bytes(TIME, TIME).u32le(0).bytes(BUILD).u32le(0).u8(0)));
const STRINGS = write()
  .u8(12 | 0x80)
  .bytes(list([text('http://opcfoundation.org/UA/'), text('urn:filling-1:TestWorks:FillingServer')]));
const MATRIX = write()
  .u8(11 | 0xc0)
  .u32le(4)
  .zeros(32)
  .u32le(2, 2, 2);

const SETPOINT = named(2, 'Line1.Setpoint');
const written = (target: ByteWriter) =>
  write()
    .bytes(target)
    .u32le(13)
    .bytes(NULL, value(write().u8(10).f32(1)));
const call = (object: ByteWriter, method: ByteWriter) =>
  request(712, list([write().bytes(object, method, list([write().u8(6).u32le(3)]))]));

const DEVICE = '10.6.0.10';
const half = SERVER.length;
const sessionResponse = write().bytes(node(1), node(2), write().zeros(8), NULL, SERVER_DER, ENDPOINTS, NULL, NULL);
const created = response(464, sessionResponse, write().u32le(0)).build();

const panel = tcp({ client: '10.6.0.5', server: DEVICE, port: 4840, clientPort: 50_001 }, [
  fromClient(hello(URL)),
  fromServer(ACKNOWLEDGE),
  fromClient(open('None', NULL, sequence(1, OPEN))),
  fromServer(open('None', NULL, sequence(1, OPENED))),
  fromClient(message(2, request(428, text(URL), list([]), list([])))),
  fromServer(message(2, response(431, ENDPOINTS))),
  fromClient(message(3, request(461, CLIENT, NULL, text(URL), text('Panel session'), NULL, NULL, write().zeros(12)))),
  // In three chunks, of which the second is cut within a text.
  fromServer(chunk('MSGC', 3, write().bytes(created.slice(0, 100)))),
  fromServer(chunk('MSGC', 3, write().bytes(created.slice(100, 100 + half)))),
  fromServer(chunk('MSGF', 3, write().bytes(created.slice(100 + half)))),
  fromClient(message(4, login(ANONYMOUS))),
  fromServer(message(4, fault(0x80210000))),
  fromClient(message(5, login(BY_NAME))),
  fromServer(message(5, response(470, NULL, list([]), NULL))),
  fromClient(message(6, read(node(2256), named(2, 'Line1.Speed'), node(2255)))),
  fromServer(message(6, response(634, list([value(STATUS), value(MATRIX), value(STRINGS)]), NULL))),
  fromClient(message(7, read(node(2263), node(2261), node(2265)))),
  fromServer(
    message(7, response(634, list([string('TestWorks GmbH'), string('Filling Server'), string('1207')]), NULL)),
  ),
  fromClient(message(8, request(673, list([written(SETPOINT), written(node(9))])))),
  fromServer(message(8, response(676, write().u32le(2, 0, 0x80000000), NULL))),
  fromClient(message(9, call(node(2253), node(12886)))),
  fromServer(message(9, response(715, write().u32le(1, 0x80000000, 0, 0, 0), NULL))),
  fromClient(message(10, call(named(2, 'Pump'), named(2, 'Pump.Start')))),
  fromServer(message(10, response(715, write().u32le(1, 0, 0, 0, 0), NULL))),
  fromClient(message(11, request(826, list([])))),
  fromServer(message(11, response(829, write().zeros(30)))),
  // A service that nobody knows, and one that is not answered.
  fromClient(message(12, request(640))),
  fromClient(chunk('CLOF', 13, request(452))),
]);

const anonymous = tcp({ client: '10.6.0.6', server: DEVICE, port: 4841, clientPort: 50_002 }, [
  fromClient(hello('opc.tcp://10.6.0.10:4841')),
  fromServer(ACKNOWLEDGE),
  fromClient(message(1, login(ANONYMOUS))),
  fromServer(message(1, response(470, NULL, list([]), NULL))),
  fromClient(message(2, login(HIDDEN))),
  fromServer(message(2, response(470, NULL, list([]), NULL))),
  fromClient(message(3, login(BY_TOKEN))),
  fromServer(message(3, fault(0x80200000))),
  // A list that says it is longer than its message.
  fromClient(message(4, request(631, write().zeros(8).u32le(0, 9).bytes(node(7))))),
]);

const encrypted = tcp({ client: '10.6.0.7', server: DEVICE, port: 4840, clientPort: 50_003 }, [
  fromClient(hello(URL)),
  fromServer(ACKNOWLEDGE),
  fromClient(open('Basic256Sha256', SERVER_DER, write().zeros(64).hex('5a5a5a5a'))),
  fromServer(open('Basic256Sha256', SERVER_DER, write().zeros(64).hex('a5a5a5a5'))),
  fromClient(frame('MSGF', write().u32le(1, 1).hex('c0ffee00'.repeat(16)))),
  fromServer(frame('MSGF', write().u32le(1, 1).hex('00c0ffee'.repeat(16)))),
]);

/** The server opens the connection, and the client answers as if it had. */
const reversedHello = frame('RHEF', write().bytes(text('urn:mixer-2:server'), text('opc.tcp://mixer-2:4840')));
const reversedEnds = { client: '10.6.0.20', server: '10.6.0.5', port: 48_060, clientPort: 50_004 };
export const reversedSession = capture('OPC UA: a connection that the server opens', [
  tcp(reversedEnds, [
    fromClient(reversedHello),
    fromServer(hello('opc.tcp://mixer-2:4840')),
    fromClient(ACKNOWLEDGE),
    fromServer(open('None', NULL, sequence(1, OPEN))),
    fromClient(open('None', NULL, sequence(1, OPENED))),
  ]),
]);

const registered = write().bytes(
  text('urn:filling-1:TestWorks:FillingServer'),
  text('urn:testworks:filling'),
  list([localized('Filling line')]),
  write().u32le(0),
  NULL,
  list([text(URL)]),
  NULL,
  write().u8(1),
);
const DISCOVERY = application('urn:filling-1:UALDS', 'urn:opcfoundation:lds', 'Discovery', 3, URL);
const ELSEWHERE = application('urn:mixer-2:server', 'urn:mixer', 'Mixer', 2, 'opc.tcp://10.6.0.20:4840/mixer');
const discovery = tcp({ client: DEVICE, server: '10.6.0.30', port: 4840, clientPort: 50_005 }, [
  fromClient(open('None', NULL, sequence(1, OPEN))),
  fromServer(open('None', NULL, sequence(1, OPENED))),
  fromClient(message(2, request(437, registered))),
  fromServer(message(2, response(440))),
  fromClient(message(3, request(422, text('opc.tcp://10.6.0.30:4840'), list([]), list([])))),
  fromServer(message(3, response(425, list([DISCOVERY, ELSEWHERE])))),
  fromClient(message(4, request(12208, write().u32le(0, 10), list([])))),
  fromServer(
    message(
      4,
      response(
        12209,
        TIME,
        list([
          write()
            .u32le(7)
            .bytes(text('Mixer'), text('opc.tcp://10.6.0.20:4840'), list([text('DA')])),
        ]),
      ),
    ),
  ),
]);

export const golden = capture('OPC UA: discovery, sessions, reading, writing, reverse connections', [
  panel,
  anonymous,
  encrypted,
  tcp(reversedEnds, [fromClient(reversedHello)]),
  discovery,
]);

export const secrets = ['Abf3llung!', 'eyJhbGciOi.token.4711'];

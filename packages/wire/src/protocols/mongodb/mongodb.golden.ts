// Written by hand after MongoDB's documents with invented devices: hellos in the old and the new form, logins with and
// without a readable password, a version, an odd port, and messages that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

type Value = string | number | Uint8Array | readonly Pair[];
type Pair = readonly [name: string, value: Value];
const document = (...pairs: readonly Pair[]): Uint8Array => {
  const body = write();
  for (const [name, value] of pairs) {
    if (typeof value === 'string')
      body
        .u8(2)
        .textz(name)
        .u32le(new TextEncoder().encode(value).length + 1)
        .textz(value);
    else if (typeof value === 'number') body.u8(16).textz(name).u32le(value);
    else if (value instanceof Uint8Array) body.u8(5).textz(name).u32le(value.length).u8(0).bytes(value);
    else
      body
        .u8(3)
        .textz(name)
        .bytes(document(...value));
  }
  return write()
    .u32le(body.length + 5)
    .bytes(body)
    .u8(0)
    .build();
};
const message = (op: number, content: Bytes) =>
  write()
    .u32le(16 + bytesOf(content).length, 1, 0, op)
    .bytes(content);
const query = (...pairs: Pair[]) =>
  message(
    2004,
    write()
      .u32le(0)
      .textz('admin.$cmd')
      .u32le(0, 1)
      .bytes(document(...pairs)),
  );
const reply = (...pairs: Pair[]) =>
  message(
    1,
    write()
      .u32le(8)
      .u64le(0)
      .u32le(0, 1)
      .bytes(document(...pairs)),
  );
const msg = (...pairs: Pair[]) =>
  message(
    2013,
    write()
      .u32le(0)
      .u8(0)
      .bytes(document(...pairs)),
  );
const text = (content: string) => write().text(content).build();

const PASSWORD = 'Sortierer-151';
const NEW = 'Sortierer-152';
export const secrets = [PASSWORD, NEW];
const ends = (server: string, clientPort: number, port = 27_017) => ({
  client: '10.9.18.10',
  server,
  port,
  clientPort,
});
const CLIENT: Pair = [
  'client',
  [
    ['application', [['name', 'Line Viewer']]],
    [
      'driver',
      [
        ['name', 'nodejs'],
        ['version', '4.1.0'],
      ],
    ],
    [
      'os',
      [
        ['type', 'Linux'],
        ['name', 'Ubuntu'],
        ['version', '20.04'],
        ['architecture', 'x86_64'],
      ],
    ],
  ],
];

export const golden = capture('MongoDB of a line', [
  tcp(ends('10.9.18.20', 50_001), [
    fromClient(query(['isMaster', 1], CLIENT)),
    fromServer(reply(['ismaster', 1], ['me', 'db-4.plant.example:27017'], ['maxWireVersion', 8])),
    fromClient(msg(['buildInfo', 1], ['$db', 'admin'])),
    fromServer(msg(['version', '4.2.1'], ['gitVersion', 'edf6d45851c0b9ee15548f0f847df141764a317e'], ['ok', 1])),
    fromClient(
      msg(['saslStart', 1], ['mechanism', 'PLAIN'], ['payload', text(`\0recipes\0${PASSWORD}`)], ['$db', '$external']),
    ),
    fromServer(msg(['ok', 1])),
    fromClient(msg(['createUser', 'mei'], ['pwd', NEW])),
    ...Array.from({ length: 24 }, () => fromServer(msg(['ok', 1]))),
  ]),
  tcp(ends('10.9.18.21', 50_002, 37_017), [
    fromClient(
      msg(
        ['hello', 1],
        [
          'client',
          [
            [
              'driver',
              [
                ['name', 'PyMongo'],
                ['version', '4.0'],
              ],
            ],
            [
              'os',
              [
                ['type', 'Windows'],
                ['name', 'Windows 10'],
              ],
            ],
          ],
        ],
        ['$db', 'admin'],
      ),
    ),
    fromServer(msg(['me', '10.9.18.21:27017'], ['ok', 1])),
    fromClient(
      msg(['saslStart', 1], ['mechanism', 'SCRAM-SHA-256'], ['payload', text('n,,n=panel,r=rOprNGfwEbeRWgbNEkqO')]),
    ),
  ]),
  tcp(ends('10.9.18.22', 50_003), [
    fromClient(message(2013, write().u32le(0).u8(1).u32le(4))),
    fromClient(message(2012, write().u32le(2013, 10).u8(1).zeros(4))),
    fromClient(message(2004, write().u32le(0).textz('admin.$cmd').u32le(0, 1, 900).u8(2).text('isMaster'))),
    fromClient(write().text('hello, this is no message')),
  ]),
]);

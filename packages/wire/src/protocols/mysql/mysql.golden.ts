// Written by hand after the documents of MySQL and MariaDB with invented devices: a login by challenge, one for which the
// server asks in clear, one without a password, an old client, a session that turns to TLS, a host that is not let in.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const packet = (number: number, content: Bytes) => {
  const bytes = bytesOf(content);
  return write()
    .u8(bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16, number)
    .bytes(bytes);
};
const greeting = (version: string, plugin: string) =>
  packet(
    0,
    write()
      .u8(10)
      .textz(version)
      .u32le(42)
      .text('12345678')
      .u8(0)
      .u16le(0xffff)
      .u8(33)
      .u16le(2, 0x00ff)
      .u8(21)
      .zeros(10)
      .text('abcdefghijkl')
      .u8(0)
      .textz(plugin),
  );
const short = (text: string) => write().lengthPrefixed8(write().text(text));
const BASE = 0x0018_8208;
const answer = (
  account: string,
  proof: Bytes,
  { database = '', plugin = 'mysql_native_password', attributes = [] as readonly (readonly [string, string])[] } = {},
) => {
  const pairs = write();
  for (const [name, value] of attributes) pairs.bytes(short(name), short(value));
  return packet(
    1,
    write()
      .u32le(database ? BASE : BASE & ~8, 0x0100_0000)
      .u8(33)
      .zeros(23)
      .textz(account)
      .lengthPrefixed8(proof)
      .bytes(database ? write().textz(database) : write())
      .textz(plugin)
      .lengthPrefixed8(pairs),
  );
};
const OK = write().hex('00 00 00 02 00 00 00');
const error = (text: string) => write().hex('ff 15 04').text(text);

const PASSWORDS = ['Abfueller-111', 'Etikett-112', 'Palette-113'] as const;
const [SWITCHED, DIRECT, STRAY] = PASSWORDS;
const PROOF = 'PROOFOFAPASSWORD-114';
export const secrets = [...PASSWORDS, PROOF];
const ends = (server: string, clientPort: number, port = 3306) => ({ client: '10.9.14.10', server, port, clientPort });

export const golden = capture('MySQL and MariaDB of a line', [
  tcp(ends('10.9.14.20', 50_001), [
    fromServer(greeting('5.7.33-0ubuntu0.18.04.1', 'mysql_native_password')),
    fromClient(
      answer('recipes', write().text(PROOF), {
        database: 'line4',
        attributes: [
          ['_os', 'linux-glibc2.12'],
          ['_client_name', 'libmysql'],
          ['program_name', 'mysqldump'],
        ],
      }),
    ),
    fromServer(packet(2, OK)),
    fromClient(packet(0, write().u8(3).text(`SET PASSWORD = '${STRAY}'`))),
  ]),
  tcp(ends('10.9.14.21', 50_002), [
    fromServer(greeting('5.5.5-10.5.12-MariaDB-0+deb11u1', 'mysql_native_password')),
    fromClient(answer('root', write().text(PROOF), { attributes: [['_os', 'Win64']] })),
    fromServer(packet(2, write().u8(0xfe).textz('mysql_clear_password'))),
    fromClient(packet(3, write().textz(SWITCHED))),
    fromServer(packet(4, error('Access denied'))),
  ]),
  tcp(ends('10.9.14.22', 50_003), [
    fromServer(greeting('8.0.26', 'caching_sha2_password')),
    fromClient(answer('scanner', write())),
    fromServer(packet(2, OK)),
  ]),
  tcp(ends('10.9.14.23', 50_004), [
    fromServer(greeting('8.0.26', 'caching_sha2_password')),
    fromClient(answer('direct', write().textz(DIRECT), { plugin: 'mysql_clear_password' })),
    fromServer(packet(2, OK)),
  ]),
  // An old client, on another port.
  tcp(ends('10.9.14.24', 50_005, 3307), [
    fromServer(greeting('4.1.22-community-nt-log-of-the-whole-plant-with-a-long-suffix', '')),
    fromClient(packet(1, write().u16le(0x0004).zeros(3).textz('old').text('hashhash'))),
    fromServer(packet(2, OK)),
  ]),
  tcp(ends('10.9.14.25', 50_006), [
    fromServer(greeting('8.0.26', 'caching_sha2_password')),
    fromClient(
      packet(
        1,
        write()
          .u32le(BASE | 0x800, 0x0100_0000)
          .u8(33)
          .zeros(23),
      ),
    ),
    ...tlsUpgrade('db.plant.example'),
  ]),
  tcp(ends('10.9.14.26', 50_007), [fromServer(packet(0, error("Host '10.9.14.10' is not allowed")))]),
  tcp(ends('10.9.14.27', 50_008), [
    fromServer(packet(0, write().u8(10).textz('no version'))),
    fromClient(write().text('hello')),
  ]),
]);

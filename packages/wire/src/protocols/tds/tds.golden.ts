// Written by hand after MS-TDS with invented devices: a login without encryption that is accepted, one by NTLM that is
// refused, a session that turns to TLS, an odd port, and packets that break off.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { challenge, negotiate } from '../smb/ntlmssp.golden.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const packet = (type: number, content: Bytes, number = 1) =>
  write()
    .u8(type, 1)
    .u16(8 + bytesOf(content).length)
    .u16(0)
    .u8(number, 0)
    .bytes(content);
const prelogin = (type: number, version: readonly [number, number, number], encryption: number) =>
  packet(
    type,
    write().u8(0).u16(11, 6).u8(1).u16(17, 1).u8(0xff).u8(version[0], version[1]).u16(version[2]).u16(0).u8(encryption),
  );
/** Nibbles swapped, then every bit of 0xa5 turned (section 2.2.6.4). */
const obfuscated = (password: string) =>
  Array.from(write().utf16le(password).build(), (byte) => (((byte << 4) & 0xf0) | (byte >> 4)) ^ 0xa5);
const login = (
  fields: readonly [host: string, account: string, password: string, program: string, database: string],
  token: Bytes = write(),
) => {
  const [host, account, password, program, database] = fields;
  const data = write();
  const places = write();
  const put = (content: Bytes, unit: number) => {
    const bytes = bytesOf(content);
    places.u16le(94 + data.length, bytes.length / unit);
    data.bytes(bytes);
  };
  const wide = (text: string) => write().utf16le(text);
  put(wide(host), 2);
  put(wide(account), 2);
  put(write().u8(...obfuscated(password)), 2);
  put(wide(program), 2);
  for (let i = 0; i < 4; i++) put(write(), 2);
  put(wide(database), 2);
  places.zeros(6);
  put(token, 1);
  places.u16le(0, 0, 0, 0).u32le(0);
  const content = write()
    .u32le(94 + data.length, 0x74000004, 4096, 7, 4711, 0)
    .u32le(0, 0, 0x409)
    .bytes(places, data);
  return packet(16, content);
};
const b = (text: string) => write().u8(text.length).utf16le(text);
const token = (type: number, content: Bytes) => write().u8(type).lengthPrefixed16le(content);
const info = (type: number, text: string, server: string) =>
  token(type, write().u32le(5701).u8(2, 0).u16le(text.length).utf16le(text).bytes(b(server)).u8(0).u32le(1));
const accepted = packet(
  4,
  write().bytes(
    token(0xe3, write().u8(1).bytes(b('batches'), b('master'))),
    info(0xab, 'Changed database context.', 'HIST-01\\SQLEXPRESS'),
    token(0xad, write().u8(1).u32(0x74000004).bytes(b('Microsoft SQL Server')).u8(15, 0).u16(2000)),
    write().u8(0xfd).zeros(12),
  ),
);

const PASSWORD = 'Mischer-101';
const SET = 'Mischer-102';
/** The second as it crosses: what is turned around must not be shown either. */
const TURNED = String.fromCharCode(...obfuscated(PASSWORD));
export const secrets = [SET, TURNED];

const ends = (server: string, clientPort: number, port = 1433) => ({ client: '10.9.13.10', server, port, clientPort });

export const golden = capture('SQL Server of a historian', [
  tcp(ends('10.9.13.20', 50_001), [
    fromClient(prelogin(18, [0, 0, 0], 2)),
    fromServer(prelogin(4, [15, 0, 2000], 2)),
    fromClient(login(['PANEL-3', 'sa', PASSWORD, 'Recipe Manager', 'batches'])),
    fromServer(accepted),
    fromClient(packet(1, write().utf16le(`ALTER LOGIN sa WITH PASSWORD = '${SET}'`))),
  ]),
  tcp(ends('10.9.13.21', 50_002), [
    fromClient(prelogin(18, [11, 0, 1000], 0)),
    fromServer(prelogin(4, [12, 0, 4100], 2)),
    fromClient(login(['ENG-PC', 'mei', '', 'sqlcmd', 'master'], negotiate('10.0.19041', 'ENG-PC'))),
    fromServer(packet(4, write().bytes(info(0xaa, 'Login failed.', 'HIST-02'), write().u8(0xfd).zeros(12)))),
  ]),
  tcp(ends('10.9.13.24', 50_006), [
    fromClient(
      login(
        ['ENG-PC', '', '', 'OSQL', ''],
        challenge(
          { computer: 'ENG-PC', domain: 'PLANT', dnsComputer: 'eng-pc.plant.example', dnsDomain: 'plant.example' },
          '10.0.19041',
        ),
      ),
    ),
  ]),
  tcp(ends('10.9.13.22', 50_003), [
    fromClient(prelogin(18, [11, 0, 1000], 1)),
    fromServer(prelogin(4, [16, 0, 1000], 1)),
    ...tlsUpgrade('hist-03.plant.example').map(({ from, bytes }) => ({ from, bytes: packet(18, bytes) })),
    fromClient(write().hex('1703030004deadbeef')),
  ]),
  tcp(ends('10.9.13.23', 50_004, 49_172), [
    fromClient(prelogin(18, [11, 0, 1000], 3)),
    fromServer(prelogin(4, [10, 50, 1600], 3)),
  ]),
  tcp(ends('10.9.13.20', 50_005), [
    fromClient(packet(18, write().u8(0).u16(900, 6))),
    fromClient(write().text('hello')),
  ]),
]);

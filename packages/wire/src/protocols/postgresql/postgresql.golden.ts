// Written by hand after the documents of PostgreSQL with invented devices: logins of every kind, one without being asked
// for anything, a session that turns to TLS, an odd port, and messages that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const counted = (content: Bytes) =>
  write()
    .u32(4 + bytesOf(content).length)
    .bytes(content);
const startup = (...texts: string[]) => {
  const out = write().u16(3, 0);
  for (const text of texts) out.textz(text);
  return counted(out.u8(0));
};
const message = (type: string, content: Bytes) => write().text(type).bytes(counted(content));
const authentication = (kind: number, more: Bytes = write()) => message('R', write().u32(kind).bytes(more));
const parameter = (name: string, value: string) => message('S', write().textz(name).textz(value));
const READY = message('Z', write().text('I'));

const PASSWORDS = ['Kesselraum-121', 'Kesselraum-122', 'Kesselraum-123'] as const;
const [CLEAR, WRONG, STRAY] = PASSWORDS;
const HASH = 'md5a3556571e93b0d20722ba62be61e8c2d';
export const secrets = [...PASSWORDS, HASH];
const ends = (server: string, clientPort: number, port = 5432) => ({ client: '10.9.15.10', server, port, clientPort });

export const golden = capture('PostgreSQL of a line', [
  tcp(ends('10.9.15.20', 50_001), [
    fromClient(startup('user', 'recipes', 'database', 'line4', 'application_name', 'Batch Viewer')),
    fromServer(authentication(3)),
    fromClient(message('p', write().textz(CLEAR))),
    fromServer(authentication(0)),
    fromServer(parameter('client_encoding', 'UTF8')),
    fromServer(parameter('server_version', '13.4 (Debian 13.4-4.pgdg110+1)')),
    fromServer(message('K', write().u32(4711, 42))),
    fromServer(READY),
    fromClient(message('Q', write().textz(`ALTER ROLE recipes PASSWORD '${STRAY}'`))),
  ]),
  tcp(ends('10.9.15.21', 50_002), [
    fromClient(counted(write().u32(80_877_103))),
    fromServer(write().text('N')),
    fromClient(startup('user', 'mei')),
    fromServer(authentication(5, write().text('salt'))),
    fromClient(message('p', write().textz(HASH))),
    fromServer(message('E', write().text('SFATAL').u8(0, 0))),
  ]),
  tcp(ends('10.9.15.22', 50_003), [
    fromClient(startup('user', 'scanner')),
    fromServer(authentication(10, write().textz('SCRAM-SHA-256').u8(0))),
    fromClient(message('p', write().textz('SCRAM-SHA-256').text(WRONG))),
    fromServer(authentication(11, write().text('r=x'))),
    fromServer(authentication(12)),
    fromServer(authentication(0)),
    fromServer(READY),
  ]),
  // Let in as it comes; on another port.
  tcp(ends('10.9.15.23', 50_004, 15_432), [
    fromClient(startup('user', 'postgres', 'database', 'postgres')),
    fromServer(authentication(0)),
    fromServer(parameter('server_version', '9.6.24')),
    fromServer(READY),
  ]),
  tcp(ends('10.9.15.24', 50_005), [
    fromClient(counted(write().u32(80_877_103))),
    fromServer(write().text('S')),
    ...tlsUpgrade('db.plant.example'),
  ]),
  tcp(ends('10.9.15.25', 50_006), [
    fromClient(startup('user', 'x')),
    fromServer(authentication(77)),
    fromServer(write().text('hello, this is no message')),
  ]),
  tcp(ends('10.9.15.26', 50_007), [fromClient(counted(write().u32(80_877_102, 1, 2)))]),
]);

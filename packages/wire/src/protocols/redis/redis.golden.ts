// Written by hand after the specification with invented devices: logins in the old and the new form, settings, a version,
// commands in lines, an odd port, and bytes that are none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const command = (...words: string[]) =>
  fromClient(write().text(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`));
const answer = (text: string) => fromServer(write().text(text));
const bulk = (text: string) => answer(`$${text.length}\r\n${text}\r\n`);

const PASSWORDS = [
  'Foerderband-141',
  'Foerderband-142',
  'Foerderband-143',
  'Foerderband-144',
  'Foerderband-145',
] as const;
const [OLD, NEW, SET, LINE, USER] = PASSWORDS;
export const secrets = PASSWORDS;
const ends = (server: string, clientPort: number, port = 6379) => ({ client: '10.9.17.10', server, port, clientPort });

export const golden = capture('Redis of an edge computer', [
  tcp(ends('10.9.17.20', 50_001), [
    command('GET', 'line4:speed'),
    answer('-NOAUTH Authentication required.\r\n'),
    command('AUTH', OLD),
    answer('+OK\r\n'),
    command('CLIENT', 'SETINFO', 'LIB-NAME', 'redis-py'),
    answer('+OK\r\n'),
    command('info', 'server'),
    bulk(
      '# Server\r\nredis_version:6.0.9\r\nredis_mode:standalone\r\nos:Linux 5.4.0-70-generic x86_64\r\ntcp_port:6379\r\n',
    ),
    command('CONFIG', 'SET', 'requirepass', SET),
    answer('+OK\r\n'),
    command('CONFIG', 'SET', 'dir', '/var/spool'),
    answer('+OK\r\n'),
    command('SLAVEOF', '10.9.17.99', '6379'),
    answer('+OK\r\n'),
    command('MODULE', 'LOAD', '/tmp/x.so'),
    answer('+OK\r\n'),
    command('FLUSHALL'),
    answer('+OK\r\n'),
    command('LRANGE', 'a', '0', '-1'),
    answer('*2\r\n$1\r\nx\r\n$-1\r\n'),
  ]),
  // Version 3.
  tcp(ends('10.9.17.21', 50_002), [
    command('HELLO', '3', 'AUTH', 'panel', NEW, 'SETNAME', 'a'),
    answer('%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n'),
    command('ACL', 'SETUSER', 'mei', `>${USER}`),
    answer('+OK\r\n'),
    command('AUTH', 'mei', USER),
  ]),
  tcp(ends('10.9.17.23', 50_004, 16_379), [command('CONFIG', 'SET', 'maxmemory', '100mb'), answer('+OK\r\n')]),
  tcp(ends('10.9.17.22', 50_003), [
    fromClient(write().text(`AUTH ${LINE}\r\n`)),
    answer('+OK\r\n'),
    fromClient(write().text('SHUTDOWN\r\n')),
    fromClient(write().text('*1\r\n:5\r\n')),
  ]),
]);

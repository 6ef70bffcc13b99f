// Written by hand after the manual of rexecd with invented devices: a command that is run, one that is refused, one without
// an answer, and an opening that breaks off.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const opening = (user: string, password: string, command: string) =>
  write().textz('0').textz(user).textz(password).textz(command);
const ends = (server: string, clientPort: number) => ({ client: '10.9.6.10', server, port: 512, clientPort });

const PASSWORDS = ['Rohrwerk-9', 'Drahtzug-2', 'Presswerk-3'] as const;
export const secrets = PASSWORDS;
const [FIRST, WRONG, OPEN] = PASSWORDS;

export const golden = capture('rexec between computers of a line', [
  tcp(ends('10.9.6.20', 50_600), [
    fromClient(opening('backup', FIRST, 'tar cf /dev/rmt0 /plant')),
    fromServer(write().u8(0).text('done\n')),
  ]),
  tcp(ends('10.9.6.21', 50_601), [
    fromClient(opening('root', WRONG, 'sync')),
    fromServer(write().u8(1).text('Login incorrect.\n')),
  ]),
  tcp(ends('10.9.6.22', 50_602), [fromClient(opening('root', OPEN, 'date'))]),
  tcp(ends('10.9.6.23', 50_603), [fromClient(write().textz('0').text('half'))]),
]);

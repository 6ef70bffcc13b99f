// Written by hand after the manual of rshd with invented devices: a command that is run, one that is refused, one without
// an answer, and an opening that is none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const opening = (local: string, remote: string, command: string) =>
  write().textz('1021').textz(local).textz(remote).textz(command);
const ends = (server: string, clientPort: number) => ({ client: '10.9.5.10', server, port: 514, clientPort });

export const golden = capture('rsh between computers of a line', [
  tcp(ends('10.9.5.20', 1023), [
    fromClient(opening('mei', 'root', '/usr/bin/uptime -V')),
    fromServer(write().u8(0)),
    fromServer(write().text('up 2 days\n')),
  ]),
  tcp(ends('10.9.5.21', 1022), [
    fromClient(opening('mei', 'plant', 'reboot')),
    fromServer(write().u8(1).text('Permission denied.\n')),
  ]),
  tcp(ends('10.9.5.22', 1020), [fromClient(opening('mei', 'plant', '(cd /; ls)'))]),
  tcp(ends('10.9.5.23', 1019), [fromClient(write().text('port').u8(0))]),
]);

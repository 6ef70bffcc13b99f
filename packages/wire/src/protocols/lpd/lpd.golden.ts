// Written by hand after RFC 1179 section 5: a job, a look at a queue, jobs that are removed, something else.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const SERVER = '10.27.0.30';
const command = (code: number, line: string) => write().u8(code).text(line);
const talk = (clientPort: number) => ({ client: '10.27.0.9', server: SERVER, port: 515, clientPort });

export const golden = capture('LPD', [
  tcp(talk(721), [
    fromClient(command(2, 'labels\n')),
    fromServer(write().u8(0)),
    fromClient(command(2, '40 cfA001oven-pc\n')),
    fromServer(write().u8(0)),
  ]),
  tcp(talk(722), [fromClient(command(4, 'office \n')), fromServer(write().text('no entries\n'))]),
  tcp(talk(723), [fromClient(command(5, 'labels operator 17\n')), fromServer(write().u8(0))]),
  tcp(talk(724), [fromClient(write().text('GET / \n'))]),
]);

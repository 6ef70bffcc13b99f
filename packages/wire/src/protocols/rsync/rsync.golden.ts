// Written by hand after rsync's documents with invented devices: a module that is open, one that wants a password, a list,
// an odd port, a refusal, and a line that is none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const ask = (line: string) => fromClient(write().text(`${line}\n`));
const reply = (line: string) => fromServer(write().text(`${line}\n`));
const ends = (server: string, clientPort: number, port = 873) => ({ client: '10.9.21.10', server, port, clientPort });

const PROOF = 'PROOFofAPassword191xyz';
export const secrets = [PROOF];

export const golden = capture('rsync of a file server', [
  tcp(ends('10.9.21.20', 50_001), [
    reply('@RSYNCD: 31.0 sha512 sha256'),
    ask('@RSYNCD: 31.0'),
    ask('recipes'),
    reply('@RSYNCD: OK'),
    fromClient(write().text('--server\0--sender\0.\0')),
  ]),
  tcp(ends('10.9.21.21', 50_002), [
    reply('@RSYNCD: 31.0'),
    ask('@RSYNCD: 31.0'),
    ask('backup'),
    reply('@RSYNCD: AUTHREQD 6tKfNgZk'),
    ask(`historian ${PROOF}`),
    reply('@ERROR: auth failed on module backup'),
  ]),
  tcp(ends('10.9.21.22', 50_003, 8730), [
    reply('@RSYNCD: 30.0 with some words behind it, for length'),
    ask('@RSYNCD: 30.0'),
    ask('#list'),
    reply('recipes\tof line 4'),
    reply('@RSYNCD: EXIT'),
  ]),
  tcp(ends('10.9.21.23', 50_004), [reply('220 hello there'), ask('hello there')]),
]);

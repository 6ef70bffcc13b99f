// Niagara Fox: a workbench that logs in to a station with a password, a supervisor that is asked for a digest, a scanner,
// and what breaks off.
import { type Bytes, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const message = (header: string, ...values: readonly Bytes[]) => {
  const out = write().text(`fox ${header}\n{\n`);
  for (const value of values) out.bytes(value).text('\n');
  return out.text('};;\n');
};
const text = (name: string, value: string) => write().text(`${name}=s:${value}`);
const number = (name: string, value: number) => write().text(`${name}=i:${value}`);
/** Bytes that look like the end of a message. */
const blob = (name: string, bytes: Bytes, length: number) =>
  write().text(`${name}=b:${length}[`).bytes(bytes).text(']');

const workbench = message(
  'a 1 -1 fox hello',
  text('fox.version', '1.0'),
  number('id', 1),
  text('hostName', 'eng-laptop-4'),
  text('hostAddress', '10.5.0.40'),
  text('app.name', 'Workbench'),
  text('app.version', '3.8.37'),
  text('vm.name', 'Java HotSpot(TM) Server VM'),
  text('vm.version', '20.4-b02'),
  text('os.name', 'Windows 7'),
  text('os.version', '6.1'),
  text('hostId', 'Win-11AA-22BB-33CC-44DD'),
  text('brandId', 'vykon'),
);
const station = message(
  'a 0 -1 fox hello',
  text('fox.version', '1.0'),
  number('id', 2),
  text('hostName', '10.5.0.20'),
  text('hostAddress', '10.5.0.20'),
  text('app.name', 'Station'),
  text('app.version', '3.8.38'),
  text('vm.name', 'J9'),
  text('vm.version', '2.4'),
  text('os.name', 'QNX'),
  text('os.version', '6.4.1'),
  text('station.name', 'Hall#20;3'),
  text('hostId', 'Qnx-NPM6-0000-11AA-22BB'),
  text('brandId', 'vykon'),
  write().text('sysInfo=o:bog 12[<bog>\n};;\n</]'),
);

export const secrets = ['Lueftung#4!'];

export const golden = capture('Niagara Fox: greetings and logins', [
  tcp({ client: '10.5.0.40', server: '10.5.0.20', port: 1911 }, [
    fromClient(workbench),
    fromServer(station),
    fromServer(message('a 1 -1 fox challenge', text('method', 'basic'))),
    fromClient(message('a 2 -1 fox login', text('username', 'operator'), text('password', 'Lueftung#4!'))),
    fromServer(message('a 2 -1 fox welcome', write().text('user=m:{\nname=s:operator\n}'), text('station', 'Hall3'))),
    fromClient(message('s 3 1 station sync', text('ord', 'slot:/'))),
  ]),
  // A supervisor of the fourth generation, on another port, that refuses.
  tcp({ client: '10.5.0.41', server: '10.5.0.30', port: 51_911 }, [
    fromClient(message('a 1 -1 fox hello', text('fox.version', '1.0.2'), text('hostName', 'scanner'))),
    fromServer(
      message(
        'a 0 -1 fox hello',
        text('fox.version', '1.0.2'),
        text('hostName', 'bms-supervisor'),
        text('hostAddress', '127.0.0.1'),
        text('app.name', 'Station'),
        text('station.name', 'Supervisor'),
        text('availableSchemes', 'DigestScheme,LegacyDigestScheme'),
      ),
    ),
    fromServer(
      message('a 1 -1 fox challenge', text('method', 'digest-md5'), blob('nonce', write().text('\n};;\n'), 5)),
    ),
    fromClient(message('a 2 -1 fox username', text('username', 'guest'))),
    fromServer(message('a 2 -1 fox rejected')),
  ]),
  // A greeting without values, a life sign, a login without an answer.
  tcp({ client: '10.5.0.42', server: '10.5.0.30', port: 1911 }, [
    fromClient(write().text('fox a 0 -1 fox hello\n;;\n')),
    fromClient(message('k -1 -1 fox keepalive')),
    fromClient(message('a 1 -1 fox login', text('credentials', 'Lueftung#4!'))),
    fromClient(message('a 2 -1 fox username', text('username', 'nobody'))),
  ]),
  // Broken: a value without a type, and a greeting that is cut off.
  tcp({ client: '10.5.0.43', server: '10.5.0.30', port: 1911 }, [
    fromClient(write().text('fox a 1 -1 fox hello\n{\nhostName:bad\n};;\n')),
  ]),
  tcp({ client: '10.5.0.44', server: '10.5.0.30', port: 1911 }, [
    fromClient(write().text('fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:cut-')),
  ]),
]);

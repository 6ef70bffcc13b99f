// Written by hand after RFC 1939 and RFC 5034 with invented devices: logins of every kind, a mail, a session that turns to
// TLS, greetings of several makers, a session met in its middle.
import { capture, fromClient, fromServer, type Message, tcp, write } from '../../testing/index.ts';
import { authenticate, challenge, negotiate } from '../smb/ntlmssp.golden.ts';
import { base64 } from '../smtp/base64.golden.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const ask = (line: string) => fromClient(write().text(`${line}\r\n`));
const reply = (...lines: string[]) => fromServer(write().text(`${lines.join('\r\n')}\r\n`));
const session = (server: string, clientPort: number, ...messages: Message[]) =>
  tcp({ client: '10.9.8.10', server, port: 110, clientPort }, messages);

const PASSWORDS = ['Spinnerei-71', 'Weberei-7200', 'Faerberei-73', 'Zwirnerei-74'] as const;
const [PASS, PLAIN, LOGIN, MIDDLE] = PASSWORDS;
const DIGEST = 'c4c9334bac560ecc979e58001b3e22fb';
export const secrets = [...PASSWORDS, DIGEST];

export const golden = capture('POP3 of devices and servers', [
  session(
    '10.9.8.20',
    50_800,
    reply('+OK Dovecot (Ubuntu) ready.'),
    ask('CAPA'),
    reply('+OK', 'SASL PLAIN LOGIN', 'IMPLEMENTATION Dovecot 2.3', '.'),
    ask('USER alarm'),
    reply('+OK'),
    ask(`PASS ${PASS}`),
    reply('+OK Logged in.'),
    ask('RETR 1'),
    reply('+OK 60 octets', 'Subject: IMPLEMENTATION', '', 'PASS is no command here', '.'),
    ask('QUIT'),
    reply('+OK Logging out.'),
  ),
  session(
    '10.9.8.21',
    50_801,
    reply('+OK POP3 mail.plant.example ready <1896.697170952@mail.plant.example>'),
    ask(`APOP mei ${DIGEST}`),
    reply('-ERR permission denied'),
    ask('AUTH PLAIN'),
    reply('+ '),
    ask(base64(`\0panel\0${PLAIN}`)),
    reply('+OK'),
    ask('AUTH LOGIN'),
    reply(`+ ${base64('Username:')}`),
    ask(base64('scanner')),
    reply(`+ ${base64('Password:')}`),
    ask(base64(LOGIN)),
    reply('-ERR no'),
    ask('AUTH NTLM'),
    reply('+ '),
    ask(base64(negotiate('10.0.19041', ''))),
    reply(
      `+ ${base64(challenge({ computer: 'EXCH', domain: 'PLANT', dnsComputer: 'exch.plant.example', dnsDomain: 'plant.example' }, '6.3.9600'))}`,
    ),
    ask(base64(authenticate('scanner', 'SCAN-PC', '10.0.19041'))),
  ),
  // On another port, and then TLS.
  tcp({ client: '10.9.8.10', server: '10.9.8.22', port: 10_110, clientPort: 50_802 }, [
    reply('+OK Qpopper (version 4.0.19) at mail.plant.example starting.'),
    ask('STLS'),
    reply('+OK Begin TLS'),
    ...tlsUpgrade('mail.plant.example'),
  ]),
  session('10.9.8.23', 50_803, reply('+OK AXIS P1343 Network Camera 5.20.2 (2011) ready.')),
  session('10.9.8.24', 50_804, reply('+OK VMware ESXi 6.7.0 build-8169922')),
  session(
    '10.9.8.25',
    50_805,
    reply('+OK SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567'),
  ),
  session('10.9.8.26', 50_806, ask(`PASS ${MIDDLE}`), reply('+OK'), ask('nothing that it knows')),
  session('10.9.8.27', 50_807, reply('HTTP/1.0 400 Bad Request')),
]);

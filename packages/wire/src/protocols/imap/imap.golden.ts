// Written by hand after RFC 9051 and RFC 2971 with invented devices: logins of every kind, with literals too, a mail in a
// literal, a session that turns to TLS, greetings of several makers, a session met in its middle.
import { capture, fromClient, fromServer, type Message, tcp, write } from '../../testing/index.ts';
import { authenticate, challenge, negotiate } from '../smb/ntlmssp.golden.ts';
import { base64 } from '../smtp/base64.golden.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const ask = (line: string) => fromClient(write().text(`${line}\r\n`));
const reply = (...lines: string[]) => fromServer(write().text(`${lines.join('\r\n')}\r\n`));
const session = (server: string, clientPort: number, ...messages: Message[]) =>
  tcp({ client: '10.9.9.10', server, port: 143, clientPort }, messages);

const PASSWORDS = ['Sinterei-81', 'Walzstrasse-82', 'Schmiede-83', 'Schleiferei-84', 'Haerterei-85'] as const;
const [ATOM, QUOTED, LITERAL, PLAIN, LOGIN] = PASSWORDS;
const DIGEST = 'b913a602c7eda7a495b4e6e7334d3890';
export const secrets = [...PASSWORDS, DIGEST];

const MAIL = 'Subject: x\r\n\r\n* ID ("name" "nobody")\r\n';

export const golden = capture('IMAP of devices and servers', [
  session(
    '10.9.9.20',
    50_900,
    reply('* OK [CAPABILITY IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN] Dovecot (Ubuntu) ready.'),
    ask('a0 ID ("name" "Mailbox" "version" "4.2" "os" "Linux" "os-version" "5.15" "vendor" "nobody")'),
    reply('* ID ("name" "Dovecot" "version" "2.3.7" "os" NIL)', 'a0 OK ID completed'),
    ask(`a1 LOGIN mei ${ATOM}`),
    reply('a1 OK Logged in'),
    ask('a2 FETCH 1 BODY[]'),
    reply(`* 1 FETCH (BODY[] {${MAIL.length}}`, `${MAIL})`, 'a2 OK'),
    ask('a3 LOGOUT'),
    reply('* BYE', 'a3 OK'),
  ),
  session(
    '10.9.9.21',
    50_901,
    reply('* OK mail.plant.example Cyrus IMAP v2.3.7 server ready'),
    ask('1 CAPABILITY'),
    reply('* CAPABILITY IMAP4 LOGINDISABLED AUTH=CRAM-MD5', '1 OK'),
    ask(`2 LOGIN "plant \\"four\\"" "${QUOTED}"`),
    reply('2 NO Login failed'),
    ask('3 LOGIN {5}'),
    reply('+ go ahead'),
    ask(`panel {${LITERAL.length}}`),
    reply('+ go ahead'),
    ask(LITERAL),
    reply('3 OK'),
    ask(`4 AUTHENTICATE PLAIN ${base64(`\0alarm\0${PLAIN}`)}`),
    reply('4 OK'),
    ask('5 AUTHENTICATE LOGIN'),
    reply(`+ ${base64('User Name')}`),
    ask(base64('scanner')),
    reply(`+ ${base64('Password')}`),
    ask(base64(LOGIN)),
    reply('5 OK'),
    ask('6 AUTHENTICATE CRAM-MD5'),
    reply(`+ ${base64('<1.2@mail>')}`),
    ask(base64(`hashed ${DIGEST}`)),
    reply('6 BAD'),
    ask('7 AUTHENTICATE NTLM'),
    reply('+ '),
    ask(base64(negotiate('10.0.19041', ''))),
    reply(
      `+ ${base64(challenge({ computer: 'EXCH', domain: 'PLANT', dnsComputer: 'exch.plant.example', dnsDomain: 'plant.example' }, '6.3.9600'))}`,
    ),
    ask(base64(authenticate('scanner', 'SCAN-PC', '10.0.19041'))),
  ),
  // On another port, and then TLS.
  tcp({ client: '10.9.9.10', server: '10.9.9.22', port: 10_143, clientPort: 50_902 }, [
    reply(
      '* OK IMAP4rev1 Courier-IMAP ready. Copyright 1998-2011 Double Precision, Inc.  See COPYING for distribution information.',
    ),
    ask('s STARTTLS'),
    reply('s OK Begin TLS'),
    ...tlsUpgrade('mail.plant.example'),
  ]),
  session('10.9.9.23', 50_903, reply('* OK AXIS P1343 Network Camera 5.20.2 (2011) ready.')),
  session('10.9.9.24', 50_904, reply('* OK VMware ESXi 6.7.0 build-8169922')),
  session(
    '10.9.9.25',
    50_905,
    reply('* OK SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567'),
  ),
  session('10.9.9.26', 50_906, ask('9 NOOP'), reply('9 OK'), ask('nothing that it knows')),
  session('10.9.9.27', 50_907, reply('HTTP/1.0 400 Bad Request')),
]);

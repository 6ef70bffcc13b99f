// Written by hand after RFC 5321 and RFC 4954 with invented devices: logins of every kind, a mail in lines and one in
// pieces, a session that turns to TLS, greetings of several makers, and a login that breaks off.
import { capture, fromClient, fromServer, type Message, tcp, write } from '../../testing/index.ts';
import { authenticate, challenge, negotiate } from '../smb/ntlmssp.golden.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';
import { base64 } from './base64.golden.ts';

const ask = (line: string) => fromClient(write().text(`${line}\r\n`));
const reply = (...lines: string[]) => fromServer(write().text(`${lines.join('\r\n')}\r\n`));
const session = (server: string, clientPort: number, ...messages: Message[]) =>
  tcp({ client: '10.9.7.10', server, port: 25, clientPort }, messages);

const PASSWORDS = ['Ziegelei-61', 'Kalkofen-62', 'Tiegel-6300', 'Gussform-64', 'Schlacke-65'] as const;
const [PLAIN, LOGIN, INLINE, TOKEN, OPEN] = PASSWORDS;
const DIGEST = '9f3ad1c2b4e5f60718293a4b5c6d7e8f';
export const secrets = [...PASSWORDS, DIGEST];

export const golden = capture('SMTP of machines, printers and servers', [
  session(
    '10.9.7.20',
    50_700,
    reply('220 mail.plant.example ESMTP Postfix (Ubuntu)'),
    ask('EHLO oven-3'),
    reply('250-mail.plant.example', '250-AUTH LOGIN PLAIN CRAM-MD5', '250 8BITMIME'),
    ask(`AUTH PLAIN ${base64(`\0alarm\0${PLAIN}`)}`),
    reply('235 2.7.0 Authentication successful'),
    ask('MAIL FROM:<oven-3@plant.example>'),
    reply('250 Ok'),
    ask('RCPT TO:<shift@plant.example>'),
    reply('250 Ok'),
    ask('DATA'),
    reply('354 End data with <CR><LF>.<CR><LF>'),
    fromClient(write().text('Subject: door open\r\n\r\nEHLO is no command here\r\n.\r\n')),
    reply('250 Ok: queued'),
    ask('QUIT'),
    reply('221 Bye'),
  ),
  session(
    '10.9.7.21',
    50_701,
    reply('220 exch.plant.example Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675 ready at'),
    ask('EHLO [10.9.7.10]'),
    reply('250-exch.plant.example Hello [10.9.7.10]', '250 AUTH NTLM LOGIN'),
    ask('AUTH LOGIN'),
    reply(`334 ${base64('Username:')}`),
    ask(base64('scanner')),
    reply(`334 ${base64('Password:')}`),
    ask(base64(LOGIN)),
    reply('535 5.7.3 Authentication unsuccessful'),
    ask('AUTH NTLM'),
    reply('334 '),
    ask(base64(negotiate('10.0.19041', ''))),
    reply(
      `334 ${base64(challenge({ computer: 'EXCH', domain: 'PLANT', dnsComputer: 'exch.plant.example', dnsDomain: 'plant.example' }, '5.2.3790'))}`,
    ),
    ask(base64(authenticate('scanner', 'SCAN-PC', '10.0.19041'))),
    reply('235 ok'),
  ),
  session(
    '10.9.7.22',
    50_702,
    reply('220-welcome', '220 mail2.plant.example ESMTP Exim 4.92'),
    ask('HELO localhost'),
    reply('250 mail2.plant.example Hello'),
    ask(`AUTH LOGIN ${base64('inline')}`),
    reply(`334 ${base64('Password:')}`),
    ask(base64(INLINE)),
    reply('235 ok'),
    ask('BDAT 12 LAST'),
    fromClient(write().text('AUTH PLAIN x')),
    reply('250 ok'),
    ask('AUTH CRAM-MD5'),
    reply(`334 ${base64('<1.2@mail2>')}`),
    ask(base64(`hashed ${DIGEST}`)),
    reply('235 ok'),
    ask(`AUTH XOAUTH2 ${base64(`user=app\x01auth=Bearer ${TOKEN}\x01\x01`)}`),
    reply('235 ok'),
    ask('AUTH PLAIN'),
    reply('334 '),
    ask(base64(`\0open\0${OPEN}`)),
  ),
  // On another port, and then TLS.
  tcp({ client: '10.9.7.10', server: '10.9.7.23', port: 10_025, clientPort: 50_703 }, [
    reply('220 relay.plant.example ESMTP of line four, for authorized use only, everything is recorded'),
    ask('EHLO panel-1'),
    reply('250 STARTTLS'),
    ask('STARTTLS'),
    reply('220 Ready to start TLS'),
    ...tlsUpgrade('relay.plant.example'),
  ]),
  session('10.9.7.27', 50_707, reply('220 AXIS P1343 Network Camera 5.20.2 (2011) ready.')),
  session('10.9.7.24', 50_704, reply('220 VMware ESXi 6.7.0 build-8169922')),
  session(
    '10.9.7.25',
    50_705,
    reply('220 SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567'),
  ),
  session('10.9.7.26', 50_706, ask('GET / HTTP/1.0')),
]);

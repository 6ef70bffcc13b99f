// Written by hand after RFC 959 with invented devices: a controller whose program is fetched and replaced, an anonymous
// login, a refusal, a session that turns to TLS, greetings of several makers, and lines that are none.
import { capture, fromClient, fromServer, type Message, tcp, write } from '../../testing/index.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const ask = (line: string) => fromClient(write().latin1(`${line}\r\n`));
const reply = (...lines: string[]) => fromServer(write().text(`${lines.join('\r\n')}\r\n`));

const PASSWORD = 'Hochofen-77';
const WRONG = 'Kaltwalz-12';
const LATIN = 'Gluehofen-66';
export const secrets = [PASSWORD, WRONG, LATIN];

const greeted = (server: string, clientPort: number, ...messages: Message[]) =>
  tcp({ client: '10.9.2.10', server, port: 21, clientPort }, messages);

export const golden = capture('FTP to controllers, printers and servers', [
  greeted(
    '10.9.2.20',
    50_300,
    reply('220 VxWorks (VxWorks5.4.2) FTP server ready'),
    ask('USER fdt'),
    reply('331 Password required'),
    ask(`PASS ${PASSWORD}`),
    reply('230 User logged in'),
    ask('SYST'),
    reply('215 VxWorks'),
    ask('FEAT'),
    reply('211-Extensions supported:', ' SIZE', ' MDTM', '211 End'),
    ask('PASV'),
    reply('227 Entering Passive Mode (10,9,2,20,4,1)'),
    ask('RETR /flash/main.xef'),
    reply('150 Opening BINARY mode data connection'),
    reply('226 Transfer complete'),
    ask('STOR /flash/main.xef'),
    reply('150 Opening BINARY mode data connection', '226 Transfer complete'),
    ask('DELE /flash/old.xef'),
    reply('550 No such file'),
    ask('RNFR a.bin'),
    reply('350 Ready'),
    ask('RNTO b.bin'),
    reply('250 Renamed'),
    ask('MKD /flash/\xfcben'),
    reply('257 Created'),
    ask('APPE log.txt'),
  ),
  greeted(
    '10.9.2.21',
    50_301,
    reply('220-Authorized use only', '220 ProFTPD 1.3.5e Server (Line 4) [10.9.2.21]'),
    ask('USER anonymous'),
    reply('331 Anonymous login ok'),
    ask('PASS guest@plant.example'),
    reply('230 Welcome'),
  ),
  greeted(
    '10.9.2.22',
    50_302,
    reply('220 Microsoft FTP Service'),
    ask('USER eng'),
    reply('331 Password required'),
    ask(`pass ${WRONG}`),
    reply('530 Login incorrect'),
    ask('SYST'),
    reply('215 Windows_NT'),
  ),
  // On another port, and then TLS.
  tcp({ client: '10.9.2.10', server: '10.9.2.23', port: 990 + 9000, clientPort: 50_303 }, [
    reply('220 files.plant.example FTP server (SunOS 5.8) ready.'),
    ask('AUTH TLS'),
    reply('234 Proceed with negotiation.'),
    ...tlsUpgrade('files.plant.example'),
  ]),
  greeted(
    '10.9.2.24',
    50_304,
    reply('220 AXIS P1343 Network Camera 5.20.2 (2011) ready.'),
    ask('ACCT'),
    reply('530 No'),
  ),
  greeted(
    '10.9.2.25',
    50_305,
    reply('220 SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567'),
    ask('QUIT'),
    reply('221 Bye'),
  ),
  greeted('10.9.2.26', 50_306, reply('220 VMware ESXi 6.7.0 build-8169922'), ask('QUIT')),
  greeted('10.9.2.27', 50_307, ask(`PASS ${LATIN}`), ask('this is no command'), reply('no reply either')),
]);

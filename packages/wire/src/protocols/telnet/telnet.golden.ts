// Written by hand after RFC 854 with invented devices: a login line by line, one sign by sign with echo, a switch that asks
// for a password alone, a server on another port, and what is no Telnet at all.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (content: string) => write().latin1(content);
const [WILL, DO] = [251, 253];
const negotiate = (...pairs: [number, number][]) => {
  const out = write();
  for (const [verb, option] of pairs) out.u8(255, verb, option);
  return out;
};

const PASSWORDS = ['Walzwerk-31', 'Giesserei-8', 'Stellwerk-5', 'Umgebung-77'] as const;
export const secrets = PASSWORDS;
const [LINE, SIGNS, SWITCH, ENVIRONMENT] = PASSWORDS;

export const golden = capture('Telnet logins at a gateway, a computer and a switch', [
  tcp({ client: '10.9.1.10', server: '10.9.1.20', port: 23 }, [
    fromServer(negotiate([DO, 24], [DO, 32], [WILL, 1], [WILL, 3])),
    fromClient(negotiate([WILL, 24], [DO, 1], [DO, 3])),
    fromClient(write().u8(255, 250, 39, 0, 0).text('PASSWORD').u8(1).text(ENVIRONMENT).u8(255, 240)),
    fromServer(text('Ubuntu 20.04.3 LTS\r\nPress line 4\r\n\r\npress-4 login: ')),
    fromClient(text('operator\r\n')),
    fromServer(text('\r\nPassword: ')),
    fromClient(text(`${LINE}\r\n`)),
    fromServer(text('\r\nLast login: Thu Jan  1 00:00:00 2026\r\noperator@press-4:~$ ')),
    fromClient(text('uptime\r\n')),
    fromServer(text('uptime\r\n 00:00:07 up 2 days\r\noperator@press-4:~$ ')),
  ]),
  // Sign by sign with echo, one of them taken back; the password is not shown.
  tcp({ client: '10.9.1.10', server: '10.9.1.21', port: 2323, clientPort: 50_201 }, [
    fromServer(text('\x1b[2J\x1b[HExtron Electronics\r\nUsername: ')),
    ...Array.from('nx\x7fat', (sign) => [
      fromClient(text(sign)),
      fromServer(text(sign === '\x7f' ? '\b \b' : sign)),
    ]).flat(),
    fromClient(text('\r\0')),
    fromServer(text('\r\nPasswort: ')),
    fromClient(text(SIGNS)),
    fromClient(text('\r\0')),
    fromServer(text('\r\n> ')),
  ]),
  // Asks for a password alone; its maker is known by the first line.
  tcp({ client: '10.9.1.10', server: '10.9.1.22', port: 23, clientPort: 50_202 }, [
    fromServer(text('\r\n\r\nUser Access Verification\r\n\r\nPassword: ')),
    fromClient(text(`${SWITCH}\r\n`)),
    fromServer(text('\r\nsw-hall>')),
  ]),
  // Another port; nobody logs in.
  tcp({ client: '10.9.1.10', server: '10.9.1.23', port: 4001, clientPort: 50_203 }, [
    fromServer(negotiate([WILL, 1], [WILL, 3], [DO, 24], [DO, 31])),
    fromServer(text('Extron\r\n(c) Copyright 2007, Extron Electronics\r\n')),
    fromClient(text('\r\n')),
  ]),
  ...[
    '(c) Copyright 2016, Extron Electronics, IPL 250, V2.03, 60-544-06\r\nPassword: ',
    'Rittal CMC III PU SN 40012345 HW V3.00 - SW V3.11.00\r\nlogin: ',
    'BusyBox v1.20.2 built-in shell\r\nlogin: ',
    'MOXA EDS-408A, V3.8 build 19121715\r\nlogin: ',
    'VMware ESXi 6.7.0 build-8169922\r\nlogin: ',
  ].map((banner, i) =>
    tcp({ client: '10.9.1.11', server: `10.9.1.${30 + i}`, port: 23, clientPort: 50_210 + i }, [
      fromServer(text(banner)),
      fromClient(text('\r\n')),
    ]),
  ),
  // An order number, a type and a hardware version as printers of addresses write them.
  tcp({ client: '10.9.1.11', server: '10.9.1.40', port: 23, clientPort: 50_220 }, [
    fromServer(
      text(
        'Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567\r\nlogin: ',
      ),
    ),
    fromClient(text('\r\n')),
  ]),
  tcp({ client: '10.9.1.11', server: '10.9.1.41', port: 23, clientPort: 50_221 }, [
    fromServer(text('KYOCERA Print I/F\r\nlogin: ')),
    fromClient(text('\r\n')),
  ]),
  // Binary on the port.
  tcp({ client: '10.9.1.12', server: '10.9.1.50', port: 23, clientPort: 50_222 }, [
    fromClient(write().hex('0001020304050607')),
    fromServer(write().hex('0102')),
  ]),
]);

// Written by hand after RFC 1282 with invented devices: logins with a password at computers that name themselves, one
// without, and an opening that is none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (content: string) => write().latin1(content);
const opening = (local: string, remote: string) => write().u8(0).textz(local).textz(remote).textz('vt220/38400');

const PASSWORD = 'Schmelz-44';
export const secrets = [PASSWORD];

export const golden = capture('rlogin to computers of a line', [
  tcp({ client: '10.9.4.10', server: '10.9.4.20', port: 513, clientPort: 1022 }, [
    fromClient(opening('mei', 'root')),
    fromServer(write().u8(0)),
    fromServer(text('Password: ')),
    fromClient(text(PASSWORD)),
    fromClient(text('\r')),
    fromServer(text('\r\nSunOS 5.8\r\nroot@mixer-2:/# ')),
  ]),
  tcp({ client: '10.9.4.10', server: '10.9.4.21', port: 513, clientPort: 1021 }, [
    fromClient(opening('mei', 'mei')),
    fromServer(text('\0$ ')),
  ]),
  ...[
    'Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 4, FW: Version V4.05, VPD1234567',
    'VMware ESXi 6.7.0 build-8169922',
    'KYOCERA Print I/F',
    'BusyBox v1.20.2 built-in shell',
  ].map((banner, i) =>
    tcp({ client: '10.9.4.11', server: `10.9.4.${30 + i}`, port: 513, clientPort: 1000 + i }, [
      fromClient(opening('a', 'b')),
      fromServer(text(`${banner}\r\nlogin: `)),
    ]),
  ),
  tcp({ client: '10.9.4.12', server: '10.9.4.40', port: 513, clientPort: 1010 }, [
    fromClient(write().hex('0001020300')),
  ]),
]);

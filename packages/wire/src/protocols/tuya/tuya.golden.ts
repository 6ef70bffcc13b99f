// Tuya devices: announcements in plain and encrypted form, a session with a command, and what is broken.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, udp, write } from '../../testing/index.ts';

/** Numbers, data, a checksum that is not checked, the end word. */
const old = (command: number, data: Bytes) =>
  write().u32(0x55aa, 7, command).lengthPrefixed32(write().bytes(data).u32(0, 0xaa55));
const recent = (command: number, data: Bytes) =>
  write().u32(0x6699).u16(0).u32(7, command).lengthPrefixed32(data).u32(0x9966);
const announced =
  '{"ip":"10.9.3.10","gwId":"0120015260091453a970","active":2,"ability":0,"mode":0,"encrypt":true,"productKey":"keyjup78v54myhan","version":"3.1"}';

const everybody = (from: string, port: number, data: Bytes) =>
  udp({ from, fromPort: 49_154, to: '255.255.255.255', toPort: port }, data);

export const golden = capture('Tuya announcements and commands', [
  everybody('10.9.3.10', 6666, old(0x13, write().u32(0).text(announced))),
  everybody('10.9.3.11', 6667, old(0x13, write().u32(0).zeros(64))),
  everybody('10.9.3.12', 6667, recent(0x13, write().zeros(80))),
  tcp({ client: '10.9.3.5', server: '10.9.3.10', port: 6668 }, [
    fromClient(old(10, write().zeros(48))),
    fromServer(old(10, write().u32(0).zeros(48))),
    fromClient(old(7, write().zeros(48))),
    fromClient(old(9, write().zeros(16))),
  ]),
  tcp({ client: '10.9.3.5', server: '10.9.3.12', port: 6668 }, [fromClient(recent(3, write().zeros(44)))]),
  // JSON that is cut off, and an end that is none.
  everybody('10.9.3.13', 6666, old(0x13, write().text(announced.slice(0, 50)))),
  everybody('10.9.3.14', 6666, bytesOf(old(0x13, write().text(announced))).with(3, 0)),
]);

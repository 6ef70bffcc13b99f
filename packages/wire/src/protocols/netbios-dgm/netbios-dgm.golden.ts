// NetBIOS datagrams with what Windows and Samba hosts announce to their workgroup and ask their domain's controllers.
import { type Bytes, bytesOf, capture, type Frame, udp, write } from '../../testing/index.ts';

const BROADCAST = '192.168.20.255';

function encoded(name: string, suffix: number) {
  const codes = [...Array.from(name.padEnd(15), (character) => character.charCodeAt(0)), suffix];
  const letters = codes.map((code) => String.fromCharCode(0x41 + (code >> 4), 0x41 + (code & 15))).join('');
  return write().lengthPrefixed8(write().text(letters)).u8(0);
}

interface Datagram {
  readonly from: string;
  readonly name: string;
  readonly suffix?: number;
  readonly to?: string;
  readonly toName?: readonly [string, number];
  /** Address in the header, where it is not the sender's. */
  readonly source?: string;
  readonly type?: number;
  readonly offset?: number;
}

/** RFC 1002 section 4.4.1, around `content`. */
function datagram(of: Datagram, content: Bytes): Frame {
  const { from, to = BROADCAST, source = from, suffix = 0x00, type = 0x11, offset = 0 } = of;
  const [toName, toSuffix] = of.toName ?? ['PLANT', 0x1d];
  const data = write().bytes(encoded(of.name, suffix), encoded(toName, toSuffix), content).build();
  const header = write().u8(type, 0x1a).u16(1).ipv4(source).u16(138, data.length, offset);
  return udp({ from, fromPort: 138, to, toPort: 138 }, header.bytes(data));
}

/** SMB_COM_TRANSACTION that writes to a mailslot (MS-MAIL section 2.2.1): three setup words behind the fourteen. */
function mailslot(name: string, content: Bytes): Bytes {
  const message = bytesOf(content);
  const path = write().textz(`\\MAILSLOT\\${name}`).build();
  const dataOffset = 32 + 1 + 34 + 2 + path.length;
  return write()
    .u8(0xff)
    .text('SMB')
    .u8(0x25)
    .zeros(27)
    .u8(17)
    .u16le(0, message.length, 0, 0)
    .u8(0, 0)
    .u16le(2)
    .u32le(1000)
    .u16le(0, 0, 0, message.length, dataOffset)
    .u8(3, 0)
    .u16le(1, 1, 2)
    .u16le(path.length + message.length)
    .bytes(path, message);
}
const browse = (content: Bytes) => mailslot('BROWSE', content);

/** MS-BRWS section 2.2.1. */
const hostAnnouncement = (
  command: number,
  name: string,
  version: readonly [number, number],
  types: number,
  comment: string,
) =>
  write()
    .u8(command, 0)
    .u32le(720_000)
    .text(name, 16)
    .u8(...version)
    .u32le(types)
    .u8(15, 1)
    .u16le(0xaa55)
    .textz(comment);

const WORKSTATION_AND_SERVER = 0x03;
const WINDOWS_NT = 0x1000;

export const golden = capture('NetBIOS datagrams: browser announcements and NETLOGON mailslots', [
  // A Windows host with a database and a comment; another one that keeps the list of its workgroup.
  datagram(
    { from: '192.168.20.50', name: 'LINE-PC7', suffix: 0x20 },
    browse(hostAnnouncement(1, 'LINE-PC7', [6, 1], WORKSTATION_AND_SERVER | WINDOWS_NT | 0x04, 'Line 7, recipes')),
  ),
  datagram(
    { from: '192.168.20.51', name: 'OFFICE1' },
    browse(hostAnnouncement(15, 'OFFICE1', [10, 0], WORKSTATION_AND_SERVER | WINDOWS_NT | 0x40000, '')),
  ),
  datagram(
    { from: '192.168.20.51', name: 'OFFICE1', toName: ['\u0001\u0002__MSBROWSE__\u0002', 0x01] },
    browse(
      write()
        .u8(12, 0)
        .u32le(720_000)
        .text('PLANT', 16)
        .u8(6, 1)
        .u32le(0x80001000)
        .u16le(0x0f01, 0xaa55)
        .textz('OFFICE1'),
    ),
  ),
  // Samba on a recorder says the version of a Windows that it is not.
  datagram(
    { from: '192.168.20.9', name: 'NVR9', suffix: 0x20 },
    browse(hostAnnouncement(1, 'NVR9', [4, 9], WORKSTATION_AND_SERVER | WINDOWS_NT | 0x0800 | 0x0200, 'Samba 3.0.24')),
  ),
  // Names alone: a request for announcements, an election, a local master that reports to its domain's.
  datagram({ from: '192.168.20.52', name: 'PANEL5' }, browse(write().u8(2, 0).textz('PANEL5'))),
  datagram(
    { from: '192.168.20.53', name: 'CELL3' },
    browse(write().u8(8, 1).u32le(0x1e010f00).u32le(60_000).u32le(0).textz('CELL3')),
  ),
  datagram({ from: '192.168.20.51', name: 'OFFICE1' }, browse(write().u8(13).textz('OFFICE1'))),
  // A member looks for its domain's controller, which answers to it alone.
  datagram(
    { from: '192.168.20.54', name: 'MES4', toName: ['OFFICE', 0x1c] },
    mailslot(
      'NET\\NTLOGON',
      write().u16le(18, 0).utf16le('MES4\0').utf16le('clerk\0').textz('\\MAILSLOT\\NET\\GETDC123').u32le(0, 0, 1),
    ),
  ),
  datagram(
    { from: '192.168.20.55', name: 'OLDPC', toName: ['OFFICE', 0x1b] },
    mailslot('NET\\NETLOGON', write().u16le(7).textz('OLDPC').textz('\\MAILSLOT\\NET\\GETDC1')),
  ),
  datagram(
    { from: '192.168.20.55', name: 'OLDPC', toName: ['OFFICE', 0x00] },
    mailslot('NET\\NETLOGON', write().u16le(0).textz('OLDPC').textz('clerk').textz('\\MAILSLOT\\TEMP\\NETLOGON')),
  ),
  datagram(
    { from: '192.168.20.3', name: 'DC1', to: '192.168.20.54', type: 0x10, toName: ['MES4', 0x00] },
    mailslot('NET\\GETDC123', write().u16le(19).utf16le('\\\\DC1\0').utf16le('clerk\0').utf16le('OFFICE\0')),
  ),
  datagram(
    { from: '192.168.20.3', name: 'DC1', to: '192.168.20.55', type: 0x10, toName: ['OLDPC', 0x00] },
    mailslot('NET\\GETDC1', write().u16le(12).textz('DC1').utf16le('DC1\0').utf16le('OFFICE\0')),
  ),
  datagram(
    { from: '192.168.20.4', name: 'DC2', to: '192.168.20.54', type: 0x10, toName: ['MES4', 0x00] },
    mailslot('NET\\GETDC124', write().u16le(23, 0).u32le(0x13fd)),
  ),
  // A host with two cards writes the address of the other one; a relay passes a datagram on to one host.
  datagram({ from: '192.168.20.7', source: '10.0.0.7', name: 'SCADA1' }, browse(write().u8(2, 0).textz('SCADA1'))),
  datagram(
    { from: '192.168.20.1', source: '192.168.30.9', to: '192.168.20.51', name: 'REMOTE9' },
    browse(hostAnnouncement(1, 'REMOTE9', [5, 1], WORKSTATION_AND_SERVER | WINDOWS_NT, '')),
  ),
  // The second part of a divided datagram, one that is cut off, a mailslot of another kind, and an error message.
  datagram({ from: '192.168.20.50', name: 'LINE-PC7', offset: 576 }, write().zeros(40)),
  datagram(
    { from: '192.168.20.50', name: 'LINE-PC7' },
    write().u8(0xff).text('SMB').u8(0x25).zeros(27).u8(17).zeros(10),
  ),
  datagram({ from: '192.168.20.50', name: 'LINE-PC7' }, mailslot('MESSNGR', write().textz('hello'))),
  udp(
    { from: '192.168.20.50', fromPort: 138, to: BROADCAST, toPort: 138 },
    write().u8(0x13, 0).u16(1).ipv4('192.168.20.50').u16(138).u8(0x82),
  ),
]);

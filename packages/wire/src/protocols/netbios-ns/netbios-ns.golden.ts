// NetBIOS names of a workgroup and a domain: registrations, answers, node status, a name server, and names that are
// only asked for.
import { type Bytes, capture, type Frame, hex, udp, write } from '../../testing/index.ts';
import { pointer } from '../dns/messages.golden.ts';

/** First-level encoding (RFC 1001 section 14.1): sixteen characters, the last one the suffix, each as two letters. */
function encoded(name: string, suffix: number, fill = ' ') {
  const codes = [...Array.from(name.padEnd(15, fill), (character) => character.charCodeAt(0)), suffix];
  const letters = codes.map((code) => String.fromCharCode(0x41 + (code >> 4), 0x41 + (code & 15))).join('');
  return write().lengthPrefixed8(write().text(letters)).u8(0);
}

const BROADCAST = '192.168.20.255';
const send = (from: string, content: Bytes, to = BROADCAST): Frame =>
  udp({ from, fromPort: 137, to, toPort: 137 }, content);

const GROUP = 0x8000;
const question = (name: Bytes, type: number) => write().bytes(name).u16(type, 1);
const nb = (name: Bytes, ...entries: readonly (readonly [flags: number, address: string])[]) => {
  const data = write();
  for (const [flags, address] of entries) data.u16(flags).ipv4(address);
  return write().bytes(name).u16(0x20, 1).u32(300).lengthPrefixed16(data);
};
/** RFC 1002 section 4.2.2: the name in question, and its record as an additional one that points to it. */
const registration = (flags: number, name: Bytes, group: number, address: string) =>
  write()
    .u16(7, flags, 1, 0, 0, 1)
    .bytes(question(name, 0x20), nb(pointer(12), [group, address]));

const REGISTER = 0x2910;
const REFRESH = 0x4910;
const MULTIHOMED = 0x7910;
const QUERY = 0x0110;
const ANSWER = 0x8500;

/** Sixteen characters as they stand in a node status (RFC 1002 section 4.2.18), with flags. */
const listed = (name: string, suffix: number, flags: number) => write().text(name, 15, 0x20).u8(suffix).u16(flags);

const status = (names: readonly Bytes[], mac: string) =>
  write()
    .u16(9, ANSWER, 0, 1, 0, 0)
    .bytes(encoded('*', 0, '\0'))
    .u16(0x21, 1)
    .u32(0)
    .lengthPrefixed16(
      write()
        .u8(names.length)
        .bytes(...names)
        .mac(mac)
        .zeros(40),
    );

export const golden = capture('NetBIOS name registrations, answers, node status, a name server', [
  // A host registers its names by broadcast: as workstation, in its workgroup, as server, and as the one logged in.
  send('192.168.20.50', registration(REGISTER, encoded('LINE-PC7', 0x00), 0, '192.168.20.50')),
  send('192.168.20.50', registration(REGISTER, encoded('PLANT', 0x00), GROUP, '192.168.20.50')),
  send('192.168.20.50', registration(REFRESH, encoded('LINE-PC7', 0x20), 0, '192.168.20.50')),
  send('192.168.20.50', registration(REGISTER, encoded('OPERATOR', 0x03), 0, '192.168.20.50')),
  // It is elected to keep the list of the workgroup.
  send('192.168.20.50', registration(REGISTER, encoded('PLANT', 0x1d), 0, '192.168.20.50')),
  send(
    '192.168.20.50',
    registration(REGISTER, encoded('\u0001\u0002__MSBROWSE__\u0002', 0x01), GROUP, '192.168.20.50'),
  ),
  // A host with two network cards registers both addresses; a controller registers its domain.
  send('192.168.20.7', registration(MULTIHOMED, encoded('SCADA1', 0x20), 0, '10.0.0.7')),
  send('192.168.20.3', registration(REGISTER, encoded('OFFICE', 0x1c), GROUP, '192.168.20.3')),
  // A web server of the nineties registers names of its own, which make no controller of it.
  send('192.168.20.8', registration(REGISTER, encoded('INet~Services', 0x1c), GROUP, '192.168.20.8')),
  send('192.168.20.8', registration(REGISTER, encoded('IS~WEB8', 0x00), 0, '192.168.20.8')),
  // Asking tells nothing; the answer of the host does.
  send(
    '192.168.20.50',
    write()
      .u16(8, QUERY, 1, 0, 0, 0)
      .bytes(question(encoded('PANEL5', 0x20), 0x20)),
  ),
  send(
    '192.168.20.5',
    write()
      .u16(8, ANSWER, 0, 1, 0, 0)
      .bytes(nb(encoded('PANEL5', 0x20), [0, '192.168.20.5'])),
    '192.168.20.50',
  ),
  // A name server answers for another host, and grants a registration; for groups it gives the broadcast address.
  send(
    '192.168.20.2',
    write()
      .u16(8, 0x8580, 0, 1, 0, 0)
      .bytes(nb(encoded('CUTTER6', 0x20), [0x2000, '192.168.20.6'])),
    '192.168.20.50',
  ),
  send(
    '192.168.20.2',
    write()
      .u16(7, 0xad80, 0, 1, 0, 0)
      .bytes(nb(encoded('LINE-PC7', 0x00), [0, '192.168.20.50'])),
    '192.168.20.50',
  ),
  send(
    '192.168.20.2',
    write()
      .u16(8, 0x8580, 0, 1, 0, 0)
      .bytes(nb(encoded('PLANT', 0x00), [GROUP, '255.255.255.255'])),
    '192.168.20.50',
  ),
  // All names of a host on request, with its hardware address; Samba gives none.
  send(
    '192.168.20.5',
    status([listed('PANEL5', 0x00, 0x0400), listed('PLANT', 0x00, 0x8400)], '02:00:5e:10:00:05'),
    '192.168.20.50',
  ),
  send('192.168.20.9', status([listed('NAS9', 0x20, 0x0400)], '00:00:00:00:00:00'), '192.168.20.50'),
  // Negative answer, and a status that ends within its list.
  send(
    '192.168.20.2',
    write()
      .u16(8, 0x8583, 0, 1, 0, 0)
      .bytes(nb(encoded('NOBODY', 0x20))),
    '192.168.20.50',
  ),
  send(
    '192.168.20.9',
    write()
      .u16(9, ANSWER, 0, 1, 0, 0)
      .bytes(encoded('*', 0, '\0'))
      .u16(0x21, 1)
      .u32(0)
      .u16(200)
      .u8(3)
      .bytes(listed('NAS9', 0x00, 0x0400)),
    '192.168.20.50',
  ),
  // No first-level encoding: not this protocol.
  send('192.168.20.66', hex('00 01 01 10 00 01 00 00 00 00 00 00 03 61 62 63 00 00 20 00 01')),
]);

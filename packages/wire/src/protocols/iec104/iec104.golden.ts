// Written by hand after IEC 60870-5-104 and -101. A substation that is interrogated, operated and reset, a concentrator on
// another port with several stations behind it, and messages that end too early.
import { type Bytes, bytesOf, capture, fromClient, fromServer, hex, tcp, write } from '../../testing/index.ts';

const apdu = (control: Bytes, asdu: Bytes = write()) => {
  const body = bytesOf(asdu);
  return write()
    .u8(0x68, 4 + body.length)
    .bytes(control, body)
    .build();
};
const START_ACT = apdu(hex('07000000'));
const START_CON = apdu(hex('0b000000'));
/** A message with its numbers of sent and received ones; one object unless `qualifier` says otherwise. */
const message = (type: number, cause: number, station: number, object: number, content: string, qualifier = 1) =>
  apdu(
    hex('02000600'),
    write()
      .u8(type, qualifier, cause, 0)
      .u16le(station, object & 0xffff)
      .u8(object >> 16)
      .hex(content),
  );
const NEGATIVE = 0x40;
const TIME = '10270e1207030a';

const command = (type: number, object: number, content: string, cause = 6, station = 7) =>
  message(type, cause, station, object, content);

const substation = tcp({ client: '10.8.0.2', server: '10.8.0.10', port: 2404, clientPort: 52_000 }, [
  fromClient(START_ACT),
  fromServer(START_CON),
  fromServer(message(70, 4, 7, 0, '00')),
  fromClient(command(100, 0, '14')),
  fromServer(command(100, 0, '14', 7)),
  fromServer(message(1, 20, 7, 1000, '0100', 0x82)), // two states in a row
  fromServer(message(36, 3, 7, 70_000, `0000484200${TIME}`)),
  fromServer(command(100, 0, '14', 10)),
  fromClient(apdu(hex('01000a00'))),
  fromClient(apdu(hex('43000000'))),
  fromServer(apdu(hex('83000000'))),
  fromClient(command(103, 0, TIME)),
  fromServer(command(103, 0, TIME, 7)),
  fromClient(command(45, 5000, '81')),
  fromServer(command(45, 5000, '81', 7)),
  fromClient(command(45, 5000, '01')),
  fromServer(command(45, 5000, '01', 7)),
  fromServer(command(45, 5000, '01', 10)),
  fromClient(command(59, 5001, `02${TIME}`)),
  fromServer(command(59, 5001, `02${TIME}`, 7 | NEGATIVE)),
  fromClient(command(47, 5002, '01')),
  fromServer(command(47, 5002, '01', 47)), // unknown object
  fromClient(command(48, 5003, '004000')),
  fromServer(command(48, 5003, '004000', 7)),
  fromClient(command(62, 5004, `feff80${TIME}`)),
  fromServer(command(62, 5004, `feff80${TIME}`, 7)),
  fromClient(command(50, 5005, '0000c84200', 8)), // deactivation
  fromServer(command(50, 5005, '0000c84200', 9)),
  fromClient(command(51, 5006, '78563412')),
  fromServer(command(51, 5006, '78563412', 7)),
  fromClient(command(101, 0, '45')),
  fromServer(command(101, 0, '45', 7)),
  fromClient(command(102, 1000, '', 5)),
  fromServer(message(1, 5, 7, 1000, '01')),
  fromClient(command(112, 5010, '0000803f01')),
  fromServer(command(112, 5010, '0000803f01', 7)),
  fromClient(command(110, 5011, 'ff7f01')),
  fromClient(command(111, 5012, '640001')),
  fromClient(command(122, 6000, '01000001', 13)),
  fromServer(command(120, 6000, '010000200000', 13)),
  fromServer(command(125, 6000, '010001 03 aabbcc', 13)),
  fromClient(command(105, 0, '01')),
  fromServer(command(105, 0, '01', 7)),
  fromServer(message(70, 4, 7, 0, '02')),
  fromClient(command(200, 1, '00')),
  fromServer(command(200, 1, '00', 44)), // unknown type
  fromClient(command(105, 0, '02')), // and nobody confirms it any more
  fromClient(apdu(hex('02000600'), hex('2d01'))), // ends within its head
  fromClient(apdu(hex('02000600'), hex('3201 0600 0700 881300 0000'))), // ends within its value
  fromClient(apdu(hex('13000000'))),
  fromServer(apdu(hex('23000000'))),
]);

// On a port that nobody claims the first segment has to hold a whole message, so it is not laid into others.
const concentrator = tcp({ client: '10.8.0.3', server: '10.8.0.20', port: 19_998, clientPort: 52_001 }, [
  fromClient(START_ACT),
  fromServer(START_CON),
  fromClient(command(100, 0, '15', 6, 0xffff)), // to all stations, group 1
  fromServer(command(100, 0, '15', 7, 11)),
  fromServer(message(13, 21, 11, 20, '0000c84200')),
  fromServer(message(13, 21, 12, 20, '0000c84200')),
]);

export const golden = capture('IEC 60870-5-104: a substation, a concentrator', [substation, concentrator.frames]);

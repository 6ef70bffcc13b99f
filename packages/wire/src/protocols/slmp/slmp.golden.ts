// Written by hand after the SLMP reference manual SH-080956 (frames in section 5, commands in 6) and, for the search of
// nodes, after the SLMP specification BAP-C2006. Binary over TCP, digits over TCP, datagrams with serial numbers.
import { bytesOf, capture, fromClient, fromServer, tcp, udp, udpExchange, write } from '../../testing/index.ts';

const OWN = '00 ff ff03 00';
/** Network 1, station 2, the CPU there. */
const REMOTE = '01 02 ff03 00';
const body = (...numbers: readonly number[]) => write().u16le(...numbers);
const request = (content: ReturnType<typeof write>, to = OWN) =>
  write().hex('5000').hex(to).lengthPrefixed16le(write().u16le(0x0010).bytes(content));
const answer = (content: ReturnType<typeof write>, from = OWN, endCode = 0) =>
  write().hex('d000').hex(from).lengthPrefixed16le(write().u16le(endCode).bytes(content));
const typeName = (name: string, code: number) => write().text(name, 16, 0x20).u16le(code);

const controller = tcp({ client: '10.4.0.5', server: '10.4.0.20', port: 5007 }, [
  fromClient(request(body(0x0101, 0))),
  fromServer(answer(typeName('Q03UDVCPU', 0x0366))),
  fromClient(request(body(0x0401, 0).hex('640000 a8 0200'))),
  fromServer(answer(write().u16le(7, 9))),
  fromClient(request(body(0x1401, 0).hex('640000 a8 0100 0700'))),
  fromServer(answer(write())),
  fromClient(request(body(0x1401, 1).hex('1f0000 9d 0100 10'))),
  // Refused while the controller runs: the error names station and command again.
  fromServer(answer(write().hex(OWN).u16le(0x1401, 1), OWN, 0xc055)),
  fromClient(request(body(0x1401, 2).hex('2c010000 a800 0200 0100 0200'))),
  fromServer(answer(write())),
  fromClient(request(body(0x1630, 0).u16le(6).text('Tz9-kL'))),
  fromServer(answer(write())),
  fromClient(request(body(0x1002, 0, 1))),
  fromServer(answer(write())),
  fromClient(request(body(0x4444, 0))),
  fromServer(answer(write().hex(OWN).u16le(0x4444, 0), OWN, 0xc059)),
  // A station behind it.
  fromClient(request(body(0x0101, 0), REMOTE)),
  fromServer(answer(typeName('R04ENCPU', 0x4806), REMOTE)),
  // Nobody answers a reset.
  fromClient(request(body(0x1006, 0, 1))),
]);

const digits = (value: number, size: number) => value.toString(16).toUpperCase().padStart(size, '0');
const textFrame = (head: string, content: string) =>
  bytesOf(write().text(`${head}00FF03FF00${digits(content.length, 4)}${content}`));
const inDigits = tcp({ client: '10.4.0.6', server: '10.4.0.21', port: 5000 }, [
  fromClient(textFrame('5000', '001001010000')),
  fromServer(textFrame('D000', '0000FX5U-32MT/ES    4A29')),
  fromClient(textFrame('5000', '001014010000D*00010000020001000A')),
  fromServer(textFrame('D000', '0000')),
  fromClient(textFrame('540000070000', '001010010000000100')),
  fromServer(textFrame('D40000070000', '0000')),
]);

/** A search for nodes of CC-Link IE Field Basic: addresses with their last byte first. */
const search = write()
  .hex('5400 0100 0000')
  .hex(OWN)
  .lengthPrefixed16le(body(0, 0x0e30, 0).hex('010004000002 04 0500040a'));
const node = write()
  .hex('d400 0100 0000')
  .hex(OWN)
  .lengthPrefixed16le(
    body(0)
      .hex('010004000002 04 0500040a')
      .hex('1e0004000002 04 1e00040a 00ffffff ffffffff')
      .lengthPrefixed8(write().text('valve-block-7'))
      .u16le(0x1234)
      .u32le(0x00000101)
      .u16le(1)
      .hex('04 ffffffff ffff 0000 0bf0 01'),
  );
const searching = [
  udp({ from: '10.4.0.5', fromPort: 61451, to: '255.255.255.255', toPort: 61451 }, search),
  udp({ from: '10.4.0.30', fromPort: 61451, to: '10.4.0.5', toPort: 61451 }, node),
];

/** On a port of somebody's choice: recognised by a whole frame with a known command. The last one ends too early. */
const elsewhere = udpExchange({ client: '10.4.0.5', server: '10.4.0.22', port: 12_289 }, [
  fromClient(
    write()
      .hex('5400 0900 0000')
      .hex(OWN)
      .lengthPrefixed16le(body(16, 0x0101, 0)),
  ),
  fromServer(
    write()
      .hex('d400 0900 0000')
      .hex(OWN)
      .lengthPrefixed16le(body(0).bytes(typeName('L26CPU-BT', 0x0545))),
  ),
  fromClient(write().hex('5400 0a00 0000').hex(OWN).lengthPrefixed16le(body(16))),
]);

export const golden = capture('SLMP in binary and in digits, a station behind another, a search for nodes', [
  controller,
  inDigits,
  ...searching,
  elsewhere,
]);
export const secrets = ['Tz9-kL'];

// Written by hand: TPKT and COTP after RFC 1006 and RFC 905, S7 PDUs after the published analyses, the system status lists
// after Siemens' "System Software for S7-300/400, System and Standard Functions". No byte comes from a capture.
import { type ByteWriter, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const tpkt = (cotp: ByteWriter) =>
  write()
    .u8(3, 0)
    .u16(4 + cotp.length)
    .bytes(cotp)
    .build();
/** Connect request (0xe0) or confirm (0xd0) with calling and called TSAP. */
const connect = (type: number, called: string) =>
  tpkt(write().u8(17, type).hex('0000 0007 00').hex('c0 01 0a').hex('c1 02 0100').hex(`c2 02 ${called}`));
const data = (pdu: ByteWriter, isLast = true) =>
  tpkt(
    write()
      .u8(2, 0xf0, isLast ? 0x80 : 0)
      .bytes(pdu),
  );

/** Job (1), acknowledgement (2), answer (3) or userdata (7). */
const pdu = (type: number, reference: number, parameter: ByteWriter, content = write(), error?: number) => {
  const out = write().u8(0x32, type).u16(0, reference, parameter.length, content.length);
  if (error !== undefined) out.u16(error);
  return out.bytes(parameter, content);
};
const job = (reference: number, parameter: string, content = '') =>
  data(pdu(1, reference, write().hex(parameter), write().hex(content)));
const answer = (reference: number, parameter: string, content = '', error = 0) =>
  data(pdu(3, reference, write().hex(parameter), write().hex(content), error));

/** Userdata: request of a function in a group. */
const request = (reference: number, group: number, code: number, content: ByteWriter) =>
  data(
    pdu(
      7,
      reference,
      write()
        .hex('000112 04 11')
        .u8(0x40 | group, code, 0),
      content,
    ),
  );
/** Answer, of which `unit` identifies the parts and `more` says whether another follows. */
const reply = (reference: number, group: number, code: number, content: ByteWriter, unit = 0, more = 0, error = 0) =>
  data(
    pdu(
      7,
      reference,
      write()
        .hex('000112 08 12')
        .u8(0x80 | group, code, 1, unit, more)
        .u16(error),
      content,
    ),
  );
/** Return code "done", octets, length. */
const octets = (content: ByteWriter) => write().u8(0xff, 9).u16(content.length).bytes(content);
const readSzl = (reference: number, id: number, index: number) =>
  request(reference, 4, 1, octets(write().u16(id, index)));
const NO_DATA = write().hex('0a 00 0000');

/** A system status list: identifier, index, length of a record, number of records. */
const szl = (id: number, index: number, length: number, records: readonly ByteWriter[]) => {
  const out = write().u16(id, index, length, records.length);
  for (const record of records) out.bytes(record);
  return out;
};
const module = (index: number, order: string, version: number, release: number) =>
  write().u16(index).text(order, 20, 0x20).u16(0x00c0, version, release);
const component = (index: number, text: string) => write().u16(index).text(text, 32);

const modules = szl(0x0011, 0, 28, [
  module(1, '6ES7 999-1AA00-0AB0', 4, 1),
  module(6, '6ES7 999-1AA00-0AB0', 4, 1),
  module(7, '', 0x5603, 0x0211),
]);
const components = szl(0x001c, 0, 34, [
  component(1, 'Filling line 3'),
  component(2, 'CPU 999-1 PN/DP'),
  component(3, 'Plant Nord'),
  component(4, 'Original Siemens Equipment'),
  component(5, 'S X-TEST000000001'),
  component(7, 'CPU 999-1 PN/DP'),
  component(8, 'MMC 12345ABC'),
  component(11, 'Hall 2'),
]);
const firstPart = write().bytes(components.build().slice(0, 150));
const secondPart = write().bytes(components.build().slice(150));
const mode = szl(0x0424, 0, 20, [write().hex('4302 ff 48').zeros(16)]);
const leds = szl(0x0074, 0, 4, [write().hex('0001 00 00'), write().hex('0004 01 00'), write().hex('0005 00 00')]);
const protection = szl(0x0232, 4, 40, [write().u16(4, 1, 0, 2, 1, 0).zeros(28)]);

const SETUP = 'f0 00 0001 0001 01e0';
/** An address of type ANY: size, count, data block, area, address in bits. */
const item = (size: number, count: number, block: number, area: number, byte: number) =>
  write()
    .hex('12 0a 10')
    .u8(size)
    .u16(count, block)
    .u8(area)
    .u24(byte * 8);

const controller = tcp({ client: '10.2.0.5', server: '10.2.0.10', port: 102, clientPort: 50_101 }, [
  fromClient(connect(0xe0, '0102')),
  fromServer(connect(0xd0, '0102')),
  fromClient(job(1, SETUP)),
  fromServer(answer(1, SETUP)),
  fromClient(readSzl(2, 0x0011, 0)),
  fromServer(reply(2, 4, 1, octets(modules))),
  // A list in two parts, cut within a record, the second one asked for on its own.
  fromClient(readSzl(3, 0x001c, 0)),
  fromServer(reply(3, 4, 1, octets(firstPart), 5, 1)),
  fromClient(data(pdu(7, 4, write().hex('000112 08 12 44 01 01 05 00 0000'), NO_DATA))),
  fromServer(reply(4, 4, 1, octets(secondPart), 5, 0)),
  fromClient(readSzl(5, 0x0424, 0)),
  fromServer(reply(5, 4, 1, octets(mode))),
  fromClient(readSzl(6, 0x0074, 0)),
  fromServer(reply(6, 4, 1, octets(leds))),
  fromClient(readSzl(7, 0x0232, 4)),
  fromServer(reply(7, 4, 1, octets(protection))),
  fromClient(readSzl(8, 0x00b1, 7)),
  fromServer(reply(8, 4, 1, NO_DATA, 0, 0, 0xd402)), // no such list
  fromClient(request(9, 5, 1, octets(write().hex('64 65 66 67 68 69 6a 6b')))),
  fromServer(reply(9, 5, 1, NO_DATA)),
  fromClient(request(10, 7, 2, octets(write().hex('00 19 26 01 01 12 00 00 00 05')))),
  fromServer(reply(10, 7, 2, NO_DATA)),
  // Read and write variables; the second read is refused.
  fromClient(
    data(
      pdu(
        1,
        11,
        write()
          .hex('04 02')
          .bytes(item(2, 4, 1, 0x84, 10), item(1, 1, 0, 0x83, 2)),
      ),
    ),
  ),
  fromServer(answer(11, '04 02', 'ff 04 0020 00000001 ff 03 0001 01')),
  fromClient(
    data(
      pdu(
        1,
        12,
        write()
          .hex('04 01')
          .bytes(item(4, 1, 9, 0x84, 0)),
      ),
    ),
  ),
  fromServer(answer(12, '04 01', '0a 00 0000')),
  fromClient(
    data(
      pdu(
        1,
        13,
        write()
          .hex('05 01')
          .bytes(item(4, 2, 7, 0x84, 6)),
        write().hex('00 04 0020 00010002'),
      ),
    ),
  ),
  fromServer(answer(13, '05 01', 'ff')),
  // A download, of which the controller fetches the block itself, in two pieces of COTP data.
  fromClient(
    data(
      pdu(
        1,
        14,
        write().hex('1a 00 0100 00000000').lengthPrefixed8(write().text('_0A00007P')).u8(13).text('1000100000040'),
      ),
    ),
  ),
  fromServer(answer(14, '1a')),
  fromServer(data(pdu(1, 1, write().hex('1b 00 0000 00000000').lengthPrefixed8(write().text('_0A00007P'))))),
  fromClient(data(pdu(3, 1, write().hex('1b 00'), write().hex('0004 00fb 70700101'), 0).bytes(write()), false)),
  fromClient(data(write().hex('00000000'))),
  fromServer(data(pdu(1, 2, write().hex('1c 00 0000 00000000').lengthPrefixed8(write().text('_0A00007P'))))),
  fromClient(answer(2, '1c')),
  fromClient(
    data(
      pdu(
        1,
        15,
        write()
          .hex('28 000000000000 fd')
          .lengthPrefixed16(write().u8(1, 0).text('0A00007P'))
          .lengthPrefixed8(write().text('_INSE')),
      ),
    ),
  ),
  fromServer(answer(15, '28')),
  fromClient(data(pdu(1, 16, write().hex('29 0000000000').lengthPrefixed8(write().text('P_PROGRAM'))))),
  fromServer(data(pdu(7, 0, write().hex('000112 04 11 00 00 00'), NO_DATA))), // it reports STOP
  fromServer(data(pdu(2, 16, write().u8(0x29), write(), 0))),
  fromClient(
    data(
      pdu(
        1,
        17,
        write()
          .hex('28 000000000000 fd')
          .lengthPrefixed16(write().text('C '))
          .lengthPrefixed8(write().text('P_PROGRAM')),
      ),
    ),
  ),
]);

// The communication processor in slot 5 behind the same address: another module, a part of the device.
const processor = tcp({ client: '10.2.0.5', server: '10.2.0.10', port: 102, clientPort: 50_102 }, [
  fromClient(connect(0xe0, '0105')),
  fromServer(connect(0xd0, '0105')),
  fromClient(readSzl(1, 0x0111, 1)),
  fromServer(reply(1, 4, 1, octets(szl(0x0111, 1, 28, [module(1, '6GK7 999-1EX00-0XE0', 2, 1)])))),
]);

// A compatible controller, addressed by a TSAP that only its user knows: the first data say that it is S7.
const compatible = tcp({ client: '10.2.0.5', server: '10.2.0.11', port: 102, clientPort: 50_103 }, [
  fromClient(connect(0xe0, '1000')),
  fromServer(connect(0xd0, '1000')),
  fromClient(readSzl(1, 0x0011, 0)),
  fromServer(reply(1, 4, 1, octets(szl(0x0011, 0, 28, [module(1, 'VIPA 999-4NE12', 1, 0)])))),
]);

// On a port that nobody claims the first segment has to hold a whole message, so it is not laid into others.
const oddPort = tcp({ client: '10.2.0.5', server: '10.2.0.12', port: 10_102, clientPort: 50_104 }, [
  fromClient(connect(0xe0, '0300')),
  fromServer(connect(0xd0, '0300')),
  fromClient(job(1, SETUP)),
  fromServer(answer(1, SETUP)),
]);

// MMS uses the same port and the same connect packets, here even the same TSAP: nothing of it may be taken for S7.
const mms = tcp({ client: '10.2.0.5', server: '10.2.0.13', port: 102, clientPort: 50_105 }, [
  fromClient(connect(0xe0, '0200')),
  fromServer(connect(0xd0, '0200')),
  fromClient(data(write().hex('0d 0a 05 06 13 01 00 16 01 02 14 02'))),
  fromServer(data(write().hex('0e 0a 05 06 13 01 00 16 01 02 14 02'))),
]);

/** Every secret in the golden capture: the password as it is encoded (hex 64 65 66 67 68 69 6a 6b). */
export const secrets = ['defghijk'];

export const golden = capture('S7comm: a controller with a processor beside it, a compatible one, and MMS', [
  controller,
  processor,
  compatible,
  oddPort.frames,
  mms,
]);

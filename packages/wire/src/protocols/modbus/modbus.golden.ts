// Written by hand after the MODBUS Application Protocol Specification V1.1b3 (sections in brackets) and, for UMAS, the
// published analyses. A controller, a gateway with two meters behind it, a server of another port, and a datagram.
import { capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

/** One message: transaction identifier, unit identifier, then the PDU in hex. */
const adu = (transaction: number, unit: number, pdu: Uint8Array | string) => {
  const body = typeof pdu === 'string' ? write().hex(pdu).build() : pdu;
  return write()
    .u16(transaction, 0, 1 + body.length)
    .u8(unit)
    .bytes(body)
    .build();
};
/** An object of a device identification [6.21]. */
const object = (id: number, text: string) => write().u8(id).lengthPrefixed8(write().text(text)).build();

const basic = write()
  .hex('2b 0e 01 83 ff 03 02') // more follows, from object 3 on; two objects in this one
  .bytes(object(0, 'Musterwerk GmbH'), object(1, 'MW-750'))
  .build();
const regular = write()
  .hex('2b 0e 02 83 00 00 05')
  .bytes(object(2, 'V2.10'), object(3, 'https://musterwerk.example'), object(4, 'Pump controller'))
  .bytes(object(5, 'MW-750/024'), object(6, 'Pump house 2'))
  .build();
const meter = write()
  .hex('2b 0e 01 01 00 00 03')
  .bytes(object(0, 'Zählerbau AG'), object(1, 'ZB3'), object(2, '1.04'))
  .build();

/** Report server ID [6.13]: id of one byte, running, then the maker's text. */
const serverId = write().u8(17).lengthPrefixed8(write().u8(0x2a, 0xff).text('MW-750 boot 1.3')).build();

/** Answer to "read ID": identifiers, version 2.70, then the name of the controller. */
const umasId = write()
  .hex('5a 00 fe 1000 5a010100 0000')
  .u16le(0x0270, 0, 0x27, 9)
  .hex('0800 00000000')
  .lengthPrefixed8(write().text('BMX P34 2020'))
  .hex('01 01 01 00 00 00 00 11 00')
  .build();
const umasReserve = write().hex('5a 00 10 434c0000').lengthPrefixed8(write().text('ENG-STATION-7')).u8(0).build();

/** The common model of SunSpec, as an inverter with 66 registers gives it. */
const sunSpec = write()
  .u8(3)
  .lengthPrefixed8(
    write()
      .text('SunS')
      .u16(1, 66)
      .text('Sonnenwerk', 32)
      .text('SW 10.0', 32)
      .text('', 16)
      .text('3.10.7', 16)
      .text('SW0000417', 32)
      .u16(126, 0x8000),
  )
  .build();

const controller = tcp({ client: '10.1.0.5', server: '10.1.0.20', port: 502, clientPort: 50_001 }, [
  fromClient(adu(1, 255, '03 0028 0005')),
  fromServer(adu(1, 255, '03 0a 0001 0002 0003 0004 0005')),
  // The same poll again: counted, not repeated.
  fromClient(adu(2, 255, '03 0028 0005')),
  fromServer(adu(2, 255, '03 0a 0001 0002 0003 0004 0005')),
  fromClient(adu(3, 255, '10 0064 0002 04 0000 0001')),
  fromServer(adu(3, 255, '10 0064 0002')),
  fromClient(adu(4, 255, '06 03e7 0001')),
  fromServer(adu(4, 255, '86 02')), // illegal data address
  fromClient(adu(5, 255, '2b 0e 01 00')),
  fromServer(adu(5, 255, basic)),
  fromClient(adu(6, 255, '2b 0e 02 02')),
  fromServer(adu(6, 255, regular)),
  fromClient(adu(7, 255, '11')),
  fromServer(adu(7, 255, serverId)),
  // Two requests before the first answer.
  fromClient(adu(8, 255, '08 0001 0000')),
  fromClient(adu(9, 255, '17 0000 0002 0010 0001 02 00ff')),
  fromServer(adu(9, 255, '17 04 0000 0000')),
  fromServer(adu(8, 255, '08 0001 0000')),
  fromClient(adu(10, 255, '15 09 06 0004 0007 0001 1234')),
  fromServer(adu(10, 255, '15 09 06 0004 0007 0001 1234')),
  fromClient(adu(11, 255, '42 0001')), // user-defined
  fromClient(adu(12, 255, '05 0002 ff00')), // and nobody answers any more
]);

const gateway = tcp({ client: '10.1.0.5', server: '10.1.0.30', port: 502, clientPort: 50_002 }, [
  fromClient(adu(1, 3, '2b 0e 01 00')),
  fromServer(adu(1, 3, meter)),
  fromClient(adu(2, 4, '04 0000 0002')),
  fromServer(adu(2, 4, '84 0b')), // gateway target failed to respond
  fromClient(adu(3, 7, '04 0000 0002')),
  fromServer(adu(3, 7, '04 04 41c8 0000')),
  fromClient(adu(4, 3, '01 0000 0008')),
  fromServer(adu(4, 3, '01 01 5a')),
]);

const engineering = tcp({ client: '10.1.0.7', server: '10.1.0.21', port: 502, clientPort: 50_003 }, [
  fromClient(adu(1, 0, '5a 00 02')),
  fromServer(adu(1, 0, umasId)),
  fromClient(adu(2, 0, umasReserve)),
  fromServer(adu(2, 0, '5a 00 fe 01')),
  fromClient(adu(3, 0, '5a 01 41 ff00')),
  fromServer(adu(3, 0, '5a 01 fe')),
  fromClient(adu(4, 0, '5a 01 33 0001')),
  fromServer(adu(4, 0, '5a 01 fd 80')),
]);

// On a port that nobody claims the first segment has to hold a whole message, so it is not laid into others.
const oddPort = tcp({ client: '10.1.0.5', server: '10.1.0.40', port: 1502, clientPort: 50_004 }, [
  fromClient(adu(0, 1, '02 0000 0010')),
  fromServer(adu(0, 1, '02 02 ff 00')),
]);

const inverter = tcp({ client: '10.1.0.5', server: '10.1.0.60', port: 502, clientPort: 50_006 }, [
  fromClient(adu(1, 126, '03 9c40 0046')),
  fromServer(adu(1, 126, sunSpec)),
]);

const datagrams = udpExchange({ client: '10.1.0.5', server: '10.1.0.50', port: 502, clientPort: 50_005 }, [
  fromClient(adu(77, 1, '0f 0000 0003 01 05')),
  fromServer(adu(77, 1, '0f 0000 0003')),
]);

export const golden = capture('Modbus: a controller, a gateway, an engineering station', [
  controller,
  gateway,
  engineering,
  oddPort.frames,
  inverter,
  datagrams,
]);

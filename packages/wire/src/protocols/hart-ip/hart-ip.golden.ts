// Written by hand after HCF_SPEC-85 (HART-IP), HCF_SPEC-81 (messages) and HCF_SPEC-127 and 151 (commands): a transmitter
// that speaks HART-IP itself, a gateway with transmitters behind it, direct messages over TCP, one message with a wrong
// check.
import {
  type Bytes,
  bytesOf,
  capture,
  concat,
  fromClient,
  fromServer,
  tcp,
  udpExchange,
  write,
} from '../../testing/index.ts';

const REQUEST = 0;
const RESPONSE = 1;
const PUBLISH = 2;
const PDU = 3;
const DIRECT = 4;
const message = (type: number, id: number, sequence: number, content: Bytes = write()) => {
  const body = bytesOf(content);
  return write()
    .u8(1, type, id, 0)
    .u16(sequence, 8 + body.length)
    .bytes(body);
};
/** Ends a message of HART with its check. */
const checked = (content: Bytes) => {
  const bytes = bytesOf(content);
  return concat(bytes, Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, 0)));
};
const pdu = (delimiter: number, address: string, command: number, data: Bytes = write()) =>
  write().u8(delimiter).hex(address).u8(command).lengthPrefixed8(write().bytes(data));
const ask = (sequence: number, address: string, command: number, data: Bytes = write()) =>
  fromClient(message(REQUEST, PDU, sequence, checked(pdu(address.length > 2 ? 0x82 : 0x02, address, command, data))));
/** Response code, device status, data. */
const reply = (sequence: number, address: string, command: number, data: Bytes = write(), code = 0) =>
  fromServer(
    message(
      RESPONSE,
      PDU,
      sequence,
      checked(pdu(address.length > 2 ? 0x86 : 0x06, address, command, write().u8(code, 0x10).bytes(data))),
    ),
  );
/** Identity of HART 7: type, revisions, identifier, then maker. */
const identity = (type: number, id: string, maker: number) =>
  write()
    .u8(254)
    .u16(type)
    .u8(5, 7, 3, 21, (4 << 3) | 1, 0)
    .hex(id)
    .u8(5, 4)
    .u16(17)
    .u8(0)
    .u16(maker, maker)
    .u8(1);
/** Four characters in three bytes. */
const packed = (text: string) => {
  const out = write();
  for (let at = 0; at < text.length; at += 4) {
    let four = 0;
    for (const sign of text.slice(at, at + 4)) four = four * 64 + (sign.charCodeAt(0) & 0x3f);
    out.u24(four);
  }
  return out;
};

const PRESSURE = '26470a1b2c';
const transmitter = udpExchange({ client: '10.7.0.5', server: '10.7.0.20', port: 5094 }, [
  fromClient(message(REQUEST, 0, 1, write().u8(1).u32(600_000))),
  fromServer(message(RESPONSE, 0, 1, write().u8(1).u32(600_000))),
  ask(2, '80', 0),
  reply(2, '80', 0, identity(0x2647, '0a1b2c', 0x26)),
  fromClient(message(REQUEST, 2, 3)),
  fromServer(message(RESPONSE, 2, 3)),
  ask(4, `a${PRESSURE.slice(1)}`, 13),
  reply(4, `a${PRESSURE.slice(1)}`, 13, write().bytes(packed('PT-1047 '), packed('BOILER FEED     ')).hex('0b0775')),
  ask(5, `a${PRESSURE.slice(1)}`, 12),
  reply(5, `a${PRESSURE.slice(1)}`, 12, packed('CHECK IMPULSE LINE IN WINTER'.padEnd(32))),
  ask(6, `a${PRESSURE.slice(1)}`, 20),
  reply(6, `a${PRESSURE.slice(1)}`, 20, write().text('Boiler feed pressure', 32)),
  ask(7, `a${PRESSURE.slice(1)}`, 35, write().u8(7).f32(16).f32(0)),
  // Write protected.
  reply(7, `a${PRESSURE.slice(1)}`, 35, write(), 7),
  ask(8, `a${PRESSURE.slice(1)}`, 42),
  reply(8, `a${PRESSURE.slice(1)}`, 42),
  ask(9, `a${PRESSURE.slice(1)}`, 200),
  // Published without being asked, with an address that leaves the maker out.
  fromServer(
    message(PUBLISH, PDU, 1, checked(pdu(0x81, `40${PRESSURE.slice(2)}`, 3, write().u8(0, 0x10).f32(8).zeros(20)))),
  ),
  fromServer(
    message(RESPONSE, PDU, 10, concat(bytesOf(pdu(0x86, PRESSURE, 1, write().u8(0, 0x10))), Uint8Array.of(0xee))),
  ),
  fromClient(message(REQUEST, 1, 11)),
]);

const FLOW = '910c00beef';
const subDevice = write().u16(1).u8(1, 3).u16(0x11, 0x110c).hex('00beef').u8(7).text('Flow to reactor 2', 32);
const gateway = udpExchange({ client: '10.7.0.5', server: '10.7.0.30', port: 5094 }, [
  ask(1, '80', 0),
  reply(1, '80', 0, identity(0x2692, '00c0de', 0x26)),
  ask(2, '269200c0de', 84, write().u16(1)),
  reply(2, '269200c0de', 84, subDevice),
  ask(3, FLOW, 15),
  reply(3, FLOW, 15, write().zeros(18)),
  // Through the gateway to a device by its short address on channel 4.
  ask(
    4,
    '269200c0de',
    77,
    write()
      .u8(1, 4, 5)
      .bytes(pdu(0x02, '80', 0)),
  ),
  reply(
    4,
    '269200c0de',
    77,
    write()
      .u8(1, 4)
      .bytes(
        pdu(
          0x06,
          '80',
          0,
          write()
            .u8(0, 0)
            .bytes(identity(0x3701, '0004d2', 0x37)),
        ),
      ),
  ),
]);

const direct = tcp({ client: '10.7.0.5', server: '10.7.0.40', port: 5094 }, [
  fromClient(
    message(REQUEST, DIRECT, 1, write().u8(0, 0).u16(0).u8(0).u16(22).lengthPrefixed8(write().text('Valve 12', 32))),
  ),
  fromServer(
    message(
      RESPONSE,
      DIRECT,
      1,
      write()
        .u8(0, 0)
        .u16(0)
        .lengthPrefixed8(
          write()
            .u8(0)
            .bytes(identity(0x1306, '00abcd', 0x13)),
        )
        .u16(22)
        .lengthPrefixed8(write().u8(0).text('Valve 12', 32)),
    ),
  ),
]);

/** On a port of nobody: recognised by a message whose check is right. */
const elsewhere = udpExchange({ client: '10.7.0.5', server: '10.7.0.41', port: 20_004 }, [
  ask(1, '80', 0),
  reply(1, '80', 0, identity(0x2a17, '000777', 0x2a)),
]);

export const golden = capture('HART-IP: a transmitter, a gateway, direct messages', [
  transmitter,
  gateway,
  direct,
  elsewhere,
]);

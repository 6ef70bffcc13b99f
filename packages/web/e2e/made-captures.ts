// Captures that tests write themselves, of plants whose every device is known: what sits behind a gateway and in a
// chassis, two entries that are one device, messages that break off.
import { type Bytes, bytesOf, capture, fromClient, fromServer, link, tcp, write } from '@interlock/wire/testing';

export const STATION = '10.1.0.5';
export const GATEWAY = '10.1.0.30';
export const ADAPTER = '10.1.0.20';

/** A Modbus message (MODBUS Messaging on TCP/IP V1.0b section 3.1). */
const modbus = (transaction: number, unit: number, pdu: Bytes) => {
  const body = bytesOf(pdu);
  return write()
    .u16(transaction, 0, 1 + body.length)
    .u8(unit)
    .bytes(body);
};
const ASK_IDENTIFICATION = write().hex('2b 0e 01 00').build();
const identification = (...texts: readonly string[]) => {
  const out = write().hex('2b 0e 01 01 00 00').u8(texts.length);
  for (const [id, text] of texts.entries()) out.u8(id).lengthPrefixed8(write().text(text));
  return out;
};

/** A Modbus gateway with two meters behind it, which identify themselves. */
export const gatewayCapture = (): Uint8Array<ArrayBuffer> =>
  capture('gateway', [
    tcp({ client: STATION, server: GATEWAY, port: 502 }, [
      fromClient(modbus(1, 3, ASK_IDENTIFICATION)),
      fromServer(modbus(1, 3, identification('Meterworks', 'MW3', '1.04'))),
      fromClient(modbus(2, 7, ASK_IDENTIFICATION)),
      fromServer(modbus(2, 7, identification('Meterworks', 'MW9', '2.10'))),
    ]),
  ]).toPcap();

/** EtherNet/IP encapsulation (CIP volume 2 section 2-3). */
const encapsulated = (command: number, data: Bytes) => {
  const bytes = bytesOf(data);
  return write().u16le(command, bytes.length).u32le(0x00a10203, 0).u64le(1).u32le(0).bytes(bytes);
};
const REGISTER_SESSION = write().u16le(1, 0).build();
const unconnected = (cip: Bytes) =>
  encapsulated(0x6f, write().u32le(0).u16le(10, 2, 0, 0, 0xb2).lengthPrefixed16le(cip));
/** All attributes of the Identity object (CIP volume 1 section 5A-2). */
const ASK_IDENTITY = write().u8(0x01, 2, 0x20, 1, 0x24, 1).build();
const identity = (type: number, serial: number, name: string) =>
  write()
    .u8(0x81, 0, 0, 0)
    .u16le(1, type, 1)
    .u8(20, 13)
    .u16le(0x0030)
    .u32le(serial)
    .lengthPrefixed8(write().text(name));
/** A request that the connection manager passes on to a slot of the backplane (CIP volume 1 section 3-5.5.4). */
const toSlot = (slot: number, request: Uint8Array) =>
  write().u8(0x52, 2, 0x20, 6, 0x24, 1, 7, 249).u16le(request.length).bytes(request).align(2).u8(1, 0, 1, slot);

/** A chassis: the adapter that answers for the address, and behind it a controller and an input module. */
export const chassisCapture = (): Uint8Array<ArrayBuffer> =>
  capture('chassis', [
    tcp({ client: STATION, server: ADAPTER, port: 44818 }, [
      fromClient(encapsulated(0x65, REGISTER_SESSION)),
      fromServer(encapsulated(0x65, REGISTER_SESSION)),
      fromClient(unconnected(ASK_IDENTITY)),
      fromServer(unconnected(identity(0x0c, 0x00c0ffee, '1756-EN2T/B'))),
      fromClient(unconnected(toSlot(0, ASK_IDENTITY))),
      fromServer(unconnected(identity(0x0e, 0x00b16b00, '1756-L73/B'))),
      fromClient(unconnected(toSlot(4, ASK_IDENTITY))),
      fromServer(unconnected(identity(0x07, 0x00041700, '1756-IB16D'))),
    ]),
  ]).toPcap();

/** Two stations that announce themselves by LLDP; nothing says that they are one device. */
export const twoStationsCapture = (): Uint8Array<ArrayBuffer> => {
  const station = (mac: string, name: string) =>
    link(
      { from: mac, to: '01:80:c2:00:00:0e', type: 0x88cc },
      write()
        .u16((1 << 9) | 7)
        .u8(4)
        .mac(mac)
        .u16((2 << 9) | 3)
        .u8(7)
        .text('p1')
        .u16((3 << 9) | 2, 120)
        .u16((5 << 9) | name.length)
        .text(name)
        .u16(0),
    );
  return capture('two stations', [
    station('00:1b:1b:00:00:01', 'panel-left'),
    station('00:1b:1b:00:00:02', 'panel-right'),
  ]).toPcap();
};

/** A station whose announcement breaks off in the middle of a field: frame 2 cannot be understood to its end. */
export const malformedCapture = (): Uint8Array<ArrayBuffer> =>
  capture('malformed', [
    tcp({ client: STATION, server: GATEWAY, port: 502, handshake: false }, [
      fromClient(modbus(1, 3, ASK_IDENTIFICATION)),
      fromServer(modbus(1, 3, identification('Meterworks', 'MW3', '1.04').build().slice(0, -3))),
    ]),
  ]).toPcap();

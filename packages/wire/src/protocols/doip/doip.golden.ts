// Written by hand after ISO 13400-2 and ISO 14229-1 with invented devices: a vehicle announces itself, a tester opens a
// connection and reprograms a control unit, an odd port, and messages that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, udp, write } from '../../testing/index.ts';

const message = (type: number, content: Bytes) =>
  write().u8(2, 0xfd).u16(type).u32(bytesOf(content).length).bytes(content);
const service = (target: number, ...bytes: number[]) =>
  message(
    0x8001,
    write()
      .u16(0x0e00, target)
      .u8(...bytes),
  );
const announcement = (vin: string) =>
  message(0x0004, write().text(vin, 17, 0x30).u16(0x1001).mac('02:00:5e:10:00:01').zeros(6).u8(0));
const ends = (clientPort: number, port = 13_400) => ({ client: '10.9.30.10', server: '10.9.30.20', port, clientPort });

export const golden = capture('DoIP of a test stand', [
  udp(
    { from: '10.9.30.20', fromPort: 13_400, to: '255.255.255.255', toPort: 13_400 },
    announcement('WVWZZZ1KZ6W000001'),
  ),
  udp({ from: '10.9.30.21', fromPort: 13_400, to: '10.9.30.10', toPort: 40_001 }, announcement('')),
  tcp(ends(50_001), [
    fromClient(message(0x0005, write().u16(0x0e00).u8(0).zeros(4))),
    fromServer(message(0x0006, write().u16(0x0e00, 0x1001).u8(0x10).zeros(4))),
    fromClient(service(0x0010, 0x22, 0xf1, 0x90)),
    fromServer(message(0x8002, write().u16(0x1001, 0x0e00).u8(0))),
    fromServer(message(0x8001, write().u16(0x0010, 0x0e00).u8(0x62, 0xf1, 0x90))),
    fromClient(service(0x0010, 0x22, 0xf1, 0x91)),
    fromClient(service(0x0010, 0x34, 0, 0x44)),
    fromClient(service(0x0010, 0x11, 1)),
    fromClient(service(0x0010, 0x3e, 0)),
  ]),
  tcp(ends(50_002, 13_401), [fromClient(service(0x0011, 0x2e, 0xf1, 0x90, 1, 2, 3, 4, 5, 6))]),
  tcp(ends(50_003), [fromClient(message(0x0006, write().u16(1))), fromClient(write().text('hello there'))]),
]);

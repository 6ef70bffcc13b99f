// LIFX lamps: a search, what a lamp says of itself, and what is done to it; then what is no message.
import { type Bytes, bytesOf, capture, fromClient, fromServer, udp, udpExchange, write } from '../../testing/index.ts';

const message = (type: number, target: string, payload: Bytes = write()) => {
  const size = 36 + bytesOf(payload).length;
  return write()
    .u16le(size, target === NOBODY ? 0x3400 : 0x1400)
    .u32le(7)
    .mac(target)
    .zeros(8)
    .u8(1, 1)
    .zeros(8)
    .u16le(type, 0)
    .bytes(payload);
};
const NOBODY = '00:00:00:00:00:00';
const LAMP = '02:00:5e:10:0c:10';

export const golden = capture('LIFX lamps', [
  udp({ from: '10.9.4.5', fromPort: 56_700, to: '10.9.4.255', toPort: 56_700 }, message(2, NOBODY)),
  udpExchange({ client: '10.9.4.5', server: '10.9.4.10', port: 56_700, clientPort: 50_000 }, [
    fromServer(message(3, LAMP, write().u8(1).u32le(56_700))),
    fromClient(message(32, LAMP)),
    fromServer(message(33, LAMP, write().u32le(1, 27, 0))),
    fromClient(message(14, LAMP)),
    fromServer(message(15, LAMP, write().u64le(0).u64le(0).u16le(80, 3))),
    fromClient(message(101, LAMP)),
    fromServer(message(107, LAMP, write().zeros(12).text('Entrance', 32).zeros(8))),
    fromServer(message(25, LAMP, write().text('Entrance', 32))),
    fromClient(message(21, LAMP, write().u16le(65_535))),
    fromClient(message(24, LAMP, write().text('Door', 32))),
    fromClient(message(9999, LAMP)),
  ]),
  // A state that is too short, a size that is wrong.
  udp(
    { from: '10.9.4.11', fromPort: 56_700, to: '10.9.4.5', toPort: 50_001 },
    message(15, '02:00:5e:10:0c:11', write().u16le(1)),
  ),
  udp({ from: '10.9.4.11', fromPort: 56_700, to: '10.9.4.5', toPort: 50_002 }, write().u16le(99, 0x1400).zeros(40)),
]);

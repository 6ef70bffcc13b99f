// MQTT-SN after its version 1.2: a gateway, a sensor that connects, registers and publishes, and datagrams that are none.
import { type Bytes, bytesOf, capture, fromClient, fromServer, udp, udpExchange, write } from '../../testing/index.ts';

const message = (type: number, content: Bytes = write()) => {
  const length = bytesOf(content).length + 2;
  const head =
    length < 256
      ? write().u8(length)
      : write()
          .u8(1)
          .u16(length + 2);
  return head.u8(type).bytes(content);
};

export const golden = capture('MQTT-SN gateway and sensor', [
  udp({ from: '10.9.6.1', fromPort: 1883, to: '225.1.1.1', toPort: 1883 }, message(0, write().u8(1).u16(900))),
  udpExchange({ client: '10.9.6.10', server: '10.9.6.1', port: 1883, clientPort: 50_000 }, [
    fromClient(message(4, write().u8(0x0c, 1).u16(60).text('tank-probe-10'))),
    fromServer(message(6)),
    fromClient(message(7, write().u8(0).text('tank/10/lost'))),
    fromServer(message(5, write().u8(0))),
    fromClient(message(0x0a, write().u16(0, 1).text('tank/10/level'))),
    fromServer(message(0x0b, write().u16(1, 1).u8(0))),
    fromClient(message(0x0c, write().u8(0).u16(1, 2).text('77.1'))),
    fromClient(
      message(
        0x0a,
        write()
          .u16(0, 2)
          .text(`tank/${'long/'.repeat(56)}`),
      ),
    ),
    fromClient(message(0x12, write().u8(0).u16(3).text('tank/10/set'))),
    fromClient(message(0x12, write().u8(1).u16(4, 7))),
    fromClient(message(0x16, write().text('tank-probe-10'))),
    fromServer(message(0x17)),
  ]),
  udp({ from: '10.9.6.11', fromPort: 50_001, to: '10.9.6.1', toPort: 10_000 }, write().u8(9, 4, 0, 1)),
  udp(
    { from: '10.9.6.11', fromPort: 50_002, to: '10.9.6.1', toPort: 10_000 },
    write().u8(8, 4, 0, 9).u16(60).text('ab'),
  ),
]);

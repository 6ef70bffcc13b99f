// Written by hand after ITU-T Q.931: a call that is set up and released, and a TPKT message of another protocol.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const message = (type: number, elements: number) =>
  write()
    .u8(3, 0)
    .u16(9 + elements)
    .u8(8, 2)
    .u16(1)
    .u8(type)
    .zeros(elements);

export const golden = capture('H.323 call signalling', [
  tcp({ client: '10.25.0.20', server: '10.25.0.21', port: 1720 }, [
    fromClient(message(5, 40)),
    fromServer(message(7, 30)),
    fromClient(message(0x5a, 0)),
  ]),
  tcp({ client: '10.25.0.20', server: '10.25.0.22', port: 1720, clientPort: 50_001 }, [
    fromClient(write().hex('03 00 00 16 11 e0 00 00 00 01 00 c1 02 01 00 c2 02 01 02 c0 01 0a')),
  ]),
]);

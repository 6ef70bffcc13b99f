// Written by hand after RFC 4271 section 4 and the capabilities of RFC 5492, 6793 and of host names.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const message = (type: number, content: Bytes = write()) => {
  const bytes = bytesOf(content);
  return write()
    .hex('ff'.repeat(16))
    .u16(19 + bytes.length)
    .u8(type)
    .bytes(bytes);
};
const open = (system: number, router: string, capabilities: Bytes) =>
  message(1, write().u8(4).u16(system, 180).ipv4(router).lengthPrefixed8(write().u8(2).lengthPrefixed8(capabilities)));

export const golden = capture('BGP between two routers', [
  tcp({ client: '10.15.0.1', server: '10.15.0.2', port: 179 }, [
    fromClient(
      open(
        23_456,
        '10.255.15.1',
        write()
          .u8(65, 4)
          .u32(4_200_000_001)
          .u8(73)
          .lengthPrefixed8(write().lengthPrefixed8(write().text('edge-1')).u8(0)),
      ),
    ),
    fromServer(open(64_512, '10.255.15.2', write().u8(2, 0))),
    fromClient(message(4)),
    fromServer(message(4)),
    fromServer(message(2, write().u16(0, 0))),
  ]),
  // On another port, with a version that nobody speaks.
  tcp({ client: '10.15.0.1', server: '10.15.0.3', port: 1790, clientPort: 50_002 }, [
    fromClient(message(1, write().u8(3).u16(64_512, 180).ipv4('10.255.15.1').u8(0))),
  ]),
]);

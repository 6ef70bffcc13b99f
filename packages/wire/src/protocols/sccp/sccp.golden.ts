// Written by hand: a telephone that raises its alarm of start, registers, and is acknowledged; a software one; something
// else on the port.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const message = (version: number, id: number, content: Bytes = write()) => {
  const bytes = bytesOf(content);
  return write()
    .u32le(bytes.length + 4, version, id)
    .bytes(bytes);
};
const register = (name: string, ip: string, model: number) =>
  write().text(name, 16).u32le(0, 1).ipv4(ip).u32le(model, 5).zeros(16);

export const golden = capture('SCCP of Cisco telephones', [
  tcp({ client: '10.24.0.20', server: '10.24.0.5', port: 2000 }, [
    fromClient(
      message(
        0,
        0x20,
        write().u32le(2).text('25: Name=SEP001E14002420 Load= SCCP45.9-2-1S Last=Initialized', 80).u32le(0, 0),
      ),
    ),
    fromClient(message(0x11, 1, register('SEP001E14002420', '10.24.0.20', 435))),
    fromServer(message(0x11, 0x81, write().u32le(30).text('D/M/Y', 8).u32le(60))),
    fromClient(message(0x11, 0)),
  ]),
  tcp({ client: '10.24.0.21', server: '10.24.0.5', port: 2000, clientPort: 50_001 }, [
    fromClient(message(0, 1, register('CIPCoperator', '10.24.0.21', 30_016))),
  ]),
  tcp({ client: '10.24.0.22', server: '10.24.0.5', port: 2000, clientPort: 50_002 }, [
    fromClient(write().text('hello, anybody there?\r\n')),
  ]),
]);

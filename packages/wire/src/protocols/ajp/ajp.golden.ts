// Written by hand after the AJP reference: a ping, a request with a login of its own, an odd port, and bytes that are none.
import { type Bytes, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const PASSWORD = 'Vorzimmer-251';
export const secrets = [PASSWORD];
const ask = (content: Bytes) => fromClient(write().u16(0x1234).lengthPrefixed16(content));
const answer = (content: Bytes) => fromServer(write().u16(0x4142).lengthPrefixed16(content));
const ends = (clientPort: number, port = 8009) => ({ client: '10.9.28.10', server: '10.9.28.20', port, clientPort });

export const golden = capture('AJP of an application server', [
  tcp(ends(50_001), [
    ask(write().u8(10)),
    answer(write().u8(9)),
    ask(write().u8(2, 2).text(`/login ${PASSWORD}`)),
    answer(write().u8(4).u16(200)),
    answer(write().u8(5, 1)),
  ]),
  tcp(ends(50_002, 18_009), [ask(write().u8(10)), answer(write().u8(9))]),
  tcp(ends(50_003), [fromClient(write().text('hello')), fromServer(write().text('hello'))]),
]);

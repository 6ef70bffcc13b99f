// Written by hand: both marks over TCP, the one over UDP, and bytes that are none.
import { capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

const ends = (clientPort: number) => ({ client: '10.9.29.10', server: '198.51.100.7', port: 5938, clientPort });

export const golden = capture('TeamViewer of a vendor', [
  tcp(ends(50_001), [fromClient(write().hex('1724 0a 20 0000 8888')), fromServer(write().hex('1724 0b 20 0000'))]),
  tcp(ends(50_002), [fromClient(write().hex('1130 36 00 0000'))]),
  udpExchange(ends(50_003), [fromClient(write().hex('00 1724 10 04 00'))]),
  tcp(ends(50_004), [fromClient(write().text('hello'))]),
]);

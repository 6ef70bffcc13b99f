// Written by hand after RFC 6143 with invented devices: a panel without a password, an old version with one, a login in
// clear, Apple's own way on another port, a refusal, and bytes that are none.
import { type Bytes, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (content: string) => write().text(content);
const desktop = (name: string) => write().u16(1024, 768).zeros(16).lengthPrefixed32(text(name));
const ends = (server: string, clientPort: number, port = 5900) => ({ client: '10.9.20.10', server, port, clientPort });
const server = (content: Bytes) => fromServer(content);

const PASSWORD = 'Leitstand-181';
const RESPONSE = 'ANSWER-OF-A-182!';
export const secrets = [PASSWORD, RESPONSE];

export const golden = capture('VNC of panels and computers', [
  tcp(ends('10.9.20.20', 50_001), [
    server(text('RFB 003.008\n')),
    fromClient(text('RFB 003.008\n')),
    server(write().u8(2, 1, 2)),
    fromClient(write().u8(1)),
    server(write().u32(0)),
    fromClient(write().u8(1)),
    server(desktop('panel-3:1 (operator)')),
    fromClient(write().hex('00000000')),
  ]),
  tcp(ends('10.9.20.21', 50_002, 5901), [
    server(text('RFB 003.003\n')),
    fromClient(text('RFB 003.003\n')),
    server(write().u32(2)),
    server(text('0123456789abcdef')),
    fromClient(text(RESPONSE)),
    server(write().u32(0)),
    fromClient(write().u8(0)),
    server(desktop("mei's X desktop (eng-7:0)")),
  ]),
  tcp(ends('10.9.20.22', 50_003), [
    server(text('RFB 003.008\n')),
    fromClient(text('RFB 003.008\n')),
    server(write().u8(1, 19)),
    fromClient(write().u8(19)),
    server(write().u8(0, 2)),
    fromClient(write().u8(0, 2)),
    server(write().u8(0, 2).u32(256, 262)),
    fromClient(write().u32(256)),
    fromClient(write().u32(3, PASSWORD.length).text(`mei${PASSWORD}`)),
    server(write().u32(1)),
  ]),
  tcp(ends('10.9.20.23', 50_004, 15_900), [
    server(text('RFB 003.889\n')),
    fromClient(text('RFB 003.889\n')),
    server(write().u8(2, 30, 99)),
    fromClient(write().u8(30)),
  ]),
  tcp(ends('10.9.20.24', 50_005), [
    server(text('RFB 003.007\n')),
    fromClient(text('RFB 003.003\n')),
    server(write().u32(1)),
    fromClient(write().u8(1)),
    server(desktop('HMI')),
  ]),
  tcp(ends('10.9.20.25', 50_006), [
    server(text('RFB 003.008\n')),
    fromClient(text('RFB 003.008\n')),
    server(write().u8(0).lengthPrefixed32(text('too many'))),
  ]),
  tcp(ends('10.9.20.26', 50_007), [server(text('hello')), fromClient(text('GET / HTTP/1.0\r\n'))]),
]);

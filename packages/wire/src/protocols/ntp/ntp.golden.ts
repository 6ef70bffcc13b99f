// Written by hand after RFC 5905 section 7.3 and RFC 9327 section 2: a controller that asks a server, the server's
// broadcast, two servers that compare, what a management tool reads, and the list an attacker would ask for.
import { capture, fromClient, fromServer, udp, udpExchange, write } from '../../testing/index.ts';

/** Mode, stratum and reference identifier of a message; the times do not matter here. */
const message = (version: number, mode: number, stratum: number, reference: string) =>
  write()
    .u8((version << 3) | mode, stratum, 6, 0xec)
    .u32(0, 0)
    .text(reference, 4)
    .zeros(32);
/** Control message: response, error and more bits with the operation, sequence, status, association, offset, data. */
const control = (flags: number, data: string) =>
  write()
    .u8((4 << 3) | 6, flags)
    .u16(1, 0, 0, 0)
    .lengthPrefixed16(write().text(data))
    .align(4);
/** Private message of ntpd: response bit with version 2, sequence, implementation 3, request code. */
const privately = (response: boolean, request: number) =>
  write()
    .u8((response ? 0x80 : 0) | (2 << 3) | 7, 0, 3, request)
    .zeros(44);

const SERVER = '10.2.0.1';

export const golden = capture('NTP: time, control and monitoring', [
  udpExchange({ client: '10.2.0.20', server: SERVER, port: 123, clientPort: 123 }, [
    fromClient(message(3, 3, 0, '')),
    fromServer(message(3, 4, 1, 'GPS')),
    fromClient(message(3, 3, 0, '')),
    fromServer(message(3, 4, 1, 'GPS')),
  ]),
  // A server without time says so with stratum 16, and is no reference.
  udpExchange({ client: '10.2.0.20', server: '10.2.0.2', port: 123 }, [
    fromClient(message(4, 3, 0, '')),
    fromServer(message(4, 4, 16, 'INIT')),
  ]),
  udp({ from: SERVER, fromPort: 123, to: '10.2.0.255', toPort: 123 }, message(4, 5, 1, 'GPS')),
  udpExchange({ client: '10.2.0.3', server: '10.2.0.4', port: 123, clientPort: 123 }, [
    fromClient(message(4, 1, 2, '\x0a\x02\x00\x01')),
    fromServer(message(4, 2, 2, '\x0a\x02\x00\x01')),
  ]),
  // Somebody who asks everybody has no time server yet.
  udp({ from: '10.2.0.21', fromPort: 123, to: '224.0.1.1', toPort: 123 }, message(4, 3, 0, '')),
  udpExchange({ client: '10.2.0.9', server: SERVER, port: 123, clientPort: 50_001 }, [
    fromClient(control(2, '')),
    fromServer(
      control(
        0x82,
        'version="ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)", processor="armv7l", system="Linux/5.10.0", leap=0',
      ),
    ),
    fromClient(control(3, 'leap=1')),
    fromServer(control(0xc3, '')), // refused
  ]),
  // A hardened server hides its system.
  udpExchange({ client: '10.2.0.9', server: '10.2.0.2', port: 123, clientPort: 50_002 }, [
    fromClient(control(2, '')),
    fromServer(control(0x82, 'system="/", leap=0')),
  ]),
  udpExchange({ client: '10.9.9.9', server: SERVER, port: 123, clientPort: 50_003 }, [
    fromClient(privately(false, 42)),
    fromServer(privately(true, 42)),
  ]),
  // No version 0, and no message of this length.
  udp({ from: '10.2.0.30', fromPort: 123, to: SERVER, toPort: 123 }, write().hex('03 00 00 00')),
]);

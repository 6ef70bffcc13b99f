// Written by hand after HL7 version 2 with invented devices: an observation and its acknowledgement, other separators on
// another port, a header without names, and bytes that are none.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const message = (...segments: string[]) =>
  write()
    .u8(0x0b)
    .text(`${segments.join('\r')}\r`)
    .u8(0x1c, 0x0d);
const ends = (server: string, clientPort: number, port = 2575) => ({ client: '10.9.24.10', server, port, clientPort });

export const golden = capture('HL7 of a medical device', [
  tcp(ends('10.9.24.20', 50_001), [
    fromClient(
      message(
        'MSH|^~\\&|MONITOR^0011223344556677^EUI-64|WARD4|HIS|HOSPITAL|20260101000000||ORU^R01^ORU_R01|1|P|2.6',
        'PID|||4711^^^HOSPITAL',
      ),
    ),
    fromServer(message('MSH|^~\\&|HIS|HOSPITAL|MONITOR|WARD4|20260101000001||ACK^R01|2|P|2.6', 'MSA|AA|1')),
  ]),
  tcp(ends('10.9.24.21', 50_002, 6661), [fromClient(message('MSH$%~\\&$PUMP$ICU$$$20260101$$ADT%A01$3$P$2.3'))]),
  tcp(ends('10.9.24.22', 50_003), [
    fromClient(message('MSH|^~\\&')),
    fromClient(message('no header at all')),
    fromClient(write().text('hello')),
  ]),
]);

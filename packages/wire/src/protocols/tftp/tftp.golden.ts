// Written by hand after RFC 1350 with invented devices: a switch fetches its configuration, a drive is given firmware, an
// odd port, a request without a mode.
import { type Bytes, capture, udp, write } from '../../testing/index.ts';

const request = (code: number, ...texts: string[]) => {
  const out = write().u16(code);
  for (const text of texts) out.textz(text);
  return out;
};
const send = (from: string, fromPort: number, to: string, toPort: number, content: Bytes) =>
  udp({ from, fromPort, to, toPort }, content);

export const golden = capture('TFTP of configurations and firmware', [
  send('10.9.3.10', 50_400, '10.9.3.20', 69, request(1, 'sw-hall-confg', 'octet', 'blksize', '1428')),
  send('10.9.3.20', 40_001, '10.9.3.10', 50_400, write().u16(3, 1).text('hostname sw-hall')),
  send('10.9.3.11', 50_401, '10.9.3.21', 69, request(2, 'drive\u0001.bin', 'OCTET')),
  // A server that answers from its own port.
  send('10.9.3.21', 69, '10.9.3.11', 50_401, write().u16(4, 0)),
  send('10.9.3.12', 50_402, '10.9.3.22', 6969, request(1, 'boot.img', 'netascii')),
  send('10.9.3.12', 50_403, '10.9.3.22', 69, write().u16(1).text('no-end')),
  send('10.9.3.12', 50_404, '10.9.3.22', 69, write().hex('0900')),
]);

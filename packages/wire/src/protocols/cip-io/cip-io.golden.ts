// Cyclic data between a scanner and remote I/O, written after CIP volume 2, 2-6.4.
import { capture, udp, write } from '../../testing/index.ts';

/** Connection, its sequence number, then the data with a sequence number of its own. */
const cyclic = (connection: number, sequence: number, data: readonly number[]) =>
  write()
    .u16le(2, 0x8002, 8)
    .u32le(connection, sequence)
    .u16le(0x00b1)
    .lengthPrefixed16le(
      write()
        .u16le(sequence)
        .u8(...data),
    );

const SCANNER = '10.1.0.30';
const REMOTE_IO = '10.1.0.40';

export const golden = capture('EtherNet/IP cyclic I/O, unicast one way and multicast the other', [
  udp({ from: SCANNER, fromPort: 2222, to: REMOTE_IO, toPort: 2222 }, cyclic(0x004b0201, 1, [1, 0, 0, 0, 0xff, 0])),
  udp({ from: REMOTE_IO, fromPort: 2222, to: '239.192.1.32', toPort: 2222 }, cyclic(0x00010002, 1, [0x20, 4])),
  udp({ from: SCANNER, fromPort: 2222, to: REMOTE_IO, toPort: 2222 }, cyclic(0x004b0201, 2, [1, 0, 0, 0, 0xff, 0])),
]);

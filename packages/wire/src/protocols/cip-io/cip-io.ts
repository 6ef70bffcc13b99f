// Cyclic I/O of EtherNet/IP: process data of connections that were opened over TCP, up to a thousand times a second. What
// a byte in it means only its two ends know, so it is recognised and nothing more, which must cost next to nothing.
import { protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

/** Two items: a sequenced address of eight bytes, then connected data (CIP volume 2, 2-6.4). */
function isCyclic(reader: Reader): boolean {
  return (
    reader.peek16() === 0x0200 &&
    reader.peek16(2) === 0x0280 &&
    reader.peek16(4) === 0x0800 &&
    reader.peek16(14) === 0xb100
  );
}

const CYCLIC = {};

export const cipIo = protocol({
  name: 'cip-io',
  title: 'EtherNet/IP cyclic I/O',
  spec: 'The CIP Networks Library, volume 2, 2-6.4',
  depth: 'recognised',
  on: { udp: [2222] },
  tells: [],
  recognise: isCyclic,
  firstBytes: [0x02],
  read: (reader) => (isCyclic(reader) ? CYCLIC : undefined),
  observe() {},
});

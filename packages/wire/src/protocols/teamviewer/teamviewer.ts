// TeamViewer, by which people from outside reach computers inside: recognised by its port and the two marks with which its
// packets begin. Everything behind them is encrypted.
import { protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

/** Marks of its packets, as met in captures of versions 3 to 15. */
const MARKS: readonly number[] = [0x1724, 0x1130];
const PACKET = {};
const isMarked = (reader: Reader, at: number): boolean => MARKS.includes(reader.peek16(at));

export const teamviewer = protocol({
  name: 'teamviewer',
  title: 'TeamViewer',
  spec: 'as analysed; no public document',
  depth: 'recognised',
  on: { tcp: [5938], udp: [5938] },
  tells: [],
  // Over UDP a counter or zeros stand before the mark.
  read: (reader, { transport }) =>
    isMarked(reader, 0) || (transport === 'udp' && (isMarked(reader, 1) || isMarked(reader, 11))) ? PACKET : undefined,
  observe(_, __, conversation) {
    conversation.done();
  },
});

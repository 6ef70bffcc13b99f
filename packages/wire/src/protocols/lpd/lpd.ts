// LPD: the printing protocol of Unix. A command names the queue; what is printed is not read.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface Lpd {
  readonly command: number;
  readonly queue: string;
}

export const lpd = protocol({
  name: 'lpd',
  title: 'Line Printer Daemon protocol',
  spec: 'RFC 1179 section 5',
  depth: 'identity',
  on: { tcp: [515] },
  tells: ['lpd.queue', 'operation'],

  frame: (reader, { fromClient }) => (fromClient ? lengthOf(reader) : NOT_MINE),

  read(reader, conversation): Lpd | undefined {
    if (!conversation.fromClient || lengthOf(reader) <= 0) return undefined;
    const command = reader.u8();
    const line = cleanText(reader.text(reader.left - 1), MAX_LINE);
    // Of a job, subcommands and files follow.
    conversation.done();
    return { command, queue: line.split(/\s/, 1)[0] ?? '' };
  },

  observe({ command, queue }, say, { server }: Conversation<undefined>) {
    say.fact(server, 'lpd.queue', queue, COMMANDS[command] ?? 'command');
    if (command === REMOVE) say.operation('remove print jobs', 'file', { detail: queue });
  },
});

const REMOVE = 5;
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'print waiting jobs',
  2: 'receive a job',
  3: 'short queue state',
  4: 'long queue state',
  [REMOVE]: 'remove jobs',
};
/** Longest line: names of jobs to be removed follow the queue. */
const MAX_LINE = 512;

/** A command byte, printable signs, a line feed. */
function lengthOf(reader: Reader): number {
  if (!(reader.peek() in COMMANDS)) return NOT_MINE;
  for (let n = 1; n < Math.min(reader.left, MAX_LINE); n++) {
    const byte = reader.peek(n);
    if (byte === 0x0a) return n > 1 ? n + 1 : NOT_MINE;
    if (byte < 0x20 || byte === 0x7f) return NOT_MINE;
  }
  return reader.left < MAX_LINE ? NEED_MORE : NOT_MINE;
}

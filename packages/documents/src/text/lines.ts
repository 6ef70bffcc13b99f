// Text to lines, numbered from 1, with whatever ends them. A line that never ends is told and passed over.
import type { TextChunk } from './decode.ts';

/** Longest line that is read: log records of a hundred fields have a few thousand characters. */
export const MAX_LINE = 1 << 20;

export interface Line {
  readonly number: number;
  readonly text: string;
  /** Longer than MAX_LINE; `text` is its beginning. */
  readonly tooLong?: true;
  /** The document ended without a line end behind it. */
  readonly last?: true;
}

/** In: text in pieces. Out: lines in pieces, so that a caller waits once per piece and not once per line. */
export async function* readLines(chunks: AsyncIterable<TextChunk>): AsyncGenerator<Line[]> {
  let rest = '';
  let number = 1;
  let skipping = false;
  for await (const { text } of chunks) {
    const lines: Line[] = [];
    const all = rest + text;
    let from = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
      const line = all.slice(from, all[end - 1] === '\r' && end > from ? end - 1 : end);
      if (skipping) skipping = false;
      else if (line.length > MAX_LINE) lines.push({ number, text: line.slice(0, 100), tooLong: true });
      else lines.push({ number, text: line });
      number++;
      from = end + 1;
    }
    rest = all.slice(from);
    if (rest.length > MAX_LINE) {
      if (!skipping) lines.push({ number, text: rest.slice(0, 100), tooLong: true });
      skipping = true;
      rest = '';
    }
    if (lines.length > 0) yield lines;
  }
  if (rest !== '' && !skipping) yield [{ number, text: rest.endsWith('\r') ? rest.slice(0, -1) : rest, last: true }];
}

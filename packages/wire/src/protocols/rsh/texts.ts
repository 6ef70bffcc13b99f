// The opening that rsh and rexec share: the port for errors in digits, then three texts, each with a 0 behind it.
import { NEED_MORE, NOT_MINE } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

/** Longest name or password (BSD), and longest command that is waited for. */
const MAX_NAME = 64;
const MAX_COMMAND = 8192;

/** What waits for the server's first byte. */
export interface CommandRequest {
  readonly account: string;
  /** Program of the command; arguments may hold secrets and stay out. */
  readonly command: string;
  readonly frame: number;
  readonly time: number;
}

/** Where each of the four texts ends; fewer where they do not, none where they are no such texts. */
export function textEnds(reader: Reader): number[] {
  const ends: number[] = [];
  let from = 0;
  for (let at = 0; at < Math.min(reader.left, MAX_COMMAND) && ends.length < 4; at++) {
    const byte = reader.peek(at);
    if (byte === 0) {
      ends.push(at);
      from = at + 1;
    } else if (ends.length === 0 ? byte < 0x30 || byte > 0x39 || at > 5 : byte < 0x20 || byte === 0x7f) return [];
    else if (ends.length < 3 && at - from >= MAX_NAME) return [];
  }
  return ends;
}

export function textsLength(reader: Reader): number {
  const ends = textEnds(reader);
  const last = ends[3];
  if (last !== undefined) return last + 1;
  if (ends.length === 0 && (reader.left > 6 || !isDigits(reader))) return NOT_MINE;
  return reader.left < MAX_COMMAND ? NEED_MORE : NOT_MINE;
}

function isDigits(reader: Reader): boolean {
  for (let at = 0; at < reader.left; at++) if (reader.peek(at) < 0x30 || reader.peek(at) > 0x39) return false;
  return true;
}

/** The four texts; undefined where they are not whole. */
export function readTexts(reader: Reader): [string, string, string, string] | undefined {
  if (textEnds(reader).length < 4) return undefined;
  return [reader.textz(6), reader.textz(MAX_NAME), reader.textz(MAX_NAME), reader.textz(MAX_COMMAND)];
}

/** The first word, without its directory. */
export const commandOf = (command: string): string =>
  /^\s*(?:[\w.~-]*\/)*([\w.+-]{1,64})(?=\s|$)/.exec(command)?.[1] ?? '';

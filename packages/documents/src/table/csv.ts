// Comma-separated values (RFC 4180) as people and tools really write them: other separators, quotes inside cells that do
// not begin with one, line ends of all kinds. A record that breaks is told with its line, and reading goes on with the
// line after the one it began in, so that an unclosed quote costs one row and not the rest of the list.
import type { ImportProblemCode } from '@interlock/model';

/** Longest record: a row of an asset list has some hundred characters, one with a pasted report some ten thousand. */
export const MAX_RECORD = 256 * 1024;
/** Lines one record may span by line ends inside its quotes. */
const MAX_RECORD_LINES = 200;
/** Cells of one record: spreadsheets end at 16,384 columns, and nobody fills a tenth of them. */
export const MAX_CELLS = 2_000;

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Line it begins in, from 1. */
  readonly line: number;
}
export interface CsvProblem {
  readonly code: ImportProblemCode;
  readonly line: number;
  readonly text: string;
}

export class CsvReader {
  readonly #separator: string;
  #rest = '';
  #line = 1;
  /** Inside a line that is longer than any record. */
  #skipping = false;
  /** Cells of a sound record: one over several lines that has another number holds a quote that was never closed. */
  expected: number | undefined;
  readonly records: CsvRecord[] = [];
  readonly problems: CsvProblem[] = [];

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** Takes the next text; `end` where none follows. Records and problems are in the two arrays, which the caller empties. */
  push(text: string, end: boolean): void {
    const all = this.#rest + text;
    let at = 0;
    while (at < all.length) {
      const next = this.#record(all, at, end);
      if (next < 0) break;
      at = next;
    }
    this.#rest = all.slice(at);
  }

  /** Reads one record. Out: where the next one begins; negative where more text is needed. */
  #record(all: string, from: number, end: boolean): number {
    let lineEnd = all.indexOf('\n', from);
    if (lineEnd < 0) {
      if (!end) return this.#waits(all, from) ? -1 : all.length;
      lineEnd = all.length;
    }
    const next = Math.min(lineEnd + 1, all.length);
    if (this.#skipping) {
      this.#skipping = false;
      this.#line++;
      return next;
    }
    const stop = all[lineEnd - 1] === '\r' && lineEnd > from ? lineEnd - 1 : lineEnd;
    const quote = all.indexOf('"', from);
    if (quote < 0 || quote >= stop || !this.#opens(all, from, stop)) {
      this.#plain(all.slice(from, stop));
      this.#line++;
      return next;
    }
    return this.#quoted(all, from, next, end);
  }

  /** Whether any cell of a line begins with a quote. */
  #opens(all: string, from: number, stop: number): boolean {
    if (all[from] === '"') return true;
    const at = all.indexOf(`${this.#separator}"`, from);
    if (at >= 0 && at < stop) return true;
    // Some write a space between separator and quote.
    const spaced = all.indexOf(`${this.#separator} "`, from);
    return spaced >= 0 && spaced < stop;
  }

  /** A line without an end is waited for, up to the longest record. */
  #waits(all: string, from: number): boolean {
    if (this.#skipping) return false;
    if (all.length - from <= MAX_RECORD) return true;
    this.#say('record.too-long', `longer than ${MAX_RECORD} characters`);
    this.#skipping = true;
    return false;
  }

  #plain(line: string): void {
    if (line.length > MAX_RECORD) this.#say('record.too-long', `longer than ${MAX_RECORD} characters`);
    else if (line.includes('\0')) this.#say('record.malformed', 'bytes that are no text');
    else this.#keep(line.split(this.#separator));
  }

  /** A record with quoted cells, which may hold separators and line ends. */
  #quoted(all: string, from: number, next: number, end: boolean): number {
    const cells: string[] = [];
    let at = from;
    let lines = 0;
    for (;;) {
      while (all[at] === ' ' && all[at + 1] === '"') at++;
      if (all[at] === '"') {
        let close = at + 1;
        for (;;) {
          close = all.indexOf('"', close);
          if (close < 0 || close - from > MAX_RECORD) {
            if (close < 0 && !end && all.length - from <= MAX_RECORD) return -1;
            return this.#broken('a quote that is not closed', next);
          }
          if (all[close + 1] !== '"') break;
          close += 2;
        }
        // What follows the last quote decides whether it closed the cell, and may not have come yet.
        if (close + 2 >= all.length && !end) return -1;
        const cell = all.slice(at + 1, close).replaceAll('""', '"');
        lines += cell.split('\n').length - 1;
        if (lines > MAX_RECORD_LINES) return this.#broken('a quote that is not closed', next);
        cells.push(cell);
        at = close + 1;
        while (all[at] === ' ') at++;
      } else {
        const separator = all.indexOf(this.#separator, at);
        let lineEnd = all.indexOf('\n', at);
        if (lineEnd < 0) {
          if (!end && separator < 0) return -1;
          lineEnd = all.length;
        }
        const cellEnd = separator >= 0 && separator < lineEnd ? separator : lineEnd;
        const cell = all.slice(at, cellEnd);
        cells.push(cellEnd === lineEnd && cell.endsWith('\r') ? cell.slice(0, -1) : cell);
        at = cellEnd;
      }
      if (cells.length > MAX_CELLS) return this.#broken(`more than ${MAX_CELLS} cells`, next);
      if (all[at] === this.#separator) {
        at++;
        continue;
      }
      if (all[at] === '\r') at++;
      if (at < all.length && all[at] !== '\n') return this.#broken('text behind a quote that was closed', next);
      if (lines > 0 && this.expected !== undefined && cells.length !== this.expected)
        return this.#broken('a quote that is not closed', next);
      this.#keep(cells);
      this.#line += 1 + lines;
      return Math.min(at + 1, all.length);
    }
  }

  #broken(text: string, next: number): number {
    this.#say('record.malformed', text);
    this.#line++;
    return next;
  }

  #keep(cells: string[]): void {
    if (cells.length > MAX_CELLS) this.#say('record.columns', `more than ${MAX_CELLS} cells`);
    else if (cells.some((cell) => cell.trim() !== '')) this.records.push({ cells, line: this.#line });
  }
  #say(code: ImportProblemCode, text: string): void {
    this.problems.push({ code, line: this.#line, text });
  }
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/**
 * Which sign separates cells. In: the first lines. Excel says it in a first line "sep=;"; else it is the one that occurs
 * equally often in most lines, outside quotes.
 */
export function guessSeparator(text: string): string {
  const said = /^sep=(.)\r?\n/i.exec(text)?.[1];
  if (said) return said;
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 50);
  let best: string = ',';
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => line.split(separator).length - 1);
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const alike = counts.filter((count) => count === usual).length / Math.max(1, counts.length);
    const score = usual === 0 ? 0 : alike * 10 + Math.min(usual, 20) / 10;
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}

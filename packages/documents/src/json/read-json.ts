// JSON documents in pieces: the objects of a list one by one, or objects one per line, with flat memory; a document that
// is one object is read whole, within a limit.
import type { ImportProblemCode } from '@interlock/model';
import type { Chunks } from '../importer.ts';
import { decodeText } from '../text/decode.ts';
import { type JsonObject, jsonObject, MAX_NESTING } from './object.ts';

/** Longest object of a list, and the longest document that is one object. */
export const MAX_OBJECT = 64 << 20;

export type JsonItem =
  | { readonly object: JsonObject; readonly number: number }
  | { readonly problem: ImportProblemCode; readonly number: number; readonly text: string };

/** In: a list of objects, several objects behind each other, or one object. Out: the objects, numbered from 1. */
export async function* readObjects(chunks: Chunks): AsyncGenerator<JsonItem[]> {
  const scanner = new Scanner();
  for await (const { text } of decodeText(chunks)) {
    scanner.take(text);
    const items = scanner.items.splice(0);
    if (items.length > 0) yield items;
    if (scanner.over) return;
  }
  scanner.end();
  if (scanner.items.length > 0) yield scanner.items;
}

class Scanner {
  readonly items: JsonItem[] = [];
  over = false;
  #number = 0;
  #depth = 0;
  /** 1 where the objects stand in a list. */
  #base = 0;
  #inText = false;
  #escaped = false;
  /** The object at hand, as far as it came in earlier pieces. */
  #parts: string[] = [];
  #length = 0;
  #begun = false;

  take(text: string): void {
    let from = 0;
    for (let i = 0; i < text.length && !this.over; i++) {
      const code = text.charCodeAt(i);
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (code === 0x5c) this.#escaped = true;
        else if (code === 0x22) this.#inText = false;
        continue;
      }
      if (code === 0x22) {
        this.#inText = this.#begun;
        if (!this.#begun) this.#stop('record.malformed', 'a text where an object is expected');
      } else if (code === 0x5b && !this.#begun && this.#base === 0 && this.#number === 0) {
        this.#base = 1;
        this.#depth = 1;
      } else if (code === 0x7b || code === 0x5b) {
        if (!this.#begun) {
          if (code === 0x5b) this.#stop('record.malformed', 'a list where an object is expected');
          this.#begun = true;
          this.#number++;
          from = i;
        }
        if (++this.#depth - this.#base > MAX_NESTING)
          this.#stop('document.refused', `nested deeper than ${MAX_NESTING} levels`);
      } else if (code === 0x7d || code === 0x5d) {
        this.#depth--;
        if (this.#begun && this.#depth === this.#base) {
          this.#parts.push(text.slice(from, i + 1));
          this.#finish();
        } else if (this.#depth < this.#base) this.#base = this.#depth = 0;
      } else if (!this.#begun && !isBetween(code)) this.#stop('record.malformed', 'text outside of any object');
    }
    if (!this.#begun || this.over) return;
    const rest = text.slice(from);
    this.#parts.push(rest);
    this.#length += rest.length;
    if (this.#length > MAX_OBJECT) this.#stop('document.limit', `an object of more than ${MAX_OBJECT} characters`);
  }

  end(): void {
    if (!this.over && (this.#begun || this.#base > 0))
      this.#stop('document.cut-off', 'the document ends inside an object or list');
  }

  #finish(): void {
    const object = jsonObject(this.#parts.join(''));
    const number = this.#number;
    if (typeof object === 'string') this.items.push({ problem: 'record.malformed', number, text: object });
    else this.items.push({ object, number });
    this.#parts = [];
    this.#length = 0;
    this.#begun = false;
  }
  #stop(problem: ImportProblemCode, text: string): void {
    this.over = true;
    this.items.push({ problem, number: this.#number, text });
  }
}

/** White space and commas between objects. */
const isBetween = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x2c;

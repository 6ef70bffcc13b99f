// XML in pieces: elements of chosen names are given out one by one as small trees, everything around them is passed over,
// so that a report of any length is read with flat memory. Entities of the document's own are refused.

import type { ImportProblemCode } from '@interlock/model';
import { SaxesParser } from 'saxes';
import type { Chunks } from '../importer.ts';
import { decodeText } from '../text/decode.ts';

/** Deeper nesting than this is an attack: the deepest sound report has some ten levels. */
const MAX_DEPTH = 100;
/** Elements and characters of one given-out tree: a host with all 65,535 ports open has a few hundred thousand. */
const MAX_TREE_ELEMENTS = 1_000_000;
const MAX_TREE_TEXT = 32 << 20;
/** Characters without any element between: a text, an attribute or a comment without end. */
const MAX_SILENCE = 8 << 20;

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text, without that of its children. */
  readonly text: string;
}
interface Growing {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Growing[];
  text: string;
}

export type XmlItem =
  | { readonly element: XmlElement; readonly path: string; readonly line: number }
  | { readonly problem: ImportProblemCode; readonly path: string; readonly text: string };

/** In: the document; names of the elements to give out (the outermost of them). Out: those, and what is wrong, in order. */
export async function* readElements(chunks: Chunks, names: ReadonlySet<string>): AsyncGenerator<XmlItem[]> {
  const walk = new Walk(names);
  for await (const { text } of decodeText(chunks)) {
    walk.take(text);
    const items = walk.items.splice(0);
    if (items.length > 0) yield items;
    if (walk.over) return;
  }
  walk.end();
  if (walk.items.length > 0) yield walk.items;
}

class Walk {
  readonly items: XmlItem[] = [];
  over = false;
  readonly #parser = new SaxesParser({ xmlns: false });
  readonly #names: ReadonlySet<string>;
  /** Open elements, with how many children of each name they had. */
  readonly #open: { readonly name: string; readonly counts: Map<string, number>; readonly step: string }[] = [];
  readonly #tree: Growing[] = [];
  #treeLine = 0;
  #elements = 0;
  #text = 0;
  #silence = 0;
  #refused = false;
  #seen = false;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
    const parser = this.#parser;
    parser.on('doctype', (text) => {
      if (/<!ENTITY/i.test(text)) this.#stop('document.refused', 'the document declares entities of its own');
    });
    parser.on('opentag', (tag) => this.#openTag(local(tag.name), tag.attributes as Record<string, string>));
    parser.on('text', (text) => this.#addText(text));
    parser.on('cdata', (text) => this.#addText(text));
    parser.on('closetag', () => this.#closeTag());
    parser.on('error', (error) => {
      if (this.over) return;
      this.#stop('record.malformed', `no well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`);
    });
  }

  take(text: string): void {
    this.#silence += text.length;
    this.#write(text);
    if (!this.over && this.#silence > MAX_SILENCE)
      this.#stop('document.limit', `more than ${MAX_SILENCE} characters without an element`);
  }
  end(): void {
    if (this.over) return;
    if (this.#open.length === 0 && this.#seen) return;
    this.#stop('document.cut-off', this.#seen ? `the document ends inside ${this.#path()}` : 'no element at all');
  }

  #write(text: string): void {
    if (this.over) return;
    try {
      this.#parser.write(text);
    } catch (error) {
      this.#stop('record.malformed', `no well-formed XML: ${error instanceof Error ? error.message : 'not known'}`);
    }
  }
  #stop(problem: ImportProblemCode, text: string): void {
    if (this.over) return;
    this.over = true;
    this.items.push({ problem, path: `line ${this.#parser.line}`, text });
  }

  #openTag(name: string, given: Record<string, string>): void {
    if (this.over) return;
    this.#silence = 0;
    this.#seen = true;
    const parent = this.#open.at(-1);
    const count = (parent?.counts.get(name) ?? 0) + 1;
    parent?.counts.set(name, count);
    this.#open.push({ name, counts: new Map(), step: count > 1 || this.#names.has(name) ? `${name}[${count}]` : name });
    if (this.#open.length > MAX_DEPTH) {
      this.#stop('document.refused', `elements nested deeper than ${MAX_DEPTH}`);
      return;
    }
    const holder = this.#tree.at(-1);
    if (!holder && !this.#names.has(name)) return;
    if (!holder) {
      this.#treeLine = this.#parser.line;
      this.#elements = 0;
      this.#text = 0;
      this.#refused = false;
    }
    if (++this.#elements > MAX_TREE_ELEMENTS) this.#refuse();
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [key, value] of Object.entries(given)) {
      this.#text += value.length;
      attributes[local(key)] = value;
    }
    const element: Growing = { name, attributes, children: [], text: '' };
    if (holder && !this.#refused) holder.children.push(element);
    this.#tree.push(element);
  }

  #addText(text: string): void {
    const element = this.#tree.at(-1);
    if (!element || this.#refused) return;
    this.#text += text.length;
    if (this.#text > MAX_TREE_TEXT) this.#refuse();
    else element.text += text;
  }

  #closeTag(): void {
    if (this.over) return;
    this.#silence = 0;
    const path = this.#tree.length === 1 ? this.#path() : '';
    this.#open.pop();
    const element = this.#tree.pop();
    if (!element || this.#tree.length > 0) return;
    if (this.#refused)
      this.items.push({ problem: 'record.too-long', path, text: 'the element is larger than any sound one' });
    else this.items.push({ element, path, line: this.#treeLine });
  }

  /** The element at hand is too large to be kept; what follows it is read again. */
  #refuse(): void {
    this.#refused = true;
    for (const element of this.#tree) element.children.length = 0;
  }
  #path(): string {
    return `/${this.#open.map(({ step }) => step).join('/')}`;
  }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The first child of a name, or the one at the end of several steps. */
export function child(element: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  let at = element;
  for (const name of names) at = at?.children.find((each) => each.name === name);
  return at;
}
export const children = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((each) => each.name === name) ?? [];
/** Text of the child at the end of several steps, trimmed; undefined where there is none or it is empty. */
export const textOf = (element: XmlElement | undefined, ...names: readonly string[]): string | undefined =>
  child(element, ...names)?.text.trim() || undefined;

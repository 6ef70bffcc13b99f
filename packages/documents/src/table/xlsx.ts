// Rows of an Excel workbook (ECMA-376 part 1, chapter 18): sheets, shared strings and cells, read in pieces. Formulas are
// taken by the value that stands behind them; nothing is computed.
import { SaxesParser } from 'saxes';
import type { Chunks } from '../importer.ts';
import { decodeText } from '../text/decode.ts';
import { MAX_CELLS } from './csv.ts';
import { unpack, type ZipEntry, zipEntries } from './zip.ts';

/** Largest workbook as it is sent; packed, a million rows of ten cells have some 50 MB. */
export const MAX_WORKBOOK = 128 << 20;
/** Bytes that may come out of one part of it: twenty times as much is what spreadsheets pack at most. */
const MAX_PART = 2 ** 31;
/** Characters of all shared texts: they have to be kept while sheets are read. */
const MAX_SHARED_TEXT = 128 << 20;
/** Longest text of a cell that Excel knows. */
const MAX_CELL_TEXT = 32_767;
const MAX_SHEETS = 200;

export interface SheetRow {
  readonly sheet: string;
  readonly number: number;
  readonly cells: readonly string[];
}
export interface WorkbookTrouble {
  readonly refused?: true;
  readonly text: string;
}

/** In: the document. Out: rows of all sheets in order, in pieces; `trouble` is told what could not be read. */
export async function* workbookRows(
  chunks: Chunks,
  trouble: (what: WorkbookTrouble) => void,
): AsyncGenerator<SheetRow[]> {
  const archive = await whole(chunks);
  if (!archive) {
    trouble({ refused: true, text: `the workbook is larger than ${MAX_WORKBOOK} bytes` });
    return;
  }
  const entries = zipEntries(archive);
  const part = (name: string): ZipEntry | undefined =>
    entries?.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
  const workbook = part('xl/workbook.xml');
  if (!workbook) {
    trouble({ text: 'no workbook of Excel 2007 or later, or it is cut off' });
    return;
  }
  const told = (name: string) => (what: 'too-far' | 'damaged') =>
    trouble(
      what === 'too-far'
        ? { refused: true, text: `${name} unpacks to more than ${MAX_PART} bytes` }
        : { text: `${name} is damaged` },
    );
  const sheets: { name: string; relation: string }[] = [];
  const targets = new Map<string, string>();
  await parse(unpack(workbook, MAX_PART, told('xl/workbook.xml')), {
    open(name, attributes) {
      if (name === 'sheet' && sheets.length < MAX_SHEETS)
        sheets.push({ name: attributes['name'] ?? '', relation: attributes['r:id'] ?? attributes['id'] ?? '' });
    },
  });
  const relations = part('xl/_rels/workbook.xml.rels');
  if (relations)
    await parse(unpack(relations, MAX_PART, told(relations.name)), {
      open(name, attributes) {
        if (name === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '');
      },
    });
  const shared = await sharedStrings(part('xl/sharedStrings.xml'), told('xl/sharedStrings.xml'), trouble);
  for (const [i, { name, relation }] of sheets.entries()) {
    const target = targets.get(relation) ?? `worksheets/sheet${i + 1}.xml`;
    const entry = part(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    if (!entry) continue;
    yield* sheetRows(name, entry, shared, told(entry.name), trouble);
  }
}

async function whole(chunks: Chunks): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_WORKBOOK) return undefined;
    parts.push(chunk.slice());
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

interface Handlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** A part of the workbook as events. Out: what is wrong with it, undefined where nothing is. */
async function parse(chunks: Chunks, handlers: Handlers, between?: () => boolean): Promise<string | undefined> {
  for await (const wrong of steps(chunks, handlers)) {
    if (wrong !== undefined) return wrong;
    if (between?.()) return undefined;
  }
  return undefined;
}
async function* steps(chunks: Chunks, handlers: Handlers): AsyncGenerator<string | undefined> {
  const parser = new SaxesParser({ xmlns: false });
  let wrong: string | undefined;
  parser.on('doctype', () => {
    wrong ??= 'it declares a document type';
  });
  parser.on('opentag', (tag) => handlers.open?.(bare(tag.name), tag.attributes as Record<string, string>));
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('closetag', (tag) => handlers.close?.(bare(tag.name)));
  parser.on('error', (error) => {
    wrong ??= error.message;
  });
  for await (const { text } of decodeText(chunks)) {
    try {
      parser.write(text);
    } catch (error) {
      wrong ??= error instanceof Error ? error.message : 'not known';
    }
    yield wrong;
    if (wrong !== undefined) return;
  }
}
/** Some writers put everything into a prefix. */
const bare = (name: string): string => name.slice(name.indexOf(':') + 1);

async function sharedStrings(
  entry: ZipEntry | undefined,
  told: (what: 'too-far' | 'damaged') => void,
  trouble: (what: WorkbookTrouble) => void,
): Promise<readonly string[]> {
  const strings: string[] = [];
  if (!entry) return strings;
  let text = '';
  let length = 0;
  let inText = false;
  let phonetic = false;
  const wrong = await parse(
    unpack(entry, MAX_PART, told),
    {
      open(name) {
        if (name === 'si') text = '';
        else if (name === 't') inText = true;
        else if (name === 'rPh') phonetic = true;
      },
      text(more) {
        if (inText && !phonetic && text.length < MAX_CELL_TEXT) text += more;
      },
      close(name) {
        if (name === 't') inText = false;
        else if (name === 'rPh') phonetic = false;
        else if (name === 'si') {
          strings.push(text.slice(0, MAX_CELL_TEXT));
          length += text.length;
        }
      },
    },
    () => length > MAX_SHARED_TEXT,
  );
  if (wrong !== undefined) trouble({ text: `${entry.name} is no well-formed XML: ${wrong}` });
  if (length > MAX_SHARED_TEXT) trouble({ refused: true, text: `texts of more than ${MAX_SHARED_TEXT} characters` });
  return strings;
}

async function* sheetRows(
  sheet: string,
  entry: ZipEntry,
  shared: readonly string[],
  told: (what: 'too-far' | 'damaged') => void,
  trouble: (what: WorkbookTrouble) => void,
): AsyncGenerator<SheetRow[]> {
  const rows: SheetRow[] = [];
  let cells: string[] = [];
  let number = 0;
  let column = 0;
  let type = '';
  let value = '';
  let inValue = false;
  const handlers: Handlers = {
    open(name, attributes) {
      if (name === 'row') {
        cells = [];
        column = 0;
        number = Number(attributes['r']) || number + 1;
      } else if (name === 'c') {
        column = columnOf(attributes['r']) ?? column;
        type = attributes['t'] ?? 'n';
        value = '';
      } else if (name === 'v' || name === 't') inValue = true;
    },
    text(more) {
      if (inValue && value.length < MAX_CELL_TEXT) value += more;
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') {
        if (column < MAX_CELLS) {
          while (cells.length < column) cells.push('');
          cells[column] = cellText(type, value, shared);
        }
        column++;
      } else if (name === 'row' && cells.some((cell) => cell.trim() !== '')) rows.push({ sheet, number, cells });
    },
  };
  for await (const wrong of steps(unpack(entry, MAX_PART, told), handlers)) {
    if (rows.length > 0) yield rows.splice(0);
    if (wrong === undefined) continue;
    trouble({ text: `sheet ${sheet} is no well-formed XML: ${wrong}` });
    return;
  }
}

/** Number of a column from a reference like "AB12"; undefined where there is none. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (!letters) return undefined;
  let n = 0;
  for (const letter of letters) n = n * 26 + letter.charCodeAt(0) - 64;
  return n - 1;
}

function cellText(type: string, value: string, shared: readonly string[]): string {
  if (type === 's') return shared[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  if (type === 'e') return '';
  // Long numbers are kept as 1.2345678901234E13: serial numbers that somebody typed without a text mark.
  if (type === 'n' && /E/i.test(value) && Number.isSafeInteger(Number(value))) return String(Number(value));
  return value;
}

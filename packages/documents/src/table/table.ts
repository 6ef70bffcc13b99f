// From the rows of a table to observations: finds the head among the first rows, names the columns, and reads each row by
// the mapping. CSV and XLSX differ only in how rows come to be.
import { ASSET_FIELDS, type AssetField, type AssetFieldName, type ColumnMapping, type Subject } from '@interlock/model';
import type { TableColumn, TableHead } from '../importer.ts';
import type { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, wholeValue } from '../values.ts';
import { fieldOfTitle, guessMapping, isSecretTitle } from './headers.ts';

/** Rows among which the head is looked for: above it stand titles, dates and logos. */
export const HEAD_ROWS = 30;
/** Rows whose cells are looked at to guess what a column holds, and that are shown. */
const SAMPLE_ROWS = 50;
const ROWS_SHOWN = 20;
const SAMPLES_SHOWN = 3;
const MAX_SAMPLE = 80;

/** A row with its place: `row 17`, or `Hall 3!17` in a document of several sheets. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly number: number;
}
export interface FoundHead {
  /** Titles of the columns, each once. */
  readonly titles: readonly string[];
  /** How many of the first rows stand above the first row of the table. */
  readonly above: number;
  /** Titles whose meaning is known. */
  readonly known: number;
}

/** In: the first rows. Out: the head: the row with the most titles that are known, or columns by number where none is. */
export function findHead(rows: readonly (readonly string[])[]): FoundHead {
  let best = { at: -1, known: 0 };
  for (const [at, cells] of rows.slice(0, HEAD_ROWS).entries()) {
    if (cells.some(isAddress)) continue;
    const known = new Set(cells.map(fieldOfTitle).filter((field) => field !== undefined)).size;
    if (known > best.known) best = { at, known };
  }
  if (best.at < 0 && rows[0]?.every((cell) => cell.trim() !== '' && !isAddress(cell)) && rows[0].length > 1)
    best.at = 0;
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const given = rows[best.at] ?? [];
  const titles = new Set<string>();
  const times = new Map<string, number>();
  const columns = best.at >= 0 ? lastFilled(given) : width;
  for (let i = 0; i < columns; i++) {
    const title = given[i]?.replace(/\s+/g, ' ').trim().slice(0, MAX_SAMPLE) || `Column ${columnName(i)}`;
    let n = (times.get(title) ?? 0) + 1;
    while (titles.has(n === 1 ? title : `${title} (${n})`)) n++;
    times.set(title, n);
    titles.add(n === 1 ? title : `${title} (${n})`);
  }
  return { titles: [...titles], above: best.at + 1, known: best.known };
}
const isAddress = (cell: string): boolean => macValue(cell) !== undefined || ipValue(cell) !== undefined;
const lastFilled = (cells: readonly string[]): number => cells.findLastIndex((cell) => cell.trim() !== '') + 1;

/** A column as spreadsheets call it: A to Z, AA and so on. In: its number from 0. */
export function columnName(index: number): string {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

/** What a person sees before an import: columns with samples, the guess, the first rows. */
export function describeTable(head: FoundHead, rows: readonly (readonly string[])[]): TableHead {
  const below = rows.slice(head.above, head.above + SAMPLE_ROWS);
  const secret = head.titles.map(isSecretTitle);
  const shown = (cell: string | undefined, i: number): string =>
    secret[i] && cell?.trim() ? '(hidden)' : (cell ?? '').slice(0, MAX_SAMPLE);
  return {
    columns: head.titles.map((title, i): TableColumn => {
      const filled = below.map((cells) => cells[i]?.trim() ?? '').filter((cell) => cell !== '');
      const samples = secret[i]
        ? []
        : [...new Set(filled)].slice(0, SAMPLES_SHOWN).map((cell) => cell.slice(0, MAX_SAMPLE));
      return { title, samples, ...(secret[i] ? { secret: true as const } : {}) };
    }),
    guessed: guessMapping(head.titles, below),
    rows: below.slice(0, ROWS_SHOWN).map((cells) => head.titles.map((_, i) => shown(cells[i], i))),
  };
}

interface MappedColumn {
  readonly index: number;
  readonly title: string;
  readonly field: AssetFieldName;
}

/** Reads rows of a table whose head is known. */
export class RowReader {
  readonly #columns: readonly MappedColumn[];
  readonly #telling: Telling;
  readonly #source: string;
  readonly #width: number;
  readonly #rowWord: string;

  /** `sheet` is the name of the sheet, where there are several. */
  constructor(telling: Telling, head: FoundHead, mapping: ColumnMapping, source: string, sheet?: string) {
    this.#telling = telling;
    this.#source = source;
    this.#width = head.titles.length;
    this.#rowWord = sheet === undefined ? 'row' : `sheet ${sheet}, row`;
    this.#columns = head.titles.flatMap((title, index) => {
      const field = Object.hasOwn(mapping, title) ? mapping[title] : undefined;
      return field === undefined || isSecretTitle(title) ? [] : [{ index, title, field }];
    });
  }

  /** Whether any column is mapped at all. */
  get isUsable(): boolean {
    return this.#columns.length > 0;
  }

  read({ cells, number }: TableRow): void {
    const telling = this.#telling;
    const row = `${this.#rowWord} ${number}`;
    const filled = lastFilled(cells);
    if (filled > this.#width) {
      telling.problem(
        'record.columns',
        row,
        `${filled} columns where the head has ${this.#width}: it is not known which is which`,
      );
      telling.record(false);
      return;
    }
    if (cells.length < this.#width && filled < this.#width / 2 && this.#width > 2)
      telling.problem('record.columns', row, `only ${cells.length} of ${this.#width} columns`);

    const addresses = this.#addresses(cells, row);
    const subject = this.#subject(addresses, cells);
    if (!subject) {
      telling.problem('record.nothing', row, 'no address, name or number that tells which device it is');
      telling.record(false);
      return;
    }
    for (const { kind, value, path, title } of addresses)
      telling.say(subject, kind === 'ip' ? 'address.listed-ip' : 'address.listed-mac', value, path, title);
    for (const column of this.#columns) this.#cell(subject, column, cells[column.index], row);
    telling.record(true);
  }

  #place = (row: string, index: number): string => `${row}, column ${columnName(index)}`;

  #addresses(cells: readonly string[], row: string) {
    const found: { kind: 'ip' | 'mac'; value: string; path: string; title: string }[] = [];
    for (const { index, title, field } of this.#columns) {
      if (field !== 'ip' && field !== 'mac') continue;
      const text = textValue(cells[index]);
      if (text === undefined || /^dhcp\b/i.test(text)) continue;
      const path = this.#place(row, index);
      const parts = field === 'ip' || macValue(text) === undefined ? text.split(/[\s;,|]+/).filter(Boolean) : [text];
      for (const part of parts.slice(0, MAX_ADDRESSES)) {
        const value = field === 'mac' ? macValue(part) : ipValue(part)?.ip;
        if (value === undefined) {
          const what = field === 'mac' ? 'MAC address' : 'IP address';
          this.#telling.problem('value.address', path, `"${part.slice(0, MAX_SAMPLE)}" is no ${what}`);
        } else if (!found.some((other) => other.value === value)) found.push({ kind: field, value, path, title });
      }
    }
    return found;
  }

  /** The addresses a row names; where it names none, the number or name that tells the entry from others. */
  #subject(addresses: readonly { kind: 'ip' | 'mac'; value: string }[], cells: readonly string[]): Subject | undefined {
    const ip = addresses.find(({ kind }) => kind === 'ip')?.value;
    const mac = addresses.find(({ kind }) => kind === 'mac')?.value;
    if (ip !== undefined || mac !== undefined) return { ...(ip ? { ip } : {}), ...(mac ? { mac } : {}) };
    for (const field of ENTRY_FIELDS) {
      const column = this.#columns.find((each) => each.field === field);
      const text = column && textValue(cells[column.index]);
      if (text !== undefined) return { entry: `${this.#source}/${text}` };
    }
    return undefined;
  }

  #cell(subject: Subject, { index, title, field }: MappedColumn, cell: string | undefined, row: string): void {
    const text = textValue(cell);
    if (text === undefined) return;
    const telling = this.#telling;
    const path = this.#place(row, index);
    const definition: AssetField = ASSET_FIELDS[field];
    switch (field) {
      case 'ip': {
        const mask = ipValue(text)?.mask;
        if (mask !== undefined) telling.say(subject, 'network.mask', mask, path, title);
        return;
      }
      case 'mac':
        return;
      case 'vlan': {
        const vlan = wholeValue(/\d+/.exec(text)?.[0], 1, 4094);
        if (vlan === undefined) telling.problem('value.malformed', path, `"${text.slice(0, MAX_SAMPLE)}" is no VLAN`);
        else telling.say(subject, 'network.vlan', vlan, path, title);
        return;
      }
      case 'mask':
      case 'router': {
        const address = ipValue(text)?.ip;
        if (address === undefined)
          telling.problem(
            'value.address',
            path,
            `"${text.slice(0, MAX_SAMPLE)}" is no ${field === 'mask' ? 'mask' : 'address'}`,
          );
        else telling.say(subject, field === 'mask' ? 'network.mask' : 'network.router', address, path, title);
        return;
      }
      case 'hostname': {
        const name = hostnameValue(text);
        if (name !== undefined) telling.say(subject, 'device.hostname', name, path, title);
        else telling.say(subject, 'device.friendly-label', text, path, title);
        return;
      }
      case 'ports':
        for (const match of text.matchAll(/\b(?:(tcp|udp)[/: ]*)?(\d{1,5})(?:\/(tcp|udp))?\b/gi)) {
          const port = wholeValue(match[2], 1, 65_535);
          const transport = (match[1] ?? match[3] ?? 'tcp').toLowerCase() === 'udp' ? 'udp' : 'tcp';
          if (port !== undefined) telling.say(subject, 'service.offered', { transport, port }, path, title);
        }
        return;
      default:
        if (definition.kind !== undefined) telling.say(subject, definition.kind, text as never, path, title);
    }
  }
}
/** What names an entry without an address, the most unique first. */
const ENTRY_FIELDS: readonly AssetFieldName[] = [
  'serial',
  'uuid',
  'assetId',
  'plant',
  'stationName',
  'hostname',
  'name',
];
/** Addresses in one cell; a range written out is no device. */
const MAX_ADDRESSES = 64;

// Logs of Zeek, as tab-separated text with a head of its own or as JSON lines: what that monitor saw of hosts, their
// services, names and operations.
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { flatten, jsonObject } from '../json/object.ts';
import { Telling } from '../telling.ts';
import { decodeText } from '../text/decode.ts';
import { type Line, readLines } from '../text/lines.ts';
import { headText, isBinary } from './asset-list.ts';
import { guessLog, logReader } from './zeek/logs.ts';
import { ZeekRecord } from './zeek/record.ts';

export const zeek: Importer = {
  name: 'zeek',
  title: 'Zeek log (text or JSON)',
  spec: 'Zeek, log file formats; CISA ICSNPP parsers',
  basis: 'monitor',
  recognise: (head) => {
    if (isBinary(head)) return false;
    const text = headText(head);
    if (/^(#[^\n]*\n)*#separator /.test(text) || /^(#[^\n]*\n)*#fields\t/.test(text)) return true;
    const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
    return first.startsWith('{') && /"(_path|id\.orig_h|uid)"\s*:/.test(first) && !first.includes('"event_type"');
  },
  read,
};

/** What the head of a text log says. */
interface Format {
  separator: string;
  setSeparator: string;
  empty: string;
  unset: string;
  path: string | undefined;
  fields: readonly string[];
}

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(zeek, options, true);
  const log = new Log(telling, options.document);
  for await (const lines of readLines(decodeText(chunks))) {
    for (const line of lines) {
      log.take(line);
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

class Log {
  readonly #telling: Telling;
  readonly #named: string | undefined;
  #format: Format = { separator: '\t', setSeparator: ',', empty: '(empty)', unset: '-', path: undefined, fields: [] };
  /** Logs that are not read are told once each. */
  readonly #told = new Set<string>();

  constructor(telling: Telling, document: string) {
    this.#telling = telling;
    // conn.log, conn.12:00:00-13:00:00.log.gz, conn_20260105.log
    this.#named = /([a-z][a-z0-9_-]*?)(?:[._-]\d[\w:.-]*)?\.(?:log|json|ndjson|jsonl)/i
      .exec(document)?.[1]
      ?.toLowerCase();
  }

  take({ number, text, tooLong, last }: Line): void {
    const telling = this.#telling;
    if (text === '' || text.trim() === '') return;
    if (tooLong) {
      telling.problem('record.too-long', `line ${number}`, 'longer than any sound record');
      telling.record(false);
    } else if (text.startsWith('#')) this.#head(text);
    else if (text.startsWith('{')) this.#json(text, number, last === true);
    else this.#text(text, number, last === true);
  }

  #head(line: string): void {
    const format = this.#format;
    const separated = line.startsWith('#separator ');
    const [key = '', ...values] = separated ? line.split(' ') : line.split(format.separator);
    const value = values.join(separated ? ' ' : format.separator);
    if (key === '#separator') format.separator = unescaped(value);
    else if (key === '#set_separator') format.setSeparator = value || ',';
    else if (key === '#empty_field') format.empty = value;
    else if (key === '#unset_field') format.unset = value;
    else if (key === '#path') format.path = value;
    else if (key === '#fields') format.fields = values;
  }

  #text(line: string, number: number, last: boolean): void {
    const { separator, fields, unset, empty, setSeparator, path } = this.#format;
    const cells = line.split(separator);
    if (fields.length === 0) {
      if (!this.#told.has(''))
        this.#telling.problem('record.malformed', `line ${number}`, 'a record before any head that names its fields');
      this.#told.add('');
      this.#telling.record(false);
      return;
    }
    if (cells.length !== fields.length) {
      const code = last ? 'document.cut-off' : 'record.columns';
      this.#telling.problem(code, `line ${number}`, `${cells.length} fields where the head has ${fields.length}`);
      this.#telling.record(false);
      return;
    }
    const record = new Map<string, string>();
    for (const [i, field] of fields.entries()) {
      const cell = cells[i] ?? '';
      if (cell === unset || cell === empty || cell === '') continue;
      const plain = cell.includes('\\x') ? unescaped(cell) : cell;
      record.set(field, setSeparator === ',' ? plain : plain.replaceAll(setSeparator, ','));
    }
    this.#record(path ?? this.#named ?? guessLog(record), record, number);
  }

  #json(line: string, number: number, last: boolean): void {
    const object = jsonObject(line);
    if (typeof object === 'string') {
      this.#telling.problem(last ? 'document.cut-off' : 'record.malformed', `line ${number}`, object);
      this.#telling.record(false);
      return;
    }
    const record = flatten(object);
    const named = this.#named !== undefined && logReader(this.#named) ? this.#named : undefined;
    this.#record(record.get('_path') ?? named ?? guessLog(record), record, number);
  }

  #record(log: string | undefined, fields: ReadonlyMap<string, string>, number: number): void {
    const reader = log === undefined ? undefined : logReader(log);
    if (!reader || log === undefined) {
      const name = log ?? 'an unknown log';
      if (!this.#told.has(name))
        this.#telling.problem(
          'kind.not-known',
          `line ${number}`,
          `records of ${name} say nothing that is understood of hosts`,
        );
      this.#told.add(name);
      this.#telling.record(false);
      return;
    }
    const record = new ZeekRecord(this.#telling, log, fields, number);
    reader(record);
    this.#telling.record(record.understood);
  }
}

/** `\x09` as the byte it stands for. */
const unescaped = (text: string): string =>
  text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

// An asset list as CSV: the export of a CMDB, or what somebody keeps in a spreadsheet. Which column holds what is guessed
// from the titles and corrected by a person.
import {
  type Chunks,
  HEAD_BYTES,
  type ImportBatch,
  type Importer,
  type ReadOptions,
  type TableHead,
} from '../importer.ts';
import { CsvReader, type CsvRecord, guessSeparator } from '../table/csv.ts';
import { guessMapping } from '../table/headers.ts';
import { describeTable, type FoundHead, findHead, HEAD_ROWS, RowReader } from '../table/table.ts';
import { Telling } from '../telling.ts';
import { decodeText, guessEncoding } from '../text/decode.ts';

/** Characters looked at to find the separator and the head. */
const HEAD_TEXT = 64 * 1024;
/** Rows kept to find the head and guess the columns. */
const FIRST_ROWS = HEAD_ROWS + 100;

export const assetList: Importer = {
  name: 'asset-list',
  title: 'Asset list (CSV)',
  spec: 'RFC 4180, and what spreadsheets make of it',
  basis: 'list',
  recognise: (head, fileName) => {
    if (isBinary(head)) return false;
    if (/\.(csv|tsv|tab)$/i.test(fileName)) return true;
    const [first = '', second = ''] = headText(head).split(/\r?\n/);
    if (/^\s*[<{[#]/.test(first)) return false;
    const separator = guessSeparator(headText(head));
    return first.split(separator).length > 1 && second.split(separator).length > 1;
  },
  read: (chunks, options) => readCsv(chunks, options),
  columns: csvColumns,
};

/** Whether bytes are no text: archives, captures, programs. */
export function isBinary(head: Uint8Array): boolean {
  const encoding = guessEncoding(head);
  return encoding === 'utf-8' && head.subarray(0, 1_000).includes(0);
}
export const headText = (head: Uint8Array): string =>
  new TextDecoder(guessEncoding(head)).decode(head.subarray(0, HEAD_BYTES)).replace(/^\ufeff/, '');

interface Opened {
  readonly head: FoundHead;
  readonly first: readonly CsvRecord[];
}

/** The rows of a document in pieces, with its head found among the first ones. */
async function* csvRecords(
  chunks: Chunks,
  telling: Telling | undefined,
): AsyncGenerator<{ opened: Opened; records: readonly CsvRecord[] }> {
  let reader: CsvReader | undefined;
  let opened: Opened | undefined;
  let waiting = '';
  const first: CsvRecord[] = [];
  const take = (text: string, end: boolean): readonly CsvRecord[] => {
    if (!reader) {
      waiting += text;
      if (waiting.length < HEAD_TEXT && !end) return [];
      reader = new CsvReader(guessSeparator(waiting));
      reader.push(waiting, end);
      waiting = '';
    } else reader.push(text, end);
    for (const { code, line, text: problem } of reader.problems.splice(0)) {
      telling?.problem(code, `row ${line}`, problem);
      telling?.record(false);
    }
    return reader.records.splice(0);
  };
  const pass = (
    records: readonly CsvRecord[],
    end: boolean,
  ): { opened: Opened; records: readonly CsvRecord[] } | undefined => {
    if (opened) return { opened, records };
    for (const record of records) first.push(record);
    if (first.length < FIRST_ROWS && !end) return undefined;
    const usable = first.filter(({ cells }, i) => !(i === 0 && /^sep=/i.test(cells[0] ?? '')));
    const head = findHead(usable.map(({ cells }) => cells));
    opened = { head, first: usable };
    if (reader) reader.expected = head.titles.length;
    return { opened, records: usable.slice(head.above) };
  };
  let damaged = false;
  for await (const chunk of decodeText(chunks)) {
    if (chunk.damaged && !damaged) {
      damaged = true;
      telling?.problem('document.encoding', 'document', 'bytes that are no UTF-8; they are shown as �');
    }
    const passed = pass(take(chunk.text, false), false);
    if (passed) yield passed;
  }
  const passed = pass(take('', true), true);
  if (passed) yield passed;
}

async function* readCsv(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(assetList, options);
  let rows: RowReader | undefined;
  for await (const { opened, records } of csvRecords(chunks, telling)) {
    if (!rows) {
      const { head, first } = opened;
      const below = first.slice(head.above).map(({ cells }) => cells);
      rows = new RowReader(telling, head, options.mapping ?? guessMapping(head.titles, below), options.source);
      if (!rows.isUsable) {
        telling.problem('document.not-understood', 'row 1', 'no column is known; say which column holds what');
        break;
      }
    }
    for (const { cells, line } of records) {
      rows.read({ cells, number: line });
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

async function csvColumns(chunks: Chunks): Promise<TableHead> {
  for await (const { opened } of csvRecords(chunks, undefined))
    return describeTable(
      opened.head,
      opened.first.map(({ cells }) => cells),
    );
  return { columns: [], guessed: {}, rows: [] };
}

// An asset list as an Excel workbook. Each sheet that has a head is read as a table of its own; the mapping holds for all
// of them, as sheets of one workbook are usually halls or lines with the same columns.
import type { Chunks, ImportBatch, Importer, ReadOptions, TableHead } from '../importer.ts';
import { guessMapping } from '../table/headers.ts';
import { describeTable, type FoundHead, findHead, HEAD_ROWS, RowReader } from '../table/table.ts';
import { type SheetRow, type WorkbookTrouble, workbookRows } from '../table/xlsx.ts';
import { Telling } from '../telling.ts';

/** Rows of a sheet kept to find its head and guess its columns. */
const FIRST_ROWS = HEAD_ROWS + 100;
/** Titles that must be known for a further sheet to be a table of devices. */
const LEAST_KNOWN = 2;

export const assetWorkbook: Importer = {
  name: 'asset-workbook',
  title: 'Asset list (Excel)',
  spec: 'ECMA-376 part 1, SpreadsheetML',
  basis: 'list',
  recognise: (head, fileName) =>
    head[0] === 0x50 &&
    head[1] === 0x4b &&
    head[2] === 3 &&
    head[3] === 4 &&
    (/\.xls[xm]$/i.test(fileName) || namesWorkbook(head)),
  read: readWorkbook,
  columns: workbookColumns,
};
/** The first entry of a workbook is its list of content types or a folder of its own. */
const namesWorkbook = (head: Uint8Array): boolean => {
  const name = new TextDecoder().decode(head.subarray(30, 80));
  return name.startsWith('[Content_Types].xml') || name.startsWith('xl/') || name.startsWith('_rels/');
};

interface OpenSheet {
  readonly name: string;
  readonly head: FoundHead;
  /** Rows that were looked at to find the head, all of them. */
  readonly first: readonly SheetRow[];
}

/** Rows below the head of each sheet; the first ones come when the head is found. */
async function* sheets(
  chunks: Chunks,
  trouble: (what: WorkbookTrouble) => void,
): AsyncGenerator<{ sheet: OpenSheet; rows: readonly SheetRow[] }> {
  let waiting: SheetRow[] = [];
  let open: OpenSheet | undefined;
  const begin = (): { sheet: OpenSheet; rows: readonly SheetRow[] } | undefined => {
    const [first] = waiting;
    if (!first) return undefined;
    const head = findHead(waiting.map(({ cells }) => cells));
    open = { name: first.sheet, head, first: waiting };
    const rows = waiting.slice(head.above);
    waiting = [];
    return { sheet: open, rows };
  };
  for await (const piece of workbookRows(chunks, trouble)) {
    let rest: SheetRow[] = [];
    for (const row of piece) {
      if (open && open.name !== row.sheet) {
        if (rest.length > 0) yield { sheet: open, rows: rest };
        rest = [];
        open = undefined;
      }
      if (waiting.length > 0 && waiting[0]?.sheet !== row.sheet) {
        const begun = begin();
        if (begun) yield begun;
        open = undefined;
      }
      if (open) rest.push(row);
      else {
        waiting.push(row);
        if (waiting.length >= FIRST_ROWS) {
          const begun = begin();
          if (begun) yield begun;
        }
      }
    }
    if (open && rest.length > 0) yield { sheet: open, rows: rest };
  }
  const begun = begin();
  if (begun) yield begun;
}

async function* readWorkbook(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(assetWorkbook, options);
  let at: OpenSheet | undefined;
  let reader: RowReader | undefined;
  const trouble = ({ refused, text }: WorkbookTrouble) =>
    telling.problem(refused ? 'document.refused' : 'document.not-understood', 'document', text);
  let number = 0;
  for await (const { sheet, rows } of sheets(chunks, trouble)) {
    if (sheet !== at) {
      at = sheet;
      number++;
      const { head, first } = sheet;
      const mapping =
        options.mapping ??
        guessMapping(
          head.titles,
          first.slice(head.above).map(({ cells }) => cells),
        );
      reader = new RowReader(telling, head, mapping, options.source, sheet.name);
      if (!reader.isUsable || (number > 1 && head.known < LEAST_KNOWN)) {
        reader = undefined;
        telling.problem('kind.not-known', `sheet ${sheet.name}`, 'no columns that are known; the sheet was not read');
      }
    }
    if (!reader) continue;
    for (const row of rows) {
      reader.read(row);
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

/** Columns of all sheets that are tables of devices, each title once, in the order in which they come. */
async function workbookColumns(chunks: Chunks): Promise<TableHead> {
  const heads: TableHead[] = [];
  let at: OpenSheet | undefined;
  for await (const { sheet } of sheets(chunks, () => undefined)) {
    if (sheet === at) continue;
    at = sheet;
    if (heads.length > 0 && sheet.head.known < LEAST_KNOWN) continue;
    heads.push(
      describeTable(
        sheet.head,
        sheet.first.map(({ cells }) => cells),
      ),
    );
  }
  const [first] = heads;
  if (!first) return { columns: [], guessed: {}, rows: [] };
  const columns = [...first.columns];
  let guessed = first.guessed;
  for (const head of heads.slice(1)) {
    for (const column of head.columns) if (!columns.some(({ title }) => title === column.title)) columns.push(column);
    guessed = { ...head.guessed, ...guessed };
  }
  return { columns, guessed, rows: first.rows };
}

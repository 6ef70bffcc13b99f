// The inventory as an Excel workbook: one sheet of devices with filters in mind (a header row that stays), one that says
// what the file is. Texts are texts, so that no spreadsheet takes what came from the network for a formula.
import type { DeviceColumn, DeviceRow } from '@interlock/model/api';
import writeWorkbook, { type Row, type Sheet } from 'write-excel-file/node';
import { cellText, type Rows, TITLES } from './rows.ts';

/** Devices that one sheet holds; Excel's limit is 1,048,576 rows with the header. */
const MAX_ROWS = 1_000_000;
/** Characters of one cell that Excel takes. */
const MAX_CELL = 32_767;
/** Widths in characters; what is longer is still there. */
const WIDTHS: Readonly<Partial<Record<DeviceColumn, number>>> = { name: 28, addresses: 32, services: 40, model: 24 };
const USUAL_WIDTH = 16;

/** In: pages of rows, columns, when it was asked for (ms) and the version of Interlock. Out: the bytes of the file. */
export async function* exportWorkbook(
  rows: Rows,
  columns: readonly DeviceColumn[],
  time: number,
  version: string,
): AsyncGenerator<Uint8Array> {
  const data: Row[] = [columns.map((column) => ({ value: TITLES[column], fontWeight: 'bold' as const }))];
  let left = 0;
  for await (const page of rows)
    for (const row of page) {
      if (data.length <= MAX_ROWS) data.push(columns.map((column) => cellOf(row, column)));
      else left++;
    }
  const about: Row[] = [
    [{ value: 'Inventory by Interlock', fontWeight: 'bold' }],
    ['Made', { value: new Date(time), type: Date, format: 'yyyy-mm-dd hh:mm' }],
    ['Version', version],
    ['Devices', data.length - 1],
    ...(left > 0 ? [['Left out, more than a sheet holds', left]] : []),
  ];
  const sheets: Sheet<never>[] = [
    {
      sheet: 'Devices',
      data,
      columns: columns.map((column) => ({ width: WIDTHS[column] ?? USUAL_WIDTH })),
      stickyRowsCount: 1,
    },
    { sheet: 'About', data: about, columns: [{ width: 34 }, { width: 22 }] },
  ];
  yield await writeWorkbook(sheets).toBuffer();
}

function cellOf(row: DeviceRow, column: DeviceColumn) {
  const value = row[column];
  if (value === undefined) return null;
  if (column === 'first' || column === 'last')
    return row[column] > 0 ? { value: new Date(row[column]), type: Date, format: 'yyyy-mm-dd hh:mm:ss' } : null;
  if (typeof value === 'number') return { value, type: Number };
  return { value: cellText(row, column).slice(0, MAX_CELL), type: String };
}

// The inventory as rows of a file: CSV, JSON, JSON Lines. CSV after RFC 4180; cells that a spreadsheet would take for a formula are defused, because
// their texts come from the network.
import { DEVICE_ROLES } from '@interlock/model';
import type { DeviceColumn, DeviceRow } from '@interlock/model/api';

export type Rows = AsyncIterable<readonly DeviceRow[]>;

/** Titles of the columns, as the console shows them. */
export const TITLES: Readonly<Record<DeviceColumn, string>> = {
  name: 'Name',
  vendor: 'Vendor',
  model: 'Model',
  orderNumber: 'Order number',
  firmware: 'Firmware',
  hardwareVersion: 'Hardware version',
  serial: 'Serial number',
  os: 'Operating system',
  role: 'Role',
  addresses: 'Addresses',
  zone: 'Zone',
  level: 'Level',
  location: 'Location',
  services: 'Services',
  parts: 'Parts',
  peers: 'Peers',
  exposures: 'Exposures',
  origin: 'Known by',
  listed: 'In a list',
  contradictions: 'Contradictions',
  sureness: 'Sureness',
  first: 'First seen',
  last: 'Last seen',
  id: 'Id',
};

/** In: pages of rows and columns. Out: the file, page by page. Begins with the mark by which Excel knows UTF-8. */
export async function* exportCsv(rows: Rows, columns: readonly DeviceColumn[]): AsyncGenerator<string> {
  yield `\ufeff${columns.map((column) => csvCell(TITLES[column])).join(',')}\r\n`;
  for await (const page of rows)
    yield page.map((row) => `${columns.map((column) => csvCell(cellText(row, column))).join(',')}\r\n`).join('');
}

/** The same as a JSON array of objects with the names the API uses. */
export async function* exportJson(rows: Rows, columns: readonly DeviceColumn[]): AsyncGenerator<string> {
  let between = '[\n';
  for await (const page of rows) {
    for (const row of page) {
      yield `${between}${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}`;
      between = ',\n';
    }
  }
  yield between === '[\n' ? '[]\n' : '\n]\n';
}

/** The same as JSON Lines: one object per line. */
export async function* exportJsonLines(rows: Rows, columns: readonly DeviceColumn[]): AsyncGenerator<string> {
  for await (const page of rows)
    yield page
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}\n`)
      .join('');
}

/**
 * One cell. A text that starts with a sign of a formula (=, +, -, @, tab, carriage return) gets an apostrophe before it,
 * after OWASP's page on CSV injection; quotes are doubled.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a column shows of a device, as a person reads it; times as ISO 8601 in UTC. */
export function cellText(row: DeviceRow, column: DeviceColumn): string {
  switch (column) {
    case 'addresses':
      return row.addresses.map(({ value }) => value).join(' ');
    case 'services':
      return row.services
        .map(({ transport, port, protocol }) => `${transport}/${port}${protocol ? ` ${protocol}` : ''}`)
        .join('; ');
    case 'role':
      return row.role ? DEVICE_ROLES[row.role] : '';
    case 'first':
    case 'last':
      return row[column] > 0 ? new Date(row[column]).toISOString() : '';
    case 'sureness':
      return row.sureness.toFixed(2);
    default:
      return String(row[column] ?? '');
  }
}

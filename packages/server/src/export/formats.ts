// Every format in which the inventory can be had, by its name in the contract: rows with chosen columns, or whole devices
// with their parts for other tools.
import {
  type ExportedDevice,
  type ExportedPart,
  type ExportWriter,
  writeCycloneDx,
  writeNetBox,
  writeStix,
} from '@interlock/documents/exports';
import type { DeviceColumn, DeviceDetail, DevicePartShown, DeviceRow, ExportFormat } from '@interlock/model/api';
import { exportCsv, exportJson, exportJsonLines, type Rows } from './rows.ts';
import { exportWorkbook } from './workbook.ts';

export interface ExportRequest {
  readonly rows: Rows;
  readonly columns: readonly DeviceColumn[];
  /** Asked for devices whose row does not hold all that is exported. */
  readonly detail: (id: string) => Promise<DeviceDetail>;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly version: string;
  readonly uuid: string;
}
type Writer = (request: ExportRequest) => AsyncIterable<string | Uint8Array>;

/** What plants are called in files that need a name, until one can be given. */
const SITE = 'Plant';

const devices =
  (write: ExportWriter): Writer =>
  ({ rows, detail, time, version, uuid }) =>
    write(exportedDevices(rows, detail), { time, version, uuid, site: SITE });

export const EXPORTERS: Readonly<Record<ExportFormat, Writer>> = {
  csv: ({ rows, columns }) => exportCsv(rows, columns),
  xlsx: ({ rows, columns, time, version }) => exportWorkbook(rows, columns, time, version),
  json: ({ rows, columns }) => exportJson(rows, columns),
  jsonl: ({ rows, columns }) => exportJsonLines(rows, columns),
  cyclonedx: devices(writeCycloneDx),
  netbox: devices(writeNetBox),
  stix: devices(writeStix),
};

async function* exportedDevices(rows: Rows, detail: ExportRequest['detail']): AsyncGenerator<ExportedDevice> {
  for await (const page of rows)
    for (const row of page) {
      // A row holds the first addresses and no parts: most devices have no more.
      const more = row.parts > 0 || row.addressCount > row.addresses.length ? await detail(row.id) : undefined;
      yield {
        ...summaryOf(row),
        id: row.id,
        ...(row.role === undefined ? {} : { role: row.role }),
        level: row.level,
        ...(row.zone === undefined ? {} : { zone: row.zone }),
        outside: row.outside,
        addresses: more?.addresses ?? row.addresses,
        parts: more?.parts.map(exportedPart) ?? [],
        first: row.first,
        last: row.last,
      };
    }
}
const exportedPart = (part: DevicePartShown): ExportedPart => ({
  ...summaryOf(part),
  id: part.id,
  part: part.part,
  children: part.children.map(exportedPart),
});

type Summary = Pick<
  DeviceRow,
  'name' | 'vendor' | 'model' | 'orderNumber' | 'firmware' | 'hardwareVersion' | 'serial' | 'os' | 'location'
>;
/** The summary's values alone, without those that are not known. */
function summaryOf(of: Summary): Omit<ExportedPart, 'id' | 'part' | 'children'> {
  const { name, vendor, model, orderNumber, firmware, hardwareVersion, serial, os, location } = of;
  const all = { name, vendor, model, orderNumber, firmware, hardwareVersion, serial, os, location };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

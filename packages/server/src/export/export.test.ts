// Every format of the export as the API gives it: read back by what others read it with, and the same devices in each.
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { addressOf, EXPORT_FORMATS, type ExportFormat } from '@interlock/model/api';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlantServer } from '../testing/plant-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let at: TestServer;
beforeAll(async () => {
  at = await startPlantServer({ devices: 60 });
});
afterAll(() => at.close());

async function exported(format: ExportFormat, query: { vendor?: string } = {}) {
  const answer = await at.fetch(addressOf('exportDevices', undefined, { ...query, format }));
  expect(answer.status).toBe(200);
  const { extension, media } = EXPORT_FORMATS[format];
  expect(answer.headers.get('content-type')).toMatch(new RegExp(`^${media.replaceAll(/[.+]/g, '\\$&')}`));
  expect(answer.headers.get('content-disposition')).toContain(`.${extension}"`);
  const { items } = await at.get('listDevices', { query: { ...query, limit: 1_000 } });
  return { bytes: new Uint8Array(await answer.arrayBuffer()), items };
}
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the inventory for other tools', () => {
  test('JSON Lines: one device per line', async () => {
    const { bytes, items } = await exported('jsonl');
    const lines = textOf(bytes).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(items.map(({ id }) => id));
  });

  test('Excel: a sheet with a header and a row per device; nothing is a formula', async () => {
    const { bytes, items } = await exported('xlsx');
    const files = unzipSync(bytes);
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet.match(/<row /g)).toHaveLength(items.length + 1);
    expect(sheet).not.toContain('<f>');
    const texts = strFromU8(files['xl/sharedStrings.xml'] ?? new Uint8Array());
    const serials = items.flatMap(({ serial }) => (serial === undefined ? [] : [serial]));
    expect(serials.length).toBeGreaterThan(5);
    for (const serial of serials) expect(texts).toContain(`>${serial}<`);
  });

  test('CycloneDX: valid after its schema, with serial numbers, firmware, addresses and parts', async () => {
    const { bytes, items } = await exported('cyclonedx');
    const text = textOf(bytes);
    const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
    expect(problem).toBeNull();
    const bom = JSON.parse(text) as { components: Component[] };
    expect(bom.components.map((one) => one['bom-ref'])).toEqual(items.map(({ id }) => id));
    for (const [n, row] of items.entries()) {
      const component = bom.components[n];
      const valuesOf = (name: string) =>
        component?.properties?.filter((one) => one.name === name).map(({ value }) => value) ?? [];
      expect(valuesOf('cdx:device:serialNumber')).toEqual(row.serial === undefined ? [] : [row.serial]);
      expect(component?.components?.find(({ type }) => type === 'firmware')?.version).toBe(row.firmware);
      expect(valuesOf('cdx:device:macAddress')).toEqual(
        row.addresses.filter(({ kind }) => kind === 'mac').map(({ value }) => value),
      );
    }
    const chassis = items.find(({ parts }) => parts > 0);
    if (!chassis) throw new Error('the generated plant has no device with parts');
    const detail = await at.get('getDevice', { params: { id: chassis.id } });
    const parts = bom.components.find((one) => one['bom-ref'] === chassis.id)?.components?.filter(isDevice);
    expect(parts?.map((one) => one['bom-ref'])).toEqual(detail.parts.map(({ id }) => id));
  });

  test('STIX: one bundle of infrastructure, addresses and what consists of what', async () => {
    const { bytes, items } = await exported('stix');
    const { objects } = JSON.parse(textOf(bytes)) as { objects: StixObject[] };
    expect(objects.filter(({ type }) => type === 'infrastructure')).toHaveLength(items.length);
    const ids = new Set(objects.map(({ id }) => id));
    expect(ids.size).toBe(objects.length);
    for (const { id, type, spec_version, source_ref, target_ref } of objects) {
      expect(id).toMatch(new RegExp(`^${type}--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`));
      expect(spec_version).toBe('2.1');
      for (const ref of [source_ref, target_ref]) if (ref !== undefined) expect(ids).toContain(ref);
    }
  });

  test('NetBox: numbered tables, each naming only what the ones before it hold', async () => {
    const { bytes, items } = await exported('netbox');
    const tables = Object.entries(unzipSync(bytes)).map(([name, content]) => ({
      name,
      rows: rowsOf(strFromU8(content)),
    }));
    expect(tables.map(({ name }) => name)).toEqual([...tables.map(({ name }) => name)].sort());
    const table = (part: string) => tables.find(({ name }) => name.includes(part))?.rows ?? [];
    expect(table('devices')).toHaveLength(items.length);
    const known = (part: string, column: string) => new Set(table(part).map((row) => row[column]));
    for (const row of table('devices')) {
      expect(known('manufacturers', 'name')).toContain(row['manufacturer']);
      expect(known('device-types', 'model')).toContain(row['device_type']);
      expect(known('roles', 'name')).toContain(row['role']);
    }
    expect(known('devices', 'name').size).toBe(items.length);
    for (const row of [...table('interfaces'), ...table('mac-addresses'), ...table('ip-addresses')])
      expect(known('devices', 'name')).toContain(row['device']);
    expect(table('ip-addresses').length).toBeGreaterThan(items.length / 2);
  });

  test('filters hold for every format, also where nothing is left', async () => {
    for (const format of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
      const { bytes, items } = await exported(format, { vendor: 'nobody' });
      expect(items).toEqual([]);
      expect(textOf(bytes)).not.toContain('Siemens');
      if (EXPORT_FORMATS[format].media.endsWith('json')) JSON.parse(textOf(bytes));
    }
  });
});

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly version?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly Component[];
}
const isDevice = ({ type }: Component): boolean => type === 'device';
interface StixObject {
  readonly id: string;
  readonly type: string;
  readonly spec_version: string;
  readonly source_ref?: string;
  readonly target_ref?: string;
}

/** CSV without quoted line ends, as these tables are. */
function rowsOf(csv: string): Record<string, string>[] {
  const [head = [], ...rows] = csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => (m[1] ?? m[2] ?? '').replaceAll('""', '"')),
    );
  return rows.map((cells) => Object.fromEntries(head.map((name, n) => [name, cells[n] ?? ''])));
}

// Documents on their way in: looked at, mapped, imported, replaced by their next version, removed; and what the inventory
// makes of them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const LIST = [
  'Gerät;IP-Adresse;MAC-Adresse;Hersteller;Typ;Seriennummer;Passwort',
  'Presse 1;10.1.0.1;00:1b:1b:00:00:01;Siemens AG;CPU 315-2 PN/DP;S C-1;geheim',
  'Presse 2;10.1.0.2;00-1B-1B-00-00-02;Siemens;CPU 315-2 PN/DP;S C-2;geheim',
  'Presse 3;10.1.0.333;;Siemens;;S C-3;geheim',
  'Pumpe;;;ABB;ACS880;SN-9;',
  '"offen;10.1.0.5;;;;;',
].join('\r\n');

describe('An asset list', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.end());

  test('is looked at: columns with the guess, first rows without secrets, what will be understood; nothing is imported', async () => {
    const { output, status } = await server.uploadDocument(LIST, 'Anlagen Halle 3.csv');
    expect(status).toBe(201);
    expect(output).toMatchObject({ state: 'preview', importer: 'asset-list', basis: 'list', observations: 0 });
    const preview = output?.preview;
    expect(preview?.mapping).toEqual({
      Gerät: 'name',
      'IP-Adresse': 'ip',
      'MAC-Adresse': 'mac',
      Hersteller: 'vendor',
      Typ: 'model',
      Seriennummer: 'serial',
    });
    expect(preview).toMatchObject({ records: 5, refused: 1, problems: 2, whole: true, devices: 4 });
    expect(preview?.firstProblems).toEqual(
      expect.arrayContaining([
        { code: 'value.address', path: 'row 4, column B', text: '"10.1.0.333" is no IP address' },
        { code: 'record.malformed', path: 'row 6', text: 'a quote that is not closed' },
      ]),
    );
    expect(JSON.stringify(output)).not.toContain('geheim');
    expect(await server.get('listDevices')).toMatchObject({ total: 0 });
    await server.call('removeImport', { params: { id: output?.id ?? '' } });
    expect(readdirSync(join(server.data, 'documents'))).toEqual([]);
  });

  test('a person corrects the mapping, which is kept with the source', async () => {
    const { output } = await server.uploadDocument('A,B\n10.1.0.9,Waage 4\n', 'scales.csv');
    const id = output?.id ?? '';
    const again = await server.get('previewImport', {
      params: { id },
      body: { mapping: { A: 'ip', B: 'name', 'not there': 'serial' } },
    });
    expect(again.preview?.mapping).toEqual({ A: 'ip', B: 'name' });
    await server.get('startImport', { params: { id }, body: { source: 'Scales' } });
    await server.settled();
    expect((await server.get('listImportSources')).items).toMatchObject([
      { name: 'Scales', mapping: { A: 'ip', B: 'name' }, versions: 1, current: id },
    ]);
    expect((await server.get('listDevices', { query: { search: 'Waage' } })).items).toMatchObject([
      { name: 'Waage 4', origin: 'listed', listed: true },
    ]);
    await server.get('removeImport', { params: { id } });
    await server.settled();
    expect(await server.get('listDevices')).toMatchObject({ total: 0 });
    expect((await server.get('listImportSources')).items).toEqual([]);
  });

  test('is imported: devices nobody met, each fact with document, row and cell; the file goes', async () => {
    const done = await server.importDocument(LIST, 'Anlagen Halle 3.csv', 'Anlagenliste');
    expect(done).toMatchObject({ state: 'done', source: 'Anlagenliste', records: 5, refused: 1, problems: 2 });
    expect(done).toMatchObject({ devices: { known: 4, onlyListed: 4 }, changes: { gone: 0, kept: 0 } });
    expect(existsSync(join(server.data, 'documents', done.id))).toBe(false);
    const { items } = await server.get('listDevices', { query: { origin: ['listed'], sort: 'name' } });
    expect(items.map(({ name, serial }) => [name, serial])).toEqual([
      ['Presse 1', 'S C-1'],
      ['Presse 2', 'S C-2'],
      ['Presse 3', 'S C-3'],
      ['Pumpe', 'SN-9'],
    ]);
    const detail = await server.get('getDevice', { params: { id: items[0]?.id ?? '' } });
    expect(detail.imports).toEqual([{ id: done.id, source: 'Anlagenliste', basis: 'list' }]);
    const serial = detail.facts.find(({ kind }) => kind === 'device.serial')?.values[0]?.sources[0];
    expect(serial).toMatchObject({ said: 'imported', protocol: 'asset-list', source: 'Seriennummer' });
    const evidence = await server.get('getEvidence', { params: { fact: serial?.fact ?? '' } });
    expect(evidence.origins).toMatchObject([
      {
        from: 'document',
        document: 'Anlagen Halle 3.csv',
        path: 'row 2, column F',
        field: 'Seriennummer',
        importer: 'asset-list',
        basis: 'list',
        source: 'Anlagenliste',
        import: done.id,
      },
    ]);
    expect(await server.get('listDevices', { query: { import: done.id } })).toMatchObject({ total: 4 });
  });

  test('its next version takes its place; what both say is known since the first one', async () => {
    const [before] = (await server.get('listImports')).items;
    const first = (await server.get('getDevice', { params: { id: await idOf('Presse 1') } })).facts.find(
      ({ kind }) => kind === 'device.serial',
    )?.values[0]?.sources[0]?.first;
    const next = LIST.replace('S C-2', 'S C-22').replace(/Pumpe.*\r\n/, '');
    const done = await server.importDocument(next, 'Anlagen Halle 3 neu.csv', 'Anlagenliste');
    expect(done.changes).toMatchObject({ added: 1 });
    expect(done.changes?.gone).toBeGreaterThan(1);
    expect(await server.get('getImport', { params: { id: before?.id ?? '' } })).toMatchObject({
      state: 'replaced',
      records: 5,
      observations: before?.observations,
    });
    const { items } = await server.get('listDevices', { query: { sort: 'name' } });
    expect(items.map(({ serial }) => serial)).toEqual(['S C-1', 'S C-22', 'S C-3']);
    const again = (await server.get('getDevice', { params: { id: await idOf('Presse 1') } })).facts.find(
      ({ kind }) => kind === 'device.serial',
    )?.values[0]?.sources[0];
    expect(again?.first).toBe(first);
  });

  test('what was not understood can be read in pages and as a file', async () => {
    const [row] = (await server.get('listImports', { query: { search: 'neu' } })).items;
    const id = row?.id ?? '';
    const page = await server.get('listImportProblems', { params: { id }, query: { limit: 1 } });
    expect(page.total).toBe(2);
    const rest = await server.get('listImportProblems', { params: { id }, query: { limit: 1, cursor: page.next } });
    expect([...page.items, ...rest.items].map(({ path }) => path).sort()).toEqual(['row 4, column B', 'row 5']);
    expect((await server.get('listImportProblems', { params: { id }, query: { code: 'value.address' } })).total).toBe(
      1,
    );
    const file = await server.fetch(`/api/v1/imports/${id}/problems/export`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(await file.text()).toContain('"row 4, column B",value.address');
  });

  const idOf = async (name: string): Promise<string> =>
    (await server.get('listDevices', { query: { name } })).items[0]?.id ?? '';
});

describe('Documents', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ maxUpload: 1 << 20, maxUnpacked: 1 << 19 });
  });
  afterAll(() => server.end());

  test('that are none, are empty, too large or read by another importer are refused with a reason', async () => {
    const refused = async (bytes: Uint8Array | string, name: string, importer?: string) =>
      (await server.uploadDocument(bytes, name, importer)).error?.code;
    expect(await refused('', 'a.csv')).toBe('import.empty');
    expect(await refused(new Uint8Array(100), 'a.bin')).toBe('import.not-understood');
    expect(await refused('a,b\n1,2\n', '../a.csv')).toBe('import.bad-name');
    expect(await refused('a,b\n1,2\n', 'a.csv', 'magic')).toBe('import.no-such-importer');
    expect(await refused('x'.repeat((1 << 20) + 1), 'a.csv')).toBe('import.too-large');
    expect(readdirSync(join(server.data, 'documents'))).toEqual([]);
    expect((await server.call('getImport', { params: { id: crypto.randomUUID() } })).error?.code).toBe(
      'import.not-found',
    );
  });

  test('may be packed, but not without end', async () => {
    const packed = gzipSync('ip;name\n10.2.0.1;Ofen\n');
    const done = await server.importDocument(packed, 'ovens.csv.gz', 'Ovens');
    expect(done).toMatchObject({ state: 'done', records: 1 });
    const bomb = gzipSync(`ip;name\n${'10.2.0.1;Ofen\n'.repeat(60_000)}`);
    const cut = await server.importDocument(bomb, 'bomb.csv.gz', 'Bomb');
    expect(cut.problem).toContain('unpacks to more than');
    expect(cut.records).toBeLessThan(50_000);
  });

  test('of one source are of one basis', async () => {
    const { output } = await server.uploadDocument(
      '<?xml version="1.0"?><nmaprun><host><address addr="10.2.0.1" addrtype="ipv4"/></host></nmaprun>',
      'scan.xml',
    );
    const answer = await server.call('startImport', { params: { id: output?.id ?? '' }, body: { source: 'Ovens' } });
    expect(answer.error?.code).toBe('import.other-format');
    const started = await server.call('startImport', { params: { id: output?.id ?? '' }, body: { source: 'Scan' } });
    expect(started.status).toBe(200);
    await server.settled();
    const again = await server.call('startImport', { params: { id: output?.id ?? '' }, body: { source: 'Scan' } });
    expect(again.error?.code).toBe('import.not-in-preview');
    const [device] = (await server.get('listDevices', { query: { address: '10.2.0.1' } })).items;
    expect(device).toMatchObject({ name: 'Ofen', origin: 'observed', listed: true });
  });
});

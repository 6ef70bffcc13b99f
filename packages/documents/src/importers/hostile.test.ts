// Bad input is data: lists with bad rows, wrong encodings, cut and damaged documents, entities, bombs, and a million rows.
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { importerNamed } from '../index.ts';
import { AT, bytesOf, pieces, readAll, said } from '../testing/read-all.ts';
import { ASSET_ROWS, csv, NMAP, SAMPLES, workbook, zeekLog } from '../testing/samples.ts';

const codes = (read: { problems: readonly { code: string; path: string }[] }) =>
  read.problems.map(({ code, path }) => `${code} ${path}`);

describe('An asset list with bad rows', () => {
  const rows = (count: number, bad: ReadonlyMap<number, string>): string => {
    const all = ['Name,IP address,MAC address,Serial number\n'];
    for (let i = 0; i < count; i++) {
      const octets = [10, (i >> 16) & 255, (i >> 8) & 255, i & 255];
      all.push(bad.get(i) ?? `Device ${i},${octets.join('.')},,SN-${i}\n`);
    }
    return all.join('');
  };
  const BAD: readonly string[] = [
    '"never closed,10.9.9.9,,SN-X\n',
    'too,10.9.9.9,,many,cells\n',
    'x\n',
    ',,,\n',
    ',10.0.0.999,,\n',
    ',,00:11:22,\n',
    '"closed" early,10.9.9.9,,SN-X\n',
    `${'x'.repeat(300_000)},10.9.9.9,,\n`,
    '\u0000\u0001\u0002,10.9.9.9,,\n',
    '"never, closed,10.9.9.9\n',
  ];

  test('ten in a million are told with line and reason, all others are read, and memory stays flat', async () => {
    const COUNT = 1_000_000;
    const places = BAD.map((row, i) => [99_991 * (i + 1), row] as const);
    const bad = new Map(places);
    async function* document(): AsyncGenerator<Uint8Array> {
      const step = 20_000;
      yield bytesOf('Name,IP address,MAC address,Serial number\n');
      for (let from = 0; from < COUNT; from += step) {
        let text = '';
        for (let i = from; i < from + step; i++)
          text += bad.get(i) ?? `Device ${i},10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255},,SN-${i}\n`;
        yield bytesOf(text);
      }
    }
    const importer = importerNamed('asset-list');
    if (!importer) throw new Error('no such importer');
    let records = 0;
    let serials = 0;
    const lines = new Set<number>();
    let most = 0;
    for await (const batch of importer.read(document(), { document: 'big.csv', source: 'S', at: AT })) {
      records += batch.records;
      for (const { kind } of batch.observations) if (kind === 'device.serial') serials++;
      for (const { path } of batch.problems) lines.add(Number(/^row (\d+)/.exec(path)?.[1]));
      most = Math.max(most, batch.observations.length + batch.problems.length);
    }
    // The row of empty cells holds nothing and is no record.
    expect(records).toBe(COUNT - 1);
    expect(serials).toBe(COUNT - BAD.length);
    const told = places.filter((_, i) => i !== 3).map(([i]) => i + 2);
    expect([...lines].sort((a, b) => a - b)).toEqual(told);
    // What is held at a time does not grow with the document.
    expect(most).toBeLessThan(20_000);
  });

  test('an unclosed quote costs one row, whatever follows', async () => {
    const read = await readAll(rows(500, new Map([[10, BAD[0] ?? '']])), 'a.csv', { size: 100 });
    expect(said(read, 'device.serial')).toHaveLength(499);
    expect(codes(read)).toEqual(['record.malformed row 12']);
  });
  test('a quote that closes rows later by chance does not swallow what is between', async () => {
    const text = 'Name,IP,Serial\n"open,10.0.0.1,S1\nb,10.0.0.2,S2\n"c, d",10.0.0.3,S3\n';
    const read = await readAll(text, 'a.csv');
    expect(said(read, 'device.serial')).toEqual(['10.0.0.2 device.serial S2', '10.0.0.3 device.serial S3']);
  });
  test('quotes, line ends inside cells, separators and inches are read as they are meant', async () => {
    const text =
      'Name;IP;Beschreibung\r\n"Rack 19""";10.0.0.1;"Zeile 1\r\nZeile 2; mit Strichpunkt"\r\n19" Einschub;10.0.0.2; "y; z" \r\n';
    const read = await readAll(text, 'a.csv', { size: 5 });
    expect(said(read, 'device.friendly-label', 'device.description')).toEqual([
      '10.0.0.1 device.friendly-label Rack 19"',
      '10.0.0.1 device.description Zeile 1 Zeile 2; mit Strichpunkt',
      '10.0.0.2 device.friendly-label 19" Einschub',
      '10.0.0.2 device.description y; z',
    ]);
    expect(read.problems).toEqual([]);
  });
});

describe('Encodings', () => {
  const text = csv(
    [
      ['Gerät', 'IP-Adresse', 'Standort'],
      ['Mühle', '10.0.0.1', 'Gebäude Süd'],
    ],
    ';',
  );
  const utf16 = (order: 'le' | 'be', mark: boolean): Uint8Array => {
    const units = [...(mark ? '\ufeff' : ''), ...text].flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return order === 'le' ? [code & 255, code >> 8] : [code >> 8, code & 255];
    });
    return Uint8Array.from(units);
  };
  const expected = ['10.0.0.1 device.friendly-label Mühle', '10.0.0.1 device.location Gebäude Süd'];
  test.each([
    ['UTF-8 with mark', bytesOf(`\ufeff${text}`)],
    ['UTF-16 LE with mark', utf16('le', true)],
    ['UTF-16 BE with mark', utf16('be', true)],
    ['UTF-16 LE', utf16('le', false)],
    ['Windows-1252', Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)))],
  ])('%s', async (_, bytes) => {
    for (const size of [1, 3, 4096]) {
      const read = await readAll(bytes, 'a.csv', { size });
      expect(said(read, 'device.friendly-label', 'device.location')).toEqual(expected);
      expect(read.problems).toEqual([]);
    }
  });
  test('a broken character in UTF-8 is told, and the rest is read', async () => {
    const bytes = new Uint8Array([...bytesOf(text), ...bytesOf('Schn'), 0xff, ...bytesOf('ecke;10.0.0.2;x\r\n')]);
    const read = await readAll(bytes, 'a.csv', { size: 50 });
    expect(codes(read)).toEqual(['document.encoding document']);
    expect(said(read, 'device.friendly-label')).toHaveLength(2);
  });
});

describe('XML', () => {
  const around = (dtd: string, body: string) => `<?xml version="1.0"?>${dtd}<nmaprun>${body}</nmaprun>`;
  const host = '<host><status state="up"/><address addr="10.0.0.1" addrtype="ipv4"/></host>';
  test('entity declarations are refused before any of them is looked at', async () => {
    let entities = '<!ENTITY a0 "ha">';
    for (let i = 1; i < 20; i++) entities += `<!ENTITY a${i} "${`&a${i - 1};`.repeat(10)}">`;
    const read = await readAll(around(`<!DOCTYPE nmaprun [${entities}]>`, `${host}<x>&a19;</x>`), 'x.xml');
    expect(read.problems.map(({ code }) => code)).toEqual(['document.refused']);
    const outside = await readAll(
      around('<!DOCTYPE nmaprun [<!ENTITY f SYSTEM "file:///etc/passwd">]>', '<x>&f;</x>'),
      'x.xml',
    );
    expect(outside.problems.map(({ code }) => code)).toEqual(['document.refused']);
  });
  test('nesting without end, a text without end, a cut and a broken element end the reading, and what was read holds', async () => {
    const deep = await readAll(around('', `${host}${'<a>'.repeat(100_000)}`), 'x.xml');
    expect(deep.problems.map(({ code }) => code)).toEqual(['document.refused']);
    expect(said(deep)).toHaveLength(1);
    const cut = await readAll(NMAP.slice(0, NMAP.indexOf('10.3.0.7')), 'x.xml');
    expect(cut.problems.map(({ code }) => code)).toEqual(['document.cut-off']);
    expect(said(cut, 'device.order-number')).toHaveLength(1);
    const broken = await readAll(around('', `${host}<a></b>${host}`), 'x.xml');
    expect(broken.problems).toMatchObject([{ code: 'record.malformed' }]);
    expect(said(broken)).toHaveLength(1);
    const silent = await readAll(around('', `${host}<a b="${'x'.repeat(10 << 20)}"/>`), 'x.xml', { size: 65_536 });
    expect(silent.problems.map(({ code }) => code)).toEqual(['document.limit']);
  });
});

describe('Workbooks', () => {
  test('that unpack without end, are cut off or damaged are told', async () => {
    const good = workbook({ A: ASSET_ROWS });
    for (let cut = 0; cut < good.length; cut += 97) {
      const read = await readAll(good.slice(0, cut), 'a.xlsx', { importer: 'asset-workbook' });
      expect(read.problems.length, `cut at ${cut}`).toBeGreaterThan(0);
    }
    const none = await readAll(zipSync({ 'a.txt': bytesOf('x') }), 'a.xlsx', { importer: 'asset-workbook' });
    expect(none.problems).toMatchObject([{ code: 'document.not-understood' }]);
  });
  test('columns are found on every sheet, with names for those without a title', async () => {
    const columns = await importerNamed('asset-workbook')?.columns?.(
      pieces(
        workbook({
          A: ASSET_ROWS,
          B: [
            ['IP', 'Bemerkung'],
            ['10.0.0.1', 'x'],
          ],
        }),
      ),
    );
    expect(columns?.columns.map(({ title }) => title)).toEqual([...(ASSET_ROWS[0] ?? []), 'IP', 'Bemerkung']);
    expect(columns?.guessed).toMatchObject({ 'IP address': 'ip', IP: 'ip', Bemerkung: 'description' });
  });
});

describe('Logs', () => {
  test('lines of other lengths, of other formats and without end are told, the rest is read', async () => {
    const fields = ['ts', 'uid', 'host', 'port_num', 'port_proto', 'service'];
    const good = ['1767600000', '-', '10.0.0.1', '22', 'tcp', 'SSH'];
    const log = new TextDecoder().decode(
      zeekLog('known_services', fields, good, ['cut'], [...good.slice(0, 2), '10.0.0.300', '1', 'tcp', '-'], good),
    );
    const read = await readAll(`${log}{"half": \n${'x'.repeat(2 << 20)}\nlast\tline`, 'known_services.log', {
      size: 10_000,
    });
    expect(codes(read)).toEqual([
      'record.columns line 10',
      'value.address line 11, host',
      'record.malformed line 14',
      'record.too-long line 15',
      'document.cut-off line 16',
    ]);
    expect(said(read, 'service.offered')).toEqual([
      '10.0.0.1 service.offered {"transport":"tcp","port":22,"protocol":"ssh"}',
    ]);
  });
  test('JSON that nests without end is not followed', async () => {
    const deep = `{"event_type":"flow","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;
    expect(codes(await readAll(deep, 'eve.json'))).toEqual(['record.malformed line 1']);
    const list = await readAll(`{"device_type":1,"results":${'['.repeat(100_000)}`, 'netbox.json', {
      importer: 'netbox',
    });
    expect(list.problems.map(({ code }) => code)).toEqual(['document.refused']);
  });
});

test('every sample cut at every place is read as far as it goes', async () => {
  for (const { name, bytes, importer } of SAMPLES) {
    const whole = new Set(said(await readAll(bytes, name)));
    for (let cut = 0; cut < bytes.length; cut += 13) {
      const read = await readAll(bytes.slice(0, cut), name, { importer, size: 1000 });
      // A value may be cut in its middle where the format has no way to tell; most must not be made up.
      const made = said(read).filter((text) => !whole.has(text));
      expect(made.length, `${name} cut at ${cut}: ${made.join(', ')}`).toBeLessThan(8);
    }
  }
});

// The inventory as people use it: finding devices, arranging the table, taking it along as a file, all of it also by keys.
import { readFileSync } from 'node:fs';
import { DEVICE_ROLES } from '@interlock/model';
import type { DeviceRow } from '@interlock/model/api';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { describeConsole, eventually, gone, readRows, shown, startConsoleWithPlant } from './fixture.ts';

const DEVICES = 240;

describeConsole(
  'The inventory',
  () => startConsoleWithPlant(DEVICES),
  (stage) => {
    let all: readonly DeviceRow[] = [];
    beforeAll(async () => {
      all = (await stage.server.get('listDevices', { query: { limit: 1000 } })).items;
      expect(all).toHaveLength(DEVICES);
    });

    const table = (page = stage.page) => page.getByRole('region', { name: 'Devices' }).getByRole('table');
    const rows = (page = stage.page) => readRows(table(page));
    const column = async (title: string, page = stage.page) => (await rows(page)).map((row) => row[title] ?? '');
    const status = (page = stage.page) => page.getByRole('main').getByRole('status');
    const head = (title: string, page = stage.page) =>
      page.getByRole('columnheader').filter({ has: page.getByRole('button', { name: title, exact: true }) });
    const button = (name: string | RegExp) => stage.page.getByRole('button', { name, exact: true });
    const openFilter = async (title: string) => {
      await stage.page.getByRole('button', { name: new RegExp(`^Filter ${title}(,|$)`) }).click();
      const filter = stage.page.getByRole('dialog');
      await shown(filter);
      return filter;
    };
    const closeFilter = async () => {
      await stage.page.keyboard.press('Escape');
      await gone(stage.page.getByRole('dialog'));
    };
    const found = (count: number, page = stage.page) =>
      eventually(() => status(page).innerText()).toBe(
        `${count} ${count === 1 ? 'device' : 'devices'}${count === DEVICES ? '' : ` of ${DEVICES}`}`,
      );
    const inventory = async (query = '') => {
      await stage.open(`/inventory${query}`);
      await shown(table().getByRole('row').nth(1));
    };
    const toTheEnd = async (page: Page, last: number) => {
      await table(page).getByRole('row').nth(1).focus();
      await page.keyboard.press('End');
      await shown(page.locator(`tr[aria-rowindex="${last + 1}"]`));
    };

    test('lists every device with what is known of it', async () => {
      await inventory();
      await found(DEVICES);
      expect(await table().getAttribute('aria-rowcount')).toBe(String(DEVICES + 1));
      const first = (await rows())[0];
      const device = all[0];
      expect(first).toMatchObject({
        Name: device?.name,
        Vendor: device?.vendor,
        Model: device?.model,
        Firmware: device?.firmware,
        'Serial number': device?.serial ?? '',
        Zone: device?.zone,
      });
      expect(first?.['Addresses']).toContain(device?.addresses.find(({ kind }) => kind === 'ipv4')?.value);
    });

    test('search finds a device by its serial number, and is cleared again', async () => {
      await inventory();
      const wanted = all.find(({ serial }) => serial !== undefined);
      const field = stage.page.getByRole('searchbox', { name: 'Search devices' });
      await field.fill(wanted?.serial ?? '');
      await found(1);
      expect(await column('Serial number')).toEqual([wanted?.serial]);
      await field.fill('no device is called like this');
      await shown(stage.page.getByRole('heading', { name: 'No device matches' }));
      await stage.page.getByRole('main').getByRole('button', { name: 'Clear all filters' }).first().click();
      await found(DEVICES);
      expect(await field.inputValue()).toBe('');
    });

    test('a column is filtered by part of its text', async () => {
      await inventory();
      const filter = await openFilter('Name');
      await filter.getByLabel('Name contains').fill('LOGIX-');
      await stage.page.keyboard.press('Enter');
      const matching = all.filter(({ name }) => name?.includes('logix-'));
      await found(matching.length);
      for (const name of await column('Name')) expect(name).toContain('logix-');
      await filter.getByRole('button', { name: 'Clear' }).click();
      await found(DEVICES);
    });

    test('a column is filtered by a menu that says how often each value occurs', async () => {
      await inventory();
      const vendors = Map.groupBy(all, ({ vendor }) => vendor ?? 'not known');
      const filter = await openFilter('Vendor');
      for (const [vendor, of] of vendors)
        await shown(filter.getByRole('checkbox', { name: `${vendor} ${of.length}`, exact: true }));
      await filter.getByLabel('Find a value').fill('zebra');
      await eventually(() => filter.getByRole('checkbox').count()).toBe(1);
      await filter.getByRole('checkbox', { name: /^Zebra/ }).check();
      await filter.getByLabel('Find a value').fill('');
      await filter.getByRole('checkbox', { name: /^Axis/ }).check();
      const chosen = all.filter(({ vendor }) => /^(Zebra|Axis)/.test(vendor ?? ''));
      await found(chosen.length);
      await closeFilter();
      await shown(button('Filter Vendor, active'));
      // Other menus offer what is left, and how much of it.
      const models = await openFilter('Model');
      for (const [model, of] of Map.groupBy(chosen, (device) => device.model))
        await shown(models.getByRole('checkbox', { name: `${model} ${of.length}`, exact: true }));
      expect(await models.getByRole('checkbox').count()).toBe(new Set(chosen.map(({ model }) => model)).size);
    });

    test('devices with exposures are one click away', async () => {
      await inventory();
      const filter = await openFilter('Exposures');
      const exposed = all.filter(({ exposures }) => exposures > 0);
      expect(exposed.length).toBeGreaterThan(0);
      await filter.getByRole('checkbox', { name: 'with exposures' }).check();
      await found(exposed.length);
      await filter.getByRole('checkbox', { name: 'without' }).check();
      await found(DEVICES - exposed.length);
    });

    test('a column is filtered by how sure we are', async () => {
      await inventory();
      const least = [...new Set(all.map(({ sureness }) => sureness))].sort((a, b) => a - b);
      const bound = Math.ceil((least[Math.floor(least.length / 2)] ?? 0) * 100) / 100;
      const above = all.filter(({ sureness }) => sureness >= bound).length;
      const filter = await openFilter('How sure');
      await filter.getByLabel('at least').fill(String(bound));
      await found(above);
      await filter.getByRole('button', { name: 'Clear' }).click();
      await found(DEVICES);
    });

    test('a column is filtered by time', async () => {
      await inventory();
      const times = all.map(({ last }) => last).sort((a, b) => a - b);
      const minute = Math.floor((times[DEVICES / 2] ?? 0) / 60_000) * 60_000;
      const filter = await openFilter('Last seen');
      await filter.getByLabel('not before').fill(new Date(minute).toISOString().slice(0, 16));
      await found(all.filter(({ last }) => last >= minute).length);
      await filter.getByLabel('not before').fill('');
      await filter.getByLabel('not after').fill(new Date(minute).toISOString().slice(0, 16));
      await found(all.filter(({ last }) => last <= minute).length);
    });

    test('sorts both ways, and what is not known comes last either way', async () => {
      await inventory();
      const serials = all.flatMap(({ serial }) => serial ?? []);
      expect(serials.length).toBeLessThan(DEVICES);
      await head('Serial number').getByRole('button', { name: 'Serial number', exact: true }).click();
      await eventually(() => head('Serial number').getAttribute('aria-sort')).toBe('ascending');
      const collator = new Intl.Collator('en', { numeric: true });
      const ascending = serials.sort(collator.compare);
      await eventually(async () => (await column('Serial number')).slice(0, 10)).toEqual(ascending.slice(0, 10));
      await toTheEnd(stage.page, DEVICES);
      expect((await column('Serial number')).at(-1)).toBe('');

      await head('Serial number').getByRole('button', { name: 'Serial number', exact: true }).click();
      await eventually(() => head('Serial number').getAttribute('aria-sort')).toBe('descending');
      await stage.page.keyboard.press('Home');
      await toTheEnd(stage.page, DEVICES);
      await eventually(async () => (await column('Serial number')).at(-1)).toBe('');
      await table().getByRole('row').nth(1).focus();
      await stage.page.keyboard.press('Home');
      await eventually(async () => (await column('Serial number')).slice(0, 10)).toEqual(
        ascending.toReversed().slice(0, 10),
      );
    });

    test('columns that were chosen are still there after a reload', async () => {
      await inventory();
      await button('Columns').click();
      await stage.page.getByRole('checkbox', { name: 'Level', exact: true }).check();
      await stage.page.getByRole('checkbox', { name: 'Firmware', exact: true }).uncheck();
      await shown(head('Level'));
      await gone(head('Firmware'));
      await stage.page.reload();
      await shown(head('Level'));
      expect(await head('Firmware').count()).toBe(0);
    });

    test('the address carries the view: another tab opened with it shows the same', async () => {
      await inventory();
      await (await openFilter('Vendor')).getByRole('checkbox', { name: /^Schneider/ }).check();
      await closeFilter();
      await stage.page.getByRole('searchbox', { name: 'Search devices' }).fill('atv630');
      const matching = all.filter(({ vendor, model }) => vendor?.startsWith('Schneider') && model === 'ATV630');
      await found(matching.length);
      await head('Addresses').getByRole('button', { name: 'Addresses', exact: true }).click();
      await eventually(() => head('Addresses').getAttribute('aria-sort')).toBe('ascending');
      await head('Addresses').getByRole('button', { name: 'Addresses', exact: true }).click();
      await eventually(() => head('Addresses').getAttribute('aria-sort')).toBe('descending');
      const { items } = await stage.server.get('listDevices', {
        query: { vendor: ['Schneider Electric'], search: 'atv630', sort: 'addresses', order: 'descending' },
      });
      const ips = items.map(({ addresses }) => addresses.find(({ kind }) => kind === 'ipv4')?.value);
      const shownIps = async (page = stage.page) => (await column('Addresses', page)).map((text) => text.split(' ')[0]);
      await eventually(shownIps).toEqual(ips);

      const other = await stage.newTab();
      await other.goto(stage.page.url());
      await found(matching.length, other);
      await eventually(() => shownIps(other)).toEqual(ips);
      expect(await rows(other)).toEqual(await rows());
      expect(await head('Addresses', other).getAttribute('aria-sort')).toBe('descending');
      expect(await other.getByRole('searchbox', { name: 'Search devices' }).inputValue()).toBe('atv630');
      await shown(other.getByRole('button', { name: 'Filter Vendor, active' }));
      await other.getByRole('button', { name: 'Clear all filters' }).click();
      await found(DEVICES, other);
    });

    test('what is shown is exported as CSV and as JSON: these rows, this order, these columns', async () => {
      await inventory('?vendor=Zebra Technologies&sort=serial&order=descending');
      const zebras = all.filter(({ vendor }) => vendor === 'Zebra Technologies');
      await found(zebras.length);
      await button('Columns').click();
      await stage.page.getByRole('checkbox', { name: 'Id', exact: true }).check();
      await stage.page.getByRole('checkbox', { name: 'Zone', exact: true }).uncheck();
      await stage.page.keyboard.press('Escape');
      const visible = await rows();
      expect(visible.map((row) => row['Id']).sort()).toEqual(zebras.map(({ id }) => id).sort());
      const download = async (format: string): Promise<string> => {
        await button('Export').click();
        const [file] = await Promise.all([
          stage.page.waitForEvent('download'),
          stage.page.getByRole('menuitem', { name: `What is shown, as ${format}`, exact: true }).click(),
        ]);
        expect(file.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
        return readFileSync(await file.path(), 'utf8');
      };

      const csv = csvRecords(await download('CSV'));
      const byId = new Map(zebras.map((device) => [device.id, device]));
      expect(csv.map((record) => record['Id'])).toEqual(visible.map((row) => row['Id']));
      const titles = Object.keys(visible[0] ?? {}).map((title) => (title === 'How sure' ? 'Sureness' : title));
      expect(Object.keys(csv[0] ?? {}).sort()).toEqual(titles.sort());
      for (const record of csv) {
        const device = byId.get(record['Id'] ?? '');
        expect(record).toMatchObject({
          Name: device?.name ?? '',
          Model: device?.model,
          'Serial number': device?.serial ?? '',
          Role: device?.role ? DEVICE_ROLES[device.role] : '',
          'Last seen': new Date(device?.last ?? 0).toISOString(),
        });
      }

      const json = JSON.parse(await download('JSON')) as Record<string, unknown>[];
      expect(json.map((record) => record['id'])).toEqual(visible.map((row) => row['Id']));
      for (const record of json) {
        const device = byId.get(String(record['id']));
        expect(record).toEqual(JSON.parse(JSON.stringify({ ...device, ...absent(device, Object.keys(record)) })));
      }
    });

    test('works by keys alone: search, walk the rows, open one, see the keys, go to the map', async () => {
      await inventory();
      const { keyboard } = stage.page;
      await keyboard.press('/');
      await keyboard.type('drive-1-');
      const matching = all.filter(({ name }) => name?.includes('drive-1-'));
      await found(matching.length);
      const names = (await column('Name')).slice(0, 4);
      const current = () =>
        stage.page.evaluate(() => document.activeElement?.closest('tr')?.querySelector('td')?.innerText.trim());
      await keyboard.press('Enter');
      await eventually(current).toBe(names[0]);
      await keyboard.press('ArrowDown');
      await eventually(current).toBe(names[1]);
      await keyboard.press('j');
      await eventually(current).toBe(names[2]);
      await keyboard.press('k');
      await eventually(current).toBe(names[1]);
      await keyboard.press('ArrowUp');
      await eventually(current).toBe(names[0]);
      await keyboard.press('ArrowDown');
      await eventually(current).toBe(names[1]);
      await keyboard.press('Enter');
      await shown(stage.page.getByRole('heading', { name: names[1] ?? '', exact: true }));

      await stage.page.goBack();
      await found(matching.length);
      await keyboard.press('j'); // without anything in focus
      await eventually(current).toBe(names[0]);

      await keyboard.press('?');
      const sheet = stage.page.getByRole('dialog', { name: 'Keys' });
      await shown(sheet);
      await shown(sheet.getByText('g then m'));
      await keyboard.press('Escape');
      await gone(sheet);
      await keyboard.press('g');
      await keyboard.press('m');
      await stage.page.waitForURL(/\/map/);
      await shown(stage.page.getByRole('searchbox', { name: 'Search the map' }));
    });
  },
);

/** What is not told of a device is not in its JSON either. */
function absent(device: DeviceRow | undefined, columns: readonly string[]): Record<string, undefined> {
  const others = Object.keys(device ?? {}).filter((key) => !columns.includes(key));
  return Object.fromEntries(others.map((key) => [key, undefined]));
}

/** Records of a CSV file after RFC 4180, by the titles in its first line. */
function csvRecords(text: string): Record<string, string>[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text
    .replace(/^\ufeff/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '' && lines.at(-1)?.length === 0) break;
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') lines.push([]);
  }
  const [titles = [], ...records] = lines.filter((line) => line.length > 0);
  return records.map((record) => Object.fromEntries(titles.map((title, i) => [title, record[i] ?? ''])));
}

// Ten thousand devices: the page stays small, scrolling and keys reach the last one, filters answer.
import { expect, test } from 'vitest';
import { describeConsole, eventually, readRows, shown, startConsoleWithPlant } from './fixture.ts';

const DEVICES = 10_000;
/** Rows in the page at any time: those in sight and some around them, whatever the plant holds. */
const MOST_ROWS = 80;

describeConsole(
  'An inventory of 10,000 devices',
  () => startConsoleWithPlant(DEVICES),
  (stage) => {
    const region = () => stage.page.getByRole('region', { name: 'Devices' });
    const status = () => stage.page.getByRole('main').getByRole('status').innerText();
    const open = async () => {
      await stage.open('/inventory');
      await shown(region().getByRole('row').nth(1));
    };
    /** Numbers of the rows in the page (1 is the first device), and whether rows fill what can be seen of the table. */
    const sight = () =>
      region().evaluate((element) => {
        const numbers = [...element.querySelectorAll('tbody tr[aria-rowindex]')].map(
          (row) => Number(row.getAttribute('aria-rowindex')) - 1,
        );
        const box = element.getBoundingClientRect();
        const middle = document.elementFromPoint(box.left + 40, box.top + box.height / 2);
        return {
          rows: numbers.length,
          last: Math.max(...numbers),
          filled: middle?.closest('tr[aria-rowindex]') !== null,
          elements: document.querySelectorAll('*').length,
        };
      });
    /** Steps on until the last device is in the page; rows must be in sight all the way. */
    const goToTheEnd = async (step: () => Promise<void>) => {
      let most = 0;
      await eventually(async () => {
        await step();
        await eventually(async () => (await sight()).filled).toBe(true);
        const { rows, last } = await sight();
        most = Math.max(most, rows);
        return last;
      }).toBe(DEVICES);
      expect(most).toBeLessThan(MOST_ROWS);
    };

    test('is there with its first rows, and only those in sight are in the page', async () => {
      await open();
      await eventually(status).toBe('10,000 devices');
      expect(await region().getByRole('table').getAttribute('aria-rowcount')).toBe(String(DEVICES + 1));
      const { rows, elements } = await sight();
      expect(rows).toBeGreaterThan(15);
      expect(rows).toBeLessThan(MOST_ROWS);
      expect(elements).toBeLessThan(3_000);
    });

    test('keys reach the last device', async () => {
      await open();
      await region().getByRole('row').nth(1).focus();
      await goToTheEnd(() => stage.page.keyboard.press('End'));
      await stage.page.keyboard.press('Home');
      await eventually(() =>
        stage.page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')),
      ).toBe('2');
    });

    test('the wheel reaches the last device', async () => {
      await open();
      await region().hover();
      await goToTheEnd(() => stage.page.mouse.wheel(0, 15_000));
      expect((await readRows(region().getByRole('table'))).at(-1)?.['Addresses']).toMatch(/^10\./);
    });

    test('search and filters answer', async () => {
      const device = (await stage.server.get('listDevices', { query: { serial: '109995' } })).items[0];
      const printers = await stage.server.get('listDevices', { query: { model: ['ZT411'], limit: 1 } });
      await open();
      const search = stage.page.getByRole('searchbox', { name: 'Search devices' });
      expect(device).toBeDefined();
      await search.fill(device?.serial ?? '');
      await eventually(status).toBe('1 device of 10,000');
      const found = await readRows(region().getByRole('table'));
      expect(found.map((row) => row['Serial number'])).toEqual([device?.serial]);
      await search.fill('');
      await eventually(status).toBe('10,000 devices');
      await stage.page.getByRole('button', { name: 'Filter Model' }).click();
      await stage.page.getByLabel('Find a value').fill('zt4');
      await stage.page.getByRole('checkbox', { name: `ZT411 ${printers.total}` }).check();
      await eventually(status).toBe(`${printers.total} devices of 10,000`);
      await stage.page.keyboard.press('Escape');
      // Sorting ten thousand by another column shows its first ones.
      await stage.page.getByRole('button', { name: 'Clear all filters' }).click();
      await eventually(status).toBe('10,000 devices');
      const newest = await stage.server.get('listDevices', { query: { sort: 'last', order: 'descending', limit: 10 } });
      const seen = stage.page.getByRole('button', { name: 'Last seen', exact: true });
      await seen.click();
      await seen.click();
      await eventually(async () =>
        (await readRows(region().getByRole('table'))).slice(0, 10).map((row) => row['Model']),
      ).toEqual(newest.items.map(({ model }) => model));
    });
  },
);

import { DEVICE_COLUMNS, type DeviceColumn, type DeviceRow } from '@interlock/model/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeEngines } from '../testing/engines.ts';
import { fillWithPlant } from '../testing/fill.ts';
import { openStore, type Store } from './store.ts';

const CAPTURE = 'c'.repeat(64);
const DEVICES = 47;

async function pagesOf(store: Store, query: Parameters<Store['devices']['list']>[0]): Promise<DeviceRow[]> {
  const rows: DeviceRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.devices.list({ ...query, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && rows.length <= DEVICES);
  return rows;
}

describeEngines('pages by cursor', (stores) => {
  test('give every device once, in the order of the whole list, for any column, direction, filter and page size', async () => {
    const store = await openStore(await stores.address(), { threads: true, migrate: true });
    try {
      await fillWithPlant(store, CAPTURE, { devices: DEVICES });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom<DeviceColumn>(...DEVICE_COLUMNS),
          fc.constantFrom('ascending' as const, 'descending' as const),
          fc.integer({ min: 1, max: DEVICES }),
          fc.constantFrom({}, { search: 'siemens' }, { exposed: true }, { serial: 'c-' }),
          async (sort, order, limit, filter) => {
            const whole = await store.devices.list({ sort, order, limit: 1_000, ...filter });
            const paged = await pagesOf(store, { sort, order, limit, ...filter });
            expect(paged.map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id));
            expect(whole.total).toBe(whole.items.length);
          },
        ),
        { numRuns: 60 },
      );
    } finally {
      await store.close();
    }
  });

  test('what is not known comes last in either direction', async () => {
    const store = await openStore(await stores.address(), { threads: true, migrate: true });
    try {
      await fillWithPlant(store, CAPTURE, { devices: DEVICES });
      for (const order of ['ascending', 'descending'] as const) {
        const { items } = await store.devices.list({ sort: 'serial', order, limit: 100 });
        const known = items.map(({ serial }) => serial !== undefined);
        expect(known.indexOf(false), order).toBeGreaterThan(0);
        expect(known.lastIndexOf(true), order).toBeLessThan(known.indexOf(false));
      }
    } finally {
      await store.close();
    }
  });

  test('a cursor of another list, of another order, or made up is refused', async () => {
    const store = await openStore(await stores.address(), { threads: true, migrate: true });
    try {
      await fillWithPlant(store, CAPTURE, { devices: DEVICES });
      const { next = '' } = await store.devices.list({ sort: 'name', order: 'ascending', limit: 5 });
      const refused = expect.objectContaining({ code: 'request.bad-cursor' });
      const ask = (query: object, cursor = next) =>
        store.devices.list({ sort: 'name', order: 'ascending', limit: 5, ...query, cursor });
      await expect(ask({ sort: 'vendor' })).rejects.toEqual(refused);
      await expect(ask({ order: 'descending' })).rejects.toEqual(refused);
      await expect(ask({ search: 'x' })).rejects.toEqual(refused);
      for (const made of ['', 'x', 'e30', Buffer.from('["a","b"]').toString('base64url'), next.slice(0, -3)])
        await expect(ask({}, made)).rejects.toEqual(refused);
      expect((await ask({})).items).toHaveLength(5);
      expect((await ask({ limit: 7 })).items).toHaveLength(7);
      await expect(store.captures.list({ sort: 'added', order: 'ascending', limit: 5, cursor: next })).rejects.toEqual(
        refused,
      );
    } finally {
      await store.close();
    }
  });
});

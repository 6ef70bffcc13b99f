import { type Observation, type ObservationBatch, parseSubjectKey } from '@interlock/model';
import { expect, test } from 'vitest';
import { describeEngines } from '../testing/engines.ts';
import { addCaptureRow, fillWithPlant } from '../testing/fill.ts';
import { openStore, type Store } from './store.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

interface Told {
  readonly kind?: string;
  readonly subject?: string;
  readonly value?: unknown;
  readonly frames?: readonly number[];
  readonly first?: number;
  readonly last?: number;
  readonly count?: number;
  readonly protocol?: string;
}
const seen = (told: Told): Observation =>
  ({
    kind: told.kind ?? 'device.firmware',
    subject: parseSubjectKey(told.subject ?? '10.0.0.1@00:1b:1b:00:00:01'),
    value: told.value ?? 'V1.0',
    said: 'seen',
    first: told.first ?? 1_000,
    last: told.last ?? 2_000,
    count: told.count ?? 1,
    provenance: { from: 'capture', protocol: told.protocol ?? 's7comm', source: 'SZL', frames: told.frames ?? [1] },
  }) as Observation;
const stretch = (n: number, ...observations: Observation[]): ObservationBatch => ({
  stretch: n,
  firstFrame: 1,
  lastFrame: 9,
  observations,
  end: false,
});

async function allOf(store: Store): Promise<Observation[]> {
  const all: Observation[] = [];
  for await (const page of store.observations.all())
    for (const { id: _, ...observation } of page) all.push(observation);
  return all;
}
const list = { sort: 'name', order: 'ascending', limit: 100 } as const;

describeEngines('observations', (stores) => {
  const withStore = async (work: (store: Store) => Promise<void>): Promise<void> => {
    const store = await openStore(await stores.address(), { threads: true, migrate: true });
    try {
      await work(store);
    } finally {
      await store.close();
    }
  };

  test('come back as they were told', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      const told = [
        seen({ frames: [3, 7] }),
        seen({ kind: 'network.ttl', value: 64 }),
        seen({ kind: 'address.seen', value: true }),
        seen({ kind: 'service.offered', value: { transport: 'tcp', port: 102, protocol: 's7comm' } }),
        seen({ subject: '10.0.0.1@00:1b:1b:00:00:01#cip:1/0', value: 'V2' }),
        seen({ kind: 'conversation', value: conversation(5) }),
      ];
      await store.observations.addStretch(A, stretch(0, ...told));
      const expected = told.map((one) => ({ ...one, provenance: { ...one.provenance, capture: A } }));
      expect(await allOf(store)).toEqual(expect.arrayContaining(expected));
      expect(await allOf(store)).toHaveLength(expected.length);
    }));

  test('of a stretch are stored once, and not for a capture that is gone', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      const batch = stretch(0, seen({ count: 4 }));
      expect(await store.observations.addStretch(A, batch)).toBe(true);
      const before = await allOf(store);
      const changes = await store.observations.changes();
      expect(await store.observations.addStretch(A, batch)).toBe(false);
      expect(await store.observations.addStretch(B, batch)).toBe(false);
      expect(await allOf(store)).toEqual(before);
      expect(await store.observations.changes()).toBe(changes);
      expect(await store.observations.stretchesOf(A)).toEqual(new Set([0]));
    }));

  test('of one capture add up over its stretches: count, times, the first frames', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      await store.observations.addStretch(
        A,
        stretch(0, seen({ count: 2, frames: [1, 2, 3, 4, 5], first: 50, last: 60 })),
      );
      await store.observations.addStretch(
        A,
        stretch(1, seen({ count: 3, frames: [11, 12, 13, 14], first: 40, last: 55 })),
      );
      await store.observations.addStretch(A, stretch(2, seen({ count: 1, frames: [21], first: 0, last: 0 })));
      const [one, ...others] = await allOf(store);
      expect(others).toEqual([]);
      expect(one).toMatchObject({ count: 6, first: 40, last: 60, provenance: { frames: [1, 2, 3, 4, 5, 11, 12, 13] } });
    }));

  test('of conversations add up their counters, also where they are equal', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      await store.observations.addStretch(A, stretch(0, seen({ kind: 'conversation', value: conversation(5) })));
      await store.observations.addStretch(A, stretch(1, seen({ kind: 'conversation', value: conversation(5) })));
      await store.observations.addStretch(A, stretch(2, seen({ kind: 'conversation', value: conversation(7) })));
      expect(await allOf(store)).toMatchObject([{ value: { packetsSent: 17, bytesReceived: 1_700 } }]);
    }));

  test('of two captures keep what each said, and removing one leaves the other', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      await addCaptureRow(store, B);
      await store.observations.addStretch(A, stretch(0, seen({ count: 2, frames: [5] }), seen({ value: 'only in A' })));
      const alone = await allOf(store);
      await store.observations.addStretch(B, stretch(0, seen({ count: 9, frames: [6] }), seen({ value: 'only in B' })));
      expect(await allOf(store)).toHaveLength(4);
      expect(await store.captures.remove(B)).toBe(2);
      expect(await allOf(store)).toEqual(alone);
      expect(await store.captures.get(B)).toBeUndefined();
      expect(await store.captures.remove(B)).toBeUndefined();
    }));

  test('of another version of the engine go before the capture is analysed again', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      await store.observations.addStretch(A, stretch(0, seen({ value: 'old' })));
      await store.captures.begin(A, '2');
      expect(await allOf(store)).toEqual([]);
      expect(await store.observations.addStretch(A, stretch(0, seen({ value: 'new' })))).toBe(true);
    }));

  test('may hold any text', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      const values = ['nul \0 inside', 'half \ud800 pair', 'escaped \\u0000', 'quote \' " `', '漢字 Ω é', '{"json":1}'];
      await store.observations.addStretch(A, stretch(0, ...values.map((value) => seen({ value }))));
      expect((await allOf(store)).map(({ value }) => value).sort()).toEqual(
        ['nul \ufffd inside', 'half \ufffd pair', ...values.slice(2)].sort(),
      );
    }));

  test('a capture tells what it contained', () =>
    withStore(async (store) => {
      await addCaptureRow(store, A);
      const malformed = { code: 'dns.pointer-forward', detail: 'at byte 12' };
      await store.observations.addStretch(
        A,
        stretch(
          0,
          seen({ first: 5_000, last: 9_000 }),
          seen({ kind: 'traffic.malformed', value: malformed, protocol: 'dns', count: 3, frames: [8] }),
          seen({ kind: 'capture.damaged', value: { code: 'pcap.cut-off' }, subject: '@', protocol: 'engine' }),
        ),
      );
      await store.captures.finish(A, { unpacked: 200, frames: 12, failed: false, problem: 'cut off' });
      const detail = await store.captures.detail(A);
      expect(detail).toMatchObject({
        state: 'done',
        frames: 12,
        unpacked: 200,
        observations: 3,
        troubles: 4,
        problem: 'cut off',
      });
      expect(detail?.troubleList).toMatchObject([
        { kind: 'capture.damaged', code: 'pcap.cut-off', subjects: [] },
        { kind: 'traffic.malformed', code: 'dns.pointer-forward', detail: 'at byte 12', count: 3, frames: [8] },
      ]);
      expect(detail?.protocols.map(({ protocol }) => protocol).sort()).toEqual(['dns', 'engine', 's7comm']);
    }));
});

describeEngines('the inventory', (stores) => {
  const withPlant = async (devices: number, work: (store: Store) => Promise<void>): Promise<void> => {
    const store = await openStore(await stores.address(), { threads: true, migrate: true });
    try {
      await fillWithPlant(store, A, { devices });
      await work(store);
    } finally {
      await store.close();
    }
  };

  test('is current until observations change', () =>
    withPlant(5, async (store) => {
      expect(await store.inventory.state()).toMatchObject({ current: true, devices: 5 });
      await store.observations.addStretch(A, stretch(99, seen({})));
      expect(await store.inventory.state()).toMatchObject({ current: false, devices: 5 });
    }));

  test('is filtered by every column', () =>
    withPlant(60, async (store) => {
      const all = (await store.devices.list(list)).items;
      expect(all).toHaveLength(60);
      const ask = async (filter: object) =>
        (await store.devices.list({ ...list, ...filter })).items.map(({ id }) => id);
      const expectSame = async (filter: object, keep: (device: (typeof all)[number]) => boolean) => {
        const expected = all.filter(keep).map(({ id }) => id);
        expect(expected.length, JSON.stringify(filter)).toBeGreaterThan(0);
        expect(expected.length, JSON.stringify(filter)).toBeLessThan(60);
        expect(await ask(filter), JSON.stringify(filter)).toEqual(expected);
      };
      await expectSame({ vendor: ['Siemens AG'] }, ({ vendor }) => vendor === 'Siemens AG');
      await expectSame({ serial: 'plc' }, ({ serial }) => serial?.includes('PLC') === true);
      await expectSame({ name: 'DRIVE' }, ({ name }) => name?.startsWith('drive') === true);
      await expectSame({ service: ['modbus', '554'] }, ({ services }) =>
        services.some(({ protocol, port }) => protocol === 'modbus' || port === 554),
      );
      await expectSame({ exposed: true }, ({ exposures }) => exposures > 0);
      await expectSame({ address: '10.20.0.1' }, ({ addresses }) =>
        addresses.some(({ value }) => value.includes('10.20.0.1')),
      );
      await expectSame({ search: 'SIEMENS 10.20.0' }, ({ vendor }) => vendor === 'Siemens AG');
      await expectSame({ search: '00-1B-1B' }, ({ addresses }) =>
        addresses.some(({ value }) => value.startsWith('00:1b:1b')),
      );
      const middle = all[30]?.last ?? 0;
      await expectSame({ lastFrom: middle }, ({ last }) => last >= middle);
      const role = all.find((device) => device.role)?.role ?? 'plc';
      await expectSame({ role: [role] }, (device) => device.role === role);
      expect(await ask({ capture: B })).toEqual([]);
      expect(await ask({ capture: A })).toHaveLength(60);
      expect(await ask({ search: 'no such \' " % _ text' })).toEqual([]);
    }));

  test('has menus that leave their own filter out', () =>
    withPlant(60, async (store) => {
      const all = await store.devices.facets({});
      const chosen = await store.devices.facets({ vendor: ['Siemens AG'] });
      expect(chosen.facets.vendor).toEqual(all.facets.vendor);
      expect(chosen.facets.model.values.length).toBeLessThan(all.facets.model.values.length);
      expect(all.facets.vendor.values.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    }));

  test('tells everything of one device, with what it rests on', () =>
    withPlant(60, async (store) => {
      const { items } = await store.devices.list({ ...list, vendor: ['Rockwell Automation/Allen-Bradley'] });
      const id = items[0]?.id ?? '';
      const device = await store.devices.detail(id);
      expect(device.parts).toHaveLength(6);
      expect(device.captures).toEqual([{ id: A, name: 'plant.pcap' }]);
      const vendor = device.facts.find(({ kind }) => kind === 'device.vendor');
      expect(vendor?.values.map(({ text, shown }) => [text, shown])).toContainEqual([
        'Rockwell Automation/Allen-Bradley',
        true,
      ]);
      for (const { sources } of device.facts.flatMap(({ values }) => values)) {
        for (const { fact } of sources) {
          const evidence = await store.evidence.of(fact, () => true);
          expect(evidence.origins.length).toBeGreaterThan(0);
        }
      }
      const facts = await store.devices.facts(id, { kind: 'device.vendor', limit: 1 });
      expect(facts.total).toBe(vendor?.valueCount);
      await expect(store.devices.detail('nobody')).rejects.toMatchObject({ code: 'device.not-found' });
      await expect(store.evidence.of('0'.repeat(32), () => true)).rejects.toMatchObject({ code: 'fact.not-found' });
    }));

  test('tells conversations and operations from the end of each device', () =>
    withPlant(60, async (store) => {
      const { items } = await store.devices.list({ ...list, sort: 'peers', order: 'descending' });
      const n = await store.devices.numberOf(items[0]?.id ?? '');
      const query = { sort: 'bytes', order: 'descending', limit: 3 } as const;
      const first = await store.traffic.conversations(n, query);
      const peer = first.items[0]?.peer.id ?? '';
      const back = await store.traffic.conversations(await store.devices.numberOf(peer), {
        ...query,
        peer: items[0]?.id,
      });
      expect(back.items[0]).toMatchObject({
        packetsSent: first.items[0]?.packetsReceived,
        packetsReceived: first.items[0]?.packetsSent,
      });
      const seenIds = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = await store.traffic.conversations(n, { ...query, ...(cursor ? { cursor } : {}) });
        for (const { id } of page.items) seenIds.add(id);
        cursor = page.next;
      } while (cursor);
      expect(seenIds.size).toBe(first.total);
      const operations = await store.traffic.operations(n, { sort: 'count', order: 'ascending', limit: 100 });
      expect(operations.items.every(({ direction }) => direction === 'asked')).toBe(true);
      expect(operations.total).toBe(operations.items.length);
    }));
});

function conversation(packets: number) {
  return {
    peer: '10.0.0.2@00:1b:1b:00:00:02',
    transport: 'tcp',
    port: 502,
    protocol: 'modbus',
    packetsSent: packets,
    packetsReceived: packets,
    bytesSent: packets * 50,
    bytesReceived: packets * 100,
  };
}

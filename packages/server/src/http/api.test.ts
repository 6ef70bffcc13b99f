// The API as a whole: its description, its errors, the inventory with export and map, corrections, the demo plant.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_PREFIX, addressOf, type DeviceRow, MAX_MAP_NODES, ROUTES } from '@interlock/model/api';
import { afterEach, describe, expect, test } from 'vitest';
import { csvCell, exportCsv } from '../export/rows.ts';
import { openStore } from '../store/store.ts';
import { describeEngines } from '../testing/engines.ts';
import { fillWithPlant } from '../testing/fill.ts';
import { generateCapture } from '../testing/generate-capture.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const CAPTURE = 'e'.repeat(64);

let server: TestServer | undefined;
const start = async (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> => {
  server = await startTestServer(options);
  return server;
};
afterEach(async () => {
  await server?.end();
  server = undefined;
});

describe('the description', () => {
  test('is OpenAPI 3.1 with every route, every parameter and every error, and refers to nothing that is not there', async () => {
    const at = await start();
    const document = (await at.get('getOpenApi')) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { parameters?: { name: string; in: string }[]; responses: Record<string, unknown> }>
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const route of ROUTES) {
      const path = `${API_PREFIX}${route.path.replace(/:(\w+)/g, '{$1}')}`;
      const described = document.paths[path]?.[route.method.toLowerCase()];
      expect(described, route.name).toMatchObject({ operationId: route.name, summary: route.summary });
      const names = (described?.parameters ?? []).map(({ name }) => name).sort();
      const expected = [
        ...Object.keys('params' in route ? route.params.shape : {}),
        ...Object.keys('query' in route ? route.query.shape : {}),
      ];
      expect(names, route.name).toEqual(expected.sort());
      const status = 'status' in route ? route.status : 200;
      expect(Object.keys(described?.responses ?? {}), route.name).toEqual(
        expect.arrayContaining([String(status), '400', '500']),
      );
    }
    const text = JSON.stringify(document);
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"(#[^"]*)"/g)) {
      let at: unknown = document;
      for (const step of pointer.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[step];
      expect(at, pointer).toBeDefined();
    }
    expect(document.paths['/']).toBeUndefined();
  });
});

describe('errors', () => {
  test('are one of the list, with what to do', async () => {
    const at = await start();
    const ask = async (path: string, init?: RequestInit) => {
      const response = await at.fetch(path, init);
      return {
        status: response.status,
        ...((await response.json()) as { error: { code: string; message: string } }).error,
      };
    };
    expect(await ask('/api/v1/none')).toMatchObject({ status: 404, code: 'request.no-such-route' });
    expect(await ask('/api/v1/devices', { method: 'PUT' })).toMatchObject({
      status: 404,
      code: 'request.no-such-route',
    });
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=x',
      'sort=color',
      'level=moon',
      'unknown=1',
      'surenessFrom=2',
      `search=${'x'.repeat(201)}`,
    ]) {
      const answer = await ask(`/api/v1/devices?${query}`);
      expect(answer, query).toMatchObject({ status: 400, code: 'request.invalid' });
      expect(answer.message, query).toContain(query.split('=')[0] ?? '');
    }
    expect(await ask('/api/v1/devices?cursor=made-up')).toMatchObject({ status: 400, code: 'request.bad-cursor' });
    expect(await ask('/api/v1/devices/nobody')).toMatchObject({ status: 404, code: 'device.not-found' });
    expect(await ask('/api/v1/devices/nobody/conversations')).toMatchObject({ code: 'device.not-found' });
    expect(await ask('/api/v1/devices/nobody/operations')).toMatchObject({ code: 'device.not-found' });
    expect(await ask('/api/v1/devices/nobody/facts?kind=device.vendor')).toMatchObject({ code: 'device.not-found' });
    expect(await ask('/api/v1/map?focus=nobody')).toMatchObject({ status: 404, code: 'device.not-found' });
    expect(await ask('/api/v1/captures/x')).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await ask('/api/v1/%')).toMatchObject({ status: 400, code: 'request.invalid' });
    const headers = { ...(await at.session()), 'content-type': 'application/json' };
    const post = (body: string) => ask(addressOf('addCorrection'), { method: 'POST', headers, body });
    expect(await post('{')).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await post('{"kind":"merge"}')).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await post(`{"kind":"${'x'.repeat(70_000)}"}`)).toMatchObject({ status: 413, code: 'request.too-large' });
    const text = { method: 'POST', headers: { ...headers, 'content-type': 'text/xml' }, body: '<a/>' };
    expect(await ask(addressOf('addCorrection'), text)).toMatchObject({ status: 415, code: 'request.media-type' });
    expect(await at.call('removeCorrection', { params: { id: 'none' } })).toMatchObject({
      error: { code: 'correction.not-found' },
    });
  });

  test('of our own are told in one sentence and no more', async () => {
    const at = await start();
    await at.get('getStatus');
    writeFileSync(join(at.data, 'console-password.json'), 'not json');
    const { status, error } = await at.call('signIn', { body: { password: 'any words at all' } });
    expect(status).toBe(500);
    expect(error).toMatchObject({ code: 'server.fault', whose: 'us', request: expect.any(String) });
    expect(JSON.stringify(error)).not.toMatch(/json|SyntaxError|\.ts/i);
    rmSync(join(at.data, 'console-password.json'));
  });
});

describeEngines('the inventory over HTTP', (stores) => {
  const startWithPlant = async (devices: number): Promise<TestServer> => {
    const address = await stores.address();
    const options = 'postgresql' in address ? { databaseUrl: address.postgresql } : {};
    const empty = await start(options);
    await empty.close();
    const store = await openStore('postgresql' in address ? address : { sqlite: join(empty.data, 'store.db') }, {
      threads: true,
      migrate: true,
    });
    await fillWithPlant(store, CAPTURE, { devices });
    await store.close();
    return start({ ...options, data: empty.data });
  };

  test('list, menus, device, traffic and status are as the contract says', async () => {
    const at = await startWithPlant(120);
    expect(await at.get('getStatus')).toMatchObject({
      counts: { devices: 120, captures: 1 },
      inventory: { state: 'current', devices: 120 },
      store: { engine: stores.engine },
      demo: { loaded: false, available: false },
    });
    const page = await at.get('listDevices', { query: { limit: 50, sort: 'addresses' } });
    expect(page.items[0]?.addresses[0]?.value).toBe('10.20.0.10');
    expect([page.items.length, page.total]).toEqual([50, 120]);
    const next = await at.get('listDevices', { query: { limit: 50, sort: 'addresses', cursor: page.next } });
    expect(next.items[0]?.addresses[0]?.value).toBe('10.20.0.60');
    expect((await at.get('deviceFacets')).facets.vendor.values.length).toBeGreaterThan(5);
    for (const { id } of page.items.slice(0, 10)) {
      const device = await at.get('getDevice', { params: { id } });
      expect(device.captures.map((capture) => capture.id)).toEqual([CAPTURE]);
      const conversations = await at.get('listConversations', { params: { id } });
      expect(conversations.total).toBe(device.counts.conversations);
      for (const fact of conversations.items.flatMap(({ facts }) => facts))
        expect((await at.get('getEvidence', { params: { fact } })).fact.kind).toBe('conversation');
      expect(conversations.items.every(({ facts }) => facts.length > 0)).toBe(true);
      const operations = await at.get('listOperations', { params: { id } });
      expect(operations.total).toBe(device.counts.operations);
      expect(operations.items.every(({ facts }) => facts.length > 0)).toBe(true);
    }
  });

  test('what is shown is exported: the same filters, order and columns', async () => {
    const at = await startWithPlant(120);
    const query = { vendor: 'Siemens AG', sort: 'serial', order: 'descending' } as const;
    const { items } = await at.get('listDevices', { query: { ...query, limit: 1_000 } });
    const csv = await at.fetch(addressOf('exportDevices', undefined, { ...query, columns: ['serial', 'name'] }));
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.headers.get('content-disposition')).toMatch(/attachment; filename="inventory-\d{4}-\d\d-\d\d\.csv"/);
    const lines = (await csv.text()).replace('\ufeff', '').trimEnd().split('\r\n');
    expect(lines).toEqual(['Serial number,Name', ...items.map(({ serial, name }) => `${serial ?? ''},${name ?? ''}`)]);
    const json = await at.fetch(addressOf('exportDevices', undefined, { ...query, format: 'json' }));
    expect(((await json.json()) as DeviceRow[]).map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    const none = await at.fetch(addressOf('exportDevices', undefined, { vendor: 'nobody', format: 'json' }));
    expect(await none.json()).toEqual([]);
  });

  test('the map groups, opens, follows and says what it left out', async () => {
    const at = await startWithPlant(450);
    const closed = await at.get('getMap');
    expect(closed.nodes.every(({ kind }) => kind === 'group')).toBe(true);
    expect(closed.nodes.reduce((sum, { devices }) => sum + devices, 0)).toBe(450);
    const [group] = closed.nodes;
    const opened = await at.get('getMap', { query: { expand: group?.id ?? '' } });
    expect(opened.nodes).toHaveLength(closed.nodes.length - 1 + (group?.devices ?? 0));
    const ids = new Set(opened.nodes.map(({ id }) => id));
    for (const { from, to } of opened.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
    const all = await at.get('getMap', { query: { expand: '*', search: 'siemens' } });
    expect(all.nodes).toHaveLength(450);
    const { total } = await at.get('listDevices', { query: { search: 'siemens' } });
    expect(all.nodes.reduce((sum, { matches }) => sum + matches, 0)).toBe(total);
    expect(
      (await at.get('getMap', { query: { expand: '*', search: 'siemens', only: 'matching' } })).nodes,
    ).toHaveLength(total);

    const { items } = await at.get('listDevices', { query: { sort: 'peers', order: 'descending', limit: 1 } });
    const focus = items[0]?.id ?? '';
    const near = await at.get('getMap', { query: { focus } });
    expect(near.nodes).toHaveLength((items[0]?.peers ?? 0) + 1);
    expect(
      near.edges.every(
        ({ from, to }) => near.nodes.some(({ id }) => id === from) && near.nodes.some(({ id }) => id === to),
      ),
    ).toBe(true);
    const further = await at.get('getMap', { query: { focus, depth: 3 } });
    expect(further.nodes.length).toBeGreaterThanOrEqual(near.nodes.length);
  });

  test('the map of a big plant stays within its limits', async () => {
    const at = await startWithPlant(1_600);
    const map = await at.get('getMap', { query: { expand: '*' } });
    expect(map.nodes.length).toBeLessThanOrEqual(MAX_MAP_NODES);
    expect(map.leftOut.groups).toBeGreaterThan(0);
    expect(map.nodes.reduce((sum, { devices }) => sum + devices, 0)).toBe(1_600);
  });

  test('a person can say otherwise, and take it back', async () => {
    const address = await stores.address();
    const at = await start('postgresql' in address ? { databaseUrl: address.postgresql } : {});
    await at.upload(generateCapture({ stations: 5, frames: 50, seed: 7 }));
    await at.settled();
    const devices = async () => (await at.get('listDevices', { query: { sort: 'addresses' } })).items;
    const [a, b] = await devices();
    const anchor = async (id = '') => (await at.get('getDevice', { params: { id } })).anchor ?? '';
    const subjects: [string, string] = [await anchor(a?.id), await anchor(b?.id)];
    const same = await at.get('addCorrection', { body: { kind: 'same-device', subjects, reason: 'one cabinet' } });
    await at.settled();
    expect(await devices()).toHaveLength(4);
    const joined = (await devices()).find(({ addressCount }) => addressCount === 4);
    const detail = await at.get('getDevice', { params: { id: joined?.id ?? '' } });
    expect(detail.joined.map(({ text }) => text).join()).toMatch(/one device/);
    const name = await at.get('addCorrection', { body: { kind: 'name', subjects: [subjects[0]], name: 'Press 7' } });
    await at.settled();
    expect((await devices()).map((device) => device.name)).toContain('Press 7');

    const listed = await at.get('listCorrections');
    expect(listed).toMatchObject({
      total: 2,
      items: [
        { kind: 'name', name: 'Press 7' },
        { kind: 'same-device', reason: 'one cabinet' },
      ],
    });
    const fact = (await at.get('getDevice', { params: { id: joined?.id ?? '' } })).facts.find(
      ({ kind }) => kind === 'identity.name',
    );
    const evidence = await at.get('getEvidence', { params: { fact: fact?.values[0]?.sources[0]?.fact ?? '' } });
    expect(evidence.origins).toMatchObject([{ from: 'person', author: 'console' }]);

    for (const { id } of [same, name]) await at.get('removeCorrection', { params: { id } });
    await at.settled();
    expect((await devices()).map((device) => device.name)).not.toContain('Press 7');
    expect(await devices()).toHaveLength(5);
    expect((await at.get('listCorrections')).total).toBe(0);
    const wrong = await at.call('addCorrection', {
      body: { kind: 'same-device', subjects: [subjects[0], subjects[0]] },
    });
    expect(wrong.error?.code).toBe('correction.unusable');
    const unknown = await at.call('addCorrection', { body: { kind: 'name', subjects: ['203.0.113.9'], name: 'x' } });
    expect(unknown.error?.code).toBe('correction.unusable');
  });
});

describe('the demo plant', () => {
  const withDemo = async (): Promise<{ path: string; at: TestServer }> => {
    const at = await start();
    await at.close();
    const path = join(at.data, 'demo.pcap');
    writeFileSync(path, generateCapture({ stations: 3, frames: 30, seed: 8 }));
    return { path, at: await start({ data: at.data, demo: true, demoCapture: path }) };
  };

  test('is loaded into an empty store, marked, removed with one call, and does not come back by itself', async () => {
    const { path, at } = await withDemo();
    await at.settled();
    expect(await at.get('getStatus')).toMatchObject({
      demo: { loaded: true, available: true },
      counts: { devices: 3 },
    });
    expect((await at.get('listCaptures')).items).toMatchObject([{ name: 'demo.pcap', demo: true }]);
    expect((await at.get('removeDemo')).observations).toBeGreaterThan(0);
    await at.settled();
    expect(await at.get('getStatus')).toMatchObject({
      demo: { loaded: false },
      counts: { devices: 0, observations: 0 },
    });
    expect((await at.call('removeDemo')).error?.code).toBe('demo.not-loaded');
    await at.close();
    const again = await start({ data: at.data, demo: true, demoCapture: path });
    expect((await again.get('listCaptures')).total).toBe(0);
    expect((await again.get('addDemo')).capture.demo).toBe(true);
    await again.settled();
    expect((await again.get('listDevices')).total).toBe(3);
  });

  test('is loaded into an empty store only, and only where there is one', async () => {
    const without = await start({ demo: true, demoCapture: '/nowhere/demo.pcap' });
    expect((await without.call('addDemo')).error?.code).toBe('demo.not-available');
    await without.end();
    const { at } = await withDemo();
    await at.get('removeDemo');
    await at.upload(generateCapture({ stations: 2, frames: 20, seed: 9 }));
    expect((await at.call('addDemo')).error?.code).toBe('demo.store-not-empty');
  });
});

test('cells that a spreadsheet would take for a formula are defused', async () => {
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('@SUM(A1)')).toBe("'@SUM(A1)");
  expect(csvCell('-2+3')).toBe("'-2+3");
  expect(csvCell('\tx')).toBe("'\tx");
  expect(csvCell('=HYPERLINK("http://evil.example","x")')).toBe('"\'=HYPERLINK(""http://evil.example"",""x"")"');
  expect(csvCell('plain')).toBe('plain');
  expect(csvCell('a,b "c"\nd')).toBe('"a,b ""c""\nd"');
  async function* rows() {
    yield [{ id: 'd1', name: '=cmd', addresses: [], services: [], first: 0 } as unknown as DeviceRow];
  }
  const lines: string[] = [];
  for await (const line of exportCsv(rows(), ['name', 'first'])) lines.push(line);
  expect(lines).toEqual(['\ufeffName,First seen\r\n', "'=cmd,\r\n"]);
});

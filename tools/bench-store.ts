// Measures the store: a million observations taken in, and the questions the console asks of an inventory of 10,000
// devices. On the embedded store, and on PostgreSQL with --postgresql where it is installed. Prints medians and 95th percentiles.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  addCaptureRow,
  fillWithPlant,
  generatePlant,
  openStore,
  postgresPrograms,
  type Store,
  type StoreAddress,
  startPostgres,
} from '@interlock/server/testing';

const { values } = parseArgs({
  options: {
    observations: { type: 'string', default: '1000000' },
    devices: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '40' },
    postgresql: { type: 'boolean', default: false },
  },
});
const observations = Number(values.observations);
const devices = Number(values.devices);
const runs = Number(values.runs);

const inTurn = async (address: StoreAddress, work: (store: Store) => Promise<void>): Promise<void> => {
  const store = await openStore(address, { threads: true, migrate: true });
  try {
    await work(store);
  } finally {
    await store.close();
  }
};
const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const milliseconds = (time: number): string => `${time.toFixed(1).padStart(8)} ms`;

/** Observations as they come from captures: most are new in the first one, most are known in those after it. */
async function benchIngest(store: Store, file: () => number): Promise<void> {
  const perDevice = 13;
  const plant = Math.ceil(observations / perDevice / 4);
  let stored = 0;
  const times: number[] = [];
  const started = performance.now();
  const cpu = process.cpuUsage();
  for (let capture = 0; stored < observations; capture++) {
    const id = capture.toString(16).padStart(64, '0');
    await addCaptureRow(store, id);
    for (const batch of generatePlant({ devices: plant, seed: capture + 1, capture: id })) {
      const before = performance.now();
      await store.observations.addStretch(id, batch);
      times.push(performance.now() - before);
      stored += batch.observations.length;
    }
  }
  const seconds = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(cpu);
  console.log(`ingest of ${stored} observations, each batch of 5,000 in a transaction of its own`);
  console.log(
    `  ${seconds.toFixed(2)} s, ${((used.user + used.system) / 1e6).toFixed(2)} CPU s, ${Math.round(stored / seconds)} a second`,
  );
  console.log(`  a batch: p50 ${milliseconds(percentile(times, 0.5))}   p95 ${milliseconds(percentile(times, 0.95))}`);
  console.log(
    `  store: ${(file() / 2 ** 20).toFixed(0)} MiB, resident ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
  );
}

async function benchQueries(store: Store): Promise<void> {
  const filled = performance.now();
  await fillWithPlant(store, 'f'.repeat(64), { devices });
  console.log(
    `inventory of ${devices} devices, filled and computed in ${((performance.now() - filled) / 1_000).toFixed(1)} s`,
  );
  const page = { sort: 'name', order: 'ascending', limit: 100 } as const;
  const first = await store.devices.list(page);
  const id = first.items[0]?.id ?? '';
  const questions: Record<string, () => Promise<unknown>> = {
    'first page': () => store.devices.list(page),
    'next page': () => store.devices.list({ ...page, cursor: first.next }),
    'page of 1,000 rows': () => store.devices.list({ ...page, limit: 1_000 }),
    'sorted by sureness, falling': () => store.devices.list({ ...page, sort: 'sureness', order: 'descending' }),
    'two words searched for': () => store.devices.list({ ...page, search: 'siemens 10.2' }),
    'a word that does not occur': () => store.devices.list({ ...page, search: 'nosuchword' }),
    'filtered by vendor and level': () => store.devices.list({ ...page, vendor: ['Siemens AG'], level: ['control'] }),
    'filtered by service': () => store.devices.list({ ...page, service: ['modbus'] }),
    'filtered by address': () => store.devices.list({ ...page, address: '10.20.3.' }),
    'menus of all filters': () => store.devices.facets({}),
    'one device': () => store.devices.detail(id),
    'map, closed': () => store.map.draw({ depth: 1, only: 'all' }),
    'map, all that fits': () => store.map.draw({ expand: ['*'], depth: 1, only: 'all' }),
  };
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const before = performance.now();
      await ask();
      times.push(performance.now() - before);
    }
    console.log(
      `  ${name.padEnd(30)} p50 ${milliseconds(percentile(times, 0.5))}   p95 ${milliseconds(percentile(times, 0.95))}`,
    );
  }
}

async function bench(title: string, address: (name: string) => Promise<StoreAddress>): Promise<void> {
  const one = await address('ingest');
  console.log(`\n${title}`);
  await inTurn(one, (store) => benchIngest(store, () => ('sqlite' in one ? statSync(one.sqlite).size : 0)));
  await inTurn(await address('queries'), benchQueries);
}

const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-'));
try {
  await bench('SQLite', async (name) => ({ sqlite: join(folder, `${name}.db`) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.postgresql) {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed');
  const server = await startPostgres(programs);
  try {
    await bench('PostgreSQL (without fsync)', async () => ({ postgresql: await server.database() }));
  } finally {
    await server.end();
  }
}

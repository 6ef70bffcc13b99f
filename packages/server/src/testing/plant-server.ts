// A test server whose store already holds a plant made up by rule: thousands of devices without a capture to analyse.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../data-folder.ts';
import type { ServerOptions } from '../start-server.ts';
import { openStore } from '../store/store.ts';
import { fillWithPlant } from './fill.ts';
import type { PlantOptions } from './generate-plant.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const PLANT_CAPTURE = 'a'.repeat(64);

/** In: how large a plant, and options of the server. Out: the server, settled. */
export async function startPlantServer(plant: PlantOptions, options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'interlock-plant-'));
  const folder = new DataFolder(data);
  const store = await openStore({ sqlite: folder.store }, { threads: false, migrate: true });
  await fillWithPlant(store, PLANT_CAPTURE, plant);
  await store.close();
  folder.release();
  const server = await startTestServer({ ...options, data });
  await server.settled();
  return server;
}

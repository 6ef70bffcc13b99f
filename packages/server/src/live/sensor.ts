// A sensor: one live capture into a data folder without console and API, for a machine that only listens. The folder is
// that of `interlock serve`, so what was captured is there when the console is started on it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InventoryState, LiveRow } from '@interlock/model/api';
import { DataFolder } from '../data-folder.ts';
import { Ingest } from '../ingest/ingest.ts';
import { openStore, type StoreAddress } from '../store/store.ts';
import { LiveCaptures } from './live-captures.ts';

export interface SensorOptions {
  readonly data: string;
  readonly interface: string;
  readonly databaseUrl?: string;
  /** Told once a second and whenever something changes. */
  readonly onProgress: (live: LiveRow, inventory: InventoryState) => void;
  readonly onFault: (fault: string) => void;
}
export interface Sensor {
  /** Stops the capture for good, and closes the store. */
  stop(): Promise<LiveRow>;
}

const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
).version;

/** Throws a `StartProblem` or an `ApiProblem` where it cannot start; nothing is left running then. */
export async function startSensor(options: SensorOptions): Promise<Sensor> {
  const folder = new DataFolder(options.data);
  const undo: (() => unknown)[] = [() => folder.release()];
  const close = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const address: StoreAddress = options.databaseUrl ? { postgresql: options.databaseUrl } : { sqlite: folder.store };
    const store = await openStore(address, { threads: true, migrate: true });
    undo.push(() => store.close());
    await folder.tidy(async (id) => (await store.captures.get(id)) !== undefined);
    const { onFault } = options;
    const ingest = new Ingest({ store, address, folder, engine: VERSION, maxUnpacked: 0, onFault });
    undo.push(() => ingest.stop());
    const live = new LiveCaptures({ store, address, folder, ingest, engine: VERSION, now: Date.now, onFault });
    undo.push(() => live.close());
    let inventory: InventoryState = await ingest.inventoryState();
    ingest.on('event', (event) => {
      if (event.event === 'inventory') inventory = event.inventory;
    });
    live.on('event', (event) => {
      if (event.event === 'live') options.onProgress(event.live, inventory);
    });
    const { id } = await live.takeUp(options.interface);
    return {
      async stop() {
        const row = await live.stop(id);
        await ingest.settled();
        options.onProgress(row, await ingest.inventoryState());
        await close();
        return row;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

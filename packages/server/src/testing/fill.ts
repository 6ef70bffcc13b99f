// Fills a store with a plant made up by rule, as if captures of it had been taken in.
import { computeInventory } from '../ingest/compute-inventory.ts';
import type { Store } from '../store/store.ts';
import { generatePlant, type PlantOptions } from './generate-plant.ts';

/** Adds the row of a capture and begins its analysis; there is no file behind it. */
export async function addCaptureRow(store: Store, id: string, name = `${id.slice(0, 6)}.pcap`): Promise<void> {
  const contents = { format: 'pcap', linkTypes: ['Ethernet'], unpacked: 100, frames: 9 };
  await store.captures.add({ id, name, size: 100, added: 1, demo: false, ...contents });
  await store.captures.begin(id, '1');
}

/** Stores a plant under a capture and computes the inventory. */
export async function fillWithPlant(store: Store, capture: string, plant: PlantOptions): Promise<void> {
  await addCaptureRow(store, capture, 'plant.pcap');
  for (const batch of generatePlant({ ...plant, capture })) await store.observations.addStretch(capture, batch);
  await store.captures.finish(capture, { unpacked: 100, frames: 9, failed: false });
  await computeInventory(store);
}

// The demo plant: a capture that comes with Interlock, loaded into an empty store, marked as what it is, and removed with
// everything that rests on it alone. Once a person removed it, it does not come back by itself.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { CaptureRow } from '@interlock/model/api';
import { problem } from './api-problem.ts';
import { bytesOfFile, type Receiver } from './ingest/receive.ts';
import type { Store } from './store/store.ts';

export class Demo {
  readonly #path: string | undefined;
  readonly #store: Store;
  readonly #receiver: Receiver;

  /** `path` is the demo capture; undefined where the demo is not wanted. */
  constructor(path: string | undefined, store: Store, receiver: Receiver) {
    this.#path = path;
    this.#store = store;
    this.#receiver = receiver;
  }

  get isAvailable(): boolean {
    return this.#path !== undefined && existsSync(this.#path);
  }

  /** Identifier of the demo capture, where it is loaded. */
  async loaded(): Promise<string | undefined> {
    return (await this.#store.captures.all()).find((capture) => capture.demo)?.id;
  }

  /** Loads it. Throws an `ApiProblem` where there is none, or the store holds captures. */
  async load(): Promise<CaptureRow> {
    if (this.#path === undefined || !this.isAvailable) throw problem('demo.not-available', {});
    const captures = await this.#store.captures.all();
    if (captures.some((capture) => !capture.demo)) throw problem('demo.store-not-empty', { captures: captures.length });
    const bytes = bytesOfFile(this.#path);
    await this.#store.settings.set('demo-removed', 0);
    return (await this.#receiver.receive({ name: basename(this.#path), bytes, demo: true })).capture;
  }

  /** At the start: loads it into an empty store, unless a person removed it before. */
  async loadWhereEmpty(): Promise<boolean> {
    if (!this.isAvailable || (await this.#store.captures.all()).length > 0) return false;
    if ((await this.#store.settings.get('demo-removed')) === 1) return false;
    await this.load();
    return true;
  }

  /** Remembers that a person does not want it. */
  async forget(): Promise<void> {
    await this.#store.settings.set('demo-removed', 1);
  }
}

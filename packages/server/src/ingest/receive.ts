// Takes a capture in: bytes to disk while they are hashed and counted, a look at what they are, then file and row
// together. What is refused or breaks off leaves nothing behind.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { CaptureRow } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import { type DataFolder, HashedFile } from '../data-folder.ts';
import { isFull } from '../no-space.ts';
import type { Store } from '../store/store.ts';
import type { Desk } from './desk.ts';
import type { Ingest } from './ingest.ts';

export interface ReceiveLimits {
  /** Bytes of one file as received. */
  readonly maxUpload: number;
  /** Bytes that may come out of it unpacked. */
  readonly maxUnpacked: number;
  /** Captures that may wait for their analysis. */
  readonly maxWaiting: number;
}
export interface Incoming {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly demo: boolean;
  /** Whether the bytes broke off before their end; asked when they have ended. */
  readonly brokenOff?: () => boolean;
}

/** Longest name of a file that is kept: what file systems take. */
const MAX_NAME = 255;

export class Receiver {
  readonly #store: Store;
  readonly #folder: DataFolder;
  readonly #ingest: Ingest;
  readonly #desk: Desk;
  readonly limits: ReceiveLimits;

  constructor(parts: { store: Store; folder: DataFolder; ingest: Ingest; desk: Desk; limits: ReceiveLimits }) {
    this.#store = parts.store;
    this.#folder = parts.folder;
    this.#ingest = parts.ingest;
    this.#desk = parts.desk;
    this.limits = parts.limits;
  }

  /**
   * In: a name and bytes. Out: the capture, which is on disk and will be analysed, and whether it was there before.
   * Throws an `ApiProblem` for everything that is refused.
   */
  async receive({ name, bytes, demo, brokenOff }: Incoming): Promise<{ capture: CaptureRow; already: boolean }> {
    const trouble = nameTrouble(name);
    if (trouble) throw problem('capture.bad-name', { problem: trouble });
    if (this.#ingest.waiting >= this.limits.maxWaiting)
      throw problem('capture.queue-full', { waiting: this.#ingest.waiting });
    const part = this.#folder.newPart();
    try {
      const { id, size } = await this.#write(part, bytes);
      if (brokenOff?.()) throw problem('capture.cut-off', {});
      if (size === 0) throw problem('capture.empty', {});
      const known = await this.#store.captures.get(id);
      if (known && this.#folder.hasCapture(id)) return { capture: this.#ingest.withProgress(known), already: true };
      return { capture: await this.#take(part, { id, name, size, demo }), already: known !== undefined };
    } catch (error) {
      if (isFull(error)) throw problem('storage.full', {});
      throw error;
    } finally {
      await rm(part, { force: true });
    }
  }

  async #write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<{ id: string; size: number }> {
    const file = await HashedFile.create(path);
    try {
      for await (const chunk of bytes) {
        if (file.size + chunk.length > this.limits.maxUpload)
          throw problem('capture.too-large', { limit: this.limits.maxUpload });
        await file.write(chunk);
      }
      return { id: await file.finish(), size: file.size };
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  async #take(part: string, file: { id: string; name: string; size: number; demo: boolean }): Promise<CaptureRow> {
    const survey = await this.#desk.survey(part);
    if (survey.format === undefined)
      throw problem('capture.not-a-capture', { looksLike: survey.notCapture ?? 'not known' });
    if (survey.tooFar) throw problem('capture.expands-too-far', { limit: this.limits.maxUnpacked });
    const { format, linkTypes, unpacked, frames } = survey;
    let added = false;
    await this.#folder.keep(part, file.id, async () => {
      added = await this.#store.captures.add({ ...file, added: Date.now(), format, linkTypes, unpacked, frames });
    });
    const row = await this.#store.captures.get(file.id);
    if (!row) throw problem('capture.not-found', { capture: file.id });
    if (added) this.#ingest.add(file.id, frames);
    return this.#ingest.withProgress(row);
  }
}

/** Bytes of a file, which is opened when they are asked for: a stream that fails before would fail for nobody. */
export async function* bytesOfFile(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

/** What is wrong with a file name; undefined where it can be used. It is only shown, but shown to people and in files. */
export function nameTrouble(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty';
  if (name.length > MAX_NAME) return `it is longer than ${MAX_NAME} characters`;
  if (/[/\\]/.test(name)) return 'it names a folder';
  if (name === '.' || name === '..') return 'it names a folder';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(name) || !name.isWellFormed())
    return 'it holds control characters';
  return undefined;
}

// The folder everything is kept in: the store, the files of captures, the console's password. One process has it at a
// time; what a crash left half moved is put right before anything else happens.
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartProblem } from './start-problem.ts';

const STORE = 'store.db';
const CAPTURES = 'captures';
/** Frames kept of live captures, a folder for each. */
const EVIDENCE = 'evidence';
/** Files on their way in or out: parts of uploads, and whole captures whose row in the store decides where they belong. */
const MOVING = 'moving';
/** Documents that are looked at or imported; each goes when it is read. */
const DOCUMENTS = 'documents';
const LOCK = 'lock.db';
const PROCESS = 'process';
const PASSWORD = 'console-password.json';
/** Where a data folder keeps the console's password; whoever sets one need not take the folder. */
export const passwordFile = (folder: string): string => join(folder, PASSWORD);

/** SQLite's result code for a file that another process has locked (sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

export class DataFolder {
  readonly path: string;
  readonly #lock: DatabaseSync;
  #turn: Promise<unknown> = Promise.resolve();

  /** Makes the folder where it is missing and takes it. Throws a `StartProblem` where another process has it. */
  constructor(path: string) {
    this.path = path;
    try {
      for (const folder of [
        path,
        join(path, CAPTURES),
        join(path, EVIDENCE),
        join(path, DOCUMENTS),
        join(path, MOVING),
      ])
        mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#lock = takeLock(path);
      writeFileSync(join(path, PROCESS), String(process.pid));
    } catch (error) {
      if (error instanceof StartProblem) throw error;
      throw new StartProblem('start.data-unusable', { folder: path, problem: (error as Error).message });
    }
  }

  get store(): string {
    return join(this.path, STORE);
  }
  get password(): string {
    return passwordFile(this.path);
  }
  capture(id: string): string {
    return join(this.path, CAPTURES, id);
  }
  hasCapture(id: string): boolean {
    return existsSync(this.capture(id));
  }
  evidence(id: string): string {
    return join(this.path, EVIDENCE, id);
  }
  /** Whether frames of a capture can be looked at: its file is there, or evidence was kept of it. */
  hasFrames(id: string): boolean {
    return this.hasCapture(id) || existsSync(this.evidence(id));
  }
  /** The file of a document that waits to be imported. */
  document(id: string): string {
    return join(this.path, DOCUMENTS, id);
  }
  /** A new file for an upload; gone after a crash. */
  newPart(): string {
    return join(this.path, MOVING, `${randomUUID()}.part`);
  }
  /** Where a whole capture waits while its row is written or removed. */
  #waiting(id: string): string {
    return join(this.path, MOVING, id);
  }

  /**
   * Keeps an upload that is whole and on disk. `record` writes its row; when it returns, the capture is kept, and after
   * a crash at any moment it either is kept with its row or is gone without one.
   */
  keep(part: string, id: string, record: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      renameSync(part, this.#waiting(id));
      syncFolder(join(this.path, MOVING));
      try {
        await record();
      } catch (error) {
        rmSync(this.#waiting(id), { force: true });
        throw error;
      }
      this.#move(this.#waiting(id), this.capture(id));
    });
  }

  /** Drops a capture's file, where `forget` removes its row; after a crash both are there or neither is. */
  drop<T>(id: string, forget: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (this.hasCapture(id)) this.#move(this.capture(id), this.#waiting(id));
      try {
        const answer = await forget();
        rmSync(this.#waiting(id), { force: true });
        return answer;
      } catch (error) {
        if (existsSync(this.#waiting(id))) this.#move(this.#waiting(id), this.capture(id));
        throw error;
      }
    });
  }

  /** Files move one at a time: the same capture may come in twice at once, or come in while it is removed. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Puts right what a crash left: in the store means kept, not in it means gone. */
  async tidy(isKnown: (id: string) => Promise<boolean>): Promise<void> {
    for (const name of readdirSync(join(this.path, MOVING))) {
      const path = join(this.path, MOVING, name);
      if (/^[0-9a-f]{64}$/.test(name) && (await isKnown(name))) this.#move(path, this.capture(name));
      else rmSync(path, { recursive: true, force: true });
    }
    for (const name of readdirSync(join(this.path, EVIDENCE)))
      if (!(await isKnown(name))) rmSync(join(this.path, EVIDENCE, name), { recursive: true, force: true });
  }

  /** Removes documents that nobody waits for any more. */
  async tidyDocuments(isOpen: (id: string) => Promise<boolean>): Promise<void> {
    for (const name of readdirSync(join(this.path, DOCUMENTS)))
      if (!(await isOpen(name))) rmSync(this.document(name), { recursive: true, force: true });
  }

  #move(from: string, to: string): void {
    renameSync(from, to);
    syncFolder(join(this.path, MOVING));
    syncFolder(join(this.path, CAPTURES));
  }

  /** Gives the folder free for another process. */
  release(): void {
    rmSync(join(this.path, PROCESS), { force: true });
    this.#lock.close();
  }
}

/** The lock is the operating system's own on an open file: it ends with the process, however that ends. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, LOCK), { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive;');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new StartProblem('start.data-locked', { folder: path, process: holderOf(path) });
  }
}
function holderOf(path: string): string {
  try {
    return readFileSync(join(path, PROCESS), 'utf8');
  } catch {
    return 'unknown';
  }
}

/** A rename is on disk when its folder is. Not every system opens folders; there the rename itself is all there is. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes a stream to a file, hashing it. */
export class HashedFile {
  readonly #hash = createHash('sha256');
  readonly #handle: FileHandle;
  size = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }
  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'wx', 0o600));
  }
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.size += bytes.length;
    await this.#handle.writeFile(bytes);
  }
  /** Puts it on disk. Out: SHA-256 in hex. */
  async finish(): Promise<string> {
    await this.#handle.sync();
    await this.#handle.close();
    return this.#hash.digest('hex');
  }
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}

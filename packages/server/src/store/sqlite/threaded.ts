// An SQLite connection in a thread of its own: the server's thread never waits for the disk.
import { Worker } from 'node:worker_threads';
import type { SqliteAnswer, SqliteConnection, SqliteOptions } from './connection.ts';
import type { SqliteReply, SqliteRequest } from './connection-thread.ts';

interface Waiting {
  readonly resolve: (answer: SqliteAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** What SQLite said against a statement that ran in another thread; `errcode` after sqlite.org/rescode.html. */
export class SqliteProblem extends Error {
  readonly errcode: number | undefined;
  constructor(message: string, errcode?: number) {
    super(message);
    this.errcode = errcode;
  }
}

export class ThreadedSqlite implements SqliteConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #last = 0;
  #fault: Error | undefined;

  constructor(options: SqliteOptions) {
    this.#worker = new Worker(new URL('./connection-thread.ts', import.meta.url), { workerData: options });
    this.#worker.unref();
    this.#worker.on('message', (reply: SqliteReply) => this.#answer(reply));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail(new Error('the connection to the store is closed'));
        resolve();
      });
    });
  }

  query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer> {
    return this.#ask({ sql, parameters });
  }
  async runForEach(sql: string, rows: readonly (readonly unknown[])[]): Promise<void> {
    await this.#ask({ sql, parameters: [], rows });
  }

  #ask(request: Omit<SqliteRequest, 'id'>): Promise<SqliteAnswer> {
    if (this.#fault) return Promise.reject(this.#fault);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, ...request } satisfies SqliteRequest);
    });
  }

  #answer(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('problem' in reply) waiting?.reject(new SqliteProblem(reply.problem.message, reply.problem.errcode));
    else waiting?.resolve(reply);
  }
  #fail(error: Error): void {
    this.#fault ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#fault);
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    this.#worker.ref();
    this.#worker.postMessage('close');
    await this.#ended;
  }
}

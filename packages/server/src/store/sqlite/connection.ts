// One connection to an SQLite file through the SQLite that is built into Node, with the settings that keep what was
// acknowledged through a power cut. Used in the thread that calls, or behind `connection-thread.ts` in one of its own.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export interface SqliteAnswer {
  readonly rows: readonly Record<string, unknown>[];
  readonly changes: number;
}
/** What the dialect needs of a connection, wherever it runs. */
export interface SqliteConnection {
  query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer>;
  /** Runs one statement for each of many rows of parameters. */
  runForEach(sql: string, rows: readonly (readonly unknown[])[]): Promise<void>;
  close(): Promise<void>;
}
export interface SqliteOptions {
  readonly path: string;
  readonly readOnly: boolean;
}

/** Statements kept prepared: the console's queries come in a few hundred shapes. */
const MAX_PREPARED = 300;
/** Pages held in memory, in KiB: the index of a million facts fits. */
const CACHE_KIB = 64 * 1024;
/** Pages of 4 KiB in the log before they move into the file: fewer, longer writes while a capture is taken in. */
const CHECKPOINT_PAGES = 8_000;
/** Another writer holds the file for as long as the inventory is replaced, at most seconds. */
const BUSY_MILLISECONDS = 60_000;

export class LocalSqlite implements SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor({ path, readOnly }: SqliteOptions) {
    this.#database = new DatabaseSync(path, { readOnly, timeout: BUSY_MILLISECONDS });
    if (!readOnly)
      this.#database.exec(
        `pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};`,
      );
    this.#database.exec(`pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory;`);
  }

  /** Runs one statement at once. Throws what SQLite says against it. */
  run(sql: string, parameters: readonly unknown[]): SqliteAnswer {
    const statement = this.#prepare(sql);
    const values = parameters as readonly SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  }
  async query(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer> {
    return this.run(sql, parameters);
  }

  runAll(sql: string, rows: readonly (readonly unknown[])[]): void {
    const statement = this.#prepare(sql);
    for (const row of rows) statement.run(...(row as readonly SQLInputValue[]));
  }
  async runForEach(sql: string, rows: readonly (readonly unknown[])[]): Promise<void> {
    this.runAll(sql, rows);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement) this.#prepared.delete(sql);
    else statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    if (this.#prepared.size > MAX_PREPARED) {
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    return statement;
  }

  async close(): Promise<void> {
    this.#prepared.clear();
    this.#database.close();
  }
}

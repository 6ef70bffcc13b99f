// The two engines behind one face: where to read, where to write, and the few places in which their SQL differs.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema, StoreEngine } from './schema.ts';

export interface StoreDatabase {
  readonly engine: StoreEngine;
  /** Version of the database program. */
  readonly version: string;
  readonly read: Kysely<Schema>;
  readonly write: Kysely<Schema>;
  /** SQLite only: runs a statement for each of many rows, on the connection that writes. */
  readonly runForEach?: (statement: string, rows: readonly (readonly unknown[])[]) => Promise<void>;
  close(): Promise<void>;
}

export type ColumnType = 'integer' | 'real' | 'text';

/** Rows in a statement being built: an expression for each column, and the table expression they come from. */
export interface BulkRows {
  readonly columns: readonly RawBuilder<unknown>[];
  readonly from: RawBuilder<unknown>;
}

/**
 * Stores many rows with one statement, inside a transaction. In: rows as arrays in the order of `types`, and how the
 * statement is built; it may hold no other parameters. SQLite prepares it once and runs it for each row; PostgreSQL gets
 * all rows as one JSON parameter. Measured for 500,000 facts: 1.3 CPU s instead of 2.7 on SQLite, where JSON only costs.
 */
export async function storeRows(
  db: StoreDatabase,
  tx: Kysely<Schema>,
  rows: readonly (readonly unknown[])[],
  types: readonly ColumnType[],
  build: (rows: BulkRows) => RawBuilder<unknown>,
): Promise<void> {
  if (rows.length === 0) return;
  if (db.runForEach) {
    const columns = types.map((_, i) => sql.raw(`?${i + 1}`));
    await db.runForEach(build({ columns, from: sql`(select 1)` }).compile(tx).sql, rows);
    return;
  }
  const columns = types.map((type, i) => {
    const cast = type === 'integer' ? 'bigint' : type === 'real' ? 'double precision' : 'text';
    return sql`(j.value ->> ${sql.raw(String(i))})::${sql.raw(cast)}`;
  });
  await build({ columns, from: sql`jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as j(value)` }).execute(tx);
}

/** The lesser of two values, where null means "not known". */
export const lesser = (engine: StoreEngine, a: RawBuilder<unknown>, b: RawBuilder<unknown>) =>
  engine === 'sqlite' ? sql<number>`min(coalesce(${a}, ${b}), coalesce(${b}, ${a}))` : sql<number>`least(${a}, ${b})`;
export const greater = (engine: StoreEngine, a: RawBuilder<unknown>, b: RawBuilder<unknown>) =>
  engine === 'sqlite'
    ? sql<number>`max(coalesce(${a}, ${b}), coalesce(${b}, ${a}))`
    : sql<number>`greatest(${a}, ${b})`;

/** Whether a text column holds this text, as it is written. */
export const holds = (engine: StoreEngine, column: RawBuilder<unknown>, text: string) =>
  engine === 'sqlite' ? sql<boolean>`instr(${column}, ${text}) > 0` : sql<boolean>`strpos(${column}, ${text}) > 0`;

/** Runs work in one transaction. */
export const inTransaction = <T>(db: StoreDatabase, work: (transaction: Kysely<Schema>) => Promise<T>): Promise<T> =>
  db.write.transaction().execute(work);

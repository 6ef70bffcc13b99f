// The two engines behind one face: where to read, where to write, and the few places in which their SQL differs.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema, StoreEngine } from './schema.ts';

export interface StoreDatabase {
  readonly engine: StoreEngine;
  /** Version of the database program. */
  readonly version: string;
  readonly read: Kysely<Schema>;
  readonly write: Kysely<Schema>;
}

export type ColumnType = 'integer' | 'real' | 'text';

/**
 * Many rows as one parameter: a JSON array of arrays, in the order of `types`. Out: the table expression to select from
 * and an expression for each column. One statement then stores thousands of rows, the same way on both engines.
 */
export function rowsFrom(engine: StoreEngine, rows: readonly (readonly unknown[])[], types: readonly ColumnType[]) {
  const json = JSON.stringify(rows);
  const from =
    engine === 'sqlite' ? sql`json_each(${json}) as j` : sql`jsonb_array_elements(${json}::jsonb) as j(value)`;
  const columns = types.map((type, i): RawBuilder<unknown> => {
    const value = sql`j.value ->> ${sql.raw(String(i))}`;
    if (engine === 'sqlite') return value;
    return sql`(${value})::${sql.raw(type === 'integer' ? 'bigint' : type === 'real' ? 'double precision' : 'text')}`;
  });
  return { from, columns };
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

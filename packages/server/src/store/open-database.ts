// Opens the store's database, embedded or PostgreSQL, and brings its tables up to this version. Whatever keeps it from
// being used comes out as a problem from the list of errors.
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { StartProblem } from '../start-problem.ts';
import type { StoreDatabase } from './database.ts';
import { MIGRATION_NAMES, migrationsFor } from './migrations.ts';
import type { Schema, StoreEngine } from './schema.ts';
import { LocalSqlite, type SqliteConnection } from './sqlite/connection.ts';
import { SqliteDialect } from './sqlite/dialect.ts';
import { ThreadedSqlite } from './sqlite/threaded.ts';

export type StoreAddress = { readonly sqlite: string } | { readonly postgresql: string };

export interface OpenOptions {
  /** SQLite in threads of its own, so that the calling thread never waits for the disk. */
  readonly threads: boolean;
  /** Brings the tables up to this version; a worker finds them done. */
  readonly migrate: boolean;
}

/** Connections to PostgreSQL: pages are read side by side, while captures are taken in one after the other. */
const POSTGRES_CONNECTIONS = 6;
/** The number of our lock among those of a database; any other would do, as long as it stays. */
const LOCK_KEY = 0x696e7465;
/** The longest statement of ours, replacing an inventory, takes seconds. */
const LOCK_MILLISECONDS = 10_000;
/** Oldest PostgreSQL the tests run on. */
const POSTGRES_OLDEST = 150_000;

/** Throws a `StartProblem` where the database cannot be used. */
export async function openDatabase(address: StoreAddress, options: OpenOptions): Promise<StoreDatabase> {
  return 'sqlite' in address ? openSqlite(address.sqlite, options) : openPostgres(address.postgresql, options);
}

export const closeDatabase = (db: StoreDatabase): Promise<void> => db.close();

async function openSqlite(path: string, { threads, migrate }: OpenOptions): Promise<StoreDatabase> {
  const connect = (readOnly: boolean): SqliteConnection =>
    threads ? new ThreadedSqlite({ path, readOnly }) : new LocalSqlite({ path, readOnly });
  const open = (connection: SqliteConnection) => new Kysely<Schema>({ dialect: new SqliteDialect(connection) });
  const connections: SqliteConnection[] = [];
  // Kysely closes only connections it has used; a reader that was never asked has its thread all the same.
  const close = async (): Promise<void> => {
    // The writer last: it moves what is left of the log into the file.
    for (const connection of connections.splice(0).reverse()) await connection.close();
  };
  try {
    const writer = connect(false);
    connections.push(writer);
    const write = open(writer);
    const version = await sql<{ v: string }>`select sqlite_version() as v`.execute(write);
    if (migrate) await bringUp(write, 'sqlite');
    if (threads) connections.push(connect(true));
    const reader = connections[1];
    return {
      engine: 'sqlite',
      version: version.rows[0]?.v ?? '',
      read: reader ? open(reader) : write,
      write,
      runForEach: (statement, rows) => writer.runForEach(statement, rows),
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    if (error instanceof StartProblem) throw error;
    throw new StartProblem('start.store-damaged', { store: path, problem: (error as Error).message });
  }
}

async function openPostgres(url: string, { migrate }: OpenOptions): Promise<StoreDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POSTGRES_CONNECTIONS,
    // Counts and times fit a double exactly up to 2^53; as strings they would have to be turned everywhere.
    types: {
      getTypeParser: (oid: number, format?: 'text') =>
        oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
          ? Number
          : pg.types.getTypeParser(oid, format ?? 'text'),
    } as pg.CustomTypesConfig,
  });
  // A connection that breaks while nobody uses it is replaced with the next query.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  let release = async (): Promise<void> => {};
  try {
    const found = await sql<{ n: string; v: string }>`select current_setting('server_version_num') as n,
      current_setting('server_version') as v`.execute(db);
    const { n = '0', v = '' } = found.rows[0] ?? {};
    if (Number(n) < POSTGRES_OLDEST)
      throw new StartProblem('start.database-unreachable', {
        address: shownUrl(url),
        problem: `it is PostgreSQL ${v}`,
      });
    const lock = migrate ? await takeDatabase(url) : undefined;
    release = async () => lock?.end();
    if (migrate) await bringUp(db, 'postgresql');
    return {
      engine: 'postgresql',
      version: v,
      read: db,
      write: db,
      close: async () => {
        await db.destroy();
        await release();
      },
    };
  } catch (error) {
    await db.destroy().catch(() => undefined);
    await release().catch(() => undefined);
    if (error instanceof StartProblem) throw error;
    const { message, code } = error as Error & { code?: string };
    throw new StartProblem('start.database-unreachable', {
      address: shownUrl(url),
      problem: message || code || 'no answer',
    });
  }
}

/**
 * Takes the database for this process: the lock ends with its connection, however that ends. After a crash the server of
 * the database may still be at work for the process that is gone, so it is asked for a while.
 */
async function takeDatabase(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  client.on('error', () => undefined);
  const until = performance.now() + LOCK_MILLISECONDS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK_KEY]);
    if (rows[0]?.taken) return client;
    if (performance.now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await client.end();
  throw new StartProblem('start.database-locked', { address: shownUrl(url) });
}

/** The address of a database without its password. */
function shownUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

async function bringUp(db: Kysely<Schema>, engine: StoreEngine): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrationsFor(engine) } });
  const done = await executedMigrations(db);
  const unknown = done.filter((name) => !MIGRATION_NAMES.includes(name)).at(-1);
  if (unknown) throw new StartProblem('start.store-newer', { found: unknown, known: MIGRATION_NAMES.at(-1) ?? '' });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

/** Steps a store has been through, in order; none for an empty one. */
async function executedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.rows.map((row) => row.name);
}

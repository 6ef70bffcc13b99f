// The thread behind a `ThreadedSqlite`: runs statements as they come, one after the other, and answers with rows or with
// what SQLite said against them.
import { parentPort, workerData } from 'node:worker_threads';
import { LocalSqlite, type SqliteOptions } from './connection.ts';

export interface SqliteRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** The statement runs for each of these instead. */
  readonly rows?: readonly (readonly unknown[])[];
}
export type SqliteReply =
  | { readonly id: number; readonly rows: readonly Record<string, unknown>[]; readonly changes: number }
  | { readonly id: number; readonly problem: { readonly message: string; readonly errcode?: number } };

const port = parentPort;
if (!port) throw new Error('connection-thread.ts runs as a worker only');

const connection = new LocalSqlite(workerData as SqliteOptions);
port.on('message', (request: SqliteRequest | 'close') => {
  if (request === 'close') {
    void connection.close();
    port.close();
    return;
  }
  const { id } = request;
  let reply: SqliteReply;
  try {
    if (request.rows) {
      connection.runAll(request.sql, request.rows);
      reply = { id, rows: [], changes: 0 };
    } else reply = { id, ...connection.run(request.sql, request.parameters) };
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    reply = { id, problem: { message, ...(errcode === undefined ? {} : { errcode }) } };
  }
  port.postMessage(reply);
});

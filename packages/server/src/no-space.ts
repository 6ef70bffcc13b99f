// Whether an error says that there is no space left, whoever says it: the file system, SQLite or PostgreSQL.

/** Messages of SQLite, PostgreSQL and the operating system, where no code is passed on. */
const TEXTS = /disk is full|no space left|ENOSPC/i;

export function isFull(error: unknown): boolean {
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown };
  // ENOSPC, EDQUOT; SQLITE_FULL is 13 (sqlite.org/rescode.html); disk_full is 53100 (PostgreSQL appendix A).
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' || errcode === 13) return true;
  return typeof message === 'string' && TEXTS.test(message);
}

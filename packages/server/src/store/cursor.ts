// Pages by key: a page starts after the last row of the one before, whatever was inserted or removed meanwhile. The
// cursor holds the keys of that row and which list, filters and order it belongs to.
import { createHash } from 'node:crypto';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { problem } from '../api-problem.ts';

export interface SortKey {
  /** What is sorted by; never null. */
  readonly by: RawBuilder<unknown>;
  readonly descending: boolean;
}
type KeyValue = string | number;

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** How a list is sorted and paged. The last of its keys tells all rows apart. */
export class Paging {
  readonly #keys: readonly SortKey[];
  readonly #scope: string;
  readonly #request: PageRequest;
  readonly #after: readonly KeyValue[] | undefined;

  /**
   * `scope` is everything the list depends on besides the page: its name, filters, order. Throws `request.bad-cursor`
   * for a cursor of another list.
   */
  constructor(keys: readonly SortKey[], scope: unknown, request: PageRequest) {
    this.#keys = keys;
    this.#scope = createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 12);
    this.#request = request;
    this.#after = request.cursor === undefined ? undefined : this.#open(request.cursor);
  }

  /** One row more than asked for: whether there is a next page. */
  get fetch(): number {
    return this.#request.limit + 1;
  }
  /** Selections `key_0`, `key_1`... that `finish` needs of each row. */
  get selections() {
    return this.#keys.map((key, i) => key.by.as(`key_${i}`));
  }
  get orderBy(): RawBuilder<unknown> {
    return sql.join(this.#keys.map(({ by, descending }) => sql`${by} ${sql.raw(descending ? 'desc' : 'asc')}`));
  }
  /** True for rows after the cursor. */
  get where(): Expression<SqlBool> {
    const after = this.#after;
    if (!after) return sql<boolean>`1 = 1`;
    const alternatives = this.#keys.map((key, i) => {
      const equal = this.#keys.slice(0, i).map((earlier, j) => sql`${earlier.by} = ${after[j]}`);
      return sql`(${sql.join([...equal, sql`${key.by} ${sql.raw(key.descending ? '<' : '>')} ${after[i]}`], sql` and `)})`;
    });
    return sql<boolean>`(${sql.join(alternatives, sql` or `)})`;
  }

  /** In: the rows fetched. Out: those of the page, and the cursor of the next one. */
  finish<R extends object>(rows: readonly R[]): { readonly rows: readonly R[]; readonly next?: string } {
    if (rows.length <= this.#request.limit) return { rows };
    const kept = rows.slice(0, this.#request.limit);
    const last = kept.at(-1) as Readonly<Record<string, KeyValue>> | undefined;
    if (!last) return { rows: kept };
    const values = this.#keys.map((_, i) => last[`key_${i}`]);
    return { rows: kept, next: Buffer.from(JSON.stringify([this.#scope, ...values])).toString('base64url') };
  }

  #open(cursor: string): readonly KeyValue[] {
    try {
      const [scope, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
      const usable = values.every((value) => typeof value === 'string' || typeof value === 'number');
      if (scope === this.#scope && values.length === this.#keys.length && usable) return values as KeyValue[];
    } catch {
      // Not made by us: told below like a cursor of another list.
    }
    throw problem('request.bad-cursor', {});
  }
}

/** Two keys that put what is not known (an empty text) last in either direction, and the text in between. */
export const knownFirst = (text: RawBuilder<unknown>, descending: boolean): readonly SortKey[] => [
  { by: sql`case when ${text} = '' then 1 else 0 end`, descending: false },
  { by: text, descending },
];

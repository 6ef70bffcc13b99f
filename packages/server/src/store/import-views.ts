// What the inventory shows of documents: which imports say something of a device, and where they contradict what was met.
import type { DocumentBasis, FactKind, SaidBy } from '@interlock/model';
import type { DeviceDetail, OutputOf, ParsedQueryOf } from '@interlock/model/api';
import { sql } from 'kysely';
import { Paging } from './cursor.ts';
import { holds, type StoreDatabase } from './database.ts';
import { factTitle, searchWords } from './texts.ts';

/** Imports named on the page of a device. */
const IMPORTS_SHOWN = 50;

export async function importsOf(db: StoreDatabase, device: number): Promise<DeviceDetail['imports']> {
  const { rows } = await sql<{ id: string; source: string | null; basis: string }>`
    select distinct i.id, i.source, i.basis from device_fact x join sighting s on s.fact = x.fact
      join origin o on o.id = s.origin and o.kind = 'document' join import i on i.id = o.name
    where x.device = ${device} order by 2 limit ${sql.lit(IMPORTS_SHOWN)}`.execute(db.read);
  return rows.map(({ id, source, basis }) => ({ id, source: source ?? '', basis: basis as DocumentBasis }));
}

export async function contradictionsOf(db: StoreDatabase, device: number): Promise<DeviceDetail['contradictions']> {
  const rows = await db.read
    .selectFrom('device_contradiction as c')
    .leftJoin('fact as i', 'i.id', 'c.imported_fact')
    .leftJoin('fact as m', 'm.id', 'c.met_fact')
    .select([
      'c.kind',
      'c.imported_text',
      'c.met_text',
      'c.imported_by',
      'c.met_by',
      'i.key as i_key',
      'm.key as m_key',
    ])
    .where('c.device', '=', device)
    .orderBy('c.n')
    .execute();
  return rows.map((row) => ({
    kind: row.kind as FactKind,
    title: factTitle(row.kind),
    imported: { ...(row.i_key === null ? {} : { fact: row.i_key }), text: row.imported_text, by: row.imported_by },
    met: { ...(row.m_key === null ? {} : { fact: row.m_key }), text: row.met_text, by: row.met_by },
  }));
}

/** Contradictions of all devices, in the order of the inventory. */
export async function listContradictions(
  db: StoreDatabase,
  query: ParsedQueryOf<'listContradictions'>,
): Promise<OutputOf<'listContradictions'>> {
  const { cursor, limit, ...filter } = query;
  const conditions = searchWords(filter.search ?? '').map((word) => holds(db.engine, sql.ref('c.search'), word));
  if (filter.kind) conditions.push(sql<boolean>`c.kind = ${filter.kind}`);
  const where = conditions.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
  const paging = new Paging([{ by: sql.ref('c.n'), descending: false }], ['contradictions', filter], { cursor, limit });
  const [rows, counted] = await Promise.all([
    db.read
      .selectFrom('device_contradiction as c')
      .innerJoin('device as d', 'd.n', 'c.device')
      .leftJoin('fact as i', 'i.id', 'c.imported_fact')
      .leftJoin('fact as m', 'm.id', 'c.met_fact')
      .select(['d.id', 'd.label', 'c.kind', 'c.imported_text', 'c.met_text', 'c.imported_by', 'c.met_by', 'c.met_said'])
      .select(['i.key as i_key', 'm.key as m_key'])
      .select(
        sql<string | null>`(select min(p.source) from sighting s join origin o on o.id = s.origin
          join import p on p.id = o.name where s.fact = c.imported_fact)`.as('source'),
      )
      .select(paging.selections)
      .where(where)
      .where(paging.where)
      .orderBy(paging.orderBy)
      .limit(paging.fetch)
      .execute(),
    sql<{ n: number }>`select count(*) as n from device_contradiction c where ${where}`.execute(db.read),
  ]);
  const page = paging.finish(rows);
  return {
    items: page.rows.map((row) => ({
      device: row.id,
      label: row.label,
      kind: row.kind as FactKind,
      title: factTitle(row.kind),
      imported: {
        ...(row.i_key === null ? {} : { fact: row.i_key }),
        text: row.imported_text,
        said: 'imported' as const,
        by: row.imported_by,
      },
      met: {
        ...(row.m_key === null ? {} : { fact: row.m_key }),
        text: row.met_text,
        said: row.met_said as SaidBy,
        by: row.met_by,
      },
      ...(row.source === null ? {} : { source: row.source }),
    })),
    total: counted.rows[0]?.n ?? 0,
    ...(page.next ? { next: page.next } : {}),
  };
}

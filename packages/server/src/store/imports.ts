// Imports in the store: documents on their way in, their observations and problems, and the sources they are versions of.
// A version is read beside the one before and takes its place in one transaction, so that a reader sees the old or the
// new one; facts that both say keep the time since which they are known.
import { importerNamed } from '@interlock/documents';
import type { ColumnMapping, DocumentBasis, FactKind, ImportProblem, Observation } from '@interlock/model';
import { IMPORT_PROBLEMS, type ImportProblemCode } from '@interlock/model';
import type {
  ImportDetail,
  ImportPreview,
  ImportRow,
  ImportSource,
  ImportState,
  OutputOf,
  ParsedQueryOf,
} from '@interlock/model/api';
import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import { problem } from '../api-problem.ts';
import { knownFirst, Paging, type SortKey } from './cursor.ts';
import { holds, inTransaction, type StoreDatabase, storeRows } from './database.ts';
import { listContradictions } from './import-views.ts';
import { countChange, originOf, PENDING, removeOrigin, storeSightings, toSightings } from './observations.ts';
import type { ImportTable, Schema } from './schema.ts';
import { factTitle, searchable } from './texts.ts';

/** Problems kept one by one; more of them are counted, and nobody reads on. */
const MAX_PROBLEMS_KEPT = 100_000;
/** Problems shown with the import itself; the others come in pages. */
const PROBLEMS_SHOWN = 20;
/** States in which a document waits for work that a restart must take up again. */
const UNFINISHED: readonly ImportState[] = ['looking', 'waiting', 'reading'];

export interface NewImport {
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly added: number;
  readonly importer: string;
  readonly basis: DocumentBasis;
}
/** A stretch of a document, ready to be stored. */
export interface ImportStretch {
  readonly observations: readonly Observation[];
  readonly problems: readonly ImportProblem[];
  readonly records: number;
  readonly refused: number;
}

export function importStore(db: StoreDatabase) {
  const rowOf = async (id: string): Promise<Selectable<ImportTable> | undefined> =>
    db.read.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();

  return {
    /** Notes a document that is on disk. */
    async add(fresh: NewImport): Promise<void> {
      await db.write
        .insertInto('import')
        .values({
          ...fresh,
          state: 'looking' satisfies ImportState,
          source: null,
          mapping: null,
          preview: null,
          problem: null,
          finished: null,
          records: 0,
          refused: 0,
          problems: 0,
          observations: 0,
          changes: null,
        })
        .execute();
    },

    get: async (id: string): Promise<ImportRow | undefined> => {
      const row = await rowOf(id);
      return row && toRow(row);
    },

    /** What the reader of a document needs. */
    async task(id: string) {
      const row = await rowOf(id);
      return row && { ...toRow(row), mapping: parsed<ColumnMapping>(row.mapping) };
    },

    /** In: another format or mapping to look at a document with. */
    async lookAgain(
      id: string,
      importer: string,
      basis: DocumentBasis,
      mapping: ColumnMapping | undefined,
    ): Promise<void> {
      await db.write
        .updateTable('import')
        .set({ state: 'looking', importer, basis, mapping: mapping ? JSON.stringify(mapping) : null, problem: null })
        .where('id', '=', id)
        .execute();
    },

    async setPreview(id: string, preview: ImportPreview): Promise<void> {
      await db.write
        .updateTable('import')
        .set({
          state: 'preview',
          preview: JSON.stringify(preview),
          mapping: preview.mapping ? JSON.stringify(preview.mapping) : null,
          records: preview.records,
          refused: preview.refused,
          problems: preview.problems,
        })
        .where('id', '=', id)
        .where('state', '=', 'looking')
        .execute();
    },

    /**
     * Makes an import the next version of a source; it waits to be read. Throws `import.not-in-preview`, and
     * `import.other-format` where the source is read by another importer.
     */
    start: (id: string, source: string, mapping: ColumnMapping | undefined): Promise<void> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
        if (!row) throw problem('import.not-found', { import: id });
        if (row.state !== 'preview') throw problem('import.not-in-preview', { state: row.state });
        const known = await tx.selectFrom('import_source').selectAll().where('name', '=', source).executeTakeFirst();
        if (known && known.basis !== row.basis)
          throw problem('import.other-format', { source, importer: known.importer });
        const chosen = mapping ? JSON.stringify(mapping) : row.mapping;
        await sql`insert into import_source (name, importer, basis, mapping, current)
          values (${source}, ${row.importer}, ${row.basis}, ${chosen}, null)
          on conflict (name) do update set importer = excluded.importer, basis = excluded.basis,
            mapping = coalesce(excluded.mapping, import_source.mapping)`.execute(tx);
        await tx
          .updateTable('import')
          .set({ state: 'waiting', source, mapping: chosen, records: 0, refused: 0, problems: 0 })
          .where('id', '=', id)
          .execute();
      }),

    /** Begins to read from the start: what an attempt before stored is dropped. Out: false where it is gone. */
    begin: (id: string): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
        if (!row || (row.state !== 'waiting' && row.state !== 'reading')) return false;
        await removeOrigin(tx, id);
        await tx.deleteFrom('import_problem').where('import', '=', id).execute();
        await tx.deleteFrom('import_problem_count').where('import', '=', id).execute();
        await tx
          .updateTable('import')
          .set({ state: 'reading', records: 0, refused: 0, problems: 0, observations: 0 })
          .where('id', '=', id)
          .execute();
        const detail = JSON.stringify({ document: row.name, basis: row.basis });
        await originOf(tx, { kind: PENDING, name: id, detail, made: row.added });
        return true;
      }),

    /** Stores a stretch of a document. Out: false where the import is gone. */
    addStretch: (id: string, { observations, problems, records, refused }: ImportStretch): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('import').select(['problems']).where('id', '=', id).executeTakeFirst();
        const origin = await tx.selectFrom('origin').select('id').where('name', '=', id).executeTakeFirst();
        if (!row || !origin) return false;
        await storeSightings(db, tx, origin.id, toSightings(observations));
        await storeProblems(tx, id, row.problems, problems);
        await sql`update import set records = records + ${sql.lit(records)}, refused = refused + ${sql.lit(refused)},
          problems = problems + ${sql.lit(problems.length)} where id = ${id}`.execute(tx);
        return true;
      }),

    /** The document is read to its end: it takes the place of the version before. */
    finish: (id: string, finished: number, trouble: string | undefined): Promise<void> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
        const origin = await tx.selectFrom('origin').select('id').where('name', '=', id).executeTakeFirst();
        if (!row || !origin) return;
        const source = await tx
          .selectFrom('import_source')
          .selectAll()
          .where('name', '=', row.source ?? '')
          .executeTakeFirst();
        const before = source?.current
          ? await tx.selectFrom('origin').select('id').where('name', '=', source.current).executeTakeFirst()
          : undefined;
        const observations = await countOf(tx, sql`sighting where origin = ${origin.id}`);
        let changes = { added: observations, gone: 0, kept: 0 };
        if (before) {
          const kept = await countOf(
            tx,
            sql`sighting n join sighting o on o.fact = n.fact and o.origin = ${before.id} where n.origin = ${origin.id}`,
          );
          const had = await countOf(tx, sql`sighting where origin = ${before.id}`);
          changes = { added: observations - kept, gone: had - kept, kept };
          await sql`update sighting set first_time = (
              select min(o.first_time) from sighting o where o.fact = sighting.fact and o.origin in (${before.id}, ${origin.id}))
            where origin = ${origin.id} and first_time is not null and exists (
              select 1 from sighting o where o.fact = sighting.fact and o.origin = ${before.id} and o.first_time is not null)`.execute(
            tx,
          );
          await removeOrigin(tx, source?.current ?? '');
          await tx
            .updateTable('import')
            .set({ state: 'replaced' })
            .where('id', '=', source?.current ?? '')
            .execute();
        }
        await tx.updateTable('origin').set({ kind: 'document' }).where('id', '=', origin.id).execute();
        await tx
          .updateTable('import_source')
          .set({ current: id })
          .where('name', '=', row.source ?? '')
          .execute();
        await tx
          .updateTable('import')
          .set({
            state: 'done',
            finished,
            observations,
            problem: trouble ?? null,
            preview: null,
            changes: JSON.stringify(changes),
          })
          .where('id', '=', id)
          .execute();
        await countChange(tx);
      }),

    /** Nothing of the document can be used; what was stored of it goes. */
    fail: (id: string, finished: number, trouble: string): Promise<void> =>
      inTransaction(db, async (tx) => {
        await removeOrigin(tx, id);
        await tx
          .updateTable('import')
          .set({ state: 'failed', finished, problem: trouble, observations: 0 })
          .where('id', '=', id)
          .execute();
      }),

    /** Forgets an import and what rests on it alone. Out: how many observations went; undefined where it is not there. */
    remove: (id: string): Promise<number | undefined> =>
      inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
        if (!row) return undefined;
        const gone = await removeOrigin(tx, id);
        await tx.deleteFrom('import_problem').where('import', '=', id).execute();
        await tx.deleteFrom('import_problem_count').where('import', '=', id).execute();
        await tx.deleteFrom('import').where('id', '=', id).execute();
        await tx.updateTable('import_source').set({ current: null }).where('current', '=', id).execute();
        const left = await countOf(tx, sql`import where source = ${row.source ?? ''}`);
        if (left === 0)
          await tx
            .deleteFrom('import_source')
            .where('name', '=', row.source ?? '')
            .execute();
        await countChange(tx);
        return gone;
      }),

    /** Documents that were not looked at or not read to their end when the server last ended. */
    async unfinished(): Promise<ImportRow[]> {
      const rows = await db.read
        .selectFrom('import')
        .selectAll()
        .where('state', 'in', [...UNFINISHED])
        .orderBy('added')
        .execute();
      return rows.map(toRow);
    },
    /** Whether a document's file is still needed. */
    async isOpen(id: string): Promise<boolean> {
      const row = await rowOf(id);
      return row !== undefined && [...UNFINISHED, 'preview'].includes(row.state as ImportState);
    },

    async sources(): Promise<ImportSource[]> {
      const { rows } = await sql<{
        name: string;
        importer: string;
        basis: string;
        mapping: string | null;
        current: string | null;
        versions: number;
      }>`select s.*, (select count(*) from import i where i.source = s.name) as versions
        from import_source s order by s.name`.execute(db.read);
      return rows.map(({ name, importer, basis, mapping, current, versions }) => ({
        name,
        importer,
        basis: basis as DocumentBasis,
        versions,
        ...(current === null ? {} : { current }),
        ...(mapping === null ? {} : { mapping: JSON.parse(mapping) as Record<string, never> }),
      }));
    },

    async list(query: ParsedQueryOf<'listImports'>): Promise<OutputOf<'listImports'>> {
      const { search, sort, order, cursor, limit } = query;
      const descending = order === 'descending';
      const text = searchable(search ?? '');
      const where =
        text === ''
          ? sql<SqlBool>`1 = 1`
          : sql<SqlBool>`(${holds(db.engine, sql`lower(i.name)`, text)} or ${holds(db.engine, sql`lower(coalesce(i.source, ''))`, text)})`;
      const keys: readonly SortKey[] = [
        ...(sort === 'name' || sort === 'source'
          ? knownFirst(sql`lower(coalesce(${sql.ref(`i.${sort}`)}, ''))`, descending)
          : [{ by: sql.ref(`i.${sort}`), descending }]),
        { by: sql.ref('i.id'), descending },
      ];
      const paging = new Paging(keys, ['imports', sort, order, text], { cursor, limit });
      const [rows, total] = await Promise.all([
        db.read
          .selectFrom('import as i')
          .selectAll('i')
          .select(paging.selections)
          .where(where)
          .where(paging.where)
          .orderBy(paging.orderBy)
          .limit(paging.fetch)
          .execute(),
        countOf(db.read, sql`import i where ${where}`),
      ]);
      const page = paging.finish(rows);
      return { items: page.rows.map(toRow), total, ...(page.next ? { next: page.next } : {}) };
    },

    async detail(id: string): Promise<ImportDetail | undefined> {
      const row = await rowOf(id);
      if (!row) return undefined;
      const [kinds, counts, problems, devices] = await Promise.all([
        sql<{
          kind: string;
          facts: number;
        }>`select f.kind, count(*) as facts from origin o join sighting s on s.origin = o.id
          join fact f on f.id = s.fact where o.name = ${id} group by f.kind order by facts desc, f.kind`.execute(
          db.read,
        ),
        db.read
          .selectFrom('import_problem_count')
          .selectAll()
          .where('import', '=', id)
          .orderBy('count', 'desc')
          .execute(),
        db.read
          .selectFrom('import_problem')
          .selectAll()
          .where('import', '=', id)
          .orderBy('n')
          .limit(PROBLEMS_SHOWN)
          .execute(),
        sql<{ known: number; only: number | null }>`select count(*) as known,
            sum(case when d.origin = 'seen' then 0 else 1 end) as only from device d where exists (
              select 1 from device_fact x join sighting s on s.fact = x.fact join origin o on o.id = s.origin
              where x.device = d.n and o.name = ${id})`.execute(db.read),
      ]);
      const mapping = parsed<ImportDetail['mapping']>(row.mapping);
      const preview = parsed<ImportPreview>(row.preview);
      const [found] = devices.rows;
      return {
        ...toRow(row),
        ...(preview ? { preview } : {}),
        ...(mapping ? { mapping } : {}),
        kinds: kinds.rows.map(({ kind, facts }) => ({ kind: kind as FactKind, title: factTitle(kind), facts })),
        byCode: counts.map(({ code, count }) => ({
          code: code as ImportProblemCode,
          meaning: IMPORT_PROBLEMS[code as ImportProblemCode] ?? code,
          count,
        })),
        firstProblems: problems.map(toProblem),
        ...(row.state === 'done' && found
          ? { devices: { known: found.known, onlyListed: Number(found.only ?? 0) } }
          : {}),
      };
    },

    async problems(id: string, query: ParsedQueryOf<'listImportProblems'>): Promise<OutputOf<'listImportProblems'>> {
      const { code, cursor, limit } = query;
      const where = code ? sql<SqlBool>`p.import = ${id} and p.code = ${code}` : sql<SqlBool>`p.import = ${id}`;
      const paging = new Paging([{ by: sql.ref('p.n'), descending: false }], ['problems', id, code ?? ''], {
        cursor,
        limit,
      });
      const [rows, total] = await Promise.all([
        db.read
          .selectFrom('import_problem as p')
          .selectAll('p')
          .select(paging.selections)
          .where(where)
          .where(paging.where)
          .orderBy(paging.orderBy)
          .limit(paging.fetch)
          .execute(),
        countOf(db.read, sql`import_problem p where ${where}`),
      ]);
      const page = paging.finish(rows);
      return { items: page.rows.map(toProblem), total, ...(page.next ? { next: page.next } : {}) };
    },

    /** Every problem that was kept, some at a time. */
    async *eachProblem(id: string): AsyncGenerator<readonly ImportProblem[]> {
      const AT_ONCE = 5_000;
      for (let n = -1; ; ) {
        const rows = await db.read
          .selectFrom('import_problem')
          .selectAll()
          .where('import', '=', id)
          .where('n', '>', n)
          .orderBy('n')
          .limit(AT_ONCE)
          .execute();
        if (rows.length > 0) yield rows.map(toProblem);
        const last = rows.at(-1);
        if (!last || rows.length < AT_ONCE) return;
        n = last.n;
      }
    },

    contradictions: (query: ParsedQueryOf<'listContradictions'>) => listContradictions(db, query),
  };

  /** In: how many problems the import has already, and more of them. Only the first ones are kept one by one. */
  async function storeProblems(
    tx: Kysely<Schema>,
    id: string,
    before: number,
    problems: readonly ImportProblem[],
  ): Promise<void> {
    const kept = problems.slice(0, Math.max(0, MAX_PROBLEMS_KEPT - before));
    await storeRows(
      db,
      tx,
      kept.map(({ code, path, text }, i) => [id, before + i, code, stored(path), stored(text)]),
      ['text', 'integer', 'text', 'text', 'text'],
      ({ columns, from }) =>
        sql`insert into import_problem (import, n, code, path, text) select ${sql.join(columns)} from ${from} where true`,
    );
    for (const [code, all] of Map.groupBy(problems, (one) => one.code))
      await sql`insert into import_problem_count (import, code, count) values (${id}, ${code}, ${all.length})
        on conflict (import, code) do update set count = import_problem_count.count + excluded.count`.execute(tx);
  }
}
export type ImportStore = ReturnType<typeof importStore>;

/** PostgreSQL refuses the character 0 and halves of surrogate pairs. */
const stored = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();
const countOf = async (db: Kysely<Schema>, from: ReturnType<typeof sql>): Promise<number> =>
  (await sql<{ n: number }>`select count(*) as n from ${from}`.execute(db)).rows[0]?.n ?? 0;
const parsed = <T>(json: string | null): T | undefined => (json === null ? undefined : (JSON.parse(json) as T));
const toProblem = ({ code, path, text }: { code: string; path: string; text: string }) => ({
  code: code as ImportProblemCode,
  path,
  text,
});

const toRow = (row: Selectable<ImportTable>): ImportRow => ({
  id: row.id,
  name: row.name,
  size: row.size,
  added: row.added,
  state: row.state as ImportState,
  importer: row.importer,
  importerTitle: importerNamed(row.importer)?.title ?? row.importer,
  basis: row.basis as DocumentBasis,
  ...(row.source === null ? {} : { source: row.source }),
  ...(row.finished === null ? {} : { finished: row.finished }),
  ...(row.problem === null ? {} : { problem: row.problem }),
  records: row.records,
  refused: row.refused,
  observations: row.observations,
  problems: row.problems,
  ...(row.changes === null ? {} : { changes: JSON.parse(row.changes) as NonNullable<ImportRow['changes']> }),
});

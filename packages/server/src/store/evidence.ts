// "Why?": one fact and everything it rests on.
import { type DocumentBasis, type FactKind, isFactKind, type Provenance, type SaidBy } from '@interlock/model';
import type { Evidence } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import type { StoreDatabase } from './database.ts';
import { PENDING, readFrames, readValue } from './observations.ts';
import { factText, factTitle } from './texts.ts';

type Fact = Evidence['fact'];
type Origin = Evidence['origins'][number];

/** A fact may be met in as many captures as there are; the first ones show it. */
const MAX_ORIGINS = 200;

export function evidenceStore(db: StoreDatabase) {
  return {
    /**
     * In: the key of a fact, and whether a capture's file is there. Out: the fact and its origins. Throws
     * `fact.not-found`.
     */
    async of(key: string, isAvailable: (capture: string) => boolean): Promise<{ fact: Fact; origins: Origin[] }> {
      const rows = await db.read
        .selectFrom('fact as f')
        .innerJoin('sighting as s', 's.fact', 'f.id')
        .innerJoin('origin as o', 'o.id', 's.origin')
        .leftJoin('capture as c', 'c.id', 'o.name')
        .leftJoin('import as i', 'i.id', 'o.name')
        .selectAll('s')
        .select(['f.kind', 'f.subject', 'f.value', 'f.said', 'f.protocol', 'f.source'])
        .select([
          'o.kind as origin_kind',
          'o.name as origin_name',
          'o.detail',
          'o.made',
          'c.name as capture_name',
          'i.source as import_source',
        ])
        .select(['i.added as import_added'])
        .where('f.key', '=', key)
        .where('o.kind', '<>', PENDING)
        .orderBy('s.origin')
        .limit(MAX_ORIGINS)
        .execute();
      const [first] = rows;
      if (!first || !isFactKind(first.kind)) throw problem('fact.not-found', { fact: key });
      const kind: FactKind = first.kind;
      const value = readValue(kind, first);
      const times = rows.flatMap(({ first_time, last_time }) => [first_time ?? 0, last_time ?? 0]).filter((t) => t > 0);
      return {
        fact: {
          id: key,
          kind,
          title: factTitle(kind),
          value,
          text: factText(kind, value),
          subject: first.subject,
          said: first.said as SaidBy,
          protocol: first.protocol,
          source: first.source,
          first: times.length > 0 ? Math.min(...times) : 0,
          last: times.length > 0 ? Math.max(...times) : 0,
          count: rows.reduce((sum, row) => sum + row.count, 0),
        },
        origins: rows.map((row): Origin => {
          if (row.origin_kind === 'capture')
            return {
              from: 'capture',
              capture: row.origin_name,
              name: row.capture_name ?? row.origin_name,
              frames: readFrames(row.frames),
              available: isAvailable(row.origin_name),
              first: row.first_time ?? 0,
              last: row.last_time ?? 0,
              count: row.count,
            };
          if (row.origin_kind === 'document') {
            const said = JSON.parse(row.detail) as { readonly document: string; readonly basis: DocumentBasis };
            return {
              from: 'document',
              ...said,
              path: row.path ?? '',
              importer: row.protocol,
              field: row.source,
              ...(row.import_source === null ? {} : { source: row.import_source, import: row.origin_name }),
              imported: row.import_added ?? row.made,
              count: row.count,
            };
          }
          const detail = { from: row.origin_kind, ...JSON.parse(row.detail) } as Exclude<
            Provenance,
            { from: 'capture' | 'document' }
          >;
          return detail.from === 'person' ? { ...detail, made: row.made } : detail;
        }),
      };
    },
  };
}
export type EvidenceStore = ReturnType<typeof evidenceStore>;

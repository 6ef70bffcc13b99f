// What people say against what was concluded: stored as observations like everything else, each with an origin of its
// own, so that it can be taken back.
import { randomUUID } from 'node:crypto';
import { type Observation, parseSubjectKey, subjectKey } from '@interlock/model';
import type { CorrectionInput, CorrectionShown, OutputOf } from '@interlock/model/api';
import { sql } from 'kysely';
import { problem } from '../api-problem.ts';
import { type PageRequest, Paging } from './cursor.ts';
import type { StoreDatabase } from './database.ts';
import type { ObservationStore } from './observations.ts';

const KINDS = {
  'same-device': 'identity.same-device',
  'different-devices': 'identity.different-device',
  name: 'identity.name',
} as const;

export function correctionStore(db: StoreDatabase, observations: ObservationStore) {
  return {
    /** Stores a correction. Throws `correction.unusable` where it names what is not in the store. */
    async add(input: CorrectionInput, author: string, made: number): Promise<CorrectionShown> {
      const subjects = input.subjects.map((key) => subjectKey(parseSubjectKey(key)));
      if (subjects.length > 1 && subjects[0] === subjects[1])
        throw problem('correction.unusable', { problem: 'both addresses are the same' });
      for (const subject of subjects)
        if (!(await isKnown(subject)))
          throw problem('correction.unusable', { problem: `nothing was seen of ${subject}` });
      const id = randomUUID();
      const [first = '', other = ''] = subjects;
      const observation = {
        kind: KINDS[input.kind],
        subject: parseSubjectKey(first),
        value: input.kind === 'name' ? input.name : { other },
        said: 'attested',
        first: made,
        last: made,
        count: 1,
        provenance: { from: 'person', author, ...(input.reason ? { reason: input.reason } : {}) },
      } as Observation;
      const reason = input.reason ? { reason: input.reason } : {};
      await observations.addStatements({ name: id, provenance: { from: 'person', author, ...reason } }, made, [
        observation,
      ]);
      return {
        id,
        kind: input.kind,
        subjects,
        ...(input.kind === 'name' ? { name: input.name } : {}),
        ...reason,
        author,
        made,
      };
    },

    async list(request: PageRequest): Promise<OutputOf<'listCorrections'>> {
      const paging = new Paging(
        [
          { by: sql.ref('o.made'), descending: true },
          { by: sql.ref('o.id'), descending: true },
        ],
        ['corrections'],
        request,
      );
      const rows = await db.read
        .selectFrom('origin as o')
        .innerJoin('sighting as s', 's.origin', 'o.id')
        .innerJoin('fact as f', 'f.id', 's.fact')
        .select(['o.name', 'o.detail', 'o.made', 'f.kind', 'f.subject', 'f.value'])
        .select(paging.selections)
        .where('o.kind', '=', 'person')
        .where(paging.where)
        .orderBy(paging.orderBy)
        .limit(paging.fetch)
        .execute();
      const page = paging.finish(rows);
      return {
        items: page.rows.flatMap((row): CorrectionShown[] => {
          const kind = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((one) => KINDS[one] === row.kind);
          if (!kind) return [];
          const value = JSON.parse(row.value) as string | { readonly other: string };
          const said = JSON.parse(row.detail) as { readonly author: string; readonly reason?: string };
          return [
            {
              id: row.name,
              kind,
              subjects: typeof value === 'string' ? [row.subject] : [row.subject, value.other],
              ...(typeof value === 'string' ? { name: value } : {}),
              ...said,
              made: row.made,
            },
          ];
        }),
        total: await this.count(),
        ...(page.next ? { next: page.next } : {}),
      };
    },

    async count(): Promise<number> {
      const { rows } = await sql<{ n: number }>`select count(*) as n from origin where kind = 'person'`.execute(
        db.read,
      );
      return rows[0]?.n ?? 0;
    },

    /** Takes a correction back. Throws `correction.not-found`. */
    async remove(id: string): Promise<void> {
      const row = await db.read
        .selectFrom('origin')
        .select('id')
        .where('name', '=', id)
        .where('kind', '=', 'person')
        .executeTakeFirst();
      if (!row) throw problem('correction.not-found', { correction: id });
      await observations.removeOrigin(id);
    },
  };

  async function isKnown(subject: string): Promise<boolean> {
    const { mac, ip } = parseSubjectKey(subject);
    const found = await db.read
      .selectFrom('fact')
      .select('id')
      .where('subject', '=', subject)
      .limit(1)
      .executeTakeFirst();
    if (found) return true;
    const value = mac ?? ip;
    if (value === undefined) return false;
    return (
      (await db.read
        .selectFrom('device_address')
        .select('device')
        .where('value', '=', value)
        .limit(1)
        .executeTakeFirst()) !== undefined
    );
  }
}
export type CorrectionStore = ReturnType<typeof correctionStore>;

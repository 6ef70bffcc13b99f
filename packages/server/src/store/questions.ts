// Subnets that may be asked, runs, and what they asked of whom.
import { randomUUID } from 'node:crypto';
import type { AskedShown, OutputOf, QuestionRun, QuestionSubnet } from '@interlock/model/api';
import { sql } from 'kysely';
import { type PageRequest, Paging } from './cursor.ts';
import type { StoreDatabase } from './database.ts';
import type { QuestionRunTable } from './schema.ts';

/** What changes of a run while it goes on. */
export type RunChange = Partial<Omit<QuestionRun, 'id' | 'cidr' | 'author' | 'started' | 'interval'>>;

export function questionStore(db: StoreDatabase) {
  const runOf = (row: QuestionRunTable): QuestionRun => ({
    id: row.id,
    cidr: row.cidr,
    author: row.author,
    state: row.state as QuestionRun['state'],
    interval: row.pause,
    started: row.started,
    ...(row.ended === null ? {} : { ended: row.ended }),
    devices: row.devices,
    done: row.done,
    sent: row.sent,
    answers: row.answers,
    ...(row.capture === null ? {} : { capture: row.capture }),
    ...(row.problem === null ? {} : { problem: row.problem }),
  });

  return {
    async subnets(): Promise<QuestionSubnet[]> {
      const rows = await db.read.selectFrom('question_subnet').selectAll().orderBy('added').orderBy('id').execute();
      return rows.map((row) => ({ ...row, questions: JSON.parse(row.questions) as string[] }));
    },
    async addSubnet(subnet: Omit<QuestionSubnet, 'id'>): Promise<QuestionSubnet> {
      const row = { ...subnet, id: randomUUID() };
      await db.write
        .insertInto('question_subnet')
        .values({ ...row, questions: JSON.stringify(row.questions) })
        .execute();
      return row;
    },
    async removeSubnet(id: string): Promise<boolean> {
      const { numDeletedRows } = await db.write.deleteFrom('question_subnet').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },

    async addRun(run: Omit<QuestionRun, 'id'>): Promise<QuestionRun> {
      const id = randomUUID();
      const { interval, ended = null, capture = null, problem = null, ...rest } = run;
      await db.write
        .insertInto('question_run')
        .values({ ...rest, id, pause: interval, ended, capture, problem })
        .execute();
      return { ...run, id };
    },
    async changeRun(id: string, change: RunChange): Promise<void> {
      await db.write.updateTable('question_run').set(change).where('id', '=', id).execute();
    },
    async run(id: string): Promise<QuestionRun | undefined> {
      const row = await db.read.selectFrom('question_run').selectAll().where('id', '=', id).executeTakeFirst();
      return row && runOf(row);
    },
    /** Runs that a server left behind when it ended. Out: how many there were. */
    async interruptRunning(time: number): Promise<number> {
      const { numUpdatedRows } = await db.write
        .updateTable('question_run')
        .set({ state: 'interrupted', ended: time })
        .where('state', '=', 'running')
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async runs(request: PageRequest): Promise<OutputOf<'listQuestionRuns'>> {
      const paging = new Paging(
        [
          { by: sql.ref('r.started'), descending: true },
          { by: sql.ref('r.id'), descending: true },
        ],
        ['question-runs'],
        request,
      );
      const rows = await db.read
        .selectFrom('question_run as r')
        .selectAll('r')
        .select(paging.selections)
        .where(paging.where)
        .orderBy(paging.orderBy)
        .limit(paging.fetch)
        .execute();
      const page = paging.finish(rows);
      const total = await sql<{ n: number }>`select count(*) as n from question_run`.execute(db.read);
      return { items: page.rows.map(runOf), total: Number(total.rows[0]?.n ?? 0), ...nextOf(page.next) };
    },

    async addAsked(run: string, n: number, asked: AskedShown): Promise<void> {
      await db.write
        .insertInto('question_asked')
        .values({ ...asked, run, n, problem: asked.problem ?? null })
        .execute();
    },
    async asked(run: string, request: PageRequest): Promise<OutputOf<'listAsked'>> {
      const paging = new Paging([{ by: sql.ref('a.n'), descending: false }], ['question-asked', run], request);
      const rows = await db.read
        .selectFrom('question_asked as a')
        .select(['a.device', 'a.name', 'a.ip', 'a.question', 'a.sent', 'a.answers', 'a.problem'])
        .select(paging.selections)
        .where('a.run', '=', run)
        .where(paging.where)
        .orderBy(paging.orderBy)
        .limit(paging.fetch)
        .execute();
      const page = paging.finish(rows);
      const total = await sql<{ n: number }>`select count(*) as n from question_asked where run = ${run}`.execute(
        db.read,
      );
      const items = page.rows.map(
        ({ device, name, ip, question, sent, answers, problem }): AskedShown => ({
          device,
          name,
          ip,
          question,
          sent,
          answers,
          ...(problem === null ? {} : { problem }),
        }),
      );
      return { items, total: Number(total.rows[0]?.n ?? 0), ...nextOf(page.next) };
    },
  };
}
const nextOf = (next: string | undefined): { readonly next?: string } => (next === undefined ? {} : { next });

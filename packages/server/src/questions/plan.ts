// Which devices of a subnet are asked what: only devices that were met, never addresses that were not; and only questions
// that fit what a device is seen to offer, or all of them where nothing is known of it.
import type { DeviceRow, QuestionTargetShown } from '@interlock/model/api';
import { questionNamed } from './list/index.ts';
import type { Question } from './question.ts';
import type { Subnet } from './subnet.ts';

/** Devices of one run; more take a day and are better asked by subnet. */
export const MAX_DEVICES = 5_000;
/** What one request takes besides the interval: mostly the wait for an answer that does not come. */
const SECONDS_PER_REQUEST = 1;

export interface Plan {
  readonly targets: readonly QuestionTargetShown[];
  /** Messages sent at least: those of the first way to ask. */
  readonly requests: number;
  readonly seconds: number;
}

/** In: pages of the inventory, the subnet, allowed questions, whether those that are known well are asked too. */
export async function planQuestions(
  rows: AsyncIterable<readonly DeviceRow[]>,
  subnet: Subnet,
  allowed: readonly string[],
  everyone: boolean,
  interval: number,
): Promise<Plan> {
  const questions = allowed.map(questionNamed).filter((question) => question !== undefined);
  const targets: QuestionTargetShown[] = [];
  let requests = 0;
  for await (const page of rows) {
    for (const row of page) {
      if (targets.length >= MAX_DEVICES) break;
      if (row.outside || (!everyone && row.model !== undefined && row.firmware !== undefined)) continue;
      const ip = row.addresses.find(({ kind, value }) => kind !== 'mac' && subnet.holds(value))?.value;
      if (ip === undefined) continue;
      const fitting = questions.filter((question) => fits(question, row));
      if (fitting.length === 0) continue;
      targets.push({
        device: row.id,
        name: row.name ?? row.model ?? ip,
        ip,
        questions: fitting.map(({ name }) => name),
      });
      requests += fitting.reduce((sum, { tries }) => sum + (tries[0]?.length ?? 0), 0);
    }
  }
  return { targets, requests, seconds: Math.ceil(requests * (SECONDS_PER_REQUEST + interval / 1_000)) };
}

function fits(question: Question, row: DeviceRow): boolean {
  const known = row.services.filter(({ transport }) => transport === question.transport);
  return known.length === 0 || known.some(({ port }) => port === question.port);
}

// Runs of questions: who may be asked, what would be sent, asking, and handing what was exchanged on as a capture. One run
// at a time; what a run sent is kept whatever ends it.
import { randomInt } from 'node:crypto';
import type {
  AskedShown,
  OutputOf,
  ParsedBodyOf,
  QuestionRun,
  QuestionShown,
  QuestionSubnet,
} from '@interlock/model/api';
import { ASK_INTERVAL, MAX_SUBNETS } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import type { Receiver } from '../ingest/receive.ts';
import type { Store } from '../store/store.ts';
import { ask } from './asker.ts';
import { QUESTIONS, questionNamed } from './list/index.ts';
import { type Plan, planQuestions } from './plan.ts';
import type { Question, QuestionTarget } from './question.ts';
import { Recording } from './record.ts';
import { parseSubnet, type Subnet } from './subnet.ts';

/** Targets shown of a plan; the number of all is told beside. */
const MAX_SHOWN = 500;
/** Stands for an address where a plan shows requests that carry one. */
const EXAMPLE: QuestionTarget = { ip: '192.0.2.1', community: 'public' };

export interface QuestionsOptions {
  readonly store: Store;
  readonly receiver: Pick<Receiver, 'receive'>;
  readonly now: () => number;
  readonly onFault: (fault: unknown, run: string) => void;
  /** Ports other than the usual ones: for tests. */
  readonly portOf?: ((question: Question) => number) | undefined;
}

export class Questions {
  readonly #options: QuestionsOptions;
  #running: { readonly id: string; readonly stop: AbortController; readonly over: Promise<void> } | undefined;
  #starting = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Says of runs that a server left behind that they were interrupted. */
  async resume(): Promise<void> {
    await this.#options.store.questions.interruptRunning(this.#options.now());
  }
  /** Stops what is running and waits for it. */
  async close(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.over;
  }
  /** For tests: until no run is going on. */
  async settled(): Promise<void> {
    await this.#running?.over;
  }

  list(): QuestionShown[] {
    return QUESTIONS.map((question) => ({
      name: question.name,
      title: question.title,
      tells: question.tells,
      spec: question.spec,
      transport: question.transport,
      port: question.port,
      needsCommunity: question.needsCommunity === true,
      requests: question.tries.flatMap((requests, attempt) =>
        requests.map(({ what, bytes }) => ({
          try: attempt,
          what,
          hex: Buffer.from(bytes([], EXAMPLE) ?? []).toString('hex'),
        })),
      ),
    }));
  }

  async allow({ cidr, questions, author }: ParsedBodyOf<'addQuestionSubnet'>): Promise<QuestionSubnet> {
    const { store, now } = this.#options;
    const subnet = parseSubnet(cidr);
    if ('problem' in subnet) throw problem('question.bad-subnet', { cidr, problem: subnet.problem });
    const unknown = questions.find((name) => !questionNamed(name));
    if (unknown !== undefined) throw problem('question.unknown', { question: unknown });
    const known = await store.questions.subnets();
    if (known.length >= MAX_SUBNETS) throw problem('question.too-many-subnets', { count: known.length });
    return store.questions.addSubnet({ cidr: subnet.cidr, questions: [...new Set(questions)], author, added: now() });
  }

  async plan(id: string, everyone: boolean): Promise<OutputOf<'planQuestions'>> {
    const [allowed, subnet] = await this.#subnet(id);
    const { targets, requests, seconds } = await this.#planOf(allowed, subnet, everyone, ASK_INTERVAL.usual);
    return { devices: targets.slice(0, MAX_SHOWN), total: targets.length, requests, seconds };
  }
  async #subnet(id: string): Promise<readonly [QuestionSubnet, Subnet]> {
    const allowed = (await this.#options.store.questions.subnets()).find((one) => one.id === id);
    const subnet = allowed && parseSubnet(allowed.cidr);
    if (!allowed || !subnet || 'problem' in subnet) throw problem('question.no-such-subnet', { subnet: id });
    return [allowed, subnet];
  }
  #planOf({ questions }: QuestionSubnet, subnet: Subnet, everyone: boolean, interval: number): Promise<Plan> {
    const rows = this.#options.store.devices.each({ sort: 'addresses', order: 'ascending', outside: false });
    return planQuestions(rows, subnet, questions, everyone, interval);
  }

  async start(body: ParsedBodyOf<'startQuestions'>): Promise<QuestionRun> {
    if (this.#running || this.#starting) throw problem('question.busy', {});
    this.#starting = true;
    try {
      const { store, now } = this.#options;
      const [allowed, subnet] = await this.#subnet(body.subnet);
      const plan = await this.#planOf(allowed, subnet, body.everyone, body.interval);
      if (plan.targets.length === 0) throw problem('question.nobody', { cidr: allowed.cidr });
      const run = await store.questions.addRun({
        cidr: allowed.cidr,
        author: body.author,
        state: 'running',
        interval: body.interval,
        started: now(),
        devices: plan.targets.length,
        done: 0,
        sent: 0,
        answers: 0,
      });
      const stop = new AbortController();
      const over = this.#run(run, plan, body.community, stop.signal).finally(() => {
        this.#running = undefined;
      });
      this.#running = { id: run.id, stop, over };
      return run;
    } finally {
      this.#starting = false;
    }
  }

  async stop(id: string): Promise<QuestionRun> {
    if (this.#running?.id === id) {
      this.#running.stop.abort();
      await this.#running.over;
    }
    const run = await this.#options.store.questions.run(id);
    if (!run) throw problem('question.no-such-run', { run: id });
    return run;
  }

  async #run(run: QuestionRun, plan: Plan, community: string | undefined, signal: AbortSignal): Promise<void> {
    const { store, now, onFault, portOf } = this.#options;
    const recording = new Recording();
    const totals = { done: 0, sent: 0, answers: 0 };
    let failed: unknown;
    try {
      let n = 0;
      for (const target of plan.targets) {
        for (const name of target.questions) {
          const question = questionNamed(name);
          if (!question || signal.aborted) continue;
          const to = { ip: target.ip, ...(community === undefined ? {} : { community }) };
          const options = { interval: run.interval, now, signal, ...(portOf ? { portOf } : {}) };
          const { sent, answers, problem: why } = await ask(question, to, recording, options);
          totals.sent += sent;
          totals.answers += answers;
          const asked: AskedShown = {
            device: target.device,
            name: target.name,
            ip: target.ip,
            question: name,
            sent,
            answers,
            ...(why === undefined ? {} : { problem: why }),
          };
          await store.questions.addAsked(run.id, n++, asked);
        }
        if (signal.aborted) break;
        totals.done++;
        await store.questions.changeRun(run.id, totals);
      }
    } catch (error) {
      failed = error;
      onFault(error, run.id);
    }
    await this.#finish(run, recording, totals, signal.aborted, failed);
  }

  async #finish(
    run: QuestionRun,
    recording: Recording,
    totals: { done: number; sent: number; answers: number },
    stopped: boolean,
    failed: unknown,
  ): Promise<void> {
    const { store, receiver, now, onFault } = this.#options;
    const change = {
      ...totals,
      state: failed ? 'failed' : stopped ? 'stopped' : 'done',
      ended: now(),
      ...(failed ? { problem: failed instanceof Error ? failed.message : String(failed) } : {}),
    } as const;
    try {
      const capture = recording.frames > 0 ? await this.#keep(recording, run, receiver) : undefined;
      await store.questions.changeRun(run.id, { ...change, ...(capture === undefined ? {} : { capture }) });
    } catch (error) {
      onFault(error, run.id);
      const text = error instanceof Error ? error.message : String(error);
      await store.questions
        .changeRun(run.id, { ...change, state: 'failed', problem: `what was exchanged could not be kept: ${text}` })
        .catch((again: unknown) => onFault(again, run.id));
    }
  }

  /** Hands what was exchanged to the same analysis that every capture goes through. Out: its identifier. */
  async #keep(recording: Recording, run: QuestionRun, receiver: Pick<Receiver, 'receive'>): Promise<string> {
    const started = new Date(run.started).toISOString().replaceAll(/[:.]/g, '-');
    const name = `questions ${run.cidr.replace('/', '_').replaceAll(':', '-')} ${started}-${randomInt(1000)}.pcap`;
    async function* bytes() {
      yield recording.bytes();
    }
    const { capture } = await receiver.receive({ name, bytes: bytes(), demo: false });
    return capture.id;
  }
}

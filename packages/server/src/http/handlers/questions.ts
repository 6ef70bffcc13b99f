// Handlers of safe active questions.
import { problem } from '../../api-problem.ts';
import type { Context, Handlers } from '../context.ts';

type QuestionRoute =
  | 'listQuestions'
  | 'listQuestionSubnets'
  | 'addQuestionSubnet'
  | 'removeQuestionSubnet'
  | 'planQuestions'
  | 'startQuestions'
  | 'listQuestionRuns'
  | 'listAsked'
  | 'stopQuestions';

export function questionHandlers({ store, questions }: Context): Handlers<QuestionRoute> {
  return {
    listQuestions: async () => ({ items: questions.list() }),
    listQuestionSubnets: async () => ({ items: await store.questions.subnets() }),

    async addQuestionSubnet({ body, request }) {
      const subnet = await questions.allow(body);
      request.log.info({ event: 'questions allowed', cidr: subnet.cidr, by: subnet.author }, 'questions allowed');
      return subnet;
    },
    async removeQuestionSubnet({ params: { id }, request }) {
      if (!(await store.questions.removeSubnet(id))) throw problem('question.no-such-subnet', { subnet: id });
      request.log.info({ event: 'questions no longer allowed', subnet: id }, 'questions no longer allowed');
      return { id };
    },

    planQuestions: ({ params, query }) => questions.plan(params.id, query.everyone),

    async startQuestions({ body, request }) {
      const run = await questions.start(body);
      const { id, cidr, devices, author } = run;
      request.log.info({ event: 'questions started', run: id, cidr, devices, by: author }, 'questions started');
      return run;
    },
    async stopQuestions({ params, request }) {
      const run = await questions.stop(params.id);
      request.log.info({ event: 'questions stopped', run: run.id }, 'questions stopped');
      return run;
    },

    listQuestionRuns: ({ query }) => store.questions.runs(query),
    async listAsked({ params: { id }, query }) {
      if (!(await store.questions.run(id))) throw problem('question.no-such-run', { run: id });
      return store.questions.asked(id, query);
    },
  };
}

// Routes of safe active questions: the allow-list with every byte of it, subnets a person allowed to be asked, what would be
// sent, runs and what came of them.
import { z } from 'zod';
import { captureId, count, deviceId, flagText, page, pageQuery, time } from './common.ts';
import { route } from './route.ts';

/** Longest names of people and subnets. */
const MAX_NAME = 200;
/** Subnets that can be allowed. */
export const MAX_SUBNETS = 200;
/** Milliseconds between two requests: the least that old field devices stand, what is usual, and the most. */
export const ASK_INTERVAL = { least: 100, usual: 500, most: 60_000 } as const;

const questionName = z.string().regex(/^[a-z0-9-]{1,60}$/);
const subnetId = z.uuid();
const runId = z.uuid();

const question = z.object({
  name: questionName,
  title: z.string(),
  tells: z.string().describe('what devices answer'),
  spec: z.string().describe('standard and section of what is sent'),
  transport: z.enum(['tcp', 'udp']),
  port: count,
  needsCommunity: z.boolean(),
  requests: z.array(
    z.object({
      try: count.describe('way to ask, from 0: the next one is tried where one brought no answer'),
      what: z.string(),
      hex: z.string().describe('the bytes; numbers that the device gives on the way stand as zero'),
    }),
  ),
});
export type QuestionShown = z.infer<typeof question>;

const subnet = z.object({
  id: subnetId,
  cidr: z.string(),
  questions: z.array(questionName),
  author: z.string(),
  added: time,
});
export type QuestionSubnet = z.infer<typeof subnet>;

const target = z.object({
  device: deviceId,
  name: z.string(),
  ip: z.string(),
  questions: z.array(questionName),
});
export type QuestionTargetShown = z.infer<typeof target>;

const run = z.object({
  id: runId,
  cidr: z.string(),
  author: z.string(),
  state: z.enum(['running', 'done', 'stopped', 'interrupted', 'failed']),
  interval: count.describe('milliseconds between two requests'),
  started: time,
  ended: time.optional(),
  devices: count.describe('to be asked'),
  done: count.describe('devices asked so far'),
  sent: count.describe('messages sent'),
  answers: count.describe('messages that came back'),
  capture: captureId.optional().describe('everything sent and received, as a capture'),
  problem: z.string().optional(),
});
export type QuestionRun = z.infer<typeof run>;

const asked = z.object({
  device: deviceId,
  name: z.string(),
  ip: z.string(),
  question: questionName,
  sent: count,
  answers: count,
  problem: z.string().optional().describe('why nothing came back: "refused", "no answer"'),
});
export type AskedShown = z.infer<typeof asked>;

const everyone = flagText
  .default(false)
  .describe('also devices whose model and firmware are known; otherwise only those that say little');

export const QUESTION_ROUTES = [
  route({
    name: 'listQuestions',
    method: 'GET',
    path: '/questions',
    summary: 'The allow-list: every question that can be put to a device, and every byte it sends',
    output: z.object({ items: z.array(question) }),
    errors: [],
  }),
  route({
    name: 'listQuestionSubnets',
    method: 'GET',
    path: '/questions/subnets',
    summary: 'Subnets whose devices may be asked, and what',
    output: z.object({ items: z.array(subnet) }),
    errors: [],
  }),
  route({
    name: 'addQuestionSubnet',
    method: 'POST',
    path: '/questions/subnets',
    summary: 'Allows a subnet to be asked',
    body: z.strictObject({
      cidr: z.string().min(3).max(60).describe('"10.1.0.0/24", of private or link-local addresses'),
      questions: z.array(questionName).min(1).max(100),
      author: z.string().trim().min(1).max(MAX_NAME).describe('who allows it'),
    }),
    output: subnet,
    status: 201,
    errors: ['question.bad-subnet', 'question.unknown', 'question.too-many-subnets'],
  }),
  route({
    name: 'removeQuestionSubnet',
    method: 'DELETE',
    path: '/questions/subnets/:id',
    summary: 'Takes the permission back',
    params: z.object({ id: subnetId }),
    output: z.object({ id: subnetId }),
    errors: ['question.no-such-subnet'],
  }),
  route({
    name: 'planQuestions',
    method: 'GET',
    path: '/questions/subnets/:id/plan',
    summary: 'Dry run: which devices would be asked what, and how long it would take; nothing is sent',
    params: z.object({ id: subnetId }),
    query: z.strictObject({ everyone }),
    output: z.object({
      devices: z.array(target).describe('the first ones'),
      total: count,
      requests: count.describe('messages that would be sent at least'),
      seconds: count.describe('about how long it takes at the usual interval'),
    }),
    errors: ['question.no-such-subnet'],
  }),
  route({
    name: 'startQuestions',
    method: 'POST',
    path: '/questions/runs',
    summary: 'Asks the devices of an allowed subnet, one after the other',
    body: z.strictObject({
      subnet: subnetId,
      everyone: z.boolean().default(false),
      interval: z.int().min(ASK_INTERVAL.least).max(ASK_INTERVAL.most).default(ASK_INTERVAL.usual),
      community: z.string().min(1).max(100).optional().describe('for SNMP; used for this run and not kept'),
      author: z.string().trim().min(1).max(MAX_NAME).describe('who asks'),
    }),
    output: run,
    status: 201,
    errors: ['question.no-such-subnet', 'question.busy', 'question.nobody'],
  }),
  route({
    name: 'listQuestionRuns',
    method: 'GET',
    path: '/questions/runs',
    summary: 'Runs, the newest first',
    query: z.strictObject(pageQuery),
    output: page(run),
    errors: ['request.bad-cursor'],
  }),
  route({
    name: 'listAsked',
    method: 'GET',
    path: '/questions/runs/:id/asked',
    summary: 'What a run asked of whom, and what came of it',
    params: z.object({ id: runId }),
    query: z.strictObject(pageQuery),
    output: page(asked),
    errors: ['question.no-such-run', 'request.bad-cursor'],
  }),
  route({
    name: 'stopQuestions',
    method: 'POST',
    path: '/questions/runs/:id/stop',
    summary: 'Stops a run before its next request',
    params: z.object({ id: runId }),
    output: run,
    errors: ['question.no-such-run'],
  }),
] as const;

// The thread for questions about files of captures that somebody waits for: is this a capture, how is it made, what is
// in this frame.
import { parentPort } from 'node:worker_threads';
import { explainEvidence } from '../live/evidence-export.ts';
import { explainForScreen, type FactToFind } from './explain.ts';
import { surveyCapture } from './survey.ts';

export type DeskQuestion = { readonly number: number; readonly path: string; readonly maxUnpacked: number } & (
  | { readonly ask: 'survey' }
  | { readonly ask: 'frames' | 'evidence'; readonly frames: readonly number[]; readonly fact?: FactToFind }
);
export interface DeskAnswer {
  readonly number: number;
  readonly answer?: unknown;
  readonly problem?: string;
}

const port = parentPort;
if (!port) throw new Error('desk-thread.ts runs as a worker only');

function answerTo(question: DeskQuestion): Promise<unknown> {
  const { path, maxUnpacked } = question;
  if (question.ask === 'survey') return surveyCapture(path, maxUnpacked);
  if (question.ask === 'evidence') return explainEvidence(path, question.frames, question.fact);
  return explainForScreen(path, question.frames, maxUnpacked, question.fact);
}

// One question after the other: side by side they would only share the same processor.
let tail: Promise<void> = Promise.resolve();
port.on('message', (question: DeskQuestion) => {
  tail = tail.then(async () => {
    const { number } = question;
    let reply: DeskAnswer;
    try {
      reply = { number, answer: await answerTo(question) };
    } catch (error) {
      reply = { number, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    port.postMessage(reply);
  });
});

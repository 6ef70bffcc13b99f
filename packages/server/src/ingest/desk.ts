// Asks the desk thread. One question at a time there; whoever asks waits, the server does not.
import { Worker } from 'node:worker_threads';
import type { FrameExplained } from '@interlock/model/api';
import type { DeskAnswer, DeskQuestion } from './desk-thread.ts';
import type { FactToFind } from './explain.ts';
import type { Survey } from './survey.ts';

type Unnumbered<Q> = Q extends DeskQuestion ? Omit<Q, 'number' | 'maxUnpacked'> : never;

export class Desk {
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #last = 0;
  readonly #maxUnpacked: number;

  /** `maxUnpacked` is how many bytes may come out of one file. */
  constructor(maxUnpacked: number) {
    this.#maxUnpacked = maxUnpacked;
  }

  /** What kind of file this is, from a walk over its records. */
  survey(path: string): Promise<Survey> {
    return this.#ask({ ask: 'survey', path }) as Promise<Survey>;
  }

  /** Frames of a capture with what their bytes mean; those it does not have are left out. */
  frames(path: string, frames: readonly number[], fact?: FactToFind): Promise<Omit<FrameExplained, 'capture'>[]> {
    return this.#ask({ ask: 'frames', path, frames, ...(fact ? { fact } : {}) }) as Promise<
      Omit<FrameExplained, 'capture'>[]
    >;
  }

  /** The same for frames that were kept of a live capture; `folder` is where. */
  evidence(folder: string, frames: readonly number[], fact?: FactToFind): Promise<Omit<FrameExplained, 'capture'>[]> {
    return this.#ask({ ask: 'evidence', path: folder, frames, ...(fact ? { fact } : {}) }) as Promise<
      Omit<FrameExplained, 'capture'>[]
    >;
  }

  #ask(question: Unnumbered<DeskQuestion>): Promise<unknown> {
    const number = ++this.#last;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      worker.postMessage({ number, maxUnpacked: this.#maxUnpacked, ...question } as DeskQuestion);
    });
  }

  /** A thread that dies takes its questions with it; the next question starts another one. */
  #start(): Worker {
    const worker = new Worker(new URL('./desk-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ number, answer, problem }: DeskAnswer) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      if (problem === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(problem));
    });
    const fail = (error: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => fail(new Error('the thread for questions about captures ended')));
    return worker;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    await worker?.terminate();
  }
}

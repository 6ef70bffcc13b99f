// What handlers of requests work with.
import type { OutputOf, ParsedBodyOf, ParsedParamsOf, ParsedQueryOf, RouteName } from '@interlock/model/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataFolder } from '../data-folder.ts';
import type { Demo } from '../demo.ts';
import type { Imports } from '../import/imports.ts';
import type { Desk } from '../ingest/desk.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Receiver } from '../ingest/receive.ts';
import type { LiveCaptures } from '../live/live-captures.ts';
import type { Questions } from '../questions/questions.ts';
import type { Store } from '../store/store.ts';
import type { Events } from './events.ts';
import type { Sessions } from './sessions.ts';

export interface Context {
  readonly version: string;
  readonly engine: string;
  readonly store: Store;
  readonly folder: DataFolder;
  readonly ingest: Ingest;
  readonly receiver: Receiver;
  readonly desk: Desk;
  readonly demo: Demo;
  readonly imports: Imports;
  readonly live: LiveCaptures;
  readonly questions: Questions;
  readonly events: Events;
  readonly sessions: Sessions;
  readonly now: () => number;
}

export interface Input<N extends RouteName> {
  readonly params: ParsedParamsOf<N>;
  readonly query: ParsedQueryOf<N>;
  readonly body: ParsedBodyOf<N>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}
/** Answers a route: with its output, or with the reply where it sent something else than JSON. */
export type Handler<N extends RouteName> = (input: Input<N>) => Promise<OutputOf<N> | FastifyReply>;
export type Handlers<N extends RouteName = RouteName> = { readonly [Name in N]: Handler<Name> };

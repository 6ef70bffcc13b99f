// Collects what an importer says into batches: each fact with the place it stands at, equal ones of one batch counted.
import type {
  ConversationValue,
  DocumentBasis,
  FactKind,
  FactValue,
  ImportProblem,
  ImportProblemCode,
  Observation,
  Subject,
} from '@interlock/model';
import { subjectKey } from '@interlock/model';
import { BATCH_OBSERVATIONS, BATCH_PROBLEMS, type ImportBatch, type ReadOptions } from './importer.ts';

type Counted = { -readonly [K in keyof Observation]: Observation[K] };

/** Longest text of a problem: enough to find it, too little to flood a report. */
const MAX_PROBLEM_TEXT = 300;

export class Telling {
  readonly #importer: string;
  readonly #basis: DocumentBasis;
  readonly #options: ReadOptions;
  #observations: Observation[] = [];
  /** Facts of this batch by content; logs repeat theirs in every line. */
  #known: Map<string, Counted> | undefined;
  readonly #merges: boolean;
  #problems: ImportProblem[] = [];
  #records = 0;
  #refused = 0;

  /** `merges`: whether the same fact is expected often, as in logs. */
  constructor(
    importer: { readonly name: string; readonly basis: DocumentBasis },
    options: ReadOptions,
    merges = false,
  ) {
    this.#importer = importer.name;
    this.#basis = importer.basis;
    this.#options = options;
    this.#merges = merges;
  }

  /** Says one fact. In: whom it is about, the fact, where it stands, the field in the document's words, and when. */
  say<K extends FactKind>(
    subject: Subject,
    kind: K,
    value: FactValue<K>,
    path: string,
    field: string,
    at: number = this.#options.at,
    last: number = at,
  ): void {
    if (this.#merges && this.#count(subject, kind, value, field, at, last)) return;
    const observation = {
      kind,
      subject,
      value,
      said: 'imported',
      first: at,
      last,
      count: 1,
      provenance: {
        from: 'document',
        document: this.#options.document,
        path,
        importer: this.#importer,
        field,
        basis: this.#basis,
      },
    } as unknown as Observation;
    this.#observations.push(observation);
    if (this.#known) this.#known.set(keyOf(subject, kind, value, field), observation as Counted);
  }

  problem(code: ImportProblemCode, path: string, text: string): void {
    if (this.#problems.length < BATCH_PROBLEMS)
      this.#problems.push({
        code,
        path,
        text: text.length > MAX_PROBLEM_TEXT ? `${text.slice(0, MAX_PROBLEM_TEXT - 1)}…` : text,
      });
  }

  /** One record was read; `understood` says whether anything came of it. */
  record(understood: boolean): void {
    this.#records++;
    if (!understood) this.#refused++;
  }

  /** How many facts were said in this batch so far: to see whether a record said any. */
  get said(): number {
    return this.#observations.length;
  }
  get isFull(): boolean {
    return this.#observations.length >= BATCH_OBSERVATIONS || this.#problems.length >= BATCH_PROBLEMS;
  }

  /** Everything since the last time. */
  take(): ImportBatch {
    const batch = {
      observations: this.#observations,
      problems: this.#problems,
      records: this.#records,
      refused: this.#refused,
    };
    this.#observations = [];
    this.#problems = [];
    this.#records = 0;
    this.#refused = 0;
    this.#known = undefined;
    return batch;
  }

  #count(subject: Subject, kind: FactKind, value: unknown, field: string, at: number, last: number): boolean {
    this.#known ??= new Map();
    const known = this.#known.get(keyOf(subject, kind, value, field));
    if (!known) return false;
    known.count++;
    known.first = Math.min(known.first, at);
    known.last = Math.max(known.last, last);
    if (kind === 'conversation') known.value = added(known.value as ConversationValue, value as ConversationValue);
    return true;
  }
}

const keyOf = (subject: Subject, kind: FactKind, value: unknown, field: string): string =>
  `${subjectKey(subject)}|${kind}|${field}|${
    kind === 'conversation'
      ? conversationKey(value as ConversationValue)
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  }`;
const conversationKey = ({ peer, transport, port, protocol }: ConversationValue): string =>
  `${peer}|${transport}|${port}|${protocol ?? ''}`;
const added = (a: ConversationValue, b: ConversationValue): ConversationValue => ({
  ...a,
  packetsSent: a.packetsSent + b.packetsSent,
  packetsReceived: a.packetsReceived + b.packetsReceived,
  bytesSent: a.bytesSent + b.bytesSent,
  bytesReceived: a.bytesReceived + b.bytesReceived,
});

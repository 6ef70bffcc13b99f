// The name of a fact, made of its content: the same fact has the same name in every capture and after every restart.
import { hash } from 'node:crypto';
import type { ConversationValue, FactKind, Observation, SaidBy } from '@interlock/model';

/**
 * Hex digits of the key that come from the subject alone: facts of one device lie side by side in the index, so a
 * batch touches a few of its pages instead of nearly all (measured: 1,000,000 facts in 4 CPU s instead of 11).
 */
const SUBJECT_DIGITS = 8;
const CONTENT_DIGITS = 24;

/** What makes two observations the same fact, ready to be stored. */
export interface FactContent {
  readonly kind: FactKind;
  readonly subject: string;
  /** JSON with keys in order. */
  readonly value: string;
  readonly said: SaidBy;
  readonly protocol: string;
  readonly source: string;
}

let lastSubject = '';
let lastSubjectDigits = '';

/** In: the content of a fact. Out: 32 hex digits, equal for equal content. */
export function factKey({ kind, subject, value, said, protocol, source }: FactContent): string {
  if (subject !== lastSubject || lastSubjectDigits === '') {
    lastSubject = subject;
    lastSubjectDigits = sha256(subject).slice(0, SUBJECT_DIGITS);
  }
  const content = sha256(JSON.stringify([kind, subject, value, said, protocol, source]));
  return lastSubjectDigits + content.slice(0, CONTENT_DIGITS);
}
const sha256 = (text: string): string => hash('sha256', text);

/** Counters of a conversation are summed per capture and are no part of which fact it is. */
const COUNTERS: ReadonlySet<string> = new Set<keyof ConversationValue>([
  'packetsSent',
  'packetsReceived',
  'bytesSent',
  'bytesReceived',
]);

/** The value of an observation as it is stored. */
export function storedValue({ kind, value }: Pick<Observation, 'kind' | 'value'>): string {
  return JSON.stringify(inOrder(kind === 'conversation' ? withoutCounters(value as ConversationValue) : value));
}
/** A text as both engines take it: PostgreSQL refuses the character 0 and halves of surrogate pairs. */
export function storable(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text).toWellFormed();
}

function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  );
}
const withoutCounters = (value: ConversationValue): unknown =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !COUNTERS.has(key)));

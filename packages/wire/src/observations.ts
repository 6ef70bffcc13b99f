// Collects what protocols say into observations: equal ones are counted, not repeated. Runs for every message that tells
// something, so a fact that was said before costs a few look-ups and makes nothing.
import {
  FACTS,
  type FactKind,
  type FactValue,
  type FromCapture,
  MAX_FRAMES_KEPT,
  type Observation,
  type OperationKind,
  type OperationValue,
  type SaidBy,
  type Subject,
  subjectKey,
} from '@interlock/model';

/** Different values of one kind about one subject in one stretch; a device has a handful, a hostile one as many as it likes. */
export const MAX_VALUES_PER_KIND = 512;
/** The same for troubles: the first ones show what is wrong. */
const MAX_TROUBLES_PER_KIND = 64;

interface Entry {
  readonly kind: FactKind;
  readonly subject: Subject;
  readonly value: unknown;
  readonly protocol: string;
  readonly source: string;
  readonly said: SaidBy;
  first: number;
  last: number;
  count: number;
  readonly frames: number[];
  /** Another with the same value, of another protocol or source. */
  next: Entry | undefined;
}

/** Where and when something was said. Times are milliseconds since 1970, 0 where the capture has none. */
export interface SayingContext {
  readonly frame: number;
  readonly firstFrame: number;
  readonly time: number;
}

export class Collector {
  /** Values that found no room because a subject had MAX_VALUES_PER_KIND of the kind. */
  refused = 0;
  #entries: Entry[] = [];
  #bySubject = new Map<Subject, Map<FactKind, Map<unknown, Entry>>>();
  #operations = new Map<Subject, Map<Subject, Map<string, Map<string | undefined, Entry>>>>();
  /** Operations told of a subject, for the limit. */
  #operationCounts = new Map<Subject, number>();

  /** Observations collected. */
  get size(): number {
    return this.#entries.length;
  }

  add<K extends FactKind>(
    subject: Subject,
    kind: K,
    value: FactValue<K>,
    protocol: string,
    source: string,
    where: SayingContext,
    said: SaidBy = 'seen',
  ): void {
    if (value === '' || value === undefined) return;
    const kinds = mapAt(this.#bySubject, subject);
    const values = mapAt(kinds, kind);
    const key = typeof value === 'object' ? JSON.stringify(value) : value;
    const first = values.get(key);
    for (let entry = first; entry; entry = entry.next) {
      if (entry.protocol === protocol && entry.source === source && entry.said === said) {
        countAgain(entry, where);
        return;
      }
    }
    if (values.size >= (FACTS[kind].group === 'trouble' ? MAX_TROUBLES_PER_KIND : MAX_VALUES_PER_KIND)) {
      this.refused++;
      return;
    }
    values.set(key, this.#enter(subject, kind, value, protocol, source, said, where, first));
  }

  /** The same as `add` with kind `operation`, without making the value before it is known to be new. */
  addOperation(
    to: Subject,
    from: Subject,
    what: string,
    kind: OperationKind,
    detail: string | undefined,
    accepted: boolean | undefined,
    protocol: string,
    where: SayingContext,
  ): void {
    const askers = mapAt(this.#operations, to);
    const details = mapAt(mapAt(askers, from), what);
    const first = details.get(detail);
    for (let entry = first; entry; entry = entry.next) {
      const value = entry.value as OperationValue;
      if (entry.protocol === protocol && value.kind === kind && value.accepted === accepted) {
        countAgain(entry, where);
        return;
      }
    }
    const count = this.#operationCounts.get(to) ?? 0;
    if (count >= (detail === undefined ? 2 : 1) * MAX_VALUES_PER_KIND) {
      // Then it is told without what it touched: a scan over all addresses must not hide the write that follows it.
      if (detail === undefined) this.refused++;
      else this.addOperation(to, from, what, kind, undefined, accepted, protocol, where);
      return;
    }
    this.#operationCounts.set(to, count + 1);
    const value: OperationValue = {
      from: subjectKey(from),
      what,
      kind,
      ...(detail === undefined ? {} : { detail }),
      ...(accepted === undefined ? {} : { accepted }),
    };
    details.set(detail, this.#enter(to, 'operation', value, protocol, what, 'seen', where, first));
  }

  #enter(
    subject: Subject,
    kind: FactKind,
    value: unknown,
    protocol: string,
    source: string,
    said: SaidBy,
    { frame, firstFrame, time }: SayingContext,
    next: Entry | undefined,
  ): Entry {
    const frames = firstFrame > 0 && firstFrame !== frame ? [firstFrame, frame] : [frame];
    const entry = { kind, subject, value, protocol, source, said, first: time, last: time, count: 1, frames, next };
    this.#entries.push(entry);
    return entry;
  }

  /** Gives out everything collected, in the order in which it was first met, and starts anew. */
  take(capture: string | undefined): Observation[] {
    const observations = this.#entries.map((entry) => toObservation(entry, capture));
    this.#entries = [];
    this.#bySubject = new Map();
    this.#operations = new Map();
    this.#operationCounts = new Map();
    return observations;
  }
}

/** The map at a key, made where there is none yet. */
function mapAt<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<L, V>();
  maps.set(key, made);
  return made;
}

function countAgain(entry: Entry, { frame, time }: SayingContext): void {
  entry.count++;
  if (time > entry.last) entry.last = time;
  else if (time < entry.first && time > 0) entry.first = time;
  const { frames } = entry;
  if (frames.length >= MAX_FRAMES_KEPT) return;
  const last = frames[frames.length - 1];
  if (last === undefined || frame > last) frames.push(frame);
}

function toObservation(entry: Entry, capture: string | undefined): Observation {
  const { kind, subject, value, said, first, last, count, protocol, source, frames } = entry;
  const provenance = provenanceOf(capture, protocol, source, frames);
  return { kind, subject, value, said, first, last, count, provenance } as Observation;
}

/** Where a fact of a capture comes from. */
export function provenanceOf(
  capture: string | undefined,
  protocol: string,
  source: string,
  frames: readonly number[],
): FromCapture {
  return capture === undefined
    ? { from: 'capture', protocol, source, frames }
    : { from: 'capture', capture, protocol, source, frames };
}

/** One observation that is not collected, for what is counted elsewhere. Times are milliseconds since 1970. */
export function observationOf<K extends FactKind>(
  subject: Subject,
  kind: K,
  value: FactValue<K>,
  provenance: FromCapture,
  first: number,
  last: number,
  count: number,
): Observation {
  return { kind, subject, value, said: 'seen', first, last, count, provenance } as Observation;
}

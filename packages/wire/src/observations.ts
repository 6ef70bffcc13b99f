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

/** Facts of one subject that are looked through one by one; more are found by their value. */
const MAX_SCANNED = 12;

/** An observation while it is still counted: what `take` gives out, made once. */
interface Fact {
  readonly kind: FactKind;
  readonly subject: Subject;
  readonly value: unknown;
  readonly said: SaidBy;
  first: number;
  last: number;
  count: number;
  provenance: FromCapture & { readonly frames: number[] };
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
  readonly #capture: string | undefined;
  #facts: Fact[] = [];
  /** Of `#facts`, how many from the start were given out by `takeNew`. */
  #told = 0;
  #bySubject = new Map<Subject, SubjectFacts>();
  #operations = new Map<Subject, Map<Subject, Map<string, Map<string | undefined, Fact[]>>>>();
  /** Operations told of a subject, for the limit. */
  #operationCounts = new Map<Subject, number>();

  /** `capture` identifies the capture in the provenance of every observation. */
  constructor(capture: string | undefined) {
    this.#capture = capture;
  }

  /** Observations collected. */
  get size(): number {
    return this.#facts.length;
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
    const key = typeof value === 'object' ? JSON.stringify(value) : value;
    let facts = this.#bySubject.get(subject);
    if (!facts) {
      facts = new SubjectFacts();
      this.#bySubject.set(subject, facts);
    }
    const known = facts.find(kind, key, protocol, source, said);
    if (known) countAgain(known, where);
    else if (facts.hasRoom(kind)) facts.add(key, this.#enter(subject, kind, value, protocol, source, said, where));
    else this.refused++;
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
    const details = mapAt(mapAt(mapAt(this.#operations, to), from), what);
    const same = details.get(detail);
    for (let n = 0; same && n < same.length; n++) {
      const fact = same[n] as Fact;
      const value = fact.value as OperationValue;
      if (fact.provenance.protocol === protocol && value.kind === kind && value.accepted === accepted) {
        countAgain(fact, where);
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
    const fact = this.#enter(to, 'operation', value, protocol, what, 'seen', where);
    if (same) same.push(fact);
    else details.set(detail, [fact]);
  }

  #enter(
    subject: Subject,
    kind: FactKind,
    value: unknown,
    protocol: string,
    source: string,
    said: SaidBy,
    { frame, firstFrame, time }: SayingContext,
  ): Fact {
    const frames = firstFrame > 0 && firstFrame !== frame ? [firstFrame, frame] : [frame];
    const provenance = provenanceOf(this.#capture, protocol, source, frames);
    const fact = { kind, subject, value, said, first: time, last: time, count: 1, provenance } as Fact;
    this.#facts.push(fact);
    return fact;
  }

  /** Observations that neither `takeNew` nor `take` gave out yet. */
  get newSize(): number {
    return this.#facts.length - this.#told;
  }

  /**
   * Gives out what is new since the last time, and goes on counting: `take` will give out what is met of it from now on,
   * as more of the same.
   */
  takeNew(): Observation[] {
    const news: Observation[] = [];
    for (const fact of this.#facts.slice(this.#told)) {
      news.push({ ...fact } as unknown as Observation);
      fact.provenance = { ...fact.provenance, frames: [] };
      fact.count = 0;
      fact.first = fact.last;
    }
    this.#told = this.#facts.length;
    return news;
  }

  /** Gives out everything collected, in the order in which it was first met, and starts anew. */
  take(): Observation[] {
    const facts = (this.#told === 0
      ? this.#facts
      : this.#facts.filter(({ count }) => count > 0)) as unknown as Observation[];
    this.#facts = [];
    this.#told = 0;
    this.#bySubject = new Map();
    this.#operations = new Map();
    this.#operationCounts = new Map();
    return facts;
  }
}

/** What was said of one subject. Most have a few facts, and those are found fastest by looking at each. */
class SubjectFacts {
  readonly #facts: Fact[] = [];
  /** Values as they are compared: records as JSON. */
  readonly #keys: unknown[] = [];
  #byKey: Map<unknown, Fact[]> | undefined;
  #counts: Map<FactKind, number> | undefined;

  find(kind: FactKind, key: unknown, protocol: string, source: string, said: SaidBy): Fact | undefined {
    const facts = this.#byKey ? (this.#byKey.get(key) ?? NO_FACTS) : this.#facts;
    for (let n = 0; n < facts.length; n++) {
      const fact = facts[n] as Fact;
      if (fact.kind !== kind || (!this.#byKey && this.#keys[n] !== key)) continue;
      const { provenance } = fact;
      if (provenance.source === source && provenance.protocol === protocol && fact.said === said) return fact;
    }
    return undefined;
  }

  /** Whether another value of the kind may be kept. */
  hasRoom(kind: FactKind): boolean {
    const count = this.#counts?.get(kind) ?? 0;
    return count < (FACTS[kind].group === 'trouble' ? MAX_TROUBLES_PER_KIND : MAX_VALUES_PER_KIND);
  }

  add(key: unknown, fact: Fact): void {
    this.#facts.push(fact);
    this.#keys.push(key);
    if (this.#byKey) this.#index(key, fact);
    else if (this.#facts.length > MAX_SCANNED) {
      this.#byKey = new Map();
      this.#counts = new Map();
      for (const [n, known] of this.#facts.entries()) this.#index(this.#keys[n], known);
    }
  }
  #index(key: unknown, fact: Fact): void {
    const same = this.#byKey?.get(key);
    if (same) same.push(fact);
    else this.#byKey?.set(key, [fact]);
    this.#counts?.set(fact.kind, (this.#counts.get(fact.kind) ?? 0) + 1);
  }
}
const NO_FACTS: readonly Fact[] = [];

/** The map at a key, made where there is none yet. */
function mapAt<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<L, V>();
  maps.set(key, made);
  return made;
}

function countAgain(fact: Fact, { frame, time }: SayingContext): void {
  fact.count++;
  if (time > fact.last) fact.last = time;
  else if (time < fact.first && time > 0) fact.first = time;
  const { frames } = fact.provenance;
  if (frames.length >= MAX_FRAMES_KEPT) return;
  const last = frames[frames.length - 1];
  if (last === undefined || frame > last) frames.push(frame);
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

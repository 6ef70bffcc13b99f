// The narrow waist: everything known about a device is an observation with its provenance.
import type { FactKind, FactValue } from './facts.ts';
import type { Provenance, SaidBy } from './provenance.ts';
import type { Subject } from './subject.ts';

/**
 * A fact of one kind about one subject, as often as it was met. Equal facts (kind, subject, value, protocol and source)
 * are one observation. Times are milliseconds since 1970, with fractions where the capture has them.
 */
export type Observation<K extends FactKind = FactKind> = {
  [Kind in K]: {
    readonly kind: Kind;
    readonly subject: Subject;
    readonly value: FactValue<Kind>;
    readonly said: SaidBy;
    readonly first: number;
    readonly last: number;
    readonly count: number;
    readonly provenance: Provenance;
  };
}[K];

/** Observations of one stretch of one capture: the unit of exactly-once ingest. The same capture gives the same stretches. */
export interface ObservationBatch {
  /** Number of the stretch, from 0. */
  readonly stretch: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly observations: readonly Observation[];
  /** True for the last stretch of the capture. */
  readonly end: boolean;
}

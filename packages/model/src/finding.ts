// A finding is computed from observations and never edited; when it is no longer reported it becomes inactive.
import type { Verdict } from './verdict.ts';

export interface Finding {
  /** Stable over recomputations: who reports, about what. */
  readonly id: string;
  readonly device: string;
  /** The evaluator that reports it. */
  readonly reporter: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly first: number;
  readonly last: number;
  readonly active: boolean;
}

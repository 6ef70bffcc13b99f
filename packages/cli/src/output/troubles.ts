// What was damaged, malformed, not understood or cut off by a limit: one entry per kind and code, most frequent first.
import type { Observation } from '@interlock/model';

export interface Trouble {
  readonly kind: 'capture.damaged' | 'traffic.malformed' | 'traffic.not-understood' | 'traffic.limit';
  readonly code: string;
  readonly detail?: string;
  readonly count: number;
  readonly frames: readonly number[];
  readonly capture?: string;
}

const FRAMES_SHOWN = 8;

/** Sums up the troubles among observations per kind, code and capture, so that a flood of them stays a short list. */
export class TroubleList {
  readonly #found = new Map<string, { -readonly [K in keyof Trouble]: Trouble[K] }>();

  /** Takes an observation of any kind. */
  add(observation: Observation): void {
    const trouble = codeOf(observation);
    if (!trouble || observation.provenance.from !== 'capture') return;
    const { capture, frames } = observation.provenance;
    const key = `${observation.kind} ${trouble.code} ${capture ?? ''}`;
    const known = this.#found.get(key);
    if (known) {
      known.count += observation.count;
      known.frames = [...known.frames, ...frames].sort((a, b) => a - b).slice(0, FRAMES_SHOWN);
    } else {
      const first = { ...trouble, count: observation.count, frames: frames.slice(0, FRAMES_SHOWN) };
      this.#found.set(key, capture ? { ...first, capture } : first);
    }
  }

  /** By kind, the most frequent first. */
  list(): Trouble[] {
    return [...this.#found.values()].sort((a, b) => a.kind.localeCompare(b.kind) || b.count - a.count);
  }
}

function codeOf(observation: Observation): Pick<Trouble, 'kind' | 'code' | 'detail'> | undefined {
  switch (observation.kind) {
    case 'capture.damaged':
    case 'traffic.malformed':
    case 'traffic.limit': {
      const { code, detail } = observation.value;
      return { kind: observation.kind, code, ...(detail === undefined ? {} : { detail }) };
    }
    case 'traffic.not-understood':
      return { kind: observation.kind, code: `${observation.value.transport}/${observation.value.port}` };
    default:
      return undefined;
  }
}

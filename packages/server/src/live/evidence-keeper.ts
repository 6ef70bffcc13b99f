// Chooses, of the frames that just passed, those that facts rest on, takes passwords out of them, and keeps them: so "why?"
// can be answered without the traffic, and no secret is stored.
import { FACTS, type Observation, subjectKey } from '@interlock/model';
import { explainFrames } from '@interlock/wire';
import { storedValue } from '../store/fact-key.ts';
import { factText } from '../store/texts.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import type { EvidenceFrame } from './evidence-format.ts';
import { type RecentFrame, RecentFrames } from './recent-frames.ts';
import { sourceOfFrames } from './source-of-frames.ts';

/** Frames kept for one fact: "why?" shows the first ones. */
const FRAMES_PER_FACT = 3;
/** Of what one device may take, this share is for further frames of facts that have one already. */
const SHARE_FOR_MORE = 0.5;
/** Facts remembered, so that those met every second are not kept every second. */
const MAX_FACTS = 200_000;
/** Frames looked into at a time for what has to be hidden: the most that `explainFrames` takes. */
const FRAMES_AT_ONCE = 100;
/** Frames waiting to be kept; in a flood of new facts the later ones go without. */
const MAX_WAITING = 5_000;

interface Wanted {
  readonly frame: RecentFrame;
  readonly subjects: Set<string>;
  readonly facts: Set<string>;
}

export class EvidenceKeeper {
  readonly recent = new RecentFrames();
  readonly files: EvidenceFiles;
  /** False while there is no space for evidence. */
  enabled = true;
  #frames = new Map<string, number>();
  #wanted = new Map<number, Wanted>();

  constructor(files: EvidenceFiles) {
    this.files = files;
  }

  /** Notes the frames that observations rest on. Numbers are those within the live capture. */
  want(observations: readonly Observation[]): void {
    if (!this.enabled) return;
    for (const observation of observations) {
      const { provenance, subject } = observation;
      if (provenance.from !== 'capture' || provenance.frames.length === 0) continue;
      const key = subjectKey(subject);
      const fact = `${key} ${observation.kind} ${storedValue(observation)} ${provenance.protocol} ${provenance.source}`;
      const kept = this.#frames.get(fact) ?? 0;
      if (kept >= FRAMES_PER_FACT) continue;
      if (this.#frames.size > MAX_FACTS) this.#frames = new Map();
      const owner = key.split('#', 1)[0] ?? key;
      const room = this.files.limits.perSubject * (kept === 0 ? 1 : SHARE_FOR_MORE);
      if (this.files.bytesOf(owner) >= room) continue;
      const frames = provenance.frames.slice(0, FRAMES_PER_FACT - kept);
      this.#frames.set(fact, kept + frames.length);
      const title = `${key} ${FACTS[observation.kind].title}: ${factText(observation.kind, observation.value)} (${provenance.protocol})`;
      for (const frame of frames) this.#wantFrame(frame, owner, title);
    }
  }
  #wantFrame(number: number, subject: string, fact: string): void {
    let wanted = this.#wanted.get(number);
    if (!wanted) {
      if (this.#wanted.size >= MAX_WAITING || this.files.has(number)) return;
      const frame = this.recent.get(number);
      if (!frame) return;
      wanted = { frame, subjects: new Set(), facts: new Set() };
      this.#wanted.set(number, wanted);
    }
    wanted.subjects.add(subject);
    wanted.facts.add(fact);
  }

  /** Writes what was noted. Throws where there is no space; what was noted is then given up. */
  async keep(): Promise<void> {
    if (this.#wanted.size === 0) return;
    const all = [...this.#wanted.values()].sort((a, b) => a.frame.frame - b.frame.frame);
    this.#wanted = new Map();
    for (let at = 0; at < all.length; at += FRAMES_AT_ONCE)
      for (const frame of await withoutSecrets(all.slice(at, at + FRAMES_AT_ONCE))) this.files.add(frame);
  }
}

/** The same frames with asterisks in place of passwords, and of what may hold one. */
async function withoutSecrets(wanted: readonly Wanted[]): Promise<EvidenceFrame[]> {
  const explained = await explainFrames(
    sourceOfFrames(wanted.map(({ frame }) => frame)),
    wanted.map((_, n) => n + 1),
  );
  return explained.flatMap(({ frame: place, bytes }) => {
    const one = wanted[place - 1];
    return one ? [{ ...one.frame, bytes, subjects: [...one.subjects], facts: [...one.facts] }] : [];
  });
}

// Notices that the clock of this machine, which times the frames, was set: against a clock that never goes back.

/** Clocks that are kept right are set by far less; frames timed across such a step cannot be put in order by their times. */
const JUMP_MILLISECONDS = 1_000;

export class ClockWatch {
  #offset: number | undefined;

  /**
   * In: now on the clock that times frames, and on one that never goes back, both in milliseconds.
   * Out: by how much the first was set since the last call, in milliseconds; 0 mostly.
   */
  jumpAt(now: number, steady: number): number {
    const offset = now - steady;
    const change = this.#offset === undefined ? 0 : offset - this.#offset;
    // What is less than a jump is drift, and is followed.
    this.#offset = offset;
    return Math.abs(change) >= JUMP_MILLISECONDS ? change : 0;
  }
}

// The hash of all tables in this folder: 32-bit words mixed with `Math.imul`, started from a seed that the caller chooses
// per run so that nobody can aim collisions. Results never depend on it: tables are walked in the order of insertion.

/** Mixes one word into a running hash. */
export function mix(hash: number, word: number): number {
  hash = Math.imul(hash ^ word, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** Last step: spreads what the upper bits hold over the lower ones, which choose the slot. */
export function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

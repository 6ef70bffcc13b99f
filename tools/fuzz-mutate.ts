// Chance that can be repeated, and what it does to bytes. The same seed and number give the same input on every machine.

/** Numbers from a seed (the 32-bit mixer of splitmix); good enough to spread, and short. */
export class Random {
  #state: number;

  constructor(seed: number, number: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)) >>> 0;
    this.#next();
  }
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }
  /** A whole number from 0 to `n` - 1; 0 where there is none. */
  below(n: number): number {
    return n <= 1 ? 0 : Math.floor((this.#next() / 0x1_0000_0000) * n);
  }
  chance(probability: number): boolean {
    return this.#next() < probability * 0x1_0000_0000;
  }
  pick<T>(from: readonly T[]): T {
    const item = from[this.below(from.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}

/** Values that lengths, counts and offsets break on. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff];
const WIDE_EDGES = [...EDGES, 0x10000, 0xffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** The longest input: a mutation that would grow beyond it does nothing. */
const MAX_BYTES = 256 * 1024;

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length);
    return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
  },
  function setByte(bytes, random) {
    return withByte(
      bytes,
      random.below(bytes.length),
      random.chance(0.5) ? random.pick(EDGES) & 0xff : random.below(256),
    );
  },
  function addToByte(bytes, random) {
    const at = random.below(bytes.length);
    return withByte(bytes, at, ((bytes[at] ?? 0) + random.pick([1, 2, 4, 8, 255, 254, 252, 248])) & 0xff);
  },
  function setNumber(bytes, random) {
    const size = random.pick([2, 2, 4]);
    if (bytes.length < size) return bytes;
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    const at = random.below(bytes.length - size + 1);
    const value = random.chance(0.3) ? Math.max(bytes.length - at - random.below(9), 0) : random.pick(WIDE_EDGES);
    if (size === 2) view.setUint16(at, value & 0xffff, random.chance(0.5));
    else view.setUint32(at, value, random.chance(0.5));
    return copy;
  },
  function remove(bytes, random) {
    const at = random.below(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(random.pick([1, 4, 16, 256]))));
  },
  function cutOff(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const piece = new Uint8Array(1 + random.below(random.pick([1, 4, 16, 64])));
    const fill = random.pick([0, 0xff, -1]);
    for (let i = 0; i < piece.length; i++) piece[i] = fill < 0 ? random.below(256) : fill;
    return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function repeat(bytes, random) {
    const at = random.below(bytes.length);
    const piece = bytes.subarray(at, at + 1 + random.below(64));
    const times = random.pick([1, 2, 3, 16, 300, 2000]);
    if (bytes.length + times * piece.length > MAX_BYTES) return bytes;
    return joined(bytes.subarray(0, at), ...new Array<Uint8Array>(times).fill(piece), bytes.subarray(at));
  },
  function move(bytes, random) {
    const [from, to] = [random.below(bytes.length), random.below(bytes.length)];
    const copy = bytes.slice();
    copy.copyWithin(to, from, from + 1 + random.below(32));
    return copy;
  },
  function splice(bytes, random, others) {
    if (others.length === 0) return bytes;
    const other = random.pick(others);
    const piece = other.subarray(random.below(other.length), random.below(other.length + 1));
    const at = random.below(bytes.length + 1);
    const keep = random.chance(0.5) ? at : at + piece.length;
    return joined(bytes.subarray(0, at), piece, bytes.subarray(keep));
  },
];

const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = value;
  return copy;
};

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Bytes changed in one or some ways; pieces of `others` may come in. */
export function mutate(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let changed = bytes;
  for (let n = random.pick([1, 1, 1, 2, 3, 5, 8]); n > 0; n--) {
    const next = random.pick(MUTATIONS)(changed, random, others);
    if (next.length <= MAX_BYTES) changed = next;
  }
  return changed;
}

// Names of devices that stay the same: made of the strongest thing known of a device, never of a running number, so that
// computing anew and adding captures gives the same names.

/** Times a name is made anew when two devices get the same one: with 48 bits that happens about never. */
const MOST_TRIES = 8;

/** In: any text. Out: 12 hex digits, always the same for the same text. Mixing: FNV-1a with two offsets, then murmur3's finish. */
export function shortHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return (
    (finish(a ^ text.length) >>> 0).toString(16).padStart(8, '0') + (finish(b) >>> 16).toString(16).padStart(4, '0')
  );
}
function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Gives out names for devices, no name twice. */
export class DeviceIds {
  readonly #taken = new Set<string>();
  readonly #known: ReadonlyMap<string, string>;

  /** In: names that addresses had in an earlier inventory; a device keeps the name of its strongest address that had one. */
  constructor(known: ReadonlyMap<string, string> = new Map()) {
    this.#known = known;
  }

  /** In: what identifies the device, strongest first; its addresses among them as they are. Out: its name. */
  give(identifiers: readonly string[]): string {
    for (const identifier of identifiers) {
      const old = this.#known.get(identifier);
      if (old !== undefined && !this.#taken.has(old)) return this.#take(old);
    }
    const basis = identifiers[0] ?? '';
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const id = `d${shortHash(attempt === 0 ? basis : `${basis} ${attempt}`)}`;
      if (!this.#taken.has(id)) return this.#take(id);
    }
    return this.#take(`d${shortHash(identifiers.join(' '))}-${this.#taken.size}`);
  }
  #take(id: string): string {
    this.#taken.add(id);
    return id;
  }
}

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

/** What a device can be named by. */
export interface Namable {
  /** MAC addresses of its own and what the maker gave it, strongest first. */
  readonly lasting: readonly string[];
  /** IP addresses: they change hands, so they name a device only where nothing else does. */
  readonly ips: readonly string[];
}

/**
 * Names devices, no name twice. In: what each can be named by, in an order that does not change; names that addresses had
 * in an earlier inventory. A device keeps the name that something lasting of it had, else the one its IP address gave it.
 */
export function nameDevices(devices: readonly Namable[], known: ReadonlyMap<string, string> = new Map()): string[] {
  const taken = new Set<string>();
  const takeOld = (candidates: readonly (string | undefined)[]): string | undefined => {
    const name = candidates.find((candidate) => candidate !== undefined && !taken.has(candidate));
    if (name !== undefined) taken.add(name);
    return name;
  };
  const newName = (identifiers: readonly string[]): string => {
    const [basis = ''] = identifiers;
    let name = `d${shortHash(basis)}`;
    for (let attempt = 1; taken.has(name) && attempt < MOST_TRIES; attempt++)
      name = `d${shortHash(`${basis} ${attempt}`)}`;
    if (taken.has(name)) name = `d${shortHash(identifiers.join(' '))}-${taken.size}`;
    taken.add(name);
    return name;
  };
  const names = devices.map(({ lasting }) => takeOld(lasting.map((identifier) => known.get(identifier))));
  for (const [i, { ips }] of devices.entries()) names[i] ??= takeOld(ips.map((ip) => namedAfter(ip, known)));
  return devices.map(({ lasting, ips }, i) => names[i] ?? newName([...lasting, ...ips]));
}

/** The old name of an IP address, where it was made of that address: not the one of a device that only used it. */
function namedAfter(ip: string, known: ReadonlyMap<string, string>): string | undefined {
  const name = known.get(ip);
  return name === `d${shortHash(ip)}` ? name : undefined;
}

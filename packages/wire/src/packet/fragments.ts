// Puts fragments of IP packets together (RFC 791 section 3.2, RFC 8200 section 4.5), within limits. Overlaps are how
// fragments are used to deceive; a packet with one is thrown away, as RFC 5722 has it for IPv6.

/** Packets that may be open at a time, and how long (milliseconds): RFC 8200 gives a receiver 60 seconds, most take 30. */
const MAX_OPEN = 128;
const MAX_AGE = 30_000;
/** The longest packet that IP knows; also bounds the memory to MAX_OPEN times this. */
const MAX_LENGTH = 65_535;
/** Fragments of one packet: 64 KiB over the smallest link there is (576 bytes) are 119. */
const MAX_FRAGMENTS = 256;
const FIRST_SIZE = 4096;

/** What became of a fragment. */
export const FRAGMENT_KEPT = 0;
export const FRAGMENT_COMPLETES = 1;
export const FRAGMENT_OVERLAPS = 2;
export const FRAGMENT_TOO_LONG = 3;

interface OpenPacket {
  readonly version: number;
  readonly identification: number;
  readonly protocol: number;
  readonly addresses: Uint32Array;
  bytes: Uint8Array;
  /** Begin and end of what is there, in order and apart from each other. */
  readonly pieces: number[];
  fragments: number;
  /** Known when the last fragment was seen, else -1. */
  length: number;
  time: number;
  frame: number;
}

export class FragmentTable {
  /** After FRAGMENT_COMPLETES: the payload of the packet, and the protocol number that its first fragment carried. */
  view: DataView = new DataView(new ArrayBuffer(0));
  protocol = 0;
  #open: OpenPacket[] = [];

  /**
   * Takes the fragment in [at, end) of `view`, `offset` bytes into the packet's payload. `addresses` holds source and
   * destination from word `a` on.
   */
  add(
    view: DataView,
    at: number,
    end: number,
    addresses: Uint32Array,
    a: number,
    version: number,
    identification: number,
    protocol: number,
    offset: number,
    more: boolean,
    frame: number,
    time: number,
  ): number {
    const packet = this.#find(addresses, a, version, identification, protocol, frame, time);
    const stop = offset + end - at;
    packet.frame = frame;
    if (stop > MAX_LENGTH || (packet.length >= 0 && stop > packet.length)) {
      this.#remove(packet);
      return FRAGMENT_TOO_LONG;
    }
    const { pieces } = packet;
    let place = 0;
    while (place < pieces.length && pieces[place + 1]! <= offset) place += 2;
    if (place < pieces.length && pieces[place]! < stop) {
      // The same bytes once more (a mirror port sees a packet twice) are no overlap.
      if (pieces[place]! <= offset && pieces[place + 1]! >= stop && this.#equals(packet, view, at, end, offset))
        return FRAGMENT_KEPT;
      this.#remove(packet);
      return FRAGMENT_OVERLAPS;
    }
    if (!more) packet.length = stop;
    if (packet.length >= 0 && pieces.length > 0 && pieces[pieces.length - 1]! > packet.length) {
      this.#remove(packet);
      return FRAGMENT_TOO_LONG;
    }
    if (++packet.fragments > MAX_FRAGMENTS) {
      this.#remove(packet);
      return FRAGMENT_KEPT;
    }
    if (stop > packet.bytes.length) {
      let size = packet.bytes.length;
      while (size < stop) size *= 2;
      const grown = new Uint8Array(size);
      grown.set(packet.bytes);
      packet.bytes = grown;
    }
    packet.bytes.set(new Uint8Array(view.buffer, view.byteOffset + at, end - at), offset);
    this.#insert(pieces, place, offset, stop);
    if (packet.length < 0 || pieces.length !== 2 || pieces[0] !== 0 || pieces[1] !== packet.length)
      return FRAGMENT_KEPT;
    this.view = new DataView(packet.bytes.buffer, 0, packet.length);
    this.protocol = packet.protocol;
    this.#remove(packet);
    return FRAGMENT_COMPLETES;
  }

  #find(
    addresses: Uint32Array,
    a: number,
    version: number,
    identification: number,
    protocol: number,
    frame: number,
    time: number,
  ): OpenPacket {
    for (const packet of this.#open) {
      if (packet.identification !== identification || packet.version !== version) continue;
      // RFC 8200 leaves the next header out of what identifies a packet: only the first fragment's counts.
      if (version === 4 && packet.protocol !== protocol) continue;
      if (!sameAddresses(packet.addresses, addresses, a, version)) continue;
      if (time - packet.time <= MAX_AGE) return packet;
      this.#remove(packet);
      break;
    }
    if (this.#open.length >= MAX_OPEN) {
      let oldest = this.#open[0]!;
      for (const packet of this.#open) if (packet.frame < oldest.frame) oldest = packet;
      this.#remove(oldest);
    }
    const packet: OpenPacket = {
      version,
      identification,
      protocol,
      addresses: addresses.slice(a, a + 8),
      bytes: new Uint8Array(FIRST_SIZE),
      pieces: [],
      fragments: 0,
      length: -1,
      time,
      frame,
    };
    this.#open.push(packet);
    return packet;
  }

  #equals(packet: OpenPacket, view: DataView, at: number, end: number, offset: number): boolean {
    for (let n = 0; n < end - at; n++) if (packet.bytes[offset + n] !== view.getUint8(at + n)) return false;
    return true;
  }

  /** Enters [from, to), which touches no piece but perhaps at its ends, before place. */
  #insert(pieces: number[], place: number, from: number, to: number): void {
    const joinsBefore = place > 0 && pieces[place - 1] === from;
    const joinsAfter = place < pieces.length && pieces[place] === to;
    if (joinsBefore && joinsAfter) pieces.splice(place - 1, 2);
    else if (joinsBefore) pieces[place - 1] = to;
    else if (joinsAfter) pieces[place] = from;
    else pieces.splice(place, 0, from, to);
  }

  #remove(packet: OpenPacket): void {
    const last = this.#open.pop()!;
    const at = this.#open.indexOf(packet);
    if (at >= 0) this.#open[at] = last;
    else if (last !== packet) this.#open.push(last);
  }
}

/** Of an IPv4 address the last of the four words is all there is. */
function sameAddresses(one: Uint32Array, other: Uint32Array, a: number, version: number): boolean {
  if (version === 4) return one[3] === other[a + 3] && one[7] === other[a + 7];
  for (let n = 0; n < 8; n++) if (one[n] !== other[a + n]) return false;
  return true;
}

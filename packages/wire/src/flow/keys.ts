// The keys of a batch of packets, as columns: which end is the low one, ports in its order, hash, and a signature of how
// the sender sends. A pass of its own, so that the look-ups that follow it can wait for memory all at once.
import { BATCH_RECORDS } from '../capture/batch.ts';
import { KIND_LINK, KIND_NONE, type Packets } from '../packet/packets.ts';
import { finish, mix } from './hash.ts';

const VERSION_MASK = 0x0f000000;
const VERSION_4 = 0x04000000;

export class FlowKeys {
  /** 1 where the sender is the end that sorts second: by address, then by port; at the link layer by MAC. */
  readonly direction = new Uint8Array(BATCH_RECORDS);
  /** The low end's port in the upper half. At the link layer the EtherType, LLC or SNAP number. */
  readonly ports = new Uint32Array(BATCH_RECORDS);
  readonly hash = new Uint32Array(BATCH_RECORDS);
  /** Of MAC address, TTL and VLAN; never 0. Equal ones are taken for the same sender without looking further: a change goes unseen once in 30,000 times. */
  readonly signature = new Uint16Array(BATCH_RECORDS);

  /** Fills the columns for packets [from, to). */
  fill(packets: Packets, seed: number, from: number, to: number): void {
    const { kind, addresses, macs, protocol, ttl, vlan } = packets;
    for (let i = from; i < to; i++) {
      const k = kind[i]!;
      if (k === KIND_NONE) continue;
      const a = i * 8;
      const ports = packets.ports[i]!;
      const type = protocol[i]!;
      const m = i * 4;
      let isHigh = false;
      let hash = seed;
      let ordered = ports;
      if (k === KIND_LINK) {
        // The MAC addresses of a frame without IP are its key. They are put where IP addresses would be.
        const upper = macs[m]!;
        const lower = macs[m + 1]!;
        const otherUpper = macs[m + 2]!;
        const otherLower = macs[m + 3]!;
        isHigh = upper === otherUpper ? lower > otherLower : upper > otherUpper;
        addresses[a + 2] = upper;
        addresses[a + 3] = lower;
        addresses[a + 6] = otherUpper;
        addresses[a + 7] = otherLower;
        hash = mix(mix(seed, isHigh ? otherLower : lower), isHigh ? lower : otherLower);
        hash = mix(mix(hash, isHigh ? otherUpper : upper), isHigh ? upper : otherUpper);
      } else if ((type & VERSION_MASK) === VERSION_4) {
        const source = addresses[a + 3]!;
        const destination = addresses[a + 7]!;
        isHigh = source === destination ? ports >>> 16 > (ports & 0xffff) : source > destination;
        hash = mix(mix(seed, isHigh ? destination : source), isHigh ? source : destination);
        if (isHigh) ordered = (ports << 16) | (ports >>> 16);
      } else {
        isHigh = isHighSender(addresses, a, ports);
        const low = isHigh ? a + 4 : a;
        const high = isHigh ? a : a + 4;
        for (let n = 0; n < 4; n++) hash = mix(mix(hash, addresses[low + n]!), addresses[high + n]!);
        if (isHigh) ordered = (ports << 16) | (ports >>> 16);
      }
      this.direction[i] = isHigh ? 1 : 0;
      this.ports[i] = ordered;
      this.hash[i] = finish(mix(mix(hash, ordered), type));
      const sent = Math.imul(macs[m + 1]! ^ (macs[m]! << 7) ^ ((ttl[i]! << 12) | vlan[i]!), 0x9e3779b1);
      this.signature[i] = (sent >>> 16) | 1;
    }
  }
}

function isHighSender(addresses: Uint32Array, a: number, ports: number): boolean {
  for (let n = a; n < a + 4; n++) {
    const source = addresses[n]!;
    const destination = addresses[n + 4]!;
    if (source !== destination) return source > destination;
  }
  return ports >>> 16 > (ports & 0xffff);
}

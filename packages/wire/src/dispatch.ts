// Who may read what: from ports, EtherTypes and other numbers to the protocols that claim them. Protocols are known by
// their place in the array, counted from 1; 0 is none.
import type { AnyProtocol } from './protocol.ts';

const NOBODY: readonly number[] = [];
const FIRST_BYTES = 256;
/** Every first byte, and the place of payloads that have none. */
const ANY_BYTE: readonly number[] = Array.from({ length: FIRST_BYTES + 1 }, (_, byte) => byte);

export class Dispatch {
  readonly protocols: readonly AnyProtocol[];
  /** 1 where some protocol claims the port. */
  readonly tcpPorts = new Uint8Array(65536);
  readonly udpPorts = new Uint8Array(65536);
  /** Protocols that know their own bytes on any port, by the first byte; in the last place those of empty payloads. */
  readonly #recognisedOnTcp: readonly (readonly number[])[];
  readonly #recognisedOnUdp: readonly (readonly number[])[];
  readonly #tcp = new Map<number, number[]>();
  readonly #udp = new Map<number, number[]>();
  readonly #ether = new Map<number, number[]>();
  readonly #llc = new Map<number, number[]>();
  readonly #snap = new Map<number, number[]>();
  readonly #ip = new Map<number, number[]>();

  constructor(protocols: readonly AnyProtocol[]) {
    this.protocols = protocols;
    const recognisedOnTcp: number[][] = Array.from({ length: FIRST_BYTES + 1 }, () => []);
    const recognisedOnUdp: number[][] = Array.from({ length: FIRST_BYTES + 1 }, () => []);
    for (const [at, { on, recognise, firstBytes }] of protocols.entries()) {
      const number = at + 1;
      enter(this.#tcp, on.tcp, number);
      enter(this.#udp, on.udp, number);
      enter(this.#ether, on.ether, number);
      enter(this.#llc, on.llc, number);
      enter(this.#snap, on.snap, number);
      enter(this.#ip, on.ip, number);
      for (const port of on.tcp ?? []) this.tcpPorts[port] = 1;
      for (const port of on.udp ?? []) this.udpPorts[port] = 1;
      if (!recognise) continue;
      for (const byte of firstBytes ?? ANY_BYTE) {
        if (on.tcp) recognisedOnTcp[byte]?.push(number);
        if (on.udp) recognisedOnUdp[byte]?.push(number);
      }
    }
    this.#recognisedOnTcp = recognisedOnTcp;
    this.#recognisedOnUdp = recognisedOnUdp;
  }

  /** The protocol of a number from 1. */
  protocol(number: number): AnyProtocol {
    const found = this.protocols[number - 1];
    if (!found) throw new RangeError(`there is no protocol ${number}`);
    return found;
  }
  /** Who may know a payload of any port that lies in [at, end). */
  recognisedOnTcp(view: DataView, at: number, end: number): readonly number[] {
    return this.#recognisedOnTcp[at < end ? view.getUint8(at) : FIRST_BYTES] ?? NOBODY;
  }
  recognisedOnUdp(view: DataView, at: number, end: number): readonly number[] {
    return this.#recognisedOnUdp[at < end ? view.getUint8(at) : FIRST_BYTES] ?? NOBODY;
  }
  onTcp(port: number): readonly number[] {
    return this.tcpPorts[port] === 1 ? (this.#tcp.get(port) ?? NOBODY) : NOBODY;
  }
  onUdp(port: number): readonly number[] {
    return this.udpPorts[port] === 1 ? (this.#udp.get(port) ?? NOBODY) : NOBODY;
  }
  onEther(type: number): readonly number[] {
    return this.#ether.get(type) ?? NOBODY;
  }
  onLlc(dsap: number): readonly number[] {
    return this.#llc.get(dsap) ?? NOBODY;
  }
  onSnap(organization: number, number: number): readonly number[] {
    return this.#snap.get(organization * 0x10000 + number) ?? NOBODY;
  }
  onIp(number: number): readonly number[] {
    return this.#ip.get(number) ?? NOBODY;
  }
}

function enter(table: Map<number, number[]>, keys: readonly number[] | undefined, number: number): void {
  for (const key of keys ?? []) {
    const others = table.get(key);
    if (!others) table.set(key, [number]);
    else if (!others.includes(number)) others.push(number);
  }
}

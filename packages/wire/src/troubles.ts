// Counts broken headers by what is wrong and who sent them; observations are made of the counts when a stretch ends, so
// that a flood of broken frames costs an addition each.
import type { Observation } from '@interlock/model';
import { MAX_FRAMES_KEPT } from '@interlock/model';
import { type EndpointTable, NO_ENDPOINT } from './flow/endpoints.ts';
import { observationOf, provenanceOf } from './observations.ts';
import { KIND_LINK, KIND_NONE, type Packets, TROUBLE_LINK_TYPE, TROUBLES } from './packet/packets.ts';

/** Senders told apart per stretch; the rest is counted without a name. */
const MAX_COUNTS = 1000;

interface Count {
  readonly code: number;
  readonly endpoint: number;
  readonly detail: string | undefined;
  readonly frames: number[];
  first: number;
  last: number;
  count: number;
}

export class Troubles {
  readonly #endpoints: EndpointTable;
  #counts = new Map<number, Count>();

  constructor(endpoints: EndpointTable) {
    this.#endpoints = endpoints;
  }

  /** Counts the trouble of packet `i`. */
  count(packets: Packets, i: number, frame: number, time: number, linkType: number): void {
    const code = packets.trouble[i] as number;
    // An unknown link type says nothing about a sender; the type takes the endpoint's place in the key.
    const unknownLink = code === TROUBLE_LINK_TYPE;
    const endpoint = unknownLink ? NO_ENDPOINT : this.#sender(packets, i);
    const key = (unknownLink ? linkType : endpoint) * 256 + code;
    let count = this.#counts.get(key);
    if (!count && this.#counts.size >= MAX_COUNTS) count = this.#counts.get(code);
    if (!count) {
      const detail = unknownLink ? `link type ${linkType}` : undefined;
      const known = this.#counts.size >= MAX_COUNTS ? NO_ENDPOINT : endpoint;
      count = { code, endpoint: known, detail, frames: [], first: time, last: time, count: 0 };
      this.#counts.set(known === endpoint ? key : code, count);
    }
    count.count++;
    if (time > count.last) count.last = time;
    else if (time < count.first && time > 0) count.first = time;
    if (count.frames.length < MAX_FRAMES_KEPT) count.frames.push(frame);
  }

  #sender(packets: Packets, i: number): number {
    const kind = packets.kind[i] as number;
    const version = kind === KIND_NONE || kind === KIND_LINK ? 0 : ((packets.protocol[i] as number) >>> 24) & 15;
    if (version === 0 && packets.macs[i * 4] === 0) return NO_ENDPOINT;
    return this.#endpoints.intern(packets.addresses, i * 8, version, packets.macs, i * 4);
  }

  /** Gives out what was counted and starts anew. */
  take(capture: string | undefined): Observation[] {
    const observations = [...this.#counts.values()].map(({ code, endpoint, detail, frames, first, last, count }) => {
      const name = TROUBLES[code] ?? '';
      const value = detail === undefined ? { code: name } : { code: name, detail };
      const provenance = provenanceOf(capture, 'engine', 'header', frames);
      return observationOf(
        this.#endpoints.subject(endpoint),
        'traffic.malformed',
        value,
        provenance,
        first,
        last,
        count,
      );
    });
    this.#counts = new Map();
    return observations;
  }
}

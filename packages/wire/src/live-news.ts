// What a live capture tells of endpoints and limits while it goes on: only what was not told before, so that what is told
// adds up to what a file would tell at its end.
import type { Observation } from '@interlock/model';
import type { EndpointTable } from './flow/endpoints.ts';
import { observationOf, provenanceOf } from './observations.ts';
import { ENGINE } from './summary.ts';

/** Marks kept of when which frame was the last: at two a second those of the longest wait below, and some to spare. */
const MAX_MARKS = 4096;

/** How much of every endpoint was told. */
export class EndpointNews {
  readonly #endpoints: EndpointTable;
  #sent = new Uint32Array(1024);
  #last = new Float64Array(1024);
  /** Frames, TTLs and VLANs told, three bytes for each endpoint. */
  #kept = new Uint8Array(3 * 1024);

  constructor(endpoints: EndpointTable) {
    this.#endpoints = endpoints;
  }

  /** Observations about every endpoint that is new or, with `everything`, that sent frames since it was last told of. */
  take(capture: string | undefined, everything: boolean): Observation[] {
    const endpoints = this.#endpoints;
    this.#grow(endpoints.count + 1);
    const news: Observation[] = [];
    for (let number = 1; number <= endpoints.count; number++) {
      const sent = endpoints.sent[number] ?? 0;
      const before = this.#sent[number] ?? 0;
      if (sent === before || (before > 0 && !everything)) continue;
      this.#tell(number, capture, (sent - before) >>> 0, before > 0, news);
      this.#sent[number] = sent;
      this.#last[number] = endpoints.last[number] ?? 0;
    }
    return news;
  }

  #tell(number: number, capture: string | undefined, count: number, again: boolean, news: Observation[]): void {
    const endpoints = this.#endpoints;
    const kept = this.#kept;
    const subject = endpoints.subject(number);
    const last = endpoints.last[number] ?? 0;
    const first = again ? (this.#last[number] ?? 0) : (endpoints.first[number] ?? 0);
    const at = 3 * number;
    const frames = endpoints.frames(number);
    const seen = provenanceOf(capture, ENGINE, 'sender', frames.slice(kept[at]));
    news.push(observationOf(subject, 'address.seen', true, seen, first, last, count));
    const ttls = endpoints.ttls(number);
    const vlans = endpoints.vlans(number);
    // What was told before is told again without a count: it was met until now.
    const network = (
      kind: 'network.ttl' | 'network.vlan',
      source: string,
      told: number,
      n: number,
      of: [number, number],
    ) =>
      observationOf(
        subject,
        kind,
        of[0],
        provenanceOf(capture, ENGINE, source, n < told ? [] : [of[1]]),
        first,
        last,
        n < told ? 0 : 1,
      );
    for (const [n, ttl] of ttls.entries()) news.push(network('network.ttl', 'IP header', kept[at + 1] ?? 0, n, ttl));
    for (const [n, vlan] of vlans.entries())
      news.push(network('network.vlan', '802.1Q tag', kept[at + 2] ?? 0, n, vlan));
    kept[at] = frames.length;
    kept[at + 1] = ttls.length;
    kept[at + 2] = vlans.length;
  }

  #grow(size: number): void {
    if (size <= this.#sent.length) return;
    const length = Math.max(size, this.#sent.length * 2);
    const sent = new Uint32Array(length);
    sent.set(this.#sent);
    this.#sent = sent;
    const last = new Float64Array(length);
    last.set(this.#last);
    this.#last = last;
    const kept = new Uint8Array(3 * length);
    kept.set(this.#kept);
    this.#kept = kept;
  }
}

/** Which frame was the last at which time: tells how long a flow was silent without a time kept for each. */
export class FrameMarks {
  readonly #marks: { readonly now: number; readonly frame: number }[] = [];

  /** `now` is milliseconds of a clock that never goes back. */
  mark(now: number, frame: number): void {
    this.#marks.push({ now, frame });
    if (this.#marks.length > MAX_MARKS) this.#marks.splice(0, MAX_MARKS / 2);
  }

  /** The last frame at a time or before; 0 where that is before all marks. */
  frameAt(time: number): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle]?.now ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return this.#marks[low - 1]?.frame ?? 0;
  }
}

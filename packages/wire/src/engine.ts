// The engine: bytes of a capture in, observations out. It drives the reader, the headers, the flow table and the protocols
// batch by batch, and ends a stretch at fixed frames, so that the same capture always gives the same observations.
import type { Observation, ObservationBatch, Subject } from '@interlock/model';
import type { ByteSource, CaptureTrouble, RecordBatch } from './capture/batch.ts';
import { type CaptureName, CaptureReader } from './capture/capture-reader.ts';
import { Subjects } from './conversation.ts';
import { Dispatch } from './dispatch.ts';
import { ConversationTable, newConversationRecord } from './flow/conversations.ts';
import { EndpointTable, NO_ENDPOINT } from './flow/endpoints.ts';
import { CLOSED_BOTH } from './flow/record.ts';
import { StreamMemory } from './flow/stream.ts';
import { FlowTable } from './flow/table.ts';
import type { MessageTap } from './interpreter.ts';
import { EndpointNews, FrameMarks } from './live-news.ts';
import { Messages } from './messages.ts';
import { Collector, observationOf, provenanceOf } from './observations.ts';
import { readFrame } from './packet/frame.ts';
import { KIND_NONE, Packets } from './packet/packets.ts';
import type { AnyProtocol } from './protocol.ts';
import { PROTOCOLS } from './protocols/index.ts';
import { ENGINE, summariseConversations, summariseEndpoints } from './summary.ts';
import { Troubles } from './troubles.ts';

/** Bounds of what is kept; what they cut off is counted and told as `traffic.limit`. */
export interface EngineLimits {
  /** Flows at a time: 96 bytes each, and 16 of the index. */
  readonly flows: number;
  /** Pairs of IP and MAC address: about 160 bytes each, and the subject where facts are told of it. */
  readonly endpoints: number;
  /** Conversations kept before they are given out: 96 bytes each. */
  readonly conversations: number;
  /** Flows of which a protocol or an unfinished message is kept: about a kilobyte each. */
  readonly openFlows: number;
  /** Bytes of unfinished messages and of segments before their turn, over all streams. */
  readonly streamBytes: number;
  /** Observations of protocols in one stretch; more start another one. */
  readonly observations: number;
}
export const DEFAULT_LIMITS: EngineLimits = {
  flows: 1_000_000,
  endpoints: 1 << 18,
  conversations: 1 << 17,
  openFlows: 1 << 16,
  streamBytes: 64 * 1024 * 1024,
  observations: 20_000,
};

/** Frames of one stretch: a second or two of work, so that little is repeated after a crash. */
export const STRETCH_FRAMES = 200_000;
/** Live: a flow that was silent this long is ended. Longer than controllers keep a connection without a word. */
const SILENT_MILLISECONDS = 600_000;
/** Live: flows are looked through for silent ones this often. */
const LOOK_MILLISECONDS = 10_000;
/** Live: a flow of which nobody knows yet what it is is told of after this, without a protocol. */
const UNKNOWN_MILLISECONDS = 5_000;
/** Live: observations in one batch. */
const LIVE_BATCH = 5_000;
/** Bytes between two reports of progress. */
const PROGRESS_BYTES = 4 * 1024 * 1024;

export interface AnalyseOptions {
  /** Protocols that are read; all of them unless said otherwise. */
  readonly protocols?: readonly AnyProtocol[];
  /** Starts the hashes. A caller that reads what strangers can send should take another one for every run. */
  readonly seed?: number;
  /** Identifier of the capture for the provenance of every observation. */
  readonly capture?: string;
  readonly limits?: Partial<EngineLimits>;
  /** Lets exceptions of protocols through instead of reporting them: for tests and the fuzzer. */
  readonly strict?: boolean;
  /** What is told is told while the capture goes on, with `Engine.flush`; how it is cut into batches is then up to time. */
  readonly live?: boolean;
  /** Told now and then, and at the end, how many bytes and frames were read. */
  readonly onProgress?: (bytes: number, frames: number) => void;
}

/**
 * Reads a capture to its end and gives out what it tells, stretch by stretch; the last batch has `end`. Nothing that the
 * bytes say throws. The same bytes give the same batches, however they are chunked and whatever the seed.
 */
export async function* analyse(source: ByteSource, options: AnalyseOptions = {}): AsyncGenerator<ObservationBatch> {
  const engine = new Engine(options);
  const reader = new CaptureReader(source, {
    onTrouble: (trouble) => engine.captureTroubles.push(trouble),
    onName: (name) => engine.names.push(name),
  });
  let reported = 0;
  for (;;) {
    const answer = reader.next();
    const batch = answer instanceof Promise ? await answer : answer;
    if (!batch) break;
    yield* engine.process(batch);
    if (options.onProgress && reader.offset - reported >= PROGRESS_BYTES) {
      reported = reader.offset;
      options.onProgress(reader.offset, reader.frames);
    }
  }
  options.onProgress?.(reader.offset, reader.frames);
  yield* engine.finish();
}

/** Who sent a packet to whom, and the flow it belongs to. */
export interface PacketEnds {
  readonly flow: number;
  /** Of the packet: KIND_TCP and the like. */
  readonly kind: number;
  readonly sender: Subject;
  readonly receiver: Subject;
  /** Source port in the upper half, destination port in the lower, where there are ports. */
  readonly ports: number;
  readonly sequence: number;
}

/** What `analyse` drives; also what explains a frame, with a tap. */
export class Engine {
  /** What the reader found and no stretch has told yet. */
  captureTroubles: CaptureTrouble[] = [];
  names: CaptureName[] = [];
  readonly #options: AnalyseOptions;
  readonly #limits: EngineLimits;
  readonly #seed: number;
  readonly #dispatch: Dispatch;
  readonly #packets = new Packets();
  readonly #endpoints: EndpointTable;
  readonly #table: FlowTable;
  readonly #conversations: ConversationTable;
  readonly #memory: StreamMemory;
  readonly #subjects: Subjects;
  readonly #collector: Collector;
  readonly #messages: Messages;
  readonly #troubles: Troubles;
  readonly #record = newConversationRecord();
  /** Stretches that are complete and not given out yet. */
  readonly #ready: ObservationBatch[] = [];
  #stretch = 0;
  #stretchStart = 1;
  #frame = 0;
  // Live only.
  readonly #news: EndpointNews;
  readonly #marks = new FrameMarks();
  readonly #limitsTold = new Map<string, number>();
  #looked = Number.NEGATIVE_INFINITY;

  constructor(options: AnalyseOptions, tap?: MessageTap) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#seed = options.seed ?? 0;
    this.#collector = new Collector(options.capture);
    this.#dispatch = new Dispatch(options.protocols ?? PROTOCOLS);
    this.#endpoints = new EndpointTable(this.#limits.endpoints, this.#seed);
    this.#table = new FlowTable(
      this.#endpoints,
      this.#limits.flows,
      this.#seed,
      this.#dispatch.tcpPorts,
      this.#dispatch.udpPorts,
    );
    this.#conversations = new ConversationTable(this.#seed);
    this.#memory = new StreamMemory(this.#limits.streamBytes);
    this.#subjects = new Subjects(this.#endpoints);
    this.#messages = new Messages({
      dispatch: this.#dispatch,
      table: this.#table,
      subjects: this.#subjects,
      collector: this.#collector,
      memory: this.#memory,
      maxObjects: this.#limits.openFlows,
      strict: options.strict === true,
      tap,
    });
    this.#troubles = new Troubles(this.#endpoints);
    this.#news = new EndpointNews(this.#endpoints);
  }

  /** Addresses that were met, of which `limits.endpoints` are kept: a live capture begins anew before they run out. */
  get endpointCount(): number {
    return this.#endpoints.count;
  }

  /** The ends of packet `i` of the batch processed last; undefined where it has none. */
  endsOf(i: number): PacketEnds | undefined {
    const table = this.#table;
    if (this.#packets.kind[i] === KIND_NONE) return undefined;
    const flow = table.flow[i] as number;
    const direction = table.direction[i] as number;
    const sender = this.#endpoints.subject(table.endpoint(flow, direction));
    const receiver = this.#endpoints.subject(table.endpoint(flow, 1 - direction));
    return {
      flow,
      kind: this.#packets.kind[i] as number,
      sender,
      receiver,
      ports: this.#packets.ports[i] as number,
      sequence: this.#packets.sequence[i] as number,
    };
  }
  /** The protocol that a flow speaks; where none was found, those whose place it is on. */
  protocolsOf(flow: number, kind: number): readonly AnyProtocol[] {
    return this.#messages.protocolsOf(flow, kind);
  }
  /** Ends a flow as if the capture ended. */
  finishFlow(flow: number): void {
    this.#messages.finish(flow);
  }

  /** Reads one batch of records, and gives out the stretches that are complete. */
  *process(batch: RecordBatch): Generator<ObservationBatch> {
    const { count, firstFrame, time } = batch;
    for (let i = 0; i < count; i++) if (Number.isNaN(time[i])) time[i] = 0;
    for (let from = 0; from < count; ) {
      const untilStretch = STRETCH_FRAMES - ((firstFrame + from - 1) % STRETCH_FRAMES);
      const to = Math.min(count, from + untilStretch);
      this.#readHeaders(batch, from, to);
      for (let at = from; at < to; ) {
        at = this.#account(batch, at, to);
        if (this.#ready.length > 0) yield* this.#takeReady();
        if (this.#conversations.count >= this.#limits.conversations) yield* this.#takeConversations(this.#frame);
      }
      if (this.#packets.usesOther) this.#packets.forgetOther();
      if (this.#frame % STRETCH_FRAMES === 0) this.#endStretch(this.#frame);
      if (this.#ready.length > 0) yield* this.#takeReady();
      from = to;
    }
  }
  *#takeReady(): Generator<ObservationBatch> {
    while (this.#ready.length > 0) yield this.#ready.shift() as ObservationBatch;
  }

  #readHeaders(batch: RecordBatch, from: number, to: number): void {
    const packets = this.#packets;
    const { view, at, end, wireLength, linkType, firstFrame, time } = batch;
    packets.firstFrame = firstFrame;
    packets.times = time;
    packets.outer.count = 0;
    packets.outer.noted = 0;
    for (let i = from; i < to; i++) {
      const start = at[i] as number;
      const stop = end[i] as number;
      const cut = (wireLength[i] as number) - (stop - start);
      packets.cut = cut > 0 ? cut : 0;
      readFrame(view, start, stop, linkType[i] as number, packets, i);
      if (packets.trouble[i] !== 0)
        this.#troubles.count(packets, i, firstFrame + i, time[i] as number, linkType[i] as number);
    }
  }

  /** Accounts and reads packets from `from` on; returns where it stopped, at `to` or before. */
  #account(batch: RecordBatch, from: number, to: number): number {
    const packets = this.#packets;
    const table = this.#table;
    const messages = this.#messages;
    const { view, time, wireLength, firstFrame } = batch;
    const stopped = table.account(packets, time, wireLength, firstFrame, from, to);
    this.#frame = firstFrame + stopped - 1;
    for (let n = 0; n < table.wantedCount; n++) {
      const i = table.wanted[n] as number;
      messages.deliver(packets, i, view, firstFrame + i, time[i] as number);
      if (this.#collector.size >= this.#limits.observations) this.#endStretch(firstFrame + i);
    }
    if (table.full) table.evict((flow) => this.#endFlow(flow));
    return stopped;
  }

  #endFlow(flow: number): void {
    this.#messages.finish(flow);
    this.#fold(flow);
  }
  #fold(flow: number): void {
    const table = this.#table;
    const record = this.#record;
    const told = this.#options.live ? table.takeNews(flow, record) : table.takeConversation(flow, record);
    if (told) this.#conversations.add(record);
  }
  /** Gives out the conversations counted so far and empties their table. */
  *#takeConversations(lastFrame: number): Generator<ObservationBatch> {
    for (const part of summariseConversations(this.#summaryContext())) yield this.#batchOf(part, lastFrame, false);
    this.#conversations.clear();
  }
  #summaryContext() {
    return {
      endpoints: this.#endpoints,
      conversations: this.#conversations,
      protocols: this.#dispatch.protocols,
      capture: this.#options.capture,
      seed: this.#seed,
    };
  }

  /** Ends the stretch at hand: what was told of the frames before `end`. */
  #endStretch(end: number): void {
    const { capture } = this.#options;
    const facts = [...this.#captureFacts(end), ...this.#troubles.take(capture), ...this.#collector.take()];
    this.#ready.push(this.#batchOf(facts, Math.min(end, this.#frame), false));
  }
  #batchOf(observations: readonly Observation[], lastFrame: number, end: boolean): ObservationBatch {
    const firstFrame = Math.min(this.#stretchStart, lastFrame);
    this.#stretchStart = lastFrame + 1;
    return { stretch: this.#stretch++, firstFrame, lastFrame, observations, end };
  }

  /** What is wrong with the capture, and the names it holds, as far as they lie before frame `end`. */
  #captureFacts(end: number): Observation[] {
    const { capture } = this.#options;
    const facts: Observation[] = [];
    for (const { frame, code, offset, detail } of this.captureTroubles) {
      if (frame >= end) continue;
      const value = detail === undefined ? { code } : { code, detail };
      const provenance = provenanceOf(capture, 'capture', `byte ${offset}`, frame > 0 ? [frame] : []);
      facts.push(observationOf(this.#endpoints.subject(NO_ENDPOINT), 'capture.damaged', value, provenance, 0, 0, 1));
    }
    this.captureTroubles = this.captureTroubles.filter(({ frame }) => frame >= end);
    for (const { ip, name, frame } of this.names) {
      if (frame >= end) continue;
      const provenance = provenanceOf(capture, 'capture', 'name resolution block', []);
      const fact = observationOf(this.#endpoints.known(ip, undefined), 'dns.answer', name, provenance, 0, 0, 1);
      facts.push({ ...fact, said: 'imported' });
    }
    this.names = this.names.filter(({ frame }) => frame >= end);
    return facts;
  }

  /**
   * Live: gives out what was learnt since the last time, each of it once, and disturbs no flow. In: milliseconds of a clock
   * that never goes back; whether counts of what was told before are wanted too, or only what is new.
   */
  *flush(now: number, everything: boolean): Generator<ObservationBatch> {
    this.#marks.mark(now, this.#frame);
    if (now - this.#looked >= LOOK_MILLISECONDS) {
      this.#looked = now;
      const silent = this.#marks.frameAt(now - SILENT_MILLISECONDS);
      if (silent > 0) this.#table.endSilent(silent, (flow) => this.#endFlow(flow));
    }
    this.#foldNews(now, everything);
    const end = Number.POSITIVE_INFINITY;
    yield* this.#takeReady();
    yield* this.#batchesOf([
      ...this.#captureFacts(end),
      ...(everything ? this.#troubles.take(this.#options.capture) : []),
      ...(everything ? this.#collector.take() : this.#collector.takeNew()),
      ...this.#news.take(this.#options.capture, everything),
      ...[...summariseConversations(this.#summaryContext())].flat(),
      ...(everything ? this.#limitFacts() : []),
    ]);
    this.#conversations.clear();
  }
  /** Adds flows to the conversations that are to be told: new ones, and with `everything` those with more packets. */
  #foldNews(now: number, everything: boolean): void {
    const table = this.#table;
    const old = this.#marks.frameAt(now - UNKNOWN_MILLISECONDS);
    for (let flow = table.nextFlow(0); flow > 0; flow = table.nextFlow(flow)) {
      if (table.isTold(flow)) {
        if (everything) this.#fold(flow);
        continue;
      }
      const isOpen = table.found(flow) === 0 && (table.state(flow) & CLOSED_BOTH) !== CLOSED_BOTH;
      if (!isOpen || table.firstFrame(flow) <= old) this.#fold(flow);
    }
  }
  *#batchesOf(observations: readonly Observation[]): Generator<ObservationBatch> {
    for (let at = 0; at < observations.length; at += LIVE_BATCH)
      yield this.#batchOf(observations.slice(at, at + LIVE_BATCH), this.#frame, false);
  }

  /** Ends all flows and gives out the rest, part by part. The last batch has `end`. */
  *finish(): Generator<ObservationBatch> {
    const table = this.#table;
    const lastFrame = this.#frame;
    this.#messages.finishAll();
    this.#endStretch(Number.POSITIVE_INFINITY);
    table.close();
    yield* this.#takeReady();
    if (this.#options.live) yield* this.#batchesOf(this.#news.take(this.#options.capture, true));
    else for (const part of summariseEndpoints(this.#summaryContext())) yield this.#batchOf(part, lastFrame, false);
    for (let flow = table.nextFlow(0); flow > 0; flow = table.nextFlow(flow)) {
      this.#fold(flow);
      if (this.#conversations.count >= this.#limits.conversations) yield* this.#takeConversations(lastFrame);
    }
    yield* this.#takeConversations(lastFrame);
    yield this.#batchOf(this.#limitFacts(), lastFrame, true);
  }

  /** What was cut off by which limit. */
  #limitFacts(): Observation[] {
    const reached: [code: string, count: number, detail: string][] = [
      [
        'flows.evicted',
        this.#table.evicted,
        `flows that were silent longest were ended, more than ${this.#limits.flows} at a time`,
      ],
      ['endpoints.refused', this.#endpoints.refused, `more than ${this.#limits.endpoints} addresses`],
      [
        'streams.memory',
        this.#memory.exhausted,
        `more than ${this.#limits.streamBytes} bytes waited to be put in order`,
      ],
      ['streams.dropped', this.#messages.dropped, `more than ${this.#limits.openFlows} flows were open at a time`],
      ['messages.oversized', this.#messages.oversized, 'only the first 262144 bytes of a message were read'],
      ['observations.refused', this.#collector.refused, 'more different values of one kind about one subject'],
      ['subjects.refused', this.#subjects.refusedParts, 'parts behind addresses were not told apart any more'],
    ];
    return reached
      .map(([code, count, detail]): [string, number, string] => {
        const before = this.#limitsTold.get(code) ?? 0;
        this.#limitsTold.set(code, count);
        return [code, count - before, detail];
      })
      .filter(([, count]) => count > 0)
      .map(([code, count, detail]) => {
        const provenance = provenanceOf(this.#options.capture, ENGINE, code, []);
        const value = { code, detail };
        return observationOf(this.#endpoints.subject(NO_ENDPOINT), 'traffic.limit', value, provenance, 0, 0, count);
      });
  }
}

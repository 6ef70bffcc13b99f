// One live capture at work: waits for its interface, runs the capturing program, feeds the engine, gives out what that
// learns, and says of every interruption how long it was. Whatever ends underneath it is begun again until it is stopped.
import type { Observation, ObservationBatch } from '@interlock/model';
import type { LiveCounters, LiveRow, LiveState } from '@interlock/model/api';
import { CaptureReader, DEFAULT_LIMITS, Engine, type EngineLimits, type RecordBatch } from '@interlock/wire';
import { CaptureProcess, type ProcessEnd } from './capture-process.ts';
import { findRight, KERNEL_BUFFER_MIB } from './capture-tools.ts';
import { ClockWatch } from './clock-watch.ts';
import { interfaceState } from './interfaces.ts';

/** What is new is given out this often: with storing and computing after it, devices appear within two seconds. */
const NEWS_MILLISECONDS = 400;
/** Counts and times of what was told before are given out this often. */
const COUNTS_MILLISECONDS = 10_000;
/** Devices are computed anew for counts and times alone this often. */
const REFRESH_MILLISECONDS = 60_000;
/** How it is doing is told this often. */
const REPORT_MILLISECONDS = 1_000;
/** What the kernel dropped is asked for this often, where it can be asked. */
const ASK_MILLISECONDS = 2_000;
/** An interface that is down is looked at this often. */
const LOOK_MILLISECONDS = 500;
/** A program that fails is begun again after this, doubled every time up to the last; at once where it captured this long. */
const FIRST_WAIT_MILLISECONDS = 500;
const LONGEST_WAIT_MILLISECONDS = 30_000;
const HEALTHY_MILLISECONDS = 2_000;
/** The engine begins anew before its tables are full of addresses long gone, and before frame numbers leave 32 bits. */
const MOST_ENDPOINTS_SHARE = 0.9;
const MOST_FRAMES = 2 ** 31;
/** Flows at a time: a plant has thousands, and those silent for ten minutes are ended. */
const LIVE_FLOWS = 1 << 18;
/** When more than this share of the kernel's buffer waited, frames may have been dropped, and the count is fetched. */
const SUSPICIOUS_SHARE = 0.5;
/** Times are read against the clock of this machine, so what looks like hours of waiting is another clock. */
const LONGEST_BEHIND_MILLISECONDS = 60_000;
/** What the end of a pipe looks like to a reader of files. */
const ENDS_OF_PIPES = /cut-off|not-a-capture|^source\./;

export interface LiveReport {
  readonly state: LiveState;
  readonly reason?: string;
  readonly tool?: LiveRow['tool'];
  readonly lastFrame?: number;
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly behind: number;
  readonly counters: LiveCounters;
}
/** Who takes what a session gives out. Both may take their time; the session waits. */
export interface LiveSink {
  /** Every frame, before the engine reads it. `first` is its number within the live capture. */
  frames?(batch: RecordBatch, first: number): void;
  /** What was learnt. `refresh`: the devices are due for newer counts and times. False where it cannot be kept now. */
  take(batch: ObservationBatch, refresh: boolean): Promise<boolean>;
}
export interface LiveSessionOptions {
  readonly capture: string;
  readonly interface: string;
  /** Goes on from here where the capture was interrupted. */
  readonly counters: LiveCounters;
  readonly nextStretch: number;
  /** Frames are numbered from the one after this. */
  readonly framesBefore: number;
  /** When it was last known to run, where it was interrupted. */
  readonly interrupted?: number;
  readonly seed: number;
  readonly limits?: Partial<EngineLimits>;
  readonly sink: LiveSink;
  readonly onReport: (report: LiveReport) => void;
}

interface Gap {
  readonly code: string;
  readonly detail: string;
  readonly since: number;
}

export class LiveSession {
  readonly #options: LiveSessionOptions;
  #engine: Engine;
  /** Frames of this engine, and of those before it. */
  #engineFrames = 0;
  #framesBefore: number;
  #stretch: number;
  /** Observations of our own that go with the next batch. */
  #own: Observation[] = [];
  /** Batches the sink could not keep yet. */
  readonly #kept: ObservationBatch[] = [];
  #counters: LiveCounters;
  #state: LiveState = 'starting';
  #reason: string | undefined;
  #process: CaptureProcess | undefined;
  #toolName: LiveRow['tool'];
  #gap: Gap | undefined;
  #runDrops = 0;
  #lastFrame = 0;
  #behind = 0;
  #suspicious = false;
  readonly #clock = new ClockWatch();
  #told = 0;
  #counted = performance.now();
  #refreshed = Number.NEGATIVE_INFINITY;
  #asked = 0;
  #looked = 0;
  #isDown = false;
  #reported = { at: performance.now(), frames: 0, bytes: 0 };
  #rates = { frames: 0, bytes: 0 };
  #stopping = false;
  #tick = Promise.withResolvers<void>();

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.#counters = options.counters;
    this.#framesBefore = options.framesBefore;
    this.#stretch = options.nextStretch;
    this.#engine = this.#newEngine();
    this.#reported = { ...this.#reported, frames: options.counters.frames, bytes: options.counters.bytes };
    if (options.interrupted !== undefined)
      this.#beginGap('server-stopped', 'Interlock was not running', options.interrupted);
  }

  /** Runs until `stop`, and gives out the rest. Throws only where the sink does. */
  async run(): Promise<void> {
    const beat = setInterval(() => this.#wake(), NEWS_MILLISECONDS / 2);
    try {
      let wait = 0;
      while (!this.#stopping) {
        if (!(await this.#waitForInterface())) break;
        const began = performance.now();
        const problem = await this.#capture();
        if (this.#stopping) break;
        // One that captured for a while is begun anew at once, one that fails again has to wait.
        const isHealthy = performance.now() - began > HEALTHY_MILLISECONDS;
        wait = isHealthy ? 0 : Math.min(Math.max(2 * wait, FIRST_WAIT_MILLISECONDS), LONGEST_WAIT_MILLISECONDS);
        this.#setState('waiting', problem);
        await this.#pause(wait);
      }
      for (const batch of this.#engine.finish()) await this.#give(batch);
      await this.#giveOwn();
    } finally {
      clearInterval(beat);
      this.#process?.stop();
      this.#setState('stopped', undefined);
      this.#report();
    }
  }

  /** Ends it in order; `run` then returns. */
  stop(): void {
    this.#stopping = true;
    this.#process?.stop();
    this.#wake();
  }

  get report(): LiveReport {
    return {
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      ...(this.#toolName === undefined ? {} : { tool: this.#toolName }),
      ...(this.#lastFrame > 0 ? { lastFrame: this.#lastFrame } : {}),
      framesPerSecond: this.#rates.frames,
      bytesPerSecond: this.#rates.bytes,
      behind: this.#behind,
      counters: this.#counters,
    };
  }

  /** Counts what happened to what was kept. */
  count(changes: Partial<LiveCounters>): void {
    this.#counters = { ...this.#counters, ...changes };
  }
  /** Says that something was not seen, as an observation that goes with the next batch. */
  tellGap(code: string, detail: string, first: number, last: number, count = 1): void {
    this.#own.push({
      kind: 'capture.gap',
      subject: {},
      value: { code, detail },
      said: 'seen',
      first,
      last,
      count,
      provenance: {
        from: 'capture',
        capture: this.#options.capture,
        protocol: 'live',
        source: this.#options.interface,
        frames: [],
      },
    });
  }

  async #waitForInterface(): Promise<boolean> {
    for (;;) {
      if (this.#stopping) return false;
      const why = whyNot(this.#options.interface);
      if (why === undefined) return true;
      this.#beginGap('interface-down', why, Date.now());
      this.#setState('waiting', why);
      await this.#pause(LOOK_MILLISECONDS);
    }
  }

  /** One run of a process. Out: why it ended, in plain words. */
  async #capture(): Promise<string> {
    const { right, tool } = await findRight(this.#options.interface);
    if (!right.granted || !tool) {
      this.#beginGap('not-permitted', right.missing ?? 'not permitted', Date.now());
      return right.missing ?? 'not permitted';
    }
    if (this.#stopping) return '';
    this.#isDown = false;
    const process = new CaptureProcess(tool, this.#options.interface);
    this.#process = process;
    this.#toolName = tool.name;
    this.#runDrops = 0;
    this.#suspicious = false;
    await this.#read(process);
    const end = await process.ended;
    this.#process = undefined;
    await this.#processEnded(process, end);
    return end.reason;
  }

  async #read(process: CaptureProcess): Promise<void> {
    const reader = new CaptureReader(process, {
      onTrouble: ({ code, frame, ...trouble }) => {
        if (!ENDS_OF_PIPES.test(code))
          this.#engine.captureTroubles.push({ ...trouble, code, frame: this.#engineFrames + frame - reader.frames });
      },
      onStatistics: ({ droppedBySystem = 0, droppedByInterface = 0 }) =>
        this.#countDrops(droppedBySystem + droppedByInterface),
    });
    for (;;) {
      const answer = reader.next();
      const batch = answer instanceof Promise ? await this.#workUntil(answer) : answer;
      if (!batch) return;
      await this.#take(batch);
      await this.#work();
    }
  }
  /** Waits for the next frames, and does what is due meanwhile. */
  async #workUntil(answer: Promise<RecordBatch | undefined>): Promise<RecordBatch | undefined> {
    let isHere = false;
    void answer.then(() => {
      isHere = true;
      this.#wake();
    });
    for (;;) {
      await this.#tick.promise;
      if (isHere) return answer;
      await this.#work();
    }
  }
  #wake(): void {
    this.#tick.resolve();
    this.#tick = Promise.withResolvers<void>();
  }

  async #take(batch: RecordBatch): Promise<void> {
    this.#isDown = false;
    if (this.#state !== 'capturing') this.#begun();
    const { count, at, end, time } = batch;
    const first = this.#framesBefore + this.#engineFrames + 1;
    batch.firstFrame = this.#engineFrames + 1;
    let bytes = 0;
    for (let i = 0; i < count; i++) bytes += (end[i] ?? 0) - (at[i] ?? 0);
    this.#engineFrames += count;
    this.count({ frames: this.#counters.frames + count, bytes: this.#counters.bytes + bytes });
    const last = time[count - 1] ?? 0;
    this.#watchTime(last);
    this.#options.sink.frames?.(batch, first);
    for (const told of this.#engine.process(batch)) await this.#give(told);
    if (this.#engineFrames >= MOST_FRAMES || this.#engine.endpointCount > this.#mostEndpoints) await this.#renew();
  }
  get #mostEndpoints(): number {
    return MOST_ENDPOINTS_SHARE * (this.#options.limits?.endpoints ?? DEFAULT_LIMITS.endpoints);
  }

  #newEngine(): Engine {
    const { capture, seed, limits } = this.#options;
    return new Engine({ capture, seed, live: true, limits: { flows: LIVE_FLOWS, ...limits } });
  }
  /** Ends all flows and begins with empty tables: memory stays what it is however long it goes on. */
  async #renew(): Promise<void> {
    for (const batch of this.#engine.finish()) await this.#give(batch);
    this.#framesBefore += this.#engineFrames;
    this.#engineFrames = 0;
    this.#engine = this.#newEngine();
  }

  /** The first frame of a process is there: it captures, and what was not captured before it is told. */
  #begun(): void {
    this.#setState('capturing', undefined);
    this.#endGap();
  }

  #watchTime(last: number): void {
    if (!(last > 0)) return;
    this.#lastFrame = Math.max(this.#lastFrame, last);
    const waited = Date.now() - last;
    this.#behind = waited > 0 && waited < LONGEST_BEHIND_MILLISECONDS ? waited : 0;
    const waiting = (this.#behind / 1000) * this.#rates.bytes;
    if (waiting > SUSPICIOUS_SHARE * KERNEL_BUFFER_MIB * 2 ** 20) this.#suspicious = true;
  }

  /** Programs go on while their interface is down, without a word. */
  #watchInterface(): void {
    const why = whyNot(this.#options.interface);
    this.#isDown = why !== undefined;
    if (why === undefined || this.#state !== 'capturing') return;
    this.#beginGap('interface-down', why, Date.now());
    this.#setState('waiting', why);
  }
  #watchClock(steady: number): void {
    const now = Date.now();
    const jump = this.#clock.jumpAt(now, steady);
    if (jump === 0) return;
    this.count({ clockJumps: this.#counters.clockJumps + 1 });
    const detail = `the clock was set ${jump > 0 ? 'forward' : 'back'} by ${(Math.abs(jump) / 1000).toFixed(0)} seconds`;
    this.tellGap('clock-jumped', detail, now, now);
    this.#lastFrame = 0;
  }

  /** What is due: news, counts, how it is doing. */
  async #work(): Promise<void> {
    const now = performance.now();
    const process = this.#process;
    if (process && now - this.#looked >= LOOK_MILLISECONDS) {
      this.#looked = now;
      this.#watchInterface();
    }
    if (process?.isListening && !this.#isDown && this.#state !== 'capturing' && !this.#stopping) this.#begun();
    this.#watchClock(now);
    if (now - this.#told >= NEWS_MILLISECONDS) {
      this.#told = now;
      await this.#flush(now);
    }
    if (process && now - this.#asked >= ASK_MILLISECONDS) {
      this.#asked = now;
      process.askDrops();
      if (process.kernelDrops !== undefined) this.#countDrops(process.kernelDrops);
      // A program that does not tell while it runs is exchanged for a new one once it has caught up: then it tells.
      if (this.#suspicious && this.#behind < 2 * NEWS_MILLISECONDS && process.tool.name === 'dumpcap') process.stop();
    }
    if (now - this.#reported.at >= REPORT_MILLISECONDS) this.#report();
  }

  async #flush(now: number): Promise<void> {
    // While nothing can be kept the engine goes on adding up; nothing is lost by waiting.
    if (this.#kept.length > 0 && !(await this.#giveKept())) return;
    const everything = now - this.#counted >= COUNTS_MILLISECONDS;
    if (everything) this.#counted = now;
    for (const batch of this.#engine.flush(now, everything)) await this.#give(batch);
    await this.#giveOwn();
  }
  #giveOwn(): Promise<void> | undefined {
    if (this.#own.length === 0) return undefined;
    const observations = this.#own;
    this.#own = [];
    const lastFrame = this.#engineFrames;
    return this.#give({ stretch: 0, firstFrame: lastFrame, lastFrame, observations, end: false });
  }

  /** Hands a batch on under a number of its own; what cannot be kept now waits, within limits. */
  async #give(batch: ObservationBatch): Promise<void> {
    if (batch.observations.length === 0) return;
    const before = this.#framesBefore;
    this.#kept.push({
      ...batch,
      stretch: this.#stretch++,
      firstFrame: batch.firstFrame + before,
      lastFrame: batch.lastFrame + before,
      observations: before === 0 ? batch.observations : batch.observations.map((one) => shifted(one, before)),
      end: false,
    });
    if (await this.#giveKept()) return;
    while (this.#kept.length > MAX_KEPT_BATCHES) {
      const lost = this.#kept.pop()?.observations.length ?? 0;
      this.count({ lostObservations: this.#counters.lostObservations + lost });
      this.tellGap('storage-full', `${lost} observations found no room`, Date.now(), Date.now(), lost);
    }
  }
  async #giveKept(): Promise<boolean> {
    for (;;) {
      const [batch] = this.#kept;
      if (!batch) return true;
      const now = performance.now();
      const refresh = now - this.#refreshed >= REFRESH_MILLISECONDS;
      if (!(await this.#options.sink.take(batch, refresh))) return false;
      if (refresh) this.#refreshed = now;
      this.#kept.shift();
    }
  }

  async #processEnded(process: CaptureProcess, end: ProcessEnd): Promise<void> {
    if (end.kernelDrops !== undefined) this.#countDrops(end.kernelDrops);
    else this.count({ uncountedRuns: this.#counters.uncountedRuns + 1 });
    const uncounted = end.kernelDrops === undefined ? '; frames dropped before are not known' : '';
    if (this.#stopping) return;
    this.count({ restarts: this.#counters.restarts + 1 });
    const exchanged = end.asked && this.#suspicious;
    if (exchanged)
      this.#beginGap('process-exchanged', `${process.tool.name} was exchanged to learn what was dropped`, Date.now());
    else this.#beginGap('process-ended', `${end.reason}${uncounted}`, Date.now());
  }

  /** In: frames dropped by the kernel in this run so far. */
  #countDrops(drops: number): void {
    const more = drops - this.#runDrops;
    if (more <= 0) return;
    this.#runDrops = drops;
    this.count({ kernelDrops: this.#counters.kernelDrops + more });
    const now = Date.now();
    this.tellGap('kernel-drops', 'the operating system had no room for frames', now, now, more);
  }

  /** Nothing is captured from here on; an interruption that goes on keeps its beginning and its cause. */
  #beginGap(code: string, detail: string, since: number): void {
    this.#gap ??= { code, detail, since };
  }
  #endGap(): void {
    const gap = this.#gap;
    if (!gap) return;
    this.#gap = undefined;
    const now = Date.now();
    const length = Math.max(0, now - gap.since);
    this.count({ gaps: this.#counters.gaps + 1, gapMilliseconds: this.#counters.gapMilliseconds + length });
    this.tellGap(gap.code, gap.detail, Math.min(gap.since, now), now);
  }

  /** Waits, and does what is due meanwhile. */
  async #pause(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (!this.#stopping && performance.now() < until) {
      await this.#tick.promise;
      await this.#work();
    }
  }

  #setState(state: LiveState, reason: string | undefined): void {
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    if (state !== 'capturing') this.#behind = 0;
    this.#options.onReport(this.report);
  }
  #report(): void {
    const at = performance.now();
    const seconds = Math.max(0.001, (at - this.#reported.at) / 1000);
    const { frames, bytes } = this.#counters;
    this.#rates = {
      frames: Math.max(0, (frames - this.#reported.frames) / seconds),
      bytes: Math.max(0, (bytes - this.#reported.bytes) / seconds),
    };
    this.#reported = { at, frames, bytes };
    this.#options.onReport(this.report);
  }
}

/** Batches that wait for space: half a minute of the busiest plant. */
const MAX_KEPT_BATCHES = 64;

/** Why an interface cannot be captured now; undefined where it can. */
function whyNot(name: string): string | undefined {
  const state = interfaceState(name);
  if (state === 'missing') return 'the interface is not there';
  return state === 'down' ? 'the interface is down' : undefined;
}

/** The same observation with frame numbers of the whole live capture. */
function shifted(observation: Observation, by: number): Observation {
  const { provenance } = observation;
  if (provenance.from !== 'capture' || provenance.frames.length === 0) return observation;
  return { ...observation, provenance: { ...provenance, frames: provenance.frames.map((frame) => frame + by) } };
}

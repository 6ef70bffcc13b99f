// Reads a capture from a source of bytes into batches of records, whatever its format. Nothing that the bytes say throws,
// hangs or fills memory: what is wrong is told to `onTrouble`, and everything that could be read is handed out.
import {
  type ByteSource,
  type CaptureComment,
  type CaptureName,
  type CaptureStatistics,
  type CaptureTrouble,
  newRecordBatch,
  type RecordBatch,
} from './batch.ts';
import { ByteWindow } from './byte-window.ts';
import { describeNonCapture } from './non-capture.ts';
import { isPcapMagic, PcapFormat } from './pcap.ts';
import { isPcapngMagic, PcapngFormat } from './pcapng.ts';
import { ANOTHER_CAPTURE, CAPTURE_DONE, type RecordFormat, TroubleList } from './record-format.ts';

export type { CaptureComment, CaptureName } from './batch.ts';

/** Bytes looked at to tell what a file is that is no capture. */
const SNIFF_BYTES = 4096;

export interface CaptureReaderOptions {
  /** Told of everything that is wrong with the capture, in the order of the bytes. */
  readonly onTrouble?: (trouble: CaptureTrouble) => void;
  readonly onName?: (name: CaptureName) => void;
  readonly onComment?: (comment: CaptureComment) => void;
  readonly onStatistics?: (statistics: CaptureStatistics) => void;
}

export class CaptureReader {
  readonly #source: ByteSource;
  readonly #options: CaptureReaderOptions;
  readonly #window = new ByteWindow();
  readonly #batch = newRecordBatch();
  readonly #troubles: TroubleList;
  #format: RecordFormat | undefined;
  #frames = 0;
  #done = false;

  constructor(source: ByteSource, options: CaptureReaderOptions = {}) {
    this.#source = source;
    this.#options = options;
    this.#troubles = new TroubleList((trouble) => options.onTrouble?.(trouble));
  }

  /** Frames handed out so far. */
  get frames(): number {
    return this.#frames;
  }
  /** Bytes of the (decompressed) capture read so far. */
  get offset(): number {
    return this.#window.offset;
  }

  /**
   * The next records, at least one; undefined at the end. Answers at once when the source does. A batch is valid until
   * the next one is asked for.
   */
  next(): RecordBatch | undefined | Promise<RecordBatch | undefined> {
    for (;;) {
      const want = this.#step();
      if (want === 0) return this.#batch;
      if (want < 0) return undefined;
      const room = this.#window.makeRoom(want);
      const got = room === 0 ? 0 : this.#source.read(this.#window.bytes, this.#window.end, room);
      if (typeof got !== 'number') return this.#later(got);
      this.#take(got);
    }
  }

  async #later(pending: Promise<number>): Promise<RecordBatch | undefined> {
    this.#take(await pending);
    return this.next();
  }

  #take(got: number): void {
    if (got > 0) this.#window.end += got;
    else this.#window.ended = true;
  }

  /** 0: a batch is there; negative: the end; else how many bytes from the window's position on are needed. */
  #step(): number {
    if (this.#done) return -1;
    const window = this.#window;
    const batch = this.#batch;
    batch.count = 0;
    batch.firstFrame = this.#frames + 1;
    for (;;) {
      this.#format ??= this.#recognise();
      if (!this.#format) {
        if (!window.ended && window.left < SNIFF_BYTES) return SNIFF_BYTES;
        this.#end();
        return -1;
      }
      const answer = this.#format.read(window, batch);
      if (batch.count > 0) {
        this.#frames += batch.count;
        batch.view = window.view;
        batch.bytes = window.bytes;
        return 0;
      }
      if (answer > 0) return answer;
      if (answer === CAPTURE_DONE) {
        this.#end();
        return -1;
      }
      if (answer === ANOTHER_CAPTURE) this.#format = undefined;
    }
  }

  #recognise(): RecordFormat | undefined {
    const { view, at, left } = this.#window;
    if (left < 4) return undefined;
    if (isPcapMagic(view, at)) return new PcapFormat(this.#troubles);
    if (isPcapngMagic(view, at)) return new PcapngFormat(this.#troubles, this.#options);
    return undefined;
  }

  #end(): void {
    const window = this.#window;
    this.#done = true;
    const { fault } = this.#source;
    if (fault) this.#troubles.add('source.damaged', window.offset, fault);
    if (!this.#format && !(fault && window.left === 0)) {
      const what = describeNonCapture(window.bytes.subarray(window.at, window.end));
      this.#troubles.add('capture.not-a-capture', window.offset, what);
    }
    this.#troubles.close(window.offset);
  }
}

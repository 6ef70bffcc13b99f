// The kept frames of a live capture on disk: a folder of pcapng files of a mebibyte, written to the last, given up from the
// first. Read back whole: what is kept of one capture is bounded.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CaptureReader } from '@interlock/wire';
import { EvidenceFormat, type EvidenceFrame, readMark } from './evidence-format.ts';

export interface EvidenceLimits {
  /** Bytes of all kept frames of one live capture. */
  readonly total: number;
  /** Bytes of those of one address: one device that says much may not push out the others. */
  readonly perSubject: number;
  /** Bytes of one file: what goes at once when there is too much. */
  readonly perFile: number;
}
/** A few frames for each of a hundred facts of a thousand devices. */
export const EVIDENCE_LIMITS: EvidenceLimits = { total: 256 << 20, perSubject: 1 << 20, perFile: 1 << 20 };

interface EvidenceFile {
  readonly path: string;
  frames: number;
  bytes: number;
  /** Bytes by subject. */
  readonly subjects: Map<string, number>;
}

/** Keeps frames. One at a time writes to a folder. */
export class EvidenceFiles {
  /** Kept now, and given up so far. */
  frames = 0;
  bytes = 0;
  dropped = 0;
  /** The highest number of a frame that is kept. */
  lastFrame = 0;
  readonly #folder: string;
  readonly #limits: EvidenceLimits;
  readonly #files: EvidenceFile[] = [];
  readonly #subjects = new Map<string, number>();
  readonly #kept = new Set<number>();
  #format = new EvidenceFormat();
  #descriptor: number | undefined;
  #last = 0;

  constructor(folder: string, limits: EvidenceLimits = EVIDENCE_LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
    for (const name of evidenceNames(folder)) {
      const file: EvidenceFile = { path: join(folder, name), frames: 0, bytes: 0, subjects: new Map() };
      this.#files.push(file);
      this.#last = Number.parseInt(name, 10);
      for (const frame of readFile(file.path)) this.#count(file, frame, frame.bytes.length);
      const { size } = statSync(file.path);
      this.bytes += size - file.bytes;
      file.bytes = size;
    }
  }

  has(frame: number): boolean {
    return this.#kept.has(frame);
  }
  /** Bytes kept of one subject. */
  bytesOf(subject: string): number {
    return this.#subjects.get(subject) ?? 0;
  }
  get limits(): EvidenceLimits {
    return this.#limits;
  }

  /** Keeps a frame. Throws where it cannot be written; then nothing of it is kept. */
  add(frame: EvidenceFrame): void {
    let file = this.#files.at(-1);
    if (!file || this.#descriptor === undefined || file.bytes >= this.#limits.perFile) file = this.#begin();
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    const format = file.frames === 0 ? new EvidenceFormat() : this.#format;
    const blocks = format.blocksOf(frame);
    try {
      for (let at = 0; at < blocks.length; )
        at += writeSync(descriptor, blocks, at, blocks.length - at, file.bytes + at);
    } catch (error) {
      ftruncateSync(descriptor, file.bytes);
      throw error;
    }
    this.#format = format;
    this.#count(file, frame, blocks.length);
    while (this.bytes > this.#limits.total && this.#files.length > 1) this.dropOldest();
  }

  /** Gives up the file that was written first. Out: bytes that are free now, 0 where there is none. */
  dropOldest(): number {
    const file = this.#files.shift();
    if (!file) return 0;
    if (this.#files.length === 0) this.#close();
    rmSync(file.path, { force: true });
    this.frames -= file.frames;
    this.bytes -= file.bytes;
    this.dropped += file.frames;
    for (const [subject, bytes] of file.subjects) {
      const left = this.bytesOf(subject) - bytes;
      if (left > 0) this.#subjects.set(subject, left);
      else this.#subjects.delete(subject);
    }
    // Numbers of what is gone stay known: it is not written again.
    return file.bytes;
  }

  close(): void {
    this.#close();
  }

  #begin(): EvidenceFile {
    this.#close();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${String(this.#last + 1).padStart(9, '0')}.pcapng`);
    this.#descriptor = openSync(path, 'wx', 0o600);
    this.#last++;
    const file: EvidenceFile = { path, frames: 0, bytes: 0, subjects: new Map() };
    this.#files.push(file);
    return file;
  }
  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #count(file: EvidenceFile, { frame, subjects }: EvidenceFrame, bytes: number): void {
    if (this.#kept.size > MAX_KNOWN) this.#kept.clear();
    this.#kept.add(frame);
    this.lastFrame = Math.max(this.lastFrame, frame);
    file.frames++;
    file.bytes += bytes;
    this.frames++;
    this.bytes += bytes;
    for (const subject of subjects) {
      file.subjects.set(subject, (file.subjects.get(subject) ?? 0) + bytes);
      this.#subjects.set(subject, this.bytesOf(subject) + bytes);
    }
  }
}
/** Numbers of kept frames remembered, so that none is written twice; more than EVIDENCE_LIMITS.total holds. */
const MAX_KNOWN = 4_000_000;

/** Every kept frame of a folder, in the order in which they were kept. What is damaged is left out. */
export function* readEvidence(folder: string): Generator<EvidenceFrame> {
  for (const name of evidenceNames(folder)) yield* readFile(join(folder, name));
}

const evidenceNames = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d{9}\.pcapng$/.test(name))
        .sort()
    : [];

function* readFile(path: string): Generator<EvidenceFrame> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return; // given up by the one that writes since the folder was looked at
  }
  const comments = new Map<number, string[]>();
  let offset = 0;
  const source = {
    read(into: Uint8Array, at: number, length: number): number {
      const taken = Math.min(length, bytes.length - offset);
      into.set(bytes.subarray(offset, offset + taken), at);
      offset += taken;
      return taken;
    },
  };
  const reader = new CaptureReader(source, {
    onComment: ({ frame, text }) => {
      const known = comments.get(frame);
      if (known) known.push(text);
      else comments.set(frame, [text]);
    },
  });
  for (;;) {
    const batch = reader.next();
    if (!batch || batch instanceof Promise) return;
    for (let i = 0; i < batch.count; i++) {
      const [mark = '', ...facts] = comments.get(batch.firstFrame + i) ?? [];
      const known = readMark(mark);
      if (!known) continue;
      yield {
        ...known,
        facts,
        time: batch.time[i] || 0,
        linkType: batch.linkType[i] ?? 0,
        wireLength: batch.wireLength[i] ?? 0,
        bytes: batch.bytes.slice(batch.at[i], batch.end[i]),
      };
    }
    comments.clear();
  }
}

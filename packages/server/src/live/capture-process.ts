// One run of a capturing program: its frames come out of a pipe, what it counted out of its messages. It ends when told to,
// when its interface goes, or when somebody kills it; which of these it was is said at the end.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ByteSource } from '@interlock/wire';
import { type CaptureTool, captureCommand, firstLine } from './capture-tools.ts';

/** Bytes that wait to be read before the pipe is left alone; what is beyond waits in the kernel, and is counted there. */
const MAX_WAITING_BYTES = 8 << 20;
/** A program that was asked to end and does not is killed after this. */
const PATIENCE_MILLISECONDS = 3_000;
/** Characters of its messages that are kept. */
const MAX_MESSAGES = 20_000;

export interface ProcessEnd {
  /** Why, in plain words. */
  readonly reason: string;
  /** It ended because it was asked to. */
  readonly asked: boolean;
  /** Frames the kernel dropped in this run; undefined where nobody told. */
  readonly kernelDrops: number | undefined;
}

export class CaptureProcess implements ByteSource {
  readonly tool: CaptureTool;
  readonly ended: Promise<ProcessEnd>;
  /** Frames the kernel dropped so far, where the program says so while it runs. */
  kernelDrops: number | undefined;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #offset = 0;
  #closed = false;
  #wake: (() => void) | undefined;
  #messages = '';
  #asked = false;

  constructor(tool: CaptureTool, interfaceName: string) {
    this.tool = tool;
    const [program = tool.path, ...args] = captureCommand(tool, interfaceName);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > MAX_WAITING_BYTES) child.stdout.pause();
      this.#wake?.();
    });
    // A pipe that breaks ends with its process, of which `ended` tells.
    child.stdout.on('error', () => this.#close());
    child.stdout.on('close', () => this.#close());
    child.stderr.on('data', (text: Buffer) => this.#hear(text.toString()));
    child.stderr.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => {
        this.#close();
        resolve({ reason: error.message, asked: this.#asked, kernelDrops: undefined });
      });
      child.on('close', (code, signal) => {
        this.#close();
        resolve({
          reason: endOf(tool, code, signal, this.#messages),
          asked: this.#asked,
          kernelDrops: dropsIn(this.#messages),
        });
      });
    });
  }

  /** Whether it said that it captures, or frames came: it has opened the interface. */
  get isListening(): boolean {
    return this.#waitingBytes > 0 || /listening on|^Capturing on|^File: /m.test(this.#messages);
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** At once where bytes are there, else when some come; 0 when the process has ended and all were read. */
  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    return this.#chunks.length > 0 || this.#closed ? this.#copy(into, at, length) : this.#later(into, at, length);
  }
  async #later(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#chunks.length === 0 && !this.#closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = undefined;
    return this.#copy(into, at, length);
  }
  #copy(into: Uint8Array, at: number, length: number): number {
    let copied = 0;
    while (copied < length) {
      const [chunk] = this.#chunks;
      if (!chunk) break;
      const taken = Math.min(length - copied, chunk.length - this.#offset);
      into.set(chunk.subarray(this.#offset, this.#offset + taken), at + copied);
      copied += taken;
      this.#offset += taken;
      if (this.#offset < chunk.length) continue;
      this.#chunks.shift();
      this.#waitingBytes -= chunk.length;
      this.#offset = 0;
    }
    if (this.#child.stdout.isPaused() && this.#waitingBytes < MAX_WAITING_BYTES / 2) this.#child.stdout.resume();
    return copied;
  }

  /** Asks tcpdump what was dropped so far (tcpdump(1), SIGUSR1); dumpcap only tells when it ends. */
  askDrops(): void {
    if (this.tool.name === 'tcpdump' && !this.#asked) this.#child.kill('SIGUSR1');
  }

  /** Asks it to end: what waits in the kernel still comes, and what was dropped is told. */
  stop(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#child.kill('SIGINT');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MILLISECONDS);
    timer.unref();
    void this.ended.then(() => clearTimeout(timer));
  }

  #hear(text: string): void {
    this.#messages = (this.#messages + text).slice(-MAX_MESSAGES);
    const drops = dropsIn(this.#messages);
    if (drops !== undefined) this.kernelDrops = drops;
  }
  #close(): void {
    this.#closed = true;
    this.#wake?.();
  }
}

/** Messages in English, whatever the user reads. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C' });

/**
 * Frames dropped, as the messages of either program have it: "34358 packets dropped by kernel" (tcpdump, each time it is
 * asked), "Packets received/dropped on interface 'eth1': 345200/17 (pcap:17/dumpcap:0/...)" (dumpcap, at its end).
 */
function dropsIn(messages: string): number | undefined {
  const last = [...messages.matchAll(/(\d+) packets? dropped by kernel/g)].at(-1) ?? [];
  const dumpcap = [...messages.matchAll(/received\/dropped on interface .*?: \d+\/(\d+) /g)].at(-1) ?? [];
  const found = last[1] ?? dumpcap[1];
  return found === undefined ? undefined : Number(found);
}

function endOf(tool: CaptureTool, code: number | null, signal: NodeJS.Signals | null, messages: string): string {
  if (signal) return `${tool.name} was ended by ${signal}`;
  const gone = messages.match(/[^\n]*(?:no longer running|went down|disappeared|is not up|No such device)[^\n]*/i)?.[0];
  if (gone) return firstLine(gone);
  const said = messages
    .split('\n')
    .filter((line) => line.trim() !== '' && !/listening on|^Capturing on|^File: |packets? |^Packets /.test(line));
  return code === 0 ? `${tool.name} ended by itself` : `${tool.name} ended (${code}): ${firstLine(said.join('\n'))}`;
}

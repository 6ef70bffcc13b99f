// What a question to a device is: one value in one file. Its requests are written down byte by byte, so that what would be
// sent can be shown before, and nothing else can be sent: this folder's list is the allow-list.

/** One message to the device. */
export interface QuestionRequest {
  /** In plain words: "read SZL 0x0011". */
  readonly what: string;
  /**
   * The bytes. In: the answers so far of this try, empty for a dry run, which shows numbers that a device would give as
   * zero. Undefined where the answers so far leave nothing to ask. No bytes: waits for what the device says by itself.
   */
  readonly bytes: (answers: readonly Uint8Array[], target: QuestionTarget) => Uint8Array | undefined;
}
export interface QuestionTarget {
  readonly ip: string;
  /** What a person typed in for this run; never stored, logged or shown. */
  readonly community?: string;
}

export interface Question {
  readonly name: string;
  readonly title: string;
  /** What it tells, in a few words. */
  readonly tells: string;
  /** Standard and section of what is sent. */
  readonly spec: string;
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  /** Ways to ask, each over a connection of its own; the next is tried where one brought no whole answer to its last request. */
  readonly tries: readonly (readonly QuestionRequest[])[];
  /** TCP: whether what came since the last request is a whole answer. */
  readonly isWhole?: (received: Uint8Array) => boolean;
  /** Needs a community; not asked without. */
  readonly needsCommunity?: true;
}

/** A request that is always the same. */
export const constant = (what: string, bytes: Uint8Array): QuestionRequest => ({ what, bytes: () => bytes });

/** Bytes written as hex with any white space. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.replaceAll(/\s/g, '').match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Whether a 16 bit length at `at`, counted from the start and without `extra` bytes, is there. */
export const hasLength16 = (bytes: Uint8Array, at: number, extra: number): boolean =>
  bytes.length >= at + 2 && bytes.length >= viewOf(bytes).getUint16(at) + extra;

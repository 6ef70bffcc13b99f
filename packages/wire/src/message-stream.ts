// One direction of a TCP connection as messages: its protocol says how long the message at hand is, whole messages are
// read where they lie, and only what is unfinished is kept, within limits. After a loss it finds its way back at the next
// segment that starts with a message.
import type { FlowConversation } from './conversation.ts';
import { type StreamReceiver, TcpStream } from './flow/stream.ts';
import type { Messages } from './messages.ts';
import { NEED_MORE } from './protocol.ts';

/** The longest message that is kept until it is whole: four times what the largest messages of the protocols here need. */
export const MAX_MESSAGE = 256 * 1024;
/** Bytes kept for a flow of which no message was read yet. */
const MAX_UNPROVEN = 16 * 1024;
/** Segments in a row that yield no message before a stream is given up: more than a megabyte of something else. */
const MAX_FAILURES = 1000;
/** What an unfinished message is kept in at first; it grows by doubling. */
const FIRST_KEPT = 512;

const NOTHING_KEPT = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING_KEPT.buffer);

export class MessageStream implements StreamReceiver {
  readonly tcp: TcpStream;
  isFinished = false;
  readonly #messages: Messages;
  readonly #flow: number;
  readonly #direction: number;
  readonly #conversation: FlowConversation;
  #kept = NOTHING_KEPT;
  #keptView = NO_VIEW;
  #keptLength = 0;
  /** Sequence number of the first byte kept, frames that carried what is kept, and the time of the last. */
  #keptSequence = 0;
  #keptFirstFrame = 0;
  #keptLastFrame = 0;
  #keptTime = 0;
  /** Bytes needed before it is worth looking again; `#length` is the length of the message where its protocol said it. */
  #needed = 0;
  #length = 0;
  /** Bytes still to be thrown away. */
  #skip = 0;
  /** Whether the next byte is known to start a message. */
  #synced = true;
  #failures = 0;
  #reported = false;

  constructor(messages: Messages, flow: number, direction: number, conversation: FlowConversation) {
    this.#messages = messages;
    this.#flow = flow;
    this.#direction = direction;
    this.#conversation = conversation;
    this.tcp = new TcpStream(messages.memory);
    this.#synced = false;
  }

  bytes(view: DataView, at: number, end: number, frame: number, time: number): void {
    if (this.#conversation.isDone) return;
    this.isFinished = false;
    let sequence = this.tcp.passing;
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, end - at);
      this.#skip -= skipped;
      at += skipped;
      sequence += skipped;
      if (at === end) return;
    }
    if (this.#keptLength === 0) {
      this.#setFrames(frame, frame, time);
      const left = this.#read(view, at, end, sequence, false);
      if (left < end) this.#keep(view, left, end, sequence + left - at, frame, time);
      return;
    }
    if (!this.#keep(view, at, end, sequence, frame, time) || this.#keptLength < this.#needed) return;
    this.#readKept(frame);
  }

  #readKept(frame: number): void {
    this.#setFrames(this.#keptFirstFrame, this.#keptLastFrame, this.#keptTime);
    const left = this.#read(this.#keptView, 0, this.#keptLength, this.#keptSequence, false);
    // Proving the flow while reading may have started this stream anew, with nothing kept.
    if (this.#keptLength === 0) return;
    const rest = this.#keptLength - left;
    if (rest === 0) this.#forget();
    else if (left > 0) {
      this.#kept.copyWithin(0, left, this.#keptLength);
      this.#keptLength = rest;
      this.#keptSequence += left;
      this.#keptFirstFrame = frame;
    }
  }

  /** Reads whole messages from [at, end), which start at `sequence`; returns the position of the first byte that must wait for more. */
  #read(view: DataView, at: number, end: number, sequence: number, last: boolean): number {
    const messages = this.#messages;
    const conversation = this.#conversation;
    const start = at;
    while (at < end) {
      conversation.sequence = sequence + at - start;
      const found = messages.found(this.#flow);
      if (found === 0) {
        const length = messages.identify(this.#flow, view, at, end, conversation);
        if (length === NEED_MORE && end - at < MAX_UNPROVEN && !last) {
          this.#needed = end - at + 1;
          this.#length = messages.awaited;
          return at;
        }
        if (length <= 0) {
          this.#synced = false;
          if (!last) messages.countFailure(this.#flow, this.#direction);
          return end;
        }
        messages.prove(this.#flow, messages.identified);
        this.#synced = true;
        at = this.#after(at + length, end);
        continue;
      }
      const length = messages.interpreter.hasFrames(found)
        ? messages.interpreter.frameLength(found, view, at, end, conversation)
        : end - at;
      if (length < 0) {
        this.#fail(found);
        return end;
      }
      if (length === NEED_MORE || length > end - at) {
        if (last) {
          conversation.incomplete = true;
          messages.interpreter.read(found, view, at, end, conversation);
          return end;
        }
        if (end - at < MAX_MESSAGE) {
          this.#length = length;
          this.#needed = length === NEED_MORE ? end - at + 1 : Math.min(length, MAX_MESSAGE);
          return at;
        }
        messages.oversized++;
        conversation.incomplete = true;
        messages.interpreter.read(found, view, at, end, conversation);
        conversation.incomplete = false;
        if (length === NEED_MORE) this.#synced = false;
        else this.#skip = length - (end - at);
        return end;
      }
      if (messages.interpreter.read(found, view, at, at + length, conversation)) {
        this.#failures = 0;
        this.#synced = true;
      } else this.#fail(found);
      at = this.#after(at + length, end);
    }
    return at;
  }

  /** Where reading goes on after a message, by what its protocol asked for. */
  #after(at: number, end: number): number {
    const conversation = this.#conversation;
    // Whatever comes next in these bytes was carried by the last of the frames.
    conversation.firstFrame = conversation.frame;
    if (conversation.isDone) return end;
    if (conversation.skipped > 0) {
      this.#skip = conversation.skipped;
      conversation.skipped = 0;
      const skipped = Math.min(this.#skip, end - at);
      this.#skip -= skipped;
      at += skipped;
    }
    return at;
  }

  #fail(found: number): void {
    if (this.#synced && !this.#reported) {
      this.#reported = true;
      this.#messages.interpreter.reportNoMessage(found, this.#conversation);
    }
    this.#synced = false;
    if (++this.#failures >= MAX_FAILURES) this.#conversation.done();
  }

  gap(length: number): void {
    if (this.#conversation.isDone) return;
    if (this.#skip > 0 && length >= 0) {
      const skipped = Math.min(this.#skip, length);
      this.#skip -= skipped;
      length -= skipped;
      if (length === 0) return;
    }
    this.#skip = 0;
    if (this.#keptLength > 0) {
      // Where the gap lies within a message of known length, the next one starts where that ends.
      const open = this.#length - this.#keptLength;
      this.#readUnfinished();
      if (length >= 0 && open >= length) {
        this.#skip = open - length;
        return;
      }
    }
    this.#synced = false;
  }

  /** No more bytes will come: what is unfinished is read as far as it is there. */
  finish(): void {
    if (!this.tcp.isHolding && this.#keptLength === 0) {
      this.isFinished = true;
      return;
    }
    this.#messages.setKnownEnds(this.#conversation, this.#flow, this.#direction);
    this.tcp.finish(this);
    if (this.#keptLength > 0) this.#readUnfinished();
    this.isFinished = true;
  }

  #readUnfinished(): void {
    const conversation = this.#conversation;
    this.#setFrames(this.#keptFirstFrame, this.#keptLastFrame, this.#keptTime);
    conversation.incomplete = true;
    this.#read(this.#keptView, 0, this.#keptLength, this.#keptSequence, true);
    conversation.incomplete = false;
    this.#forget();
  }

  #setFrames(first: number, last: number, time: number): void {
    const conversation = this.#conversation;
    conversation.firstFrame = first;
    conversation.frame = last;
    conversation.time = time;
  }

  /** Adds to what is kept. False where memory is out: then all of it is given up, and the stream starts anew. */
  #keep(view: DataView, at: number, end: number, sequence: number, frame: number, time: number): boolean {
    const length = this.#keptLength + end - at;
    if (length > this.#kept.length) {
      let size = Math.max(this.#kept.length, FIRST_KEPT);
      while (size < length) size *= 2;
      if (!this.#messages.memory.take(size - this.#kept.length)) {
        if (this.#keptLength > 0) this.#readUnfinished();
        this.#synced = false;
        return false;
      }
      const grown = new Uint8Array(size);
      grown.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = grown;
      this.#keptView = new DataView(grown.buffer);
    }
    if (this.#keptLength === 0) {
      this.#keptSequence = sequence;
      this.#keptFirstFrame = frame;
      this.#keptLastFrame = frame;
    }
    this.#kept.set(new Uint8Array(view.buffer, view.byteOffset + at, end - at), this.#keptLength);
    this.#keptLength = length;
    if (frame < this.#keptFirstFrame) this.#keptFirstFrame = frame;
    if (frame >= this.#keptLastFrame) {
      this.#keptLastFrame = frame;
      this.#keptTime = time;
    }
    return true;
  }

  /** The next segment is looked at as if the connection were met in its middle. */
  restart(): void {
    this.release();
    this.tcp.started = false;
    this.#skip = 0;
    this.#synced = false;
  }
  release(): void {
    this.tcp.release();
    this.#forget();
  }
  #forget(): void {
    this.#messages.memory.used -= this.#kept.length;
    this.#kept = NOTHING_KEPT;
    this.#keptView = NO_VIEW;
    this.#keptLength = 0;
    this.#needed = 0;
    this.#length = 0;
  }
}

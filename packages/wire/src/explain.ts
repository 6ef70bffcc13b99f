// "Why?" down to the bytes: one frame with its headers and the messages it completes, every value with the bytes it was
// read from. The engine itself reads the capture up to there, so that what is shown is what the facts were told from.
import { type Subject, subjectKey } from '@interlock/model';
import type { ByteSource, RecordBatch } from './capture/batch.ts';
import { CaptureReader } from './capture/capture-reader.ts';
import type { FlowConversation } from './conversation.ts';
import { Engine, type PacketEnds } from './engine.ts';
import { type ExplainedField, type ExplainedLayer, explainHeaders, linkTitle } from './explain-headers.ts';
import {
  findMasked,
  hiddenValue,
  hideMasked,
  type MaskedRange,
  mayCarrySecrets,
  type ReadRange,
} from './explain-secrets.ts';
import type { MessageTap } from './interpreter.ts';
import { nameReads } from './name-reads.ts';
import type { AnyProtocol } from './protocol.ts';
import type { ReadTrace } from './reader.ts';
import { findTextSecrets, type SecretRange } from './secrets.ts';

export type { ExplainedField, ExplainedLayer } from './explain-headers.ts';
export type { MaskedRange } from './explain-secrets.ts';

/** Frames read beyond the one asked for until its message is whole: seconds of traffic. */
const MAX_AHEAD = 100_000;
/** Bytes of a frame kept for showing; the longest that tools capture. */
const MAX_BYTES = 262_144;
/** Messages shown of one frame; a segment can hold thousands of small ones. */
const MAX_MESSAGES = 50;
/** Messages of other flows kept until it is known whose the frame is: those of one batch. */
const MAX_PERHAPS = 500;
/** Messages whose place in a frame is remembered; what lies behind them counts as not read. */
const MAX_PLACES = 5000;
/** Frames explained in one go. */
const MAX_FRAMES = 100;

export interface ExplainedFrame {
  readonly frame: number;
  /** Milliseconds since 1970; absent where the capture has none. */
  readonly time?: number;
  readonly linkType: number;
  /** What the link layer is called. */
  readonly link: string;
  /** Length on the wire; `bytes` is what was captured of it. */
  readonly wireLength: number;
  /** What is `masked` is replaced by asterisks. */
  readonly bytes: Uint8Array;
  /** Passwords and the like, and what may hold them, ascending. Values read from there say so. */
  readonly masked: readonly MaskedRange[];
  /** Headers, then the messages that this frame carries or completes. */
  readonly layers: readonly ExplainedLayer[];
}

/** A frame being explained. */
interface Target {
  readonly frame: number;
  readonly time: number;
  readonly linkType: number;
  readonly wireLength: number;
  readonly bytes: Uint8Array;
  readonly headers: readonly ExplainedLayer[];
  /** Where the payload of the innermost header starts. */
  readonly payloadAt: number;
  readonly messages: ExplainedLayer[];
  /** Messages that other frames completed: they are this frame's if the ends are, which are not known yet. */
  readonly perhaps: { readonly layer: ExplainedLayer; readonly from: MessageEnds }[];
  /** Where messages lie, of this frame's flow and of others; datagrams have no `from`. */
  readonly places: (ReadRange & { readonly from: MessageEnds | undefined })[];
  ends: PacketEnds | undefined;
  isSuspect: boolean;
}
interface MessageEnds {
  readonly sender: Subject;
  readonly receiver: Subject;
  readonly ports: number;
}

/**
 * Explains frames of a capture, numbered from 1. Those that the capture does not have are left out; the order is that of
 * the capture. Costs one run over the capture up to the last of them, and a little more where a message goes on.
 */
export async function explainFrames(
  source: ByteSource,
  frames: readonly number[],
  options: { readonly protocols?: readonly AnyProtocol[] } = {},
): Promise<ExplainedFrame[]> {
  const wanted = [...new Set(frames)].sort((a, b) => a - b).slice(0, MAX_FRAMES);
  const targets: Target[] = [];
  const engine = new Engine(options, tapFor(wanted, targets));
  const reader = new CaptureReader(source);
  const last = wanted.at(-1) ?? 0;
  for (;;) {
    const answer = reader.next();
    const batch = answer instanceof Promise ? await answer : answer;
    if (!batch) break;
    const added = wanted
      .filter((frame) => frame >= batch.firstFrame && frame < batch.firstFrame + batch.count)
      .map((frame) => targetOf(batch, frame));
    targets.push(...added);
    // What it gives out is not wanted here; the tap takes what is.
    for (const _ of engine.process(batch));
    for (const target of added) {
      setEnds(target, engine.endsOf(target.frame - batch.firstFrame));
      suspect(target, engine);
    }
    const read = batch.firstFrame + batch.count - 1;
    if (read >= last + MAX_AHEAD || (read >= last && targets.every(isComplete))) break;
  }
  // What is unfinished is read as far as it is there, as at the end of a capture.
  for (const target of targets) if (!isComplete(target) && target.ends) engine.finishFlow(target.ends.flow);
  for (const target of targets) suspect(target, engine);
  return targets.map(explainTarget);
}

function explainTarget(target: Target): ExplainedFrame {
  const { frame, time, linkType, wireLength, bytes, headers, messages, ends, places, isSuspect } = target;
  const own = places.filter(({ from }) => !from || !ends || isSameFlow(ends, from));
  const masked = findMasked(bytes, headers, own, isSuspect);
  return {
    frame,
    ...(Number.isNaN(time) ? {} : { time }),
    linkType,
    link: linkTitle(linkType),
    wireLength,
    layers: hideMasked(bytes, [...headers, ...messages], masked),
    bytes,
    masked,
  };
}

/** The protocol may be found long after the frame; by then another flow may have the place of this one. Both count. */
function suspect(target: Target, engine: Engine): void {
  const { ends } = target;
  if (ends && mayCarrySecrets(engine.protocolsOf(ends.flow, ends.kind), ends.kind, ends.ports)) target.isSuspect = true;
}

/** Explains one frame; undefined where the capture does not have it. */
export async function explainFrame(
  source: ByteSource,
  frame: number,
  options: { readonly protocols?: readonly AnyProtocol[] } = {},
): Promise<ExplainedFrame | undefined> {
  return (await explainFrames(source, [frame], options))[0];
}

const isComplete = ({ messages, payloadAt, bytes }: Target) => messages.length > 0 || payloadAt >= bytes.length;

function targetOf(batch: RecordBatch, frame: number): Target {
  const i = frame - batch.firstFrame;
  const at = batch.at[i] ?? 0;
  const bytes = batch.bytes.slice(at, Math.min(batch.end[i] ?? 0, at + MAX_BYTES));
  const linkType = batch.linkType[i] ?? 0;
  const headers = explainHeaders(bytes, linkType);
  return {
    frame,
    time: batch.time[i] ?? Number.NaN,
    linkType,
    wireLength: batch.wireLength[i] ?? bytes.length,
    bytes,
    headers,
    payloadAt: headers.at(-1)?.end ?? 0,
    messages: [],
    perhaps: [],
    places: [],
    ends: undefined,
    isSuspect: false,
  };
}

/** Picks the messages out that a wanted frame carries or completes. */
function tapFor(wanted: readonly number[], targets: readonly Target[]): MessageTap {
  const concerned = ({ frame, firstFrame }: FlowConversation) =>
    wanted.some((target) => target >= firstFrame && target <= frame);
  return {
    wants: concerned,
    take(protocol, message, trace, bySelf, view, at, end, conversation) {
      const length = end - at;
      // What the protocol knows of itself goes before what its text looks like.
      const secrets = [...findTextSecrets(new Uint8Array(view.buffer, view.byteOffset + at, length)), ...bySelf];
      for (const target of targets) {
        if (target.frame < conversation.firstFrame || target.frame > conversation.frame) continue;
        const { messages, perhaps, ends } = target;
        const from = endsOfMessage(conversation);
        const isOwn = target.frame === conversation.frame || (ends !== undefined && isSameFlow(ends, from));
        if (!isOwn && ends) continue;
        const offset = placeInFrame(target, view, at, conversation);
        const { places } = target;
        if (places.length < MAX_PLACES)
          places.push({ at: offset, length, secrets, from: conversation.transport === 'tcp' ? from : undefined });
        if (messages.length >= MAX_MESSAGES || perhaps.length >= MAX_PERHAPS) continue;
        const layer = explainMessage(protocol, message, trace, secrets, length, offset, target);
        if (isOwn) messages.push(layer);
        else perhaps.push({ layer, from });
      }
    },
  };
}

/** Now that it is known whose frame it is, what was completed by later frames of the same batch is its, or is not. */
function setEnds(target: Target, ends: PacketEnds | undefined): void {
  target.ends = ends;
  if (!ends) return;
  for (const { layer, from } of target.perhaps) if (isSameFlow(ends, from)) target.messages.push(layer);
}

function endsOfMessage({ fromClient, clientPort, serverPort, sender, receiver }: FlowConversation): MessageEnds {
  const ports = fromClient ? clientPort * 65536 + serverPort : serverPort * 65536 + clientPort;
  return { sender, receiver, ports };
}
const sameAddress = (one: Subject, other: Subject) => (one.ip ?? subjectKey(one)) === (other.ip ?? subjectKey(other));
/** The MAC addresses may differ: packets are seen before and after a router. */
const isSameFlow = (one: MessageEnds, other: MessageEnds) =>
  one.ports === other.ports && sameAddress(one.sender, other.sender) && sameAddress(one.receiver, other.receiver);

/** Where the first byte of a message lies, counted from the start of the frame; it may be before it. NaN: not in it. */
function placeInFrame(target: Target, view: DataView, at: number, conversation: FlowConversation): number {
  const last = target.headers.at(-1);
  if (conversation.transport === 'tcp') {
    const sequence =
      last?.name === 'tcp' ? Number(last.fields.find(({ name }) => name === 'Sequence number')?.value) : Number.NaN;
    const syn = last?.fields.some(({ name, value }) => name === 'Flags' && value.includes('SYN')) ? 1 : 0;
    return (
      target.payloadAt + ((conversation.sequence - sequence - syn) | 0) + (Number.isNaN(sequence) ? Number.NaN : 0)
    );
  }
  // Frames and datagrams lie in the frame as they are, unless they were put together from fragments.
  const bytes = target.bytes;
  const first = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(16, view.byteLength - at));
  const same = (offset: number) => first.every((byte, n) => offset + n >= bytes.length || bytes[offset + n] === byte);
  if (same(target.payloadAt)) return target.payloadAt;
  // ICMP is shown as a header, but the message starts with it.
  return last?.name === 'icmp' && same(last.start) ? last.start : Number.NaN;
}

function explainMessage(
  protocol: AnyProtocol,
  message: unknown,
  trace: readonly ReadTrace[],
  secrets: readonly SecretRange[],
  length: number,
  offset: number,
  { payloadAt, bytes }: Target,
): ExplainedLayer {
  const place = (start: number, end: number) => {
    const from = offset + start;
    const to = offset + end;
    return from >= payloadAt && to <= bytes.length
      ? { start: from, end: to }
      : { start: 0, end: 0, elsewhere: true as const };
  };
  const fields: ExplainedField[] = nameReads(trace, message).map(({ name, value, start, end }) => {
    const secret = secrets.findLast(({ from, to }) => from < end && to > start);
    return { name, value: secret ? hiddenValue(secret.what) : value, ...place(start, end) };
  });
  const within = Number.isNaN(offset)
    ? { start: bytes.length, end: bytes.length }
    : { start: Math.max(payloadAt, offset), end: Math.min(bytes.length, Math.max(payloadAt, offset + length)) };
  return { name: protocol.name, title: protocol.title, ...within, fields };
}

// Where HTTP/1 messages begin and end (RFC 9112 sections 6 and 7). A body that may tell what a device is belongs to its
// message up to a limit; others are passed over unread.
import type { Conversation } from '../../protocol.ts';
import { NEED_MORE, NOT_MINE } from '../../protocol.ts';
import { decodeText, type Reader } from '../../reader.ts';
import { findTextSecrets, type SecretRange } from '../../secrets.ts';
import { type Head, type RequestLine, readHead, readRequestLine, readStatusLine, takeHead } from './head.ts';
import { ioLinkAddress } from './io-link.ts';
import { findFormSecrets, secretOfBody } from './secrets.ts';

/** Longest head: servers refuse more than 8 to 16 KiB. */
const MAX_HEAD = 16 * 1024;
/** Longest first line: longer ones are of something else or an attack on the server. */
const MAX_FIRST_LINE = 8 * 1024;
/** Of a body this much is kept: device descriptions have up to 30 KiB, and titles stand at the beginning. */
const MAX_BODY = 64 * 1024;
/** The same for requests, and while no message of the connection was read, when the engine keeps little. */
const MAX_SHORT_BODY = 8 * 1024;
/** Requests remembered until their answers come: browsers that pipeline send fewer than ten. */
const MAX_WAITING = 64;

/** What is remembered of a request until its answer: little, since a hostile client can leave many without one. */
export interface Request {
  readonly method: string;
  /** Sent to a proxy: the answer is another server's. */
  readonly toProxy: boolean;
  /** Where an IO-Link master was asked, since the answer does not say of which device it is. */
  readonly ioLink: string;
}

/** One direction of a connection. */
interface Way {
  /** Inside the chunks of a body that is passed over, or before a head. */
  inChunks: boolean;
  /** What `frame` found out of the message that is read next. */
  plan: Plan | undefined;
}

export interface HttpState {
  readonly waiting: Request[];
  readonly ways: readonly [Way, Way];
  proven: boolean;
}

export const openState = (): HttpState => ({
  waiting: [],
  ways: [
    { inChunks: false, plan: undefined },
    { inChunks: false, plan: undefined },
  ],
  proven: false,
});

/** How a message lies in the stream. */
interface Plan {
  readonly head: Head;
  readonly request?: RequestLine;
  readonly status?: number;
  readonly headLength: number;
  readonly isChunked: boolean;
  /** Bytes of the body that are part of the message; NEED_MORE (below 0) where it is not known yet. */
  readonly bodyTaken: number;
  /** Bytes of the body behind it. */
  readonly bodySkipped: number;
  /** What follows then. */
  readonly next: 'head' | 'chunks' | 'nothing';
}
const WAITING = -1;

export interface HttpMessage {
  readonly head: Head;
  readonly request?: RequestLine;
  readonly status?: number;
  /** The request that a response answers, where it was seen. */
  readonly answers?: Request;
  /** What was kept of the body, without chunk sizes; empty where nothing was. */
  readonly body: Uint8Array;
}
/** Part of a body that is passed over. */
const NOTHING_NEW: HttpMessage = { head: { firstLine: '', fields: new Map() }, body: new Uint8Array(0) };

type Talk = Conversation<HttpState>;
const wayOf = ({ state, fromClient }: Talk): Way => state.ways[fromClient ? 0 : 1];

/** `frame` of the protocol. */
export function frameHttp(reader: Reader, conversation: Talk): number {
  const way = wayOf(conversation);
  if (way.inChunks) {
    const length = chunkLineLength(reader);
    if (length !== NOT_MINE) return length;
    way.inChunks = false; // After a loss: the next message starts somewhere.
  }
  const headLength = findHead(reader);
  if (headLength <= 0) return headLength;
  const plan = planMessage(reader, headLength, conversation);
  if (plan === undefined) return NOT_MINE;
  if (plan.bodyTaken === WAITING) return NEED_MORE;
  const length = headLength + plan.bodyTaken;
  // Kept only where the message is there in full: while it is waited for, the engine's limits are to hold.
  way.plan = length <= reader.left ? plan : undefined;
  return length;
}

/** `read` of the protocol: also settles what follows. */
export function readHttp(reader: Reader, conversation: Talk): HttpMessage | undefined {
  const way = wayOf(conversation);
  if (way.inChunks) {
    readChunkLine(reader, way, conversation);
    return NOTHING_NEW;
  }
  const plan = way.plan ?? planMessage(reader, Math.max(findHead(reader), 0) || reader.left, conversation);
  way.plan = undefined;
  if (plan === undefined) return undefined;
  const { head, request, status, headLength } = plan;
  if (reader.trace) takeHead(reader, headLength);
  else reader.skip(headLength);
  // Past the reader's trace: bodies hold people's logins.
  const bytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.at, reader.left);
  reader.skip(bytes.length);
  const body = plan.isChunked && bytes.length > 0 ? withoutChunkSizes(bytes) : bytes;

  const { state } = conversation;
  state.proven = true;
  conversation.skip(plan.bodySkipped);
  way.inChunks = plan.next === 'chunks';
  if (plan.next === 'nothing') conversation.done();
  if (request) {
    if (state.waiting.length >= MAX_WAITING) state.waiting.shift();
    state.waiting.push({
      method: request.method,
      toProxy: isAbsolute(request.target),
      ioLink: ioLinkAddress(request.target, body),
    });
    return { head, request, body };
  }
  const answers = state.waiting[0];
  // An interim response (100, 103) is followed by the one that counts.
  if (status !== undefined && (status >= 200 || status === SWITCHING)) state.waiting.shift();
  return { head, ...(status === undefined ? {} : { status }), ...(answers ? { answers } : {}), body };
}

/** Where secrets stand in a message: in its head, and in its body by whatever means a login is sent. */
export function findHttpSecrets(reader: Reader, conversation: Talk): SecretRange[] {
  const { view, at, end } = reader;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at);
  const found = findTextSecrets(bytes);
  const headLength = Math.max(findHead(reader), 0);
  if (wayOf(conversation).inChunks || headLength === 0) return found;
  const headText = decodeText(bytes.subarray(0, headLength), 'latin1');
  const target = readRequestLine(readHead(headText).firstLine)?.target ?? '';
  const query = target.indexOf('?') + 1;
  if (query > 0)
    found.push(...findFormSecrets(target.slice(query), 'HTTP query password', headText.indexOf(target) + query));
  const sent = bytes.subarray(headLength);
  const isChunked = /^transfer-encoding\s*:.*\bchunked\b/im.test(headText);
  // Chunk sizes may stand in the midst of a secret: then nothing of the body is shown.
  const body = isChunked ? withoutChunkSizes(sent) : sent;
  const login = secretOfBody(decodeText(body, 'utf8'));
  if (isChunked && (login || findTextSecrets(body).length > 0))
    return [...found, { from: headLength, to: bytes.length, what: login?.secret.what ?? 'password' }];
  if (!login) return found;
  const inBody = [
    ...found.filter(({ from }) => from >= headLength),
    ...(login.source === 'form' ? findFormSecrets(decodeText(body, 'latin1'), login.secret.what, headLength) : []),
  ].map((range) => ({ ...range, what: login.secret.what }));
  // A login that is understood but not found in the bytes is written in a way that only its reader knows.
  if (inBody.length === 0) inBody.push({ from: headLength, to: bytes.length, what: login.secret.what });
  return [...found.filter(({ from }) => from < headLength), ...inBody];
}

/** Whether a request's target names a server (RFC 9112 section 3.2.2), as targets sent to a proxy do. */
export const isAbsolute = (target: string): boolean => /^https?:\/\//i.test(target);

const SWITCHING = 101;

/** Length of the head that starts here, with its empty line. */
function findHead(reader: Reader): number {
  const { view, at, end } = reader;
  let start = at;
  while (start < end && start < at + 4 && isLineEnd(view.getUint8(start))) start++;
  const opening = decodeText(new Uint8Array(view.buffer, view.byteOffset + start, Math.min(end - start, 28)), 'latin1');
  if (!/^(?:HTTP\/1\.\d |[A-Z][A-Z-]{1,23} [!-~])/.test(opening))
    return opening.length < 28 && /^[A-Z][A-Z-]*[/ ]?[\d.]* ?$/.test(opening) ? NEED_MORE : NOT_MINE;
  let firstLine = -1;
  const limit = Math.min(end, start + MAX_HEAD);
  for (let i = start; i < limit; i++) {
    if (view.getUint8(i) !== LF) continue;
    if (firstLine < 0) {
      firstLine = i;
      if (!hasVersion(view, start, i)) return NOT_MINE;
    }
    const next = i + 1 < end ? view.getUint8(i + 1) : 0;
    if (next === LF) return i + 2 - at;
    if (next === CR && i + 2 < end && view.getUint8(i + 2) === LF) return i + 3 - at;
  }
  if (firstLine < 0 && end - start > MAX_FIRST_LINE) return NOT_MINE;
  return limit < end ? NOT_MINE : NEED_MORE;
}

const LF = 10;
const CR = 13;
const isLineEnd = (byte: number): boolean => byte === LF || byte === CR;

/** Whether a first line is of HTTP/1, at one of its ends. */
function hasVersion(view: DataView, start: number, end: number): boolean {
  const from = Math.max(start, end - 10);
  const tail = decodeText(new Uint8Array(view.buffer, view.byteOffset + from, end - from), 'latin1');
  const first = decodeText(new Uint8Array(view.buffer, view.byteOffset + start, Math.min(7, end - start)), 'latin1');
  return first === 'HTTP/1.' || /HTTP\/1\.\d\r?$/.test(tail);
}

function planMessage(reader: Reader, headLength: number, conversation: Talk): Plan | undefined {
  const { view, at } = reader;
  const head = readHead(decodeText(new Uint8Array(view.buffer, view.byteOffset + at, headLength), 'utf8'));
  const request = readRequestLine(head.firstLine);
  const status = request ? undefined : readStatusLine(head.firstLine);
  if (!request && status === undefined) return undefined;
  const { waiting, proven } = conversation.state;
  const isBodiless = status !== undefined && hasNoBody(status, waiting[0]?.method ?? 'GET');
  const opened = { head, ...(request ? { request } : {}), ...(status === undefined ? {} : { status }), headLength };
  const plain = { ...opened, isChunked: false, bodyTaken: 0, bodySkipped: 0 };
  if (
    status === SWITCHING ||
    (status !== undefined && status < 300 && status >= 200 && waiting[0]?.method === 'CONNECT')
  )
    return { ...plain, next: 'nothing' };
  if (isBodiless) return { ...plain, next: 'head' };

  const mayTell = isTelling(head, request);
  const most = request || !proven ? MAX_SHORT_BODY : MAX_BODY;
  const length = head.fields.get('content-length');
  if (/\bchunked\b/i.test(head.fields.get('transfer-encoding') ?? '')) {
    if (!mayTell) return { ...plain, next: 'chunks' };
    return { ...opened, ...planChunks(reader, headLength, most) };
  }
  if (length !== undefined && /^\d{1,15}/.test(length)) {
    const whole = Number.parseInt(length, 10);
    const taken = mayTell ? Math.min(whole, most) : 0;
    return { ...plain, bodyTaken: taken, bodySkipped: whole - taken, next: 'head' };
  }
  // RFC 9112 section 6.3: a request without a length has no body, a response ends with the connection.
  if (request) return { ...plain, next: 'head' };
  if (!mayTell) return { ...plain, next: 'nothing' };
  const left = reader.left - headLength;
  return { ...plain, bodyTaken: left < most ? WAITING : most, next: 'nothing' };
}

const hasNoBody = (status: number, method: string): boolean =>
  method === 'HEAD' || status < 200 || status === 204 || status === 304;

/** Whether a body can tell something: text that is not packed, of success (RFC 9110 section 15.3) or of a request. */
function isTelling(head: Head, request: RequestLine | undefined): boolean {
  const { fields } = head;
  const encoding = fields.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return false;
  const type = fields.get('content-type') ?? '';
  if (request) return /urlencoded|xml|json/i.test(type);
  const status = readStatusLine(head.firstLine) ?? 0;
  // Small servers leave the type away.
  return status >= 200 && status < 300 && (type === '' || /xml|json|text\/(?:html|plain)|application\/ipp/i.test(type));
}

/** Chunks from `headLength` on: to their end where that is near, else as many whole ones as may be kept. */
function planChunks(
  reader: Reader,
  headLength: number,
  most: number,
): Pick<Plan, 'isChunked' | 'bodyTaken' | 'bodySkipped' | 'next'> {
  const { view, at, end } = reader;
  const start = at + headLength;
  const plan = { isChunked: true, bodySkipped: 0 };
  let position = start;
  for (;;) {
    const line = readChunkSize(view, position, end);
    if (line === undefined) return { ...plan, bodyTaken: position - start, next: 'head' }; // None: the rest is not ours.
    if (line.end > end) break;
    if (line.size === 0) {
      const trailer = trailerEnd(view, line.end, end);
      if (trailer < 0) break;
      return { ...plan, bodyTaken: trailer - start, next: 'head' };
    }
    const following = line.end + line.size + 2;
    if (following - start > most) {
      if (position > start) return { ...plan, bodyTaken: position - start, next: 'chunks' };
      return { ...plan, bodyTaken: most, bodySkipped: following - start - most, next: 'chunks' };
    }
    position = following;
  }
  return { ...plan, bodyTaken: WAITING, next: 'head' };
}

/** Longest line with the size of a chunk: eight digits and a few extensions, which nobody sends. */
const MAX_CHUNK_LINE = 80;
/** A chunk larger than this is no chunk. */
const MAX_CHUNK = 0x40000000;

/** Size and end of the line at `position`; `end` past the bytes there are means that more are needed, undefined none. */
function readChunkSize(view: DataView, position: number, end: number): { size: number; end: number } | undefined {
  let size = 0;
  let digits = 0;
  let at = position;
  for (; at < end && digits <= 8; at++, digits++) {
    const digit = HEX_VALUES[view.getUint8(at)] ?? -1;
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  if (digits === 0 && at < end) return undefined;
  if (digits > 8 || size > MAX_CHUNK) return undefined;
  const limit = Math.min(end, position + MAX_CHUNK_LINE);
  for (; at < limit; at++) if (view.getUint8(at) === LF) return { size, end: at + 1 };
  return limit < end ? undefined : { size, end: end + 1 };
}

const HEX_VALUES: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  /[0-9a-f]/i.test(String.fromCharCode(code)) ? Number.parseInt(String.fromCharCode(code), 16) : -1,
);

/** End of the trailer fields that follow the last chunk; -1 where they are not all there. */
function trailerEnd(view: DataView, position: number, end: number): number {
  let lineStart = position;
  for (let at = position; at < end && at < position + MAX_HEAD; at++) {
    if (view.getUint8(at) !== LF) continue;
    const length = at - lineStart;
    if (length === 0 || (length === 1 && view.getUint8(lineStart) === CR)) return at + 1;
    lineStart = at + 1;
  }
  return -1;
}

/** In chunks that are passed over a message is the line with the size, or the last one with the trailer. */
function chunkLineLength(reader: Reader): number {
  const line = readChunkSize(reader.view, reader.at, reader.end);
  if (line === undefined) return NOT_MINE;
  if (line.end > reader.end) return NEED_MORE;
  if (line.size > 0) return line.end - reader.at;
  const trailer = trailerEnd(reader.view, line.end, reader.end);
  return trailer < 0 ? NEED_MORE : trailer - reader.at;
}

function readChunkLine(reader: Reader, way: Way, conversation: Talk): void {
  const size = readChunkSize(reader.view, reader.at, reader.end)?.size ?? 0;
  if (size === 0) way.inChunks = false;
  else conversation.skip(size + 2);
}

/** The data of chunks, as far as they are there. */
function withoutChunkSizes(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = new Uint8Array(bytes.length);
  let length = 0;
  let position = 0;
  for (;;) {
    const line = readChunkSize(view, position, bytes.length);
    if (line === undefined || line.size === 0 || line.end > bytes.length) return data.subarray(0, length);
    const chunk = bytes.subarray(line.end, line.end + line.size);
    data.set(chunk, length);
    length += chunk.length;
    position = line.end + line.size + 2;
  }
}

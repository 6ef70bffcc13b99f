// S7comm, the protocol of Siemens' S7-300 and S7-400 controllers, which the newer ones, drives and many compatible makers
// speak too. Identity is in the system status lists; reading, writing, stopping and reprogramming are plain jobs.
import type { FactKind } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { decodeText, Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import {
  COTP_DATA,
  type Connect,
  type CotpState,
  type CotpUser,
  cotpFrame,
  formatTsap,
  openCotp,
  readConnect,
  readCotp,
  TPKT,
} from './cotp.ts';
import {
  DOWNLOAD_BLOCK,
  DOWNLOAD_ENDED,
  describeBlocks,
  jobOf,
  PASSWORD,
  PI_SERVICE,
  piServiceOf,
  READ_SZL,
  READ_VARIABLE,
  REPORTED_MODES,
  REQUEST_DOWNLOAD,
  type S7Function,
  START_UPLOAD,
  userdataOf,
  WRITE_VARIABLE,
} from './functions.ts';
import { describeItems } from './items.ts';
import { moduleSubject, slotOf } from './modules.ts';
import { describeSzl, MAX_PARTS, MAX_SZL, readSzl } from './szl.ts';

const TELLS = [
  's7.tsap',
  's7.mode',
  's7.protection',
  'device.vendor',
  'device.order-number',
  'device.basic-hardware',
  'device.hardware-version',
  'device.firmware',
  'device.plc-name',
  'device.module-name',
  'device.plant',
  'device.serial',
  'device.model',
  'device.memory-card-serial',
  'device.location',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const s7comm = protocol({
  name: 's7comm',
  title: 'S7comm',
  spec: 'RFC 1006, ISO 8073; S7 PDUs as analysed, Siemens "System Software for S7-300/400, System and Standard Functions"',
  depth: 'full',
  on: { tcp: [102] },
  tells: TELLS,
  recognise: looksLikeS7,
  firstBytes: [0x03],
  frame: (reader, conversation) => cotpFrame(reader, conversation, S7_USER),
  open: openState,
  read: readMessage,
  secrets: findPassword,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('s7comm.cut-short');
    if (message.connect) observeConnect(message.connect, say, conversation);
    else if (message.type === JOB) observeJob(message, say, conversation);
    else if (message.type === USERDATA) observeUserdata(message, say, conversation);
    else if (message.type !== NONE) settle(message, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say);
  },
});

// ------------------------------------------------------------------ framing

const S7 = 0x32;
const S7_USER: CotpUser = { ownsData: (first) => first === S7 };

/** Connect packets are taken too: whose they are is seen by the data, for which they wait. */
function looksLikeS7(reader: Reader): boolean {
  if (reader.peek16(0) !== 0x0300 || reader.peek16(2) < 7) return false;
  if (reader.peek(5) === 0xf0)
    return (
      reader.peek(4) === 2 &&
      reader.peek(7) === S7 &&
      [JOB, ACKNOWLEDGE, ANSWER, USERDATA].includes(reader.peek(8)) &&
      reader.peek16(9) === 0
    );
  reader.skip(4);
  return readConnect(reader) !== undefined;
}

// ------------------------------------------------------------------ reading

const NONE = 0;
const JOB = 1;
const ACKNOWLEDGE = 2;
const ANSWER = 3;
const USERDATA = 7;

interface S7Message {
  readonly connect: Connect | undefined;
  /** Type of PDU; NONE where the packet carries none. */
  readonly type: number;
  readonly reference: number;
  /** Error class and code of an answer. */
  readonly error: number;
  /** Both valid only until the message is observed. */
  readonly parameter: Uint8Array;
  readonly data: Uint8Array;
  readonly isCut: boolean;
}
const NOTHING = new Uint8Array(0);
const NO_PDU: S7Message = {
  connect: undefined,
  type: NONE,
  reference: 0,
  error: 0,
  parameter: NOTHING,
  data: NOTHING,
  isCut: false,
};

function readMessage(reader: Reader, conversation: Conversation<State>): S7Message | undefined {
  const packet = readCotp(reader, conversation);
  if (!packet) return undefined;
  conversation.state.isProven = true;
  if (packet === 'other') return NO_PDU;
  if ('connect' in packet) return { ...NO_PDU, connect: packet.connect };
  const pdu = packet.data;
  if (pdu.u8() !== S7) return undefined;
  const type = pdu.u8();
  pdu.skip(2); // redundancy identification
  const reference = pdu.u16();
  const parameterLength = pdu.u16();
  const dataLength = pdu.u16();
  const error = type === ACKNOWLEDGE || type === ANSWER ? pdu.u16() : 0;
  if (!pdu.ok) return undefined;
  const parameter = pdu.bytes(Math.min(parameterLength, pdu.left));
  const data = pdu.bytes(Math.min(dataLength, pdu.left));
  const isCut = parameter.length < parameterLength || data.length < dataLength;
  if (type === USERDATA && isPassword(parameter)) return { ...NO_PDU, type, reference, parameter, isCut };
  return { connect: undefined, type, reference, error, parameter, data, isCut };
}

/** Whether these are the parameters of a request whose data are a password, which is not handed on. */
const isPassword = (parameter: Uint8Array): boolean => ((parameter[5] ?? 0) & 0x0f) === 5 && parameter[6] === 1;

/** Header of a PDU without an error, parameters of userdata, and the head of what follows: return code, size, length. */
const HEADER = 10;
const DATA_HEAD = 4;

/** Where the password stands in a packet, which may carry only a piece of the request. */
function findPassword(reader: Reader, { state, fromClient }: Conversation<State>): SecretRange[] {
  if (reader.peek(TPKT + 1) !== COTP_DATA) return [];
  const at = TPKT + 1 + reader.peek(TPKT);
  reader.skip(at);
  const piece = reader.bytes(reader.left);
  const before = state.pieces[fromClient ? 0 : 1];
  const pdu = Uint8Array.from([...before, piece].flatMap((bytes) => [...bytes.subarray(0, HEADER + MAX_PARAMETER)]));
  const parameterLength = ((pdu[6] ?? 0) << 8) | (pdu[7] ?? 0);
  if (pdu[0] !== S7 || pdu[1] !== USERDATA || !isPassword(pdu.subarray(HEADER, HEADER + parameterLength))) return [];
  const sent = before.reduce((sum, { length }) => sum + length, 0);
  const from = at + Math.max(0, HEADER + parameterLength + DATA_HEAD - sent);
  const to = at + piece.length;
  return from < to ? [{ from, to, what: PASSWORD_NAME }] : [];
}
/** Parameters of userdata have 8 or 12 bytes. */
const MAX_PARAMETER = 12;
const PASSWORD_NAME = 'S7 session password';

const readerOf = (bytes: Uint8Array): Reader =>
  new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);

// ------------------------------------------------------------------ state

/** Jobs kept while their answers are outstanding; controllers take at most eight at a time. */
const MAX_PENDING = 16;
/** Different operations described per conversation: a panel has some dozens of requests, a scan is told without details. */
const MAX_DESCRIBED = 128;

interface Operation {
  readonly done: S7Function;
  readonly detail: string;
}
interface Pending {
  readonly reference: number;
  readonly operation: Operation;
  readonly frame: number;
  readonly time: number;
}
interface State extends CotpState {
  /** Rack and slot of the connection; empty where its beginning was not seen. */
  slot: string;
  tsap: string;
  readonly pending: Pending[];
  /** By hash of what the request touches: a panel repeats the same few requests for years. */
  readonly operations: Map<number, Operation>;
  /** The list that is being sent in several parts: which one, its bytes, how many of its records were told. */
  list: { readonly unit: number; bytes: Uint8Array; records: number; parts: number } | undefined;
}
function openState(): State {
  return { ...openCotp(), slot: '', tsap: '', pending: [], operations: new Map(), list: undefined };
}

// ------------------------------------------------------------------ observing

function observeConnect(connect: Connect, say: Say, conversation: Conversation<State>): void {
  const { state, server } = conversation;
  if (!connect.isConfirm) {
    state.slot = slotOf(connect.called);
    state.tsap = formatTsap(connect.called);
    return;
  }
  // Some servers leave the called TSAP out of the confirm, or answer with another resource than was asked for.
  if (!state.tsap && connect.called.length > 0) {
    state.slot = slotOf(connect.called);
    state.tsap = formatTsap(connect.called);
  }
  say.fact(server, 's7.tsap', state.tsap, 'COTP connect confirm');
}

function observeJob(message: S7Message, say: Say, conversation: Conversation<State>): void {
  const code = message.parameter[0];
  if (code === undefined) return;
  if (conversation.fromClient) {
    wait(message.reference, operationOf(code, message.parameter, conversation.state), say, conversation);
    return;
  }
  // The controller itself fetches the blocks of a download that the client asked for.
  if (code === DOWNLOAD_BLOCK || code === DOWNLOAD_ENDED) {
    const { done, detail } = operationOf(code, message.parameter, conversation.state);
    say.operation(done.what, done.kind, { detail: detail || undefined });
  }
}

function wait(reference: number, operation: Operation, say: Say, conversation: Conversation<State>): void {
  const { pending } = conversation.state;
  if (pending.length >= MAX_PENDING) sayOperation(pending.shift(), undefined, say);
  pending.push({ reference, operation, frame: conversation.frame, time: conversation.time });
}

function operationOf(code: number, parameter: Uint8Array, state: State): Operation {
  // Other jobs carry numbers that change every time, so that their descriptions are not worth keeping.
  if (code !== READ_VARIABLE && code !== WRITE_VARIABLE) return describeJob(code, parameter);
  const key = hashOf(parameter);
  const known = state.operations.get(key);
  if (known) return known;
  if (state.operations.size >= MAX_DESCRIBED) return { done: jobOf(code), detail: '' };
  const reader = readerOf(parameter);
  reader.skip(1);
  const operation = { done: jobOf(code), detail: describeItems(reader) };
  state.operations.set(key, operation);
  return operation;
}

/** FNV-1a over the bytes; only tells equal requests of one conversation from others. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash;
}

function describeJob(code: number, parameter: Uint8Array): Operation {
  const done = jobOf(code);
  if (code === REQUEST_DOWNLOAD || code === DOWNLOAD_BLOCK || code === DOWNLOAD_ENDED || code === START_UPLOAD)
    return { done, detail: describeBlocks(decodeText(parameter, 'latin1')) };
  if (code !== PI_SERVICE) return { done, detail: '' };
  const reader = readerOf(parameter);
  reader.skip(8); // function, constants
  const block = reader.text(reader.u16());
  const name = reader.text(reader.u8());
  if (!reader.ok || !/^[A-Z0-9_]{2,16}$/.test(name)) return { done, detail: '' };
  const isCold = name === 'P_PROGRAM' && block.trimEnd() === 'C';
  return { done: piServiceOf(name), detail: isCold ? 'cold restart' : describeBlocks(block) };
}

function sayOperation(pending: Pending | undefined, accepted: boolean | undefined, say: Say): void {
  if (!pending) return;
  const { operation, frame, time } = pending;
  const { done, detail } = operation;
  say.operation(done.what, done.kind, { frame, time, detail: detail || undefined, accepted });
}

/** Says the operation that an answer belongs to. */
function settle(message: S7Message, say: Say, conversation: Conversation<State>): void {
  if (conversation.fromClient) return;
  const { pending } = conversation.state;
  const at = pending.findIndex((job) => job.reference === message.reference);
  if (at < 0) return;
  const [job] = pending.splice(at, 1);
  sayOperation(job, message.error === 0 && !isRefused(message), say);
}

/** An answer to reading or writing has a result per item; refused where not one was done. */
function isRefused({ parameter, data }: S7Message): boolean {
  const [code, count = 0] = parameter;
  if (code === WRITE_VARIABLE)
    return count > 0 && data.length > 0 && data.subarray(0, count).every((one) => one !== DONE);
  // The items after the first one lie behind its value; one is enough to tell.
  return code === READ_VARIABLE && count === 1 && data.length > 0 && data[0] !== DONE;
}
const DONE = 0xff;

// ------------------------------------------------------------------ userdata

const PUSH = 0;
const REQUEST = 4;

interface Userdata {
  /** Kind of message: PUSH, REQUEST or an answer. */
  readonly kind: number;
  /** Group and function. */
  readonly code: number;
  /** Identifies the parts of one long answer; 0 where it is in one part. */
  readonly unit: number;
  readonly hasMore: boolean;
  readonly error: number;
  /** A request for the next part of an answer. */
  readonly isContinued: boolean;
}

function readUserdata(parameter: Uint8Array): Userdata | undefined {
  const reader = readerOf(parameter);
  const head = reader.u24();
  const length = reader.u8();
  reader.skip(1); // method
  const group = reader.u8();
  const code = ((group & 0x0f) << 8) | reader.u8();
  const sequence = reader.u8();
  if (!reader.ok || head !== 0x000112) return undefined;
  const kind = group >> 4;
  if (length < 8) return { kind, code, unit: 0, hasMore: false, error: 0, isContinued: false };
  const unit = reader.u8();
  const hasMore = reader.u8() !== 0;
  const error = reader.u16();
  return { kind, code, unit: unit && (sequence << 8) | unit, hasMore, error, isContinued: kind === REQUEST };
}

function observeUserdata(message: S7Message, say: Say, conversation: Conversation<State>): void {
  const userdata = readUserdata(message.parameter);
  if (!userdata) return;
  const { kind, code } = userdata;
  if (kind === PUSH) {
    const mode = code >> 8 === 0 && !conversation.fromClient ? REPORTED_MODES[code] : undefined;
    if (mode) say.fact(conversation.server, 's7.mode', mode, 'mode transition');
  } else if (conversation.fromClient) {
    if (kind === REQUEST && !userdata.isContinued) observeUserdataRequest(message, code, say, conversation);
  } else {
    settle({ ...message, error: userdata.error }, say, conversation);
    if (code === READ_SZL) observeList(userdata, message.data, say, conversation);
  }
}

function observeUserdataRequest(message: S7Message, code: number, say: Say, conversation: Conversation<State>): void {
  let detail = '';
  if (code === READ_SZL) {
    // What was not asked for to its end goes no further: the next list may get the same number.
    conversation.state.list = undefined;
    const reader = readerOf(message.data);
    reader.skip(4); // return code, transport size, length
    const id = reader.u16();
    const index = reader.u16();
    if (reader.ok) detail = describeSzl(id, index);
  } else if (code >> 8 === 0x03) detail = describeBlocks(decodeText(message.data, 'latin1'));
  // The password is hidden by a fixed exclusive or, which hides nothing.
  if (code === PASSWORD)
    say.fact(conversation.server, 'credential.cleartext', { what: PASSWORD_NAME }, 'userdata security');
  wait(message.reference, { done: userdataOf(code), detail }, say, conversation);
}

/** A system status list, whole or a part of it. What its parts so far hold is told at once. */
function observeList(userdata: Userdata, data: Uint8Array, say: Say, conversation: Conversation<State>): void {
  const { state } = conversation;
  if (data[0] !== DONE || data.length < 4) return;
  const content = data.subarray(4);
  const { unit, hasMore } = userdata;
  let { list } = state;
  const isNext = list !== undefined && unit !== 0 && list.unit === unit && list.parts < MAX_PARTS;
  if (list && isNext && list.bytes.length + content.length <= MAX_SZL) {
    const joined = new Uint8Array(list.bytes.length + content.length);
    joined.set(list.bytes);
    joined.set(content, list.bytes.length);
    list.bytes = joined;
    list.parts++;
  } else list = { unit, bytes: content, records: 0, parts: 1 };
  const { facts, records } = readSzl(list.bytes, list.records);
  if (facts.length > 0) {
    const subject = moduleSubject(facts, state.slot, conversation);
    for (const { kind, value, source } of facts) say.fact(subject, kind, value, source);
  }
  list.records = records;
  state.list = hasMore && unit !== 0 ? { ...list, bytes: list.bytes.slice() } : undefined;
}

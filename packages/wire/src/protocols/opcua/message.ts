// One message of OPC UA as it crosses TCP (OPC 10000-6, 6.7 and 7.1): a head with type and size, for the secure channel a
// security policy with certificates, and a service that may come in several chunks. What is encrypted stays unread.
import type { Conversation } from '../../protocol.ts';
import { Reader } from '../../reader.ts';
import { readArray, readByteString, readNodeId, readText, skipString } from './binary.ts';
import { policyName, requestOf, SERVICE, serviceOf } from './names.ts';
import {
  type Application,
  anyGood,
  type Endpoint,
  type Login,
  readApplication,
  readAskedUrl,
  readCalls,
  readEndpoint,
  readLogin,
  readReads,
  readRegistration,
  readResponseHeader,
  readSessionRequest,
  readSessionResponse,
  readStated,
  readWrites,
  type SessionRequest,
  type Stated,
  skipRequestHeader,
  type Touched,
} from './services.ts';

export const TYPE = {
  hello: 0x48454c,
  acknowledge: 0x41434b,
  error: 0x455252,
  reverseHello: 0x524845,
  open: 0x4f504e,
  close: 0x434c4f,
  message: 0x4d5347,
} as const;
/** Head of every message: three letters, kind of chunk, size. */
export const HEAD = 8;
const FINAL = 0x46;
const CONTINUED = 0x43;
const ABORTED = 0x41;

/** Chunks of one message that are put together: a long list of endpoints with certificates has some tens of kilobytes. */
const MAX_BODY = 512 * 1024;
/** Requests whose nodes are looked at, per connection: a poll repeats the same ones for years. */
const MAX_DESCRIBED = 1000;

/** A request that waits for its answer. */
export interface Pending {
  readonly service: number;
  readonly touched: Touched | undefined;
  readonly login: Login | undefined;
  readonly detail: string;
  readonly frame: number;
  readonly time: number;
}
export interface State {
  /** The server opened the connection (reverse hello). */
  isReversed: boolean;
  /** What the client says the server is called. */
  endpoint: string;
  /** Ends that opened the secure channel, as bits: 1 client, 2 server. */
  opened: number;
  isEncrypted: boolean;
  readonly pending: Map<number, Pending>;
  /** Chunks of an unfinished message, from the client and from the server. */
  readonly chunks: [Uint8Array[], Uint8Array[]];
  described: number;
  /** Certificates told so far. */
  readonly certificates: Uint8Array[];
}
export const openState = (): State => ({
  isReversed: false,
  endpoint: '',
  opened: 0,
  isEncrypted: false,
  pending: new Map(),
  chunks: [[], []],
  described: 0,
  certificates: [],
});

export interface OpcUaMessage {
  readonly type: number;
  /** Of hello and reverse hello. */
  readonly url?: string;
  readonly serverUri?: string;
  /** Of opening the secure channel: short name of the policy, certificate of the sender. */
  readonly policy?: string;
  readonly certificate?: Uint8Array;
  /** Encrypted, so that nothing more is known. */
  readonly isSecret?: boolean;
  readonly requestId?: number;
  /** Identifier of the request, also where this is its response; 0 where the fault of a service names none. */
  readonly service?: number;
  readonly isResponse?: boolean;
  readonly result?: number;
  readonly body?: Body;
  readonly isCut?: boolean;
}
/** What the body of a service says, as far as it is looked at. */
export interface Body {
  readonly session?: SessionRequest;
  readonly login?: Login;
  readonly touched?: Touched;
  readonly asked?: string;
  readonly registration?: Application;
  readonly endpoints?: readonly Endpoint[];
  readonly certificate?: Uint8Array;
  readonly servers?: readonly Application[];
  readonly onNetwork?: readonly string[];
  readonly stated?: Stated;
  readonly accepted?: boolean | undefined;
}

const isType = (type: number): boolean =>
  type === TYPE.message ||
  type === TYPE.open ||
  type === TYPE.close ||
  type === TYPE.hello ||
  type === TYPE.acknowledge ||
  type === TYPE.error ||
  type === TYPE.reverseHello;

/** Largest chunk: stacks use 64 KiB, some 16 MiB as their limit. */
const MAX_CHUNK = 16 * 1024 * 1024;

/** Size of the message that starts here; 0 where these are not its first eight bytes. The reader is not moved. */
export function sizeOf(reader: Reader): number {
  const type = (reader.peek() << 16) | reader.peek16(1);
  const chunk = reader.peek(3);
  if (!isType(type) || (chunk !== FINAL && type !== TYPE.message)) return 0;
  if (chunk !== FINAL && chunk !== CONTINUED && chunk !== ABORTED) return 0;
  const size = reader.peek(4) | (reader.peek(5) << 8) | (reader.peek(6) << 16) | (reader.peek(7) << 24);
  const most = type === TYPE.message ? MAX_CHUNK : 0x10000;
  return size >= 16 && size <= most ? size : 0;
}

export function readMessage(reader: Reader, conversation: Conversation<State>): OpcUaMessage | undefined {
  const type = reader.u24();
  const chunk = reader.u8();
  if (!isType(type)) return undefined;
  reader.skip(4);
  if (type === TYPE.hello) {
    reader.skip(20);
    return { type, url: readText(reader), isCut: !reader.ok };
  }
  if (type === TYPE.reverseHello) {
    const serverUri = readText(reader);
    return { type, serverUri, url: readText(reader), isCut: !reader.ok };
  }
  if (type === TYPE.acknowledge || type === TYPE.error) return { type };
  reader.skip(4);
  if (type === TYPE.open) return readOpen(reader, conversation);
  reader.skip(4);
  if (!reader.ok) return undefined;
  return readChunk(type, chunk, reader, conversation);
}

function readOpen(reader: Reader, conversation: Conversation<State>): OpcUaMessage | undefined {
  const policy = policyName(readText(reader));
  const certificate = readByteString(reader);
  skipString(reader);
  if (!reader.ok) return { type: TYPE.open, isCut: true };
  const head = { type: TYPE.open, policy, certificate };
  if (policy !== 'None') return { ...head, isSecret: true };
  return { ...head, ...readService(reader, conversation) };
}

function readChunk(
  type: number,
  chunk: number,
  reader: Reader,
  conversation: Conversation<State>,
): OpcUaMessage | undefined {
  const kept = conversation.state.chunks[conversation.fromClient ? 0 : 1];
  if (chunk === ABORTED) {
    kept.length = 0;
    return { type };
  }
  if (chunk === FINAL && kept.length === 0) return { type, ...readService(reader, conversation) };
  const from = reader.at;
  reader.skip(4);
  const requestId = reader.u32le();
  const piece = reader.bytes(reader.left);
  const before = kept.reduce((sum, { length }) => sum + length, 0);
  if (before + piece.length > MAX_BODY) {
    kept.length = 0;
    return { type, requestId, isCut: true };
  }
  if (chunk === CONTINUED) {
    // The first one keeps its sequence header, so that the whole reads like a message in one piece.
    const bytes = kept.length === 0 ? bytesFrom(reader, from) : piece;
    kept.push(bytes.slice());
    return { type };
  }
  const whole = new Uint8Array(before + piece.length);
  let at = 0;
  for (const bytes of [...kept, piece]) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  kept.length = 0;
  return { type, ...readService(new Reader(new DataView(whole.buffer), 0, whole.length), conversation) };
}

const bytesFrom = (reader: Reader, at: number): Uint8Array =>
  new Uint8Array(reader.view.buffer, reader.view.byteOffset + at, Math.max(0, reader.at - at));

/** Sequence header, then the service. Bytes that are no known service are taken for encrypted. */
function readService(reader: Reader, conversation: Conversation<State>): Omit<OpcUaMessage, 'type'> {
  reader.skip(4);
  const requestId = reader.u32le();
  const form = reader.peek();
  const { namespace, id } = readNodeId(reader);
  if (!reader.ok || form > 2 || namespace !== 0 || typeof id !== 'number') return { isSecret: true };
  if (id === SERVICE.serviceFault)
    return { requestId, service: 0, isResponse: true, result: readResponseHeader(reader), isCut: !reader.ok };
  const asked = requestOf(id);
  const known = serviceOf(id);
  if (!asked && !known) return { isSecret: true };
  // What keeps a subscription alive is most of all traffic, and tells nothing.
  if (known ? !known.kind : !serviceOf(asked)?.kind) return { requestId, service: asked || id };
  if (known) {
    skipRequestHeader(reader);
    const body = reader.ok ? readRequest(id, reader, conversation.state) : {};
    return { requestId, service: id, isResponse: false, body, isCut: !reader.ok };
  }
  const result = readResponseHeader(reader);
  const body = reader.ok && result < 0x40000000 ? readResponse(asked, requestId, reader, conversation.state) : {};
  return { requestId, service: asked, isResponse: true, result, body, isCut: !reader.ok };
}

function readRequest(service: number, reader: Reader, state: State): Body {
  switch (service) {
    case SERVICE.createSession:
      return { session: readSessionRequest(reader) };
    case SERVICE.activateSession:
      return { login: readLogin(reader) };
    case SERVICE.getEndpoints:
    case SERVICE.findServers:
      return { asked: readAskedUrl(reader) };
    case SERVICE.registerServer:
    case SERVICE.registerServer2:
      return { registration: readRegistration(reader) };
  }
  if (state.described >= MAX_DESCRIBED) return {};
  if (service === SERVICE.read) return { touched: readReads(reader) };
  if (service === SERVICE.write) return { touched: readWrites(reader) };
  return service === SERVICE.call ? { touched: readCalls(reader) } : {};
}

function readResponse(service: number, requestId: number, reader: Reader, state: State): Body {
  switch (service) {
    case SERVICE.createSession:
      return readSessionResponse(reader);
    case SERVICE.getEndpoints:
      return { endpoints: readArray(reader, readEndpoint) };
    case SERVICE.findServers:
      return { servers: readArray(reader, readApplication) };
    case SERVICE.findServersOnNetwork: {
      reader.skip(8);
      return { onNetwork: readArray(reader, readServerOnNetwork) };
    }
    case SERVICE.write:
      return { accepted: anyGood(reader, (each) => each.u32le()) };
    case SERVICE.call:
      // Behind the first result stand its values; one is enough to tell.
      return state.pending.get(requestId)?.touched?.count === 1 && reader.u32le() === 1
        ? { accepted: reader.u32le() < 0x40000000 }
        : {};
    case SERVICE.read: {
      const identity = state.pending.get(requestId)?.touched?.identity;
      return identity && identity.size > 0 ? { stated: readStated(reader, identity) } : {};
    }
  }
  return {};
}

/** Discovery URL of a server that was found by multicast (OPC 10000-4, 7.37). */
function readServerOnNetwork(reader: Reader): string {
  reader.skip(4);
  skipString(reader);
  const url = readText(reader);
  readArray(reader, skipString);
  return url;
}

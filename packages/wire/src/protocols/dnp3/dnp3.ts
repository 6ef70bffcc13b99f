// DNP3, by which control centres of power and water utilities read their outstations and operate breakers and pumps. What
// an outstation is stands in its device attributes, which few masters ask for; who restarts and operates is in every one.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import {
  AUTHENTICATE,
  AUTHENTICATE_FILE,
  AUTHENTICATE_NO_RESPONSE,
  AUTHENTICATION_RESPONSE,
  CONFIRM,
  DIRECT_OPERATE_NO_RESPONSE,
  type Dnp3Function,
  functionOf,
  INDICATIONS,
  isRequest,
  isUnanswered,
  READ,
  REFUSED,
  RESPONSE,
  SELECT,
  UNSOLICITED,
  WRITE,
} from './functions.ts';
import {
  type Assembly,
  assemble,
  type LinkFrame,
  linkFrameLength,
  linkKey,
  looksLikeDnp3,
  readLinkFrame,
} from './link.ts';
import {
  describeObjects,
  readAttributes,
  readAuthenticationStep,
  readCommands,
  readFileAccount,
  readFileName,
} from './objects.ts';
import { noteOutstation, outstationSubject, sayAttributes } from './outstations.ts';

const TELLS = [
  'dnp3.link-address',
  'dnp3.indication',
  'dnp3.authentication',
  'device.vendor',
  'device.model',
  'device.serial',
  'device.firmware',
  'device.hardware-version',
  'device.friendly-label',
  'device.asset-id',
  'device.location',
  'service.role',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const dnp3 = protocol({
  name: 'dnp3',
  title: 'DNP3',
  spec: 'IEEE 1815-2012',
  depth: 'full',
  on: { tcp: [20_000], udp: [20_000] },
  tells: TELLS,
  recognise: looksLikeDnp3,
  firstBytes: [0x05],
  frame: linkFrameLength,
  open: openState,
  read: readFrames,
  secrets: findPassword,
  observe(frames, say, conversation) {
    for (const frame of frames) observeFrame(frame, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say, conversation);
  },
});

// ------------------------------------------------------------------ reading

/** Frames of one datagram: as many of the shortest as fit. */
const MAX_FRAMES = 150;

/** One frame of a stream, all those of a datagram. */
function readFrames(reader: Reader, conversation: Conversation<State>): readonly LinkFrame[] | undefined {
  const first = readLinkFrame(reader);
  if (!first) return undefined;
  if (reader.left === 0 || conversation.transport !== 'udp') return [first];
  const frames = [first];
  while (reader.left > 0 && frames.length < MAX_FRAMES) {
    const next = readLinkFrame(reader);
    if (!next) break;
    frames.push(next);
  }
  return frames;
}

const PASSWORD_NAME = 'file access password';
/** Where user data begins in a frame, and the function in the data of a first segment. */
const DATA_AT = 10;
const FUNCTION_AT = DATA_AT + 2;

/**
 * Hides all objects of a request for access to files, in whose middle the password stands, and of whatever goes on in a
 * further segment of one, or of a fragment whose beginning was not seen.
 */
function findPassword(reader: Reader, { state }: Conversation<State>): SecretRange[] {
  const found: SecretRange[] = [];
  while (reader.left > DATA_AT) {
    const at = reader.at;
    const length = linkFrameLength(reader);
    if (length <= 0) break;
    const from = at - reader.start;
    const to = Math.min(from + length, reader.end - reader.start);
    const isFirst = (reader.peek(DATA_AT) & 0x40) !== 0;
    const link = linkOf(reader);
    const known = state.assemblies.find((one) => one.link === link);
    const code = isFirst ? reader.peek(FUNCTION_AT) : (known?.pieces[0]?.[1] ?? AUTHENTICATE_FILE);
    if (code === AUTHENTICATE_FILE && length > DATA_AT)
      found.push({ from: from + (isFirst ? FUNCTION_AT + 1 : DATA_AT), to, what: PASSWORD_NAME });
    reader.skip(Math.min(length, reader.left));
  }
  return found.filter(({ from, to }) => from < to);
}
function linkOf(reader: Reader): number {
  const destination = reader.peek(4) | (reader.peek(5) << 8);
  const source = reader.peek(6) | (reader.peek(7) << 8);
  return linkKey({ source, destination, segment: undefined, isWhole: true });
}

const readerOf = (bytes: Uint8Array, at: number): Reader =>
  new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), Math.min(at, bytes.length), bytes.length);

// ------------------------------------------------------------------ state

/** Requests kept while their responses are outstanding: one per outstation, of which a gateway has some dozens. */
const MAX_PENDING = 64;
/** Links of which pieces of a fragment are kept at a time. */
const MAX_ASSEMBLIES = 16;
/** Different reads described per conversation. */
const MAX_DESCRIBED = 128;
/** Addresses told per conversation and end; what goes on to others is a scan. */
const MAX_ADDRESSES = 512;

interface Pending {
  /** Key of the link and sequence number of the request. */
  readonly link: number;
  readonly sequence: number;
  readonly done: Dnp3Function;
  readonly code: number;
  readonly detail: string;
  readonly from: Subject;
  /** Who it was sent to; which outstation behind that it is for is known when the response is there. */
  readonly to: Subject;
  readonly destination: number;
  readonly frame: number;
  readonly time: number;
}
interface State {
  readonly assemblies: Assembly[];
  readonly pending: Pending[];
  /** What reads touch, by hash of their objects: a master repeats the same few for years. */
  readonly reads: Map<number, string>;
  /** Told already: address, with the direction above it. */
  readonly addresses: Set<number>;
  /** Last indications by link. */
  readonly indications: Map<number, number>;
  areRolesTold: boolean;
  isAuthenticationTold: boolean;
}
function openState(): State {
  return {
    assemblies: [],
    pending: [],
    reads: new Map(),
    addresses: new Set(),
    indications: new Map(),
    areRolesTold: false,
    isAuthenticationTold: false,
  };
}

// ------------------------------------------------------------------ observing

function observeFrame(frame: LinkFrame, say: Say, conversation: Conversation<State>): void {
  const { state, sender, fromClient } = conversation;
  if (!frame.isWhole) {
    say.malformed('dnp3.bad-checksum');
    return;
  }
  const key = frame.source + (fromClient ? 0x10000 : 0);
  if (!state.addresses.has(key) && state.addresses.size < MAX_ADDRESSES) {
    state.addresses.add(key);
    say.fact(sender, 'dnp3.link-address', frame.source, 'source address of a frame');
  }
  if (!frame.segment) return;
  const fragment = assemble(frame, state.assemblies, MAX_ASSEMBLIES);
  if (!fragment || fragment.length < 2) return;
  const code = fragment[1] ?? 0;
  if (code === CONFIRM) return;
  if (isRequest(code)) observeRequest(code, fragment, frame, say, conversation);
  else observeResponse(code, fragment, frame, say, conversation);
}

/** Number of a request that its response repeats (clause 4.2.2.1). */
const SEQUENCE = 0x0f;
/** First of the addresses that mean all outstations (clause 9.2.5.2). */
const BROADCAST = 0xfffd;
const OBJECTS_IN_REQUEST = 2;
const OBJECTS_IN_RESPONSE = 4;

function observeRequest(
  code: number,
  fragment: Uint8Array,
  frame: LinkFrame,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { state, sender, receiver } = conversation;
  const done = functionOf(code, fragment[OBJECTS_IN_REQUEST] ?? -1);
  const { destination } = frame;
  let detail = detailOf(code, fragment, state);
  if (destination >= BROADCAST) detail = detail ? `${detail} of all outstations` : 'all outstations';
  if (code === AUTHENTICATE_FILE) {
    const account = readFileAccount(readerOf(fragment, OBJECTS_IN_REQUEST));
    if (account?.account) detail = `account ${account.account}`;
    if (account?.hasPassword)
      say.fact(
        receiver,
        'credential.cleartext',
        { what: PASSWORD_NAME, ...(account.account ? { account: account.account } : {}) },
        'group 70 variation 2',
      );
  }
  const request: Pending = {
    link: destination * 0x10000 + frame.source,
    sequence: (fragment[0] ?? 0) & SEQUENCE,
    done,
    code,
    detail,
    from: sender,
    to: receiver,
    destination,
    frame: conversation.frame,
    time: conversation.time,
  };
  if (isUnanswered(code) || destination >= BROADCAST) {
    sayOperation(request, undefined, say, conversation);
    return;
  }
  if (state.pending.length >= MAX_PENDING) sayOperation(state.pending.shift(), undefined, say, conversation);
  state.pending.push(request);
}

function detailOf(code: number, fragment: Uint8Array, state: State): string {
  if (fragment.length <= OBJECTS_IN_REQUEST) return '';
  if (code === AUTHENTICATE || code === AUTHENTICATE_NO_RESPONSE)
    return readAuthenticationStep(readerOf(fragment, OBJECTS_IN_REQUEST));
  if (code >= SELECT && code <= DIRECT_OPERATE_NO_RESPONSE)
    return readCommands(readerOf(fragment, OBJECTS_IN_REQUEST)).detail;
  if (code >= FIRST_FILE_FUNCTION && code <= LAST_FILE_FUNCTION)
    return readFileName(readerOf(fragment, OBJECTS_IN_REQUEST));
  if (code === WRITE && WRITES_SAY_ALL.includes(fragment[OBJECTS_IN_REQUEST] ?? -1)) return '';
  if (code !== READ) return describeObjects(readerOf(fragment, OBJECTS_IN_REQUEST));
  const key = hashOf(fragment);
  const known = state.reads.get(key);
  if (known !== undefined) return known;
  if (state.reads.size >= MAX_DESCRIBED) return '';
  const detail = describeObjects(readerOf(fragment, OBJECTS_IN_REQUEST));
  state.reads.set(key, detail);
  return detail;
}
const FIRST_FILE_FUNCTION = 25;
const LAST_FILE_FUNCTION = 30;
/** Groups of which a write has nothing more to tell than its name: time, file. */
const WRITES_SAY_ALL: readonly number[] = [50, 70];

/** FNV-1a over the objects; only tells equal requests of one conversation from others. */
function hashOf(fragment: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = OBJECTS_IN_REQUEST; i < fragment.length; i++) hash = Math.imul(hash ^ (fragment[i] ?? 0), 0x01000193);
  return hash;
}

function observeResponse(
  code: number,
  fragment: Uint8Array,
  frame: LinkFrame,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { state, sender, receiver } = conversation;
  if (fragment.length < OBJECTS_IN_RESPONSE) {
    say.malformed('dnp3.cut-short', 'response');
    return;
  }
  noteOutstation(sender, frame.source, say.fact, conversation);
  if (!state.areRolesTold) {
    state.areRolesTold = true;
    say.fact(sender, 'service.role', 'DNP3 outstation', 'response');
    say.fact(receiver, 'service.role', 'DNP3 master', 'response');
  }
  const indications = ((fragment[2] ?? 0) << 8) | (fragment[3] ?? 0);
  const link = linkKey(frame);
  if (state.indications.get(link) !== indications) tellIndications(link, indications, frame, say, conversation);
  const group = fragment[OBJECTS_IN_RESPONSE] ?? -1;
  if (group === AUTHENTICATION_GROUP && !state.isAuthenticationTold) {
    state.isAuthenticationTold = true;
    const subject = outstationSubject(sender, frame.source, conversation);
    say.fact(subject, 'dnp3.authentication', 'secure authentication', 'group 120');
  }
  if (code === UNSOLICITED) return;
  if (group === 0) {
    const attributes = readAttributes(readerOf(fragment, OBJECTS_IN_RESPONSE));
    sayAttributes(sender, frame.source, attributes, say.fact, conversation);
  }
  // A challenge comes between a request and its response.
  if (code === AUTHENTICATION_RESPONSE && state.pending[0]?.code !== AUTHENTICATE) return;
  const sequence = (fragment[0] ?? 0) & SEQUENCE;
  const at = state.pending.findIndex((one) => one.link === link && one.sequence === sequence);
  if (at < 0) return;
  const [request] = state.pending.splice(at, 1);
  if (!request) return;
  let accepted = (indications & REFUSED) === 0;
  if (accepted && request.code >= SELECT && request.code < DIRECT_OPERATE_NO_RESPONSE && code === RESPONSE)
    accepted = readCommands(readerOf(fragment, OBJECTS_IN_RESPONSE)).status === 0;
  sayOperation(request, accepted, say, conversation);
}
const AUTHENTICATION_GROUP = 120;

function tellIndications(
  link: number,
  indications: number,
  frame: LinkFrame,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { state, sender } = conversation;
  const before = state.indications.get(link) ?? 0;
  if (state.indications.has(link) || state.indications.size < MAX_ADDRESSES) state.indications.set(link, indications);
  const risen = indications & ~before;
  const subject = outstationSubject(sender, frame.source, conversation);
  for (const [bit, name] of INDICATIONS)
    if ((risen & bit) !== 0) say.fact(subject, 'dnp3.indication', name, 'internal indications');
}

function sayOperation(
  request: Pending | undefined,
  accepted: boolean | undefined,
  say: Say,
  conversation: Conversation<State>,
): void {
  if (!request) return;
  const { done, detail, from, destination, frame, time } = request;
  const to = outstationSubject(request.to, destination, conversation);
  say.operation(done.what, done.kind, { from, to, frame, time, detail: detail || undefined, accepted });
}

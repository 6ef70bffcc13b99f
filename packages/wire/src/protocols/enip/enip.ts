// EtherNet/IP: CIP over TCP and UDP, spoken by Rockwell, Omron, Schneider and most makers of I/O, drives and robots. A
// device answers who it is to anybody; through its backplane and ports one reaches the modules behind it.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { CIP_TELLS, isRockwell, sayAcceptedKey, sayIdentity, sayNetwork } from '../cip/facts.ts';
import type { Identity } from '../cip/identity.ts';
import { type CipAnswer, type CipRequest, FORWARD_CLOSE, PARTIAL, readAnswer, readRequest } from '../cip/message.ts';
import { cipDetail, cipOperation } from '../cip/operations.ts';
import {
  type EnipHeader,
  eachItem,
  frameLength,
  ITEM_CONNECTED_ADDRESS,
  ITEM_CONNECTED_DATA,
  ITEM_IDENTITY,
  ITEM_LEGACY_TARGET,
  ITEM_SECURITY,
  ITEM_UNCONNECTED_DATA,
  LEGACY_TARGETS,
  LIST_IDENTITY,
  LIST_INTERFACES,
  LIST_SERVICES,
  type ListedIdentity,
  looksLikeEnip,
  REGISTER_SESSION,
  readHeader,
  readIdentityItem,
  readLegacyTarget,
  readSecurityItem,
  SEND_RR_DATA,
  SEND_UNIT_DATA,
} from './encapsulation.ts';
import {
  type Connection,
  connectionOf,
  type EnipState,
  findConnection,
  noteClosed,
  noteOpened,
  openState,
  type Pending,
  remember,
  takeConnected,
  takeUnconnected,
} from './exchange.ts';

const TELLS = [...CIP_TELLS, 'cip.security', 'service.role', 'operation'] as const satisfies readonly FactKind[];
type Kind = (typeof TELLS)[number];

export const enip = protocol({
  name: 'enip',
  title: 'EtherNet/IP',
  spec: 'The CIP Networks Library, volume 2: EtherNet/IP Adaptation of CIP; volume 1: Common Industrial Protocol',
  depth: 'full',
  on: { tcp: [44818], udp: [44818] },
  tells: TELLS,
  recognise: looksLikeEnip,
  firstBytes: [LIST_SERVICES, LIST_IDENTITY, LIST_INTERFACES, REGISTER_SESSION, SEND_RR_DATA, SEND_UNIT_DATA],
  frame: frameLength,
  open: openState,
  read: readMessage,
  observe(message, say, conversation) {
    if (message.broken) say.malformed(message.broken);
    if (isAddress(message.legacyIp))
      say.fact(conversation.sender, 'address.announced-ip', message.legacyIp, 'command 0x0001');
    if (message.command === LIST_IDENTITY) observeListIdentity(message, say, conversation);
    for (const pending of message.forgotten) sayPending(pending, NO_ANSWER, say, conversation);
    if (message.answered) observeAnswer(message, message.answered, say, conversation);
  },
  close(say, conversation) {
    for (const pending of conversation.state.pending) sayPending(pending, NO_ANSWER, say, conversation);
  },
});

// ------------------------------------------------------------------ reading

interface EnipMessage {
  readonly command: number;
  readonly size: number;
  readonly identities: readonly ListedIdentity[];
  /** Address in the answer to the question of old; empty where there is none. */
  readonly legacyIp: string;
  /** State of CIP Security; -1 where it is not told. */
  readonly security: number;
  /** The request that this message answers, and what each service said. */
  readonly answered: Pending | undefined;
  readonly answers: readonly CipAnswer[];
  /** General status of the answer as a whole; -1 where there is none. */
  readonly status: number;
  readonly forgotten: readonly Pending[];
  /** Code of what breaks the standard; empty where nothing does. */
  readonly broken: string;
}

const NONE: readonly never[] = [];

function readMessage(reader: Reader, conversation: Conversation<EnipState>): EnipMessage | undefined {
  const header = readHeader(reader);
  if (!header) return undefined;
  const { command } = header;
  const size = reader.left;
  const message = {
    command,
    size,
    identities: NONE as readonly ListedIdentity[],
    legacyIp: '',
    security: -1,
    answered: undefined as Pending | undefined,
    answers: NONE as readonly CipAnswer[],
    status: -1,
    forgotten: NONE as readonly Pending[],
    broken: '',
  };
  if (size === 0) return message;
  if (command === LIST_IDENTITY) {
    const identities: ListedIdentity[] = [];
    const whole = eachItem(reader, (type, item) => {
      if (type === ITEM_IDENTITY) identities.push(readIdentityItem(item));
      else if (type === ITEM_SECURITY) message.security = readSecurityItem(item);
    });
    message.identities = identities;
    if (!whole) message.broken = 'enip.item-cut-short';
  } else if (command === LEGACY_TARGETS) {
    eachItem(reader, (type, item) => {
      if (type === ITEM_LEGACY_TARGET) message.legacyIp = readLegacyTarget(item);
    });
  } else if (command === SEND_RR_DATA || command === SEND_UNIT_DATA) {
    const { state } = conversation;
    reader.skip(4 + 2);
    let connectionId = -1;
    const whole = eachItem(reader, (type, item) => {
      if (type === ITEM_CONNECTED_ADDRESS) connectionId = item.u32le();
      else if (type === ITEM_CONNECTED_DATA && connectionId >= 0)
        readConnected(item, connectionId, message, conversation);
      else if (type === ITEM_UNCONNECTED_DATA) readUnconnected(item, header, message, conversation);
    });
    if (!whole) message.broken = 'enip.item-cut-short';
    if (state.forgotten.length > 0) {
      message.forgotten = state.forgotten;
      state.forgotten = [];
    }
  }
  return message;
}

interface Answered {
  answered: Pending | undefined;
  answers: readonly CipAnswer[];
  status: number;
}

function readUnconnected(
  item: Reader,
  header: EnipHeader,
  message: Answered,
  conversation: Conversation<EnipState>,
): void {
  const { contextLow, contextHigh } = header;
  const service = item.peek();
  if (service < 0) return;
  if (service & 0x80) {
    const pending = takeUnconnected(conversation.state, contextLow, contextHigh);
    if (pending) readAnswered(item, pending, NONE, message, conversation);
    return;
  }
  const request = readRequest(item);
  if (!request) return;
  const { sender, receiver, frame, time } = conversation;
  remember(conversation.state, {
    request,
    from: sender,
    to: receiver,
    frame,
    time,
    connectionId: undefined,
    sequence: 0,
    contextLow,
    contextHigh,
  });
}

function readConnected(
  item: Reader,
  connectionId: number,
  message: Answered,
  conversation: Conversation<EnipState>,
): void {
  const { state, sender, receiver, frame, time } = conversation;
  const sequence = item.u16le();
  const service = item.peek();
  if (service < 0) return;
  if (service & 0x80) {
    const pending = takeConnected(state, connectionId, sequence, service & 0x7f);
    if (pending) readAnswered(item, pending, connectionOf(state, pending)?.route ?? NONE, message, conversation);
    return;
  }
  const connection = findConnection(state, connectionId);
  if (connection && connection.classId !== MESSAGE_ROUTER) return;
  const request = readRequest(item);
  if (!request || (request.path.classId < 0 && !request.path.hasSymbol)) return;
  remember(state, {
    request,
    from: sender,
    to: receiver,
    frame,
    time,
    connectionId,
    sequence,
    contextLow: 0,
    contextHigh: 0,
  });
}

const MESSAGE_ROUTER = 0x02;

function readAnswered(
  item: Reader,
  pending: Pending,
  route: readonly string[],
  message: Answered,
  conversation: Conversation<EnipState>,
): void {
  const answers: CipAnswer[] = [];
  message.status = readAnswer(item, pending.request, route, answers);
  message.answered = pending;
  message.answers = answers;
  for (const answer of answers) {
    if (answer.status !== 0) continue;
    if (answer.request.open) noteOpened(conversation.state, answer.request.open, answer);
    else if (answer.request.service === FORWARD_CLOSE && answer.request.closes >= 0)
      noteClosed(conversation.state, answer.request.closes);
  }
}

// ------------------------------------------------------------------ observing

type Say = Saying<Kind>;

/** Vendor of devices as they said it, also in other conversations: other makers' class numbers mean other things. */
const VENDORS = new WeakMap<Subject, number>();
const isLogix = (server: Subject): boolean => {
  const vendor = VENDORS.get(server);
  return vendor === undefined || isRockwell(vendor);
};

/** Whether a device means an address of its own: one that is not set yet is all zeros. */
const isAddress = (ip: string): boolean => ip !== '' && ip !== '0.0.0.0' && !ip.startsWith('127.');

function observeListIdentity(message: EnipMessage, say: Say, conversation: Conversation<EnipState>): void {
  if (message.size === 0) {
    if (!conversation.toGroup)
      say.operation('list identity', 'diagnostic', { from: conversation.sender, to: conversation.receiver });
    return;
  }
  for (const [i, { identity, ip }] of message.identities.entries()) {
    // One item is the rule: the answerer itself. Further ones are of devices it speaks for, told by their own address.
    if (i > 0 && !isAddress(ip)) continue;
    const subject = i === 0 ? conversation.sender : conversation.subject({ ip });
    sayIdentity(say.fact, subject, identity, 'ListIdentity');
    if (i > 0) continue;
    if (isAddress(ip)) say.fact(subject, 'address.announced-ip', ip, 'ListIdentity socket address');
    if (identity.vendorId !== undefined) VENDORS.set(subject, identity.vendorId);
  }
  const security = SECURITY_STATES[message.security];
  if (security) say.fact(conversation.sender, 'cip.security', security, 'ListIdentity CIP Security Information');
}

/** States of the CIP Security object (CIP volume 8, 5-3). */
const SECURITY_STATES: Readonly<Record<number, string>> = {
  0: 'factory default configuration',
  1: 'configuration in progress',
  2: 'configured',
  3: 'incomplete configuration',
};

/** The part of a device at the end of a route. */
function targetOf(server: Subject, route: readonly string[], conversation: Conversation<EnipState>): Subject {
  let subject = server;
  for (const step of route) subject = conversation.part(subject, 'cip', step);
  return subject;
}

function connectionTarget(server: Subject, connection: Connection, conversation: Conversation<EnipState>): Subject {
  connection.subject ??= targetOf(server, connection.route, conversation);
  return connection.subject;
}

function observeAnswer(message: EnipMessage, pending: Pending, say: Say, conversation: Conversation<EnipState>): void {
  sayPending(pending, message, say, conversation);
  // A connection that was open before the capture began leads to the server or to anything behind it.
  const connection = connectionOf(conversation.state, pending);
  if (pending.connectionId !== undefined && !connection) {
    for (const { identity } of message.answers) if (identity) sayUnseen(identity, pending.to, say, conversation);
    return;
  }
  for (const answer of message.answers) {
    const { identity, network, programName, pccc, request, route, status } = answer;
    if (identity || network || programName || pccc?.processor) {
      const subject =
        connection && route === connection.route
          ? connectionTarget(pending.to, connection, conversation)
          : targetOf(pending.to, route, conversation);
      if (identity) {
        // Further instances are parts of the device with an identity of their own: its memory, its option modules.
        const { instance } = request.path;
        const part = instance > 1 ? conversation.part(subject, 'cip', `identity/${instance}`) : subject;
        sayIdentity(say.fact, part, identity, 'Identity object');
        if (part === pending.to && identity.vendorId !== undefined) VENDORS.set(part, identity.vendorId);
      }
      if (network) sayNetwork(say.fact, subject, network, NETWORK_SOURCES[request.path.classId] ?? '');
      if (programName) say.fact(subject, 'device.plc-name', programName, 'class 0x64 attribute 1');
      // The processor's name of the family, which is not the catalogue number that the Identity object has as product.
      if (pccc?.processor) say.fact(subject, 'device.module-name', pccc.processor, 'PCCC diagnostic status');
    }
    if (request.open && status === 0) observeOpened(pending, request.open, route, say, conversation);
  }
}

/**
 * Says who is at the end of a connection that was opened before the capture began: the server or a module behind it, which
 * only the serial number tells. Without one nothing is said.
 */
function sayUnseen(identity: Identity, server: Subject, say: Say, conversation: Conversation<EnipState>): void {
  const { serial, vendorId } = identity;
  if (!serial || !vendorId) return;
  const part = conversation.part(server, 'cip', `serial/${serial.toString(16).padStart(8, '0')}`);
  sayIdentity(say.fact, part, identity, 'Identity object');
}

const NETWORK_SOURCES: Readonly<Record<number, string>> = {
  245: 'TCP/IP Interface object',
  246: 'Ethernet Link object',
};

function observeOpened(
  pending: Pending,
  open: NonNullable<CipRequest['open']>,
  route: readonly string[],
  say: Say,
  conversation: Conversation<EnipState>,
): void {
  const { key, route: further } = open.path;
  if (key) {
    const subject = targetOf(pending.to, [...route, ...further.slice(0, key.hops)], conversation);
    sayAcceptedKey(say.fact, subject, key, 'Forward_Open electronic key');
  }
  const { state } = conversation;
  if (open.transportClass >= 2 || state.saidRoles) return;
  state.saidRoles = true;
  say.fact(pending.from, 'service.role', 'EtherNet/IP scanner', 'Forward_Open');
  say.fact(pending.to, 'service.role', 'EtherNet/IP adapter', 'Forward_Open');
}

// ------------------------------------------------------------------ operations

/** What came back: the answers of single services, and the status of the whole. */
type Outcome = Pick<EnipMessage, 'answers' | 'status'>;
const NO_ANSWER: Outcome = { answers: NONE, status: -1 };

/** Says what was asked for, with what became of it. */
function sayPending(pending: Pending, outcome: Outcome, say: Say, conversation: Conversation<EnipState>): void {
  const { request, to } = pending;
  const connection = connectionOf(conversation.state, pending);
  const subject = connection ? connectionTarget(to, connection, conversation) : to;
  sayRequest(request, subject, pending, outcome, 0, say, conversation);
}

/** Says a request or those in it; answers stand in the same order, `next` is the next one. Returns where it is then. */
function sayRequest(
  request: CipRequest,
  subject: Subject,
  pending: Pending,
  outcome: Outcome,
  next: number,
  say: Say,
  conversation: Conversation<EnipState>,
): number {
  if (request.routed) {
    const target = targetOf(subject, request.routed.route, conversation);
    return sayRequest(request.routed.request, target, pending, outcome, next, say, conversation);
  }
  if (request.services) {
    let following = next;
    for (const service of request.services)
      following = sayRequest(service, subject, pending, outcome, following, say, conversation);
    return following;
  }
  const answer = outcome.answers[next];
  const isAnswered = answer?.request === request;
  const operation = cipOperation(request, isLogix(pending.to));
  if (!operation) return isAnswered ? next + 1 : next;
  // A whole packet that was refused, or that found no way to its end, says so once.
  let accepted = outcome.status > 0 ? false : undefined;
  if (isAnswered) accepted = (answer.status === 0 || answer.status === PARTIAL) && (answer.pccc?.status ?? 0) === 0;
  const detail = cipDetail(request, operation.kind);
  const { from, frame, time } = pending;
  say.operation(operation.what, operation.kind, {
    from,
    to: subject,
    frame,
    time,
    ...(detail === undefined ? {} : { detail }),
    ...(accepted === undefined ? {} : { accepted }),
  });
  return isAnswered ? next + 1 : next;
}

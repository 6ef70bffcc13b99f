// MMS, the protocol by which IEC 61850 protection and bay devices are read and operated, and control centres talk to each
// other (TASE.2). Who made a device is in the answer to "identify" and in the name plates that clients read.
import type { FactKind } from '@interlock/model';
import { berUnsigned } from '../../ber.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedText } from '../../stated.ts';
import {
  COTP_DATA,
  type CotpState,
  type CotpUser,
  cotpFrame,
  openCotp,
  readConnect,
  readCotp,
  TPKT,
} from '../s7comm/cotp.ts';
import {
  type Association,
  type Element,
  findElement,
  findPasswords,
  ownsLaterSession,
  ownsSession,
  PASSWORD_NAME,
  readElement,
  readSession,
  tagOf,
} from './layers.ts';
import {
  GET_ATTRIBUTES,
  GET_NAME_LIST,
  IDENTIFY,
  type MmsService,
  READ,
  readOf,
  serviceOf,
  WRITE,
  writeOf,
} from './services.ts';
import {
  describeNames,
  formatName,
  isIec61850,
  isPlateName,
  type ObjectName,
  readObjectName,
  readPlates,
  readType,
  readVariables,
  type StructureType,
  typeAt,
} from './variables.ts';

const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.serial',
  'device.hardware-version',
  'device.software',
  'device.location',
  'iec61850.logical-device',
  'iec61850.name-space',
  'goose.id',
  'sv.id',
  'mms.domain',
  'service.role',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const mms = protocol({
  name: 'mms',
  title: 'MMS (IEC 61850, TASE.2)',
  spec: 'ISO 9506-2; IEC 61850-8-1; RFC 1006, ISO 8073, ISO 8327-1, ISO 8823-1, ISO 8650-1',
  depth: 'full',
  on: { tcp: [102] },
  tells: TELLS,
  recognise: looksLikeMms,
  firstBytes: [0x03],
  frame: (reader, conversation) => cotpFrame(reader, conversation, MMS_USER),
  open: openState,
  read: readMessage,
  secrets: findSecrets,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('mms.cut-short');
    if (message.association) observeAssociation(message.association, say, conversation);
    if (!message.service && message.type === NONE) return;
    if (message.type === CONFIRMED_REQUEST) observeRequest(message, say, conversation);
    else if (message.type !== UNCONFIRMED) observeAnswer(message, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say);
  },
});

// ------------------------------------------------------------------ framing

const MMS_USER: CotpUser = { ownsData: ownsSession, ownsLater: ownsLaterSession };

function looksLikeMms(reader: Reader): boolean {
  if (reader.peek16(0) !== 0x0300 || reader.peek16(2) < 7) return false;
  if (reader.peek(TPKT + 1) === COTP_DATA)
    return reader.peek(TPKT) === 2 && ownsSession(reader.peek(TPKT + 3), reader, TPKT + 3) === true;
  reader.skip(TPKT);
  return readConnect(reader) !== undefined;
}

// ------------------------------------------------------------------ reading

/** Kinds of PDU (ISO 9506-2 clause 7.1). */
const CONFIRMED_REQUEST = 0;
const CONFIRMED_RESPONSE = 1;
const UNCONFIRMED = 3;
const REJECT = 4;
const INITIATE_ERROR = 10;
const LAST_PDU = 13;
const NONE = -1;

interface MmsMessage {
  readonly association: Association | undefined;
  readonly type: number;
  readonly invoke: number;
  /** What is asked for or answered. Valid only until the message is observed. */
  readonly service: Element | undefined;
  readonly isCut: boolean;
}
const NO_PDU: MmsMessage = { association: undefined, type: NONE, invoke: 0, service: undefined, isCut: false };

function readMessage(reader: Reader, conversation: Conversation<State>): MmsMessage | undefined {
  const packet = readCotp(reader, conversation);
  if (!packet) return undefined;
  if (packet === 'other' || 'connect' in packet) return NO_PDU;
  const session = readSession(packet.data);
  if (!session) return undefined;
  const { association, pdu } = session;
  if (!pdu) {
    conversation.state.isProven = true;
    return { ...NO_PDU, association };
  }
  const choice = readElement(pdu);
  const type = choice ? tagOf(choice.id) : NONE;
  if (!choice || (choice.id & 0x80) === 0 || type > LAST_PDU) return association && { ...NO_PDU, association };
  conversation.state.isProven = true;
  if (type > REJECT || type === UNCONFIRMED) return { ...NO_PDU, association, type };
  const { body } = choice;
  // An error and a rejection have the number under a tag of their own.
  const number = readElement(body);
  if (!number) return { ...NO_PDU, association, type, isCut: true };
  let service: Element | undefined;
  if (type === CONFIRMED_REQUEST || type === CONFIRMED_RESPONSE) {
    service = readElement(body);
    // Modifiers come before the service. Some servers confirm a write with an empty list in their place and nothing else.
    if (service?.id === 0x30) service = body.left > 0 ? readElement(body) : undefined;
  }
  const isCut = !body.ok || (type === CONFIRMED_REQUEST && !service);
  return { association, type, invoke: berUnsigned(number.body), service, isCut };
}

/** Where a password stands in a packet, which may carry only a piece of an association request. */
function findSecrets(reader: Reader, { state, fromClient }: Conversation<State>): SecretRange[] {
  if (reader.peek(TPKT + 1) !== COTP_DATA || !fromClient) return [];
  const from = TPKT + 1 + reader.peek(TPKT);
  const isLast = (reader.peek(TPKT + 2) & 0x80) !== 0;
  const before = state.pieces[0];
  const bytes = reader.bytes(reader.left);
  const first = before.length > 0 ? before[0]?.[0] : bytes[from];
  return findPasswords(bytes, from, first !== SESSION_DATA && (!isLast || before.length > 0));
}
const SESSION_DATA = 0x01;

// ------------------------------------------------------------------ state

/** Requests kept while their answers are outstanding; ends agree on ten at most in the field, some on a thousand. */
const MAX_PENDING = 64;
/** Different reads described per conversation: clients of a substation read some dozens in turn. */
const MAX_DESCRIBED = 128;
/** Types kept: those of nodes with name plates, two per logical device. */
const MAX_TYPES = 64;
/** Domains told per conversation. */
const MAX_DOMAINS = 128;

interface Operation {
  readonly done: MmsService;
  readonly detail: string;
  readonly tag: number;
  /** Names that a positive answer proves to exist. */
  readonly names: readonly ObjectName[];
  /** True where the values of the answer are looked at. */
  readonly hasPlates: boolean;
  /** A list of domains is asked for. */
  readonly listsDomains: boolean;
}
interface Pending {
  readonly invoke: number;
  readonly operation: Operation;
  readonly frame: number;
  readonly time: number;
}
interface State extends CotpState {
  readonly pending: Pending[];
  /** Reads by hash of their names. */
  readonly reads: Map<number, Operation>;
  /** By name of the variable. */
  readonly types: Map<string, StructureType>;
  readonly domains: Set<string>;
  isRoleTold: boolean;
  associating: { readonly frame: number; readonly time: number } | undefined;
}
function openState(): State {
  return {
    ...openCotp(),
    pending: [],
    reads: new Map(),
    types: new Map(),
    domains: new Set(),
    isRoleTold: false,
    associating: undefined,
  };
}

// ------------------------------------------------------------------ observing

function observeAssociation(association: Association, say: Say, conversation: Conversation<State>): void {
  const { state, server, frame, time } = conversation;
  if (association.hasPassword)
    say.fact(server, 'credential.cleartext', { what: PASSWORD_NAME }, 'AARQ authentication value');
  if (!association.isAnswer) state.associating = { frame, time };
  else if (state.associating) {
    say.operation('associate', 'session', { ...state.associating, accepted: !association.isRefused });
    state.associating = undefined;
  }
}

function observeRequest({ invoke, service }: MmsMessage, say: Say, conversation: Conversation<State>): void {
  const { state, frame, time, fromClient } = conversation;
  // Servers ask too: for the file that a client offers them.
  if (!service || !fromClient) {
    if (service)
      say.operation(serviceOf(tagOf(service.id)).what, serviceOf(tagOf(service.id)).kind, {
        from: conversation.server,
        to: conversation.client,
      });
    return;
  }
  if (state.pending.length >= MAX_PENDING) sayOperation(state.pending.shift(), undefined, say);
  state.pending.push({ invoke, operation: operationOf(service, state), frame, time });
}

function operationOf(service: Element, state: State): Operation {
  const tag = tagOf(service.id);
  if (tag !== READ) return describeRequest(tag, service.body);
  const { body } = service;
  const key = hashOf(body);
  const known = state.reads.get(key);
  if (known) return known;
  const operation = describeRequest(tag, body);
  if (state.reads.size < MAX_DESCRIBED) state.reads.set(key, operation);
  else if (!operation.hasPlates) return { ...operation, detail: '' };
  return operation;
}

/** FNV-1a over what is left; only tells equal requests of one conversation from others. The reader is not moved. */
function hashOf({ view, at, end }: Reader): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < end; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  return hash;
}

const NO_NAMES: readonly ObjectName[] = [];

function describeRequest(tag: number, body: Reader): Operation {
  const plain = { done: serviceOf(tag), detail: '', tag, names: NO_NAMES, hasPlates: false, listsDomains: false };
  switch (tag) {
    case READ: {
      const specification = findElement(body, 0xa1);
      const { names, isPlain } = readVariables(specification && readElement(specification));
      const hasPlates = isPlain && names.some(({ item }) => isPlateName(item));
      return { ...plain, done: readOf(names[0]?.item ?? ''), detail: describeNames(names), names, hasPlates };
    }
    case WRITE: {
      const { names } = readVariables(readElement(body));
      const values = findElement(body, 0xa0);
      const done = writeOf(names[0]?.item ?? '');
      const value = names.length === 1 ? describeValue(values && readElement(values)) : '';
      const detail = value ? `${describeNames(names)}: ${value}` : describeNames(names);
      return { ...plain, done, detail, names };
    }
    case GET_ATTRIBUTES: {
      const choice = readElement(body);
      const name = choice?.id === 0xa0 ? readObjectName(readElement(choice.body)) : undefined;
      return name ? { ...plain, detail: formatName(name), names: [name], hasPlates: isPlateName(name.item) } : plain;
    }
    case GET_NAME_LIST: {
      const objectClass = findElement(body, 0xa0);
      const basic = objectClass && findElement(objectClass, 0x80);
      const scope = findElement(body, 0xa1);
      const domain = scope && readElement(scope);
      const detail = domain?.id === 0x81 ? `of domain ${domain.body.text(Math.min(domain.body.left, MAX_TEXT))}` : '';
      return { ...plain, detail, listsDomains: basic?.u8() === DOMAIN };
    }
    default:
      return { ...plain, detail: collectTexts(body) };
  }
}
const DOMAIN = 9;

/** A value that is written: booleans, numbers and texts; of a command the first component, which is what it commands. */
function describeValue(value: Element | undefined): string {
  if (!value) return '';
  const { body } = value;
  switch (tagOf(value.id)) {
    case 2:
      return describeValue(readElement(body));
    case 3:
      return body.u8() === 0 ? 'off' : 'on';
    case 5:
      return body.left > 0 && body.left <= 4 ? String(signed(body)) : '';
    case 6:
      return body.left <= 6 ? String(berUnsigned(body)) : '';
    case 7: {
      // Format octet, then an IEEE number.
      if (body.left !== 5) return '';
      body.skip(1);
      return String(Number(body.f32().toPrecision(7)));
    }
    default:
      return '';
  }
}
function signed(body: Reader): number {
  const bits = 32 - 8 * body.left;
  return (berUnsigned(body) << bits) >> bits;
}

/** Texts shown of a request: names of files, programs, domains. */
const MAX_TEXTS = 4;
const MAX_TEXT = 200;
const MAX_ELEMENTS = 64;
/** Visible and graphic strings, which names of files and objects are. */
const STRINGS: readonly number[] = [0x1a, 0x19];

/** Names in a request of a service that is not read closer. */
function collectTexts(body: Reader): string {
  const texts: string[] = [];
  let budget = MAX_ELEMENTS;
  const visit = (reader: Reader, depth: number): void => {
    while (reader.left > 0 && texts.length < MAX_TEXTS && --budget > 0) {
      const element = readElement(reader);
      if (!element) return;
      const isConstructed = ((element.id > 0xff ? element.id >> 8 : element.id) & 0x20) !== 0;
      if (STRINGS.includes(element.id)) texts.push(element.body.text(Math.min(element.body.left, MAX_TEXT)));
      else if (isConstructed && depth < 6) visit(element.body, depth + 1);
    }
  };
  visit(body, 0);
  return texts.join(', ');
}

function observeAnswer(message: MmsMessage, say: Say, conversation: Conversation<State>): void {
  const { state, server, fromClient } = conversation;
  const { type, service } = message;
  if (fromClient || type > REJECT) {
    if (type === INITIATE_ERROR && state.associating) {
      say.operation('associate', 'session', { ...state.associating, accepted: false });
      state.associating = undefined;
    }
    return;
  }
  const at = state.pending.findIndex(({ invoke }) => invoke === message.invoke);
  const [request] = at < 0 ? [] : state.pending.splice(at, 1);
  if (type !== CONFIRMED_RESPONSE || !service) {
    sayOperation(request, type === CONFIRMED_RESPONSE, say);
    return;
  }
  const tag = tagOf(service.id);
  if (tag === IDENTIFY) observeIdentity(service.body, say, conversation);
  if (!request || request.operation.tag !== tag) return;
  const { operation } = request;
  if (tag === GET_NAME_LIST && operation.listsDomains) observeDomains(service.body, say, conversation);
  if (tag === GET_ATTRIBUTES && operation.hasPlates) keepType(operation.names, service.body, state);
  const accepted = tag === READ ? observeValues(operation, service.body, say, conversation) : isDone(tag, service.body);
  if (accepted) observeNames(operation.names, say, conversation);
  sayOperation(request, accepted, say);
  if (!accepted || state.isRoleTold) return;
  const role = roleOf(operation.names);
  if (!role) return;
  state.isRoleTold = true;
  say.fact(server, 'service.role', `${role} server`, 'names of variables');
  say.fact(conversation.client, 'service.role', `${role} client`, 'names of variables');
}

function sayOperation(pending: Pending | undefined, accepted: boolean | undefined, say: Say): void {
  if (!pending) return;
  const { operation, frame, time } = pending;
  say.operation(operation.done.what, operation.done.kind, {
    frame,
    time,
    detail: operation.detail || undefined,
    accepted,
  });
}

/** A write is answered variable by variable, with an error or nothing; refused where not one was done. */
function isDone(tag: number, body: Reader): boolean {
  return tag !== WRITE || body.left === 0 || findElement(body, 0x81) !== undefined;
}

/** Names that only TASE.2 (IEC 60870-6-503) and only IEC 61850 have. */
const TASE2_NAMES =
  /^(?:TASE2_Version|Supported_Features|Bilateral_Table_ID|Transfer_Set_Name|Next_DSTransfer_Set|Transfer_Report_(?:ACK|NACK)|DSConditions_Detected)/;
function roleOf(names: readonly ObjectName[]): string {
  for (const { item } of names) {
    if (TASE2_NAMES.test(item)) return 'TASE.2 (ICCP)';
    if (isIec61850(item)) return 'IEC 61850';
  }
  return '';
}

function observeIdentity(body: Reader, say: Say, { server }: Conversation<State>): void {
  while (body.left > 0) {
    const field = readElement(body);
    const kind = field && IDENTITY[field.id];
    if (!kind) continue;
    const value = statedText(field.body.text(Math.min(field.body.left, MAX_TEXT)));
    if (value) say.fact(server, kind[0], value, kind[1]);
  }
}
const IDENTITY: Readonly<Record<number, readonly ['device.vendor' | 'device.model' | 'device.firmware', string]>> = {
  128: ['device.vendor', 'identify vendorName'],
  129: ['device.model', 'identify modelName'],
  130: ['device.firmware', 'identify revision'],
};

function observeDomains(body: Reader, say: Say, { server, state }: Conversation<State>): void {
  const list = findElement(body, 0xa0);
  while (list && list.left > 0 && state.domains.size < MAX_DOMAINS) {
    const name = findElement(list, 0x1a);
    const text = name ? statedText(name.text(Math.min(name.left, MAX_TEXT))) : '';
    if (!text || state.domains.has(text)) continue;
    state.domains.add(text);
    say.fact(server, 'mms.domain', text, 'name list of domains');
  }
}

function observeNames(names: readonly ObjectName[], say: Say, { server, state }: Conversation<State>): void {
  for (const { domain, item } of names) {
    if (!domain || state.domains.size >= MAX_DOMAINS) continue;
    const kind = isIec61850(item) ? 'iec61850.logical-device' : 'mms.domain';
    const key = kind === 'mms.domain' ? domain : `${domain}/`;
    if (state.domains.has(key)) continue;
    state.domains.add(key);
    const text = statedText(domain);
    if (text) say.fact(server, kind, text, 'name of a variable');
  }
}

function keepType(names: readonly ObjectName[], body: Reader, { types }: State): void {
  const [name] = names;
  const specification = findElement(body, 0xa2);
  const type = specification && readType(readElement(specification));
  if (name && type && types.size < MAX_TYPES) types.set(formatName(name), type);
}

/** Says what the values of an answer tell. Out: whether at least one value came. */
function observeValues(operation: Operation, body: Reader, say: Say, conversation: Conversation<State>): boolean {
  const list = findElement(body, 0xa1);
  if (!list) return false;
  let isAnyRead = false;
  for (let i = 0; list.left > 0; i++) {
    const value = readElement(list);
    if (!value) break;
    const isRead = value.id !== 0x80;
    isAnyRead ||= isRead;
    if (!operation.hasPlates) {
      if (isAnyRead) return true;
      continue;
    }
    const name = operation.names[i];
    if (!name) break;
    if (!isRead || !isPlateName(name.item)) continue;
    const type = typeOf(name, conversation.state);
    for (const fact of readPlates(name.item, value, type))
      say.fact(conversation.server, fact.kind, fact.value, fact.source);
  }
  return isAnyRead;
}

/** The type of a variable: its own, or the part of it in the type of what it is a part of. */
function typeOf(name: ObjectName, { types }: State): StructureType | undefined {
  const steps = formatName(name).split('$');
  for (let length = steps.length; length > 0; length--) {
    const type = types.get(steps.slice(0, length).join('$'));
    if (type) return typeAt(type, steps.slice(length));
  }
  return undefined;
}

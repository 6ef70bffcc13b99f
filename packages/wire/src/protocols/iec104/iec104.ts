// IEC 60870-5-104, by which control centres of power grids watch and operate their substations over TCP. A station tells
// nothing of its maker, only its common addresses; but every command stands in clear with address and value.
import type { FactKind, OperationKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { isReport, typeOf } from './types.ts';

const TELLS = [
  'iec104.common-address',
  'iec104.initialised',
  'service.role',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const iec104 = protocol({
  name: 'iec104',
  title: 'IEC 60870-5-104',
  spec: 'IEC 60870-5-104:2006, IEC 60870-5-101:2003',
  depth: 'full',
  on: { tcp: [2404] },
  tells: TELLS,
  recognise: looksLikeIec104,
  firstBytes: [0x68],
  frame: frameLength,
  open: openState,
  read: readMessage,
  observe(message, say, conversation) {
    if (message === SUPERVISION) return;
    if (message.control !== 0) observeControl(message.control, say, conversation);
    else if (message.isCut) say.malformed('iec104.cut-short');
    else observeAsdu(message, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say);
  },
});

// ------------------------------------------------------------------ framing

const START = 0x68;
/** Start and length octet (clause 5). */
const HEADER = 2;
const MIN_LENGTH = 4;
const MAX_LENGTH = 253;

function frameLength(reader: Reader): number {
  const start = reader.peek();
  if (start >= 0 && start !== START) return NOT_MINE;
  const length = reader.peek(1);
  if (length < 0) return NEED_MORE;
  return length < MIN_LENGTH || length > MAX_LENGTH ? NOT_MINE : HEADER + length;
}

/** Unnumbered control functions, of which exactly one bit is set besides the two that mark them. */
const START_ACT = 0x07;
const START_CON = 0x0b;
const STOP_ACT = 0x13;
const STOP_CON = 0x23;
const TEST_ACT = 0x43;
const TEST_CON = 0x83;
const CONTROLS: readonly number[] = [START_ACT, START_CON, STOP_ACT, STOP_CON, TEST_ACT, TEST_CON];

/** Bytes of type, qualifier, cause with originator, common address; and of an object's address. */
const ASDU_HEADER = 6;
const OBJECT_ADDRESS = 3;

/** A control function to the last bit, or a message of a known type whose length is what its objects take. */
function looksLikeIec104(reader: Reader): boolean {
  const length = reader.peek(1);
  if (reader.peek() !== START || reader.left < HEADER + length) return false;
  const control = reader.peek(2);
  if (length === MIN_LENGTH)
    return (
      CONTROLS.includes(control) && reader.peek(3) === 0 && reader.peek16(4) === 0 && nextFits(reader, HEADER + length)
    );
  if ((control & 1) !== 0 || (reader.peek(4) & 1) !== 0 || length < MIN_LENGTH + ASDU_HEADER) return false;
  const size = typeOf(reader.peek(6))?.size ?? 0;
  const qualifier = reader.peek(7);
  const count = qualifier & 0x7f;
  const cause = reader.peek(8) & 0x3f;
  if (size === 0 || count === 0 || cause === 0 || cause > 47) return false;
  const objects = qualifier & 0x80 ? OBJECT_ADDRESS + count * size : count * (OBJECT_ADDRESS + size);
  return length === MIN_LENGTH + ASDU_HEADER + objects && nextFits(reader, HEADER + length);
}
const nextFits = (reader: Reader, at: number): boolean => reader.peek(at) === START || reader.left === at;

// ------------------------------------------------------------------ reading

interface Iec104Message {
  /** Unnumbered control function; 0 where the message carries an ASDU. */
  readonly control: number;
  readonly type: number;
  readonly cause: number;
  readonly isNegative: boolean;
  readonly address: number;
  /** Address of the first object, and what of it is told of a command. */
  readonly object: number;
  readonly value: string;
  readonly isSelect: boolean;
  readonly isCut: boolean;
}
const NOTHING: Iec104Message = {
  control: 0,
  type: 0,
  cause: 0,
  isNegative: false,
  address: 0,
  object: 0,
  value: '',
  isSelect: false,
  isCut: false,
};
/** Acknowledgements and tests of the connection. */
const SUPERVISION: Iec104Message = { ...NOTHING, control: TEST_ACT };

function readMessage(reader: Reader): Iec104Message | undefined {
  if (reader.u8() !== START) return undefined;
  const length = reader.u8();
  const control = reader.u8();
  reader.skip(3);
  if (!reader.ok) return undefined;
  if ((control & 1) !== 0) {
    if ((control & 3) === 1) return SUPERVISION;
    if (!CONTROLS.includes(control)) return undefined;
    return control === TEST_ACT || control === TEST_CON ? SUPERVISION : { ...NOTHING, control };
  }
  if (length < MIN_LENGTH + ASDU_HEADER) return { ...NOTHING, isCut: true };
  const type = reader.u8();
  reader.skip(1); // qualifier: number of objects
  const cause = reader.u8();
  reader.skip(1); // originator
  const address = reader.u16le();
  const isNegative = (cause & 0x40) !== 0;
  const head = { ...NOTHING, type, cause: cause & 0x3f, isNegative, address };
  // What stations report comes many times a second; its values are not looked at.
  if (isReport(type) && type !== END_OF_INITIALISATION) return reader.ok ? head : { ...head, isCut: true };
  const object = reader.left > 0 ? reader.u16le() | (reader.u8() << 16) : 0;
  const { value, isSelect } = readValue(type, reader);
  return { ...head, object, value, isSelect, isCut: !reader.ok };
}
const END_OF_INITIALISATION = 70;

interface Value {
  readonly value: string;
  readonly isSelect: boolean;
}
/** What a command says: the state or value, and whether it only selects (IEC 60870-5-101 clause 7.2.6). */
function readValue(type: number, reader: Reader): Value {
  const commanded = type >= WITH_TIME && type <= LAST_WITH_TIME ? type - WITH_TIME + SINGLE : type;
  switch (commanded) {
    case SINGLE: {
      const bits = reader.u8();
      return { value: bits & 1 ? 'on' : 'off', isSelect: bits > 127 };
    }
    case 46:
    case 47: {
      const bits = reader.u8();
      const names = commanded === 46 ? DOUBLE : STEP;
      return { value: names[bits & 3] ?? '', isSelect: bits > 127 };
    }
    case 48:
      return readSetPoint(reader, (((reader.u16le() << 16) >> 16) / 32768).toFixed(4));
    case 49:
      return readSetPoint(reader, String((reader.u16le() << 16) >> 16));
    case 50:
      return readSetPoint(reader, readFloat(reader));
    case 51:
      return { value: `0x${reader.u32le().toString(16).padStart(8, '0')}`, isSelect: false };
    case END_OF_INITIALISATION:
      return { value: INITIALISED[reader.u8() & 0x7f] ?? 'by another cause', isSelect: false };
    case 100: {
      const qualifier = reader.u8();
      const isGroup = qualifier > 20 && qualifier <= 36;
      return { value: qualifier === 20 ? 'whole station' : isGroup ? `group ${qualifier - 20}` : '', isSelect: false };
    }
    case 101:
      return { value: FREEZES[reader.u8() >> 6] ?? '', isSelect: false };
    case 105:
      return { value: reader.u8() === 2 ? 'pending events with time tag' : 'whole process', isSelect: false };
    case 110:
      return { value: (((reader.u16le() << 16) >> 16) / 32768).toFixed(4), isSelect: false };
    case 111:
      return { value: String((reader.u16le() << 16) >> 16), isSelect: false };
    case 112:
      return { value: readFloat(reader), isSelect: false };
    case 120:
    case 122:
      return { value: `file ${reader.u16le()}`, isSelect: false };
    default:
      return { value: '', isSelect: false };
  }
}
const SINGLE = 45;
const WITH_TIME = 58;
const LAST_WITH_TIME = 64;
const DOUBLE = ['not permitted', 'off', 'on', 'not permitted'];
const STEP = ['not permitted', 'lower', 'higher', 'not permitted'];
const FREEZES = ['', 'freeze without reset', 'freeze with reset', 'reset'];
const INITIALISED: Readonly<Record<number, string>> = {
  0: 'by local power switch on',
  1: 'by local manual reset',
  2: 'by remote reset',
};

function readSetPoint(reader: Reader, value: string): Value {
  return { value, isSelect: reader.u8() > 127 };
}
function readFloat(reader: Reader): string {
  const bytes = reader.bytes(4);
  if (bytes.length < 4) return '';
  return String(Number(new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true).toPrecision(7)));
}

// ------------------------------------------------------------------ state

/** Commands kept while their confirmations are outstanding: stations take one at a time per object. */
const MAX_PENDING = 64;
/** Common addresses told per conversation; a concentrator has some hundreds. */
const MAX_ADDRESSES = 1024;

interface Pending {
  readonly type: number;
  readonly address: number;
  readonly object: number;
  /** Cause of the request: activation, deactivation, request. */
  readonly cause: number;
  readonly what: string;
  readonly kind: OperationKind;
  readonly detail: string;
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
}
interface State {
  readonly pending: Pending[];
  readonly addresses: Set<number>;
  areRolesTold: boolean;
}
function openState(): State {
  return { pending: [], addresses: new Set(), areRolesTold: false };
}

// ------------------------------------------------------------------ observing

/** Start and stop of the transfer: the request, or the confirmation that answers it. */
function observeControl(control: number, say: Say, conversation: Conversation<State>): void {
  if (control === START_ACT || control === STOP_ACT) {
    const what = control === START_ACT ? 'start data transfer' : 'stop data transfer';
    wait({ ...requestOf(control, conversation), what, kind: 'session', detail: '' }, say, conversation);
  } else settle(control === START_CON ? START_ACT : STOP_ACT, 0, ANY_OBJECT, true, say, conversation);
}
const ANY_OBJECT = -1;

/** What a request for which nothing is known yet has; control functions stand above all types of message. */
const requestOf = (control: number, { sender, receiver, frame, time }: Conversation<State>) => ({
  type: 0x100 | control,
  address: 0,
  object: 0,
  cause: ACTIVATION,
  from: sender,
  to: receiver,
  frame,
  time,
});

/** Causes of transmission (IEC 60870-5-101 clause 7.2.3). */
const REQUEST = 5;
const ACTIVATION = 6;
const ACTIVATION_CONFIRMED = 7;
const DEACTIVATION = 8;
const DEACTIVATION_CONFIRMED = 9;
const TERMINATED = 10;
const FILE_TRANSFER = 13;
const FIRST_UNKNOWN = 44;
const LAST_UNKNOWN = 47;
const ALL_STATIONS = 0xffff;

function observeAsdu(message: Iec104Message, say: Say, conversation: Conversation<State>): void {
  const { type, cause, address, object, isNegative } = message;
  const { state, sender } = conversation;
  if (isReport(type)) {
    noteStation(address, say, conversation);
    if (type === END_OF_INITIALISATION) say.fact(sender, 'iec104.initialised', message.value, 'M_EI_NA_1');
    // A read is answered by the value itself.
    if (cause === REQUEST && state.pending.length > 0)
      settle(READ, address, ANY_OBJECT, !isNegative, say, conversation);
    return;
  }
  if (cause >= FIRST_UNKNOWN && cause <= LAST_UNKNOWN) {
    settle(type, address, object, false, say, conversation);
    return;
  }
  if (cause === ACTIVATION_CONFIRMED || cause === DEACTIVATION_CONFIRMED || cause === TERMINATED) {
    if (!isNegative) noteStation(address, say, conversation);
    settle(type, address, object, !isNegative, say, conversation);
    return;
  }
  const isFile = cause === FILE_TRANSFER && TOLD_FILE_TYPES.includes(type);
  if (cause !== ACTIVATION && cause !== DEACTIVATION && cause !== REQUEST && !isFile) return;
  const known = typeOf(type);
  const name = known?.what ?? `type ${type}`;
  const request = {
    ...requestOf(0, conversation),
    type,
    address,
    object,
    cause,
    what: cause === DEACTIVATION ? `cancel ${name}` : name,
    kind: known?.kind ?? 'configure',
    detail: detailOf(message, known?.label ?? ''),
  };
  // Files and what goes to all stations are confirmed in other ways.
  if (isFile) sayOperation(request, undefined, say);
  else wait(request, say, conversation);
}
const READ = 102;
const TOLD_FILE_TYPES: readonly number[] = [120, 122];

function detailOf({ address, object, value, isSelect }: Iec104Message, label: string): string {
  const station = address === ALL_STATIONS ? 'all stations' : `station ${address}`;
  const place = object > 0 ? `${station}, object ${object}` : station;
  return `${label ? `${label}, ` : ''}${place}${value ? `: ${value}` : ''}${isSelect ? ' (select)' : ''}`;
}

/** Says once that the sender is a station with this common address. */
function noteStation(address: number, say: Say, { state, sender, receiver }: Conversation<State>): void {
  if (!state.areRolesTold) {
    state.areRolesTold = true;
    say.fact(sender, 'service.role', 'IEC 60870-5-104 controlled station', 'message in monitor direction');
    say.fact(receiver, 'service.role', 'IEC 60870-5-104 controlling station', 'message in monitor direction');
  }
  if (address === ALL_STATIONS || state.addresses.has(address) || state.addresses.size >= MAX_ADDRESSES) return;
  state.addresses.add(address);
  say.fact(sender, 'iec104.common-address', address, 'common address of a message');
}

function wait(request: Pending, say: Say, { state }: Conversation<State>): void {
  if (state.pending.length >= MAX_PENDING) sayOperation(state.pending.shift(), undefined, say);
  state.pending.push(request);
}

/** Says the operation that a confirmation belongs to; to all stations each confirms with its own address. */
function settle(
  type: number,
  address: number,
  object: number,
  accepted: boolean,
  say: Say,
  { state, receiver }: Conversation<State>,
): void {
  const wanted = type === START_ACT || type === STOP_ACT ? 0x100 | type : type;
  const at = state.pending.findIndex(
    (one) =>
      one.type === wanted &&
      one.from === receiver &&
      (one.address === address || one.address === ALL_STATIONS) &&
      (object === ANY_OBJECT || one.object === object),
  );
  if (at < 0) return;
  const [request] = state.pending.splice(at, 1);
  sayOperation(request, accepted, say);
}

function sayOperation(request: Pending | undefined, accepted: boolean | undefined, say: Say): void {
  if (!request) return;
  const { what, kind, detail, from, to, frame, time } = request;
  say.operation(what, kind, { from, to, frame, time, detail: detail || undefined, accepted });
}

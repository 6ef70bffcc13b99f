// Modbus over TCP: the oldest and most common protocol of controllers, meters and drives. Masters poll registers all day;
// what tells something of a device are the identification functions, and who writes.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { describeTouched, functionOf, type ModbusFunction } from './functions.ts';
import { readDeviceIdentification, readServerId } from './identification.ts';
import { looksLikeModbus } from './recognise.ts';
import { readSunSpec, SHORTEST_SUNSPEC } from './sunspec.ts';
import { readUmasAnswer, readUmasRequest, umasFunctionOf } from './umas.ts';
import { noteUnit, sayOfUnit, type Told, type Units, unitsOf } from './units.ts';

const TELLS = [
  'modbus.unit-id',
  'modbus.run-status',
  'device.vendor',
  'device.product-code',
  'device.firmware',
  'device.url',
  'device.model',
  'device.serial',
  'device.friendly-label',
  'device.description',
  'device.hostname',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const modbus = protocol({
  name: 'modbus',
  title: 'Modbus/TCP',
  spec: 'MODBUS Application Protocol Specification V1.1b3; MODBUS Messaging on TCP/IP Implementation Guide V1.0b',
  depth: 'full',
  on: { tcp: [502], udp: [502] },
  tells: TELLS,
  recognise: looksLikeModbus,
  frame: frameLength,
  open: openState,
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('modbus.cut-short', `function ${message.code}`);
    if (message.isStray) say.malformed('modbus.exception-from-client');
    else if (conversation.fromClient) observeRequest(message, say, conversation);
    else observeAnswer(message, say, conversation);
  },
  close(say, conversation) {
    for (const request of conversation.state.pending) sayOperation(request, undefined, say);
  },
});

// ------------------------------------------------------------------ framing

/** Header before the unit identifier, which `length` counts (Messaging Guide 3.1.3). */
const HEADER = 6;
const MAX_LENGTH = 254;
/** Controllers agree on longer UMAS messages, up to 1024 bytes of data as far as is known; twice that is allowed for. */
const MAX_UMAS_LENGTH = 2048;
const UMAS = 90;

function frameLength(reader: Reader): number {
  const protocolId = reader.peek16(2);
  if (protocolId > 0) return NOT_MINE;
  const length = reader.peek16(4);
  if (length < 0) return NEED_MORE;
  if (length < 2 || length > MAX_UMAS_LENGTH) return NOT_MINE;
  if (length > MAX_LENGTH) {
    const code = reader.peek(7);
    if (code < 0) return NEED_MORE;
    if (code !== UMAS) return NOT_MINE;
  }
  return HEADER + length;
}

// ------------------------------------------------------------------ reading

interface ModbusMessage {
  readonly transaction: number;
  readonly unit: number;
  /** Function code without the exception bit. */
  readonly code: number;
  /** Exception code of an answer; 0 where it is none. */
  readonly exception: number;
  /** Of a request: sub-function, MEI type or UMAS function; first address; how many. */
  readonly sub: number;
  readonly address: number;
  readonly count: number;
  readonly isCut: boolean;
  /** An exception that came from the client: nothing that the client could ask for. */
  readonly isStray: boolean;
  /** False where a UMAS answer refuses; an exception says so by itself. */
  readonly accepted: boolean;
  /** What an answer tells of the unit that gave it. */
  readonly told: readonly Told[];
  /** Name that a UMAS client gives itself. */
  readonly station: string;
}
const NOTHING_TOLD: readonly Told[] = [];

function readMessage(reader: Reader, conversation: Conversation<State>): ModbusMessage | undefined {
  const transaction = reader.u16();
  const protocolId = reader.u16();
  const length = reader.u16();
  const unit = reader.u8();
  const byte = reader.u8();
  if (!reader.ok || protocolId !== 0 || length < 2) return undefined;
  // A datagram that is shorter than its header says is something else; a stream may end within a message.
  if (conversation.transport === 'udp' && reader.end - reader.start < HEADER + length) return undefined;
  const code = byte & 0x7f;
  let exception = 0;
  let sub = 0;
  let address = 0;
  let count = 0;
  let accepted = true;
  let told = NOTHING_TOLD;
  let station = '';
  const isStray = conversation.fromClient && byte > 0x7f;
  if (isStray) reader.skip(1);
  else if (conversation.fromClient) {
    if (code === UMAS) ({ code: sub, station } = readUmasRequest(reader));
    else if (code === 8) sub = reader.u16();
    else if (code === 43) sub = reader.u8();
    else if (code === 20 || code === 21) {
      reader.skip(2); // byte count, reference type
      address = reader.u16();
    } else if (code === 23) {
      reader.skip(4); // what it reads
      address = reader.u16();
      count = reader.u16();
    } else if (functionOf(code, 0).touches) {
      address = reader.u16();
      count = COUNTS_IN_REQUEST[code] ? reader.u16() : 1;
    }
  } else if (byte & 0x80) exception = reader.u8();
  else if (code === 43) {
    sub = reader.u8();
    if (sub === 14) told = readDeviceIdentification(reader);
  } else if (code === 3 || code === 4) told = readRegisters(reader);
  else if (code === 17) told = readServerId(reader);
  else if (code === UMAS)
    ({ accepted, told } = readUmasAnswer(
      reader,
      conversation.state.pending[findRequest(conversation.state, transaction, unit, code)]?.sub ?? -1,
    ));
  return {
    transaction,
    unit,
    code,
    exception,
    sub,
    address,
    count,
    isCut: !reader.ok,
    isStray,
    accepted,
    told,
    station,
  };
}

/** Registers mean something only to those who know the map; SunSpec's is the one that says whose it is. */
function readRegisters(reader: Reader): readonly Told[] {
  const length = reader.u8();
  return length < SHORTEST_SUNSPEC ? NOTHING_TOLD : readSunSpec(reader.bytes(length));
}

/** Functions whose request says how many after the address. */
const COUNTS_IN_REQUEST: Readonly<Record<number, true>> = { 1: true, 2: true, 3: true, 4: true, 15: true, 16: true };

// ------------------------------------------------------------------ state

/** Requests kept while their answers are outstanding: the most a server takes at a time (Messaging Guide 4.2.2). */
const MAX_PENDING = 16;
/** Different operations described per conversation: a scan over all addresses is told without them from here on. */
const MAX_DESCRIBED = 128;

interface Operation {
  readonly done: ModbusFunction;
  readonly detail: string;
}
interface Pending {
  readonly transaction: number;
  readonly unit: number;
  readonly code: number;
  readonly sub: number;
  readonly operation: Operation;
  readonly frame: number;
  readonly time: number;
}
interface State {
  readonly pending: Pending[];
  /** By what the request touches: a poll repeats the same few requests for years. */
  readonly operations: Map<number, Operation>;
  /** Key and operation of the last request, which mostly is the next one too. */
  lastKey: number;
  lastOperation: Operation | undefined;
  /** The units of `server`. */
  server: Subject | undefined;
  units: Units | undefined;
}

function openState(): State {
  return {
    pending: [],
    operations: new Map(),
    lastKey: -1,
    lastOperation: undefined,
    server: undefined,
    units: undefined,
  };
}

/** Place of the request that an answer belongs to; -1 where there is none. */
function findRequest({ pending }: State, transaction: number, unit: number, code: number): number {
  for (let at = 0; at < pending.length; at++) {
    const one = pending[at];
    if (one?.transaction === transaction && one.unit === unit && one.code === code) return at;
  }
  return -1;
}

// ------------------------------------------------------------------ observing

function observeRequest(message: ModbusMessage, say: Say, conversation: Conversation<State>): void {
  const state = conversation.state;
  if (message.station) say.fact(conversation.client, 'device.hostname', message.station, 'UMAS take reservation');
  if (state.pending.length >= MAX_PENDING) sayOperation(state.pending.shift(), undefined, say);
  const { transaction, unit, code, sub } = message;
  const { frame, time } = conversation;
  state.pending.push({ transaction, unit, code, sub, operation: operationOf(message, state), frame, time });
}

function operationOf(message: ModbusMessage, state: State): Operation {
  const { code, sub, unit, address, count } = message;
  // One number for what was asked: 7 bits of code, 8 of unit, 16 of sub-function or address, 16 of count.
  const key = ((code * 256 + unit) * 65536 + (sub || address)) * 65536 + count;
  if (key === state.lastKey && state.lastOperation) return state.lastOperation;
  let operation = state.operations.get(key);
  if (!operation) {
    const done = code === UMAS ? umasFunctionOf(sub) : functionOf(code, sub);
    const isRoom = state.operations.size < MAX_DESCRIBED;
    operation = { done, detail: isRoom ? describeTouched(done, unit, address, count) : '' };
    if (isRoom) state.operations.set(key, operation);
  }
  state.lastKey = key;
  state.lastOperation = operation;
  return operation;
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

function observeAnswer(message: ModbusMessage, say: Say, conversation: Conversation<State>): void {
  const { transaction, unit, code, exception, told } = message;
  const { state, server } = conversation;
  const at = findRequest(state, transaction, unit, code);
  if (at >= 0) {
    const request = at === 0 ? state.pending.shift() : state.pending.splice(at, 1)[0];
    sayOperation(request, exception === 0 && message.accepted, say);
  }
  if (exception === GATEWAY_PATH_UNAVAILABLE || exception === GATEWAY_TARGET_SILENT) return;
  if (state.server !== server || !state.units) {
    state.server = server;
    state.units = unitsOf(server);
  }
  noteUnit(state.units, unit, exception === 0, say.fact, conversation);
  if (told.length > 0) sayOfUnit(state.units, unit, told, say.fact, conversation);
}

const GATEWAY_PATH_UNAVAILABLE = 10;
const GATEWAY_TARGET_SILENT = 11;

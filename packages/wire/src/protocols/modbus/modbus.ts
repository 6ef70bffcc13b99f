// Modbus over TCP: the oldest and most common protocol of controllers, meters and drives. Masters poll registers all day;
// what tells something of a device are the identification functions, and who writes.
import type { FactKind, FactValue, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { describeTouched, functionOf, type ModbusFunction } from './functions.ts';
import {
  type IdentificationObject,
  OBJECT_KINDS,
  OBJECT_NAMES,
  readDeviceIdentification,
  readServerId,
  type ServerId,
} from './identification.ts';
import { looksLikeModbus } from './recognise.ts';
import { readUmasAnswer, readUmasRequest, type UmasAnswer, umasFunctionOf } from './umas.ts';

const TELLS = [
  'modbus.unit-id',
  'modbus.run-status',
  'device.vendor',
  'device.product-code',
  'device.firmware',
  'device.url',
  'device.model',
  'device.friendly-label',
  'device.description',
  'device.hostname',
  'operation',
] as const satisfies readonly FactKind[];
type Kind = (typeof TELLS)[number];

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
  readonly identification: readonly IdentificationObject[] | undefined;
  readonly serverId: ServerId | undefined;
  readonly umas: UmasAnswer | undefined;
  /** Name that a UMAS client gives itself. */
  readonly station: string;
}

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
  let identification: IdentificationObject[] | undefined;
  let serverId: ServerId | undefined;
  let umas: UmasAnswer | undefined;
  let station = '';
  if (conversation.fromClient) {
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
    if (sub === 14) identification = readDeviceIdentification(reader);
  } else if (code === 17) serverId = readServerId(reader);
  else if (code === UMAS)
    umas = readUmasAnswer(reader, findRequest(conversation.state, transaction, unit, code)?.sub ?? -1);
  return {
    transaction,
    unit,
    code,
    exception,
    sub,
    address,
    count,
    isCut: !reader.ok,
    isStray: conversation.fromClient && byte > 0x7f,
    identification,
    serverId,
    umas,
    station,
  };
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
}

function openState(): State {
  return { pending: [], operations: new Map(), lastKey: -1, lastOperation: undefined };
}

function findRequest(state: State, transaction: number, unit: number, code: number): Pending | undefined {
  return state.pending.find((one) => one.transaction === transaction && one.unit === unit && one.code === code);
}

// ------------------------------------------------------------------ observing

type Say = Saying<Kind>;

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
    ...(operation.detail ? { detail: operation.detail } : {}),
    ...(accepted === undefined ? {} : { accepted }),
  });
}

function observeAnswer(message: ModbusMessage, say: Say, conversation: Conversation<State>): void {
  const { state, server } = conversation;
  const at = state.pending.findIndex(
    (one) => one.transaction === message.transaction && one.unit === message.unit && one.code === message.code,
  );
  if (at >= 0) {
    const [request] = state.pending.splice(at, 1);
    sayOperation(request, message.exception === 0 && message.umas?.accepted !== false, say);
  }
  if (message.exception === GATEWAY_PATH_UNAVAILABLE || message.exception === GATEWAY_TARGET_SILENT) return;
  const units = unitsOf(server);
  noteUnit(units, message, say, conversation);
  const source = subjectOf(units, message.unit, conversation);
  const told: Told[] = [];
  for (const { id, text } of message.identification ?? []) {
    const kind = OBJECT_KINDS[id as keyof typeof OBJECT_KINDS];
    if (kind && text) told.push({ kind, value: text, source: OBJECT_NAMES[id] ?? '' });
  }
  if (message.serverId) {
    const { text, running } = message.serverId;
    if (text) told.push({ kind: 'device.description', value: text, source: 'report server ID' });
    if (running !== undefined)
      told.push({ kind: 'modbus.run-status', value: running ? 'on' : 'off', source: 'report server ID' });
  }
  if (message.umas?.model) {
    // UMAS has no vendor field, but no other maker's controllers speak it.
    told.push({ kind: 'device.vendor', value: 'Schneider Electric', source: 'UMAS read ID' });
    told.push({ kind: 'device.model', value: message.umas.model, source: 'UMAS read ID' });
    if (message.umas.firmware)
      told.push({ kind: 'device.firmware', value: message.umas.firmware, source: 'UMAS read ID' });
  }
  for (const one of told) say.fact(source, one.kind, one.value, one.source);
  if (told.length > 0 && source === server && isUnitBehind(message.unit)) units.told = told;
}

const GATEWAY_PATH_UNAVAILABLE = 10;
const GATEWAY_TARGET_SILENT = 11;

// -------------------------------------------- units: the server itself, or what sits behind it

/*
 * A unit identifier names a device behind a gateway only where the server answers for several. 0 and 255 always mean the
 * server itself (Messaging Guide 4.4.2.3); so does any other as long as it is the only one, for most servers ignore it.
 * From the second one on that gave a proper answer, each is a part of its own, and what the first one told of itself while
 * it was alone is told of its part too. Exceptions do not make a part: a server asked for all 247 units may give each an
 * exception of its own.
 */
type TextKind = { [K in Kind]: FactValue<K> extends string ? K : never }[Kind];
interface Told {
  readonly kind: TextKind;
  readonly value: string;
  readonly source: string;
}
interface Units {
  /** Units that answered at all, and those of 1 to 254 that answered properly, in order of appearance. */
  readonly answered: Set<number>;
  readonly behind: Set<number>;
  /** What the only unit told of itself. */
  told: readonly Told[];
}

/** What was learnt of a server outlives the conversation: different masters ask for different units. */
const UNITS = new WeakMap<Subject, Units>();

function unitsOf(server: Subject): Units {
  let units = UNITS.get(server);
  if (!units) {
    units = { answered: new Set(), behind: new Set(), told: [] };
    UNITS.set(server, units);
  }
  return units;
}

const isUnitBehind = (unit: number): boolean => unit !== 0 && unit !== 255;

function noteUnit(units: Units, message: ModbusMessage, say: Say, conversation: Conversation<State>): void {
  const { unit, exception } = message;
  const { server } = conversation;
  if (!units.answered.has(unit)) {
    units.answered.add(unit);
    say.fact(server, 'modbus.unit-id', unit, 'unit identifier of an answer');
  }
  if (exception !== 0 || !isUnitBehind(unit) || units.behind.has(unit)) return;
  units.behind.add(unit);
  if (units.behind.size < 2) return;
  const fresh = units.behind.size === 2 ? units.behind : [unit];
  for (const one of fresh) {
    const part = conversation.part(server, 'modbus-unit', String(one));
    say.fact(part, 'modbus.unit-id', one, 'unit identifier of an answer');
    if (one === unit) continue;
    for (const { kind, value, source } of units.told) say.fact(part, kind, value, source);
    units.told = [];
  }
}

function subjectOf(units: Units, unit: number, conversation: Conversation<State>): Subject {
  if (!isUnitBehind(unit) || units.behind.size < 2) return conversation.server;
  return conversation.part(conversation.server, 'modbus-unit', String(unit));
}

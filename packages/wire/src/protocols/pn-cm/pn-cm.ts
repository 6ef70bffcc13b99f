// PROFINET's context management: how a controller opens, configures and reads its devices over UDP before cyclic data
// flow. It tells who the controller is, what is plugged in which slot, and in identification records who made it.
import type { FactKind, OperationKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { hexPairs, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { PI_VENDORS } from '../pn-dcp/vendors.ts';
import {
  applyDifference,
  BLOCK,
  type Block,
  blocksOf,
  type Identification,
  type InterfaceData,
  type Place,
  readExpected,
  readIdentification,
  readIm0,
  readInterface,
  readPlace,
  readPort,
  type Submodule,
} from './blocks.ts';
import { type Entry, readLookup } from './endpoint-map.ts';
import { AR_ROLES, CONNECT, CONTROLLER, callOf, commandName, recordName } from './names.ts';
import {
  FAULT,
  type Fragments,
  LOOKUP,
  looksLikeCall,
  noFragments,
  type Packet,
  REJECT,
  REQUEST,
  RESPONSE,
  readPacket,
} from './packet.ts';

const TELLS = [
  'device.station-name',
  'device.vendor',
  'device.model',
  'device.order-number',
  'device.serial',
  'device.hardware-version',
  'device.firmware',
  'device.plant',
  'device.location',
  'device.installed',
  'device.description',
  'pn.vendor-id',
  'pn.device-id',
  'pn.module-ident',
  'service.role',
  'address.announced-mac',
  'address.announced-ip',
  'network.mask',
  'network.router',
  'network.neighbour',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const pnCm = protocol({
  name: 'pn-cm',
  title: 'PROFINET IO CM',
  spec: 'IEC 61158-6-10, 5.2 (IO context management); The Open Group C706, chapter 12 (DCE/RPC in datagrams)',
  depth: 'full',
  on: { udp: [34964] },
  tells: TELLS,
  recognise: looksLikeCall,
  firstBytes: [0x04],
  open: (): State => ({ pending: new Map(), fragments: [noFragments(), noFragments()] }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('pn-cm.cut-short');
    if (message.type === REQUEST) observeRequest(message, say, conversation);
    else if (message.type === RESPONSE) observeResponse(message, say, conversation);
    else if (message.type === FAULT || message.type === REJECT) settle(message, false, say, conversation);
  },
  close(say, conversation) {
    for (const pending of conversation.state.pending.values()) sayPending(pending, undefined, say);
  },
});

// ------------------------------------------------------------------ reading

interface Touched {
  readonly what: string;
  readonly kind: OperationKind;
  readonly detail: string;
}
interface CmMessage {
  readonly type: number;
  readonly call: string;
  readonly isCut: boolean;
  readonly touched?: Touched;
  readonly relation?: Relation;
  readonly responderMac?: string;
  readonly expected?: readonly Submodule[];
  readonly difference?: Reader;
  readonly isDone?: boolean;
  /** Connect was answered: the object it was for, which the device would have refused if it were another's. */
  readonly device?: string;
  readonly records?: readonly Records[];
  readonly entries?: readonly Entry[];
}
interface Relation {
  readonly role: string;
  readonly mac: string;
  readonly object: string;
  readonly station: string;
}
/** What was read from one place. */
interface Records {
  readonly place: Place;
  readonly im0?: Identification | undefined;
  readonly texts: readonly { readonly kind: TextKind; readonly value: string; readonly source: string }[];
  readonly plugged: readonly Submodule[];
  readonly interfaces: readonly InterfaceData[];
  readonly neighbours: readonly { readonly port: string; readonly chassis: string }[];
}
type TextKind = 'device.plant' | 'device.location' | 'device.installed' | 'device.description';

interface Pending extends Touched {
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
  readonly expected: readonly Submodule[];
}
interface State {
  readonly pending: Map<string, Pending>;
  /** By who sent them: client, server. */
  readonly fragments: readonly [Fragments, Fragments];
}

function readMessage(reader: Reader, { state, fromClient }: Conversation<State>): CmMessage | undefined {
  const packet = readPacket(reader, state.fragments[fromClient ? 0 : 1]);
  if (!packet) return undefined;
  const { type, call } = packet;
  if (packet.isPiece || (type !== REQUEST && type !== RESPONSE))
    return { type: packet.isPiece ? -1 : type, call, isCut: false };
  if (packet.service === LOOKUP) return readMapped(packet);
  return type === REQUEST ? readRequest(packet) : readResponse(packet);
}

const LOOKED_UP: Touched = { what: 'look up endpoints', kind: 'diagnostic', detail: '' };
function readMapped({ type, call, operation, body, isLittle }: Packet): CmMessage {
  if (type === REQUEST) return { type, call, isCut: false, touched: LOOKED_UP };
  const entries = operation === 2 ? readLookup(body, isLittle) : [];
  return { type, call, isCut: false, isDone: true, entries };
}

/** Lengths before the blocks: most, actual, then the array of the blocks as NDR writes it. */
function skipArguments(body: Reader): void {
  body.skip(20);
}

function readRequest({ type, call, operation, body }: Packet): CmMessage {
  skipArguments(body);
  const { what, kind } = callOf(operation);
  const expected: Submodule[] = [];
  const details: string[] = [];
  let relation: Relation | undefined;
  for (const block of blocksOf(body)) {
    if (block.type === BLOCK.arRequest) relation = readRelation(block.body);
    else if (block.type === BLOCK.expectedSubmodules) readExpected(block.body, expected);
    else if (block.type === BLOCK.readRequest) details.push(describe(readPlace(block.body).place));
    else if (block.type === BLOCK.writeRequest) {
      readWrites(block, body, details);
      break;
    } else if (block.type >= BLOCK.firstControl && block.type <= BLOCK.lastControl) {
      block.body.skip(22);
      details.push(commandName(block.body.u16()));
    }
  }
  const detail = details.filter(Boolean).slice(0, 4).join('; ');
  const more = details.length > 4 ? `; and ${details.length - 4} more` : '';
  const touched = { what, kind, detail: `${detail}${more}` };
  return { type, call, isCut: !body.ok, touched, expected, ...(relation ? { relation } : {}) };
}

function readRelation(body: Reader): Relation {
  const role = AR_ROLES[body.u16()] ?? '';
  body.skip(18); // UUID of the relation, session key
  const mac = hexPairs(body.bytes(6), ':');
  const object = hexPairs(body.bytes(16), '');
  body.skip(8); // properties, time-out, port
  return { role, mac, object, station: statedText(body.text(body.u16()), 240) };
}

/** A record, or several: then heads and data follow each other, filled up to four bytes. */
function readWrites(first: Block, body: Reader, details: string[]): void {
  const { place, length } = readPlace(first.body);
  if (place.index !== MULTIPLE_WRITE) {
    details.push(describe(place));
    return;
  }
  const records = body.sub(Math.min(length, body.left));
  while (records.left >= 64) {
    const type = records.u16();
    const head = records.sub(records.u16());
    head.skip(2);
    const record = readPlace(head);
    if (type !== BLOCK.writeRequest || !head.ok) return;
    details.push(describe(record.place));
    records.skip(record.length + ((4 - (record.length % 4)) % 4));
  }
}
const MULTIPLE_WRITE = 0xe040;

const describe = ({ api, slot, subslot, index }: Place): string => {
  const place = slot === 0xffff ? '' : ` of slot ${slot}/${subslot < 0x8000 ? subslot : `0x${subslot.toString(16)}`}`;
  return `${recordName(index)}${place}${api === 0 || api === 0xffffffff ? '' : `, API ${api}`}`;
};

function readResponse({ type, call, operation, object, body }: Packet): CmMessage {
  const isDone = body.u32() === 0;
  skipArguments2(body);
  const records: Records[] = [];
  let difference: Reader | undefined;
  let responderMac = '';
  for (const block of blocksOf(body)) {
    if (block.type === BLOCK.arResponse) {
      block.body.skip(20);
      responderMac = hexPairs(block.body.bytes(6), ':');
    } else if (block.type === BLOCK.moduleDiff) difference = block.body;
    else if (block.type === BLOCK.readResponse) {
      records.push(readRecords(readPlace(block.body).place, body));
      break;
    }
  }
  const isConnect = operation === CONNECT && isDone;
  return {
    type,
    call,
    isCut: isDone && !body.ok,
    isDone,
    records: isDone ? records : [],
    ...(difference ? { difference } : {}),
    ...(isConnect ? { device: object, responderMac } : {}),
  };
}
/** Length, then the array of the blocks: most, offset, actual. */
function skipArguments2(body: Reader): void {
  body.skip(16);
}

/** Blocks of record data, some of them in blocks that say for which subslot they are. */
function readRecords(place: Place, reader: Reader): Records {
  let im0: Identification | undefined;
  const texts: { kind: TextKind; value: string; source: string }[] = [];
  const plugged: Submodule[] = [];
  const interfaces: InterfaceData[] = [];
  const neighbours: { port: string; chassis: string }[] = [];
  const text = (kind: TextKind, value: string, source: string) =>
    texts.push({ kind, value: statedText(value), source });
  const take = (block: Block, depth: number): void => {
    const { type, version, body } = block;
    if (type === BLOCK.im0) im0 = readIm0(body);
    else if (type === BLOCK.im1) {
      text('device.plant', body.text(32), 'I&M1 function');
      text('device.location', body.text(22), 'I&M1 location');
    } else if (type === BLOCK.im2) text('device.installed', body.text(16), 'I&M2');
    else if (type === BLOCK.im3) text('device.description', body.text(54), 'I&M3');
    else if (type === BLOCK.realIdentification) plugged.push(...readIdentification(version, body));
    else if (type >= BLOCK.im0FilterSubmodules && type <= BLOCK.im0FilterDevice)
      plugged.push(...readIdentification(0x0101, body));
    else if (type === BLOCK.interfaceDataReal) {
      const data = readInterface(body);
      if (data) interfaces.push(data);
    } else if (type === BLOCK.portDataReal) {
      const port = readPort(body);
      for (const peer of port?.peers ?? [])
        neighbours.push({ port: port?.port ?? '', chassis: peer.port ? `${peer.chassis} ${peer.port}` : peer.chassis });
    } else if (type === BLOCK.multiple && depth === 0) {
      body.skip(10);
      for (const inner of blocksOf(body)) take(inner, 1);
    }
  };
  for (const block of blocksOf(reader)) take(block, 0);
  return { place, im0, texts, plugged, interfaces, neighbours };
}

// ------------------------------------------------------------------ observing

/** Calls kept while their answers are outstanding; a controller makes one at a time per device. */
const MAX_PENDING = 16;

function observeRequest(message: CmMessage, say: Say, conversation: Conversation<State>): void {
  const { sender, receiver, frame, time, state } = conversation;
  const { relation, touched, expected = [], call } = message;
  if (relation) {
    const source = 'connect request';
    say.fact(sender, 'device.station-name', relation.station, source);
    say.fact(sender, 'service.role', relation.role, source);
    sayMac(relation.mac, sender, source, say);
    sayObject(relation.object, sender, source, say, relation.role === CONTROLLER);
  }
  if (!touched || conversation.toGroup) return;
  if (state.pending.size >= MAX_PENDING)
    for (const [oldest, pending] of state.pending) {
      sayPending(pending, undefined, say);
      state.pending.delete(oldest);
      break;
    }
  state.pending.set(call, { ...touched, from: sender, to: receiver, frame, time, expected });
}

function observeResponse(message: CmMessage, say: Say, conversation: Conversation<State>): void {
  const { sender } = conversation;
  const pending = settle(message, message.isDone === true, say, conversation);
  if (message.device !== undefined) {
    say.fact(sender, 'service.role', 'PROFINET IO device', 'connect response');
    sayMac(message.responderMac ?? '', sender, 'connect response', say);
    sayObject(message.device.replaceAll('-', ''), sender, 'connect response', say);
    const expected = pending?.expected ?? [];
    const plugged = message.difference ? applyDifference(expected, message.difference) : expected;
    sayPlugged(plugged, 'connect response', say, conversation);
  }
  for (const records of message.records ?? []) sayRecords(records, say, conversation);
  for (const entry of message.entries ?? []) {
    const source = 'endpoint mapper';
    sayObject(entry.object.replaceAll('-', ''), sender, source, say);
    say.fact(sender, 'device.model', entry.model, source);
    say.fact(sender, 'device.order-number', entry.order, source);
    say.fact(sender, 'device.hardware-version', entry.hardware, source);
    say.fact(sender, 'device.firmware', entry.firmware, source);
  }
}

function settle(message: CmMessage, accepted: boolean, say: Say, { state }: Conversation<State>): Pending | undefined {
  const pending = state.pending.get(message.call);
  if (!pending) return undefined;
  state.pending.delete(message.call);
  sayPending(pending, accepted, say);
  return pending;
}

function sayPending(
  { what, kind, detail, from, to, frame, time }: Pending,
  accepted: boolean | undefined,
  say: Say,
): void {
  say.operation(what, kind, { from, to, frame, time, accepted, detail: detail || undefined });
}

function sayMac(mac: string, of: Subject, source: string, say: Say): void {
  if (mac && !/^(?:00:){5}00$|^.[13579bdf]/.test(mac)) say.fact(of, 'address.announced-mac', mac, source);
}

/** What Siemens' PROFINET driver on a PC is called: its maker made the driver, not the computer. */
const DRIVER_ON_PC = '0x0202';

/** Object of an interface: behind PROFINET's own bytes instance, device and vendor. */
function sayObject(object: string, of: Subject, source: string, say: Say, isMade = true): void {
  const [, device = '', vendor = ''] = /^dea000006c9711d18271[0-9a-f]{4}([0-9a-f]{4})([0-9a-f]{4})$/.exec(object) ?? [];
  if (!/[1-9a-f]/.test(vendor)) return;
  say.fact(of, 'pn.vendor-id', `0x${vendor}`, source);
  say.fact(of, 'pn.device-id', `0x${device}`, source);
  const isDriver = vendor === '002a' && `0x${device}` === DRIVER_ON_PC;
  if (isMade && !isDriver) say.fact(of, 'device.vendor', PI_VENDORS[Number.parseInt(vendor, 16)] ?? '', source);
}

/** Slot 0 is the device itself (IEC 61158-5-10, 7.2.1); what is plugged into it are its parts. */
function subjectAt({ api, slot, subslot }: Omit<Place, 'index'>, conversation: Conversation<State>): Subject {
  const { sender } = conversation;
  return slot === 0 ? sender : conversation.part(sender, 'pn-submodule', `${api}/${slot}/${subslot}`);
}

function sayPlugged(plugged: readonly Submodule[], source: string, say: Say, conversation: Conversation<State>): void {
  for (const submodule of plugged) {
    if (submodule.slot === 0) continue;
    const ident = `0x${submodule.module.toString(16).padStart(8, '0')}/0x${submodule.submodule.toString(16).padStart(8, '0')}`;
    say.fact(subjectAt(submodule, conversation), 'pn.module-ident', ident, source);
  }
}

function sayRecords(records: Records, say: Say, conversation: Conversation<State>): void {
  const { place, im0, texts, plugged, interfaces, neighbours } = records;
  const of = subjectAt(place, conversation);
  if (im0) sayIdentification(im0, of, 'I&M0', say);
  for (const { kind, value, source } of texts) say.fact(of, kind, value, source);
  sayPlugged(plugged, recordName(place.index), say, conversation);
  for (const { name, mac, ip, mask, router } of interfaces) {
    const source = 'PDInterfaceDataReal';
    const { sender } = conversation;
    say.fact(sender, 'device.station-name', name, source);
    sayMac(mac, sender, source, say);
    if (ip === '0.0.0.0') continue;
    say.fact(sender, 'address.announced-ip', ip, source);
    say.fact(sender, 'network.mask', mask, source);
    if (router !== ip && router !== '0.0.0.0') say.fact(sender, 'network.router', router, source);
  }
  for (const neighbour of neighbours) say.fact(conversation.sender, 'network.neighbour', neighbour, 'PDPortDataReal');
}

function sayIdentification(module: Identification, of: Subject, source: string, say: Say): void {
  const { vendor, order, serial, hardware, firmware } = module;
  if (vendor !== 0 && vendor !== 0xffff) {
    say.fact(of, 'pn.vendor-id', `0x${vendor.toString(16).padStart(4, '0')}`, source);
    say.fact(of, 'device.vendor', PI_VENDORS[vendor] ?? '', source);
  }
  say.fact(of, 'device.order-number', order, source);
  say.fact(of, 'device.serial', serial, source);
  say.fact(of, 'device.hardware-version', hardware, source);
  say.fact(of, 'device.firmware', firmware, source);
}

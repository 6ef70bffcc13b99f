// ADS, the protocol of Beckhoff's TwinCAT: every service of a controller has a port behind its AMS NetId, and tools,
// panels and other controllers read and write its variables, switch its state and load its projects through them.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { Requests, tell } from '../../requests.ts';
import { readTargetDescription, type TargetDescription } from './description.ts';
import {
  ADD_ROUTE,
  type Discovery,
  findDiscoverySecrets,
  isDiscovery,
  readDiscovery,
  readNetId,
  SEARCH,
} from './discovery.ts';
import * as functions from './functions.ts';

const TELLS = [
  'ads.net-id',
  'device.vendor',
  'device.model',
  'device.serial',
  'device.hardware-version',
  'device.hostname',
  'device.software',
  'device.os',
  'device.os-build',
  'device.operating-mode',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const ads = protocol({
  name: 'ads',
  title: 'Beckhoff ADS/AMS',
  spec: 'Beckhoff Information System: AMS/TCP, ADS commands; TwinCAT discovery over UDP 48899 as traffic shows it',
  depth: 'full',
  on: { tcp: [48898], udp: [48899] },
  tells: TELLS,
  recognise: (reader) => isDiscovery(reader) || isAmsTcp(reader),
  firstBytes: [0x00, 0x03],
  frame: frameLength,
  open: openState,
  read: (reader, conversation) =>
    conversation.transport === 'udp' ? readDiscovery(reader) : readCommand(reader, conversation),
  observe(message, say, conversation) {
    if ('netId' in message) observeDiscovery(message, say, conversation);
    else observeCommand(message, say, conversation);
  },
  secrets: (reader, conversation) => (conversation.transport === 'udp' ? findDiscoverySecrets(reader) : []),
  close: (say, conversation) => conversation.state.requests.close(say),
});

// ------------------------------------------------------------------ framing

/** Before every message in a TCP stream: two bytes that are zero, and the length of the rest. */
const TCP_HEADER = 6;
/** Target and source, command, flags, length of the data, error, number of the request. */
const AMS_HEADER = 32;
/** A router takes messages of 4 MiB at most; what one reads of projects is cut into smaller ones by the tools. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** What is wanted of a message is in its first kilobytes: names, and the description of a target. */
const MAX_KEPT = 4096;
const ANSWER = 0x0001;
const ADS_COMMAND = 0x0004;

function lengthAt(reader: Reader, at: number): number {
  const low = reader.peek16(at);
  const high = reader.peek16(at + 2);
  if (low < 0 || high < 0) return -1;
  return ((low >> 8) | ((low & 255) << 8)) + ((high >> 8) | ((high & 255) << 8)) * 0x1_0000;
}

function isAmsTcp(reader: Reader): boolean {
  const length = lengthAt(reader, 2);
  const flags = reader.peek(TCP_HEADER + 18) | (reader.peek(TCP_HEADER + 19) << 8);
  return (
    reader.peek16() === 0 &&
    length >= AMS_HEADER &&
    length <= MAX_LENGTH &&
    reader.peek(TCP_HEADER + 17) === 0 &&
    reader.peek(TCP_HEADER + 16) <= functions.LAST_COMMAND &&
    (flags & ~ANSWER) === ADS_COMMAND &&
    lengthAt(reader, TCP_HEADER + 20) === length - AMS_HEADER
  );
}

function frameLength(reader: Reader): number {
  if (reader.peek16() > 0) return NOT_MINE;
  if (reader.peek(TCP_HEADER + 23) < 0) return NEED_MORE;
  return isAmsTcp(reader) ? TCP_HEADER + lengthAt(reader, 2) : NOT_MINE;
}

// ------------------------------------------------------------------ reading

interface Command {
  readonly isAnswer: boolean;
  readonly isCut: boolean;
  readonly command: number;
  readonly target: number;
  readonly targetPort: number;
  readonly source: number;
  readonly sourcePort: number;
  readonly invoke: number;
  /** Of an answer: error of the AMS header, else result of the command. */
  readonly error: number;
  readonly group: number;
  readonly offset: number;
  /** State that is asked for, or is told. */
  readonly state: number;
  /** Name of a symbol or file that is asked for. */
  readonly symbol: string;
  /** Number that an answer gives for that name. */
  readonly handle: number;
  /** Service and its version, where an answer tells them. */
  readonly service: string;
  readonly description: TargetDescription | undefined;
}

function readCommand(reader: Reader, { state }: Conversation<State>): Command | undefined {
  if (!isAmsTcp(reader)) return undefined;
  reader.skip(TCP_HEADER);
  const target = readNetId(reader);
  const targetPort = reader.u16le();
  const source = readNetId(reader);
  const sourcePort = reader.u16le();
  const command = reader.u16le();
  const isAnswer = (reader.u16le() & ANSWER) !== 0;
  reader.skip(4);
  let error = reader.u32le();
  const invoke = reader.u32le();
  let group = 0;
  let offset = 0;
  let adsState = 0;
  let symbol = '';
  let handle = -1;
  let service = '';
  let description: TargetDescription | undefined;
  if (!isAnswer) {
    if (command === functions.WRITE_CONTROL) adsState = reader.u16le();
    else if (command === functions.READ || command === functions.WRITE || command === functions.READ_WRITE) {
      group = reader.u32le();
      offset = reader.u32le();
      if (command === functions.READ_WRITE) {
        reader.skip(4);
        const size = reader.u32le();
        const isFile = group === functions.OPEN_FILE && targetPort === functions.SYSTEM_PORT;
        if (group === functions.HANDLE_BY_NAME || group === functions.VALUE_BY_NAME || isFile)
          symbol = cleanText(reader.text(Math.min(size, MAX_SYMBOL)));
      }
    }
  } else if (error === 0 && command !== functions.NOTIFICATION) {
    error = reader.u32le();
    if (error === 0) {
      if (command === functions.READ_DEVICE_INFO) service = readService(reader);
      else if (command === functions.READ_STATE) adsState = reader.u16le();
      else if (command === functions.READ || command === functions.READ_WRITE) {
        const size = reader.u32le();
        if (size === 4 && command === functions.READ_WRITE) handle = reader.u32le();
        else if (reader.peek() === LESS_THAN && reader.peek16(1) === TC)
          description = readTargetDescription(reader.text(Math.min(size, reader.left, MAX_KEPT)));
      }
    }
  }
  if (isAnswer) group = state.requests.peek(invoke)?.more.group ?? 0;
  return {
    isAnswer,
    isCut: !reader.ok,
    command,
    target,
    targetPort,
    source,
    sourcePort,
    invoke,
    error,
    group,
    offset,
    state: adsState,
    symbol,
    handle,
    service,
    description,
  };
}
/** "<", then "Tc": how the description of a target begins. */
const LESS_THAN = 0x3c;
const TC = 0x5463;
/** Names of symbols are paths through a program; TwinCAT allows 255 characters. */
const MAX_SYMBOL = 255;

function readService(reader: Reader): string {
  const major = reader.u8();
  const minor = reader.u8();
  const build = reader.u16le();
  const name = cleanText(reader.text(16));
  return reader.ok && /^[A-Za-z][\x20-\x7e]+$/.test(name) ? `${name} ${major}.${minor}.${build}` : '';
}

// ------------------------------------------------------------------ state

/** Symbols whose handles are remembered, and NetIds told of, per conversation: a large panel has some hundred. */
const MAX_SYMBOLS = 512;
const MAX_NET_IDS = 64;

interface Asked {
  readonly group: number;
  readonly symbol: string;
}
interface State {
  readonly requests: Requests<Asked>;
  readonly symbols: Map<number, string>;
  /** What stands behind each NetId that was met at an end. */
  readonly client: Nodes;
  readonly server: Nodes;
}
interface Nodes {
  /** NetId of the end itself: the first that ends in 1.1, as those of TwinCAT systems do. */
  own: number;
  /** Whether it was told. */
  isTold: boolean;
  readonly known: Map<number, Subject>;
}
function openState(): State {
  return {
    requests: new Requests(),
    symbols: new Map(),
    client: { own: -1, isTold: false, known: new Map() },
    server: { own: -1, isTold: false, known: new Map() },
  };
}

const netIdText = (id: number): string => {
  const high = Math.floor(id / 0x1_0000);
  return `${high >>> 24}.${(high >> 16) & 255}.${(high >> 8) & 255}.${high & 255}.${(id >> 8) & 255}.${id & 255}`;
};
/** Nobody's, and the one that every system has for itself. */
const isTelling = (id: number): boolean => id > 0xffff_ffff && Math.floor(id / 0x1_0000) !== 0x7f00_0001;

/** Who has a NetId at an end. The first that a system can have is taken for that of the end itself. */
function nodeOf(id: number, end: Subject, nodes: Nodes, conversation: Conversation<State>): Subject {
  if (!isTelling(id) || id === nodes.own) return end;
  const known = nodes.known.get(id);
  if (known) return known;
  if (nodes.own < 0 && (id & 0xffff) === SYSTEM_NET_ID) {
    nodes.own = id;
    return end;
  }
  const node = conversation.part(end, 'ams-net-id', netIdText(id));
  if (nodes.known.size < MAX_NET_IDS) nodes.known.set(id, node);
  return node;
}
/** The last two bytes of the NetId of a TwinCAT system; those of its fieldbus masters end in others. */
const SYSTEM_NET_ID = 0x0101;

// ------------------------------------------------------------------ observing

function observeCommand(message: Command, say: Say, conversation: Conversation<State>): void {
  const { command, isAnswer, isCut, source, target, targetPort, group, offset, symbol, invoke } = message;
  if (isCut) say.malformed('ads.cut-short', `command ${command}`);
  const { state, fromClient, sender, receiver } = conversation;
  const nodes = fromClient ? state.client : state.server;
  const node = nodeOf(source, sender, nodes, conversation);
  if (source === nodes.own && !nodes.isTold) {
    nodes.isTold = true;
    say.fact(sender, 'ads.net-id', netIdText(source), 'AMS header, source');
  }
  if (isAnswer) observeAnswer(message, node, say, conversation);
  else if (command !== functions.NOTIFICATION) {
    const done = functions.adsFunction(command, targetPort, group, message.state);
    const to = nodeOf(target, receiver, fromClient ? state.server : state.client, conversation);
    let detail = symbol;
    if (command === functions.WRITE)
      detail =
        (group === functions.VALUE_BY_HANDLE ? state.symbols.get(offset) : undefined) ??
        `index group 0x${group.toString(16)}, offset 0x${offset.toString(16)}`;
    state.requests.ask(invoke, done, detail, { group, symbol }, say, conversation, to);
  }
}

function observeAnswer(message: Command, node: Subject, say: Say, conversation: Conversation<State>): void {
  const { invoke, error, command, sourcePort, handle, service, description } = message;
  const request = conversation.state.requests.answer(invoke);
  tell(request, error === 0, say);
  if (handle >= 0 && request?.more.group === functions.HANDLE_BY_NAME && request.more.symbol) {
    const { symbols } = conversation.state;
    if (symbols.size >= MAX_SYMBOLS) symbols.clear();
    symbols.set(handle, request.more.symbol);
  }
  if (command === functions.READ_STATE && sourcePort === functions.SYSTEM_PORT)
    say.fact(node, 'device.operating-mode', functions.STATES[message.state] ?? '', 'read state, ADS state');
  if (service) say.fact(node, 'device.software', service, 'read device info');
  if (!description) return;
  const { model, serial, cpuVersion, twincat, os } = description;
  if (BECKHOFF_MODEL.test(model)) say.fact(node, 'device.vendor', 'Beckhoff', 'target description, TargetType');
  say.fact(node, 'device.model', model, 'target description, TargetType');
  say.fact(node, 'device.serial', serial, 'target description, SerialNo');
  say.fact(node, 'device.hardware-version', cpuVersion, 'target description, CPUVersion');
  say.fact(node, 'device.software', twincat, 'target description, TargetVersion');
  say.fact(node, 'device.os', os, 'target description, OsName');
}

/** Industrial PCs, embedded PCs, panels and controllers by the scheme of Beckhoff's type names. */
const BECKHOFF_MODEL = /^(CX\d|C[3569]\d{3}|CP\d|BX\d|BC\d|CB\d|EL\d|EK\d)/;

const SEARCHES = { what: 'search for controllers', kind: 'diagnostic' } as const;
const ADDS_ROUTE = { what: 'add route', kind: 'configure' } as const;

function observeDiscovery(message: Discovery, say: Say, conversation: Conversation<State>): void {
  const { isAnswer, isCut, command, netId, invoke, name, route, user } = message;
  const { requests } = conversation.state;
  const { sender } = conversation;
  if (isCut) say.malformed('ads.discovery-cut-short');
  if (isTelling(netId)) say.fact(sender, 'ads.net-id', netIdText(netId), 'discovery, AMS address');
  if (isAnswer) {
    tell(requests.answer(invoke), message.status <= 0, say);
    if (command !== SEARCH) return;
    say.fact(sender, 'device.hostname', name, 'discovery, host name');
    say.fact(sender, 'device.software', message.twincat, 'discovery, TwinCAT version');
    say.fact(sender, 'device.os', message.os, 'discovery, operating system');
    say.fact(sender, 'device.os-build', message.osBuild, 'discovery, operating system');
    return;
  }
  if (command === ADD_ROUTE) {
    const detail = route && name && route !== name ? `${route}, ${name}` : route || name;
    requests.ask(invoke, ADDS_ROUTE, detail, { group: 0, symbol: '' }, say, conversation);
    if (message.hasPassword)
      say.fact(
        conversation.receiver,
        'credential.cleartext',
        { what: 'password for a TwinCAT route', ...(user ? { account: user } : {}) },
        'add route, password',
      );
  } else if (command === SEARCH && !conversation.toGroup)
    requests.ask(invoke, SEARCHES, '', { group: 0, symbol: '' }, say, conversation);
}

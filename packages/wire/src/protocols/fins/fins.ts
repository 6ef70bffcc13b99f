// FINS, the protocol of Omron's controllers: the same messages in UDP datagrams, in a TCP stream with a short header
// before each, and from there through networks of other kinds. Any node may ask any other.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { Requests, tell } from '../../requests.ts';
import type { SecretRange } from '../../secrets.ts';
import { describeTouched, FINS_FUNCTIONS, finsFunction } from './functions.ts';

const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.plc-name',
  'device.operating-mode',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const fins = protocol({
  name: 'fins',
  title: 'Omron FINS',
  spec: 'OMRON W342 (commands of CS/CJ/CP series); W420 (Ethernet units), sections 6 and 7: FINS/UDP and FINS/TCP',
  depth: 'full',
  on: { tcp: [9600], udp: [9600] },
  tells: TELLS,
  recognise(reader) {
    return startsWithMagic(reader) ? isTcpHeader(reader) : isFinsHeader(reader, 0) && isKnownCommand(reader);
  },
  firstBytes: [0x46, 0x80, 0x81, 0xc0, 0xc1],
  frame: frameLength,
  open: () => ({ requests: new Requests<undefined>() }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.command < 0) return;
    if (message.isCut) say.malformed('fins.cut-short', FINS_FUNCTIONS[message.command]?.what);
    if (message.isAnswer) observeAnswer(message, say, conversation);
    else observeCommand(message, say, conversation);
  },
  secrets: findSecrets,
  close: (say, conversation) => conversation.state.requests.close(say),
});

interface State {
  readonly requests: Requests<undefined>;
}

// ------------------------------------------------------------------ framing

/** "FINS" before every message in a TCP stream (W420 section 7-2). */
const MAGIC_HIGH = 0x4649;
const MAGIC_LOW = 0x4e53;
/** Magic, length, command, error code; `length` counts from the command on. */
const TCP_HEADER = 16;
const SEND_FRAME = 2;
/** Commands of FINS/TCP: node address both ways, frame, error, connection confirmation. */
const MAX_TCP_COMMAND = 6;
/** A FINS message has at most 2012 bytes; more is allowed for, as large transfers of newer controllers may have. */
const MAX_LENGTH = 8192;
/** ICF, RSV, GCT, destination, source, SID, command. */
const HEADER = 12;

const startsWithMagic = (reader: Reader): boolean => reader.peek16() === MAGIC_HIGH && reader.peek16(2) === MAGIC_LOW;

function isTcpHeader(reader: Reader): boolean {
  const length = reader.peek16(6);
  return (
    reader.peek16(4) === 0 &&
    length >= 8 &&
    length <= MAX_LENGTH &&
    reader.peek16(8) === 0 &&
    reader.peek16(10) >= 0 &&
    reader.peek16(10) <= MAX_TCP_COMMAND
  );
}

function frameLength(reader: Reader): number {
  for (const [at, byte] of [0x46, 0x49, 0x4e, 0x53].entries()) {
    const is = reader.peek(at);
    if (is < 0) return NEED_MORE;
    if (is !== byte) return NOT_MINE;
  }
  if (reader.peek16(10) < 0) return NEED_MORE;
  return isTcpHeader(reader) ? 8 + reader.peek16(6) : NOT_MINE;
}

/** Information control field, reserved, gateway count, and addresses that exist (W342 section 3-1). */
function isFinsHeader(reader: Reader, at: number): boolean {
  const icf = reader.peek(at);
  return (
    icf >= 0 &&
    (icf & 0x3e) === 0 &&
    reader.peek(at + 1) === 0 &&
    reader.peek(at + 2) >= 0 &&
    reader.peek(at + 2) <= MAX_GATEWAYS &&
    reader.peek(at + 3) <= 0x7f &&
    reader.peek(at + 6) <= 0x7f &&
    isUnit(reader.peek(at + 5)) &&
    isUnit(reader.peek(at + 8)) &&
    reader.peek16(at + 10) >= 0
  );
}
const MAX_GATEWAYS = 7;
/** CPU, peripheral devices, units on the CPU bus, inner boards, special units, and the unit on the network. */
const isUnit = (unit: number): boolean => unit <= 0x8f || unit === 0xe1 || unit === 0xfe;

/** On other ports only what is certain: a command of the manual, flags of a gateway, and a length that it can have. */
function isKnownCommand(reader: Reader): boolean {
  const size = reader.end - reader.at;
  const isAnswer = (reader.peek() & 0x40) !== 0;
  const code = reader.peek16(10);
  if (!FINS_FUNCTIONS[code] || (reader.peek() & 0x80) === 0) return false;
  if (isAnswer) return size >= HEADER + 2;
  return code === MEMORY_AREA_READ ? size === HEADER + 6 : code === CONTROLLER_DATA_READ ? size <= HEADER + 1 : true;
}

// ------------------------------------------------------------------ reading

const MEMORY_AREA_READ = 0x0101;
const PROGRAM_AREA_PROTECT = 0x0304;
const PROGRAM_AREA_PROTECT_CLEAR = 0x0305;
const CONTROLLER_DATA_READ = 0x0501;
const CONNECTION_DATA_READ = 0x0502;
const CONTROLLER_STATUS_READ = 0x0601;
const NAME_SET = 0x2601;
const NAME_READ = 0x2603;
/** Units that one connection data answer names: 25 fit into a message, a whole system has no more than 66. */
const MAX_UNITS = 66;

interface UnitModel {
  readonly unit: number;
  readonly model: string;
}
interface FinsMessage {
  /** -1 for messages of FINS/TCP itself. */
  readonly command: number;
  readonly isAnswer: boolean;
  readonly isCut: boolean;
  /** Destination and source: network, node, unit. */
  readonly destination: number;
  readonly source: number;
  readonly id: number;
  /** Main and sub response code without the flags in them; 0 is done. */
  readonly response: number;
  readonly detail: string;
  readonly model: string;
  readonly version: string;
  readonly name: string;
  readonly mode: string;
  readonly units: readonly UnitModel[];
}
const NO_UNITS: readonly UnitModel[] = [];
const OWN: FinsMessage = {
  command: -1,
  isAnswer: false,
  isCut: false,
  destination: 0,
  source: 0,
  id: 0,
  response: 0,
  detail: '',
  model: '',
  version: '',
  name: '',
  mode: '',
  units: NO_UNITS,
};

function readMessage(reader: Reader, conversation: Conversation<State>): FinsMessage | undefined {
  if (conversation.transport === 'tcp') {
    if (!startsWithMagic(reader)) return undefined;
    reader.skip(8);
    const command = reader.u32();
    reader.skip(4);
    if (command !== SEND_FRAME) return reader.ok ? OWN : undefined;
  }
  if (!isFinsHeader(reader, 0)) return undefined;
  const isAnswer = (reader.u8() & 0x40) !== 0;
  reader.skip(2);
  const destination = reader.u24();
  const source = reader.u24();
  const id = reader.u8();
  const command = reader.u16();
  if (!isAnswer) {
    const detail = describeTouched(command, reader);
    const name = command === NAME_SET ? printable(reader.text(Math.min(8, reader.left))) : '';
    return { ...OWN, command, destination, source, id, detail, name, isCut: !reader.ok };
  }
  const response = reader.u16() & RESPONSE_WITHOUT_FLAGS;
  let model = '';
  let version = '';
  let name = '';
  let mode = '';
  let units = NO_UNITS;
  if (response === 0 && reader.ok) {
    if (command === CONTROLLER_DATA_READ && reader.left >= 40) {
      model = printable(reader.text(20));
      version = printable(reader.text(20));
    } else if (command === CONNECTION_DATA_READ) units = readUnits(reader);
    else if (command === NAME_READ) name = printable(reader.text(Math.min(8, reader.left)));
    else if (command === CONTROLLER_STATUS_READ) mode = readMode(reader);
  }
  return {
    command,
    isAnswer,
    isCut: !reader.ok,
    destination,
    source,
    id,
    response,
    detail: '',
    model,
    version,
    name,
    mode,
    units,
  };
}

/** Bit 15 of a response code says that it comes from a relay, bits 6 and 7 that the controller has an error (5-1-3). */
const RESPONSE_WITHOUT_FLAGS = 0x7f3f;

/** Texts are filled up with blanks or zeros; one with other signs in it is none. */
function printable(text: string): string {
  const clean = cleanText(text);
  return /^[\x20-\x7e]+$/.test(clean) ? clean : '';
}

/** Number of units with a flag for the last, then address and model of each (W342 5-3-17). */
function readUnits(reader: Reader): readonly UnitModel[] {
  const count = Math.min(reader.u8() & 0x7f, MAX_UNITS);
  const units: UnitModel[] = [];
  for (let n = 0; n < count && reader.left >= 21; n++) {
    const unit = reader.u8();
    const model = printable(reader.text(20));
    if (model) units.push({ unit, model });
  }
  return units;
}

function readMode(reader: Reader): string {
  const status = reader.u8() & 0x7f;
  const mode = reader.u8();
  if (!reader.ok || status > 1) return '';
  return mode === 0 ? 'program' : mode === 2 ? 'monitor' : mode === 4 ? 'run' : '';
}

// ------------------------------------------------------------------ observing

/** What an answer has in common with its command: identifier, command, and the way it goes. */
const keyOf = (message: FinsMessage, fromClient: boolean): number =>
  (message.command * 256 + message.id) * 2 + (fromClient ? 1 : 0);

function observeCommand(message: FinsMessage, say: Say, conversation: Conversation<State>): void {
  const { command, destination, detail } = message;
  const to = nodeOf(destination, conversation.receiver, conversation);
  const key = keyOf(message, conversation.fromClient);
  conversation.state.requests.ask(key, finsFunction(command), detail, undefined, say, conversation, to);
  if (command === PROGRAM_AREA_PROTECT || command === PROGRAM_AREA_PROTECT_CLEAR)
    say.fact(to, 'credential.cleartext', { what: 'FINS program area password' }, finsFunction(command).what);
}

function observeAnswer(message: FinsMessage, say: Say, conversation: Conversation<State>): void {
  const { source, response, model, version, name, mode, units } = message;
  // The answer says where it comes from; it is the other way round than the command.
  tell(conversation.state.requests.answer(keyOf(message, !conversation.fromClient)), response === 0, say);
  if (model) {
    const node = nodeOf(source, conversation.sender, conversation);
    if (OMRON_MODEL.test(model)) say.fact(node, 'device.vendor', 'Omron', 'controller data read, model');
    say.fact(node, 'device.model', model, 'controller data read, model');
    say.fact(node, 'device.firmware', version, 'controller data read, version');
  }
  if (name) say.fact(nodeOf(source, conversation.sender, conversation), 'device.plc-name', name, 'name read');
  if (mode)
    say.fact(
      nodeOf(source, conversation.sender, conversation),
      'device.operating-mode',
      mode,
      'controller status read',
    );
  for (const { unit, model: unitModel } of units) {
    const node = nodeOf((source & 0xffff00) | unit, conversation.sender, conversation);
    say.fact(node, 'device.model', unitModel, 'connection data read, model');
  }
}

/** Families of controllers and their units: C200H, CQM1, CV, CS, CJ, CP, NSJ, NJ, NX, NY. */
const OMRON_MODEL = /^(C\d{2,4}H|CQM\d|CV[M\d]|CVM1|CS1|CJ[12]|CP[12]|NSJ|NJ\d|NX\d|NX1P|NY\d)/;

/**
 * Who a FINS address means, seen from the end that has the message. Network 0 is the local one: unit 0 there is the
 * controller itself, others are units on its bus. What is in another network is behind it, unless the node number is the
 * last byte of its own address, as Ethernet units are set (W420 section 5-1).
 */
function nodeOf(address: number, end: Subject, conversation: Conversation<State>): Subject {
  const network = address >> 16;
  const node = (address >> 8) & 0xff;
  const unit = address & 0xff;
  const isLocal = network === 0 || node === 0 || end.ip?.endsWith(`.${node}`) === true;
  if (isLocal && (unit === 0 || unit === UNIT_ON_NETWORK)) return end;
  return conversation.part(end, 'fins', isLocal ? `0/0/${unit}` : `${network}/${node}/${unit}`);
}
const UNIT_ON_NETWORK = 0xfe;

/** The four bytes of the password end both commands that carry one. */
function findSecrets(reader: Reader, conversation: Conversation<State>): readonly SecretRange[] {
  const at = conversation.transport === 'tcp' ? TCP_HEADER : 0;
  const command = reader.peek16(at + 10);
  const isSecret = command === PROGRAM_AREA_PROTECT || command === PROGRAM_AREA_PROTECT_CLEAR;
  return isSecret && (reader.peek(at) & 0x40) === 0
    ? [{ from: at + HEADER + 7, to: reader.end - reader.start, what: 'FINS program area password' }]
    : [];
}

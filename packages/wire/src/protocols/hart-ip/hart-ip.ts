// HART-IP: transmitters and valves of process plants, and the multiplexers and gateways in front of them. A session is
// opened, then messages of HART cross as they would on the loop; devices publish their values without being asked.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { Requests, tell } from '../../requests.ts';
import { hartCommand, MANUFACTURERS } from './commands.ts';
import {
  addressOf,
  addressText,
  commandAt,
  type HartIdentity,
  type HartPdu,
  type HartTexts,
  isCheckRight,
  readDirectCommand,
  readPdu,
  type SubDevice,
} from './pdu.ts';

const TELLS = [
  'device.vendor',
  'device.serial',
  'device.firmware',
  'device.hardware-version',
  'device.friendly-label',
  'hart.manufacturer-id',
  'hart.device-type',
  'hart.device-revision',
  'hart.universal-revision',
  'hart.tag',
  'hart.descriptor',
  'hart.message',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const hartIp = protocol({
  name: 'hart-ip',
  title: 'HART-IP',
  spec: 'FieldComm Group HCF_SPEC-85 (network management, HART-IP); HCF_SPEC-127 and HCF_SPEC-151 (commands)',
  depth: 'full',
  on: { tcp: [5094], udp: [5094] },
  tells: TELLS,
  recognise: isHartIp,
  firstBytes: [1, 2],
  frame: frameLength,
  open: () => ({ requests: new Requests<undefined>(), own: -1 }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isBroken) say.malformed('hart-ip.check-wrong');
    if (message.id === SESSION_INITIATE || message.id === SESSION_CLOSE) observeSession(message, say, conversation);
    for (const pdu of message.pdus) observePdu(pdu, message.sequence, say, conversation);
  },
  close: (say, conversation) => conversation.state.requests.close(say),
});

interface State {
  readonly requests: Requests<undefined>;
  /** Address of the server itself, as `ownOf` makes it comparable; -1 while it is not known. */
  own: number;
}

// ------------------------------------------------------------------ framing

/** Version, message type, message id, status, sequence number, byte count of all. */
const HEADER = 8;
/** A message of HART has at most 267 bytes; a direct one holds several. */
const MAX_LENGTH = 4096;
const REQUEST = 0;
const RESPONSE = 1;
const PUBLISH = 2;
const NAK = 15;
const SESSION_INITIATE = 0;
const SESSION_CLOSE = 1;
const TOKEN_PASSING = 3;
const DIRECT = 4;
/** Session, keep-alive, both kinds of message, audit log. */
const MAX_ID = 5;

function isHeader(reader: Reader): boolean {
  const version = reader.peek();
  const type = reader.peek(1);
  const length = reader.peek16(6);
  return (
    (version === 1 || version === 2) &&
    (type <= PUBLISH || type === NAK) &&
    reader.peek(2) <= MAX_ID &&
    length >= HEADER &&
    length <= MAX_LENGTH
  );
}

function frameLength(reader: Reader): number {
  const version = reader.peek();
  if (version !== 1 && version !== 2) return NOT_MINE;
  if (reader.peek(HEADER - 1) < 0) return NEED_MORE;
  return isHeader(reader) ? reader.peek16(6) : NOT_MINE;
}

/** Sure from the bytes: the beginning of a session, or a message whose check is right. */
function isHartIp(reader: Reader): boolean {
  const size = reader.end - reader.at;
  if (!isHeader(reader) || reader.peek16(6) !== size) return false;
  if (reader.peek(2) === SESSION_INITIATE) return size === 13 && reader.peek(8) <= 1 && reader.peek(3) === 0;
  if (reader.peek(2) !== TOKEN_PASSING || size < HEADER + 5) return false;
  const { at } = reader;
  reader.at = at + HEADER;
  const command = commandAt(reader);
  const isSure = command > 0 && isCheckRight(reader) && reader.peek(command + 1) === size - HEADER - command - 3;
  reader.at = at;
  return isSure;
}

// ------------------------------------------------------------------ reading

interface HartMessage {
  readonly type: number;
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
  readonly isBroken: boolean;
  readonly pdus: readonly HartPdu[];
}
const NO_PDUS: readonly HartPdu[] = [];
/** Commands read of one direct message. */
const MAX_COMMANDS = 64;

function readMessage(reader: Reader, conversation: Conversation<State>): HartMessage | undefined {
  if (!isHeader(reader)) return undefined;
  reader.skip(1);
  const type = reader.u8();
  const id = reader.u8();
  const status = reader.u8();
  const sequence = reader.u16();
  const length = reader.u16();
  if (conversation.transport === 'udp' && length !== reader.end - reader.start) return undefined;
  if (id === TOKEN_PASSING) {
    const isBroken = !isCheckRight(reader);
    const pdu = readPdu(reader);
    if (!pdu) return { type, id, status, sequence, isBroken: true, pdus: NO_PDUS };
    // Values that arrive unasked say nothing that is wanted here.
    const isPlain = pdu.isBurst && !pdu.identity && !pdu.texts;
    return { type, id, status, sequence, isBroken, pdus: isPlain || isBroken ? NO_PDUS : [pdu] };
  }
  if (id === DIRECT) {
    reader.skip(2); // device status and its extension
    const pdus: HartPdu[] = [];
    while (reader.left >= 3 && pdus.length < MAX_COMMANDS) {
      const pdu = readDirectCommand(reader, type === RESPONSE, -1);
      if (pdu) pdus.push(pdu);
    }
    return { type, id, status, sequence, isBroken: !reader.ok, pdus };
  }
  return { type, id, status, sequence, isBroken: false, pdus: NO_PDUS };
}

// ------------------------------------------------------------------ observing

const OPENS = { what: 'session initiate', kind: 'session' } as const;
const CLOSES = { what: 'session close', kind: 'session' } as const;
/** Keys of session messages are beside those of commands, whose numbers have 16 bits. */
const SESSION = 0x1_0000;

function observeSession(
  { type, id, status, sequence }: HartMessage,
  say: Say,
  conversation: Conversation<State>,
): void {
  const { requests } = conversation.state;
  const key = keyOf(sequence, SESSION + id);
  if (type === REQUEST) requests.ask(key, id === SESSION_INITIATE ? OPENS : CLOSES, '', undefined, say, conversation);
  else if (type === RESPONSE || type === NAK)
    // A warning says that another time or version is used than was asked for.
    tell(requests.answer(key), type === RESPONSE && (status === 0 || status === WARNING), say);
}
const WARNING = 8;

const keyOf = (sequence: number, command: number): number => command * 0x1_0000 + sequence;

function observePdu(pdu: HartPdu, sequence: number, say: Say, conversation: Conversation<State>): void {
  const { state, sender, receiver } = conversation;
  const { isAnswer, isBurst, address, command, response, identity, subDevice, embedded } = pdu;
  const key = keyOf(sequence, command);
  // Who answers to a short address, or to the first long one that is met, is the server itself.
  if (isAnswer && address < 0 && identity && command === 0)
    state.own = ownOf(addressOf(identity.type, identity.deviceId));
  else if (address >= 0 && state.own < 0) state.own = ownOf(address);
  if (!isAnswer) {
    const inner = embedded ?? pdu;
    const to = deviceAt(inner.address, receiver, conversation);
    state.requests.ask(key, hartCommand(inner.command), '', undefined, say, conversation, to);
    return;
  }
  if (!isBurst) tell(state.requests.answer(key), embedded ? isDone(embedded.response) : isDone(response), say);
  for (const one of embedded ? [pdu, embedded] : [pdu]) {
    const device = one === pdu ? deviceAt(address, sender, conversation) : embeddedDevice(one, sender, conversation);
    if (device && one.identity) sayIdentity(one.identity, device, say);
    if (device && one.texts && isDone(one.response)) sayTexts(one.texts, device, say);
  }
  if (subDevice) saySubDevice(subDevice, deviceAt(subDevice.address, sender, conversation), say);
}

/** Done, done with a warning (HCF_SPEC-307); undefined is never: what is under way or refused is not done. */
const isDone = (response: number): boolean => response === 0 || response === 8 || response === 14 || response === 30;

/**
 * Some devices leave out the bits of their maker in the address of what they publish, so that addresses are compared by
 * the rest: type and identifier.
 */
const ownOf = (address: number): number => address % 0x1_0000_0000;

function deviceAt(address: number, end: Subject, conversation: Conversation<State>): Subject {
  if (address < 0 || ownOf(address) === conversation.state.own) return end;
  return conversation.part(end, 'hart-device', addressText(address));
}

/** A device behind an I/O system that answers to a short address is only known where it says who it is. */
function embeddedDevice(pdu: HartPdu, end: Subject, conversation: Conversation<State>): Subject | undefined {
  const { address, identity } = pdu;
  if (address < 0 && !identity) return undefined;
  const known = identity && address < 0 ? addressOf(identity.type, identity.deviceId) : address;
  return deviceAt(known, end, conversation);
}

function sayIdentity(identity: HartIdentity, device: Subject, say: Say): void {
  const source = 'read unique identifier';
  const { manufacturer, type, deviceId } = identity;
  sayManufacturer(manufacturer, type, device, source, say);
  say.fact(device, 'hart.universal-revision', identity.universalRevision, source);
  say.fact(device, 'hart.device-revision', identity.deviceRevision, source);
  say.fact(device, 'device.firmware', String(identity.softwareRevision), source);
  say.fact(device, 'device.hardware-version', String(identity.hardwareRevision), source);
  if (deviceId > 0) say.fact(device, 'device.serial', deviceIdText(deviceId), source);
}

function saySubDevice(sub: SubDevice, device: Subject, say: Say): void {
  const source = 'read sub-device identity summary';
  sayManufacturer(sub.manufacturer, sub.type, device, source, say);
  say.fact(device, 'hart.universal-revision', sub.universalRevision, source);
  if (sub.deviceId > 0) say.fact(device, 'device.serial', deviceIdText(sub.deviceId), source);
  say.fact(device, 'device.friendly-label', sub.longTag, source);
}

function sayManufacturer(manufacturer: number, type: number, device: Subject, source: string, say: Say): void {
  if (manufacturer >= 0) {
    say.fact(device, 'hart.manufacturer-id', manufacturer, source);
    say.fact(device, 'device.vendor', MANUFACTURERS[manufacturer] ?? '', source);
  }
  say.fact(device, 'hart.device-type', `0x${type.toString(16).padStart(4, '0')}`, source);
}

const deviceIdText = (deviceId: number): string => deviceId.toString(16).padStart(6, '0');

function sayTexts({ tag, descriptor, message, longTag }: HartTexts, device: Subject, say: Say): void {
  if (tag) say.fact(device, 'hart.tag', tag, 'tag, descriptor, date');
  if (descriptor) say.fact(device, 'hart.descriptor', descriptor, 'tag, descriptor, date');
  if (message) say.fact(device, 'hart.message', message, 'message');
  if (longTag) say.fact(device, 'device.friendly-label', longTag, 'long tag');
}

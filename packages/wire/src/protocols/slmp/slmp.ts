// SLMP, the protocol of Mitsubishi's MELSEC controllers (there also called MC protocol) and of CC-Link partners. Panels
// poll devices with it all day; the type name, remote stop and passwords cross with the same commands.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, hexPairs, type Reader } from '../../reader.ts';
import { Requests, tell } from '../../requests.ts';
import type { SecretRange } from '../../secrets.ts';
import { frameLength, isOwnStation, readHeader, readNumber, type SlmpHeader } from './frames.ts';
import { describeTouched, PASSWORD_LOCK, PASSWORD_UNLOCK, SLMP_FUNCTIONS, slmpFunction } from './functions.ts';

const TELLS = [
  'device.vendor',
  'device.model',
  'device.hostname',
  'device.product-code',
  'address.announced-mac',
  'address.announced-ip',
  'network.mask',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const slmp = protocol({
  name: 'slmp',
  title: 'SLMP / MELSEC MC protocol',
  spec: 'Mitsubishi SH-080956 (SLMP reference manual): 3E and 4E frames; CC-Link Partner Association BAP-C2006',
  depth: 'full',
  on: {
    tcp: [1025, 1026, 1027, 5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 5010],
    udp: [1025, 1026, 1027, 5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 5010, 61451],
  },
  tells: TELLS,
  recognise: isSlmp,
  firstBytes: [0x50, 0x54, 0xd0, 0xd4, 0x35, 0x44],
  frame: frameLength,
  open: () => ({ requests: new Requests<number>() }),
  read: readMessage,
  observe(message, say, conversation) {
    const { isAnswer, isCut, command } = message;
    if (isCut) say.malformed('slmp.cut-short', command < 0 ? undefined : slmpFunction(command).what);
    if (isAnswer) observeAnswer(message, say, conversation);
    else if (command >= 0 && !conversation.toGroup) observeRequest(message, say, conversation);
  },
  secrets: findSecrets,
  close: (say, conversation) => conversation.state.requests.close(say),
});

interface State {
  /** What is remembered of a request is its command. */
  readonly requests: Requests<number>;
}

/** Sure from the bytes: a request with a command of the manual, or an answer of the own station without anything odd. */
function isSlmp(reader: Reader): boolean {
  const { at, end } = reader;
  const header = readHeader(reader);
  let isSure = false;
  if (header && reader.left === header.length) {
    if (header.isAnswer) isSure = isOwnStation(header) && readNumber(reader, 2, header.isText) === 0;
    else {
      reader.skip(header.isText ? 4 : 2);
      const command = readNumber(reader, 2, header.isText);
      const sub = readNumber(reader, 2, header.isText);
      isSure = reader.ok && SLMP_FUNCTIONS[command] !== undefined && (sub & ~0x00c3) === 0;
    }
  }
  reader.at = at;
  reader.end = end;
  return isSure;
}

// ------------------------------------------------------------------ reading

const READ_TYPE_NAME = 0x0101;
/** Cyclic data of CC-Link IE Field Basic, which has a protocol of its own here. */
const CYCLIC = 0x0e70;
/** A node's answer to a search, without its host name (BAP-C2006): addresses of both, codes, target, status. */
const NODE_ANSWER = 51;

interface FoundNode {
  readonly mac: string;
  readonly ip: string;
  readonly mask: string;
  readonly hostname: string;
  readonly modelCode: number;
}
interface SlmpMessage {
  readonly isAnswer: boolean;
  readonly isCut: boolean;
  readonly header: SlmpHeader;
  readonly command: number;
  readonly detail: string;
  readonly endCode: number;
  /** Type name, where an answer to that question holds one. */
  readonly model: string;
  readonly node: FoundNode | undefined;
}

const CUT = { isAnswer: false, isCut: true, command: -1, detail: '', endCode: 0, model: '', node: undefined };

function readMessage(reader: Reader, conversation: Conversation<State>): SlmpMessage | undefined {
  const header = readHeader(reader);
  if (!header) return undefined;
  const { isText, isAnswer, length } = header;
  const isWhole = reader.left >= length;
  if (conversation.transport === 'udp' && reader.left !== length) return undefined;
  if (isAnswer) {
    const endCode = readNumber(reader, 2, isText);
    if (endCode < 0) return undefined;
    const asked = conversation.state.requests.peek(keyOf(header, !conversation.fromClient));
    const model = endCode === 0 && asked?.more === READ_TYPE_NAME ? readTypeName(reader) : '';
    const node = endCode === 0 && !isText && reader.left >= NODE_ANSWER ? readNode(reader) : undefined;
    return { isAnswer, isCut: !isWhole, header, command: asked?.more ?? -1, detail: '', endCode, model, node };
  }
  reader.skip(isText ? 4 : 2); // how long the server may try
  const command = readNumber(reader, 2, isText);
  const sub = readNumber(reader, 2, isText);
  if (command < 0 || sub < 0 || command === CYCLIC) return undefined;
  if (!reader.ok) return { ...CUT, header };
  const detail = describeTouched(command, sub, reader, isText);
  return { isAnswer, isCut: !reader.ok || !isWhole, header, command, detail, endCode: 0, model: '', node: undefined };
}

/** Sixteen characters, filled up with blanks; then a number of the type. */
function readTypeName(reader: Reader): string {
  const name = cleanText(reader.text(16));
  return reader.ok && /^[\x20-\x7e]+$/.test(name) ? name : '';
}

/** Addresses stand with their last byte first. Undefined where the lengths in it are not those of an answer. */
function readNode(reader: Reader): FoundNode | undefined {
  const { at } = reader;
  reader.skip(6);
  const isFour = reader.u8() === 4;
  reader.skip(4);
  const mac = hexPairs(reader.bytes(6).slice().reverse(), ':');
  const isFourToo = reader.u8() === 4;
  const ip = reader.bytes(4).slice().reverse().join('.');
  const mask = reader.bytes(4).slice().reverse().join('.');
  reader.skip(4);
  const hostname = cleanText(reader.text(reader.u8()));
  reader.skip(2);
  const modelCode = reader.u32le();
  reader.skip(2);
  const isFourAtLast = reader.u8() === 4;
  const isNode = reader.ok && isFour && isFourToo && isFourAtLast && reader.left === 11;
  reader.at = at;
  return isNode ? { mac, ip, mask, hostname, modelCode } : undefined;
}

// ------------------------------------------------------------------ observing

/** What an answer has in common with its request: serial number if there is one, addressed station, and the way it goes. */
const keyOf = ({ serial, network, station }: SlmpHeader, fromClient: boolean): number =>
  (((serial + 1) * 256 + network) * 256 + station) * 2 + (fromClient ? 1 : 0);

function observeRequest(message: SlmpMessage, say: Say, conversation: Conversation<State>): void {
  const { header, command, detail } = message;
  const done = slmpFunction(command);
  const to = stationOf(header, conversation.receiver, conversation);
  conversation.state.requests.ask(keyOf(header, conversation.fromClient), done, detail, command, say, conversation, to);
  if (command === PASSWORD_UNLOCK || command === PASSWORD_LOCK)
    say.fact(to, 'credential.cleartext', { what: 'MELSEC remote password' }, done.what);
}

function observeAnswer(message: SlmpMessage, say: Say, conversation: Conversation<State>): void {
  const { header, endCode, model, node } = message;
  tell(conversation.state.requests.answer(keyOf(header, !conversation.fromClient)), endCode === 0, say);
  if (model) {
    const station = stationOf(header, conversation.sender, conversation);
    if (MELSEC_TYPE.test(model)) say.fact(station, 'device.vendor', 'Mitsubishi Electric', 'read type name');
    say.fact(station, 'device.model', model, 'read type name');
  }
  if (node) {
    const { sender } = conversation;
    say.fact(sender, 'address.announced-mac', node.mac, 'node search, MAC address');
    say.fact(sender, 'address.announced-ip', node.ip, 'node search, IP address');
    say.fact(sender, 'network.mask', node.mask, 'node search, subnet mask');
    say.fact(sender, 'device.hostname', node.hostname, 'node search, host name');
    if (node.modelCode > 0)
      say.fact(
        sender,
        'device.product-code',
        `0x${node.modelCode.toString(16).padStart(8, '0')}`,
        'node search, model code',
      );
  }
}

/** Type names of MELSEC CPUs and their network modules: Q03UDECPU, L26CPU-BT, R04ENCPU, FX5U-32MT/ES, A2USHCPU. */
const MELSEC_TYPE = /^(Q\d|QS\d|QJ7|L\d\d|LJ7|R\d|RJ7|RD7|FX\d|A\d\w*CPU|NZ\dGF|MI\d)/;

/** Who a frame is for, seen from the end that has it: itself, or a station, CPU or module behind it. */
function stationOf(header: SlmpHeader, end: Subject, conversation: Conversation<State>): Subject {
  if (isOwnStation(header)) return end;
  const { network, station, io, multidrop } = header;
  return conversation.part(end, 'melsec-station', `${network}/${station}/${io.toString(16)}/${multidrop}`);
}

/** A password follows its length at the end of both commands that carry one. */
function findSecrets(reader: Reader): readonly SecretRange[] {
  const header = readHeader(reader);
  if (!header || header.isAnswer) return [];
  reader.skip(header.isText ? 4 : 2);
  const command = readNumber(reader, 2, header.isText);
  reader.skip(header.isText ? 4 : 2);
  return command === PASSWORD_UNLOCK || command === PASSWORD_LOCK
    ? [{ from: reader.offset, to: reader.end - reader.start, what: 'MELSEC remote password' }]
    : [];
}

// S7comm-plus, the protocol of the S7-1200 and S7-1500 with their engineering tool and panels. Most of it is hidden or
// encrypted; what stands in clear is the controller's order number at the start of a session, and identification records.
import type { FactKind } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { decodeText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { type CotpState, type CotpUser, cotpFrame, openCotp, readConnect, readCotp } from '../s7comm/cotp.ts';
import { vendorOfOrderNumber } from '../s7comm/szl.ts';

const TELLS = [
  'device.vendor',
  'device.order-number',
  'device.firmware',
  'device.serial',
  'device.hardware-version',
  'device.software',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const s7commPlus = protocol({
  name: 's7comm-plus',
  title: 'S7comm-plus',
  spec: 'RFC 1006, ISO 8073; S7comm-plus PDUs as analysed; I&M records: PROFIBUS guideline 3.502',
  depth: 'identity',
  on: { tcp: [102] },
  tells: TELLS,
  recognise: looksLikeS7Plus,
  firstBytes: [0x03],
  frame: (reader, conversation) => cotpFrame(reader, conversation, S7_PLUS_USER),
  open: openState,
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isEncrypted) conversation.done();
    if (message.body === undefined) return;
    if (conversation.fromClient) observeRequest(message, say);
    else observeAnswer(message, message.body, say, conversation);
  },
});

// ------------------------------------------------------------------ framing

const S7_PLUS = 0x72;
const ROOT = 'SIMATIC-ROOT-';
const S7_PLUS_USER: CotpUser = {
  ownsTsap: isRoot,
  ownsData: (first) => first === S7_PLUS,
  // Since TIA Portal 17 a session goes on in TLS: its records take the place of the PDUs.
  ownsLater: isTlsRecord,
};

function isRoot(called: Uint8Array): boolean {
  return decodeText(called.subarray(0, ROOT.length), 'latin1') === ROOT;
}
/** Content types of TLS records (RFC 8446 section 5.1). */
function isTlsRecord(first: number): boolean {
  return first >= 0x14 && first <= 0x17;
}

function looksLikeS7Plus(reader: Reader): boolean {
  if (reader.peek16(0) !== 0x0300 || reader.peek16(2) < 7) return false;
  if (reader.peek(5) === 0xf0) {
    const version = reader.peek(8);
    const length = reader.peek16(9);
    // Keep-alives have a version of their own and hardly a body.
    return reader.peek(4) === 2 && reader.peek(7) === S7_PLUS && version >= 1 && version <= 3 && length > 10;
  }
  reader.skip(4);
  const connect = readConnect(reader);
  return connect !== undefined && isRoot(connect.called);
}

// ------------------------------------------------------------------ reading

const REQUEST = 0x31;
const ANSWER = 0x32;
const CREATE_OBJECT = 0x04ca;
const SET_VARIABLE = 0x04f2;
const SET_MULTIPLE = 0x0542;
const GET_STREAMED = 0x0586;
/** The session that a request without a session belongs to. */
const NO_SESSION = 0x120;

interface S7PlusMessage {
  /** What follows the session and flags; undefined where the packet has no readable request or answer. */
  readonly body: Uint8Array | undefined;
  /** True where encryption begins: nothing is readable from then on. */
  readonly isEncrypted: boolean;
  readonly code: number;
  readonly session: number;
  /** Object a request is about; 0 where it has none there. */
  readonly object: number;
}
const NOTHING_READ: S7PlusMessage = { body: undefined, isEncrypted: false, code: 0, session: 0, object: 0 };

function readMessage(reader: Reader, conversation: Conversation<State>): S7PlusMessage | undefined {
  const packet = readCotp(reader, conversation);
  if (!packet) return undefined;
  conversation.state.isProven = true;
  if (packet === 'other' || 'connect' in packet) return NOTHING_READ;
  const pdu = packet.data;
  const first = pdu.u8();
  if (isTlsRecord(first)) return { ...NOTHING_READ, isEncrypted: true };
  if (first !== S7_PLUS) return undefined;
  const version = pdu.u8();
  pdu.skip(2); // length
  if (version < 1 || version > 3) return NOTHING_READ;
  // From version 3 on an integrity value of this length comes first.
  if (version === 3) pdu.skip(pdu.u8());
  const opcode = pdu.u8();
  pdu.skip(2);
  const code = pdu.u16();
  pdu.skip(4); // reserved, sequence number
  if (!pdu.ok || opcode !== (conversation.fromClient ? REQUEST : ANSWER)) return NOTHING_READ;
  if (opcode === ANSWER) return { ...NOTHING_READ, body: pdu.bytes(pdu.left), code };
  const session = pdu.u32();
  pdu.skip(1); // flags
  const object = pdu.left >= 4 ? pdu.u32() : 0;
  return pdu.ok ? { ...NOTHING_READ, body: pdu.bytes(pdu.left), code, session, object } : NOTHING_READ;
}

// ------------------------------------------------------------------ observing

interface State extends CotpState {
  /** Order number that the controller gave at the start of the session. */
  order: string;
}
function openState(): State {
  return { ...openCotp(), order: '' };
}

function observeRequest({ code, session, object }: S7PlusMessage, say: Say): void {
  if (code === CREATE_OBJECT) {
    // Objects made later are subscriptions of panels as well as blocks of a download, which only their class tells apart.
    if (session === NO_SESSION) say.operation('open session', 'session');
  } else if ((code === SET_VARIABLE || code === SET_MULTIPLE) && object === session)
    say.operation('set up session', 'session');
  else {
    const done = FUNCTIONS[code];
    if (done) say.operation(done[0], done[1]);
  }
}

/** The controller's order number and firmware as the session's start has them: "1;6ES7 511-1AK00-0AB0;V1.0". */
const VERSION_TEXT = /\d;([0-9][A-Z]{2}[0-9] ?[0-9A-Z-]{10,14}) *;(V[0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3})?)/;
/** The order number stands in the first few hundred bytes; an answer that opens a session has less than a thousand. */
const MAX_SEARCHED = 4096;

function observeAnswer({ code }: S7PlusMessage, body: Uint8Array, say: Say, conversation: Conversation<State>): void {
  const { state, server } = conversation;
  if (code === CREATE_OBJECT && !state.order) {
    const found = VERSION_TEXT.exec(decodeText(body.subarray(0, MAX_SEARCHED), 'latin1'));
    if (!found) return;
    const [, order = '', firmware = ''] = found;
    state.order = order;
    say.fact(server, 'device.order-number', order, 'create object answer');
    say.fact(server, 'device.firmware', firmware, 'create object answer');
    say.fact(server, 'device.vendor', vendorOfOrderNumber(order), 'create object answer');
  } else if (code === GET_STREAMED && state.order) observeIdentification(body, say, conversation);
}

/** I&M0: block type 0x0020 of 56 bytes, version 1.0, then vendor ID, order number, serial number and revisions. */
const IM0 = [0x00, 0x20, 0x00, 0x38, 0x01];
const IM0_LENGTH = 54;

/** Records of other modules pass here too: only that of the controller, by its order number, is told. */
function observeIdentification(body: Uint8Array, say: Say, { state, server }: Conversation<State>): void {
  for (let at = 0; at + IM0_LENGTH <= body.length && at < MAX_SEARCHED; at++) {
    if (body[at] !== IM0[0] || IM0.some((byte, i) => body[at + i] !== byte)) continue;
    const text = (from: number, length: number) =>
      statedText(decodeText(body.subarray(at + from, at + from + length), 'latin1'));
    if (text(8, 20) !== state.order) continue;
    say.fact(server, 'device.serial', text(28, 16), 'I&M0');
    const hardware = ((body[at + 44] ?? 0) << 8) | (body[at + 45] ?? 0);
    say.fact(server, 'device.hardware-version', hardware > 0 ? String(hardware) : '', 'I&M0');
    const [letter = 0, major = 0, minor = 0, patch = 0] = body.subarray(at + 46, at + 50);
    // V is a released version; R, P, U and T are revisions, prototypes, tests. The record calls it software.
    if (letter === 0x56) say.fact(server, 'device.software', `V${major}.${minor}.${patch}`, 'I&M0');
    return;
  }
}

// ------------------------------------------------------------------ names

const FUNCTIONS: Readonly<Record<number, readonly [string, 'read' | 'write' | 'diagnostic']>> = {
  1211: ['explore', 'diagnostic'],
  1266: ['set variable', 'write'],
  1276: ['get variable', 'read'],
  [SET_MULTIPLE]: ['set multiple variables', 'write'],
  1356: ['get multiple variables', 'read'],
  1404: ['set variable, streamed', 'write'],
  [GET_STREAMED]: ['get variable, streamed', 'read'],
};

// GOOSE: how protection devices tell each other of trips and positions within milliseconds, as multicasts that are repeated
// for ever. Every one names its control block and with it the logical device it comes from.
import type { FactKind } from '@interlock/model';
import { readBerLength } from '../../ber.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, type Reader } from '../../reader.ts';

const TELLS = [
  'iec61850.logical-device',
  'goose.control-block',
  'goose.id',
  'goose.data-set',
  'goose.application-id',
  'goose.config-revision',
  'goose.flag',
  'service.role',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const goose = protocol({
  name: 'goose',
  title: 'GOOSE',
  spec: 'IEC 61850-8-1 clause 18 and annex C',
  depth: 'identity',
  on: { ether: [0x88b8] },
  tells: TELLS,
  open: () => ({ told: new Set<number>() }),
  read: readMessage,
  observe: observeMessage,
});

interface State {
  /** Hashes of what was told; the fields that change with every message are not in them. */
  readonly told: Set<number>;
}

/** Control blocks and their settings told per pair of addresses: a device has some dozens of blocks at most. */
const MAX_TOLD = 256;

// ------------------------------------------------------------------ reading

const GOOSE_PDU = 0x61;
/** Application identifier, length, two reserved fields (annex C.2.1). */
const HEADER = 8;
const SIMULATED = 0x8000;
const NOTHING = new Uint8Array(0);

interface GooseMessage {
  readonly application: number;
  /** Texts as they are in the message; valid only until it is observed. */
  readonly controlBlock: Uint8Array;
  readonly dataSet: Uint8Array;
  readonly id: Uint8Array;
  readonly revision: number;
  /** Marked as a test or simulation, in the header or the message. */
  readonly isTest: boolean;
  readonly needsCommissioning: boolean;
  readonly isCut: boolean;
}

function readMessage(reader: Reader): GooseMessage | undefined {
  const application = reader.u16();
  const length = reader.u16();
  let isTest = (reader.u16() & SIMULATED) !== 0;
  reader.skip(2);
  if (reader.u8() !== GOOSE_PDU || length < HEADER) return undefined;
  const size = readBerLength(reader);
  if (!reader.ok) return undefined;
  const end = reader.at + size;
  let controlBlock: Uint8Array = NOTHING;
  let dataSet: Uint8Array = NOTHING;
  let id: Uint8Array = NOTHING;
  let revision = -1;
  let needsCommissioning = false;
  while (reader.ok && reader.at < end) {
    const tag = reader.u8();
    const fieldLength = readBerLength(reader);
    if (tag === ALL_DATA) break;
    if (tag === 0x80) controlBlock = reader.bytes(fieldLength);
    else if (tag === 0x82) dataSet = reader.bytes(fieldLength);
    else if (tag === 0x83) id = reader.bytes(fieldLength);
    else if (tag === 0x87 && fieldLength === 1) isTest = reader.u8() !== 0 || isTest;
    else if (tag === 0x88 && fieldLength <= 5) revision = readNumber(reader, fieldLength);
    else if (tag === 0x89 && fieldLength === 1) needsCommissioning = reader.u8() !== 0;
    else reader.skip(fieldLength);
  }
  if (controlBlock.length === 0) return undefined;
  return { application, controlBlock, dataSet, id, revision, isTest, needsCommissioning, isCut: !reader.ok };
}
/** The values themselves, last in every message. */
const ALL_DATA = 0xab;

function readNumber(reader: Reader, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + reader.u8();
  return value;
}

// ------------------------------------------------------------------ observing

function observeMessage(message: GooseMessage, say: Say, { state, sender }: Conversation<State>): void {
  if (message.isCut) say.malformed('goose.cut-short');
  const key = hashOf(message);
  if (state.told.has(key) || state.told.size >= MAX_TOLD) return;
  state.told.add(key);
  const controlBlock = text(message.controlBlock);
  const slash = controlBlock.indexOf('/');
  say.fact(sender, 'service.role', 'GOOSE publisher', 'multicast');
  if (slash > 0) say.fact(sender, 'iec61850.logical-device', controlBlock.slice(0, slash), 'gocbRef');
  say.fact(sender, 'goose.control-block', controlBlock, 'gocbRef');
  say.fact(sender, 'goose.data-set', text(message.dataSet), 'datSet');
  say.fact(sender, 'goose.id', text(message.id), 'goID');
  say.fact(sender, 'goose.application-id', message.application, 'APPID');
  if (message.revision >= 0) say.fact(sender, 'goose.config-revision', message.revision, 'confRev');
  if (message.isTest) say.fact(sender, 'goose.flag', `test: ${controlBlock}`, 'test');
  if (message.needsCommissioning) say.fact(sender, 'goose.flag', `needs commissioning: ${controlBlock}`, 'ndsCom');
}

/** References have at most 129 characters (IEC 61850-8-1 table 25). */
const MAX_TEXT = 256;
const text = (bytes: Uint8Array): string => cleanText(decodeText(bytes.subarray(0, MAX_TEXT), 'latin1'));

/** FNV-1a over what is told; only tells messages of one pair of addresses apart. */
function hashOf(message: GooseMessage): number {
  let hash =
    0x811c9dc5 ^ message.application ^ (message.isTest ? 0x20000 : 0) ^ (message.needsCommissioning ? 0x40000 : 0);
  hash = Math.imul(hash ^ message.revision, 0x01000193);
  hash = hashBytes(hash, message.controlBlock);
  hash = hashBytes(hash, message.dataSet);
  return hashBytes(hash, message.id);
}
function hashBytes(start: number, bytes: Uint8Array): number {
  let hash = start;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return Math.imul(hash ^ bytes.length, 0x01000193);
}

// IEEE C37.118 synchrophasors: phasor measurement units send voltages, currents and frequency up to 120 times a second to
// concentrators and control centres. Who sends stands in the configuration frames: one unit, or many behind one stream.
import type { FactKind, OperationKind } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, hexPairs, type Reader } from '../../reader.ts';

const TELLS = [
  'c37.id-code',
  'c37.station',
  'c37.global-id',
  'c37.header',
  'service.role',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const c37118 = protocol({
  name: 'c37118',
  title: 'IEEE C37.118 synchrophasor',
  spec: 'IEEE C37.118-2005, IEEE C37.118.2-2011, IEC/IEEE 60255-118-1',
  depth: 'full',
  on: { tcp: [4712, 4713], udp: [4712, 4713] },
  tells: TELLS,
  recognise: looksLikeC37118,
  firstBytes: [0xaa],
  frame: frameLength,
  open: openState,
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isDamaged) say.malformed('c37118.bad-checksum');
    else if (message.type === COMMAND) observeCommand(message, say, conversation);
    else observeStream(message, say, conversation);
  },
});

// ------------------------------------------------------------------ framing

const SYNC = 0xaa;
/** Synchronisation, size, identification, second of century, fraction of second (clause 6.2); checksum at the end. */
const HEADER = 14;
const CHECKSUM = 2;
const SMALLEST = HEADER + CHECKSUM;

/** Frame types, in the upper half of the second byte. */
const DATA = 0;
const HEADER_TEXT = 1;
const CONFIGURATION_1 = 2;
const CONFIGURATION_2 = 3;
const COMMAND = 4;
const CONFIGURATION_3 = 5;

function frameLength(reader: Reader): number {
  const first = reader.peek();
  if (first >= 0 && first !== SYNC) return NOT_MINE;
  const second = reader.peek(1);
  if (second > CONFIGURATION_3 * 16 + 15) return NOT_MINE;
  const size = reader.peek16(2);
  if (size < 0) return NEED_MORE;
  return size < SMALLEST ? NOT_MINE : size;
}

/** Editions of the standard so far: 2005, 2011, and what came after. */
const LAST_VERSION = 3;

/** A whole frame of a known type and version with a fitting checksum. */
function looksLikeC37118(reader: Reader): boolean {
  const size = frameLength(reader);
  const version = reader.peek(1) & 15;
  return size > 0 && version >= 1 && version <= LAST_VERSION && size <= reader.left && checksumFits(reader, size);
}

/** CRC-CCITT over everything before it: polynomial 0x1021, first value 0xFFFF (annex B of 2011). */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let bit = 0; bit < 8; bit++) rest = rest & 0x8000 ? (rest << 1) ^ 0x1021 : rest << 1;
  return rest & 0xffff;
});
/** In: a frame without its checksum. Out: the checksum. */
export function c37118Checksum(bytes: Uint8Array): number {
  let rest = 0xffff;
  for (let i = 0; i < bytes.length; i++) rest = ((rest << 8) ^ (TABLE[(rest >> 8) ^ (bytes[i] ?? 0)] ?? 0)) & 0xffff;
  return rest;
}
function checksumFits({ view, at }: Reader, size: number): boolean {
  const body = new Uint8Array(view.buffer, view.byteOffset + at, size - CHECKSUM);
  return view.getUint16(at + size - CHECKSUM) === c37118Checksum(body);
}

// ------------------------------------------------------------------ reading

interface Unit {
  readonly station: string;
  readonly id: number;
  /** Empty before the third form of configuration. */
  readonly globalId: string;
}
interface C37118Message {
  readonly type: number;
  readonly id: number;
  readonly isDamaged: boolean;
  /** Of a configuration: units whose description is whole, and how many there are to be. */
  readonly units: readonly Unit[];
  readonly count: number;
  /** Of a command. */
  readonly command: number;
  /** Of a header frame. */
  readonly text: string;
}
const NO_UNITS: readonly Unit[] = [];
const PLAIN = { isDamaged: false, units: NO_UNITS, count: 0, command: 0, text: '' };

/** Header texts are for people; longer ones are cut. */
const MAX_TEXT = 512;

function readMessage(reader: Reader, { transport }: Conversation<State>): C37118Message | undefined {
  const size = frameLength(reader);
  if (size <= 0 || (transport === 'udp' && size > reader.left)) return undefined;
  const type = reader.peek(1) >> 4;
  const isWhole = size <= reader.left;
  const isDamaged = type !== DATA && isWhole && !checksumFits(reader, size);
  reader.skip(4);
  const id = reader.u16();
  reader.skip(8); // second of century, fraction of second
  if (!reader.ok) return undefined;
  const message = { ...PLAIN, type, id, isDamaged };
  if (type === DATA || isDamaged) return message;
  const body = reader.sub(Math.min(size - SMALLEST, reader.left));
  if (type === COMMAND) return { ...message, command: body.u16() };
  if (type === HEADER_TEXT)
    return { ...message, text: cleanText(body.text(Math.min(body.left, MAX_TEXT), 'utf8'), MAX_TEXT) };
  if (type !== CONFIGURATION_1 && type !== CONFIGURATION_2 && type !== CONFIGURATION_3) return undefined;
  return { ...message, ...readConfiguration(body, type === CONFIGURATION_3) };
}

/** Units of one stream: their descriptions must fit into 64 KiB, and take at least 30 bytes each. */
const MAX_UNITS = 2048;
const NAME = 16;

/** Reads a configuration of the older form with fixed fields, or of the third with texts of any length (clause 6.4, 6.5). */
function readConfiguration(body: Reader, isThird: boolean): { units: readonly Unit[]; count: number } {
  // A configuration in several frames goes on in the middle of a unit; its first frame has index 0 or 1.
  if (isThird && body.u16() > 1) return { units: NO_UNITS, count: 0 };
  body.skip(4); // time base
  const count = body.u16();
  const units: Unit[] = [];
  while (units.length < count && units.length < MAX_UNITS && body.left > 0) {
    const station = cleanText(isThird ? body.text(body.u8(), 'utf8') : body.text(NAME));
    const id = body.u16();
    const globalId = isThird ? hexPairs(body.bytes(16), '') : '';
    body.skip(2); // format
    const phasors = body.u16();
    const analogs = body.u16();
    const digitals = body.u16();
    const names = phasors + analogs + 16 * digitals;
    if (!isThird) {
      body.skip(NAME * names + 4 * (phasors + analogs + digitals));
    } else {
      for (let i = 0; i < names && body.left > 0; i++) body.skip(body.u8());
      // Scales; latitude, longitude, elevation, class, window, delay.
      body.skip(12 * phasors + 8 * analogs + 4 * digitals + 21);
    }
    body.skip(4); // nominal frequency, count of changes
    if (!body.ok) break;
    units.push({ station, id, globalId });
  }
  return { units, count };
}

// ------------------------------------------------------------------ state

interface State {
  /** Identification codes of streams told. */
  readonly streams: Set<number>;
}
/** Streams told per conversation; a server has one or a few. */
const MAX_STREAMS = 256;
function openState(): State {
  return { streams: new Set() };
}

// ------------------------------------------------------------------ observing

function observeStream(message: C37118Message, say: Say, conversation: Conversation<State>): void {
  const { state, sender } = conversation;
  const { id, units, count } = message;
  if (!state.streams.has(id) && state.streams.size < MAX_STREAMS) {
    state.streams.add(id);
    say.fact(sender, 'c37.id-code', id, 'identification code of the stream');
  }
  if (message.type === DATA) return;
  if (message.text) say.fact(sender, 'c37.header', message.text, 'header frame');
  if (units.length === 0) return;
  say.fact(
    sender,
    'service.role',
    count > 1 ? 'Phasor data concentrator' : 'Synchrophasor source',
    'configuration frame',
  );
  for (const unit of units) {
    const subject = count > 1 ? conversation.part(sender, 'c37-pmu', String(unit.id)) : sender;
    say.fact(subject, 'c37.station', unit.station, 'station name');
    if (count > 1) say.fact(subject, 'c37.id-code', unit.id, 'identification code of the unit');
    if (/[1-9a-f]/.test(unit.globalId)) say.fact(subject, 'c37.global-id', unit.globalId, 'G_PMU_ID');
  }
}

function observeCommand({ id, command }: C37118Message, say: Say, { sender, receiver }: Conversation<State>): void {
  const [what, kind] = COMMANDS[command] ?? [`command 0x${command.toString(16).padStart(4, '0')}`, 'configure'];
  say.operation(what, kind, { from: sender, to: receiver, detail: `stream ${id}` });
}

/** Commands (clause 6.6). */
const COMMANDS: Readonly<Record<number, readonly [what: string, kind: OperationKind]>> = {
  1: ['turn off data transmission', 'session'],
  2: ['turn on data transmission', 'session'],
  3: ['read header', 'diagnostic'],
  4: ['read configuration 1', 'diagnostic'],
  5: ['read configuration 2', 'diagnostic'],
  6: ['read configuration 3', 'diagnostic'],
  8: ['extended command', 'configure'],
};

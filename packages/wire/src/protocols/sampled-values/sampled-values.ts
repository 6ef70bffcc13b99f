// Sampled values: currents and voltages from merging units to protection devices, thousands of times a second. Each stream
// names itself; apart from the first message with a name, reading must cost next to nothing.
import type { FactKind } from '@interlock/model';
import { readBerLength } from '../../ber.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, type Reader } from '../../reader.ts';

const TELLS = [
  'sv.id',
  'sv.data-set',
  'sv.application-id',
  'sv.config-revision',
  'service.role',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const sampledValues = protocol({
  name: 'sampled-values',
  title: 'IEC 61850 sampled values',
  spec: 'IEC 61850-9-2 clause 8 and annex A; IEC 61869-9',
  depth: 'identity',
  on: { ether: [0x88ba] },
  tells: TELLS,
  open: () => ({ told: new Set<number>() }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('sampled-values.cut-short');
    if (message.streams === ALL_KNOWN) return;
    for (const stream of message.streams) observeStream(message.application, stream, say, conversation);
  },
});

interface State {
  /** Hashes of the streams that were told. */
  readonly told: Set<number>;
}
/** Streams told per pair of addresses; one device sends a few, a simulator some dozens. */
const MAX_TOLD = 256;
/** Units of one message: eight by IEC 61850-9-2LE for measuring, others send fewer. */
const MAX_UNITS = 64;

// ------------------------------------------------------------------ reading

const SAV_PDU = 0x60;
const UNITS = 0xa2;
const UNIT = 0x30;
/** Application identifier, length, two reserved fields. */
const HEADER = 8;

interface Stream {
  readonly id: string;
  readonly dataSet: string;
  readonly revision: number;
}
interface SampledMessage {
  readonly application: number;
  /** Streams that were not told before. */
  readonly streams: readonly Stream[];
  readonly isCut: boolean;
}
const ALL_KNOWN: readonly Stream[] = [];

function readMessage(reader: Reader, { state }: Conversation<State>): SampledMessage | undefined {
  const application = reader.u16();
  const length = reader.u16();
  reader.skip(4);
  if (reader.u8() !== SAV_PDU || length < HEADER) return undefined;
  const end = readEnd(reader);
  while (reader.ok && reader.at < end && reader.peek() !== UNITS) {
    reader.skip(1);
    reader.skip(readBerLength(reader));
  }
  reader.skip(1);
  const lastUnit = readEnd(reader);
  if (!reader.ok) return undefined;
  let streams = ALL_KNOWN;
  for (let i = 0; i < MAX_UNITS && reader.ok && reader.at < lastUnit; i++) {
    if (reader.u8() !== UNIT) return undefined;
    const unitEnd = readEnd(reader);
    // The identifier, and what follows it, comes first in each.
    if (reader.peek() !== 0x80) return undefined;
    if (isKnown(reader, application, state)) reader.skip(unitEnd - reader.at);
    else {
      const stream = readStream(reader, unitEnd);
      if (stream) streams = [...streams, stream];
    }
  }
  return { application, streams, isCut: !reader.ok };
}
const readEnd = (reader: Reader): number => {
  const length = readBerLength(reader);
  return reader.at + length;
};

/** Whether the stream whose identifier starts here was told before; from here on it counts as told. */
function isKnown({ view, at, end }: Reader, application: number, { told }: State): boolean {
  if (at + 2 > end) return false;
  const last = Math.min(at + 2 + view.getUint8(at + 1), end);
  let hash = 0x811c9dc5 ^ application;
  for (let i = at; i < last; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  if (told.has(hash) || told.size >= MAX_TOLD) return true;
  told.add(hash);
  return false;
}

/** Identifiers have at most 65 characters, references 129 (IEC 61850-9-2 table 10). */
const MAX_TEXT = 256;

function readStream(reader: Reader, end: number): Stream | undefined {
  let id = '';
  let dataSet = '';
  let revision = -1;
  while (reader.ok && reader.at < end) {
    const tag = reader.u8();
    const length = readBerLength(reader);
    if (tag === 0x80) id = text(reader.bytes(length));
    else if (tag === 0x81) dataSet = text(reader.bytes(length));
    else if (tag === 0x83 && length === 4) revision = reader.u32();
    else reader.skip(length);
  }
  return id ? { id, dataSet, revision } : undefined;
}
const text = (bytes: Uint8Array): string => cleanText(decodeText(bytes.subarray(0, MAX_TEXT), 'latin1'));

// ------------------------------------------------------------------ observing

function observeStream(application: number, stream: Stream, say: Say, { sender }: Conversation<State>): void {
  say.fact(sender, 'service.role', 'Sampled value publisher', 'multicast');
  say.fact(sender, 'sv.id', stream.id, 'svID');
  say.fact(sender, 'sv.data-set', stream.dataSet, 'datSet');
  say.fact(sender, 'sv.application-id', application, 'APPID');
  if (stream.revision >= 0) say.fact(sender, 'sv.config-revision', stream.revision, 'confRev');
}

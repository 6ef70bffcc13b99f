// PROFINET's frames without IP: cyclic data between controllers and devices, up to some thousands a second, alarms, and
// the precise time of isochronous networks. What the data mean only their ends know; alarms say what is wrong where.
import type { FactKind } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

const TELLS = [
  'service.role',
  'pn.provider-state',
  'pn.alarm',
  'pn.module-ident',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const pnIo = protocol({
  name: 'pn-io',
  title: 'PROFINET IO',
  spec: 'IEC 61158-6-10, 4.7 (cyclic and acyclic real time), 4.6 (PTCP)',
  depth: 'functions',
  on: { ether: [0x8892] },
  tells: TELLS,
  open: (): State => ({ isSaid: [false, false], mode: [-1, -1], saidMode: [-1, -1] }),
  read: readFrame,
  observe(message, say, conversation) {
    if (message.kind === 'cyclic') observeCyclic(message.status, say, conversation);
    else if (message.kind === 'alarm') observeAlarm(message, say, conversation);
  },
});

// ------------------------------------------------------------------ reading

/** Frame identifiers (table "FrameID"). */
const LAST_TIME = 0x00ff;
const LAST_ISOCHRONOUS = 0x0fff;
const FIRST_CYCLIC = 0x8000;
const LAST_CYCLIC = 0xfbff;
const ALARM_HIGH = 0xfc01;
const ALARM_LOW = 0xfe01;
const FIRST_TIME_MANAGEMENT = 0xff00;
const LAST_TIME_MANAGEMENT = 0xff43;

interface Cyclic {
  readonly kind: 'cyclic';
  /** Data status; -1 where the end of the frame is not as the standard has it. */
  readonly status: number;
}
interface Alarm {
  readonly kind: 'alarm';
  readonly what: string;
  readonly api: number;
  readonly slot: number;
  readonly subslot: number;
  readonly ident: string;
  readonly isCut: boolean;
}
interface Other {
  readonly kind: 'time' | 'answer';
}
const TIME: Other = { kind: 'time' };
const ANSWER: Other = { kind: 'answer' };
/** By data status, so that nothing is made for a frame. */
const CYCLIC: readonly Cyclic[] = Array.from({ length: 257 }, (_, n) => ({ kind: 'cyclic', status: n - 1 }));
const CYCLIC_UNKNOWN: Cyclic = { kind: 'cyclic', status: -1 };

/** Shortest data of a cyclic frame, and what is behind them: cycle counter, data status, transfer status. */
const LEAST_DATA = 40;
const TRAILER = 4;

function readFrame(reader: Reader): Cyclic | Alarm | Other | undefined {
  const id = reader.u16();
  if (!reader.ok) return undefined;
  if ((id >= FIRST_CYCLIC && id <= LAST_CYCLIC) || (id > LAST_TIME && id <= LAST_ISOCHRONOUS)) {
    // Shorter frames were cut when captured: their last bytes are data.
    if (reader.left < LEAST_DATA + TRAILER) return CYCLIC_UNKNOWN;
    const transfer = reader.peek(reader.left - 1);
    const status = reader.peek(reader.left - 2);
    return (transfer === 0 && (status & RESERVED) === 0 ? CYCLIC[status + 1] : undefined) ?? CYCLIC_UNKNOWN;
  }
  if (id === ALARM_HIGH || id === ALARM_LOW) return readAlarm(reader);
  if (id <= LAST_TIME || (id >= FIRST_TIME_MANAGEMENT && id <= LAST_TIME_MANAGEMENT)) return TIME;
  return undefined;
}

const DATA = 1;
const ERROR = 4;
const NOTIFICATION_HIGH = 1;
const NOTIFICATION_LOW = 2;

/** An acyclic frame: two end points, type, flags, sequence numbers, length, then a block. */
function readAlarm(reader: Reader): Alarm | Other | undefined {
  reader.skip(4);
  const type = reader.u8();
  reader.skip(5);
  const length = reader.u16();
  if (!reader.ok || type >> 4 !== 1 || (type & 15) === 0 || (type & 15) > ERROR) return undefined;
  const nowhere = { api: 0, slot: 0, subslot: 0, ident: '', isCut: false };
  if ((type & 15) === ERROR) return { kind: 'alarm', what: 'connection ended by an error', ...nowhere };
  if ((type & 15) !== DATA) return ANSWER;
  const block = reader.u16();
  if (block !== NOTIFICATION_HIGH && block !== NOTIFICATION_LOW) return ANSWER;
  reader.skip(4);
  const alarm = reader.u16();
  const api = reader.u32();
  const slot = reader.u16();
  const subslot = reader.u16();
  const ident = `0x${hex8(reader.u32())}/0x${hex8(reader.u32())}`;
  const isCut = !reader.ok || length > reader.left + 26;
  if (isCut) return { kind: 'alarm', what: '', ...nowhere, isCut };
  return { kind: 'alarm', what: ALARMS[alarm] ?? `alarm type ${alarm}`, api, slot, subslot, ident, isCut };
}
const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

// ------------------------------------------------------------------ observing

/** Bits of the data status: data valid, provider in run, and those that are always 0 where this is one. */
const VALID = 0x04;
const RUN = 0x10;
const RESERVED = 0x48;

/** Each by direction: from the client, from the server. */
interface State {
  readonly isSaid: [boolean, boolean];
  /** Whether the provider runs, by the frame before, and as it was told last. */
  readonly mode: [number, number];
  readonly saidMode: [number, number];
}

function observeCyclic(status: number, say: Say, conversation: Conversation<State>): void {
  const { state, sender, receiver } = conversation;
  const direction = conversation.fromClient ? 0 : 1;
  if (!state.isSaid[direction]) {
    say.fact(sender, 'service.role', PROVIDER, 'cyclic data');
    if (!conversation.toGroup) say.fact(receiver, 'service.role', CONSUMER, 'cyclic data');
    state.isSaid[direction] = true;
  }
  // Two frames in a row: behind the data may stand what the adapter of the capture left there.
  const mode = status < 0 || (status & VALID) === 0 ? -1 : status & RUN;
  if (mode >= 0 && mode === state.mode[direction] && mode !== state.saidMode[direction]) {
    say.fact(sender, 'pn.provider-state', mode === RUN ? 'run' : 'stop', 'data status');
    state.saidMode[direction] = mode;
  }
  state.mode[direction] = mode;
}
const PROVIDER = 'PROFINET IO provider';
const CONSUMER = 'PROFINET IO consumer';

function observeAlarm(alarm: Alarm, say: Say, conversation: Conversation<State>): void {
  const { sender } = conversation;
  if (alarm.isCut) say.malformed('pn-io.cut-short', 'alarm');
  if (!alarm.what) return;
  const { api, slot, subslot, ident } = alarm;
  const of = slot === 0 ? sender : conversation.part(sender, 'pn-submodule', `${api}/${slot}/${subslot}`);
  say.fact(of, 'pn.alarm', alarm.what, 'alarm notification');
  if (slot !== 0) say.fact(of, 'pn.module-ident', ident, 'alarm notification');
}

// ------------------------------------------------------------------ names

const ALARMS: Readonly<Record<number, string>> = {
  1: 'diagnosis',
  2: 'process',
  3: 'pull',
  4: 'plug',
  5: 'status',
  6: 'update',
  7: 'redundancy',
  8: 'controlled by supervisor',
  9: 'released',
  10: 'wrong submodule plugged',
  11: 'return of submodule',
  12: 'diagnosis disappears',
  13: 'multicast communication mismatch',
  14: 'port data changed',
  15: 'synchronisation changed',
  16: 'isochronous mode problem',
  17: 'network component problem',
  18: 'time changed',
  19: 'dynamic frame packing problem',
  20: 'media redundancy problem',
  21: 'multiple interface mismatch',
  30: 'upload and retrieval',
  31: 'pull of module',
};

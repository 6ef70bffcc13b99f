// The system status list of a SIMATIC controller: what it is made of, what it is called and what state it is in. Siemens,
// "System Software for S7-300/400, System and Standard Functions", chapter on system status lists.
import type { FactKind } from '@interlock/model';
import { cleanText, decodeText, Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';

export type SzlKind = Extract<
  FactKind,
  | 'device.vendor'
  | 'device.order-number'
  | 'device.basic-hardware'
  | 'device.hardware-version'
  | 'device.firmware'
  | 'device.plc-name'
  | 'device.module-name'
  | 'device.plant'
  | 'device.serial'
  | 'device.model'
  | 'device.memory-card-serial'
  | 'device.location'
  | 's7.mode'
  | 's7.protection'
>;
export interface SzlFact {
  readonly kind: SzlKind;
  readonly value: string;
  readonly source: string;
}

/** Bytes of one list, over all its parts; the longest ones have some hundred records of 20 to 40 bytes. */
export const MAX_SZL = 16 * 1024;
/** Parts of one list: with the shortest PDUs in use, of 240 bytes, MAX_SZL needs as many. */
export const MAX_PARTS = 80;

/** The low byte of a list's identifier says what it lists, the rest which part of it. */
const MODULE_IDENTIFICATION = 0x11;
const COMPONENT_IDENTIFICATION = 0x1c;
const LEDS = 0x19;
const LED_STATES = 0x74;
const COMMUNICATION_STATUS = 0x32;
const PROTECTION = 4;
const OPERATING_MODE = 0x0424;

/**
 * Facts of a list's bytes from its identifier on, as far as they are there, leaving out the first `skip` records.
 * Returns them with the number of whole records, those left out included.
 */
export function readSzl(bytes: Uint8Array, skip: number): { readonly facts: SzlFact[]; readonly records: number } {
  const facts: SzlFact[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = new Reader(view, 0, bytes.length);
  const id = reader.u16();
  reader.skip(2); // index
  const length = reader.u16();
  const count = reader.u16();
  let records = skip;
  reader.skip(skip * length);
  if (!reader.ok || length < 2) return { facts, records };
  for (; records < count && reader.left >= length; records++) readRecord(id, reader.sub(length), facts);
  return { facts, records };
}

function readRecord(id: number, record: Reader, facts: SzlFact[]): void {
  const source = `SZL 0x${id.toString(16).toUpperCase().padStart(4, '0')}`;
  const say = (kind: SzlKind, value: string, index: number) => {
    if (value) facts.push({ kind, value, source: `${source} index ${index}` });
  };
  const list = id & 0xff;
  if (list === MODULE_IDENTIFICATION) readModule(record, say);
  else if (list === COMPONENT_IDENTIFICATION) readComponent(record, say);
  else if (list === COMMUNICATION_STATUS) readProtection(record, say);
  else if (list === LEDS || list === LED_STATES) {
    const led = indexInModule(record.u16());
    const isOn = record.u8() === 1 && record.u8() === 0;
    if (record.ok && isOn && (led === 4 || led === 5)) say('s7.mode', led === 4 ? 'RUN' : 'STOP', led);
  } else if (id === OPERATING_MODE) {
    record.skip(3); // event, reserved
    const mode = MODES[record.u8() & 0x0f];
    if (record.ok && mode) facts.push({ kind: 's7.mode', value: mode, source });
  }
}

/**
 * The index without the CPU it is of: in redundant systems the upper byte is 0xF0 with the rack in bits 0 to 2 and the
 * master in bit 3 (lists 0x19, 0x1C, 0x74). -1 for the reserve, which is another module than the one that answers.
 */
function indexInModule(index: number): number {
  if (index < 0xf000) return index;
  return (index & 0x0800) !== 0 ? index & 0xff : -1;
}

type SayRecord = (kind: SzlKind, value: string, index: number) => void;

/** Module identification: order numbers and versions. The record has 28 bytes. */
function readModule(record: Reader, say: SayRecord): void {
  const index = record.u16();
  const order = statedText(record.text(20));
  record.skip(2); // module type
  const version = record.u16();
  const release = record.u16();
  if (!record.ok) return;
  if (index === 1) {
    say('device.order-number', order, index);
    say('device.vendor', vendorOfOrderNumber(order), index);
    // A plain number; those with a letter in front are versions of the old ordering scheme.
    say('device.hardware-version', version > 0 && version < 256 ? String(version) : '', index);
  } else if (index === 6) say('device.basic-hardware', order, index);
  else if (index === 7) {
    const letter = String.fromCharCode(version >> 8);
    const text = `${letter}${version & 0xff}.${release >> 8}.${release & 0xff}`;
    say('device.firmware', /[A-Z]/.test(letter) ? text : '', index);
  }
}

/** Component identification: names and serial numbers. The record has 34 bytes. */
function readComponent(record: Reader, say: SayRecord): void {
  const index = indexInModule(record.u16());
  const raw = decodeText(record.bytes(record.left), 'latin1');
  if (!record.ok) return;
  const name = cleanText(raw);
  if (index === 4) {
    if (name === 'Original Siemens Equipment') say('device.vendor', 'Siemens', index);
    return;
  }
  const kind = COMPONENTS[index];
  if (kind) say(kind, kind === 'device.serial' ? statedText(raw) : name, index);
}

const COMPONENTS: Readonly<Record<number, SzlKind>> = {
  1: 'device.plc-name',
  2: 'device.module-name',
  3: 'device.plant',
  5: 'device.serial',
  7: 'device.model',
  8: 'device.memory-card-serial',
  11: 'device.location',
};

/** Communication status, index 4: which protection level is in force. */
function readProtection(record: Reader, say: SayRecord): void {
  if (record.u16() !== PROTECTION) return;
  record.skip(4); // levels set by switch and by parameters
  const level = record.u16();
  const name = PROTECTION_LEVELS[level];
  if (record.ok && name) say('s7.protection', name, PROTECTION);
}

const PROTECTION_LEVELS: Readonly<Record<number, string>> = {
  1: 'level 1 (none)',
  2: 'level 2 (write protection)',
  3: 'level 3 (read and write protection)',
};

const MODES: Readonly<Record<number, string>> = {
  1: 'STOP (update)',
  2: 'STOP (memory reset)',
  3: 'STOP (self-initialization)',
  4: 'STOP',
  5: 'STARTUP (cold restart)',
  6: 'STARTUP (warm restart)',
  7: 'STARTUP (hot restart)',
  8: 'RUN',
  9: 'RUN-R',
  10: 'HOLD',
  11: 'LINK-UP',
  12: 'UPDATE',
  13: 'DEFECTIVE',
  14: 'SELF-TEST',
  15: 'NO POWER',
};

/** The maker where the order number names one: Siemens' article numbers, and compatible controllers that say whose they are. */
export function vendorOfOrderNumber(order: string): string {
  if (/^6(ES[57]|GK|AG1|ED1|AV|FC|SL|AU|NH|DL)/.test(order)) return 'Siemens';
  return /^VIPA\b/.test(order) ? 'VIPA' : '';
}

/** Names for the operation's detail: "SZL 0x0011 module identification". */
export function describeSzl(id: number, index: number): string {
  const name = SZL_NAMES[id & 0xff];
  const text = `SZL 0x${id.toString(16).toUpperCase().padStart(4, '0')}${name ? ` ${name}` : ''}`;
  return index === 0 ? text : `${text}, index ${index}`;
}
const SZL_NAMES: Readonly<Record<number, string>> = {
  0: 'list of lists',
  [MODULE_IDENTIFICATION]: 'module identification',
  18: 'CPU features',
  19: 'memory areas',
  20: 'system areas',
  21: 'block types',
  22: 'priority classes',
  [LEDS]: 'LEDs',
  [COMPONENT_IDENTIFICATION]: 'component identification',
  34: 'interrupt status',
  36: 'operating mode',
  37: 'process image partitions',
  49: 'communication capabilities',
  [COMMUNICATION_STATUS]: 'communication status',
  55: 'Ethernet details',
  113: 'H CPU group',
  [LED_STATES]: 'LED states',
  145: 'module status',
  146: 'rack and station status',
  148: 'rack and station status',
  149: 'DP master system',
  150: 'module status',
  160: 'diagnostic buffer',
  177: 'module diagnostics',
  178: 'module diagnostics',
  179: 'module diagnostics',
  180: 'DP diagnostics',
};

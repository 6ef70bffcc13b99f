// SunSpec: inverters, meters and batteries state who they are in registers, in the "common model" (SunSpec Information
// Model Specification, model 1), which every master reads before anything else.
import { decodeText } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import type { Told, ToldKind } from './units.ts';

/** "SunS", which starts the map, then model 1 of 65 or 66 registers; masters read it with or without the start. */
const MARK = 0x53756e53;
const COMMON_MODEL = 1;
/** Model and length before the fields; fields up to the serial number. */
const HEADER = 4;
const FIELDS_END = HEADER + 128;
/** Answers with fewer bytes hold no common model. */
export const SHORTEST_SUNSPEC = FIELDS_END;

const FIELDS: readonly (readonly [ToldKind, number, number, string])[] = [
  ['device.vendor', 0, 32, 'SunSpec common model Mn'],
  ['device.model', 32, 32, 'SunSpec common model Md'],
  ['device.firmware', 80, 16, 'SunSpec common model Vr'],
  ['device.serial', 96, 32, 'SunSpec common model SN'],
];

const NOTHING: readonly Told[] = [];

/** Facts in the registers of an answer; none where they do not hold a whole common model. */
export function readSunSpec(registers: Uint8Array): readonly Told[] {
  if (registers.length < FIELDS_END) return NOTHING;
  const view = new DataView(registers.buffer, registers.byteOffset, registers.length);
  const at = view.getUint32(0) === MARK ? 4 : 0;
  const length = view.getUint16(at + 2);
  if (view.getUint16(at) !== COMMON_MODEL || (length !== 65 && length !== 66)) return NOTHING;
  if (registers.length < at + FIELDS_END) return NOTHING;
  const told: Told[] = [];
  for (const [kind, from, size, source] of FIELDS) {
    const start = at + HEADER + from;
    const raw = decodeText(registers.subarray(start, start + size), 'latin1');
    // Texts are filled up with zeros. Anything else says that these registers are something else.
    if (!/^[\x20-\x7e]*\0*$/.test(raw)) return NOTHING;
    const value = statedText(raw);
    if (value) told.push({ kind, value, source });
  }
  return told.length > 0 && told[0]?.kind === 'device.vendor' ? told : NOTHING;
}

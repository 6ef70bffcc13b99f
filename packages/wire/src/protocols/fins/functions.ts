// Commands of FINS by their code, and what they touch: memory areas have letters that every programmer of these
// controllers knows (D100, H5, W12).
import type { OperationKind } from '@interlock/model';
import type { Reader } from '../../reader.ts';
import type { NamedFunction } from '../../requests.ts';

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

/** By main and sub request code (W342 section 5-1-1). */
export const FINS_FUNCTIONS: Readonly<Record<number, NamedFunction>> = {
  257: is('memory area read', 'read'),
  258: is('memory area write', 'write'),
  259: is('memory area fill', 'write'),
  260: is('multiple memory area read', 'read'),
  261: is('memory area transfer', 'write'),
  513: is('parameter area read', 'diagnostic'),
  514: is('parameter area write', 'configure'),
  515: is('parameter area clear', 'configure'),
  544: is('data link table read', 'diagnostic'),
  545: is('data link table write', 'configure'),
  772: is('program area protect', 'authentication'),
  773: is('program area protect clear', 'authentication'),
  774: is('program area read', 'logic'),
  775: is('program area write', 'logic'),
  776: is('program area clear', 'logic'),
  1025: is('run', 'mode'),
  1026: is('stop', 'mode'),
  1027: is('reset', 'mode'),
  1281: is('controller data read', 'diagnostic'),
  1282: is('connection data read', 'diagnostic'),
  1537: is('controller status read', 'diagnostic'),
  1538: is('network status read', 'diagnostic'),
  1539: is('data link status read', 'diagnostic'),
  1568: is('cycle time read', 'diagnostic'),
  1793: is('clock read', 'diagnostic'),
  1794: is('clock write', 'configure'),
  2049: is('loopback test', 'diagnostic'),
  2050: is('broadcast test results read', 'diagnostic'),
  2051: is('broadcast test data send', 'diagnostic'),
  2336: is('message read or clear', 'diagnostic'),
  3073: is('access right acquire', 'authentication'),
  3074: is('access right forced acquire', 'authentication'),
  3075: is('access right release', 'authentication'),
  8449: is('error clear', 'configure'),
  8450: is('error log read', 'diagnostic'),
  8451: is('error log clear', 'configure'),
  8512: is('write access log read', 'diagnostic'),
  8513: is('write access log clear', 'configure'),
  8705: is('file name read', 'file'),
  8706: is('single file read', 'file'),
  8707: is('single file write', 'file'),
  8708: is('file memory format', 'file'),
  8709: is('file delete', 'file'),
  8710: is('volume label create or delete', 'file'),
  8711: is('file copy', 'file'),
  8712: is('file name change', 'file'),
  8713: is('file data check', 'file'),
  8714: is('memory area file transfer', 'file'),
  8715: is('parameter area file transfer', 'file'),
  8716: is('program area file transfer', 'logic'),
  8719: is('file memory index read', 'file'),
  8720: is('file memory read', 'file'),
  8721: is('file memory write', 'file'),
  8725: is('directory create or delete', 'file'),
  8736: is('memory cassette transfer', 'file'),
  8961: is('forced set or reset', 'write'),
  8962: is('forced set or reset cancel', 'write'),
  8970: is('multiple forced status read', 'read'),
  9729: is('name set', 'configure'),
  9730: is('name delete', 'configure'),
  9731: is('name read', 'diagnostic'),
};

const UNKNOWN = new Map<number, NamedFunction>();

/** What a command does; one that the manual does not know is told by its number. */
export function finsFunction(code: number): NamedFunction {
  const known = FINS_FUNCTIONS[code] ?? UNKNOWN.get(code);
  if (known) return known;
  const made = is(`command 0x${code.toString(16).padStart(4, '0')}`, 'diagnostic');
  UNKNOWN.set(code, made);
  return made;
}

/** Letters of memory areas by their code: words first, then bits (W342 section 5-2-2; CV series beside CS and CJ). */
const AREAS: Readonly<Record<number, string>> = {
  130: 'D',
  2: 'D',
  176: 'CIO',
  48: 'CIO',
  128: 'CIO',
  0: 'CIO',
  177: 'W',
  49: 'W',
  178: 'H',
  50: 'H',
  179: 'A',
  51: 'A',
  137: 'T',
  9: 'T',
  152: 'E',
};
const FIRST_EXTENDED = 0xa0;
const LAST_EXTENDED = 0xaf;

/** What a command touches, as `D100, 2 items`; empty where it says nothing of the kind. Only of what changes something. */
export function describeTouched(code: number, reader: Reader): string {
  if (code === 0x0102 || code === 0x0103) return describeArea(reader);
  if (code === 0x0401) {
    if (reader.left < 3) return '';
    reader.skip(2);
    const mode = reader.u8();
    return mode === 2 ? 'monitor mode' : mode === 4 ? 'run mode' : '';
  }
  return '';
}

function describeArea(reader: Reader): string {
  const code = reader.u8();
  const word = reader.u16();
  const bit = reader.u8();
  const count = reader.u16();
  if (!reader.ok) return '';
  const isExtended = code >= FIRST_EXTENDED && code <= LAST_EXTENDED;
  const letter = isExtended ? `E${(code - FIRST_EXTENDED).toString(16).toUpperCase()}_` : AREAS[code];
  const area = letter ?? `area 0x${code.toString(16).padStart(2, '0')} `;
  // Word areas have the upper bit set, except timers and counters of older controllers.
  const isBit = code < 0x80 && letter !== undefined;
  return `${area}${word}${isBit ? `.${String(bit).padStart(2, '0')}` : ''}, ${count} item${count === 1 ? '' : 's'}`;
}

// Commands of SLMP by their number, and the devices of a controller that they touch, as its programmers write them: D100,
// M20, X1F.
import type { OperationKind } from '@interlock/model';
import type { Reader } from '../../reader.ts';
import type { NamedFunction } from '../../requests.ts';
import { readNumber } from './frames.ts';

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

/** SH-080956 section 6.1; Ethernet commands of CC-Link IE from the SLMP specification BAP-C2006. */
export const SLMP_FUNCTIONS: Readonly<Record<number, NamedFunction>> = {
  257: is('read type name', 'diagnostic'),
  517: is('read drive memory usage', 'file'),
  1025: is('device read', 'read'),
  1027: is('device read random', 'read'),
  1030: is('device read block', 'read'),
  1537: is('intelligent module read', 'read'),
  1555: is('memory read', 'read'),
  1561: is('self test', 'diagnostic'),
  2049: is('entry monitor device', 'read'),
  2050: is('execute monitor', 'read'),
  3624: is('device information compare', 'diagnostic'),
  3632: is('node search', 'diagnostic'),
  3633: is('IP address set', 'configure'),
  3635: is('parameter get', 'diagnostic'),
  3636: is('parameter set', 'configure'),
  4097: is('remote run', 'mode'),
  4098: is('remote stop', 'mode'),
  4099: is('remote pause', 'mode'),
  4101: is('remote latch clear', 'mode'),
  4102: is('remote reset', 'mode'),
  4613: is('drive memory defragmentation', 'file'),
  5121: is('device write', 'write'),
  5122: is('device write random', 'write'),
  5126: is('device write block', 'write'),
  5633: is('intelligent module write', 'write'),
  5651: is('memory write', 'write'),
  5655: is('clear error', 'configure'),
  5680: is('password unlock', 'authentication'),
  5681: is('password lock', 'authentication'),
  6160: is('read directory', 'file'),
  6161: is('search directory', 'file'),
  6176: is('new file', 'file'),
  6178: is('delete file', 'file'),
  6180: is('copy file', 'file'),
  6181: is('change file state', 'file'),
  6182: is('change file date', 'file'),
  6183: is('open file', 'file'),
  6184: is('read file', 'file'),
  6185: is('write file', 'file'),
  6186: is('close file', 'file'),
  8449: is('on-demand', 'read'),
};
export const PASSWORD_UNLOCK = 0x1630;
export const PASSWORD_LOCK = 0x1631;

const unknown = new Map<number, NamedFunction>();

/** What a command does; one that the manual does not know is told by its number. */
export function slmpFunction(code: number): NamedFunction {
  const known = SLMP_FUNCTIONS[code] ?? unknown.get(code);
  if (known) return known;
  const made = is(`command 0x${code.toString(16).padStart(4, '0')}`, 'diagnostic');
  unknown.set(code, made);
  return made;
}

/** Devices by their binary code (SH-080956 section 6.2). Those that are counted in hexadecimal have a `#`. */
const DEVICES: Readonly<Record<number, string>> = {
  145: 'SM',
  169: 'SD',
  156: 'X#',
  157: 'Y#',
  144: 'M',
  146: 'L',
  147: 'F',
  148: 'V',
  160: 'B#',
  168: 'D',
  180: 'W#',
  193: 'TS',
  192: 'TC',
  194: 'TN',
  196: 'CS',
  195: 'CC',
  197: 'CN',
  161: 'SB#',
  181: 'SW#',
  152: 'S',
  204: 'Z',
  175: 'R',
  176: 'ZR',
};
/** What a sub-command says: bits instead of words; longer device names and numbers, as the iQ-R series has them. */
const IN_BITS = 0x0001;
const LONG_DEVICES = 0x0002;

/** What a command touches, as `D100, 2 points`; empty where it says nothing of the kind. Only of what changes values. */
export function describeTouched(code: number, sub: number, reader: Reader, isText: boolean): string {
  if (code !== 0x1401 || (sub & ~(IN_BITS | LONG_DEVICES)) !== 0) return '';
  const isLong = (sub & LONG_DEVICES) !== 0;
  let name = '';
  let number = '';
  if (isText) {
    name = reader.text(isLong ? 4 : 2).replace(/\*/g, '');
    number = reader.text(isLong ? 8 : 6).replace(/^0+(?=.)/, '');
  } else {
    const head = isLong ? reader.u32le() : reader.u16le() + reader.u8() * 0x10000;
    const device = isLong ? reader.u16le() : reader.u8();
    const known = DEVICES[device] ?? `device 0x${device.toString(16)} `;
    const isHex = known.endsWith('#');
    name = isHex ? known.slice(0, -1) : known;
    number = isHex ? head.toString(16).toUpperCase() : String(head);
  }
  const count = readNumber(reader, 2, isText);
  if (!reader.ok || count < 0 || !/^[\x20-\x7e]+$/.test(name + number)) return '';
  return `${name}${number}, ${count} point${count === 1 ? '' : 's'}`;
}

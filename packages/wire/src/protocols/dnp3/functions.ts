// What each DNP3 function does to an outstation, in the words of IEEE 1815-2012 clause 4.2.2, what its objects are called,
// and what the internal indications of a response mean.
import type { OperationKind } from '@interlock/model';

export interface Dnp3Function {
  readonly what: string;
  readonly kind: OperationKind;
}

export const CONFIRM = 0;
export const READ = 1;
export const WRITE = 2;
export const SELECT = 3;
export const OPERATE = 4;
export const DIRECT_OPERATE = 5;
export const DIRECT_OPERATE_NO_RESPONSE = 6;
export const AUTHENTICATE_FILE = 29;
export const AUTHENTICATE = 32;
export const AUTHENTICATE_NO_RESPONSE = 33;
export const RESPONSE = 129;
export const UNSOLICITED = 130;
export const AUTHENTICATION_RESPONSE = 131;

const FUNCTIONS: Readonly<Record<number, Dnp3Function>> = {
  1: { what: 'read', kind: 'read' },
  2: { what: 'write', kind: 'write' },
  3: { what: 'select', kind: 'write' },
  4: { what: 'operate', kind: 'write' },
  5: { what: 'direct operate', kind: 'write' },
  6: { what: 'direct operate without response', kind: 'write' },
  7: { what: 'freeze counters', kind: 'write' },
  8: { what: 'freeze counters without response', kind: 'write' },
  9: { what: 'freeze and clear counters', kind: 'write' },
  10: { what: 'freeze and clear counters without response', kind: 'write' },
  11: { what: 'freeze counters at time', kind: 'write' },
  12: { what: 'freeze counters at time without response', kind: 'write' },
  13: { what: 'cold restart', kind: 'mode' },
  14: { what: 'warm restart', kind: 'mode' },
  15: { what: 'initialize data', kind: 'configure' },
  16: { what: 'initialize application', kind: 'mode' },
  17: { what: 'start application', kind: 'mode' },
  18: { what: 'stop application', kind: 'mode' },
  19: { what: 'save configuration', kind: 'configure' },
  20: { what: 'enable unsolicited responses', kind: 'configure' },
  21: { what: 'disable unsolicited responses', kind: 'configure' },
  22: { what: 'assign class', kind: 'configure' },
  23: { what: 'measure delay', kind: 'diagnostic' },
  24: { what: 'record current time', kind: 'configure' },
  25: { what: 'open file', kind: 'file' },
  26: { what: 'close file', kind: 'file' },
  27: { what: 'delete file', kind: 'file' },
  28: { what: 'get file information', kind: 'file' },
  29: { what: 'authenticate for file access', kind: 'authentication' },
  30: { what: 'abort file transfer', kind: 'file' },
  31: { what: 'activate configuration', kind: 'configure' },
  32: { what: 'authentication request', kind: 'authentication' },
  33: { what: 'authentication request without response', kind: 'authentication' },
};

/** Writes by the group of their first object. */
const WRITES: Readonly<Record<number, Dnp3Function>> = {
  0: { what: 'write device attribute', kind: 'configure' },
  34: { what: 'write analog input deadband', kind: 'configure' },
  50: { what: 'write time', kind: 'configure' },
  70: { what: 'write file', kind: 'file' },
  80: { what: 'write internal indications', kind: 'configure' },
  85: { what: 'write data set prototype', kind: 'configure' },
  86: { what: 'write data set descriptor', kind: 'configure' },
  112: { what: 'write to virtual terminal', kind: 'configure' },
};

/** What a request does. `group`: of its first object, -1 where it has none. */
export function functionOf(code: number, group: number): Dnp3Function {
  const special = code === WRITE ? WRITES[group] : undefined;
  return special ?? FUNCTIONS[code] ?? { what: `function 0x${code.toString(16).padStart(2, '0')}`, kind: 'configure' };
}
/** Functions of requests. Those between are not given out yet (clause 4.2.2 table 4-1). */
export const isRequest = (code: number): boolean => code < RESPONSE;

/** Requests that no response follows. */
export const isUnanswered = (code: number): boolean =>
  code === DIRECT_OPERATE_NO_RESPONSE || code === 8 || code === 10 || code === 12 || code === AUTHENTICATE_NO_RESPONSE;

/** Names of object groups (annex A), for the details of a request. */
const GROUPS: Readonly<Record<number, string>> = {
  1: 'binary inputs',
  2: 'binary input events',
  3: 'double-bit inputs',
  4: 'double-bit input events',
  10: 'binary outputs',
  11: 'binary output events',
  12: 'binary output command',
  13: 'binary output command events',
  20: 'counters',
  21: 'frozen counters',
  22: 'counter events',
  23: 'frozen counter events',
  30: 'analog inputs',
  31: 'frozen analog inputs',
  32: 'analog input events',
  33: 'frozen analog input events',
  34: 'analog input deadbands',
  40: 'analog outputs',
  41: 'analog output command',
  42: 'analog output events',
  43: 'analog output command events',
  50: 'time and date',
  51: 'common time of occurrence',
  52: 'time delay',
  70: 'file',
  80: 'internal indications',
  81: 'device storage',
  82: 'device profile',
  83: 'private registration object',
  85: 'data set prototype',
  86: 'data set descriptor',
  87: 'data set',
  88: 'data set events',
  90: 'application',
  91: 'status of requested operation',
  101: 'binary-coded decimal integers',
  102: 'unsigned integers',
  110: 'octet strings',
  111: 'octet string events',
  112: 'virtual terminal output',
  113: 'virtual terminal events',
  120: 'authentication',
  121: 'security statistics',
  122: 'security statistic events',
};
/** "analog inputs", "class 1", "device attribute 250", "group 99". */
export function groupName(group: number, variation: number): string {
  if (group === 60) return variation >= 1 && variation <= 4 ? `class ${variation - 1}` : 'class data';
  if (group === 0) return variation >= 254 ? 'all device attributes' : `device attribute ${variation}`;
  return GROUPS[group] ?? `group ${group}`;
}

/** Variations of group 120 (annex A.45): what a step of an authentication is. */
const AUTHENTICATION: Readonly<Record<number, string>> = {
  1: 'challenge',
  2: 'reply',
  3: 'aggressive mode request',
  4: 'session key status request',
  5: 'session key status',
  6: 'session key change',
  7: 'error',
  8: 'user certificate',
  9: 'message authentication code',
  10: 'user status change',
  11: 'update key change request',
  12: 'update key change reply',
  13: 'update key change',
  14: 'update key change signature',
  15: 'update key change confirmation',
};
export const authenticationStep = (variation: number): string => AUTHENTICATION[variation] ?? `step ${variation}`;

/** Internal indications that tell of the device, by bit of the two bytes, the first one high (clause 4.5). */
export const INDICATIONS: readonly (readonly [bit: number, name: string])[] = [
  [0x8000, 'device restarted'],
  [0x4000, 'device trouble'],
  [0x2000, 'local control'],
  [0x1000, 'needs time'],
  [0x0020, 'configuration corrupt'],
  [0x0008, 'event buffer overflow'],
];
/** Function not supported, object unknown, parameter error. */
export const REFUSED = 0x0007;

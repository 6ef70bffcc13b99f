// What each S7 function does to a controller. There is no public standard; names follow Siemens' manuals where they have
// one ("System Software for S7-300/400, System and Standard Functions"), else the published analyses of the protocol.
import type { OperationKind } from '@interlock/model';

export interface S7Function {
  readonly what: string;
  readonly kind: OperationKind;
}

const SETUP = 0xf0;
export const READ_VARIABLE = 0x04;
export const WRITE_VARIABLE = 0x05;
export const REQUEST_DOWNLOAD = 0x1a;
export const DOWNLOAD_BLOCK = 0x1b;
export const DOWNLOAD_ENDED = 0x1c;
export const START_UPLOAD = 0x1d;
export const PI_SERVICE = 0x28;

/** Functions of jobs. */
const JOBS: Readonly<Record<number, S7Function>> = {
  0: { what: 'CPU services', kind: 'diagnostic' },
  [SETUP]: { what: 'set up communication', kind: 'session' },
  [READ_VARIABLE]: { what: 'read variable', kind: 'read' },
  [WRITE_VARIABLE]: { what: 'write variable', kind: 'write' },
  [REQUEST_DOWNLOAD]: { what: 'request download', kind: 'logic' },
  [DOWNLOAD_BLOCK]: { what: 'download block', kind: 'logic' },
  [DOWNLOAD_ENDED]: { what: 'download ended', kind: 'logic' },
  [START_UPLOAD]: { what: 'start upload', kind: 'logic' },
  30: { what: 'upload', kind: 'logic' },
  31: { what: 'end upload', kind: 'logic' },
  [PI_SERVICE]: { what: 'PI service', kind: 'configure' },
  41: { what: 'PLC stop', kind: 'mode' },
};

/** Program invocation services, by their name in the request. */
const PI_SERVICES: Readonly<Record<string, S7Function>> = {
  P_PROGRAM: { what: 'PLC start', kind: 'mode' },
  _INSE: { what: 'insert block', kind: 'logic' },
  _INS2: { what: 'insert block', kind: 'logic' },
  _DELE: { what: 'delete block', kind: 'logic' },
  _GARB: { what: 'compress memory', kind: 'configure' },
  _MODU: { what: 'copy RAM to ROM', kind: 'logic' },
};

/** The group of a userdata function is the high byte, the function in it the low one. */
export const READ_SZL = 0x0401;
export const PASSWORD = 0x0501;
const USERDATA: Readonly<Record<number, S7Function>> = {
  257: { what: 'block status', kind: 'diagnostic' },
  258: { what: 'variable status', kind: 'read' },
  259: { what: 'read interrupt stack', kind: 'diagnostic' },
  260: { what: 'read block stack', kind: 'diagnostic' },
  261: { what: 'read local data stack', kind: 'diagnostic' },
  262: { what: 'measure run time', kind: 'diagnostic' },
  264: { what: 'modify variable', kind: 'write' },
  265: { what: 'force variable', kind: 'write' },
  266: { what: 'set breakpoint', kind: 'mode' },
  267: { what: 'exit hold', kind: 'mode' },
  268: { what: 'memory reset', kind: 'mode' },
  269: { what: 'disable job', kind: 'diagnostic' },
  270: { what: 'enable job', kind: 'diagnostic' },
  271: { what: 'delete job', kind: 'diagnostic' },
  272: { what: 'read job list', kind: 'diagnostic' },
  273: { what: 'read job', kind: 'diagnostic' },
  274: { what: 'replace job', kind: 'diagnostic' },
  275: { what: 'block status', kind: 'diagnostic' },
  278: { what: 'flash LED', kind: 'diagnostic' },
  513: { what: 'read cyclic data', kind: 'read' },
  516: { what: 'end cyclic data', kind: 'read' },
  517: { what: 'read cyclic data records', kind: 'read' },
  519: { what: 'read data on change', kind: 'read' },
  769: { what: 'list blocks', kind: 'diagnostic' },
  770: { what: 'list blocks of a type', kind: 'diagnostic' },
  771: { what: 'read block information', kind: 'diagnostic' },
  [READ_SZL]: { what: 'read SZL', kind: 'diagnostic' },
  1026: { what: 'subscribe to messages', kind: 'diagnostic' },
  1031: { what: 'lock messages', kind: 'configure' },
  1032: { what: 'unlock messages', kind: 'configure' },
  1035: { what: 'acknowledge message', kind: 'write' },
  1043: { what: 'query messages', kind: 'diagnostic' },
  [PASSWORD]: { what: 'log in with password', kind: 'authentication' },
  1282: { what: 'log out', kind: 'authentication' },
  1537: { what: 'send block data', kind: 'write' },
  1793: { what: 'read clock', kind: 'diagnostic' },
  1794: { what: 'set clock', kind: 'configure' },
  1795: { what: 'read clock', kind: 'diagnostic' },
  1796: { what: 'set clock', kind: 'configure' },
  3841: { what: 'request NC download', kind: 'logic' },
  3842: { what: 'download NC program', kind: 'logic' },
  3843: { what: 'continue NC download', kind: 'logic' },
  3844: { what: 'NC download ended', kind: 'logic' },
  3846: { what: 'start NC upload', kind: 'logic' },
  3847: { what: 'upload NC program', kind: 'logic' },
  3848: { what: 'continue NC upload', kind: 'logic' },
};

const hex = (code: number, digits: number): string => `0x${code.toString(16).padStart(digits, '0')}`;

/** What a job does; one without a known name is told with its number, as a change of settings. */
export const jobOf = (code: number): S7Function =>
  JOBS[code] ?? { what: `function ${hex(code, 2)}`, kind: 'configure' };

export const userdataOf = (code: number): S7Function =>
  USERDATA[code] ?? { what: `userdata function ${hex(code >> 8, 1)}/${hex(code & 0xff, 2)}`, kind: 'configure' };

export const piServiceOf = (name: string): S7Function =>
  PI_SERVICES[name] ?? { what: `PI service ${name}`, kind: 'configure' };

/** Block types as they stand in file names of blocks. */
const BLOCK_TYPES: Readonly<Record<string, string>> = {
  '08': 'OB',
  '0A': 'DB',
  '0B': 'SDB',
  '0C': 'FC',
  '0D': 'SFC',
  '0E': 'FB',
  '0F': 'SFB',
};
/** Blocks described; a request to insert may list many. */
const MAX_BLOCKS = 5;

/** Names of blocks in a request's parameters ("0A00001P" is DB1), at most a few: "DB1, FC2". */
export function describeBlocks(text: string): string {
  const found = [...text.matchAll(/(0[8A-F])([0-9]{5})[ABP]/g)];
  const names = found.slice(0, MAX_BLOCKS).map(([, type = '', number]) => `${BLOCK_TYPES[type]}${Number(number)}`);
  return found.length > MAX_BLOCKS ? `${names.join(', ')} and ${found.length - MAX_BLOCKS} more` : names.join(', ');
}

/** Operating modes that a controller reports by itself (group 0 of userdata). */
export const REPORTED_MODES: Readonly<Record<number, string>> = {
  0: 'STOP',
  1: 'STARTUP (warm restart)',
  2: 'RUN',
  3: 'STARTUP (hot restart)',
  4: 'HOLD',
  6: 'STARTUP (cold restart)',
  9: 'RUN-R',
  11: 'LINK-UP',
  12: 'UPDATE',
};

// What each MMS service does to a device, in the words of ISO 9506-2, and what writing a variable means in an IEC 61850
// device, whose names say what they are for: `CSWI1$CO$Pos$Oper` operates a switch.
import type { OperationKind } from '@interlock/model';

export interface MmsService {
  readonly what: string;
  readonly kind: OperationKind;
}
const service = (what: string, kind: OperationKind): MmsService => ({ what, kind });

export const GET_NAME_LIST = 1;
export const IDENTIFY = 2;
export const READ = 4;
export const WRITE = 5;
export const GET_ATTRIBUTES = 6;

/** By tag of the confirmed service (ISO 9506-2 clause 7.1). */
const SERVICES: Readonly<Record<number, MmsService>> = {
  0: service('status', 'diagnostic'),
  1: service('get name list', 'diagnostic'),
  2: service('identify', 'diagnostic'),
  3: service('rename', 'configure'),
  4: service('read', 'read'),
  5: service('write', 'write'),
  6: service('get variable access attributes', 'diagnostic'),
  7: service('define named variable', 'configure'),
  8: service('define scattered access', 'configure'),
  9: service('get scattered access attributes', 'diagnostic'),
  10: service('delete variable access', 'configure'),
  11: service('define named variable list', 'configure'),
  12: service('get named variable list attributes', 'diagnostic'),
  13: service('delete named variable list', 'configure'),
  14: service('define named type', 'configure'),
  15: service('get named type attributes', 'diagnostic'),
  16: service('delete named type', 'configure'),
  17: service('input', 'read'),
  18: service('output', 'write'),
  19: service('take control of semaphore', 'session'),
  20: service('relinquish control of semaphore', 'session'),
  21: service('define semaphore', 'configure'),
  22: service('delete semaphore', 'configure'),
  23: service('report semaphore status', 'diagnostic'),
  24: service('report pool semaphore status', 'diagnostic'),
  25: service('report semaphore entry status', 'diagnostic'),
  26: service('initiate download sequence', 'logic'),
  27: service('download segment', 'logic'),
  28: service('terminate download sequence', 'logic'),
  29: service('initiate upload sequence', 'logic'),
  30: service('upload segment', 'logic'),
  31: service('terminate upload sequence', 'logic'),
  32: service('request domain download', 'logic'),
  33: service('request domain upload', 'logic'),
  34: service('load domain content', 'logic'),
  35: service('store domain content', 'logic'),
  36: service('delete domain', 'logic'),
  37: service('get domain attributes', 'diagnostic'),
  38: service('create program invocation', 'logic'),
  39: service('delete program invocation', 'logic'),
  40: service('start program', 'mode'),
  41: service('stop program', 'mode'),
  42: service('resume program', 'mode'),
  43: service('reset program', 'mode'),
  44: service('kill program', 'mode'),
  45: service('get program invocation attributes', 'diagnostic'),
  46: service('obtain file', 'file'),
  47: service('define event condition', 'configure'),
  48: service('delete event condition', 'configure'),
  49: service('get event condition attributes', 'diagnostic'),
  50: service('report event condition status', 'diagnostic'),
  51: service('alter event condition monitoring', 'configure'),
  52: service('trigger event', 'write'),
  53: service('define event action', 'configure'),
  54: service('delete event action', 'configure'),
  55: service('get event action attributes', 'diagnostic'),
  56: service('report event action status', 'diagnostic'),
  57: service('define event enrollment', 'configure'),
  58: service('delete event enrollment', 'configure'),
  59: service('alter event enrollment', 'configure'),
  60: service('report event enrollment status', 'diagnostic'),
  61: service('get event enrollment attributes', 'diagnostic'),
  62: service('acknowledge event notification', 'write'),
  63: service('get alarm summary', 'read'),
  64: service('get alarm enrollment summary', 'read'),
  65: service('read journal', 'read'),
  66: service('write journal', 'write'),
  67: service('initialize journal', 'configure'),
  68: service('report journal status', 'diagnostic'),
  69: service('create journal', 'configure'),
  70: service('delete journal', 'configure'),
  71: service('get capability list', 'diagnostic'),
  72: service('open file', 'file'),
  73: service('read file', 'file'),
  74: service('close file', 'file'),
  75: service('rename file', 'file'),
  76: service('delete file', 'file'),
  77: service('list files', 'file'),
};

/** The service of a tag; one that the table does not name is told with its number and as a change of settings. */
export const serviceOf = (tag: number): MmsService => SERVICES[tag] ?? service(`service ${tag}`, 'configure');

const OPERATE = service('operate control object', 'write');
const SELECT_WITH_VALUE = service('select control object with value', 'write');
const CANCEL = service('cancel control', 'write');
const CHANGE_MODE = service('change mode of logical node', 'mode');
const SELECT = service('select control object', 'write');

/** By functional constraint (IEC 61850-7-2 table 20, IEC 61850-8-1 clause 7.3), the second part of a name. */
const WRITES: Readonly<Record<string, MmsService>> = {
  BR: service('set report control block', 'configure'),
  RP: service('set report control block', 'configure'),
  GO: service('set GOOSE control block', 'configure'),
  GS: service('set GSSE control block', 'configure'),
  MS: service('set sampled value control block', 'configure'),
  US: service('set sampled value control block', 'configure'),
  LG: service('set log control block', 'configure'),
  SG: service('write setting', 'configure'),
  SE: service('write setting', 'configure'),
  CF: service('write configuration', 'configure'),
  DC: service('write description', 'configure'),
  SP: service('write set point', 'write'),
  SV: service('write substitute value', 'write'),
};

/** What writing the variable of this name does. */
export function writeOf(item: string): MmsService {
  const [, constraint = '', object = ''] = item.split('$');
  if (constraint !== 'CO') return WRITES[constraint] ?? serviceOf(WRITE);
  const last = item.slice(item.lastIndexOf('$') + 1);
  if (last === 'SBOw') return SELECT_WITH_VALUE;
  if (last === 'Cancel') return CANCEL;
  return object === 'Mod' ? CHANGE_MODE : OPERATE;
}

/** What reading the variable of this name does: reading `SBO` selects the object for the command that follows. */
export const readOf = (item: string): MmsService =>
  item.endsWith('$SBO') && item.includes('$CO$') ? SELECT : serviceOf(READ);

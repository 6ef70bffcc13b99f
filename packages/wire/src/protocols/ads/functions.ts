// What ADS commands do: six of them read or write something, and the index group says what. Names are those of the
// Beckhoff Information System.
import type { OperationKind } from '@interlock/model';
import type { NamedFunction } from '../../requests.ts';

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

export const READ_DEVICE_INFO = 1;
export const READ = 2;
export const WRITE = 3;
export const READ_STATE = 4;
export const WRITE_CONTROL = 5;
export const ADD_NOTIFICATION = 6;
export const NOTIFICATION = 8;
export const READ_WRITE = 9;
export const LAST_COMMAND = 9;

const COMMANDS: Readonly<Record<number, NamedFunction>> = {
  [READ_DEVICE_INFO]: is('read device info', 'diagnostic'),
  [READ]: is('read', 'read'),
  [WRITE]: is('write', 'write'),
  [READ_STATE]: is('read state', 'diagnostic'),
  [WRITE_CONTROL]: is('write control', 'mode'),
  [ADD_NOTIFICATION]: is('add device notification', 'read'),
  7: is('delete device notification', 'session'),
  [NOTIFICATION]: is('device notification', 'read'),
  [READ_WRITE]: is('read and write', 'diagnostic'),
};

/** States of a TwinCAT system or runtime (ADSSTATE). */
export const STATES: Readonly<Record<number, string>> = {
  1: 'idle',
  2: 'reset',
  3: 'init',
  4: 'start',
  5: 'run',
  6: 'stop',
  7: 'save configuration',
  8: 'load configuration',
  9: 'power failure',
  10: 'power good',
  11: 'error',
  12: 'shutdown',
  13: 'suspend',
  14: 'resume',
  15: 'config',
  16: 'reconfig',
};
const CONTROLS: Readonly<Record<number, NamedFunction>> = Object.fromEntries(
  Object.entries(STATES).map(([state, name]) => [state, is(`write control: ${name}`, 'mode')]),
);

/** Services of the TwinCAT system, which has AMS port 10000, by index group. */
export const SYSTEM_PORT = 10_000;
export const OPEN_FILE = 120;
const SYSTEM: Readonly<Record<number, NamedFunction>> = {
  [OPEN_FILE]: is('open file', 'file'),
  121: is('close file', 'file'),
  122: is('read file', 'file'),
  123: is('write file', 'file'),
  131: is('delete file', 'file'),
  133: is('find file', 'file'),
  400: is('time service', 'configure'),
  500: is('start process', 'configure'),
  801: is('add route', 'configure'),
  802: is('delete route', 'configure'),
  803: is('enumerate routes', 'diagnostic'),
};
export const TARGET_DESCRIPTION = 700;
const REGISTRY = 200;
const READ_REGISTRY = is('read registry', 'diagnostic');
const WRITE_REGISTRY = is('write registry', 'configure');
const READ_DESCRIPTION = is('read target description', 'diagnostic');
const WRITE_TIME = SYSTEM[400] as NamedFunction;
const READ_TIME = is('read time', 'diagnostic');

/** Index groups of symbols, and of several requests in one. */
export const HANDLE_BY_NAME = 0xf003;
export const VALUE_BY_NAME = 0xf004;
export const VALUE_BY_HANDLE = 0xf005;
const SYMBOLS: Readonly<Record<number, NamedFunction>> = {
  [HANDLE_BY_NAME]: is('get symbol handle by name', 'read'),
  [VALUE_BY_NAME]: is('read symbol by name', 'read'),
  61447: is('get symbol information by name', 'diagnostic'),
  61449: is('get symbol information by name', 'diagnostic'),
  61450: is('get data type information', 'diagnostic'),
  61451: is('upload symbols', 'diagnostic'),
  61452: is('upload symbol information', 'diagnostic'),
  61454: is('upload data types', 'diagnostic'),
  61455: is('upload symbol information', 'diagnostic'),
  61568: is('sum of reads', 'read'),
  61569: is('sum of writes', 'write'),
  61570: is('sum of reads and writes', 'write'),
  61571: is('sum of reads', 'read'),
  61572: is('sum of reads', 'read'),
  61573: is('sum of notifications', 'read'),
  61574: is('sum of notifications deleted', 'session'),
};
const RELEASE_HANDLE = 0xf006;
const RELEASES = is('release symbol handle', 'session');
const unknown = is('unknown command', 'diagnostic');

/** In: command, AMS port it is for, index group, and the state that a write control asks for. */
export function adsFunction(command: number, port: number, group: number, state: number): NamedFunction {
  if (command === WRITE_CONTROL) return CONTROLS[state] ?? (COMMANDS[WRITE_CONTROL] as NamedFunction);
  if (command === READ || command === WRITE || command === READ_WRITE) {
    if (port === SYSTEM_PORT) {
      if (group === REGISTRY) return command === WRITE ? WRITE_REGISTRY : READ_REGISTRY;
      if (group === TARGET_DESCRIPTION) return READ_DESCRIPTION;
      if (group === 400) return command === WRITE ? WRITE_TIME : READ_TIME;
      const service = SYSTEM[group];
      if (service) return service;
    }
    if (command === READ_WRITE && SYMBOLS[group]) return SYMBOLS[group];
    if (command === READ && group >= 0xf007 && SYMBOLS[group]) return SYMBOLS[group];
    if (command === WRITE && group === RELEASE_HANDLE) return RELEASES;
  }
  return COMMANDS[command] ?? unknown;
}

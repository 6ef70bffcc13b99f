// Online services of CODESYS V3 by group and command: what the development system and its tools ask of a runtime.
import type { OperationKind } from '@interlock/model';
import type { NamedFunction } from '../../requests.ts';

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

/** Number of a service: group of the component, then command. */
export const serviceNumber = (group: number, command: number): number => group * 0x1_0000 + command;

const GROUPS: Readonly<Record<number, Readonly<Record<number, NamedFunction>>>> = {
  // CmpDevice.
  1: {
    1: is('get target identification', 'diagnostic'),
    2: is('device login', 'authentication'),
    3: is('device logout', 'authentication'),
    4: is('reset origin', 'mode'),
    5: is('echo', 'diagnostic'),
    6: is('set operating mode', 'mode'),
    7: is('get operating mode', 'diagnostic'),
    8: is('interactive login', 'authentication'),
    9: is('rename node', 'configure'),
    10: is('create session', 'session'),
    11: is('get configuration of reset origin', 'diagnostic'),
  },
  // CmpApp.
  2: {
    1: is('application login', 'session'),
    2: is('application logout', 'session'),
    3: is('create application', 'logic'),
    4: is('delete application', 'logic'),
    5: is('download application', 'logic'),
    6: is('online change', 'logic'),
    7: is('download device configuration', 'configure'),
    8: is('create device application', 'logic'),
    16: is('start application', 'mode'),
    17: is('stop application', 'mode'),
    18: is('reset application', 'mode'),
    19: is('set breakpoint', 'mode'),
    20: is('read application status', 'diagnostic'),
    21: is('delete breakpoint', 'mode'),
    22: is('read call stack', 'diagnostic'),
    23: is('get area offset', 'diagnostic'),
    24: is('read application list', 'diagnostic'),
    25: is('set next statement', 'mode'),
    32: is('release force list', 'write'),
    33: is('upload force list', 'diagnostic'),
    34: is('single cycle', 'mode'),
    35: is('create boot project', 'logic'),
    36: is('reinitialise application', 'mode'),
    37: is('read application state list', 'diagnostic'),
    38: is('load boot application', 'logic'),
    39: is('register boot application', 'logic'),
    40: is('check file consistency', 'diagnostic'),
    41: is('read application information', 'diagnostic'),
    48: is('download application', 'logic'),
    49: is('read project information', 'diagnostic'),
    50: is('define flow control', 'configure'),
    51: is('read flow values', 'read'),
    52: is('download application', 'logic'),
    53: is('read application content', 'logic'),
    54: is('save retain values', 'configure'),
    55: is('restore retain values', 'write'),
  },
  // CmpMonitor and CmpMonitor2.
  3: { 1: is('read values', 'read'), 2: is('write values', 'write') },
  27: { 1: is('read values', 'read'), 2: is('write values', 'write') },
  // CmpLog.
  5: {
    1: is('read log', 'diagnostic'),
    2: is('read component names', 'diagnostic'),
    3: is('read list of logs', 'diagnostic'),
  },
  // CmpFileTransfer.
  8: {
    1: is('get file information', 'file'),
    2: is('start file download', 'file'),
    3: is('restart file download', 'file'),
    4: is('download file', 'file'),
    5: is('start file upload', 'file'),
    6: is('restart file upload', 'file'),
    7: is('upload file', 'file'),
    8: is('end file transfer', 'file'),
    9: is('cancel file transfer', 'file'),
    12: is('read directory', 'file'),
    14: is('delete file', 'file'),
    15: is('rename file', 'file'),
    16: is('create directory', 'file'),
    17: is('delete directory', 'file'),
    18: is('rename directory', 'file'),
  },
  // CmpIecVarAccess.
  9: {
    1: is('register variable list', 'session'),
    2: is('unregister variable list', 'session'),
    3: is('read variable list', 'read'),
    4: is('write variable list', 'write'),
    5: is('read variables', 'read'),
    6: is('write variables', 'write'),
    7: is('browse variables', 'diagnostic'),
    8: is('browse variables', 'diagnostic'),
    9: is('get types of variables', 'diagnostic'),
    10: is('get addresses of variables', 'diagnostic'),
    11: is('remove variables from list', 'session'),
  },
};
/** What is known of a group whose commands are not known one by one. */
const OF_GROUP: Readonly<Record<number, NamedFunction>> = {
  4: is('visualisation', 'read'),
  6: is('settings', 'configure'),
  7: is('Ethernet settings', 'configure'),
  11: is('I/O manager', 'diagnostic'),
  12: is('user management', 'authentication'),
  15: is('trace', 'diagnostic'),
  17: is('PLC shell', 'configure'),
  18: is('breakpoints', 'mode'),
  19: is('force values', 'write'),
  24: is('alarms', 'diagnostic'),
};
const unknown = is('unknown service', 'diagnostic');
/** The bit of an answer in the group. */
export const ANSWER = 0x80;

/** What a service does. */
export const serviceOf = (group: number, command: number): NamedFunction =>
  GROUPS[group]?.[command] ?? OF_GROUP[group] ?? unknown;

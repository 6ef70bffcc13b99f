// Commands of HART by their number. Universal ones every device has, common practice ones many; numbers above are each
// maker's own.
import type { OperationKind } from '@interlock/model';
import type { NamedFunction } from '../../requests.ts';

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

/** Universal commands (HCF_SPEC-127) and common practice commands (HCF_SPEC-151). */
export const HART_COMMANDS: Readonly<Record<number, NamedFunction>> = {
  0: is('read unique identifier', 'diagnostic'),
  1: is('read primary variable', 'read'),
  2: is('read loop current and percent of range', 'read'),
  3: is('read dynamic variables and loop current', 'read'),
  6: is('write polling address', 'configure'),
  7: is('read loop configuration', 'diagnostic'),
  8: is('read dynamic variable classifications', 'diagnostic'),
  9: is('read device variables with status', 'read'),
  11: is('read unique identifier by tag', 'diagnostic'),
  12: is('read message', 'diagnostic'),
  13: is('read tag, descriptor, date', 'diagnostic'),
  14: is('read transducer information', 'diagnostic'),
  15: is('read device information', 'diagnostic'),
  16: is('read final assembly number', 'diagnostic'),
  17: is('write message', 'configure'),
  18: is('write tag, descriptor, date', 'configure'),
  19: is('write final assembly number', 'configure'),
  20: is('read long tag', 'diagnostic'),
  21: is('read unique identifier by long tag', 'diagnostic'),
  22: is('write long tag', 'configure'),
  31: is('extended command', 'diagnostic'),
  33: is('read device variables', 'read'),
  34: is('write primary variable damping', 'configure'),
  35: is('write primary variable range', 'configure'),
  36: is('set primary variable upper range', 'configure'),
  37: is('set primary variable lower range', 'configure'),
  38: is('reset configuration changed flag', 'configure'),
  40: is('enter or exit fixed current mode', 'write'),
  41: is('perform self test', 'diagnostic'),
  42: is('perform device reset', 'mode'),
  43: is('set primary variable zero', 'configure'),
  44: is('write primary variable units', 'configure'),
  45: is('trim loop current zero', 'configure'),
  46: is('trim loop current gain', 'configure'),
  47: is('write primary variable transfer function', 'configure'),
  48: is('read additional device status', 'diagnostic'),
  49: is('write transducer serial number', 'configure'),
  50: is('read dynamic variable assignments', 'diagnostic'),
  51: is('write dynamic variable assignments', 'configure'),
  52: is('set device variable zero', 'configure'),
  53: is('write device variable units', 'configure'),
  54: is('read device variable information', 'diagnostic'),
  55: is('write device variable damping', 'configure'),
  56: is('write device variable transducer serial number', 'configure'),
  59: is('write number of response preambles', 'configure'),
  60: is('read analog channel', 'read'),
  66: is('enter or exit fixed analog channel mode', 'write'),
  71: is('lock device', 'authentication'),
  72: is('squawk', 'diagnostic'),
  73: is('find device', 'diagnostic'),
  74: is('read I/O system capabilities', 'diagnostic'),
  75: is('poll sub-device', 'diagnostic'),
  76: is('read lock device state', 'diagnostic'),
  77: is('send command to sub-device', 'session'),
  78: is('read aggregated commands', 'read'),
  79: is('write device variable', 'write'),
  84: is('read sub-device identity summary', 'diagnostic'),
  85: is('read I/O channel statistics', 'diagnostic'),
  86: is('read sub-device statistics', 'diagnostic'),
  87: is('write I/O system master mode', 'configure'),
  88: is('write I/O system retry count', 'configure'),
  89: is('set real-time clock', 'configure'),
  90: is('read real-time clock', 'diagnostic'),
  94: is('read I/O system client statistics', 'diagnostic'),
  95: is('read device communication statistics', 'diagnostic'),
  103: is('write burst period', 'configure'),
  104: is('write burst trigger', 'configure'),
  105: is('read burst mode configuration', 'diagnostic'),
  106: is('flush delayed responses', 'session'),
  107: is('write burst device variables', 'configure'),
  108: is('write burst mode command number', 'configure'),
  109: is('burst mode control', 'configure'),
  110: is('read all dynamic variables', 'read'),
  115: is('read event notification summary', 'diagnostic'),
  116: is('write event notification bit mask', 'configure'),
  117: is('write event notification timing', 'configure'),
  118: is('event notification control', 'configure'),
  119: is('acknowledge event notification', 'configure'),
};

const unknown = new Map<number, NamedFunction>();

/** What a command does; one that is a maker's own or not known is told by its number. */
export function hartCommand(number: number): NamedFunction {
  const known = HART_COMMANDS[number] ?? unknown.get(number);
  if (known) return known;
  const made = is(`HART command ${number}`, 'diagnostic');
  unknown.set(number, made);
  return made;
}

/** Makers by their number, those of whose number there is no doubt (FieldComm Group, manufacturer identification codes). */
export const MANUFACTURERS: Readonly<Record<number, string>> = {
  17: 'Endress+Hauser',
  19: 'Fisher Controls',
  23: 'Honeywell',
  26: 'ABB',
  31: 'Micro Motion',
  38: 'Rosemount',
  42: 'Siemens',
  55: 'Yokogawa',
};

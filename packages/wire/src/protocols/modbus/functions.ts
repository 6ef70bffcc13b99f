// What each Modbus function does to a device, in the words of the MODBUS Application Protocol Specification V1.1b3 (here:
// MAP), and what a request touches. The tables hold names and kinds; decoding is in `modbus.ts`.
import type { OperationKind } from '@interlock/model';

export interface ModbusFunction {
  readonly what: string;
  readonly kind: OperationKind;
  /** What a request's address counts, where it has one: "holding registers 40 to 44". */
  readonly touches?: readonly [one: string, many: string];
}

const coils = ['coil', 'coils'] as const;
const registers = ['holding register', 'holding registers'] as const;

/** By function code (MAP 6). The codes without a section there are Modicon's own, kept from before MAP. */
const FUNCTIONS: Readonly<Record<number, ModbusFunction>> = {
  1: { what: 'read coils', kind: 'read', touches: coils },
  2: { what: 'read discrete inputs', kind: 'read', touches: ['discrete input', 'discrete inputs'] },
  3: { what: 'read holding registers', kind: 'read', touches: registers },
  4: { what: 'read input registers', kind: 'read', touches: ['input register', 'input registers'] },
  5: { what: 'write single coil', kind: 'write', touches: coils },
  6: { what: 'write single register', kind: 'write', touches: registers },
  7: { what: 'read exception status', kind: 'diagnostic' },
  8: { what: 'diagnostics', kind: 'diagnostic' },
  9: { what: 'program (484)', kind: 'logic' },
  10: { what: 'poll (484)', kind: 'logic' },
  11: { what: 'get communication event counter', kind: 'diagnostic' },
  12: { what: 'get communication event log', kind: 'diagnostic' },
  13: { what: 'program (584/984)', kind: 'logic' },
  14: { what: 'poll (584/984)', kind: 'logic' },
  15: { what: 'write multiple coils', kind: 'write', touches: coils },
  16: { what: 'write multiple registers', kind: 'write', touches: registers },
  17: { what: 'report server ID', kind: 'diagnostic' },
  18: { what: 'program (884/M84)', kind: 'logic' },
  19: { what: 'reset communication link', kind: 'mode' },
  20: { what: 'read file record', kind: 'read', touches: ['file', 'file'] },
  21: { what: 'write file record', kind: 'file', touches: ['file', 'file'] },
  22: { what: 'mask write register', kind: 'write', touches: registers },
  23: { what: 'read and write multiple registers', kind: 'write', touches: registers },
  24: { what: 'read FIFO queue', kind: 'read', touches: ['FIFO at register', 'FIFO at register'] },
  40: { what: 'program (Concept)', kind: 'logic' },
  43: { what: 'encapsulated interface', kind: 'diagnostic' },
  90: { what: 'UMAS', kind: 'configure' },
};

/** Sub-functions of 8, diagnostics (MAP 6.8). */
const DIAGNOSTICS: Readonly<Record<number, ModbusFunction>> = {
  0: { what: 'diagnostics: return query data', kind: 'diagnostic' },
  1: { what: 'diagnostics: restart communications', kind: 'mode' },
  2: { what: 'diagnostics: return diagnostic register', kind: 'diagnostic' },
  3: { what: 'diagnostics: change ASCII input delimiter', kind: 'configure' },
  4: { what: 'diagnostics: force listen only mode', kind: 'mode' },
  10: { what: 'diagnostics: clear counters', kind: 'configure' },
  11: { what: 'diagnostics: return bus message count', kind: 'diagnostic' },
  12: { what: 'diagnostics: return bus communication error count', kind: 'diagnostic' },
  13: { what: 'diagnostics: return bus exception error count', kind: 'diagnostic' },
  14: { what: 'diagnostics: return server message count', kind: 'diagnostic' },
  15: { what: 'diagnostics: return server no response count', kind: 'diagnostic' },
  16: { what: 'diagnostics: return server NAK count', kind: 'diagnostic' },
  17: { what: 'diagnostics: return server busy count', kind: 'diagnostic' },
  18: { what: 'diagnostics: return bus character overrun count', kind: 'diagnostic' },
  20: { what: 'diagnostics: clear overrun counter', kind: 'configure' },
};

/** MEI types of 43, encapsulated interface (MAP 6.19). */
const ENCAPSULATED: Readonly<Record<number, ModbusFunction>> = {
  13: { what: 'CANopen general reference', kind: 'configure' },
  14: { what: 'read device identification', kind: 'diagnostic' },
};

const hex2 = (code: number): string => `0x${code.toString(16).padStart(2, '0')}`;

/**
 * What a request does. A code that the tables do not name is told with its number and as a change of settings: functions
 * that makers add are those of their engineering tools.
 */
export function functionOf(code: number, sub: number): ModbusFunction {
  if (code === 8) return DIAGNOSTICS[sub] ?? { what: `diagnostics: sub-function ${sub}`, kind: 'diagnostic' };
  if (code === 43) return ENCAPSULATED[sub] ?? { what: `encapsulated interface ${sub}`, kind: 'configure' };
  return FUNCTIONS[code] ?? { what: `function ${hex2(code)}`, kind: 'configure' };
}

/** "holding registers 40 to 44 of unit 3". Addresses as in the message, counted from 0. Units 0 and 255 go unsaid. */
export function describeTouched(done: ModbusFunction, unit: number, address: number, count: number): string {
  const of = unit === 0 || unit === 255 ? '' : `unit ${unit}`;
  if (!done.touches) return of;
  const what = count > 1 ? `${done.touches[1]} ${address} to ${address + count - 1}` : `${done.touches[0]} ${address}`;
  return of ? `${what} of ${of}` : what;
}

// Telegrams of the KNX bus as they cross IP, in the common external message interface: who writes which group address, who
// reprograms which device.
import type { OperationKind } from '@interlock/model';
import { hexPairs, type Reader } from '../../reader.ts';

/** Message codes (KNX 3/6/3 clause 4.1.3): requests, what was sent, what was heard; then management of a server. */
const DATA_REQUEST = 0x11;
export const DATA_CONFIRM = 0x2e;
export const DATA_INDICATION = 0x29;
const PROPERTY_READ = 0xfc;
const PROPERTY_READ_CONFIRM = 0xfb;
const PROPERTY_WRITE = 0xf6;
const FUNCTION_COMMAND = 0xf8;
const FUNCTION_READ = 0xf9;
const RESET = 0xf1;

export interface Telegram {
  readonly code: number;
  /** "1.1.5"; empty where there is none. */
  readonly source: string;
  /** "1/2/3" for a group, "1.1.5" for a device. */
  readonly destination: string;
  /** What it does; undefined for answers and control messages. */
  readonly operation: BusOperation | undefined;
  /** Value of a group telegram. */
  readonly value: string;
  /** Of a confirmation: false where nobody on the bus took it. */
  readonly isConfirmed: boolean;
  /** A key crosses in it: 4 bytes, known as the one that opens everything where all bits are set. */
  readonly hasKey: boolean;
  readonly isOpenKey: boolean;
  /** Of the answer to reading a property of the server. */
  readonly property: Property | undefined;
}
export interface BusOperation {
  readonly what: string;
  readonly kind: OperationKind;
}
export interface Property {
  readonly object: number;
  readonly id: number;
  readonly data: Uint8Array;
}

const NO_TELEGRAM: Telegram = {
  code: 0,
  source: '',
  destination: '',
  operation: undefined,
  value: '',
  isConfirmed: true,
  hasKey: false,
  isOpenKey: false,
  property: undefined,
};

/** Reads a message; undefined where it is cut off. */
export function readCemi(reader: Reader): Telegram | undefined {
  const code = reader.u8();
  if (code === DATA_REQUEST || code === DATA_CONFIRM || code === DATA_INDICATION) return readData(code, reader);
  if (code === RESET) return { ...NO_TELEGRAM, code, operation: { what: 'reset KNXnet/IP server', kind: 'mode' } };
  const management = MANAGEMENT[code];
  if (!management && code !== PROPERTY_READ_CONFIRM) return reader.ok ? { ...NO_TELEGRAM, code } : undefined;
  const object = reader.u16();
  reader.skip(1); // instance
  const id = reader.u8();
  if (!reader.ok) return undefined;
  const value = `object ${object}, property ${id}`;
  if (management) return { ...NO_TELEGRAM, code, operation: management, value };
  const count = reader.u16() >> 12;
  const data = count > 0 ? reader.bytes(reader.left) : new Uint8Array(0);
  return { ...NO_TELEGRAM, code, property: { object, id, data } };
}
const MANAGEMENT: Readonly<Record<number, BusOperation>> = {
  [PROPERTY_READ]: { what: 'read property', kind: 'diagnostic' },
  [PROPERTY_WRITE]: { what: 'write property', kind: 'configure' },
  [FUNCTION_COMMAND]: { what: 'function property command', kind: 'configure' },
  [FUNCTION_READ]: { what: 'read function property', kind: 'diagnostic' },
};

/** Bytes of a value that are told: the longest usual ones are texts of 14. */
const MAX_VALUE = 14;

function readData(code: number, reader: Reader): Telegram | undefined {
  reader.skip(reader.u8()); // additional information
  const control = reader.u8();
  const isGroup = (reader.u8() & 0x80) !== 0;
  const source = formatIndividual(reader.u16());
  const to = reader.u16();
  const length = reader.u8();
  const first = reader.u8();
  if (!reader.ok) return undefined;
  const destination = isGroup ? formatGroup(to) : formatIndividual(to);
  const plain = { ...NO_TELEGRAM, code, source, destination, isConfirmed: (control & 1) === 0 };
  // Connects, disconnects and acknowledgements of a transport connection have no service.
  if (length === 0 || (first & 0x80) !== 0) return plain;
  const second = reader.u8();
  if (!reader.ok) return undefined;
  const service = ((first & 3) << 8) | second;
  const group = service & 0x3c0;
  if (service === AUTHORIZE || service === KEY_WRITE) {
    const key = reader.bytes(5).subarray(1);
    const isOpenKey = key.length === 4 && key.every((byte) => byte === 0xff);
    return { ...plain, operation: SERVICES[service], hasKey: true, isOpenKey };
  }
  const operation = SERVICES[service] ?? (group < USER_MESSAGES || group === RESTART ? SERVICES[group] : undefined);
  // Short values lie in the lower bits of the service.
  const isWrite = group === GROUP_WRITE && isGroup;
  const value = !isWrite ? '' : length === 1 ? String(second & 0x3f) : hexValue(reader);
  return { ...plain, operation, value };
}
const hexValue = (reader: Reader): string => `0x${hexPairs(reader.bytes(Math.min(reader.left, MAX_VALUE)), '')}`;

const GROUP_WRITE = 0x080;
const USER_MESSAGES = 0x2c0;
const RESTART = 0x380;
const AUTHORIZE = 0x3d1;
const KEY_WRITE = 0x3d3;

/** Application services that ask for something (KNX 3/3/7 clause 2); those of four bits stand for all below them. */
const SERVICES: Readonly<Record<number, BusOperation>> = {
  0: { what: 'read group value', kind: 'read' },
  128: { what: 'write group value', kind: 'write' },
  192: { what: 'write individual address', kind: 'configure' },
  256: { what: 'read individual address', kind: 'diagnostic' },
  384: { what: 'read analog value', kind: 'read' },
  512: { what: 'read memory', kind: 'logic' },
  640: { what: 'write memory', kind: 'logic' },
  704: { what: 'read user memory', kind: 'logic' },
  706: { what: 'write user memory', kind: 'logic' },
  709: { what: 'read manufacturer information', kind: 'diagnostic' },
  711: { what: 'function property command', kind: 'configure' },
  712: { what: 'read function property', kind: 'diagnostic' },
  768: { what: 'read device descriptor', kind: 'diagnostic' },
  896: { what: 'restart', kind: 'mode' },
  897: { what: 'master reset', kind: 'mode' },
  977: { what: 'authorize', kind: 'authentication' },
  979: { what: 'write access key', kind: 'authentication' },
  981: { what: 'read property', kind: 'diagnostic' },
  983: { what: 'write property', kind: 'configure' },
  984: { what: 'read property description', kind: 'diagnostic' },
  988: { what: 'read individual address by serial number', kind: 'diagnostic' },
  990: { what: 'write individual address by serial number', kind: 'configure' },
  992: { what: 'write domain address', kind: 'configure' },
  993: { what: 'read domain address', kind: 'diagnostic' },
  1009: { what: 'secured service', kind: 'session' },
};

export const formatIndividual = (address: number): string => `${address >> 12}.${(address >> 8) & 15}.${address & 255}`;
const formatGroup = (address: number): string => `${address >> 11}/${(address >> 8) & 7}/${address & 255}`;

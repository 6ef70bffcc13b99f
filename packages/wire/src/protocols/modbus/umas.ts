// UMAS, the protocol of Schneider Electric's engineering tools (Unity Pro, EcoStruxure Control Expert), carried in Modbus
// function 90. There is no public specification; the layouts are those that its published analyses agree on.
import type { OperationKind } from '@interlock/model';
import { cleanText, type Reader } from '../../reader.ts';
import type { ModbusFunction } from './functions.ts';
import type { Told } from './units.ts';

/** First byte of an answer after the pairing key: done, or refused. */
const DONE = 0xfe;
const READ_ID = 0x02;
const TAKE_RESERVATION = 0x10;

const named = (what: string, kind: OperationKind): ModbusFunction => ({ what: `UMAS ${what}`, kind });

/** "Upload" is from the controller to the tool, "download" to the controller, as the tools say it. */
const UMAS_FUNCTIONS: Readonly<Record<number, ModbusFunction>> = {
  1: named('initialize communication', 'session'),
  2: named('read ID', 'diagnostic'),
  3: named('read project information', 'diagnostic'),
  4: named('read PLC status', 'diagnostic'),
  6: named('read memory card information', 'diagnostic'),
  10: named('repeat', 'diagnostic'),
  16: named('take reservation', 'authentication'),
  17: named('release reservation', 'authentication'),
  18: named('keep reservation alive', 'session'),
  32: named('read memory block', 'read'),
  33: named('write memory block', 'write'),
  34: named('read variables', 'read'),
  35: named('write variables', 'write'),
  36: named('read coils and registers', 'read'),
  37: named('write coils and registers', 'write'),
  38: named('read data dictionary', 'read'),
  48: named('initialize upload', 'logic'),
  49: named('upload block', 'logic'),
  50: named('end upload', 'logic'),
  51: named('initialize download', 'logic'),
  52: named('download block', 'logic'),
  53: named('end download', 'logic'),
  57: named('read Ethernet master data', 'read'),
  64: named('start PLC', 'mode'),
  65: named('stop PLC', 'mode'),
  80: named('monitor PLC', 'read'),
  88: named('check PLC', 'diagnostic'),
  112: named('read I/O object', 'read'),
  113: named('write I/O object', 'write'),
  115: named('read module status', 'diagnostic'),
};

/** What a UMAS request does; one without a known name is told with its number, as a change of settings. */
export const umasFunctionOf = (code: number): ModbusFunction =>
  UMAS_FUNCTIONS[code] ?? named(`function 0x${code.toString(16).padStart(2, '0')}`, 'configure');

/** The request's function code, and the station's own name where it takes the reservation. */
interface UmasRequest {
  readonly code: number;
  readonly station: string;
}

/** Reads a request from the byte after function code 90 on. */
export function readUmasRequest(reader: Reader): UmasRequest {
  reader.skip(1); // pairing key
  const code = reader.u8();
  if (code !== TAKE_RESERVATION) return { code, station: '' };
  reader.skip(4);
  const station = reader.text(reader.u8());
  // Computer names of Windows; anything else is not said to be one.
  return { code, station: reader.ok && /^[\w-]{2,63}$/.test(station) ? station : '' };
}

interface UmasAnswer {
  readonly accepted: boolean;
  readonly told: readonly Told[];
}
const NOTHING: readonly Told[] = [];

/** Reads an answer to the request with `code`, from the byte after function code 90 on. */
export function readUmasAnswer(reader: Reader, code: number): UmasAnswer {
  reader.skip(1); // pairing key
  const accepted = reader.u8() === DONE;
  if (!accepted || code !== READ_ID) return { accepted, told: NOTHING };
  reader.skip(8); // range, hardware identifier, model number
  const version = reader.u16le().toString(16).padStart(4, '0'); // in BCD: 0x0270 is 2.70
  reader.skip(12); // patch, internal version, hardware version, crash code
  const model = reader.text(reader.u8());
  if (!reader.ok || !/^[\x20-\x7e]{3,}$/.test(model)) return { accepted, told: NOTHING };
  const source = 'UMAS read ID';
  // UMAS has no vendor field, but no other maker's controllers speak it.
  const told: Told[] = [
    { kind: 'device.vendor', value: 'Schneider Electric', source },
    { kind: 'device.model', value: cleanText(model), source },
  ];
  if (/^\d{4}$/.test(version) && version !== '0000')
    told.push({ kind: 'device.firmware', value: `${version.slice(0, 2)}.${version.slice(2)}`, source });
  return { accepted, told };
}

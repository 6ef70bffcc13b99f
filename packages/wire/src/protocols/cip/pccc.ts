// PCCC, the command set of PLC-5, SLC 500 and MicroLogix, as CIP carries it (class 0x67). Commands, functions and the
// diagnostic status are those of Rockwell publication 1770-6.5.16, chapters 7 to 10.
import type { OperationKind } from '@interlock/model';
import { cleanText, type Reader } from '../../reader.ts';

export interface PcccRequest {
  readonly command: number;
  /** -1 where the command has none. */
  readonly functionCode: number;
  /** `N7:0` where a data file is addressed, else empty. */
  readonly address: string;
}
export interface PcccReply {
  readonly status: number;
  /** Catalogue name out of a diagnostic status, else empty. */
  readonly processor: string;
}

/** Letters of data files by their type. */
const FILE_TYPES: Readonly<Record<number, string>> = {
  130: 'O',
  131: 'I',
  132: 'S',
  133: 'B',
  134: 'T',
  135: 'C',
  136: 'R',
  137: 'N',
  138: 'F',
  141: 'ST',
  142: 'A',
};

const DIAGNOSTIC = 0x06;
const EXTENDED = 0x0f;
const DIAGNOSTIC_STATUS = 0x03;

/** Requester, then command, status, transaction and function. Undefined where it is cut off. */
export function readPcccRequest(reader: Reader): PcccRequest | undefined {
  const requester = reader.u8();
  reader.skip(requester - 1);
  const command = reader.u8();
  reader.skip(3);
  if (!reader.ok) return undefined;
  const plain = command & 0x0f;
  const functionCode = plain === DIAGNOSTIC || plain === 0x07 || plain === EXTENDED ? reader.u8() : -1;
  if (!reader.ok) return undefined;
  const address = plain === EXTENDED && hasLogicalAddress(functionCode) ? readLogicalAddress(reader) : '';
  return { command: plain, functionCode, address };
}

/** Protected typed logical writes: only what is changed is worth an address. */
const hasLogicalAddress = (functionCode: number): boolean =>
  functionCode === 0xa9 || functionCode === 0xaa || functionCode === 0xab;

/** Size, file number, file type, element; a number above 254 is 0xff and two bytes. */
function readLogicalAddress(reader: Reader): string {
  reader.skip(1);
  const file = readNumber(reader);
  const type = reader.u8();
  const element = readNumber(reader);
  const letter = FILE_TYPES[type];
  return reader.ok && letter !== undefined ? `${letter}${file}:${element}` : '';
}
function readNumber(reader: Reader): number {
  const short = reader.u8();
  return short === 0xff ? reader.u16le() : short;
}

export function readPcccReply(reader: Reader, request: PcccRequest): PcccReply {
  const requester = reader.u8();
  reader.skip(requester - 1 + 1);
  const status = reader.u8();
  reader.skip(2);
  const asked = request.command === DIAGNOSTIC && request.functionCode === DIAGNOSTIC_STATUS;
  const processor = reader.ok && status === 0 && asked ? readProcessor(reader) : '';
  return { status: reader.ok ? status : -1, processor };
}

/**
 * Processor out of a diagnostic status of the SLC 500 and MicroLogix families: type extender 0xee in the second byte, the
 * catalogue name in eleven characters from the sixth. Other families carry numbers only.
 */
function readProcessor(reader: Reader): string {
  reader.skip(1);
  if (reader.u8() !== 0xee) return '';
  reader.skip(3);
  const name = reader.text(11);
  return reader.ok && /^[\x20-\x7e]*[\x20\0]*$/.test(name) ? cleanText(name) : '';
}

interface PcccFunction {
  readonly what: string;
  readonly kind: OperationKind;
}
const is = (what: string, kind: OperationKind): PcccFunction => ({ what: `PCCC ${what}`, kind });

const COMMANDS: Readonly<Record<number, PcccFunction>> = {
  0: is('protected write', 'write'),
  1: is('unprotected read', 'read'),
  2: is('protected bit write', 'write'),
  5: is('unprotected bit write', 'write'),
  8: is('unprotected write', 'write'),
};

/** By command and function. */
const FUNCTIONS: Readonly<Record<number, PcccFunction>> = {
  1536: is('echo', 'diagnostic'),
  1537: is('read diagnostic counters', 'diagnostic'),
  1538: is('set variables', 'configure'),
  1539: is('diagnostic status', 'diagnostic'),
  1540: is('set timeout', 'configure'),
  1541: is('set NAKs', 'configure'),
  1542: is('set ENQs', 'configure'),
  1543: is('reset diagnostic counters', 'configure'),
  1544: is('set data table size', 'configure'),
  1545: is('read link parameters', 'diagnostic'),
  1546: is('set link parameters', 'configure'),
  1792: is('disable outputs', 'mode'),
  1793: is('enable outputs', 'mode'),
  1795: is('enable PLC scanning', 'mode'),
  1796: is('enter download mode', 'logic'),
  1797: is('exit download or upload mode', 'logic'),
  1798: is('enter upload mode', 'logic'),
  3840: is('word range write', 'write'),
  3841: is('word range read', 'read'),
  3842: is('bit write', 'write'),
  3843: is('file write', 'write'),
  3844: is('file read', 'read'),
  3845: is('download request', 'logic'),
  3846: is('upload', 'logic'),
  3847: is('shutdown', 'mode'),
  3848: is('physical write', 'write'),
  3849: is('physical read', 'read'),
  3850: is('restart request', 'mode'),
  3857: is('get edit resource', 'session'),
  3858: is('return edit resource', 'session'),
  3863: is('read bytes physical', 'logic'),
  3864: is('write bytes physical', 'logic'),
  3878: is('read-modify-write', 'write'),
  3881: is('read section size', 'diagnostic'),
  3898: is('set CPU mode', 'mode'),
  3905: is('disable forces', 'mode'),
  3920: is('download all request', 'logic'),
  3922: is('download completed', 'logic'),
  3923: is('upload all request', 'logic'),
  3925: is('upload completed', 'logic'),
  3927: is('initialize memory', 'logic'),
  3934: is('modify PLC-2 compatibility file', 'configure'),
  3943: is('typed write', 'write'),
  3944: is('typed read', 'read'),
  3961: is('read-modify-write N', 'write'),
  3968: is('change CPU mode', 'mode'),
  3969: is('open file', 'file'),
  3970: is('close file', 'file'),
  3976: is('execute multiple commands', 'configure'),
  3983: is('apply port configuration', 'configure'),
  4001: is('protected typed logical read', 'read'),
  4002: is('protected typed logical read', 'read'),
  4007: is('protected typed file read', 'file'),
  4009: is('protected typed logical write', 'write'),
  4010: is('protected typed logical write', 'write'),
  4011: is('protected typed logical masked write', 'write'),
  4015: is('protected typed file write', 'file'),
};

/** What a command does, in the manual's words. Undefined for commands that it does not name. */
export function pcccFunction(request: PcccRequest): PcccFunction | undefined {
  return request.functionCode < 0
    ? COMMANDS[request.command]
    : FUNCTIONS[(request.command << 8) | request.functionCode];
}

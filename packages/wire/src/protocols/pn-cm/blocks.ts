// The blocks that PROFINET's calls are made of (IEC 61158-6-10, 5.2): type, length, version, contents. Only those that say
// who somebody is, what is plugged where, and what is done.

import { hexPairs, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';

export const BLOCK = {
  writeRequest: 0x0008,
  readRequest: 0x0009,
  expectedIdentification: 0x0012,
  realIdentification: 0x0013,
  im0: 0x0020,
  im1: 0x0021,
  im2: 0x0022,
  im3: 0x0023,
  im0FilterSubmodules: 0x0030,
  im0FilterDevice: 0x0032,
  arRequest: 0x0101,
  expectedSubmodules: 0x0104,
  firstControl: 0x0110,
  lastControl: 0x011f,
  portDataReal: 0x020f,
  interfaceDataReal: 0x0240,
  multiple: 0x0400,
  writeResponse: 0x8008,
  readResponse: 0x8009,
  arResponse: 0x8101,
  moduleDiff: 0x8104,
} as const;

export interface Block {
  readonly type: number;
  readonly version: number;
  readonly body: Reader;
}
/** Blocks of one call: a configuration of a large device has some hundreds. */
const MAX_BLOCKS = 2000;

/** Blocks until the end, each behind the padding after the one before it. */
export function* blocksOf(reader: Reader): Generator<Block> {
  for (let i = 0; i < MAX_BLOCKS && reader.left >= 6; i++) {
    const start = reader.at;
    const type = reader.u16();
    const length = reader.u16();
    if (type === 0 || length < 2) return;
    const version = reader.u16();
    const body = reader.sub(Math.min(length - 2, reader.left));
    yield { type, version, body };
    // Some devices fill blocks up to four bytes, others do not; no block has the type 0.
    if (reader.peek16() === 0) reader.skip(Math.min(reader.left, (4 - ((reader.at - start) % 4)) % 4));
  }
}

/** Where a record is: API, slot, subslot, index. */
export interface Place {
  readonly api: number;
  readonly slot: number;
  readonly subslot: number;
  readonly index: number;
}
/** Head of a read or write, up to the index; then the length of the data. */
export function readPlace(reader: Reader): { readonly place: Place; readonly length: number } {
  reader.skip(18); // sequence number, UUID of the application relation
  const api = reader.u32();
  const slot = reader.u16();
  const subslot = reader.u16();
  reader.skip(2);
  const index = reader.u16();
  return { place: { api, slot, subslot, index }, length: reader.u32() };
}

/** A submodule that is plugged, with the numbers its maker gives module and submodule. */
export interface Submodule {
  readonly api: number;
  readonly slot: number;
  readonly subslot: number;
  readonly module: number;
  readonly submodule: number;
}
/** Submodules of one device; the largest have 64 slots with some tens each. */
const MAX_SUBMODULES = 1024;

/** Configuration that the controller expects: API, slot, module, then submodules with one or two descriptions of data. */
export function readExpected(reader: Reader, into: Submodule[]): void {
  const apis = reader.u16();
  for (let i = 0; i < apis && reader.left > 0; i++) {
    const api = reader.u32();
    const slot = reader.u16();
    const module = reader.u32();
    reader.skip(2);
    const count = reader.u16();
    for (let n = 0; n < count && reader.left > 0 && into.length < MAX_SUBMODULES; n++) {
      const subslot = reader.u16();
      const submodule = reader.u32();
      const properties = reader.u16();
      reader.skip((properties & 3) === 3 ? 12 : 6);
      if (reader.ok) into.push({ api, slot, subslot, module, submodule });
    }
  }
}

/** What is really plugged (version 1.1 has APIs, 1.0 has not). */
export function readIdentification(version: number, reader: Reader): Submodule[] {
  const found: Submodule[] = [];
  const apis = version === 0x0100 ? 1 : reader.u16();
  for (let i = 0; i < apis && reader.left > 0; i++) {
    const api = version === 0x0100 ? 0 : reader.u32();
    const slots = reader.u16();
    for (let n = 0; n < slots && reader.left > 0; n++) {
      const slot = reader.u16();
      const module = reader.u32();
      const count = reader.u16();
      for (let m = 0; m < count && reader.left > 0 && found.length < MAX_SUBMODULES; m++) {
        const subslot = reader.u16();
        const submodule = reader.u32();
        if (reader.ok) found.push({ api, slot, subslot, module, submodule });
      }
    }
  }
  return found;
}

const NO_MODULE = 0;
/** Nothing is in the subslot: alone in the older form, in bits 11 to 14 of the one that the uppermost bit tells of. */
const isMissing = (state: number): boolean => ((state & 0x8000) !== 0 ? ((state >> 11) & 15) === 3 : state === 0);

/** What differs from the expected configuration: slots where nothing is plugged go, others get their real numbers. */
export function applyDifference(expected: readonly Submodule[], reader: Reader): Submodule[] {
  let plugged = [...expected];
  const apis = reader.u16();
  for (let i = 0; i < apis && reader.left > 0; i++) {
    const api = reader.u32();
    const modules = reader.u16();
    for (let n = 0; n < modules && reader.left > 0; n++) {
      const slot = reader.u16();
      const module = reader.u32();
      const state = reader.u16();
      const count = reader.u16();
      if (!reader.ok) return plugged;
      if (state === NO_MODULE) plugged = plugged.filter((one) => one.api !== api || one.slot !== slot);
      for (let m = 0; m < count && reader.left > 0; m++) {
        const subslot = reader.u16();
        const submodule = reader.u32();
        const submoduleState = reader.u16();
        if (!reader.ok) return plugged;
        plugged = plugged.filter((one) => one.api !== api || one.slot !== slot || one.subslot !== subslot);
        if (state !== NO_MODULE && !isMissing(submoduleState) && plugged.length < MAX_SUBMODULES)
          plugged.push({ api, slot, subslot, module, submodule });
      }
    }
  }
  return plugged;
}

/** Identification record 0: who made a module (profile guideline "Identification & Maintenance", 1.2). */
export interface Identification {
  readonly vendor: number;
  readonly order: string;
  readonly serial: string;
  readonly hardware: string;
  readonly firmware: string;
}
export function readIm0(reader: Reader): Identification | undefined {
  const vendor = reader.u16();
  const order = statedText(reader.text(20));
  const serial = statedText(reader.text(16));
  const hardware = reader.u16();
  const firmware = readRevision(reader);
  if (!reader.ok) return undefined;
  return { vendor, order, serial, hardware: hardwareText(hardware), firmware };
}

/** 0xFFFF says that the profile has the revision somewhere else. */
const hardwareText = (revision: number): string => (revision === 0xffff || revision === 0 ? '' : String(revision));

/** A letter (V released, R revision, P prototype, U under test, T test device), then three numbers. */
function readRevision(reader: Reader): string {
  const prefix = reader.text(1);
  const numbers = [reader.u8(), reader.u8(), reader.u8()];
  const isStated = /^[VRPUT]$/.test(prefix) && numbers.some((n) => n !== 0) && numbers.some((n) => n !== 255);
  return isStated ? `${prefix}${numbers.join('.')}` : '';
}

/** Name, MAC and IP address of the interface. */
export interface InterfaceData {
  readonly name: string;
  readonly mac: string;
  readonly ip: string;
  readonly mask: string;
  readonly router: string;
}
export function readInterface(reader: Reader): InterfaceData | undefined {
  const name = statedText(reader.text(reader.u8()), 240);
  // Texts begin behind the head of the block, whose six bytes count for the alignment.
  reader.skip((4 - ((reader.offset + 6) % 4)) % 4);
  const mac = hexPairs(reader.bytes(6), ':');
  reader.skip(2);
  const data = { name, mac, ip: reader.ipv4(), mask: reader.ipv4(), router: reader.ipv4() };
  return reader.ok ? data : undefined;
}

/** The port's own name and who is at its other end. */
export interface PortData {
  readonly port: string;
  readonly peers: readonly { readonly port: string; readonly chassis: string }[];
}
export function readPort(reader: Reader): PortData | undefined {
  reader.skip(2 + 4); // padding, slot, subslot
  const port = reader.text(reader.u8());
  const count = reader.u8();
  reader.skip((4 - ((reader.offset + 6) % 4)) % 4);
  const peers: { port: string; chassis: string }[] = [];
  for (let i = 0; i < count && i < 8 && reader.left > 0; i++) {
    const peerPort = statedText(reader.text(reader.u8()));
    const chassis = statedText(reader.text(reader.u8()));
    reader.skip((4 - ((reader.offset + 6) % 4)) % 4);
    reader.skip(4 + 6 + 2); // line delay, MAC address, padding
    if (reader.ok && chassis) peers.push({ port: peerPort, chassis });
  }
  return port === '' ? undefined : { port, peers };
}

// Objects beside Identity that tell who a device is: its network settings (CIP volume 2, chapter 5-4 and 5-5) and the
// name of the program that a Logix controller runs.
import type { Reader } from '../../reader.ts';
import { readShortString, readString } from './identity.ts';

export interface NetworkSettings {
  ip?: string;
  mask?: string;
  gateway?: string;
  nameServers?: readonly string[];
  domain?: string;
  hostName?: string;
  mac?: string;
}

const TCP_IP_INTERFACE = 0xf5;

/** An address as a 32-bit number in the byte order of CIP; empty where none is set. */
function readAddress(reader: Reader): string {
  const number = reader.u32le();
  if (!reader.ok || number === 0) return '';
  return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`;
}

/** Reads one attribute. False where its length is not known or its bytes are cut off. */
export function readNetworkAttribute(
  reader: Reader,
  classId: number,
  attribute: number,
  network: NetworkSettings,
): boolean {
  return classId === TCP_IP_INTERFACE
    ? readInterfaceAttribute(reader, attribute, network)
    : readLinkAttribute(reader, attribute, network);
}

/** The answer to Get_Attributes_All: attributes in a row from the first. */
export function readNetworkSettings(reader: Reader, classId: number): NetworkSettings {
  const network: NetworkSettings = {};
  const last = classId === TCP_IP_INTERFACE ? 6 : 3;
  let attribute = 1;
  while (attribute <= last && readNetworkAttribute(reader, classId, attribute, network)) attribute++;
  return network;
}

function readInterfaceAttribute(reader: Reader, attribute: number, network: NetworkSettings): boolean {
  switch (attribute) {
    case 1: // status
    case 2: // configuration capability
    case 3: // configuration control
      reader.skip(4);
      return reader.ok;
    case 4: // path to the physical link, in words
      reader.skip(reader.u16le() * 2);
      return reader.ok;
    case 5: {
      const ip = readAddress(reader);
      const mask = readAddress(reader);
      const gateway = readAddress(reader);
      const nameServers = [readAddress(reader), readAddress(reader)].filter((address) => address !== '');
      if (!reader.ok) return false;
      network.ip = ip;
      network.mask = mask;
      network.gateway = gateway;
      network.nameServers = nameServers;
      const domain = readPaddedString(reader);
      if (reader.ok) network.domain = domain;
      return reader.ok;
    }
    case 6: {
      const hostName = readPaddedString(reader);
      if (reader.ok) network.hostName = hostName;
      return reader.ok;
    }
    default:
      return false;
  }
}

/** A text of a 16-bit length, filled up to a whole word; the filler is left out where the text is the last. */
function readPaddedString(reader: Reader): string {
  const before = reader.offset;
  const text = readString(reader);
  if ((reader.offset - before) % 2 === 1 && reader.left > 0) reader.skip(1);
  return text;
}

function readLinkAttribute(reader: Reader, attribute: number, network: NetworkSettings): boolean {
  switch (attribute) {
    case 1: // speed
    case 2: // flags
      reader.skip(4);
      return reader.ok;
    case 3: {
      const mac = reader.mac();
      if (reader.ok && /[^0:]/.test(mac) && mac !== 'ff:ff:ff:ff:ff:ff') network.mac = mac;
      return reader.ok;
    }
    case 4: // interface counters
      reader.skip(44);
      return reader.ok;
    case 5: // media counters
      reader.skip(48);
      return reader.ok;
    case 6: // control: bits and forced speed
      reader.skip(4);
      return reader.ok;
    case 7: // type
    case 8: // state
    case 9: // administrative state
      reader.skip(1);
      return reader.ok;
    case 10:
      readShortString(reader);
      return reader.ok;
    default:
      return false;
  }
}

/** Attribute 1 of Logix class 0x64: the name given to the controller in its project. */
export function readProgramName(reader: Reader): string {
  const name = readString(reader);
  return reader.ok ? name : '';
}

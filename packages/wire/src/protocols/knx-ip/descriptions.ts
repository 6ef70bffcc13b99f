// What a KNXnet/IP server says of itself: the description blocks of its answers to searches and descriptions, and the
// properties that the engineering tool reads.
import { cleanText, decodeText, hexPairs, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { formatIndividual, type Property } from './cemi.ts';

export interface ServerDescription {
  readonly name: string;
  readonly serial: string;
  readonly mac: string;
  readonly individualAddress: string;
  readonly project: string;
  readonly medium: string;
  readonly isProgramming: boolean;
  readonly families: readonly string[];
  /** Families that are only to be used with security. */
  readonly secured: readonly string[];
  readonly ip: string;
  readonly mask: string;
  readonly router: string;
}

/** Types of description block (KNX 3/8/2 clause 7.5.4). */
const DEVICE_INFORMATION = 1;
const SERVICE_FAMILIES = 2;
const CURRENT_IP = 4;
const SECURED_SERVICES = 6;
/** Blocks of one answer: eight types exist. */
const MAX_BLOCKS = 32;

/** Reads blocks up to the end; those before a break are kept. */
export function readDescriptionBlocks(reader: Reader): ServerDescription {
  let found: ServerDescription = NOTHING;
  for (let i = 0; i < MAX_BLOCKS && reader.left >= 2; i++) {
    const length = reader.u8();
    const type = reader.u8();
    if (length < 2) break;
    const block = reader.sub(Math.min(length - 2, reader.left));
    if (type === DEVICE_INFORMATION) found = { ...found, ...readDevice(block) };
    else if (type === SERVICE_FAMILIES) found = { ...found, families: readFamilies(block, true) };
    else if (type === SECURED_SERVICES) found = { ...found, secured: readFamilies(block, false) };
    else if (type === CURRENT_IP) {
      const ip = block.ipv4();
      const mask = block.ipv4();
      const router = block.ipv4();
      if (block.ok) found = { ...found, ip, mask, router };
    }
  }
  return found;
}
const NOTHING: ServerDescription = {
  name: '',
  serial: '',
  mac: '',
  individualAddress: '',
  project: '',
  medium: '',
  isProgramming: false,
  families: [],
  secured: [],
  ip: '',
  mask: '',
  router: '',
};

const MEDIA: Readonly<Record<number, string>> = {
  2: 'twisted pair',
  4: 'power line',
  16: 'radio',
  32: 'IP',
};

function readDevice(block: Reader): Partial<ServerDescription> {
  const medium = MEDIA[block.u8()] ?? '';
  const isProgramming = (block.u8() & 1) !== 0;
  const address = block.u16();
  const project = block.u16();
  const serial = hexPairs(block.bytes(6), '');
  block.skip(4); // multicast address of routing
  const mac = block.mac();
  if (!block.ok) return {};
  const name = statedText(block.text(Math.min(30, block.left)));
  return {
    medium,
    isProgramming,
    individualAddress: isOwnAddress(address) ? formatIndividual(address) : '',
    project: project === 0 ? '' : `${project >> 4}/${project & 15}`,
    serial: isSerial(serial) ? serial : '',
    mac,
    name,
  };
}
/** 15.15.255 is what devices have that nobody gave an address. */
const isOwnAddress = (address: number): boolean => address !== 0 && address !== 0xffff;
const isSerial = (serial: string): boolean => serial.length === 12 && !/^(.)\1*$/.test(serial);

const FAMILIES: Readonly<Record<number, string>> = {
  2: 'core',
  3: 'device management',
  4: 'tunnelling',
  5: 'routing',
  6: 'remote logging',
  7: 'remote configuration',
  8: 'object server',
  9: 'security',
};

function readFamilies(block: Reader, withVersion: boolean): string[] {
  const families: string[] = [];
  while (block.left >= 2) {
    const family = block.u8();
    const version = block.u8();
    const name = FAMILIES[family] ?? `family ${family}`;
    families.push(withVersion ? `${name} ${version}` : name);
  }
  return families;
}

export interface PropertyFact {
  readonly kind: 'device.serial' | 'device.order-number' | 'device.description' | 'device.friendly-label';
  readonly value: string;
  readonly source: string;
}

/** Interface objects (KNX 3/7/3): the device, and its parameters for KNXnet/IP. */
const DEVICE_OBJECT = 0;
const IP_PARAMETERS = 11;

/** What a property of a server says of it; undefined for all that say nothing of the kind. */
export function readProperty({ object, id, data }: Property): PropertyFact | undefined {
  const text = (): string => {
    const value = statedText(decodeText(data, 'latin1'));
    return /^[\x20-\x7e\xa0-\xff]+$/.test(value) ? cleanText(value) : '';
  };
  if (object === DEVICE_OBJECT && id === 11) {
    const serial = hexPairs(data.subarray(0, 6), '');
    return isSerial(serial) ? { kind: 'device.serial', value: serial, source: 'property serial number' } : undefined;
  }
  const known: PropertyFact | undefined =
    object === DEVICE_OBJECT && id === 15
      ? { kind: 'device.order-number', value: text(), source: 'property order information' }
      : object === DEVICE_OBJECT && id === 21
        ? { kind: 'device.description', value: text(), source: 'property description' }
        : object === IP_PARAMETERS && id === 76
          ? { kind: 'device.friendly-label', value: text(), source: 'property friendly name' }
          : undefined;
  return known && known.value.length > 1 ? known : undefined;
}

// What Zigbee devices say to each other: device profile messages that tie addresses to devices (Zigbee 05-3474-23 section
// 2.4), and cluster messages that read what a device is or let it do something (Zigbee Cluster Library 07-5123-08).
import type { OperationKind } from '@interlock/model';
import { cleanText, type Reader } from '../../reader.ts';
import { readEui64 } from './radio-frame.ts';

/** A device as another message names it. */
export interface Named {
  readonly short: number;
  readonly eui: string;
}
/** One attribute of a cluster; numbers as they stand, texts cleaned. */
export interface Attribute {
  readonly cluster: number;
  readonly id: number;
  readonly value: string | number;
}
export interface Command {
  readonly what: string;
  readonly kind: OperationKind;
}
export interface Content {
  readonly named: readonly Named[];
  readonly attributes: readonly Attribute[];
  readonly command: Command | undefined;
  /** Of a device announcement or node descriptor: what the node is. */
  readonly role: string;
  /** Manufacturer code of the node descriptor; -1 where it is not told. */
  readonly manufacturer: number;
}
export const NOTHING: Content = { named: [], attributes: [], command: undefined, role: '', manufacturer: -1 };

export const DEVICE_PROFILE = 0;
export const BASIC = 0x0000;

const DEVICE_ANNOUNCE = 0x0013;
const NETWORK_ADDRESS_ANSWER = 0x8000;
const EXTENDED_ADDRESS_ANSWER = 0x8001;
const NODE_DESCRIPTOR_ANSWER = 0x8002;
/** Requests of the device profile that change something (sections 2.4.3.2 and 2.4.3.3). */
const PROFILE_REQUESTS = new Map<number, Command>([
  [0x0021, { what: 'bind', kind: 'configure' }],
  [0x0022, { what: 'unbind', kind: 'configure' }],
  [0x0034, { what: 'leave the network', kind: 'configure' }],
  [0x0036, { what: 'permit joining', kind: 'configure' }],
  [0x0038, { what: 'update the network', kind: 'configure' }],
]);
/** Logical types of the node descriptor (table 2-33). */
const LOGICAL_TYPES = ['Zigbee coordinator', 'Zigbee router', 'Zigbee end device'];

/** A message of the device profile. */
export function readProfileMessage(reader: Reader, cluster: number): Content {
  reader.skip(1); // transaction
  switch (cluster) {
    case DEVICE_ANNOUNCE: {
      const named = readNamed(reader, reader.u16le());
      const capability = reader.u8();
      const role = reader.ok ? ((capability & 2) === 0 ? 'Zigbee end device' : 'Zigbee router') : '';
      return { ...NOTHING, named, role };
    }
    case NETWORK_ADDRESS_ANSWER:
    case EXTENDED_ADDRESS_ANSWER: {
      if (reader.u8() !== 0) return NOTHING;
      const eui = readEui64(reader);
      return { ...NOTHING, named: eui === '' ? [] : [{ eui, short: reader.u16le() }] };
    }
    case NODE_DESCRIPTOR_ANSWER: {
      if (reader.u8() !== 0) return NOTHING;
      reader.skip(2); // address of interest
      const role = LOGICAL_TYPES[reader.u8() & 7] ?? '';
      reader.skip(2);
      const manufacturer = reader.u16le();
      return reader.ok ? { ...NOTHING, role, manufacturer } : NOTHING;
    }
    default: {
      const command = PROFILE_REQUESTS.get(cluster);
      return command ? { ...NOTHING, command } : NOTHING;
    }
  }
}
function readNamed(reader: Reader, short: number): readonly Named[] {
  const eui = readEui64(reader);
  return eui === '' ? [] : [{ short, eui }];
}

// ------------------------------------------------------------------ cluster library

const READ = 0x00;
const READ_ANSWER = 0x01;
const WRITES = [0x02, 0x03, 0x05];
const CONFIGURE_REPORTING = 0x06;
const REPORT = 0x0a;
/** Attributes of one message; a frame of 127 bytes holds fewer. */
const MAX_ATTRIBUTES = 40;

/** Commands of clusters to the server (ZCL chapters 3 to 11); what is not here is told by its number. */
const CLUSTERS = new Map<
  number,
  { readonly name: string; readonly kind: OperationKind; readonly commands: readonly string[] }
>([
  [BASIC, { name: 'basic', kind: 'mode', commands: ['reset to factory defaults'] }],
  [0x0003, { name: 'identify', kind: 'diagnostic', commands: ['identify', 'query identify'] }],
  [
    0x0004,
    { name: 'groups', kind: 'configure', commands: ['add to group', 'view group', 'get groups', 'remove from group'] },
  ],
  [
    0x0005,
    {
      name: 'scenes',
      kind: 'configure',
      commands: ['add scene', 'view scene', 'remove scene', 'remove all scenes', 'store scene', 'recall scene'],
    },
  ],
  [0x0006, { name: 'on/off', kind: 'write', commands: ['switch off', 'switch on', 'toggle'] }],
  [
    0x0008,
    { name: 'level control', kind: 'write', commands: ['move to level', 'move level', 'step level', 'stop level'] },
  ],
  [
    0x0019,
    {
      name: 'over the air upgrade',
      kind: 'firmware',
      commands: [
        'firmware image notify',
        'query next firmware image',
        'firmware image announce',
        'firmware block request',
        'firmware page request',
        'firmware block',
        'end of firmware upgrade',
        'firmware upgrade go',
      ],
    },
  ],
  [
    0x0101,
    {
      name: 'door lock',
      kind: 'write',
      commands: ['lock the door', 'unlock the door', 'toggle the door lock', 'unlock the door with timeout'],
    },
  ],
  [
    0x0102,
    {
      name: 'window covering',
      kind: 'write',
      commands: ['open the covering', 'close the covering', 'stop the covering'],
    },
  ],
  [0x0201, { name: 'thermostat', kind: 'write', commands: ['raise or lower the setpoint', 'set the weekly schedule'] }],
  [
    0x0300,
    { name: 'color control', kind: 'write', commands: ['move to hue', 'move hue', 'step hue', 'move to saturation'] },
  ],
  [0x0500, { name: 'intruder alarm zone', kind: 'configure', commands: ['enroll in the alarm zone'] }],
  [0x0501, { name: 'intruder alarm panel', kind: 'mode', commands: ['arm the alarm'] }],
]);

/** A cluster message: attributes that a device tells of itself, or what it is asked to do. */
export function readClusterMessage(reader: Reader, cluster: number): Content {
  const control = reader.u8();
  if ((control & 4) !== 0) reader.skip(2); // manufacturer's own
  reader.skip(1); // transaction
  const id = reader.u8();
  const toServer = (control & 8) === 0;
  if (!reader.ok || (control & 3) > 1) return NOTHING;
  if ((control & 3) === 1) return commandOf(cluster, id, (control & 4) !== 0, toServer);
  if ((control & 4) !== 0) return NOTHING;
  if (id === READ_ANSWER || id === REPORT) return { ...NOTHING, attributes: readAttributes(reader, cluster, id) };
  if (!toServer) return NOTHING;
  if (id === READ) return { ...NOTHING, command: { what: 'read attributes', kind: 'read' } };
  if (WRITES.includes(id)) return { ...NOTHING, command: { what: 'write attributes', kind: 'configure' } };
  if (id === CONFIGURE_REPORTING) return { ...NOTHING, command: { what: 'configure reporting', kind: 'configure' } };
  return NOTHING;
}

function commandOf(cluster: number, id: number, ofMaker: boolean, toServer: boolean): Content {
  const known = CLUSTERS.get(cluster);
  // Upgrades are asked for by the device and answered by the server; who answers does it to the device.
  const isUpgrade = cluster === 0x0019;
  if (!known || ofMaker || toServer === isUpgrade) return NOTHING;
  return {
    ...NOTHING,
    command: {
      what: known.commands[id] ?? `${known.name} command 0x${id.toString(16).padStart(2, '0')}`,
      kind: known.kind,
    },
  };
}

function readAttributes(reader: Reader, cluster: number, id: number): readonly Attribute[] {
  const attributes: Attribute[] = [];
  while (reader.left >= 4 && attributes.length < MAX_ATTRIBUTES) {
    const attribute = reader.u16le();
    if (id === READ_ANSWER && reader.u8() !== 0) continue;
    const value = readValue(reader);
    if (value === undefined || !reader.ok) break;
    attributes.push({ cluster, id: attribute, value });
  }
  return attributes;
}

/** Lengths in bytes of data types (ZCL table 2-10): numbers, and those whose value is not wanted. 0x41 and 0x42 carry their own. */
const NUMBER_BYTES = new Map<number, number>([
  [0x10, 1],
  [0x18, 1],
  [0x19, 2],
  [0x1a, 3],
  [0x1b, 4],
  [0x20, 1],
  [0x21, 2],
  [0x22, 3],
  [0x23, 4],
  [0x28, 1],
  [0x29, 2],
  [0x2a, 3],
  [0x2b, 4],
  [0x30, 1],
  [0x31, 2],
]);
const SKIPPED_BYTES = new Map<number, number>([
  [0x00, 0],
  [0x08, 1],
  [0x09, 2],
  [0x24, 5],
  [0x25, 6],
  [0x26, 7],
  [0x27, 8],
  [0x38, 2],
  [0x39, 4],
  [0x3a, 8],
  [0xe0, 4],
  [0xe1, 4],
  [0xe2, 4],
  [0xe8, 2],
  [0xe9, 2],
  [0xea, 4],
  [0xf0, 8],
  [0xf1, 16],
]);
/** A length of all ones says that there is no text. */
const NO_TEXT = 0xff;

function readValue(reader: Reader): string | number | undefined {
  const type = reader.u8();
  if (type === 0x41 || type === 0x42) {
    const length = reader.u8();
    if (length === NO_TEXT) return '';
    const text = reader.text(length, 'utf8');
    return type === 0x42 ? cleanText(text) : '';
  }
  const bytes = NUMBER_BYTES.get(type);
  if (bytes === undefined) {
    const skipped = SKIPPED_BYTES.get(type);
    if (skipped === undefined) return undefined;
    reader.skip(skipped);
    return '';
  }
  let value = 0;
  for (let n = 0; n < bytes; n++) value += reader.u8() * 256 ** n;
  return value;
}

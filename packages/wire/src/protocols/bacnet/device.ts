// What a device tells of itself in its Device and Network Port objects (ASHRAE 135, clauses 12.11 and 12.56), as facts.
import type { FactKind, Subject } from '@interlock/model';
import type { Saying } from '../../protocol.ts';
import { statedText } from '../../stated.ts';
import type { Property } from './application.ts';
import { DEVICE, NETWORK_PORT, OBJECT_NAME, objectName, SEGMENTATION, SYSTEM_STATUS } from './services.ts';
import { ENUMERATED, ipOfHex, OCTETS, TEXT, UNSIGNED } from './tags.ts';
import { BACNET_VENDORS } from './vendors.ts';

export const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.software',
  'device.serial',
  'device.friendly-label',
  'device.description',
  'device.location',
  'device.uuid',
  'bacnet.instance',
  'bacnet.vendor-id',
  'bacnet.maker',
  'bacnet.network',
  'bacnet.address',
  'bacnet.object',
  'bacnet.segmentation',
  'bacnet.forwards',
  'bacnet.bbmd-peer',
  'bacnet.foreign-device',
  'bacnet.status',
  'bacnet.revision',
  'network.mask',
  'network.router',
  'network.name-server',
  'address.announced-ip',
  'service.role',
  'credential.cleartext',
  'operation',
] as const satisfies readonly FactKind[];
export type Kind = (typeof TELLS)[number];
export type Say = Saying<Kind>;

/** Objects named per conversation; a large controller has more, and each is read again and again. */
const MAX_OBJECTS = 256;

/** The instance number that stands for any device in questions (clause 12.11). */
const ANY_INSTANCE = 4_194_303;

export function sayVendor(subject: Subject, vendorId: number, source: string, say: Say): void {
  say.fact(subject, 'bacnet.vendor-id', vendorId, source);
  say.fact(subject, 'bacnet.maker', BACNET_VENDORS[vendorId] ?? '', source);
}

const DEVICE_TEXTS = {
  12: 'device.software',
  28: 'device.description',
  44: 'device.firmware',
  58: 'device.location',
  70: 'device.model',
  77: 'device.friendly-label',
  121: 'device.vendor',
  372: 'device.serial',
} as const satisfies Record<number, Kind>;

const DEVICE_SOURCES: Readonly<Record<number, string>> = {
  12: 'application-software-version',
  28: 'description',
  44: 'firmware-revision',
  58: 'location',
  70: 'model-name',
  77: 'object-name',
  121: 'vendor-name',
  372: 'serial-number',
};

/** Says what the properties of an answer tell of `speaker`; `state` counts the objects named in a conversation. */
export function observeProperties(
  properties: readonly Property[],
  speaker: Subject,
  say: Say,
  state: { objects: number },
): void {
  let device = -1;
  for (const one of properties) {
    if (one.objectType === DEVICE) {
      if (one.instance !== ANY_INSTANCE && one.instance !== device) {
        device = one.instance;
        say.fact(speaker, 'bacnet.instance', device, 'device object');
      }
      observeDevice(one, speaker, say);
    } else if (one.objectType === NETWORK_PORT && one.property !== OBJECT_NAME) observePort(one, speaker, say);
    else if (one.value.type === TEXT && one.value.text !== '' && state.objects < MAX_OBJECTS) {
      state.objects++;
      say.fact(
        speaker,
        'bacnet.object',
        `${objectName(one.objectType, one.instance)}: ${one.value.text}`,
        'object-name',
      );
    }
  }
}

const VENDOR_IDENTIFIER = 120;
const SYSTEM_STATUS_PROPERTY = 112;
const SEGMENTATION_SUPPORTED = 107;
const PROTOCOL_REVISION = 139;
const DEVICE_UUID = 507;

function observeDevice({ property, value }: Property, speaker: Subject, say: Say): void {
  const { type, number, text } = value;
  const kind = DEVICE_TEXTS[property as keyof typeof DEVICE_TEXTS];
  if (kind) {
    if (type !== TEXT || text === '') return;
    // A serial number that stands for none would make one device of all that have it.
    say.fact(speaker, kind, kind === 'device.serial' ? statedText(text) : text, DEVICE_SOURCES[property] ?? '');
  } else if (property === VENDOR_IDENTIFIER && type === UNSIGNED) sayVendor(speaker, number, 'vendor-identifier', say);
  else if (property === PROTOCOL_REVISION && type === UNSIGNED)
    say.fact(speaker, 'bacnet.revision', number, 'protocol-revision');
  else if (property === SYSTEM_STATUS_PROPERTY && type === ENUMERATED)
    say.fact(speaker, 'bacnet.status', SYSTEM_STATUS[number] ?? '', 'system-status');
  else if (property === SEGMENTATION_SUPPORTED && type === ENUMERATED)
    say.fact(speaker, 'bacnet.segmentation', SEGMENTATION[number] ?? '', 'segmentation-supported');
  else if (property === DEVICE_UUID && type === OCTETS)
    say.fact(speaker, 'device.uuid', uuidOfHex(text), 'device-uuid');
}

function uuidOfHex(hex: string): string {
  if (hex.length !== 32 || /^(0+|f+)$/.test(hex)) return '';
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const IP_ADDRESS = 400;
const IP_GATEWAY = 401;
const IP_NAME_SERVER = 406;
const IP_MASK = 411;
const NETWORK_NUMBER = 425;
const IPV6_ADDRESS = 436;

/** Settings of a network port object: the addresses a device has on it. */
function observePort({ property, value }: Property, speaker: Subject, say: Say): void {
  const { type, number, text } = value;
  if (property === NETWORK_NUMBER && type === UNSIGNED && number > 0)
    say.fact(speaker, 'bacnet.network', number, 'network port network-number');
  if (type !== OCTETS) return;
  if (property === IP_ADDRESS || property === IPV6_ADDRESS)
    say.fact(speaker, 'address.announced-ip', ipOfHex(text), 'network port ip-address');
  else if (property === IP_MASK) say.fact(speaker, 'network.mask', ipOfHex(text), 'network port ip-subnet-mask');
  else if (property === IP_GATEWAY)
    say.fact(speaker, 'network.router', ipOfHex(text), 'network port ip-default-gateway');
  else if (property === IP_NAME_SERVER)
    say.fact(speaker, 'network.name-server', ipOfHex(text), 'network port ip-dns-server');
}

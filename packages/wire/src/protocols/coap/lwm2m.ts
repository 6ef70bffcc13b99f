// Lightweight M2M on CoAP: devices register with a name and the objects they have, and a server reads them. Object 3 says
// what the device is, in one of four encodings.

import { type CborValue, isCborMap, readCbor } from '../../cbor.ts';
import { isJsonObject, parseJson } from '../../json.ts';
import { decodeText, type Reader } from '../../reader.ts';

/** What resources of the device object say (OMA LwM2M Core 1.2 appendix E.4). */
export const DEVICE_RESOURCES = {
  0: 'device.vendor',
  1: 'device.model',
  2: 'device.serial',
  3: 'device.firmware',
  17: 'device.type',
  18: 'device.hardware-version',
  19: 'device.software',
} as const;
type DeviceKind = (typeof DEVICE_RESOURCES)[keyof typeof DEVICE_RESOURCES];
export const DEVICE_KINDS: readonly DeviceKind[] = Object.values(DEVICE_RESOURCES);

export interface DeviceValue {
  readonly kind: DeviceKind;
  readonly value: string;
  readonly source: string;
}

const TEXT = 0;
const OLD_TEXT = 1541;
const SENML_JSON = 110;
const SENML_CBOR = 112;
const TLV = 11_542;
const LWM2M_JSON = 11_543;
/** Content formats of the first drafts, still sent. */
const OLD_TLV = 1542;
const OLD_JSON = 1543;

/** Records of one answer; a device object has about twenty resources. */
const MAX_RECORDS = 500;

/**
 * What an answer says of the device. In: the path that was read, as `/3/0` or `/3/0/2`, the content format, the payload.
 * Resources of other objects are passed over.
 */
export function readDeviceObject(path: string, format: number, payload: Reader): DeviceValue[] {
  const found: DeviceValue[] = [];
  const take = (full: string, value: string) => {
    const resource = /^\/3\/0\/(\d{1,2})$/.exec(full)?.[1];
    const kind = resource === undefined ? undefined : kindOf(Number(resource));
    if (kind !== undefined && found.length < DEVICE_KINDS.length)
      found.push({ kind, value, source: `LwM2M object 3, resource ${resource}` });
  };
  switch (format) {
    case -1:
    case TEXT:
    case OLD_TEXT:
      if (/^\/3\/0\/\d{1,2}$/.test(path)) take(path, payload.text(payload.left, 'utf8'));
      break;
    case TLV:
    case OLD_TLV:
      readTlv(payload, DEVICE, take);
      break;
    case SENML_JSON:
    case LWM2M_JSON:
    case OLD_JSON:
      readSenml(parseJson(payload.text(payload.left, 'utf8')), path, take);
      break;
    case SENML_CBOR:
      readSenml(plainOf(readCbor(payload)), path, take);
      break;
    default:
  }
  return found;
}

const kindOf = (resource: number): DeviceKind | undefined =>
  Object.hasOwn(DEVICE_RESOURCES, resource) ? DEVICE_RESOURCES[resource as keyof typeof DEVICE_RESOURCES] : undefined;

type Take = (path: string, value: string) => void;

/** Type, identifier and length in a few bits each (OMA LwM2M Core 1.2 section 7.4.5); instances hold resources. */
function readTlv(reader: Reader, base: string, take: Take): void {
  for (let records = 0; reader.left > 0 && records < MAX_RECORDS; records++) {
    const head = reader.u8();
    const id = head & 0x20 ? reader.u16() : reader.u8();
    const lengthBytes = (head >> 3) & 3;
    const length =
      lengthBytes === 0 ? head & 7 : lengthBytes === 1 ? reader.u8() : lengthBytes === 2 ? reader.u16() : reader.u24();
    if (length > reader.left) return;
    const value = reader.sub(length);
    const type = head >> 6;
    if (type === OBJECT_INSTANCE && base === DEVICE) readTlv(value, `/3/${id}`, take);
    else if (type === RESOURCE) take(`${base === DEVICE ? FIRST_DEVICE : base}/${id}`, value.text(value.left, 'utf8'));
  }
}
const OBJECT_INSTANCE = 0;
const RESOURCE = 3;
/** The object, and the one instance that there is of it. */
const DEVICE = '/3';
const FIRST_DEVICE = '/3/0';

/** A list of records with names and values (RFC 8428), or in `e` of an object with the base name in `bn`. */
function readSenml(document: unknown, path: string, take: Take): void {
  const wrapped = isJsonObject(document) && Array.isArray(document['e']) ? document['e'] : document;
  let base = isJsonObject(document) && typeof document['bn'] === 'string' ? document['bn'] : '';
  for (const record of Array.isArray(wrapped) ? wrapped.slice(0, MAX_RECORDS) : []) {
    if (!isJsonObject(record)) continue;
    if (typeof record['bn'] === 'string') base = record['bn'];
    const name = typeof record['n'] === 'string' ? record['n'] : '';
    const value = record['vs'] ?? record['sv'];
    if (typeof value !== 'string') continue;
    const full = `${base || (name.startsWith('/') ? '' : `${path}/`)}${name}`.replace(/\/+/g, '/').replace(/\/$/, '');
    take(full, value);
  }
}

/** Keys of SenML in CBOR are small numbers (RFC 8428 section 6). */
const SENML_KEYS: Readonly<Record<string, string>> = { '-2': 'bn', 0: 'n', 3: 'vs' };

function plainOf(value: CborValue): unknown {
  if (!Array.isArray(value)) return undefined;
  return (value as readonly CborValue[]).slice(0, MAX_RECORDS).map((record) => {
    const plain: Record<string, CborValue> = {};
    if (isCborMap(record))
      for (const [key, content] of record) {
        const name = SENML_KEYS[key];
        if (name !== undefined) plain[name] = content;
      }
    return plain;
  });
}

/** Platform and device descriptions of OCF (Core Specification 2.2 section 11.4): maps with short keys, or a list of one. */
export function readOcfResource(
  path: string,
  payload: Reader,
): { readonly kind: DeviceKind | 'device.friendly-label'; readonly value: string; readonly source: string }[] {
  const keys = path === '/oic/p' ? OCF_PLATFORM : path === '/oic/d' ? OCF_DEVICE : undefined;
  if (!keys) return [];
  const value = readCbor(payload);
  const map = Array.isArray(value) ? (value as readonly CborValue[])[0] : value;
  if (!isCborMap(map)) return [];
  const found = [];
  for (const [key, kind] of Object.entries(keys)) {
    const text = map.get(key);
    if (typeof text === 'string') found.push({ kind, value: text, source: `OCF ${path}, ${key}` });
  }
  return found;
}
const OCF_PLATFORM = {
  mnmn: 'device.vendor',
  mnmo: 'device.model',
  mnhw: 'device.hardware-version',
  mnfv: 'device.firmware',
  mnsel: 'device.serial',
} as const;
const OCF_DEVICE = { n: 'device.friendly-label', sv: 'device.software' } as const;

/** Objects that a registration lists, as it names them: "3 Device". In: the paths of its links. */
export function objectsOf(paths: readonly string[]): string[] {
  const objects = new Set<string>();
  for (const path of paths) {
    const id = /^\/(\d{1,5})(?:\/\d{1,5})?$/.exec(path)?.[1];
    if (id !== undefined) objects.add(OBJECT_NAMES[id] ? `${id} ${OBJECT_NAMES[id]}` : id);
  }
  return [...objects];
}

/** Paths in the link format (RFC 6690): `</3/0>;ver=1.2,</5>`. */
export const readLinks = (text: string): string[] =>
  Array.from(text.matchAll(/<([^<>]{1,200})>/g), ([, target = '']) => target).slice(0, MAX_RECORDS);

/** The payload as text, for the link format. */
export const textOf = (payload: Reader): string => decodeText(payload.bytes(payload.left), 'utf8');

const OBJECT_NAMES: Readonly<Record<string, string>> = {
  0: 'Security',
  1: 'Server',
  2: 'Access control',
  3: 'Device',
  4: 'Connectivity monitoring',
  5: 'Firmware update',
  6: 'Location',
  7: 'Connectivity statistics',
  8: 'Lock and wipe',
  9: 'Software management',
  10: 'Cellular connectivity',
  11: 'APN connection profile',
  19: 'Data container',
  21: 'OSCORE',
  3200: 'Digital input',
  3201: 'Digital output',
  3202: 'Analogue input',
  3203: 'Analogue output',
  3300: 'Generic sensor',
  3301: 'Illuminance',
  3302: 'Presence',
  3303: 'Temperature',
  3304: 'Humidity',
  3305: 'Power measurement',
  3306: 'Actuation',
  3308: 'Set point',
  3311: 'Light control',
  3312: 'Power control',
  3313: 'Accelerometer',
  3315: 'Barometer',
  3316: 'Voltage',
  3317: 'Current',
  3323: 'Pressure',
  3342: 'On/off switch',
};

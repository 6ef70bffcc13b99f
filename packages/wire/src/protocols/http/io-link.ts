// IO-Link masters that answer in JSON: the JSON Integration of the IO-Link community, and ifm's IoT Core. What they tell is
// of themselves or of a device at one of their ports, which only the address that was asked for says.
import { isJsonObject, type JsonObject, objectAt, parseJson, textOf } from '../../json.ts';
import { type DocumentFact, DocumentFacts, type DocumentMeaning } from './identity-documents.ts';

/** A fact, and the name or port of the device at the master that it is of; absent for the master itself. */
export interface IoLinkFact extends DocumentFact {
  readonly behind?: string;
}

type Keys = Readonly<Record<string, DocumentMeaning>>;

const GATEWAY = /^\/iolink\/v1\/(?:gateway|masters\/\d{1,2})\/identification$/;
const DEVICE = /^\/iolink\/v1\/devices\/([\w.-]{1,60})\/identification$/;
const IFM_OWN = /^\/deviceinfo\/(\w{1,40})(?:\/getdata)?$/;
const IFM_DEVICE = /^\/iolinkmaster\/port\[(\d{1,2})\]\/iolinkdevice\/(\w{1,40})(?:\/getdata)?$/;
const IFM_SEVERAL = '/getdatamulti';
/** Longest address that is remembered until its answer. */
const MAX_ADDRESS = 120;

/**
 * The address in a request that an IO-Link master may answer, or an empty text for all others. In: target of the request,
 * and its body: ifm's clients post the address in a document.
 */
export function ioLinkAddress(target: string, body: Uint8Array): string {
  // Asked for every request.
  if (!/^\/(?:i|d|$)/.test(target)) return '';
  const path = target.replace(/\?.*$/, '').slice(0, MAX_ADDRESS);
  if (GATEWAY.test(path) || DEVICE.test(path) || IFM_OWN.test(path) || IFM_DEVICE.test(path)) return path;
  if (path !== '/' || body.length === 0 || body[0] !== 0x7b) return '';
  const found = /"adr"\s{0,4}:\s{0,4}"([^"]{1,120})"/.exec(String.fromCharCode(...body.subarray(0, 512)))?.[1] ?? '';
  return found === IFM_SEVERAL || IFM_OWN.test(found) || IFM_DEVICE.test(found) ? found : '';
}

/** Addresses answered at once that are read. */
const MAX_ANSWERS = 200;

/** What the answer says. In: the address that was asked for, and the document. */
export function readIoLink(address: string, text: string): IoLinkFact[] {
  const document = objectAt(parseJson(text));
  if (!document) return [];
  if (GATEWAY.test(address)) return factsOf(document, MASTER_KEYS, 'IO-Link identification', { type: MASTER });
  const alias = DEVICE.exec(address)?.[1];
  if (alias !== undefined)
    return factsOf(document, DEVICE_KEYS, 'IO-Link device identification').map((fact) => ({ ...fact, behind: alias }));
  const data = objectAt(document, 'data');
  if (!data) return [];
  if (address !== IFM_SEVERAL) return readIfm(address, textOf(data, 'value'));
  return Object.entries(data)
    .slice(0, MAX_ANSWERS)
    .flatMap(([one, answer]) => (isJsonObject(answer) ? readIfm(one, textOf(answer, 'data')) : []));
}

function readIfm(address: string, value: string): IoLinkFact[] {
  const [, port, name = ''] = IFM_DEVICE.exec(address) ?? [];
  if (port !== undefined) {
    const facts = factsOf({ [name]: value }, IFM_DEVICE_KEYS, 'IoT Core');
    return facts.map((fact) => ({ ...fact, behind: port }));
  }
  const own = IFM_OWN.exec(address)?.[1] ?? '';
  return factsOf({ [own]: value }, IFM_KEYS, 'IoT Core');
}

function factsOf(
  object: JsonObject,
  keys: Keys,
  title: string,
  fixed: { readonly type?: string } = {},
): DocumentFact[] {
  const found = new DocumentFacts();
  for (const [name, meaning] of Object.entries(keys)) found.add(meaning, textOf(object, name), `${title}, ${name}`);
  if (fixed.type !== undefined && found.facts.length > 0) found.add('type', fixed.type, title);
  return found.facts;
}

const MASTER = 'IO-Link master';
const MASTER_KEYS: Keys = {
  vendorName: 'vendor',
  productName: 'model',
  productId: 'code',
  orderCode: 'order',
  serialNumber: 'serial',
  hardwareRevision: 'hardware',
  firmwareRevision: 'firmware',
  macAddress: 'mac',
};
const DEVICE_KEYS: Keys = {
  vendorName: 'vendor',
  productName: 'model',
  productId: 'code',
  productText: 'description',
  serialNumber: 'serial',
  hardwareRevision: 'hardware',
  firmwareRevision: 'firmware',
  applicationSpecificTag: 'label',
  locationTag: 'location',
};
const IFM_KEYS: Keys = {
  vendor: 'vendor',
  productcode: 'model',
  serialnumber: 'serial',
  hwrevision: 'hardware',
  swrevision: 'firmware',
};
const IFM_DEVICE_KEYS: Keys = { productname: 'model', serial: 'serial', applicationspecifictag: 'label' };

// Documents that devices serve about themselves, by what they contain: UPnP descriptions, ONVIF and HNAP answers, the
// configuration pages of cameras, printers and hubs. Only fields with one meaning are read, each of the device that serves.
import { cleanText } from '../../reader.ts';
import { macOfEui64, statedMac, statedText, statedUuid } from '../../stated.ts';
import { decodeEntities, scanXml } from './xml.ts';

export const DOCUMENT_FACTS = {
  vendor: 'device.vendor',
  model: 'device.model',
  code: 'device.product-code',
  order: 'device.order-number',
  serial: 'device.serial',
  firmware: 'device.firmware',
  hardware: 'device.hardware-version',
  software: 'device.software',
  type: 'device.type',
  description: 'device.description',
  label: 'device.friendly-label',
  location: 'device.location',
  hostname: 'device.hostname',
  uuid: 'device.uuid',
  mac: 'address.announced-mac',
  upnpType: 'upnp.device-type',
} as const;
export type DocumentMeaning = keyof typeof DOCUMENT_FACTS;

export interface DocumentFact {
  readonly kind: (typeof DOCUMENT_FACTS)[DocumentMeaning];
  readonly value: string;
  readonly source: string;
}

/** Reads whatever document the text is. Empty for those that name no device. */
export function readDocument(text: string): DocumentFact[] {
  const start = text.slice(0, 200).trimStart();
  if (start.startsWith('<') || start.startsWith('\ufeff<')) return readXmlDocument(text);
  if (start.startsWith('{')) return readJsonDocument(text);
  return readLineDocument(text);
}

/** Windows writes a computer's membership behind its name: `LINE-PC7/Workgroup:PLANT`. */
const MEMBERSHIP = /[\\/](?:Workgroup|Domain|NotJoined)\b.*$/i;

/** Collects facts, first value of each meaning first; addresses and placeholders are checked. */
export class DocumentFacts {
  readonly facts: DocumentFact[] = [];
  add(meaning: DocumentMeaning, raw: string, source: string): void {
    const value =
      meaning === 'mac'
        ? statedMac(raw) || macOfEui64(raw)
        : meaning === 'uuid'
          ? statedUuid(raw)
          : statedText(meaning === 'hostname' ? raw.replace(MEMBERSHIP, '') : raw);
    if (value !== '') this.facts.push({ kind: DOCUMENT_FACTS[meaning], value, source });
  }
}

type Keys = Readonly<Record<string, DocumentMeaning>>;

interface XmlDialect {
  readonly title: string;
  /** Element whose children are read, and for those that are generic words: only where it is the outermost one. */
  readonly element: string;
  readonly outermost?: true;
  readonly keys: Keys;
  /** Where it occurs, a program describes itself in the dialect, not the device. */
  readonly unless?: RegExp;
}

/** What Windows says of every computer: maker, model and serial number of its own discovery service. */
const WINDOWS_SERVICE = /Microsoft Publication Service/;

const XML_DIALECTS: readonly XmlDialect[] = [
  {
    // D-Link devices write 1.06 here for the version that they announce as 0106 by DNS-SD: said as software, so that
    // one firmware does not look like two.
    title: 'HNAP device settings',
    element: 'GetDeviceSettingsResponse',
    keys: {
      VendorName: 'vendor',
      ModelName: 'model',
      ModelDescription: 'description',
      DeviceName: 'label',
      FirmwareVersion: 'software',
      HardwareVersion: 'hardware',
      SerialNumber: 'serial',
      DeviceMacId: 'mac',
    },
  },
  {
    title: 'ONVIF device information',
    element: 'GetDeviceInformationResponse',
    keys: {
      Manufacturer: 'vendor',
      Model: 'model',
      FirmwareVersion: 'firmware',
      SerialNumber: 'serial',
      HardwareId: 'hardware',
    },
  },
  { title: 'ONVIF host name', element: 'HostnameInformation', keys: { Name: 'hostname' } },
  {
    title: 'device metadata',
    element: 'ThisDevice',
    keys: { FriendlyName: 'label', FirmwareVersion: 'firmware', SerialNumber: 'serial' },
    unless: WINDOWS_SERVICE,
  },
  {
    title: 'device metadata',
    element: 'ThisModel',
    keys: { Manufacturer: 'vendor', ModelName: 'model', ModelNumber: 'code' },
    unless: WINDOWS_SERVICE,
  },
  { title: 'device metadata', element: 'Host', keys: { Computer: 'hostname' } },
  { title: 'ONVIF network interfaces', element: 'GetNetworkInterfacesResponse', keys: { HwAddress: 'mac' } },
  {
    title: 'camera device information',
    element: 'DeviceInfo',
    outermost: true,
    keys: {
      manufacturer: 'vendor',
      model: 'model',
      serialNumber: 'serial',
      firmwareVersion: 'firmware',
      hardwareVersion: 'hardware',
      deviceName: 'label',
      deviceType: 'type',
      macAddress: 'mac',
    },
  },
  {
    title: 'camera device information',
    element: 'CGI_Result',
    outermost: true,
    keys: { productName: 'model', firmwareVer: 'firmware', hardwareVer: 'hardware', devName: 'label', mac: 'mac' },
  },
  {
    title: 'smart plug settings',
    element: 'SMARTPLUG',
    outermost: true,
    keys: {
      'Run.Cus': 'vendor',
      'Run.Model': 'model',
      'Run.FW.Version': 'firmware',
      'Run.LAN.Client.MAC.Address': 'mac',
      'Device.System.Name': 'label',
    },
  },
  {
    title: 'printer product information',
    element: 'ProductInformation',
    keys: { MakeAndModel: 'model', SerialNumber: 'serial', ProductNumber: 'order', ProductSerialNumber: 'serial' },
  },
  {
    title: 'media player information',
    element: 'device-info',
    outermost: true,
    keys: {
      'vendor-name': 'vendor',
      'model-name': 'model',
      'model-number': 'code',
      'serial-number': 'serial',
      'software-version': 'firmware',
      'user-device-name': 'label',
      'wifi-mac': 'mac',
      'ethernet-mac': 'mac',
    },
  },
];

function readXmlDocument(text: string): DocumentFact[] {
  const found = new DocumentFacts();
  const upnp = new UpnpDescription();
  const dialects = XML_DIALECTS.filter(({ element, unless }) => text.includes(element) && !unless?.test(text));
  const isUpnp = text.includes('deviceType');
  if (dialects.length === 0 && !isUpnp) return [];
  scanXml(text, (path, value) => {
    if (isUpnp) upnp.visit(path, value);
    const name = path.at(-1) ?? '';
    for (const { title, element, outermost, keys } of dialects) {
      const meaning = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (meaning === undefined) continue;
      if (outermost ? path[0] === element : path.includes(element)) found.add(meaning, value, `${title}, ${name}`);
    }
  });
  return upnp.isOne ? [...upnp.facts(), ...found.facts] : found.facts;
}

/** Elements of the root device (UPnP Device Architecture 2.0 section 2.3), and those that WeMo devices add. */
const UPNP_KEYS: Keys = {
  deviceType: 'upnpType',
  friendlyName: 'label',
  manufacturer: 'vendor',
  modelName: 'model',
  modelNumber: 'code',
  modelDescription: 'description',
  serialNumber: 'serial',
  UDN: 'uuid',
  firmwareVersion: 'firmware',
  softwareVersion: 'firmware',
  hardwareVersion: 'hardware',
  macAddress: 'mac',
  MACAddress: 'mac',
};

/** Programs on computers that describe themselves as devices: maker and model are of the program, not of the computer. */
const MEDIA_SOFTWARE =
  /Windows Media|MiniDLNA|ReadyMedia|Plex|Kodi|XBMC|Serviio|TwonkyMedia|Twonky|Rygel|Gerbera|MediaTomb|Universal Media Server|PS3 Media Server|Emby|Jellyfin|foobar2000|BubbleUPnP|gmediarender|Asset UPnP/i;

class UpnpDescription {
  readonly #values = new Map<string, string>();

  visit(path: readonly string[], value: string): void {
    // Devices below `deviceList` have the same elements, four deep and more: they describe parts, not the device.
    const [root, device, name] = path;
    if (path.length !== 3 || root !== 'root' || device !== 'device' || name === undefined) return;
    if (Object.hasOwn(UPNP_KEYS, name) && !this.#values.has(name)) this.#values.set(name, value);
  }
  get isOne(): boolean {
    return /^urn:/i.test(this.#values.get('deviceType') ?? '');
  }
  facts(): readonly DocumentFact[] {
    const found = new DocumentFacts();
    const isSoftware = MEDIA_SOFTWARE.test(`${this.#values.get('modelName')} ${this.#values.get('modelDescription')}`);
    for (const [name, value] of this.#values) {
      const source = `UPnP description, ${name}`;
      const meaning = UPNP_KEYS[name];
      if (meaning === undefined) continue;
      if (!isSoftware) found.add(meaning, value, source);
      else if (name === 'modelName') found.add('software', value, source);
      else if (meaning === 'uuid' || meaning === 'label' || meaning === 'upnpType') found.add(meaning, value, source);
    }
    return found.facts;
  }
}

interface JsonDialect {
  readonly title: string;
  /** Keys that must all occur, so that other documents are not even parsed. */
  readonly marks: readonly string[];
  /** Names on the way to the object, from the outermost. */
  readonly at?: readonly string[];
  readonly keys: Keys;
  readonly vendor?: string;
}

const JSON_DIALECTS: readonly JsonDialect[] = [
  {
    title: 'Hue bridge configuration',
    marks: ['"bridgeid"', '"modelid"', '"swversion"'],
    keys: { modelid: 'model', swversion: 'firmware', mac: 'mac', name: 'label' },
  },
  {
    title: 'Hue bridge configuration',
    marks: ['"bridgeid"', '"modelid"', '"swversion"', '"config"'],
    at: ['config'],
    keys: { modelid: 'model', swversion: 'firmware', mac: 'mac', name: 'label' },
  },
  {
    title: 'Axis device information',
    marks: ['"propertyList"', '"ProdNbr"'],
    at: ['data', 'propertyList'],
    keys: { Brand: 'vendor', ProdNbr: 'model', SerialNumber: 'serial', Version: 'firmware', HardwareID: 'hardware' },
  },
  {
    title: 'Shelly device information',
    marks: ['"type"', '"mac"', '"fw"', '"auth"'],
    keys: { type: 'model', mac: 'mac', fw: 'firmware', name: 'label' },
    vendor: 'Shelly',
  },
  {
    title: 'Shelly device information',
    marks: ['"app"', '"mac"', '"fw_id"', '"gen"'],
    keys: { app: 'model', model: 'order', mac: 'mac', ver: 'firmware', name: 'label' },
    vendor: 'Shelly',
  },
  {
    title: 'Cast device information',
    marks: ['"device_info"', '"manufacturer"', '"model_name"'],
    at: ['device_info'],
    keys: { manufacturer: 'vendor', model_name: 'model', mac_address: 'mac', ssdp_udn: 'uuid' },
  },
  {
    title: 'television information',
    marks: ['"device"', '"modelName"', '"wifiMac"'],
    at: ['device'],
    keys: { modelName: 'model', name: 'label', wifiMac: 'mac' },
  },
  {
    title: 'audio device information',
    marks: ['"model_name"', '"device_id"', '"system_version"'],
    keys: { model_name: 'model', device_id: 'mac', system_version: 'firmware', serial_number: 'serial' },
  },
  {
    title: 'WLED information',
    marks: ['"ver"', '"brand"', '"product"', '"mac"'],
    keys: { brand: 'vendor', product: 'model', ver: 'firmware', mac: 'mac', name: 'label' },
  },
  {
    title: 'Tasmota status',
    marks: ['"StatusFWR"', '"Version"'],
    at: ['StatusFWR'],
    keys: { Version: 'firmware' },
  },
  {
    title: 'Tasmota status',
    marks: ['"StatusNET"', '"Hostname"'],
    at: ['StatusNET'],
    keys: { Hostname: 'hostname', Mac: 'mac' },
  },
];

function readJsonDocument(text: string): DocumentFact[] {
  const dialects = JSON_DIALECTS.filter(({ marks }) => marks.every((mark) => text.includes(mark)));
  if (dialects.length === 0) return [];
  const document = parseJson(text);
  const found = new DocumentFacts();
  for (const { title, at = [], keys, vendor } of dialects) {
    let object: unknown = document;
    for (const name of at) object = isObject(object) ? object[name] : undefined;
    if (!isObject(object)) continue;
    let any = false;
    for (const [name, meaning] of Object.entries(keys)) {
      const value = object[name];
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      any = true;
      found.add(meaning, String(value), `${title}, ${name}`);
    }
    if (any && vendor !== undefined) found.add('vendor', vendor, title);
  }
  return found.facts;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined for text that is no JSON, cut-off documents among them. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface LineDialect {
  readonly title: string;
  /** A line must begin with each of these. */
  readonly marks: readonly string[];
  readonly keys: Keys;
}

/** Pages of `name=value` lines, as the CGI programs of cameras answer. */
const LINE_DIALECTS: readonly LineDialect[] = [
  {
    title: 'Axis parameters',
    marks: ['root.'],
    keys: {
      'root.Brand.Brand': 'vendor',
      'root.Brand.ProdNbr': 'model',
      'root.Properties.Firmware.Version': 'firmware',
      'root.Properties.System.SerialNumber': 'serial',
      'root.Properties.System.HardwareID': 'hardware',
      'root.Network.HostName': 'hostname',
      'root.Network.eth0.MACAddress': 'mac',
    },
  },
  {
    title: 'camera information page',
    marks: ['model=', 'brand=', 'version='],
    keys: {
      brand: 'vendor',
      model: 'model',
      version: 'firmware',
      hw_version: 'hardware',
      name: 'label',
      location: 'location',
      macaddr: 'mac',
    },
  },
  {
    title: 'camera system information',
    marks: ['deviceType=', 'serialNumber='],
    keys: { deviceType: 'model', serialNumber: 'serial', hardwareVersion: 'hardware' },
  },
  {
    title: 'camera system information',
    marks: ['system_info_modelname='],
    keys: {
      system_info_modelname: 'model',
      system_info_serialnumber: 'serial',
      system_info_firmwareversion: 'firmware',
      system_hostname: 'label',
    },
  },
];
const MAX_LINES = 2000;

function readLineDocument(text: string): DocumentFact[] {
  const dialects = LINE_DIALECTS.filter(({ marks }) =>
    marks.every((mark) => text.startsWith(mark) || text.includes(`\n${mark}`)),
  );
  const found = new DocumentFacts();
  if (dialects.length === 0) return found.facts;
  for (const line of text.split(/\r?\n/, MAX_LINES)) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const name = line.slice(0, equals);
    const value = line.slice(equals + 1).replace(/^['"]|['"]$/g, '');
    for (const { title, keys } of dialects) {
      const meaning = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (meaning !== undefined) found.add(meaning, value, `${title}, ${name}`);
    }
  }
  return found.facts;
}

/** Title of a page (HTML, section 4.2.2), or an empty text. */
export function readTitle(html: string): string {
  const found = /<title[^>]{0,200}>([^<]{1,512})/i.exec(html);
  return found ? cleanText(decodeEntities(found[1] ?? ''), 200).replace(/\s+/g, ' ') : '';
}

// What DNS-SD text records (RFC 6763 section 6) and instance names say of the device behind a service. Keys are the
// maker's choice; listed are those of services whose keys are known, and long names that mean the same everywhere.
import { cleanText } from '../../reader.ts';
import { macOfEui64, statedMac, statedText, statedUuid } from '../../stated.ts';

/** What a key's value is. Addresses and UUIDs are checked; a text is taken as it stands. */
const MEANINGS = {
  vendor: 'device.vendor',
  model: 'device.model',
  serial: 'device.serial',
  firmware: 'device.firmware',
  software: 'device.software',
  hardware: 'device.hardware-version',
  order: 'device.order-number',
  code: 'device.product-code',
  type: 'device.type',
  label: 'device.friendly-label',
  location: 'device.location',
  description: 'device.description',
  uuid: 'device.uuid',
  mac: 'address.announced-mac',
} as const;
export type Meaning = keyof typeof MEANINGS;
export type TextFactKind = (typeof MEANINGS)[Meaning];
export const TEXT_FACT_KINDS = [...new Set(Object.values(MEANINGS))];

export interface TextFact {
  readonly kind: TextFactKind;
  readonly value: string;
  /** Where it stood: "TXT md" or "instance name". */
  readonly source: string;
}

/** Keys are compared in lower case without signs: `hardware_ver` and `HardwareVer` are one. */
type Keys = Readonly<Record<string, Meaning>>;

/** Names that mean the same in the records of all makers. */
const COMMON_KEYS: Keys = {
  vendor: 'vendor',
  vendorname: 'vendor',
  manufacturer: 'vendor',
  manufacturername: 'vendor',
  mfg: 'vendor',
  usbmfg: 'vendor',
  mfr: 'vendor',
  brand: 'vendor',
  model: 'model',
  modelname: 'model',
  modelnumber: 'model',
  modelid: 'model',
  modelno: 'model',
  displaymodel: 'model',
  devmodel: 'model',
  productname: 'model',
  mdl: 'model',
  usbmdl: 'model',
  serial: 'serial',
  serialnumber: 'serial',
  serialnum: 'serial',
  serialno: 'serial',
  sernum: 'serial',
  firmware: 'firmware',
  firmwareversion: 'firmware',
  firmwarever: 'firmware',
  firmwarerev: 'firmware',
  firmwarerevision: 'firmware',
  fw: 'firmware',
  fwver: 'firmware',
  fwversion: 'firmware',
  fwid: 'firmware',
  software: 'software',
  softwareversion: 'software',
  softwarever: 'software',
  swver: 'software',
  swversion: 'software',
  hardware: 'hardware',
  hardwareversion: 'hardware',
  hardwarever: 'hardware',
  hardwarerev: 'hardware',
  hardwarerevision: 'hardware',
  hw: 'hardware',
  hwver: 'hardware',
  hwversion: 'hardware',
  hwrev: 'hardware',
  ordernumber: 'order',
  orderno: 'order',
  partnumber: 'order',
  partno: 'order',
  articlenumber: 'order',
  articleno: 'order',
  mac: 'mac',
  macaddr: 'mac',
  macaddress: 'mac',
  ethmac: 'mac',
  wifimac: 'mac',
  uuid: 'uuid',
  friendlyname: 'label',
  devicename: 'label',
  locationname: 'label',
};

/** Printers and scanners (Bonjour Printing Specification 1.2 section 9, Mopria eSCL). `ty` is what a person would call it. */
const PRINTER_KEYS: Keys = { ty: 'model', note: 'location' };

interface Dialect {
  readonly keys?: Keys;
  /** Where only the service itself tells the maker. */
  readonly vendor?: string;
  /** Put before the version: the program that the version is of. */
  readonly program?: string;
  /** One string holds all pairs, with this between them. */
  readonly separator?: string;
  /** Named groups are meanings. */
  readonly instance?: RegExp;
}

const CAST: Dialect = { keys: { md: 'model', fn: 'label', id: 'uuid' } };
const PRINTER: Dialect = { keys: PRINTER_KEYS };

/** By service, without the domain. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  '_ipp._tcp': PRINTER,
  '_ipps._tcp': PRINTER,
  '_printer._tcp': PRINTER,
  '_pdl-datastream._tcp': PRINTER,
  '_scanner._tcp': PRINTER,
  '_uscan._tcp': PRINTER,
  '_uscans._tcp': PRINTER,
  '_privet._tcp': PRINTER,
  '_googlecast._tcp': CAST,
  '_airplay._tcp': { keys: { deviceid: 'mac', fv: 'firmware', srcvers: 'software' }, program: 'AirPlay' },
  '_raop._tcp': { keys: { am: 'model', fv: 'firmware' }, instance: /^(?<mac>[0-9a-f]{12})@/i },
  '_companion-link._tcp': { keys: { rpmd: 'model' } },
  '_airport._tcp': { keys: { wama: 'mac', syvs: 'firmware' }, separator: ',' },
  '_hap._tcp': { keys: { md: 'model', ci: 'type' } },
  '_hap._udp': { keys: { md: 'model', ci: 'type' } },
  '_hue._tcp': { keys: { bridgeid: 'mac' } },
  '_sonos._tcp': { vendor: 'Sonos', instance: /(?:^|[-_])(?<mac>[0-9a-f]{12})(?:\d+)?@/i },
  '_axis-video._tcp': {},
  '_dhnap._tcp': { keys: { version: 'firmware' }, vendor: 'D-Link' },
  '_dcp._tcp': { keys: { version: 'firmware' } },
  '_esphomelib._tcp': {
    keys: { version: 'software', projectversion: 'firmware', projectname: 'code' },
    program: 'ESPHome',
  },
  '_shelly._tcp': { keys: { app: 'model', ver: 'firmware' }, vendor: 'Shelly' },
  '_matterc._udp': { keys: { vp: 'code', dn: 'label' } },
  '_matterd._udp': { keys: { vp: 'code', dn: 'label' } },
  '_meshcop._udp': { keys: { vn: 'vendor', mn: 'model' } },
  '_nanoleafapi._tcp': { keys: { md: 'model', srcvers: 'firmware' } },
  '_nanoleafms._tcp': { keys: { md: 'model', srcvers: 'firmware' } },
  '_elg._tcp': { keys: { md: 'model', mf: 'vendor', id: 'mac' } },
  '_lutron._tcp': { keys: { codever: 'firmware', systype: 'type' }, vendor: 'Lutron' },
  '_miio._udp': { instance: /^(?<model>[a-z\d-]+)_miio\d+$/i },
  '_home-assistant._tcp': { keys: { version: 'software' }, program: 'Home Assistant' },
  '_octoprint._tcp': { keys: { version: 'software' }, program: 'OctoPrint' },
  '_qdiscover._tcp': { separator: ',', vendor: 'QNAP' },
  '_netaudio-arc._udp': { keys: { mf: 'vendor' } },
  '_netaudio-cmc._udp': { keys: { mf: 'vendor' } },
  '_amzn-wplay._tcp': { keys: { n: 'label' } },
};
const NO_DIALECT: Dialect = {};

/** Instance names that makers form the same way for every service. */
const INSTANCE_FORMS: readonly RegExp[] = [
  /^(?<vendor>AXIS) (?<model>.+) - (?<serial>[0-9A-F]{12})$/,
  // Avahi's workstation service, and cameras that do the same.
  /\[(?<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2})\]$/i,
];

/** HomeKit accessory categories (HomeKit Accessory Protocol Specification R2, section 13). */
const HOMEKIT_CATEGORIES: Readonly<Record<string, string>> = {
  2: 'Bridge',
  3: 'Fan',
  4: 'Garage door opener',
  5: 'Lighting',
  6: 'Door lock',
  7: 'Outlet',
  8: 'Switch',
  9: 'Thermostat',
  10: 'Sensor',
  11: 'Security system',
  12: 'Door',
  13: 'Window',
  14: 'Window covering',
  15: 'Programmable switch',
  17: 'IP camera',
  18: 'Video doorbell',
  19: 'Air purifier',
  20: 'Heater',
  21: 'Air conditioner',
  22: 'Humidifier',
  23: 'Dehumidifier',
  28: 'Sprinkler',
  29: 'Faucet',
  30: 'Shower system',
  31: 'Television',
  32: 'Remote control',
  33: 'Router',
};

/**
 * What an instance name says of the device.
 * In: the name's first label or labels, as "AXIS P3304 - 00408C123456", and the service, as "_http._tcp".
 */
export function readInstanceName(instance: string, service: string): TextFact[] {
  const facts: TextFact[] = [];
  const own = DIALECTS[service]?.instance;
  for (const form of own ? [own, ...INSTANCE_FORMS] : INSTANCE_FORMS) {
    for (const [meaning, value] of Object.entries(form.exec(instance)?.groups ?? {}))
      addFact(facts, meaning as Meaning, value, 'instance name');
  }
  const vendor = DIALECTS[service]?.vendor;
  if (vendor !== undefined) addFact(facts, 'vendor', vendor, `service ${service}`);
  return facts;
}

/** What the strings of a text record say of the device that offers `service`, as "_http._tcp". */
export function readTextRecord(strings: readonly string[], service: string): TextFact[] {
  const dialect = DIALECTS[service] ?? NO_DIALECT;
  const pairs = pairsOf(strings, dialect.separator);
  const facts: TextFact[] = [];
  if (isQueueOfAnother(pairs)) return facts;
  if (service === '_device-info._tcp' && isBorrowedModel(pairs)) return facts;
  for (const [key, { name, value }] of pairs) {
    const meaning = dialect.keys?.[key] ?? COMMON_KEYS[key];
    if (meaning === undefined) continue;
    const own = dialect.keys !== undefined && Object.hasOwn(dialect.keys, key);
    if (key === 'mdl' || key === 'usbmdl') {
      // The printer's own language names the model shorter than `ty` does.
      if (pairs.has('ty') && dialect.keys?.['ty']) continue;
    }
    if (key === 'ci') addFact(facts, meaning, HOMEKIT_CATEGORIES[value] ?? '', `TXT ${name}`);
    else if (own && meaning === 'software' && dialect.program !== undefined && value !== '')
      addFact(facts, meaning, `${dialect.program} ${value}`, `TXT ${name}`);
    else addFact(facts, meaning, value, `TXT ${name}`);
  }
  addSynologyVersion(facts, pairs);
  for (const text of strings) if (isSentence(text)) addFact(facts, 'description', text, 'TXT');
  return facts;
}

type Pairs = ReadonlyMap<string, { readonly name: string; readonly value: string }>;

/** A record has at most this many pairs that count; the longest known (AirPrint) has about 25. */
const MAX_PAIRS = 64;

function pairsOf(strings: readonly string[], separator: string | undefined): Pairs {
  const pairs = new Map<string, { name: string; value: string }>();
  const all = separator === undefined ? strings : strings.flatMap((text) => text.split(separator));
  for (const text of all.slice(0, MAX_PAIRS)) {
    const equals = text.indexOf('=');
    if (equals <= 0) continue;
    const name = cleanText(text.slice(0, equals), 40);
    const key = name.toLowerCase().replace(/[^a-z\d]/g, '');
    // RFC 6763 section 6.4: of several equal keys the first counts.
    if (!pairs.has(key)) pairs.set(key, { name, value: text.slice(equals + 1) });
  }
  return pairs;
}

function addFact(facts: TextFact[], meaning: Meaning, raw: string, source: string): void {
  const values =
    meaning === 'mac'
      ? raw.split('|').map((part) => statedMac(part) || macOfEui64(part))
      : [meaning === 'uuid' ? statedUuid(raw) : statedText(raw)];
  for (const value of values) if (value !== '') facts.push({ kind: MEANINGS[meaning], value, source });
}

/** CUPS announces queues of printers elsewhere (`rp=printers/NAME`): the model is that printer's, not the sender's. */
const isQueueOfAnother = (pairs: Pairs): boolean =>
  pairs.has('printertype') || (pairs.get('rp')?.value.startsWith('printers/') ?? false);

/**
 * File servers of other makers name an Apple model to get its icon (Samba's `MacSamba`, `Xserve`, `TimeCapsule8,119`).
 * Apple's own systems tell the version of macOS beside it.
 */
const isBorrowedModel = (pairs: Pairs): boolean =>
  !pairs.has('osxvers') &&
  /^(?:Xserve|RackMac|MacSamba|Mac|iMac|PowerMac|PowerBook|TimeCapsule|AirPort|AppleTV)/i.test(
    pairs.get('model')?.value ?? '',
  );

/** Synology DiskStations spread the version over three keys. */
function addSynologyVersion(facts: TextFact[], pairs: Pairs): void {
  const [major, minor, build] = ['versionmajor', 'versionminor', 'versionbuild'].map((key) => pairs.get(key)?.value);
  if (major !== undefined && minor !== undefined && build !== undefined)
    addFact(facts, 'firmware', `${major}.${minor}-${build}`, 'TXT version_major, version_minor, version_build');
}

/** A string without a key that a person wrote: "IC-3115W Network Camera". */
const isSentence = (text: string): boolean =>
  text.length >= 6 && !text.includes('=') && /^[\x20-\x7e]*\w \w[\x20-\x7e]*$/.test(text);

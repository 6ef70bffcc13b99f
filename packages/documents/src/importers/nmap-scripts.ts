// What nmap's scripts say of a device: for each script the keys of its structured output and the facts they are. A key
// that is not listed says nothing that tells devices apart.
import type { FactKind, Subject } from '@interlock/model';
import type { Telling } from '../telling.ts';
import { textValue, wholeValue } from '../values.ts';
import type { XmlElement } from '../xml/elements.ts';

/** Kinds of fact whose value is a text. */
type TextKind = Extract<
  FactKind,
  | `device.${string}`
  | 'netbios.name'
  | 'netbios.group'
  | 'network.domain'
  | 'http.title'
  | 'http.server'
  | 'service.banner'
  | 'smb.lanman'
  | 'ntlm.domain'
>;
type Keys = Readonly<Record<string, TextKind>>;

const NTLM: Keys = {
  NetBIOS_Computer_Name: 'netbios.name',
  NetBIOS_Domain_Name: 'ntlm.domain',
  DNS_Computer_Name: 'device.hostname',
  DNS_Domain_Name: 'network.domain',
  Product_Version: 'device.os-build',
};
/** Scripts by their identifiers (nmap.org/nsedoc). */
const SCRIPTS: Readonly<Record<string, Keys>> = {
  's7-info': {
    Module: 'device.order-number',
    'Basic Hardware': 'device.basic-hardware',
    Version: 'device.firmware',
    'System Name': 'device.plc-name',
    'Module Type': 'device.model',
    'Serial Number': 'device.serial',
    'Plant Identification': 'device.plant',
  },
  'enip-info': {
    vendor: 'device.vendor',
    productName: 'device.model',
    type: 'device.type',
    serialNumber: 'device.serial',
    productCode: 'device.product-code',
    revision: 'device.firmware',
  },
  'bacnet-info': {
    'Vendor Name': 'device.vendor',
    'Model Name': 'device.model',
    'Object Name': 'device.friendly-label',
    Firmware: 'device.firmware',
    'Application Software': 'device.software',
    Description: 'device.description',
    Location: 'device.location',
  },
  'fox-info': {
    hostName: 'device.hostname',
    'app.version': 'device.software',
    'os.name': 'device.os',
    brandId: 'device.vendor',
  },
  'omron-info': { 'Controller Model': 'device.model', 'Controller Version': 'device.firmware' },
  'omrontcp-info': { 'Controller Model': 'device.model', 'Controller Version': 'device.firmware' },
  'omronudp-info': { 'Controller Model': 'device.model', 'Controller Version': 'device.firmware' },
  'pcworx-info': {
    'PLC Type': 'device.model',
    'Model Number': 'device.order-number',
    'Firmware Version': 'device.firmware',
  },
  'proconos-info': { 'PLC Type': 'device.model', 'Project Name': 'device.plc-name' },
  'hartip-info': { 'Device Type': 'device.type', 'Device ID': 'device.serial', 'Long Tag': 'device.friendly-label' },
  'melsecq-discover': { CPUINFO: 'device.model' },
  'smb-os-discovery': {
    os: 'device.os',
    lanmanager: 'smb.lanman',
    server: 'netbios.name',
    fqdn: 'device.hostname',
    domain: 'ntlm.domain',
    workgroup: 'netbios.group',
    domain_dns: 'network.domain',
    cpe: 'device.cpe',
  },
  nbstat: { server_name: 'netbios.name' },
  'http-title': { title: 'http.title' },
  'http-server-header': { '': 'http.server' },
  banner: { '': 'service.banner' },
  'snmp-sysdescr': { '': 'device.description' },
  'upnp-info': {
    Manufacturer: 'device.vendor',
    'Model Name': 'device.model',
    'Model Version': 'device.hardware-version',
    'Friendly Name': 'device.friendly-label',
    'Serial Number': 'device.serial',
  },
};
const keysOf = (script: string): Keys | undefined =>
  script.endsWith('-ntlm-info') ? NTLM : Object.hasOwn(SCRIPTS, script) ? SCRIPTS[script] : undefined;

/** Reads one script element. In: whom it is about, the element and where it stands. Out: whether it is understood. */
export function sayScript(
  telling: Telling,
  subject: Subject,
  script: XmlElement,
  path: string,
  at: number | undefined,
): boolean {
  const id = script.attributes['id'] ?? '';
  const output = script.attributes['output'] ?? '';
  const field = `script ${id}`;
  if (id === 'modbus-discover') return sayModbusUnits(telling, subject, script, path, at);
  const keys = keysOf(id);
  if (!keys) return false;
  const values = structured(script);
  if (values.size === 0) for (const [key, value] of printed(output)) values.set(key, value);
  for (const [key, kind] of Object.entries(keys)) {
    const raw = key === '' ? (values.get('') ?? output.split(/\n\s*System uptime/, 1)[0]) : values.get(key);
    // Texts that C programs end with a zero.
    const value = textValue(raw?.replace(/\\x00|\\0/g, ''));
    if (value === undefined) continue;
    telling.say(
      subject,
      kind,
      kind === 'device.vendor' ? value.replace(/ \(\d+\)$/, '') : value,
      path,
      key === '' ? field : `${field}, ${key}`,
      at,
    );
  }
  if (id === 'bacnet-info') {
    const instance = wholeValue(values.get('Object-identifier'), 0, 4_194_303);
    if (instance !== undefined)
      telling.say(subject, 'bacnet.instance', instance, path, `${field}, Object-identifier`, at);
    const vendor = wholeValue(/\((\d+)\)$/.exec(values.get('Vendor ID') ?? '')?.[1], 0, 65_535);
    if (vendor !== undefined) telling.say(subject, 'bacnet.vendor-id', vendor, path, `${field}, Vendor ID`, at);
  }
  if (id === 'enip-info') {
    const vendor = wholeValue(/\((\d+)\)$/.exec(values.get('vendor') ?? '')?.[1], 0, 65_535);
    if (vendor !== undefined) telling.say(subject, 'cip.vendor-id', vendor, path, `${field}, vendor`, at);
  }
  if (id === 's7-info' && /siemens/i.test(values.get('Copyright') ?? ''))
    telling.say(subject, 'device.vendor', 'Siemens', path, `${field}, Copyright`, at);
  return true;
}

/** Keys of `elem` elements, those in tables too; the first of each. */
function structured(script: XmlElement): Map<string, string> {
  const values = new Map<string, string>();
  const walk = (element: XmlElement): void => {
    for (const each of element.children) {
      if (each.name === 'table') walk(each);
      const key = each.attributes['key'] ?? '';
      if (each.name === 'elem' && !values.has(key)) values.set(key, each.text);
    }
  };
  walk(script);
  return values;
}

/** Lines "key: value" of what a script prints. */
function* printed(output: string): Generator<[string, string]> {
  for (const line of output.split('\n')) {
    const at = line.indexOf(': ');
    if (at > 0) yield [line.slice(0, at).trim(), line.slice(at + 2).trim()];
  }
}

/** One table per unit: `sid 0x1`, with what it answered to "report server ID" and "read device identification". */
function sayModbusUnits(
  telling: Telling,
  subject: Subject,
  script: XmlElement,
  path: string,
  at: number | undefined,
): boolean {
  for (const table of script.children) {
    const unit = wholeValue(
      Number.parseInt(/^sid (0x[0-9a-f]+)$/i.exec(table.attributes['key'] ?? '')?.[1] ?? '', 16),
      0,
      255,
    );
    if (unit === undefined) continue;
    const part = { ...subject, part: `modbus-unit:${unit}` };
    telling.say(part, 'modbus.unit-id', unit, path, 'script modbus-discover', at);
    const identification = textValue(
      structured(table).get('Device identification') ?? structured(table).get('device_id'),
    );
    if (identification !== undefined)
      telling.say(
        part,
        'device.description',
        identification,
        path,
        'script modbus-discover, Device identification',
        at,
      );
  }
  return true;
}

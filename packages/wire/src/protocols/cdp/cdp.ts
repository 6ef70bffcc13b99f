// CDP, Cisco's own announcement between neighbours, also sent by phones, access points, hypervisors and some other
// vendors' switches. A version, a time to live, a checksum, then type-length-value elements; the platform names the model.
import { berOid } from '../../ber.ts';
import { readDescription } from '../../descriptions.ts';
import { vendorOfObjectId } from '../../enterprises.ts';
import { isGivenName } from '../../names.ts';
import { protocol } from '../../protocol.ts';
import { cleanText, formatIpv6, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

/** Elements of one message; real ones have twenty. */
const MAX_ELEMENTS = 128;
/** Addresses in one element; a router lists those of one interface. */
const MAX_ADDRESSES = 64;

interface Cdp {
  timeToLive: number;
  deviceId: string;
  systemName: string;
  systemOid: string;
  version: string;
  platform: string;
  port: string;
  capabilities: number;
  location: string;
  serial: string;
  nativeVlan: number;
  vlanDomain: string;
  duplex: string;
  /** Milliwatts drawn from the port; 0 where not told. */
  power: number;
  readonly addresses: string[];
  readonly managementAddresses: string[];
  readonly macs: string[];
  broken: boolean;
}

export const cdp = protocol({
  name: 'cdp',
  title: 'CDP',
  spec: 'Cisco Discovery Protocol, versions 1 and 2 (Cisco, "Catalyst frame formats")',
  depth: 'full',
  on: { snap: [0x00000c2000] },
  tells: [
    'device.hostname',
    'device.serial',
    'device.vendor',
    'device.model',
    'device.software',
    'device.firmware',
    'device.os',
    'device.description',
    'device.location',
    'network.platform',
    'network.port-id',
    'network.capabilities',
    'network.native-vlan',
    'network.vlan-domain',
    'network.link',
    'network.power',
    'snmp.object-id',
    'address.announced-ip',
    'address.announced-mac',
  ],

  read(reader): Cdp | undefined {
    const version = reader.u8();
    const message: Cdp = {
      timeToLive: reader.u8(),
      deviceId: '',
      systemName: '',
      systemOid: '',
      version: '',
      platform: '',
      port: '',
      capabilities: 0,
      location: '',
      serial: '',
      nativeVlan: 0,
      vlanDomain: '',
      duplex: '',
      power: 0,
      addresses: [],
      managementAddresses: [],
      macs: [],
      broken: false,
    };
    reader.skip(2);
    if (!reader.ok || version < 1 || version > 2) return undefined;
    let elements = 0;
    while (reader.left >= 4 && elements < MAX_ELEMENTS) {
      const type = reader.u16();
      const element = reader.sub(reader.u16() - 4);
      if (!element.ok) break;
      readElement(type, element, message);
      elements++;
    }
    message.broken = !reader.ok;
    return elements > 0 ? message : undefined;
  },

  observe(message, say, { sender }) {
    if (message.broken) say.malformed('cdp.element-past-end');
    if (message.timeToLive === 0) return;
    const { platform, version } = message;
    tellDeviceId(message.deviceId, (kind, value) => say.fact(sender, kind, value, 'device ID'));
    if (isGivenName(message.systemName)) say.fact(sender, 'device.hostname', message.systemName, 'system name');
    say.fact(sender, 'device.serial', message.serial, 'serial number');
    say.fact(sender, 'network.platform', platform, 'platform');
    if (!SOFTWARE_PLATFORMS.test(platform)) say.fact(sender, 'device.model', platform, 'platform');
    say.fact(sender, 'device.vendor', vendorOf(message), 'platform');
    say.fact(sender, 'device.software', softwareOf(version), 'software version');
    const { os, firmware } = readDescription(version);
    if (os) say.fact(sender, 'device.os', os, 'software version');
    // A Stratix has a firmware version of its own in the vendor's counting.
    if (firmware && !STRATIX.test(platform)) say.fact(sender, 'device.firmware', firmware, 'software version');
    say.fact(sender, 'device.description', version, 'software version');
    say.fact(sender, 'device.location', message.location, 'location');
    say.fact(sender, 'network.port-id', message.port, 'port ID');
    say.fact(sender, 'network.capabilities', nameCapabilities(message.capabilities), 'capabilities');
    if (message.nativeVlan) say.fact(sender, 'network.native-vlan', message.nativeVlan, 'native VLAN');
    say.fact(sender, 'network.vlan-domain', message.vlanDomain, 'VTP management domain');
    say.fact(sender, 'network.link', message.duplex, 'duplex');
    if (message.power) say.fact(sender, 'network.power', `draws ${message.power} mW`, 'power consumption');
    say.fact(sender, 'snmp.object-id', message.systemOid, 'system object ID');
    for (const ip of message.addresses) say.fact(sender, 'address.announced-ip', ip, 'addresses');
    for (const ip of message.managementAddresses) say.fact(sender, 'address.announced-ip', ip, 'management addresses');
    for (const mac of message.macs) say.fact(sender, 'address.announced-mac', mac, 'MAC address');
  },
});

function readElement(type: number, element: Reader, message: Cdp): void {
  switch (type) {
    case 0x0001:
      message.deviceId = cleanText(element.text(element.left), 255);
      break;
    case 0x0002:
      readAddresses(element, message.addresses);
      break;
    case 0x0003:
      message.port = cleanText(element.text(element.left), 255);
      break;
    case 0x0004:
      message.capabilities = element.u32();
      break;
    case 0x0005:
      message.version = cleanText(element.text(element.left));
      break;
    case 0x0006:
      message.platform = cleanText(element.text(element.left), 128);
      break;
    case 0x0008:
      // Protocol hello of Cisco's cluster management: the base address of the switch stands at byte 23.
      if (element.u24() !== 0x00000c || element.u16() !== 0x0112) break;
      element.skip(18);
      addMac(element, message);
      break;
    case 0x0009:
      message.vlanDomain = cleanText(element.text(element.left), 64);
      break;
    case 0x000a:
      message.nativeVlan = element.u16();
      break;
    case 0x000b:
      message.duplex = element.u8() === 1 ? 'full duplex' : 'half duplex';
      break;
    case 0x0010:
      message.power = element.u16();
      break;
    case 0x0014:
      message.systemName = cleanText(element.text(element.left), 255);
      break;
    case 0x0015:
      // The identifier with its BER tag and length, or bare.
      if (element.peek() === 0x06) element.skip(2);
      message.systemOid = berOid(element);
      break;
    case 0x0016:
      readAddresses(element, message.managementAddresses);
      break;
    case 0x0017:
      element.skip(1);
      message.location = cleanText(element.text(element.left), 255);
      break;
    case 0x001d:
      // EnergyWise: encrypted part 20, two counters, model 16, pad 2, hardware version 3, serial number 11.
      element.skip(49);
      message.serial = serialText(element.text(11));
      break;
    case 0x1001:
      message.serial = serialText(element.text(element.left));
      break;
    case 0x1008:
      addMac(element, message);
      break;
  }
}

const serialText = (raw: string): string => (/^[A-Z0-9-]{6,}\0*$/i.test(raw) ? statedText(raw, 32) : '');

function addMac(element: Reader, message: Cdp): void {
  const mac = statedMac(element.hex(6));
  if (mac) message.macs.push(mac);
}

/** Number of addresses, then of each the protocol and the address, both with their lengths. IPv6 comes as 802.2 protocol. */
function readAddresses(element: Reader, into: string[]): void {
  const count = Math.min(element.u32(), MAX_ADDRESSES);
  for (let i = 0; i < count && element.ok; i++) {
    element.skip(1);
    const scheme = element.hex(element.u8());
    const address = element.sub(element.u16());
    if (scheme === 'cc' && address.left === 4) {
      const ip = address.ipv4();
      if (!/^(0|127|255)\./.test(ip)) into.push(ip);
    } else if (scheme.endsWith('86dd') && address.left === 16) {
      const ip = formatIpv6(address.bytes(16));
      if (ip !== '::') into.push(ip);
    }
  }
}

/** Serial numbers of Cisco: place, year, week, number; older ones are nine digits. */
export const CISCO_SERIAL = /^(?:[A-Z]{3}\d{4}[A-Z\d]{4}|\d{9})$/;

/**
 * The device ID is a host name, with the serial number in parentheses (NX-OS), or the other way round (CatOS), or the
 * MAC address of a phone behind three letters.
 */
function tellDeviceId(
  id: string,
  tell: (kind: 'device.hostname' | 'device.serial' | 'address.announced-mac', value: string) => void,
): void {
  const [, outer = '', inner = ''] = /^(.+?) ?\(([^()]+)\)$/.exec(id) ?? [];
  if (CISCO_SERIAL.test(inner)) {
    tell('device.serial', inner);
    tell('device.hostname', outer);
  } else if (CISCO_SERIAL.test(outer)) {
    tell('device.serial', outer);
    tell('device.hostname', inner);
  } else if (statedMac(id)) {
    tell('address.announced-mac', statedMac(id));
  } else if (isGivenName(id)) {
    tell('device.hostname', id);
    const phone = /^(?:SEP|ATA)([0-9A-F]{12})$/.exec(id);
    if (phone?.[1]) tell('address.announced-mac', statedMac(phone[1]));
  }
}

/** Platforms that name a system on anybody's hardware. */
const SOFTWARE_PLATFORMS = /^(?:Linux|VMware|MikroTik|FreeBSD|Windows|Unix)\b/i;
/** Rockwell's switches run Cisco's system and announce themselves by catalogue number. */
const STRATIX = /\b1783-/;

function vendorOf({ platform, version, systemOid }: Cdp): string {
  if (STRATIX.test(platform)) return 'Rockwell Automation';
  if (/^cisco\b/i.test(platform) || /^cisco\b/i.test(version)) return 'Cisco';
  if (/^MikroTik\b/i.test(platform)) return 'MikroTik';
  return vendorOfObjectId(systemOid);
}

/** The version text up to where copyright and build notes begin: that part names product and version. */
const softwareOf = (version: string): string =>
  version.split(/\s+(?:Technical Support:|Copyright|TAC support:|Compiled )/, 1)[0]?.trim() ?? '';

const CAPABILITIES = [
  'router',
  'transparent bridge',
  'source-route bridge',
  'switch',
  'host',
  'IGMP',
  'repeater',
  'telephone',
  'remotely managed',
  'camera',
  'two-port MAC relay',
];
const nameCapabilities = (bits: number): string => CAPABILITIES.filter((_, bit) => bits & (1 << bit)).join(', ');

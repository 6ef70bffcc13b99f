// LLDP (IEEE 802.1AB): what every port of a switch, controller or PC tells its neighbour about the device it belongs to.
// One message is a list of type-length-value elements; most of what identifies a device stands in the description text
// and in the extensions of organizations (`organizations.ts`).
import { DESCRIBED_KINDS, type Described, readDescription, tellDescribed } from '../../descriptions.ts';
import { isGivenName } from '../../names.ts';
import { protocol } from '../../protocol.ts';
import { cleanText, decodeText, formatIpv6, hexPairs, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';
import { type ExtensionFacts, ORGANIZATION_KINDS, readOrganization } from './organizations.ts';

/** Elements of one message; a message of 1500 bytes with as many as fit (750) is no announcement of a real device. */
const MAX_ELEMENTS = 256;

interface Id {
  readonly subtype: number;
  readonly text: string;
  readonly mac: string;
  readonly ip: string;
}
interface Lldp {
  chassis: Id;
  port: Id;
  /** Seconds; 0 says goodbye. */
  timeToLive: number;
  name: string;
  description: string;
  portDescription: string;
  capabilities: number;
  readonly management: string[];
  readonly extensions: ExtensionFacts;
  broken: boolean;
}

interface State {
  /** The description told last and what it states: devices repeat the same one twice a minute. */
  description: string;
  described: Described;
}

export const lldp = protocol({
  name: 'lldp',
  title: 'LLDP',
  spec: 'IEEE 802.1AB-2016; IEC 61158-6-10 (PROFINET); ANSI/TIA-1057 (LLDP-MED); RFC 8520 section 12 (MUD)',
  depth: 'full',
  on: { ether: [0x88cc], snap: [0x00000088cc] },
  tells: [
    'device.hostname',
    'device.station-name',
    'device.description',
    'address.announced-ip',
    'address.announced-mac',
    'network.chassis-id',
    'network.port-id',
    'network.port-description',
    'network.capabilities',
    ...DESCRIBED_KINDS,
    ...ORGANIZATION_KINDS,
  ],
  open: (): State => ({ description: '', described: {} }),

  read(reader): Lldp | undefined {
    // The standard fixes the first three elements: chassis, port, time to live.
    if (reader.peek() !== 0x02 || reader.left < 12) return undefined;
    const message: Lldp = {
      chassis: NO_ID,
      port: NO_ID,
      timeToLive: -1,
      name: '',
      description: '',
      portDescription: '',
      capabilities: 0,
      management: [],
      extensions: { profinet: false, texts: [], numbers: [] },
      broken: false,
    };
    for (let i = 0; reader.left >= 2 && i < MAX_ELEMENTS; i++) {
      const head = reader.u16();
      const type = head >> 9;
      if (type === 0) break;
      const element = reader.sub(head & 0x1ff);
      if (element.ok) readElement(type, element, message);
      else message.broken = true;
    }
    return message.port === NO_ID || message.timeToLive < 0 ? undefined : message;
  },

  observe(message, say, { sender, state }) {
    if (message.broken) say.malformed('lldp.element-past-end');
    if (message.timeToLive === 0) return;
    const { chassis, port, description } = message;
    say.fact(sender, 'network.chassis-id', chassis.text, 'chassis ID');
    say.fact(sender, 'network.port-id', port.text, 'port ID');
    for (const [id, source] of [
      [chassis, 'chassis ID'],
      [port, 'port ID'],
    ] as const) {
      if (id.mac) say.fact(sender, 'address.announced-mac', id.mac, source);
      if (id.ip) say.fact(sender, 'address.announced-ip', id.ip, source);
    }
    if (isGivenName(message.name)) say.fact(sender, 'device.hostname', message.name, 'system name');
    say.fact(sender, 'network.port-description', message.portDescription, 'port description');
    say.fact(sender, 'network.capabilities', nameCapabilities(message.capabilities), 'system capabilities');
    for (const address of message.management)
      say.fact(
        sender,
        isMac(address) ? 'address.announced-mac' : 'address.announced-ip',
        address,
        'management address',
      );
    if (description) {
      say.fact(sender, 'device.description', description, 'system description');
      if (state.description !== description) {
        state.described = readDescription(description);
        state.description = description;
      }
      tellDescribed(state.described, sender, 'system description', say.fact);
    }
    if (message.extensions.profinet) say.fact(sender, 'device.station-name', stationName(chassis, port), 'chassis ID');
    if (chassis.subtype === LOCAL_ID)
      tellSystemIdentification(chassis.text, (kind, value) => say.fact(sender, kind, value, 'chassis ID'));
    for (const { kind, value, source } of message.extensions.texts) say.fact(sender, kind, value, source);
    for (const { kind, value, source } of message.extensions.numbers) say.fact(sender, kind, value, source);
  },
});

/** Elements of section 8.5. */
function readElement(type: number, element: Reader, message: Lldp): void {
  switch (type) {
    case 1:
      message.chassis = readId(element, CHASSIS_MAC);
      break;
    case 2:
      message.port = readId(element, PORT_MAC);
      break;
    case 3:
      message.timeToLive = element.u16();
      break;
    case 4:
      message.portDescription = cleanText(element.text(element.left, 'utf8'));
      break;
    case 5:
      message.name = cleanText(element.text(element.left, 'utf8'), 255);
      break;
    case 6:
      message.description = cleanText(element.text(element.left, 'utf8'));
      break;
    case 7: {
      const supported = element.u16();
      message.capabilities = supported & element.u16();
      break;
    }
    case 8: {
      const length = element.u8();
      const address = readNetworkAddress(element.sub(length));
      if (address) message.management.push(address);
      break;
    }
    case 127:
      readOrganization(element, message.extensions);
      break;
  }
}

/** Subtypes whose contents are a MAC address, of a chassis ID (8.5.2.2) and of a port ID (8.5.3.2). */
const CHASSIS_MAC = 4;
const PORT_MAC = 3;
const LOCAL_ID = 7;
const NO_ID: Id = { subtype: 0, text: '', mac: '', ip: '' };

/** The two kinds of ID number the same forms differently: a network address follows the MAC address in both. */
function readId(element: Reader, macSubtype: number): Id {
  const subtype = element.u8();
  if (subtype === macSubtype && element.left === 6) {
    const mac = element.mac();
    return { subtype, text: mac, mac: statedMac(mac), ip: '' };
  }
  if (subtype === macSubtype + 1) {
    const address = readNetworkAddress(element);
    return { subtype, text: address, mac: '', ip: isMac(address) ? '' : address };
  }
  const bytes = element.bytes(element.left);
  const text = cleanText(decodeText(bytes, 'utf8'), 255);
  // Some agents put a bare MAC address or number where a text belongs; unprintable contents are shown as they are.
  const readable = text !== '' && !bytes.some((byte) => byte < 0x20 && byte !== 0);
  return { subtype, text: readable ? text : hexPairs(bytes.subarray(0, 32), ':'), mac: '', ip: '' };
}

/** An address behind its IANA address family number: IP, or MAC as 802 (6). Empty where it tells nothing. */
function readNetworkAddress(element: Reader): string {
  const family = element.u8();
  if (family === 1 && element.left === 4) {
    const address = element.ipv4();
    return /^(0|127|22[4-9]|23\d|255)\./.test(address) ? '' : address;
  }
  if (family === 2 && element.left === 16) {
    const address = formatIpv6(element.bytes(16));
    return address === '::' || address === '::1' ? '' : address;
  }
  if (family === 6 && element.left === 6) {
    return statedMac(element.hex(6));
  }
  return '';
}

const isMac = (address: string): boolean => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address);

/** Characters of a PROFINET station name (IEC 61158-6-10, NameOfStation). */
const STATION_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,238}[a-z0-9])?$/;

/** Name of a PROFINET station: its chassis ID, or behind the port's own name in devices with several interfaces. */
function stationName(chassis: Id, port: Id): string {
  const behind = /^port-\d{3}(?:-\d{5})?\.(.+)$/.exec(port.text)?.[1];
  const name = behind ?? (chassis.subtype === LOCAL_ID ? chassis.text : '');
  return STATION_NAME.test(name) ? name : '';
}

/**
 * PROFINET devices with several interfaces carry their whole identification as chassis ID: fields of fixed width with a
 * blank between them (IEC 61158-6-10, SystemIdentification): type 25, order number 20, serial number 16, hardware
 * revision 5, software revision prefix 1 and three numbers of 3.
 */
function tellSystemIdentification(
  text: string,
  tell: (
    kind: 'device.model' | 'device.order-number' | 'device.serial' | 'device.hardware-version' | 'device.firmware',
    value: string,
  ) => void,
): void {
  const match = /^(.{25}) (.{20}) (.{16}) ([ \d]{5}) ([VRPUT])([ \d]{3})([ \d]{3})([ \d]{3})$/.exec(text);
  if (!match) return;
  const [, type = '', order = '', serial = '', hardware = '', prefix = '', ...numbers] = match.map((part) =>
    part.trim(),
  );
  tell('device.model', type);
  tell('device.order-number', order);
  tell('device.serial', serial);
  tell('device.hardware-version', hardware);
  tell('device.firmware', prefix + numbers.join('.'));
}

/** Table 8-4, by bit. */
const CAPABILITIES = [
  'other',
  'repeater',
  'bridge',
  'wireless access point',
  'router',
  'telephone',
  'DOCSIS cable device',
  'station',
  'C-VLAN bridge',
  'S-VLAN bridge',
  'two-port MAC relay',
];
/** Names of the bits that are set, the lowest first. */
const nameCapabilities = (bits: number): string => CAPABILITIES.filter((_, bit) => bits & (1 << bit)).join(', ');

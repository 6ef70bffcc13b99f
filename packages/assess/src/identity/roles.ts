// What a device is for. Each rule is one plain value: a role, how much it proves, and when it holds; a rule that holds
// gives its reason. Reasons of one role add up, the strongest role wins, and where nothing is strong the role stays open.
import type { Concluded, DeviceRole, FactKind, OperationKind, Reason } from '@interlock/model';
import { INDUSTRIAL_PROTOCOLS, type RoleView, textReason } from './role-view.ts';

export interface RoleRule {
  readonly role: DeviceRole;
  /** From 0 to 1: how far the reason alone goes. */
  readonly weight: number;
  readonly when: (view: RoleView) => Reason | undefined;
}
type When = RoleRule['when'];

/** Below this a role is a guess and is not said. */
const LEAST_SURE = 0.3;

const PRODUCT: readonly FactKind[] = [
  'device.model',
  'device.order-number',
  'device.type',
  'device.description',
  'network.platform',
  'upnp.device-type',
  'dhcp.vendor-class',
];
const says =
  (kinds: readonly FactKind[], pattern: RegExp): When =>
  (view) =>
    textReason(view.facts, kinds, pattern, (value) => `it states "${value}"`);
const partSays =
  (kinds: readonly FactKind[], pattern: RegExp): When =>
  (view) =>
    textReason(view.partFacts, kinds, pattern, (value) => `a module behind it states "${value}"`);
/** Offers one of these protocols or ports (`tcp/502`). */
const offers =
  (...names: string[]): When =>
  (view) => {
    const name = names.find((one) => view.offers.has(one));
    const fact = name === undefined ? undefined : view.offers.get(name);
    const cited = fact ? [{ subject: fact.subject, kind: fact.kind, value: name ?? '' }] : [];
    return fact && { text: `it offers ${name}`, facts: cited };
  };
const uses =
  (least: number, ...names: string[]): When =>
  (view) => {
    const name = names.find((one) => (view.uses.get(one) ?? 0) >= least);
    return name === undefined
      ? undefined
      : { text: `it uses ${name} of ${plural(view.uses.get(name) ?? 0, 'device')}`, facts: [] };
  };
const asks =
  (...kinds: OperationKind[]): When =>
  (view) => {
    const operation = kinds.map((kind) => view.asks.get(kind)).find((one) => one !== undefined);
    return operation && { text: `it asked another device to "${operation.what}" (${operation.kind})`, facts: [] };
  };
const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
/** Holds where the first does and the second does not. */
const but =
  (when: When, not: When): When =>
  (view) =>
    not(view) ? undefined : when(view);

const servesIndustrial = offers(...INDUSTRIAL_PROTOCOLS);

export const ROLE_RULES: readonly RoleRule[] = [
  // Controllers.
  { role: 'plc', weight: 0.95, when: says(['device.type'], /programmable logic|\bPLC\b/i) },
  { role: 'plc', weight: 0.9, when: partSays(['device.type'], /programmable logic/i) },
  {
    role: 'plc',
    weight: 0.9,
    when: says(['device.order-number'], /^6ES7 ?[23]1\d|^6ES7 ?(5[01]|4[01])\d|^6AG1 ?[235]1\d/i),
  },
  {
    role: 'plc',
    weight: 0.85,
    when: says(
      PRODUCT,
      /\bCPU ?\d{3,4}|\bS7-?(200|300|400|1200|1500)\b|^17(56|69|68)-L|^1766-L|ControlLogix|CompactLogix|MicroLogix|\bSLC\b|Modicon|\bBM[EX] ?[PH]\d|140 ?CPU|\bTM2[245]1|\bTSX|MELSEC|\bCX\d{4}|\b750-8\d{2}\b|\bPFC\d{3}|\bAC500|SYSMAC|\bNX?J\d{3}/i,
    ),
  },
  { role: 'plc', weight: 0.8, when: says(['service.role'], /PROFINET IO controller/) },
  { role: 'plc', weight: 0.5, when: says(['service.role'], /EtherNet\/IP scanner/) },
  { role: 'plc', weight: 0.6, when: but(offers('s7comm', 's7comm-plus'), says(['device.os'], /windows|linux/i)) },
  { role: 'plc', weight: 0.35, when: but(offers('modbus', 'enip', 'fins', 'umas'), says(['device.os'], /windows/i)) },
  // Field devices.
  {
    role: 'drive',
    weight: 0.9,
    when: says(
      PRODUCT,
      /\b(AC|DC) drive\b|SINAMICS|PowerFlex|Altivar|\bATV\d{2,3}|VLT |servo|frequency (inverter|converter)|motion drive/i,
    ),
  },
  {
    role: 'remote-io',
    weight: 0.85,
    when: says(
      PRODUCT,
      /discrete I\/O|analog I\/O|\bET ?200|distributed I\/O|remote I\/O|POINT I\/O|^17(34|94)-|\bBNI |block I\/O|bus coupler|fieldbus coupler/i,
    ),
  },
  { role: 'remote-io', weight: 0.5, when: says(['service.role'], /PROFINET IO device/) },
  { role: 'remote-io', weight: 0.3, when: says(['service.role'], /EtherNet\/IP adapter/) },
  {
    role: 'sensor',
    weight: 0.85,
    when: says(
      PRODUCT,
      /sensor|transmitter|flow ?meter|flow controller|limit switch|proximity|photoelectric|pressure gauge|encoder|weather station|thermometer|barcode|scanner/i,
    ),
  },
  { role: 'rtu', weight: 0.6, when: offers('dnp3', 'iec104', 'tcp/20000', 'tcp/2404') },
  { role: 'rtu', weight: 0.6, when: says(['service.role'], /^DNP3 outstation|^IEC 60870-5-104 controlled station/) },
  { role: 'protection-relay', weight: 0.6, when: says(['service.role'], /^IEC 61850 server|^GOOSE publisher/) },
  {
    role: 'protection-relay',
    weight: 0.85,
    when: says(
      PRODUCT,
      /protection relay|SIPROTEC|\b7S[ADJKLUVX]\d|\bRE[BCDFGJLMTUX]6[1-9]\d|\bSEL-[3-7]\d\d|MiCOM|Easergy P/i,
    ),
  },
  { role: 'rtu', weight: 0.8, when: says(PRODUCT, /\bRTU\b|remote terminal/i) },
  {
    role: 'communication-module',
    weight: 0.7,
    when: but(says(['device.type'], /communications adapter/i), partSays(['device.type'], /programmable logic/i)),
  },
  {
    role: 'gateway',
    weight: 0.75,
    when: says(PRODUCT, /gateway|NPort|MGate|serial (device )?server|terminal server|protocol converter|Anybus|netX/i),
  },
  {
    role: 'gateway',
    weight: 0.6,
    when: (view) =>
      view.parts > 1 && offers('modbus', 'dnp3')(view)
        ? { text: `${plural(view.parts, 'unit')} answer behind it`, facts: [] }
        : undefined,
  },
  { role: 'gateway', weight: 0.6, when: says(['service.role'], /Sparkplug edge node/) },
  { role: 'gateway', weight: 0.75, when: says(['device.type'], /^IO-Link master$/) },
  { role: 'gateway', weight: 0.6, when: says(['service.role'], /^KNXnet\/IP server/) },
  { role: 'building-controller', weight: 0.75, when: but(offers('bacnet'), says(['device.os'], /windows/i)) },
  { role: 'building-controller', weight: 0.5, when: says(['service.role'], /BACnet (router|broadcast)/) },
  {
    role: 'building-controller',
    weight: 0.75,
    when: but(says(['service.role'], /Niagara Station/), says(['device.os'], /windows/i)),
  },
  {
    role: 'power-supply',
    weight: 0.85,
    when: says(PRODUCT, /\bUPS\b|smart-ups|\bPDU\b|power (supply|distribution)|\bPQM\b|Web\/SNMP Management Card/i),
  },
  // Supervision.
  {
    role: 'hmi',
    weight: 0.9,
    when: says(
      PRODUCT,
      /human-machine|\bHMI\b|operator panel|SIMATIC (TP|KTP|MP|OP)\d|\bKTP\d|PanelView|\bTP\d{3,4}\b|Magelis/i,
    ),
  },
  { role: 'hmi', weight: 0.5, when: but(uses(1, ...INDUSTRIAL_PROTOCOLS), servesIndustrial) },
  { role: 'hmi', weight: 0.2, when: but(uses(3, ...INDUSTRIAL_PROTOCOLS), servesIndustrial) },
  { role: 'engineering-station', weight: 0.75, when: but(asks('logic', 'firmware', 'mode'), servesIndustrial) },
  {
    role: 'historian',
    weight: 0.85,
    when: says([...PRODUCT, 'device.hostname', 'http.server', 'http.title'], /historian|\bPI server\b|osisoft/i),
  },
  // Network.
  {
    role: 'router',
    weight: 0.7,
    when: (view) =>
      view.facts.has('network.forwards') ? { text: 'it passes on packets of other addresses', facts: [] } : undefined,
  },
  {
    role: 'router',
    weight: 0.6,
    when: but(says(['network.capabilities'], /\brouter\b/), says(['network.capabilities'], /telephone|access point/)),
  },
  { role: 'router', weight: 0.6, when: says(['service.role'], /^(?:(?:IPv6|VRRP|HSRP|OSPF|EIGRP|RIP|BGP) )?router$/) },
  { role: 'router', weight: 0.6, when: says(PRODUCT, /\brouter\b|InternetGatewayDevice|SCALANCE (M|S)\d|mGuard/i) },
  { role: 'network-switch', weight: 0.45, when: says(['service.role'], /^spanning tree bridge/) },
  {
    role: 'network-switch',
    weight: 0.65,
    when: but(
      says(['network.capabilities'], /\b(switch|bridge)\b/),
      says(['network.capabilities'], /router|telephone|access point|station/),
    ),
  },
  {
    role: 'network-switch',
    weight: 0.85,
    when: says(
      PRODUCT,
      /\bswitch\b|catalyst|WS-C\w?\d{3,4}|SCALANCE X|stratix|hirschmann|EDS-\d|ProCurve|\bRS\d0-|\bMACH\d/i,
    ),
  },
  { role: 'access-point', weight: 0.85, when: says(['network.capabilities'], /access point/) },
  { role: 'access-point', weight: 0.8, when: says(PRODUCT, /access point|aironet|SCALANCE W|\bUAP|WLANAccessPoint/i) },
  {
    role: 'firewall',
    weight: 0.9,
    when: says(PRODUCT, /firewall|fortigate|\bASA ?55|palo alto|sonicwall|pfsense|opnsense|checkpoint/i),
  },
  {
    role: 'iot-hub',
    weight: 0.9,
    when: says(
      [...PRODUCT, 'device.friendly-label', 'service.dns-sd', 'service.dns-sd-instance', 'device.hostname'],
      /philips[- ]hue|hue bridge|_hue\.|\bhub\b|smart ?home (gateway|bridge)|lightify|homematic/i,
    ),
  },
  // People's devices.
  { role: 'printer', weight: 0.85, when: offers('ipp', 'tcp/631', 'tcp/9100', 'tcp/515') },
  {
    role: 'printer',
    weight: 0.85,
    when: says([...PRODUCT, 'service.dns-sd'], /printer|laserjet|officejet|_ipps?\.|_printer\.|_pdl-datastream/i),
  },
  {
    role: 'camera',
    weight: 0.85,
    when: says(
      [...PRODUCT, 'device.friendly-label', 'service.dns-sd', 'network.capabilities'],
      /\bcamera\b|\bipcam|\bDCS-\d|webcam|_axis-video|network video/i,
    ),
  },
  { role: 'camera', weight: 0.6, when: offers('rtsp', 'tcp/554') },
  { role: 'phone', weight: 0.85, when: says(['network.capabilities'], /telephone/) },
  { role: 'phone', weight: 0.35, when: says(['service.role'], /^SIP user agent$/) },
  { role: 'phone', weight: 0.8, when: says(PRODUCT, /\bphone\b|polycom|grandstream|yealink|iphone/i) },
  {
    role: 'badge-reader',
    weight: 0.85,
    when: says(PRODUCT, /badge|card reader|access control|door controller|\bVertX|EDGE EVO/i),
  },
  {
    role: 'media-player',
    weight: 0.85,
    when: says(
      [...PRODUCT, 'service.dns-sd'],
      /MediaRenderer|MediaServer|ZonePlayer|chromecast|apple ?tv|_googlecast|_airplay|_raop|_spotify-connect|sonos/i,
    ),
  },
  {
    role: 'consumer-device',
    weight: 0.6,
    when: says(
      [...PRODUCT, 'device.hostname', 'service.dns-sd'],
      /smart ?plug|_hap\.|wemo|\bbulb\b|\bscale\b|insight|thermostat|smartplug|\bHS1[01]\d/i,
    ),
  },
  { role: 'consumer-device', weight: 0.35, when: says(['dhcp.vendor-class'], /android/i) },
  // Computers.
  { role: 'server', weight: 0.8, when: says(['device.os'], /server/i) },
  {
    role: 'server',
    weight: 0.45,
    when: says(
      ['service.role'],
      /dns-server|dhcp-server|NTP server|wins-server|domain controller|SIP registrar|call manager/i,
    ),
  },
  {
    role: 'server',
    weight: 0.4,
    when: offers(
      'mysql',
      'postgresql',
      'tds',
      'oracle-tns',
      'mongodb',
      'redis',
      'ldap',
      'kerberos',
      'mqtt',
      'amqp',
      'smtp',
      'ftp',
    ),
  },
  {
    role: 'workstation',
    weight: 0.55,
    when: but(says(['device.os'], /windows|mac ?os|ubuntu/i), says(['device.os'], /server/i)),
  },
  { role: 'workstation', weight: 0.4, when: says(['dhcp.vendor-class'], /^MSFT/) },
  { role: 'workstation', weight: 0.3, when: says(['http.user-agent'], /Windows NT|Macintosh|X11; Linux/) },
];

/** In: the view of one device. Out: its role with all reasons for it, or undefined where none is sure enough. */
export function concludeRole(view: RoleView): Concluded<DeviceRole> | undefined {
  const found = new Map<DeviceRole, { doubt: number; reasons: Reason[] }>();
  for (const { role, weight, when } of ROLE_RULES) {
    const reason = when(view);
    if (!reason) continue;
    const known = found.get(role) ?? { doubt: 1, reasons: [] };
    found.set(role, { doubt: known.doubt * (1 - weight), reasons: [...known.reasons, reason] });
  }
  let best: Concluded<DeviceRole> | undefined;
  for (const [value, { doubt, reasons }] of found) {
    const sureness = 1 - doubt;
    if (sureness >= LEAST_SURE && (!best || sureness > best.sureness)) best = { value, sureness, reasons };
  }
  return best;
}

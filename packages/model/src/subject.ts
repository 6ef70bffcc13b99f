// What a fact is about. Bytes on a wire name addresses, never devices: which addresses make one device is decided
// later, in `assess`, from the same observations that anybody can read again.

/**
 * The thing an observation is about: an address as it was met on the wire, and optionally one part behind it.
 *
 * `ip` and `mac` together mean "this IP address, carried in frames of this MAC address": the MAC may be the host's
 * own or a router's. A `part` is what sits behind the address: a module in a chassis slot, a unit of a Modbus gateway.
 */
export interface Subject {
  /** Lower case, colon separated: `00:1b:1b:23:eb:3b`. An EUI-64 has eight groups. */
  readonly mac?: string;
  /** IPv4 dotted, or IPv6 in the form of RFC 5952. */
  readonly ip?: string;
  /** Path to what sits behind the address, as `scheme:id`, outermost first, joined by `>`: `cip:1/0>cip:2/5`. */
  readonly part?: string;
  /** Entry of a document that names no address: what the document calls it. Never together with `mac` or `ip`. */
  readonly entry?: string;
}

/** Schemes of `Subject.part`, with what the id of each looks like. */
export const PART_SCHEMES = {
  'modbus-unit': 'unit identifier, 0 to 255',
  'hart-device': 'lower 14 bits of the expanded device type, and device identifier, of a HART device behind another',
  'ams-net-id': 'AMS NetId of what a TwinCAT system passes on to',
  'melsec-station': 'network/station/module I/O number/multidrop station of a MELSEC controller behind another',
  fins: 'network/node/unit of a FINS address; 0/0/unit for units in the rack of the one that answers',
  cip: 'port/link address of a CIP route, for a chassis backplane 1/slot; identity/instance; serial/number on unseen routes',
  's7-slot': 'rack/slot',
  'dnp3-outstation': 'link address of an outstation behind a gateway, 0 to 65519',
  'c37-pmu': 'identification code of a unit in a concentrated synchrophasor stream',
  'bacnet-device': 'network/MAC address of a routed BACnet device',
  'pn-submodule': 'API/slot/subslot of a PROFINET IO device',
  ups: 'name of a power supply that a NUT server watches',
  listed: 'module or component, by the name a document has for it',
  sparkplug: 'group/edge node of Sparkplug, and /device for one behind it',
  zigbee: 'IEEE address of a Zigbee device behind a coordinator',
  lorawan: 'device EUI of a LoRaWAN device behind a network server',
  'io-link': 'name of an IO-Link device at its master, or number of its port',
  'mqtt-device': 'identifier of a device that another one describes to a broker',
} as const;
export type PartScheme = keyof typeof PART_SCHEMES;

/**
 * One spelling per subject: `10.0.0.1@00:1b:1b:23:eb:3b#cip:1/0`, or `~assets/PLC 7` for an entry without an address.
 * Equal subjects have equal keys.
 */
export function subjectKey(subject: Subject): string {
  const address = subject.entry
    ? `~${subject.entry.replaceAll('#', '%23')}`
    : subject.mac
      ? `${subject.ip ?? ''}@${subject.mac}`
      : (subject.ip ?? '');
  return subject.part ? `${address}#${subject.part}` : address;
}

/** The inverse of `subjectKey`. Never throws: a text without `@` and `#` is an IP address. */
export function parseSubjectKey(key: string): Subject {
  const hash = key.indexOf('#');
  const address = hash < 0 ? key : key.slice(0, hash);
  const part = hash >= 0 ? { part: key.slice(hash + 1) } : {};
  if (address.startsWith('~')) return { entry: address.slice(1).replaceAll('%23', '#'), ...part };
  const at = address.indexOf('@');
  const ip = at < 0 ? address : address.slice(0, at);
  return {
    ...(ip ? { ip } : {}),
    ...(at >= 0 ? { mac: address.slice(at + 1) } : {}),
    ...part,
  };
}

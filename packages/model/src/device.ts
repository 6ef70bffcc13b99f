// A device is what identity resolution makes of observations: addresses that belong together, what was said of them,
// and the parts that sit behind. Recomputed, never edited; a person's correction is an observation like any other.
import type { FactKind } from './facts.ts';
import type { OperationKind } from './operation.ts';
import type { DocumentBasis, SaidBy } from './provenance.ts';

export interface DeviceAddress {
  readonly kind: 'mac' | 'ipv4' | 'ipv6';
  readonly value: string;
  readonly first: number;
  readonly last: number;
}

/** A fact of a device: one value of one kind as one protocol told it. `id` names the observation in the store. */
export interface DeviceFact {
  readonly id?: string;
  readonly kind: FactKind;
  readonly value: unknown;
  readonly said: SaidBy;
  readonly protocol: string;
  readonly source: string;
  readonly frames: readonly number[];
  readonly capture?: string;
  /** What the document rests on, where another tool or a list says it. */
  readonly basis?: DocumentBasis;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Key of the subject it was told of. */
  readonly subject: string;
}

/** Levels of a plant after the Purdue model (IEC 62443-1-1 annex, ISA-95 levels). */
export const PLANT_LEVELS = ['field', 'control', 'supervision', 'enterprise', 'outside', 'unknown'] as const;
export type PlantLevel = (typeof PLANT_LEVELS)[number];

export const DEVICE_ROLES = {
  plc: 'Controller',
  'remote-io': 'Remote I/O',
  drive: 'Drive',
  rtu: 'RTU',
  'protection-relay': 'Protection or bay device',
  'communication-module': 'Communication module',
  gateway: 'Protocol gateway',
  sensor: 'Sensor or instrument',
  'building-controller': 'Building controller',
  hmi: 'HMI or SCADA client',
  'engineering-station': 'Engineering station',
  historian: 'Historian',
  server: 'Server',
  workstation: 'Workstation',
  'network-switch': 'Network switch',
  router: 'Router',
  'access-point': 'Access point',
  firewall: 'Firewall',
  printer: 'Printer',
  camera: 'Camera',
  phone: 'Phone',
  'badge-reader': 'Badge reader',
  'consumer-device': 'Consumer device',
  'iot-hub': 'IoT hub',
  'media-player': 'Media player',
  'power-supply': 'UPS or power distribution',
} as const;
export type DeviceRole = keyof typeof DEVICE_ROLES;

/** Why something was concluded, in plain words, with the facts it rests on. */
export interface Reason {
  readonly text: string;
  /** Subject keys, fact kinds and values that carry it, for the reader to follow. */
  readonly facts: readonly { readonly subject: string; readonly kind: FactKind; readonly value: string }[];
}
export interface Concluded<T> {
  readonly value: T;
  /** From 0 to 1: how sure, by the strength of what it rests on. */
  readonly sureness: number;
  readonly reasons: readonly Reason[];
}

/** The values shown first, chosen among the facts; absent where nothing says so. */
export interface DeviceSummary {
  readonly name?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly orderNumber?: string;
  readonly firmware?: string;
  readonly hardwareVersion?: string;
  readonly serial?: string;
  readonly os?: string;
  readonly location?: string;
}

/** How a device is known: `seen` in traffic, `observed` by another tool only, `listed` in documents only. */
export const DEVICE_ORIGINS = ['seen', 'observed', 'listed'] as const;
export type DeviceOrigin = (typeof DEVICE_ORIGINS)[number];

/** What a document says of a device although something else was met. */
export interface Contradiction {
  readonly kind: FactKind;
  readonly imported: DeviceFact;
  /** What was met instead; of addresses the fact that shows them in use. */
  readonly met: DeviceFact;
  /** Both in short, as they are compared. */
  readonly importedText: string;
  readonly metText: string;
}

export interface Device {
  /** Stable over recomputations as long as its strongest identifier stays. */
  readonly id: string;
  readonly summary: DeviceSummary;
  readonly addresses: readonly DeviceAddress[];
  readonly facts: readonly DeviceFact[];
  readonly children: readonly DevicePart[];
  readonly role?: Concluded<DeviceRole>;
  readonly level: Concluded<PlantLevel>;
  /** CIDR of the subnet, or `vlan N`; absent where not known. */
  readonly zone?: string;
  /** From 0 to 1: how sure we are that this is one device and what it is. */
  readonly sureness: number;
  /** Why these addresses are one device. */
  readonly joined: readonly Reason[];
  readonly first: number;
  readonly last: number;
  /** Outside the plant's own networks (a public address behind a router). */
  readonly outside: boolean;
  readonly origin: DeviceOrigin;
  /** Whether a list of what should be there names it. */
  readonly listed: boolean;
  readonly contradictions: readonly Contradiction[];
}

/** What sits behind a device's address: a module in a slot, a routed BACnet device, a Modbus unit. */
export interface DevicePart {
  readonly id: string;
  /** `scheme:id` of the last step of the part path. */
  readonly part: string;
  readonly summary: DeviceSummary;
  readonly addresses: readonly DeviceAddress[];
  readonly facts: readonly DeviceFact[];
  readonly children: readonly DevicePart[];
  /** Id of the device that is this part, where it was also met with an address of its own. */
  readonly device?: string;
  /** Ids of other devices through which the same part was reached. */
  readonly alsoBehind?: readonly string[];
}

/** Who talks with whom, between devices. Times in milliseconds since 1970. */
export interface Conversation {
  /** Device ids. */
  readonly from: string;
  readonly to: string;
  readonly transport: string;
  readonly port: number;
  readonly protocol?: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly first: number;
  readonly last: number;
}

export interface Operation {
  /** Device ids. */
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly what: string;
  readonly kind: OperationKind;
  readonly detail?: string;
  readonly accepted?: boolean;
  readonly count: number;
  readonly frames: readonly number[];
  readonly first: number;
  readonly last: number;
}

/** The whole of what identity resolution gives. */
export interface Inventory {
  readonly devices: readonly Device[];
  readonly conversations: readonly Conversation[];
  readonly operations: readonly Operation[];
}

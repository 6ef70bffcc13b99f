// What is handed on of a device to other tools: its identity, addresses and parts, whoever read them and from wherever.
import type { DevicePart, DeviceRole, DeviceSummary, PlantLevel } from '@interlock/model';

export interface ExportedAddress {
  readonly kind: 'mac' | 'ipv4' | 'ipv6';
  readonly value: string;
}
/** What sits behind a device: a module in a slot, a unit of a gateway. */
export interface ExportedPart extends DeviceSummary {
  readonly id: string;
  /** `scheme:id`, as in DevicePart. */
  readonly part: string;
  readonly children: readonly ExportedPart[];
}
export interface ExportedDevice extends DeviceSummary {
  readonly id: string;
  readonly role?: DeviceRole;
  readonly level: PlantLevel;
  readonly zone?: string;
  readonly outside: boolean;
  readonly addresses: readonly ExportedAddress[];
  readonly parts: readonly ExportedPart[];
  /** Milliseconds since 1970; 0 where no time is known. */
  readonly first: number;
  readonly last: number;
}
/** About the file itself. */
export interface ExportOrigin {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of Interlock. */
  readonly version: string;
  /** A random UUID, for formats that number their files. */
  readonly uuid: string;
  /** Name of the plant. */
  readonly site: string;
}

/** One piece of an exported file at a time. */
export type ExportWriter = (
  devices: AsyncIterable<ExportedDevice>,
  origin: ExportOrigin,
) => AsyncGenerator<string | Uint8Array>;

/** What a device is called where a name is required: its name, model or an address. */
export function labelOf(device: ExportedDevice): string {
  return device.name ?? device.model ?? device.addresses[0]?.value ?? device.id;
}
/** The parts of identity resolution as they are exported. */
export function exportedParts(parts: readonly DevicePart[]): readonly ExportedPart[] {
  return parts.map(({ id, part, summary, children }) => ({
    ...summary,
    id,
    part,
    children: exportedParts(children),
  }));
}
/** ISO 8601 in UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString();

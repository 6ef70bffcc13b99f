// A device as rows of the store: what the list shows, filters, searches and sorts by, and what its page needs besides
// its facts. Made when the inventory is computed, so that reading it is one look-up.
import {
  DEVICE_ROLES,
  type Device,
  type DeviceAddress,
  type DeviceFact,
  type DevicePart,
  type DeviceSummary,
  FACTS,
  PLANT_LEVELS,
  type Reason,
  type ServiceValue,
} from '@interlock/model';
import { MAX_IN_ROW } from '@interlock/model/api';
import type { Insertable } from 'kysely';
import type { DeviceTable } from './schema.ts';
import { addressSortText, factText, inShownOrder, searchable, sortText } from './texts.ts';

/** Longest text a device is searched in; names, addresses and identity come first, so what is cut is the least telling. */
const MAX_SEARCH_TEXT = 24_000;
/** Addresses as met, named on the page of a device; more tell nothing that these do not. */
const MAX_SUBJECTS = 500;

/** What the page of a device needs besides columns and facts; kept as JSON. */
export interface DeviceNotes {
  readonly addresses: readonly DeviceAddress[];
  readonly subjects: readonly {
    readonly subject: string;
    readonly facts: number;
    readonly first: number;
    readonly last: number;
  }[];
  readonly joined: readonly Reason[];
  readonly role?: { readonly sureness: number; readonly reasons: readonly Reason[] };
  readonly level: { readonly sureness: number; readonly reasons: readonly Reason[] };
  readonly parts: readonly PartNotes[];
}
export interface PartNotes {
  readonly id: string;
  readonly part: string;
  readonly summary: DeviceSummary;
  readonly addresses: readonly DeviceAddress[];
  readonly subject?: string;
  readonly device?: string;
  readonly alsoBehind?: readonly string[];
  readonly children: readonly PartNotes[];
}

/** What a device is called by others: its name, or what comes nearest. */
export function labelOf({ summary, addresses, id }: Pick<Device, 'summary' | 'addresses' | 'id'>): string {
  return summary.name ?? summary.model ?? inShownOrder(addresses)[0]?.value ?? id;
}

/** Services it offers, each port once, with the protocol where any fact names it. */
export function servicesOf(facts: readonly DeviceFact[]): ServiceValue[] {
  const services = new Map<string, ServiceValue>();
  for (const { kind, value } of facts) {
    if (kind !== 'service.offered') continue;
    const service = value as ServiceValue;
    const key = `${service.transport}/${service.port}`;
    if (!services.get(key)?.protocol) services.set(key, service);
  }
  return [...services.values()].sort((a, b) => a.port - b.port || (a.transport < b.transport ? -1 : 1));
}

export const isExposure = ({ kind }: DeviceFact): boolean => FACTS[kind].group === 'exposure';

const countParts = (parts: readonly DevicePart[]): number =>
  parts.reduce((sum, part) => sum + 1 + countParts(part.children), 0);

/** The row of a device. In: its number in this edition, the device, and how many others it has conversations with. */
export function deviceRow(n: number, device: Device, peers: number): Insertable<DeviceTable> {
  const { summary, addresses, facts, role, level, zone } = device;
  const services = servicesOf(facts);
  const shown = inShownOrder(addresses).map(({ kind, value }) => ({ kind, value }));
  const first = services[0];
  return {
    n,
    id: device.id,
    name: summary.name ?? null,
    vendor: summary.vendor ?? null,
    model: summary.model ?? null,
    order_number: summary.orderNumber ?? null,
    firmware: summary.firmware ?? null,
    hardware_version: summary.hardwareVersion ?? null,
    serial: summary.serial ?? null,
    os: summary.os ?? null,
    location: summary.location ?? null,
    role: role?.value ?? null,
    level: level.value,
    zone: zone ?? null,
    outside: device.outside ? 1 : 0,
    sureness: device.sureness,
    first_time: finite(device.first),
    last_time: finite(device.last),
    addresses: JSON.stringify(shown.slice(0, MAX_IN_ROW)),
    address_count: shown.length,
    services: JSON.stringify(services.slice(0, MAX_IN_ROW)),
    service_count: services.length,
    parts: countParts(device.children),
    peers,
    exposures: new Set(facts.filter(isExposure).map(({ kind, value }) => `${kind} ${JSON.stringify(value)}`)).size,
    origin: device.origin,
    listed: device.listed ? 1 : 0,
    contradictions: device.contradictions.length,
    label: labelOf(device),
    search: searchText(device),
    detail: JSON.stringify(notesOf(device)),
    sort_name: sortText(summary.name),
    sort_vendor: sortText(summary.vendor),
    sort_model: sortText(summary.model),
    sort_order_number: sortText(summary.orderNumber),
    sort_firmware: sortText(summary.firmware),
    sort_hardware_version: sortText(summary.hardwareVersion),
    sort_serial: sortText(summary.serial),
    sort_os: sortText(summary.os),
    sort_role: role ? sortText(DEVICE_ROLES[role.value]) : '',
    sort_addresses: addressSortText(addresses),
    sort_zone: sortText(zone),
    sort_level: level.value === 'unknown' ? '' : String(PLANT_LEVELS.indexOf(level.value)),
    sort_location: sortText(summary.location),
    sort_services: first ? sortText(`${first.port}/${first.transport}`) : '',
  };
}
/** Captures without times give no number that could be stored. */
const finite = (time: number): number => (Number.isFinite(time) ? time : 0);

function searchText(device: Device): string {
  const words = new Set<string>([
    device.id,
    ...Object.values(device.summary),
    ...inShownOrder(device.addresses).map(({ value }) => value),
    ...(device.role ? [DEVICE_ROLES[device.role.value]] : []),
    ...(device.zone ? [device.zone] : []),
  ]);
  const facts = [...device.facts];
  const addParts = (parts: readonly DevicePart[]): void => {
    for (const part of parts) {
      words.add(part.part);
      for (const value of Object.values(part.summary)) words.add(value);
      for (const { value } of part.addresses) words.add(value);
      facts.push(...part.facts);
      addParts(part.children);
    }
  };
  addParts(device.children);
  // Identity first, then what is most often asked for; a stable sort keeps the rest as it comes.
  facts.sort((a, b) => SEARCH_RANK[FACTS[a.kind].group] - SEARCH_RANK[FACTS[b.kind].group]);
  let length = 0;
  for (const { kind, value } of facts) {
    if (value === true || length > MAX_SEARCH_TEXT) continue;
    const text = factText(kind, value);
    length += text.length;
    words.add(text);
  }
  return searchable([...words].join('\n')).slice(0, MAX_SEARCH_TEXT);
}
const SEARCH_RANK = {
  identity: 0,
  address: 1,
  service: 2,
  exposure: 2,
  network: 3,
  behaviour: 4,
  fingerprint: 5,
  trouble: 6,
} as const;

function notesOf(device: Device): DeviceNotes {
  const subjects = new Map<string, { subject: string; facts: number; first: number; last: number }>();
  for (const { subject, first, last } of device.facts) {
    const known = subjects.get(subject);
    if (!known) subjects.set(subject, { subject, facts: 1, first, last });
    else {
      known.facts++;
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    }
  }
  return {
    addresses: inShownOrder(device.addresses).map((address) => ({
      ...address,
      first: finite(address.first),
      last: finite(address.last),
    })),
    subjects: [...subjects.values()].sort((a, b) => b.facts - a.facts).slice(0, MAX_SUBJECTS),
    joined: device.joined,
    ...(device.role ? { role: { sureness: device.role.sureness, reasons: device.role.reasons } } : {}),
    level: { sureness: device.level.sureness, reasons: device.level.reasons },
    parts: device.children.map(partNotes),
  };
}
function partNotes(part: DevicePart): PartNotes {
  const subject = part.facts[0]?.subject;
  return {
    id: part.id,
    part: part.part,
    summary: part.summary,
    addresses: inShownOrder(part.addresses),
    ...(subject === undefined ? {} : { subject }),
    ...(part.device === undefined ? {} : { device: part.device }),
    ...(part.alsoBehind === undefined ? {} : { alsoBehind: part.alsoBehind }),
    children: part.children.map(partNotes),
  };
}

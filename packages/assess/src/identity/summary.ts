// The values shown first: of all that is said of a device, per field the one that is most to be relied on. What nothing
// says stays empty.
import type { DeviceSummary, FactKind, SaidBy } from '@interlock/model';
import type { HeldFact } from './evidence.ts';
import { isTelling } from './identifiers.ts';

/** Which facts fill a field, first choice first. */
const FIELDS: Readonly<Record<keyof DeviceSummary, readonly FactKind[]>> = {
  name: [
    'identity.name',
    'device.station-name',
    'device.hostname',
    'device.plc-name',
    'netbios.name',
    'device.friendly-label',
    'device.module-name',
  ],
  vendor: ['device.vendor', 'bacnet.maker'],
  model: ['device.model', 'network.platform'],
  orderNumber: ['device.order-number'],
  firmware: ['device.firmware'],
  hardwareVersion: ['device.hardware-version'],
  serial: ['device.serial'],
  os: ['device.os'],
  location: ['device.location'],
};
const FIELD_NAMES = Object.keys(FIELDS) as (keyof DeviceSummary)[];
const FIELDS_OF_KIND = new Map<FactKind, { field: keyof DeviceSummary; choice: number }>(
  FIELD_NAMES.flatMap((field) => FIELDS[field].map((kind, choice) => [kind, { field, choice }] as const)),
);

/** A person at the device knows best, a conclusion of ours least. */
const SAID_RANK: Readonly<Record<SaidBy, number>> = { attested: 5, declared: 4, seen: 3, imported: 2, derived: 1 };

/**
 * How well a protocol knows the device that speaks it, from 1 to 9; 5 where nothing is listed. Identity objects of
 * industrial protocols are filled in by the maker at the factory; banners are written by whoever installed a program.
 */
const RELIABILITY: Readonly<Record<string, number>> = {
  enip: 9,
  cip: 9,
  s7comm: 9,
  's7comm-plus': 9,
  modbus: 9,
  'pn-dcp': 9,
  bacnet: 9,
  lldp: 8,
  cdp: 8,
  snmp: 7,
  ssdp: 7,
  smb: 7,
  mdns: 6,
  dhcp: 6,
  'netbios-ns': 5,
  'netbios-dgm': 5,
  syslog: 4,
  dns: 4,
  http: 3,
  tls: 3,
  ssh: 3,
  ntp: 2,
  oui: 1,
};

/** In: facts of one device or part. Out: its fields. A fact earlier in FIELDS wins, then who said it, protocol, recency. */
export function summarise(facts: Iterable<HeldFact>): DeviceSummary {
  const best: Partial<Record<keyof DeviceSummary, HeldFact>> = {};
  for (const fact of facts) {
    const target = FIELDS_OF_KIND.get(fact.kind);
    if (!target || typeof fact.value !== 'string' || fact.value === '') continue;
    const current = best[target.field];
    if (!current || isBetter(fact, current)) best[target.field] = fact;
  }
  const summary: { -readonly [K in keyof DeviceSummary]: string } = {};
  for (const field of FIELD_NAMES) {
    const fact = best[field];
    if (fact) summary[field] = String(fact.value);
  }
  return summary;
}

function isBetter(a: HeldFact, b: HeldFact): boolean {
  for (const rank of RANKS) {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference > 0;
  }
  return String(a.value) < String(b.value);
}
const RANKS: readonly ((fact: HeldFact) => number)[] = [
  (fact) => (fact.kind === 'identity.name' ? 1 : 0),
  // A company's name tells no devices apart, but it is what this field asks for.
  (fact) => (fact.kind === 'device.vendor' || isTelling(fact.value) ? 1 : 0),
  (fact) => SAID_RANK[fact.said],
  (fact) => -(FIELDS_OF_KIND.get(fact.kind)?.choice ?? 0),
  (fact) => RELIABILITY[fact.protocol] ?? 5,
  (fact) => fact.last,
  (fact) => fact.count,
];

// Observations made by hand for tests, and inventories in short words. Times are minutes, so that tests read like a story.
import type { Device, FactKind, FactValue, Inventory, Observation, Subject } from '@interlock/model';
import { type ResolveOptions, resolveInventory } from '../identity/resolve.ts';

const START = Date.UTC(2026, 0, 5, 6);
const MINUTE = 60_000;

/** From and to, in minutes; one number is a moment. */
export type When = number | readonly [number, number];

/** One observation. In: whom it is about, kind, value, when, and the protocol that told it. */
export function tell<K extends FactKind>(
  subject: Subject,
  kind: K,
  value: FactValue<K>,
  when: When = 0,
  protocol = 'test',
  capture = 'a',
): Observation {
  const [first, last] = typeof when === 'number' ? [when, when] : when;
  return {
    kind,
    subject,
    value,
    said: 'seen',
    first: START + first * MINUTE,
    last: START + last * MINUTE,
    count: 1,
    provenance: { from: 'capture', capture, protocol, source: 'by hand', frames: [1 + Math.round(first)] },
  } as Observation;
}

/** Frames from `mac` that carry packets from `ip`, with a time to live; a MAC address alone sends frames without IP. */
export const sends = (mac: string, ip?: string, ttl = 64, when: When = 0): Observation[] =>
  ip === undefined
    ? [tell({ mac }, 'address.seen', true, when)]
    : [tell({ ip, mac }, 'address.seen', true, when, 'engine'), tell({ ip, mac }, 'network.ttl', ttl, when, 'engine')];
/** Packets without a MAC address: raw IP captures, tunnels. */
export const sendsBare = (ip: string, ttl = 64, when: When = 0): Observation[] => [
  tell({ ip }, 'address.seen', true, when, 'engine'),
  tell({ ip }, 'network.ttl', ttl, when, 'engine'),
];
export const claims = (mac: string, ip: string, when: When = 0): Observation =>
  tell({ mac }, 'address.claimed-ip', ip, when, 'arp');
export const leased = (mac: string, ip: string, when: When = 0): Observation =>
  tell({ mac }, 'address.assigned-ip', ip, when, 'dhcp');
/** A conversation; ends are subject keys such as `10.0.0.1@00:aa:...`. */
export const talks = (
  client: Subject,
  server: string,
  protocol: string | undefined = undefined,
  port = 502,
  when: When = 0,
): Observation =>
  tell(
    client,
    'conversation',
    {
      peer: server,
      transport: 'tcp',
      port,
      ...(protocol === undefined ? {} : { protocol }),
      packetsSent: 2,
      packetsReceived: 2,
      bytesSent: 200,
      bytesReceived: 300,
    },
    when,
    'engine',
  );
/** A person's word. */
export const corrects = (
  subject: Subject,
  kind: 'identity.same-device' | 'identity.different-device',
  other: string,
  when: When = 0,
): Observation =>
  ({
    ...tell(subject, kind, { other }, when),
    said: 'attested',
    provenance: { from: 'person', author: 'Ada', reason: 'I stood in front of it' },
  }) as Observation;

export const inventoryOf = (observations: readonly Observation[], options: Partial<ResolveOptions> = {}): Inventory =>
  resolveInventory(observations, { vendorOfMac: () => undefined, ...options });
export const addressesOf = (device: Device): string =>
  device.addresses
    .map(({ value }) => value)
    .sort()
    .join(' ');
/** Every device as its sorted addresses, in sorted order. */
export const devicesOf = (observations: readonly Observation[]): string[] =>
  inventoryOf(observations).devices.map(addressesOf).sort();
/** The device with an address; a test that asks for another one fails here. */
export function deviceWith(inventory: Inventory, address: string): Device {
  const device = inventory.devices.find(({ addresses }) => addresses.some(({ value }) => value === address));
  if (!device) throw new Error(`no device has ${address}`);
  return device;
}
/** Addresses of one device, as `devicesOf` gives them. */
export const device = (...addresses: string[]): string => [...addresses].sort().join(' ');

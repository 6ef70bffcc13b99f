// Identity resolution: observations in, inventory out. Observations name addresses; here it is decided which addresses
// make one device, what sits behind it, what it is for, and where it stands. Everything can be computed again.
import type { Device, DeviceAddress, Inventory, Observation } from '@interlock/model';
import { parseIpv4 } from './addresses.ts';
import { contradictionsOf, isKnownByDocuments } from './contradictions.ts';
import { Corrections } from './corrections.ts';
import { type Draft, draftDevices } from './drafts.ts';
import { Evidence, type HeldFact, snapshot } from './evidence.ts';
import { type Explanation, explainPair } from './explain.ts';
import { isTelling } from './identifiers.ts';
import { type Namable, nameDevices } from './ids.ts';
import { Joiner } from './join.ts';
import { levelOf } from './levels.ts';
import { Nodes } from './nodes.ts';
import { byStep, finishPart, settleParts } from './parts.ts';
import { type Placement, placeAddresses } from './placement.ts';
import { type RoleView, usageByDevice, viewOf } from './role-view.ts';
import { concludeRole } from './roles.ts';
import { Statements } from './statements.ts';
import { summarise } from './summary.ts';
import { surenessOf } from './sureness.ts';
import { mapTraffic } from './traffic.ts';
import { Zones } from './zones.ts';

export interface ResolveOptions {
  /** The registered company of a MAC address, lower case with colons; undefined where not registered. */
  readonly vendorOfMac: (mac: string) => string | undefined;
  /** Address (as in `Device.addresses`) to id of an earlier inventory; devices keep their ids where they can. */
  readonly knownIds?: ReadonlyMap<string, string>;
  /** Networks with public addresses that are the plant's own, as CIDR: devices in them are not outside. */
  readonly siteNetworks?: readonly string[];
}
/** An observation as the store has it: with its name. */
export type NamedObservation = Observation & { readonly id?: string };

/** In: observations in any order, corrections by persons among them. Out: devices, conversations, operations. */
export function resolveInventory(observations: Iterable<NamedObservation>, options: ResolveOptions): Inventory {
  const resolver = new Resolver(options);
  for (const observation of observations) resolver.add(observation);
  return resolver.inventory();
}

interface Resolution {
  readonly inventory: Inventory;
  readonly placement: Placement;
  readonly nodes: Nodes;
  readonly statements: Statements;
  readonly joiner: Joiner;
}

/** Takes observations one by one; the inventory is computed when asked for. */
export class Resolver {
  readonly #options: ResolveOptions;
  readonly #evidence = new Evidence();
  #resolution: Resolution | undefined;

  constructor(options: ResolveOptions) {
    this.#options = options;
  }

  add(observation: NamedObservation): void {
    this.#resolution = undefined;
    this.#evidence.add(observation);
  }

  inventory(): Inventory {
    return this.#resolve().inventory;
  }

  /** Why two addresses (subject keys) are or are not one device. */
  explain(a: string, b: string): Explanation {
    return explainPair({ evidence: this.#evidence, ...this.#resolve() }, a, b);
  }

  #resolve(): Resolution {
    this.#resolution ??= resolve(this.#evidence, this.#options);
    return this.#resolution;
  }
}

function resolve(evidence: Evidence, options: ResolveOptions): Resolution {
  const corrections = new Corrections(evidence.corrections);
  const placement = placeAddresses(evidence, (pair) => corrections.keptApartPair(pair));
  const nodes = new Nodes(evidence, placement);
  const statements = new Statements(evidence, nodes);
  const joiner = new Joiner(evidence, placement, nodes, statements, corrections);
  const zones = new Zones(options.siteNetworks);
  const isOfSite = (ip: string) => zones.isOfSite(ip);
  const { drafts, draftOf } = draftDevices(evidence, placement, nodes, joiner, options.vendorOfMac, isOfSite);
  drafts.sort(byAddress);
  for (const [i, id] of nameDevices(drafts.map(namableOf), options.knownIds).entries()) {
    const draft = drafts[i];
    if (draft) draft.id = id;
  }
  settleParts(drafts, (address) => {
    const [node] = nodes.nodesOf(address);
    return node && draftOf(node)?.id;
  });

  const traffic = mapTraffic(evidence, (subject, time) => {
    const node = nodes.nodeAt(subject, time);
    return node && draftOf(node)?.id;
  });
  for (const draft of drafts) noteMasks(draft, zones);
  const usages = usageByDevice(traffic);
  const devices = drafts.map((draft) => finish(draft, viewOf(draft, usages.get(draft.id)), zones));
  return { inventory: { devices, ...traffic }, placement, nodes, statements, joiner };
}

function finish(draft: Draft, view: RoleView, zones: Zones): Device {
  const { id, addresses, facts, joined, outside } = draft;
  const role = concludeRole(view);
  const zone = outside ? undefined : zones.zoneOf(ipsOf(draft), vlansOf(facts));
  return {
    id,
    summary: summarise(facts),
    addresses,
    facts: facts.map(snapshot),
    children: [...draft.parts].sort(byStep).map(([step, part]) => finishPart(id, step, part)),
    ...(role === undefined ? {} : { role }),
    level: levelOf(view, role),
    ...(zone === undefined ? {} : { zone }),
    sureness: surenessOf(draft),
    joined,
    ...spanOf(addresses.length > 0 ? addresses : facts),
    outside,
    origin: !isKnownByDocuments(draft) ? 'seen' : facts.some(isObserved) ? 'observed' : 'listed',
    listed: facts.some(({ basis }) => basis === 'list'),
    contradictions: contradictionsOf(draft),
  };
}

/** A tool met it, even if we did not. */
const isObserved = ({ basis }: HeldFact): boolean => basis === 'scan' || basis === 'monitor';
function spanOf(of: readonly { readonly first: number; readonly last: number }[]): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const each of of) {
    first = Math.min(first, each.first);
    last = Math.max(last, each.last);
  }
  return { first, last };
}

/** What a device can be named by: adapters of its own, serial numbers, IP addresses. */
function namableOf({ nodes, facts, addresses }: Draft): Namable {
  const macs = nodes.flatMap(({ mac }) => (mac ? [mac] : []));
  macs.sort((a, b) => MAC_RANK[b.kind] - MAC_RANK[a.kind] || a.first - b.first || (a.mac < b.mac ? -1 : 1));
  const serials = facts.filter(({ kind, value }) => kind === 'device.serial' && isTelling(value)).map(serialOf);
  const ips = addresses.filter(({ kind }) => kind !== 'mac').map(({ value }) => value);
  const listed = nodes.flatMap((node) => (node.listed ? [...node.listed.macs].sort() : []));
  const entries = nodes.flatMap((node) => (node.listed ? [...node.listed.entries].sort() : []));
  return {
    lasting: [...macs.map(({ mac }) => mac), ...listed, ...serials.sort(), ...entries.map((entry) => `~${entry}`)],
    ips,
  };
}
const MAC_RANK = { global: 3, local: 2, virtual: 1, nobody: 0 } as const;
const serialOf = ({ value, protocol }: HeldFact): string => `${protocol} serial ${String(value)}`;

/** Used most recently first, so that a device that moved stands where it is now. */
const ipsOf = ({ addresses }: Draft): string[] =>
  addresses
    .filter(({ kind }) => kind !== 'mac')
    .sort((a, b) => Number(a.kind === 'ipv6') - Number(b.kind === 'ipv6') || b.last - a.last)
    .map(({ value }) => value);
const vlansOf = (facts: readonly HeldFact[]): number[] =>
  facts.flatMap(({ kind, value }) => (kind === 'network.vlan' && typeof value === 'number' ? [value] : []));

/** A mask told of a device holds for the addresses it has: DHCP's for those it gave, others for those it sends from. */
function noteMasks({ facts, nodes, addresses }: Draft, zones: Zones): void {
  for (const { kind, value, protocol } of facts) {
    if (kind !== 'network.mask') continue;
    const assigned = nodes.flatMap(({ mac }) => [...(mac?.pairs.values() ?? [])]).filter((pair) => pair.assigned);
    const ips =
      protocol === 'dhcp' && assigned.length > 0
        ? assigned.map((pair) => pair.ip.ip)
        : addresses.filter((address) => address.kind === 'ipv4').map((address) => address.value);
    for (const ip of ips) zones.note(ip, String(value));
  }
}

/** By IPv4 address as a number, then IPv6, then MAC address: the order of a printed list. */
function byAddress(a: Draft, b: Draft): number {
  const [x, y] = [sortKey(a.addresses), sortKey(b.addresses)];
  return Number(a.outside) - Number(b.outside) || (x < y ? -1 : x > y ? 1 : 0);
}
function sortKey(addresses: readonly DeviceAddress[]): string {
  let best = '';
  for (const { kind, value } of addresses) {
    const key =
      kind === 'ipv4'
        ? `4${(parseIpv4(value) ?? 0).toString(16).padStart(8, '0')}`
        : `${kind === 'ipv6' ? 6 : 9}${value}`;
    if (best === '' || key < best) best = key;
  }
  return best;
}

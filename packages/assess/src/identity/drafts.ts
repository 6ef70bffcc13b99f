// A device while it is being put together: its nodes, addresses, facts and parts.
import type { DeviceAddress, Reason } from '@interlock/model';
import { distanceByTtl, ipKind, macKind, virtualMacProtocol } from './addresses.ts';
import { isKnownByDocuments } from './contradictions.ts';
import type { Evidence, HeldFact, IpRecord, SubjectRecord } from './evidence.ts';
import type { Joiner } from './join.ts';
import { addAll, append } from './maps.ts';
import type { Node, Nodes } from './nodes.ts';
import { addPart, type PartDraft, type PartOwner } from './parts.ts';
import { type Placement, spanOf } from './placement.ts';

export interface Draft extends PartOwner {
  id: string;
  readonly nodes: readonly Node[];
  readonly addresses: DeviceAddress[];
  readonly facts: HeldFact[];
  readonly parts: Map<string, PartDraft>;
  readonly joined: Reason[];
  readonly outside: boolean;
}

/** Reasons a device carries along; all others can be asked for. */
const MOST_REASONS = 24;

/** In: everything settled about nodes. Out: one draft per device, with its addresses and reasons, and facts told of it. */
export function draftDevices(
  evidence: Evidence,
  placement: Placement,
  nodes: Nodes,
  joiner: Joiner,
  vendorOfMac: (mac: string) => string | undefined,
  isOfSite: (ip: string) => boolean,
): { readonly drafts: Draft[]; readonly draftOf: (node: Node) => Draft | undefined } {
  const byRoot = new Map<number, Draft>();
  const drafts = joiner.devices.map((members) => {
    const draft = newDraft(members, placement, isOfSite);
    byRoot.set(joiner.rootOf(members[0] as Node), draft);
    return draft;
  });
  const draftOf = (node: Node) => byRoot.get(joiner.rootOf(node));
  for (const { a, reason } of joiner.joins) {
    const joined = draftOf(a)?.joined;
    if (joined && joined.length < MOST_REASONS) joined.push(reason);
  }
  addAnnounced(evidence, nodes, draftOf);
  for (const record of evidence.subjects.values()) addFacts(record, nodes, draftOf);
  for (const draft of drafts) addAll(draft.facts, conclude(draft, placement, vendorOfMac));
  return { drafts, draftOf };
}

function newDraft(members: readonly Node[], placement: Placement, isOfSite: (ip: string) => boolean): Draft {
  const addresses: DeviceAddress[] = [];
  const joined: Reason[] = [];
  const met = members.some(({ listed }) => !listed);
  for (const { mac, ip, listed, first, last } of members) {
    // Of a device that was met, the addresses are those it was met with; what documents say besides is told as a fact.
    if (listed && !met) {
      for (const value of listed.macs) addresses.push({ kind: 'mac', value, first, last });
      for (const value of listed.ips) addresses.push({ kind: kindOf(value), value, first, last });
    }
    if (mac) {
      addresses.push({ kind: 'mac', value: mac.mac, first: mac.first, last: mac.last });
      for (const pair of mac.pairs.values()) {
        const place = placement.places.get(pair);
        if (!place?.own) continue;
        addresses.push({ kind: kindOf(pair.ip.ip), value: pair.ip.ip, ...spanOf(pair) });
        if (joined.length < MOST_REASONS) joined.push(place.reason);
      }
    }
    if (ip) {
      addresses.push({ kind: kindOf(ip.ip), value: ip.ip, first, last });
      for (const pair of ip.pairs) {
        const place = placement.places.get(pair);
        if (place && joined.length < MOST_REASONS) joined.push(place.reason);
      }
    }
  }
  const outside = met
    ? members.every(({ ip, listed }) => listed ?? (ip !== undefined && !isOfSite(ip.ip) && isOutside(ip)))
    : members.every((node) => isListedOutside(node, isOfSite));
  return { id: '', nodes: members, addresses: unique(addresses), facts: [], parts: new Map(), joined, outside };
}

const kindOf = (ip: string): 'ipv4' | 'ipv6' => (ip.includes(':') ? 'ipv6' : 'ipv4');

/** Whether an address without a MAC address of its own is one on the Internet rather than of the plant. */
function isOutside(ip: IpRecord): boolean {
  if (ip.kind !== 'public') return false;
  return ip.pairs.length > 0 || (ip.peersPrivate && !ip.peersPublic) || distanceByTtl(ip.bareTtls) === 'forwarded';
}

/** A public address that only the log of a monitor knows: what talked with the plant, not what a list says is there. */
function isListedOutside({ listed, records }: Node, isOfSite: (ip: string) => boolean): boolean {
  if (!listed || listed.macs.size > 0 || listed.ips.size === 0) return false;
  if (![...listed.ips].every((ip) => ipKind(ip) === 'public' && !isOfSite(ip))) return false;
  return records.every(({ facts }) => facts.every(({ basis }) => basis === undefined || basis === 'monitor'));
}

function unique(addresses: readonly DeviceAddress[]): DeviceAddress[] {
  const byValue = new Map<string, DeviceAddress>();
  for (const address of addresses) {
    const known = byValue.get(address.value);
    const first = Math.min(known?.first ?? address.first, address.first);
    const last = Math.max(known?.last ?? address.last, address.last);
    byValue.set(address.value, { ...address, first, last });
  }
  return [...byValue.values()];
}

/** Adds addresses that one device alone says it has and that no device sends from. */
function addAnnounced(evidence: Evidence, nodes: Nodes, draftOf: (node: Node) => Draft | undefined): void {
  const announced = new Map<string, { draft: Draft; fact: HeldFact } | 'several'>();
  for (const { record, fact } of evidence.announcements) {
    const value = String(fact.value);
    const isMac = fact.kind === 'address.announced-mac';
    if ((isMac ? macKind(value) : ipKind(value)) === 'nobody' || macKind(value) === 'virtual') continue;
    const node = nodes.nodeAt(record, fact);
    const draft = node && draftOf(node);
    if (!draft || nodes.nodesOf(isMac ? { mac: value } : { ip: value }).length > 0) continue;
    // An IP address that a remote host calls its own may be one of an inner network that others have too.
    if (!isMac && !node.mac) continue;
    if (!isMac && ipKind(value) === 'loopback') continue;
    const known = announced.get(value);
    if (known === undefined) announced.set(value, { draft, fact });
    else if (known !== 'several' && known.draft !== draft) announced.set(value, 'several');
  }
  for (const [value, entry] of announced) {
    if (entry === 'several') continue;
    const { draft, fact } = entry;
    const kind = fact.kind === 'address.announced-mac' ? 'mac' : kindOf(value);
    draft.addresses.push({ kind, value, first: fact.first, last: fact.last });
  }
}

function addFacts(record: SubjectRecord, nodes: Nodes, draftOf: (node: Node) => Draft | undefined): void {
  const candidates = nodes.nodesOf(record);
  if (candidates.length === 0 || record.facts.length === 0) return;
  if (candidates.length === 1 && candidates[0]) {
    give(draftOf(candidates[0]), record, record.facts);
    return;
  }
  const perDraft = new Map<Draft, HeldFact[]>();
  for (const fact of record.facts) {
    const node = nodes.nodeAt(record, fact);
    const draft = node && draftOf(node);
    if (!draft) continue;
    append(perDraft, draft, fact);
  }
  for (const [draft, facts] of perDraft) give(draft, record, facts);
}

function give(draft: Draft | undefined, record: SubjectRecord, facts: readonly HeldFact[]): void {
  if (!draft) return;
  if (record.part !== undefined) addPart(draft, record, facts);
  else addAll(draft.facts, facts);
}

/** The first block was Xerox's, but whoever types an address by hand starts with zeros. */
const MADE_UP_BLOCK = '00:00:00:';

/** What follows from the addresses: the company of the adapter, that it forwards, that an address is a shared one. */
function conclude(draft: Draft, placement: Placement, vendorOfMac: (mac: string) => string | undefined): HeldFact[] {
  const concluded: HeldFact[] = [];
  const vendors = new Set<string>();
  if (isKnownByDocuments(draft)) concluded.push(...vendorsOfListed(draft, vendorOfMac));
  for (const { mac } of draft.nodes) {
    if (!mac) continue;
    const base = {
      said: 'derived' as const,
      frames: [],
      count: 1,
      first: mac.first,
      last: mac.last,
      subject: `@${mac.mac}`,
    };
    const vendor = mac.kind === 'global' && !mac.mac.startsWith(MADE_UP_BLOCK) ? vendorOfMac(mac.mac) : undefined;
    if (vendor !== undefined && !vendors.has(vendor)) {
      vendors.add(vendor);
      concluded.push({
        ...base,
        kind: 'device.vendor',
        value: vendor,
        protocol: 'oui',
        source: `registry, ${mac.mac.slice(0, 8)}`,
      });
    }
    const passedOn = placement.fronts.get(mac)?.length ?? 0;
    if (passedOn > 0) {
      const source = `packets of ${passedOn} ${passedOn === 1 ? 'address that is' : 'addresses that are'} not its own`;
      concluded.push({ ...base, kind: 'network.forwards', value: true, protocol: 'identity', source });
    }
    const group = mac.kind === 'virtual' ? virtualMacProtocol(mac.mac) : undefined;
    if (group !== undefined)
      concluded.push({
        ...base,
        kind: 'address.shared-virtual',
        value: true,
        protocol: 'identity',
        source: `MAC address of ${group}`,
      });
  }
  return concluded;
}

/** The company of an adapter that only documents know. */
function vendorsOfListed(draft: Draft, vendorOfMac: (mac: string) => string | undefined): HeldFact[] {
  const concluded: HeldFact[] = [];
  for (const { value: mac, kind, first, last } of draft.addresses) {
    const vendor =
      kind === 'mac' && macKind(mac) === 'global' && !mac.startsWith(MADE_UP_BLOCK) ? vendorOfMac(mac) : undefined;
    if (vendor === undefined || concluded.some(({ value }) => value === vendor)) continue;
    concluded.push({
      kind: 'device.vendor',
      value: vendor,
      said: 'derived',
      protocol: 'oui',
      source: `registry, ${mac.slice(0, 8)}`,
      frames: [],
      count: 1,
      first,
      last,
      subject: `@${mac}`,
    });
  }
  return concluded;
}

// What sits behind a device's addresses, as a tree: modules in the slots of a chassis, units behind a gateway, devices
// behind a building automation router. A module reached by two ways is one module; a way that leads back to the device
// that answers is the device itself.
import type { DeviceAddress, DevicePart, Reason } from '@interlock/model';
import { ipKind, macKind } from './addresses.ts';
import { type HeldFact, type SubjectRecord, snapshot } from './evidence.ts';
import { isTelling, normalise } from './identifiers.ts';
import { shortHash } from './ids.ts';
import { addAll, getOrMake } from './maps.ts';
import { cite } from './statements.ts';
import { summarise } from './summary.ts';

/** Steps of a route that are followed: deeper ones are told of, but hang on the last step. A chassis has two or three. */
const MOST_STEPS = 8;

/** A part that still grows. */
export interface PartDraft {
  /** Whole route: `cip:1/0>cip:2/5`. */
  readonly route: string;
  readonly facts: HeldFact[];
  readonly children: Map<string, PartDraft>;
  /** Routes on other devices that lead to the same part. */
  readonly alsoBehind: Set<string>;
  /** Name of the device that is this part, met with an address of its own. */
  device?: string;
}
export interface PartOwner {
  readonly id: string;
  /** What is told of the device itself; a part that turns out to be it adds to this. */
  readonly facts: HeldFact[];
  readonly parts: Map<string, PartDraft>;
  readonly joined: Reason[];
}

const newPart = (route: string): PartDraft => ({ route, facts: [], children: new Map(), alsoBehind: new Set() });

/** Hangs the facts of one subject with a part path into the tree of the device its address is of. */
export function addPart(owner: PartOwner, record: SubjectRecord, facts: Iterable<HeldFact>): void {
  const steps = (record.part ?? '').split('>').slice(0, MOST_STEPS);
  let parts = owner.parts;
  let part: PartDraft | undefined;
  for (const [i, step] of steps.entries()) {
    part = getOrMake(parts, step, () => newPart(steps.slice(0, i + 1).join('>')));
    parts = part.children;
  }
  if (part) addAll(part.facts, facts);
}

/**
 * In: all devices with their parts, and a way to find the device with an address. Makes every module be there once, and
 * links it to the device it is, by what both state or by the address at the end of the route.
 */
export function settleParts(
  owners: readonly PartOwner[],
  deviceWith: (address: { readonly mac: string } | { readonly ip: string }) => string | undefined,
): void {
  const ownKeys = new Map<string, PartOwner>();
  for (const owner of owners) {
    for (const key of moduleKeys(owner.facts)) if (!ownKeys.has(key)) ownKeys.set(key, owner);
    foldSelf(owner, owner.parts);
  }
  const first = new Map<string, { owner: PartOwner; part: PartDraft }>();
  for (let depth = 0; depth < MOST_STEPS; depth++) {
    for (const owner of owners) {
      for (const { siblings, step, part } of [...partsAt(owner.parts, depth)]) {
        const keys = moduleKeys(part.facts);
        const known = keys.map((key) => first.get(key)).find((entry) => entry !== undefined);
        if (known && known.part !== part && !isAbove(part, known.part)) {
          siblings.delete(step);
          mergePart(known.part, part);
          if (known.owner !== owner) known.part.alsoBehind.add(owner.id);
          continue;
        }
        for (const key of keys) if (!first.has(key)) first.set(key, { owner, part });
        const itself = keys.map((key) => ownKeys.get(key)).find((other) => other !== undefined && other !== owner);
        const linked = itself?.id ?? deviceWith(addressOfStep(step)) ?? statedDevice(part, deviceWith);
        if (linked !== undefined && linked !== owner.id) part.device = linked;
      }
    }
  }
}

/** The device whose address a part gives as its own. */
function statedDevice(part: PartDraft, deviceWith: Parameters<typeof settleParts>[1]): string | undefined {
  for (const { kind, value } of addressesOf(part.facts)) {
    const found = deviceWith(kind === 'mac' ? { mac: value } : { ip: value });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** In: a settled part. Out: the part as the inventory has it; addresses stay with the device that it is. */
export function finishPart(ownerId: string, step: string, draft: PartDraft): DevicePart {
  return {
    id: `p${shortHash(`${ownerId} ${draft.route}`)}`,
    part: step,
    summary: summarise(draft.facts),
    addresses: draft.device === undefined ? addressesOf(draft.facts) : [],
    facts: draft.facts.map(snapshot),
    children: [...draft.children].sort(byStep).map(([childStep, child]) => finishPart(ownerId, childStep, child)),
    ...(draft.device === undefined ? {} : { device: draft.device }),
    ...(draft.alsoBehind.size === 0 ? {} : { alsoBehind: [...draft.alsoBehind].sort() }),
  };
}

/** The address a step ends in: `bacnet-device:1/192.168.0.13:47808`, `cip:2/10.0.0.9`, `bacnet-device:11/00:0c:6e:b0:3c:15`. */
function addressOfStep(step: string): { readonly mac: string } | { readonly ip: string } {
  const link = step.slice(step.lastIndexOf('/') + 1);
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(link) ? { mac: link } : { ip: link.replace(/:\d+$/, '') };
}

/** Slots in the order of their numbers: 2 before 10. */
export const byStep = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => {
  const [x, y] = [a.match(/\d+/g) ?? [], b.match(/\d+/g) ?? []];
  for (let i = 0; i < Math.min(x.length, y.length); i++)
    if (Number(x[i]) !== Number(y[i])) return Number(x[i]) - Number(y[i]);
  return a < b ? -1 : a > b ? 1 : 0;
};

/**
 * What makes a module the same wherever it is met: serial number with vendor, or BACnet instance. Several, as one
 * protocol names the vendor by number and another by name.
 */
function moduleKeys(facts: readonly HeldFact[]): string[] {
  const keys: string[] = [];
  const vendors = facts.filter(({ kind }) => kind === 'cip.vendor-id' || kind === 'device.vendor');
  for (const { kind, value } of facts) {
    if (kind === 'bacnet.instance' && isTelling(value)) keys.push(`bacnet ${String(value)}`);
    if (kind !== 'device.serial' || !isTelling(value)) continue;
    for (const vendor of vendors) keys.push(`serial ${normalise(value)} ${vendor.kind} ${normalise(vendor.value)}`);
  }
  return keys;
}

/** Takes parts that are the device itself into it: same serial number and vendor, whatever the route. */
function foldSelf(owner: PartOwner, parts: Map<string, PartDraft>): void {
  const own = new Set(moduleKeys(owner.facts));
  if (own.size === 0) return;
  for (const [step, part] of [...parts]) {
    foldSelf(owner, part.children);
    if (!moduleKeys(part.facts).some((key) => own.has(key))) continue;
    parts.delete(step);
    addAll(owner.facts, part.facts);
    const proof = part.facts.filter(({ kind }) => kind === 'device.serial' || kind === 'bacnet.instance');
    const values = proof.map(({ value }) => String(value)).join(', ');
    const text = `the way ${part.route} leads back to the device itself, which states ${values} too`;
    owner.joined.push({ text, facts: proof.map(cite) });
    for (const [childStep, child] of part.children) {
      const known = owner.parts.get(childStep);
      if (known) mergePart(known, child);
      else owner.parts.set(childStep, child);
    }
  }
}

function mergePart(into: PartDraft, from: PartDraft): void {
  addAll(into.facts, from.facts);
  for (const other of from.alsoBehind) into.alsoBehind.add(other);
  for (const [step, child] of from.children) {
    const known = into.children.get(step);
    if (known) mergePart(known, child);
    else into.children.set(step, child);
  }
}

function* partsAt(
  parts: Map<string, PartDraft>,
  depth: number,
): Generator<{ siblings: Map<string, PartDraft>; step: string; part: PartDraft }> {
  for (const [step, part] of parts) {
    if (depth === 0) yield { siblings: parts, step, part };
    else yield* partsAt(part.children, depth - 1);
  }
}

/** Whether a part contains another: a module does not move into what hangs on it. */
const isAbove = (part: PartDraft, other: PartDraft): boolean =>
  [...part.children.values()].some((child) => child === other || isAbove(child, other));

function addressesOf(facts: readonly HeldFact[]): DeviceAddress[] {
  const addresses = new Map<string, DeviceAddress>();
  for (const { kind, value, first, last } of facts) {
    if (kind !== 'address.announced-mac' && kind !== 'address.announced-ip') continue;
    const text = String(value);
    const usable = kind === 'address.announced-mac' ? macKind(text) !== 'nobody' : ipKind(text) !== 'nobody';
    if (!usable || addresses.has(text)) continue;
    const addressKind = kind === 'address.announced-mac' ? 'mac' : text.includes(':') ? 'ipv6' : 'ipv4';
    addresses.set(text, { kind: addressKind, value: text, first, last });
  }
  return [...addresses.values()];
}

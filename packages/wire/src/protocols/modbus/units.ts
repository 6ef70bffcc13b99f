// Which device an answer is about: the server itself, or one of the units that a gateway passes requests on to.
import type { FactKind, Subject } from '@interlock/model';
import type { Conversation } from '../../protocol.ts';

/*
 * A unit identifier names a device behind a gateway only where the server answers for several. 0 and 255 always mean the
 * server itself (Messaging Guide 4.4.2.3); so does any other as long as it is the only one, for most servers ignore it.
 * From the second one on that gave a proper answer, each is a part of its own, and what the first one told of itself while
 * it was alone is told of its part too. Exceptions do not make a part: a server asked for all 247 units may give each an
 * exception of its own.
 */

export type ToldKind = Extract<
  FactKind,
  | 'device.vendor'
  | 'device.product-code'
  | 'device.firmware'
  | 'device.url'
  | 'device.model'
  | 'device.serial'
  | 'device.friendly-label'
  | 'device.description'
  | 'modbus.run-status'
>;
/** A fact that an answer tells of whoever gave it. */
export interface Told {
  readonly kind: ToldKind;
  readonly value: string;
  readonly source: string;
}
type SayFact = {
  (subject: Subject, kind: ToldKind, value: string, source: string): void;
  (subject: Subject, kind: 'modbus.unit-id', value: number, source: string): void;
};

export interface Units {
  /** Units that answered at all, and those besides 0 and 255 that answered properly, in order of appearance. */
  readonly answered: Set<number>;
  readonly behind: Set<number>;
  /** What the first one told of itself, by kind and source. */
  readonly told: Map<string, Told>;
}

/** What was learnt of a server outlives the conversation: different masters ask for different units. */
const UNITS = new WeakMap<Subject, Units>();

export function unitsOf(server: Subject): Units {
  let units = UNITS.get(server);
  if (!units) {
    units = { answered: new Set(), behind: new Set(), told: new Map() };
    UNITS.set(server, units);
  }
  return units;
}

const isServerItself = (unit: number): boolean => unit === 0 || unit === 255;
const SOURCE = 'unit identifier of an answer';

/** Notes that a unit answered, with `proper` for anything but an exception, and says what follows from it. */
export function noteUnit(units: Units, unit: number, proper: boolean, say: SayFact, conversation: Conversation): void {
  const { server } = conversation;
  const { answered, behind, told } = units;
  if (!answered.has(unit)) {
    answered.add(unit);
    say(server, 'modbus.unit-id', unit, SOURCE);
  }
  if (!proper || isServerItself(unit) || behind.has(unit)) return;
  behind.add(unit);
  if (behind.size < 2) return;
  for (const one of behind.size === 2 ? behind : [unit]) {
    const part = conversation.part(server, 'modbus-unit', String(one));
    say(part, 'modbus.unit-id', one, SOURCE);
    if (one !== unit) for (const { kind, value, source } of told.values()) say(part, kind, value, source);
  }
  told.clear();
}

/** Says what a unit told of itself: of its part, or of the server. */
export function sayOfUnit(
  units: Units,
  unit: number,
  facts: readonly Told[],
  say: SayFact,
  conversation: Conversation,
): void {
  const { server } = conversation;
  const isPart = units.behind.size >= 2 && !isServerItself(unit);
  const subject = isPart ? conversation.part(server, 'modbus-unit', String(unit)) : server;
  for (const fact of facts) {
    say(subject, fact.kind, fact.value, fact.source);
    if (!isPart && !isServerItself(unit)) units.told.set(`${fact.kind} ${fact.source}`, fact);
  }
}

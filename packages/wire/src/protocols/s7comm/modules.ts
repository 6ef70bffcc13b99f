// Which module a statement is about, where several are reached through one address: a communication processor passes
// connections on to the slot that the called TSAP names.
import type { Subject } from '@interlock/model';
import type { Conversation } from '../../protocol.ts';
import type { SzlFact } from './szl.ts';

/*
 * The module that states its identity first is the device itself. Another rack or slot becomes a part of its own once it
 * states another order number or serial number than the first one did; until then, and where it states the same, it is
 * taken for the same module, for most controllers with a network connection of their own ignore rack and slot.
 */

/** What tells modules apart. Names do not: they are changed while the module stays. */
const IDENTIFYING: ReadonlySet<string> = new Set(['device.order-number', 'device.serial', 'device.basic-hardware']);
/** Racks and slots told apart behind one address: 8 racks of 32 slots are all that a TSAP can name. */
const MAX_SLOTS = 256;

interface Modules {
  /** Rack and slot of the module that is the device itself. */
  readonly first: string;
  readonly stated: Map<string, string>;
  readonly others: Set<string>;
}

/** What was learnt of an address outlives the connection: every connection goes to one slot. */
const MODULES = new WeakMap<Subject, Modules>();

/** Rack and slot that a called TSAP names, as "0/2"; empty where it names none. */
export function slotOf(called: Uint8Array): string {
  const [connection, place] = called;
  if (called.length !== 2 || connection === undefined || place === undefined) return '';
  return connection >= 1 && connection <= 3 ? `${place >> 5}/${place & 0x1f}` : '';
}

/** The subject that these facts, told on a connection to `slot`, are about. */
export function moduleSubject(facts: readonly SzlFact[], slot: string, conversation: Conversation): Subject {
  const { server } = conversation;
  const identifying = facts.filter(({ kind }) => IDENTIFYING.has(kind));
  let modules = MODULES.get(server);
  if (!modules) {
    if (identifying.length === 0) return server;
    modules = { first: slot, stated: new Map(), others: new Set() };
    MODULES.set(server, modules);
  }
  if (slot === modules.first) {
    for (const { kind, value } of identifying) modules.stated.set(kind, value);
    return server;
  }
  const { stated, others } = modules;
  const isOther = identifying.some(({ kind, value }) => stated.has(kind) && stated.get(kind) !== value);
  if (slot && isOther && others.size < MAX_SLOTS) others.add(slot);
  return others.has(slot) ? conversation.part(server, 's7-slot', slot) : server;
}

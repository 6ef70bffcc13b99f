// From the observations in the store to the inventory in the store: reads all of them, resolves identity, and remembers
// which facts conversations and operations rest on, so that those can be asked "why?" too.
import { Resolver } from '@interlock/assess';
import type { Conversation, ConversationValue, Inventory, Operation, OperationValue } from '@interlock/model';
import { subjectKey } from '@interlock/model';
import { macVendorLookup } from '../mac-vendors.ts';
import type { TrafficFacts } from '../store/inventory.ts';
import type { StoredObservation } from '../store/observations.ts';
import type { Store } from '../store/store.ts';

/** Facts named for one conversation or operation: the first ones show it, the rest is more of the same. */
const FACTS_NAMED = 4;

/** Computes the inventory anew where observations changed since the last time. Out: whether it did. */
export async function computeInventory(store: Store): Promise<boolean> {
  if ((await store.inventory.state()).current) return false;
  const changes = await store.observations.changes();
  const resolver = new Resolver({ vendorOfMac: macVendorLookup(), knownIds: await store.inventory.knownIds() });
  const traffic = new TrafficNotes();
  for await (const page of store.observations.all()) {
    for (const observation of page) {
      resolver.add(observation);
      traffic.note(observation);
    }
  }
  const inventory = resolver.inventory();
  await store.inventory.replace(inventory, traffic.among(inventory), changes, Date.now());
  return true;
}

interface TrafficNote {
  readonly fact: number;
  readonly subject: string;
  readonly peer: string;
  /** What it is told of, apart from the ends. */
  readonly what: string;
}

/** Keeps, of facts about traffic, just enough to find the conversation or operation they became part of. */
class TrafficNotes {
  readonly #conversations: TrafficNote[] = [];
  readonly #operations: TrafficNote[] = [];

  note(observation: StoredObservation): void {
    const { kind, subject, id, provenance } = observation;
    if (kind === 'conversation') {
      const value = observation.value as ConversationValue;
      this.#conversations.push({
        fact: Number(id),
        subject: subjectKey(subject),
        peer: value.peer,
        what: conversationKey(value),
      });
    } else if (kind === 'operation') {
      const value = observation.value as OperationValue;
      const protocol = provenance.from === 'capture' ? provenance.protocol : provenance.from;
      const what = operationKey({ ...value, protocol });
      this.#operations.push({ fact: Number(id), subject: value.from, peer: subjectKey(subject), what });
    }
  }

  /** Facts by the conversations and operations of an inventory. */
  among({ devices }: Inventory): TrafficFacts {
    const deviceOf = new Map<string, string>();
    for (const device of devices) for (const { subject } of device.facts) deviceOf.set(subject, device.id);
    const byKey = (notes: readonly TrafficNote[]): Map<string, number[]> => {
      const facts = new Map<string, number[]>();
      for (const { fact, subject, peer, what } of notes) {
        const key = `${deviceOf.get(subject) ?? ''} ${deviceOf.get(peer) ?? ''} ${what}`;
        const known = facts.get(key);
        if (!known) facts.set(key, [fact]);
        else if (known.length < FACTS_NAMED && known.at(-1) !== fact) known.push(fact);
      }
      return facts;
    };
    const conversations = byKey(this.#conversations);
    const operations = byKey(this.#operations);
    return {
      ofConversation: (conversation: Conversation) =>
        conversations.get(`${conversation.from} ${conversation.to} ${conversationKey(conversation)}`) ?? [],
      ofOperation: (operation: Operation) =>
        operations.get(`${operation.from} ${operation.to} ${operationKey(operation)}`) ?? [],
    };
  }
}
const conversationKey = ({
  transport,
  port,
  protocol,
}: Pick<Conversation, 'transport' | 'port' | 'protocol'>): string => `${transport} ${port} ${protocol ?? ''}`;
const operationKey = ({
  protocol,
  what,
  kind,
  detail,
  accepted,
}: Pick<Operation, 'protocol' | 'what' | 'kind' | 'detail' | 'accepted'>): string =>
  `${protocol} ${what} ${kind} ${detail ?? ''} ${accepted ?? ''}`;

// Which device a DNP3 response is of: the one at the IP address, or one of several outstations behind it, as a gateway to
// serial lines has them.
import type { FactKind, Subject } from '@interlock/model';
import type { Conversation } from '../../protocol.ts';
import type { Attribute } from './objects.ts';

/*
 * An outstation is a part only where several answer from one IP address: from the second link address on each is a part of
 * its own, and what the first one told of itself while it was alone is told of its part too.
 */

type SayFact = {
  (subject: Subject, kind: 'dnp3.link-address', value: number, source: string): void;
  (subject: Subject, kind: Extract<FactKind, Attribute['kind']>, value: string, source: string): void;
};

interface Outstations {
  readonly answered: Set<number>;
  /** What the first one told of itself. */
  readonly told: Map<string, Attribute>;
}
/** What was learnt of an address outlives the conversation: different masters ask for different outstations. */
const OUTSTATIONS = new WeakMap<Subject, Outstations>();
/** Outstations told behind one address; a gateway has some dozens. */
const MAX_OUTSTATIONS = 1024;
const SOURCE = 'link address of a response';

function outstationsOf(subject: Subject): Outstations {
  let known = OUTSTATIONS.get(subject);
  if (!known) {
    known = { answered: new Set(), told: new Map() };
    OUTSTATIONS.set(subject, known);
  }
  return known;
}

const partOf = (subject: Subject, address: number, conversation: Conversation): Subject =>
  conversation.part(subject, 'dnp3-outstation', String(address));

/** The subject that the outstation with this link address is, as far as is known. */
export function outstationSubject(subject: Subject, address: number, conversation: Conversation): Subject {
  const { answered } = outstationsOf(subject);
  return answered.size > 1 && answered.has(address) ? partOf(subject, address, conversation) : subject;
}

/** Notes that an outstation answered, and says what follows from it. */
export function noteOutstation(subject: Subject, address: number, say: SayFact, conversation: Conversation): void {
  const { answered, told } = outstationsOf(subject);
  if (answered.has(address) || answered.size >= MAX_OUTSTATIONS) return;
  answered.add(address);
  if (answered.size < 2) return;
  for (const one of answered.size === 2 ? answered : [address]) {
    const part = partOf(subject, one, conversation);
    say(part, 'dnp3.link-address', one, SOURCE);
    if (one !== address) for (const { kind, value, source } of told.values()) say(part, kind, value, source);
  }
  told.clear();
}

/** Says what an outstation that was noted told of itself. */
export function sayAttributes(
  subject: Subject,
  address: number,
  attributes: readonly Attribute[],
  say: SayFact,
  conversation: Conversation,
): void {
  const { answered, told } = outstationsOf(subject);
  const of = outstationSubject(subject, address, conversation);
  for (const attribute of attributes) {
    say(of, attribute.kind, attribute.value, attribute.source);
    if (answered.size < 2) told.set(attribute.source, attribute);
  }
}

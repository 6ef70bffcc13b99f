// What the engine itself says when a capture ends: who sent frames, with which TTL and VLAN, who talked with whom, which
// services were offered, and what was not understood. In parts, so that a million conversations never exist as objects at once.
import type { ConversationValue, Observation, ServiceValue } from '@interlock/model';
import {
  CONVERSATION_ANSWERED,
  CONVERSATION_PAYLOAD,
  type ConversationRecord,
  ConversationTable,
  newConversationRecord,
} from './flow/conversations.ts';
import type { EndpointTable } from './flow/endpoints.ts';
import { observationOf, provenanceOf } from './observations.ts';
import { KIND_LINK, KIND_TCP, KIND_UDP, LINK_WLAN } from './packet/packets.ts';
import type { AnyProtocol } from './protocol.ts';

/** Observations handed out at a time: few enough to be gone before the garbage collector has to move them. */
const PART = 500;
const ICMP = 1;
const ICMPV6 = 58;

/** What the provenance of these facts names as protocol. */
export const ENGINE = 'engine';

export interface SummaryContext {
  readonly endpoints: EndpointTable;
  readonly conversations: ConversationTable;
  readonly protocols: readonly AnyProtocol[];
  readonly capture: string | undefined;
  readonly seed: number;
}

/** Observations about every endpoint that sent frames. */
export function* summariseEndpoints({ endpoints, capture }: SummaryContext): Generator<Observation[]> {
  let part: Observation[] = [];
  for (let number = 1; number <= endpoints.count; number++) {
    const count = endpoints.sent[number] ?? 0;
    if (count === 0) continue;
    const first = endpoints.first[number] ?? 0;
    const last = endpoints.last[number] ?? 0;
    const subject = endpoints.subject(number);
    const seen = provenanceOf(capture, ENGINE, 'sender', endpoints.frames(number));
    part.push(observationOf(subject, 'address.seen', true, seen, first, last, count));
    for (const [ttl, frame] of endpoints.ttls(number)) {
      const provenance = provenanceOf(capture, ENGINE, 'IP header', [frame]);
      part.push(observationOf(subject, 'network.ttl', ttl, provenance, first, last, 1));
    }
    for (const [vlan, frame] of endpoints.vlans(number)) {
      const provenance = provenanceOf(capture, ENGINE, '802.1Q tag', [frame]);
      part.push(observationOf(subject, 'network.vlan', vlan, provenance, first, last, 1));
    }
    if (part.length < PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Conversations, then the services they show; the table is left as it is. */
export function* summariseConversations(context: SummaryContext): Generator<Observation[]> {
  const { conversations } = context;
  const services = new ConversationTable(context.seed);
  const c = newConversationRecord();
  let part: Observation[] = [];
  for (let n = 0; n < conversations.count; n++) {
    conversations.take(n, c);
    const kind = c.carrier >>> 28;
    if (kind === KIND_LINK && ((c.carrier >>> 24) & 15) === LINK_WLAN) continue;
    part.push(conversationFact(c, context));
    if (part.length >= PART) {
      yield part;
      part = [];
    }
    if ((kind !== KIND_TCP && kind !== KIND_UDP) || !(isAnswered(c) || isUnknown(c))) continue;
    c.client = 0;
    c.flows = c.serviceFlows;
    services.add(c);
  }
  for (let n = 0; n < services.count; n++) {
    pushServiceFacts(services.take(n, c), context, part);
    if (part.length < PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

const framesOf = (frame: number): number[] => (frame > 0 ? [frame] : []);
const isAnswered = ({ flags }: ConversationRecord) => (flags & CONVERSATION_ANSWERED) !== 0;
const isUnknown = ({ flags, protocol }: ConversationRecord) => protocol === 0 && (flags & CONVERSATION_PAYLOAD) !== 0;

function conversationFact(c: ConversationRecord, { endpoints, protocols, capture }: SummaryContext): Observation {
  const kind = c.carrier >>> 28;
  const peer = endpoints.key(c.server);
  const transport = transportOf(c.carrier);
  const port = kind === KIND_TCP || kind === KIND_UDP || kind === KIND_LINK ? c.port : c.carrier & 0xff;
  const protocol = protocols[c.protocol - 1]?.name;
  const { sent: packetsSent, received: packetsReceived, bytesSent, bytesReceived } = c;
  const value: ConversationValue =
    protocol === undefined
      ? { peer, transport, port, packetsSent, packetsReceived, bytesSent, bytesReceived }
      : { peer, transport, port, protocol, packetsSent, packetsReceived, bytesSent, bytesReceived };
  const provenance = provenanceOf(capture, ENGINE, 'flow', framesOf(c.frame));
  return observationOf(endpoints.subject(c.client), 'conversation', value, provenance, c.first, c.last, c.flows);
}

function pushServiceFacts(c: ConversationRecord, context: SummaryContext, part: Observation[]): void {
  const { endpoints, protocols, capture } = context;
  const subject = endpoints.subject(c.server);
  const transport = c.carrier >>> 28 === KIND_TCP ? 'tcp' : 'udp';
  const protocol = protocols[c.protocol - 1]?.name;
  const value: ServiceValue =
    protocol === undefined ? { transport, port: c.port } : { transport, port: c.port, protocol };
  if (isAnswered(c)) {
    const provenance = provenanceOf(capture, ENGINE, 'flow', framesOf(c.answerFrame || c.frame));
    part.push(observationOf(subject, 'service.offered', value, provenance, c.first, c.last, c.flows));
  }
  if (isUnknown(c)) {
    const provenance = provenanceOf(capture, ENGINE, 'flow', framesOf(c.frame));
    part.push(observationOf(subject, 'traffic.not-understood', value, provenance, c.first, c.last, c.flows));
  }
}

function transportOf(carrier: number): ConversationValue['transport'] {
  const kind = carrier >>> 28;
  if (kind === KIND_LINK) return 'link';
  if (kind === KIND_TCP) return 'tcp';
  if (kind === KIND_UDP) return 'udp';
  const number = carrier & 0xff;
  return number === ICMP || number === ICMPV6 ? 'icmp' : 'ip';
}

// What the engine itself says when a capture ends: who sent frames, with which TTL and VLAN, who talked with whom, which
// services were offered, and what was not understood. In parts, so that a million conversations never exist as objects at once.
import { type ConversationValue, type Observation, subjectKey } from '@interlock/model';
import {
  CONVERSATION_ANSWERED,
  CONVERSATION_PAYLOAD,
  ConversationTable,
  newConversationRecord,
} from './flow/conversations.ts';
import type { EndpointTable } from './flow/endpoints.ts';
import { observationOf } from './observations.ts';
import { KIND_LINK, KIND_TCP, KIND_UDP, LINK_WLAN } from './packet/packets.ts';
import type { AnyProtocol } from './protocol.ts';

/** Observations handed out at a time. */
const PART = 10_000;
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
    const from = { protocol: ENGINE, first, last, capture };
    part.push(
      observationOf(subject, 'address.seen', true, {
        ...from,
        source: 'sender',
        frames: endpoints.frames(number),
        count,
      }),
    );
    for (const [ttl, frame] of endpoints.ttls(number))
      part.push(
        observationOf(subject, 'network.ttl', ttl, { ...from, source: 'IP header', frames: [frame], count: 1 }),
      );
    for (const [vlan, frame] of endpoints.vlans(number))
      part.push(
        observationOf(subject, 'network.vlan', vlan, { ...from, source: '802.1Q tag', frames: [frame], count: 1 }),
      );
    if (part.length < PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Conversations, then the services they show; the table is left as it is. */
export function* summariseConversations(context: SummaryContext): Generator<Observation[]> {
  const { endpoints, conversations, protocols, capture, seed } = context;
  const services = new ConversationTable(seed);
  const c = newConversationRecord();
  const nameOf = (protocol: number) => protocols[protocol - 1]?.name;
  let part: Observation[] = [];
  for (let n = 0; n < conversations.count; n++) {
    conversations.take(n, c);
    const kind = c.carrier >>> 28;
    if (kind === KIND_LINK && ((c.carrier >>> 24) & 15) === LINK_WLAN) continue;
    const transport = transportOf(c.carrier);
    const protocol = nameOf(c.protocol);
    const value: ConversationValue = {
      peer: subjectKey(endpoints.subject(c.server)),
      transport,
      port: kind === KIND_TCP || kind === KIND_UDP || kind === KIND_LINK ? c.port : c.carrier & 0xff,
      ...(protocol === undefined ? {} : { protocol }),
      packetsSent: c.sent,
      packetsReceived: c.received,
      bytesSent: c.bytesSent,
      bytesReceived: c.bytesReceived,
    };
    const from = { protocol: ENGINE, source: 'flow', first: c.first, last: c.last, capture };
    part.push(
      observationOf(endpoints.subject(c.client), 'conversation', value, { ...from, frames: [c.frame], count: c.flows }),
    );
    if (part.length >= PART) {
      yield part;
      part = [];
    }
    const offered = (c.flags & CONVERSATION_ANSWERED) !== 0 && (kind === KIND_TCP || kind === KIND_UDP);
    const unknown =
      c.protocol === 0 && (c.flags & CONVERSATION_PAYLOAD) !== 0 && (kind === KIND_TCP || kind === KIND_UDP);
    if (!offered && !unknown) continue;
    c.client = 0;
    services.add(c);
  }
  for (let n = 0; n < services.count; n++) {
    services.take(n, c);
    const subject = endpoints.subject(c.server);
    const transport = c.carrier >>> 28 === KIND_TCP ? 'tcp' : 'udp';
    const protocol = nameOf(c.protocol);
    const value = { transport, port: c.port, ...(protocol === undefined ? {} : { protocol }) } as const;
    const from = { protocol: ENGINE, source: 'flow', first: c.first, last: c.last, capture, count: c.flows };
    if ((c.flags & CONVERSATION_ANSWERED) !== 0)
      part.push(observationOf(subject, 'service.offered', value, { ...from, frames: [c.answerFrame || c.frame] }));
    if (c.protocol === 0 && (c.flags & CONVERSATION_PAYLOAD) !== 0)
      part.push(observationOf(subject, 'traffic.not-understood', value, { ...from, frames: [c.frame] }));
    if (part.length < PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function transportOf(carrier: number): ConversationValue['transport'] {
  const kind = carrier >>> 28;
  if (kind === KIND_LINK) return 'link';
  if (kind === KIND_TCP) return 'tcp';
  if (kind === KIND_UDP) return 'udp';
  const number = carrier & 0xff;
  return number === ICMP || number === ICMPV6 ? 'icmp' : 'ip';
}

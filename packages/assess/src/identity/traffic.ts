// Who talks with whom and who asks what of whom, between devices: what was told of subjects, with the devices those
// subjects were of at the time. Ends that are no device (groups, silent hosts) have no conversations.
import { type Conversation, MAX_FRAMES_KEPT, type Operation, parseSubjectKey } from '@interlock/model';
import { ipKind, macKind } from './addresses.ts';
import { type Evidence, type Span, type SubjectRecord, widen } from './evidence.ts';
import { getOrMake } from './maps.ts';

/** Finds the id of the device a subject was of during a time. */
export type FindDevice = (subject: { readonly mac?: string; readonly ip?: string }, time: Span) => string | undefined;

type Growing<T> = { -readonly [K in keyof T]: T[K] };

export function mapTraffic(
  evidence: Evidence,
  findDevice: FindDevice,
): { readonly conversations: readonly Conversation[]; readonly operations: readonly Operation[] } {
  const peers = new Map<string, { readonly mac?: string; readonly ip?: string }>();
  const peerOf = (key: string) => getOrMake(peers, key, () => evidence.subjects.get(key) ?? usableSubject(key));
  const conversations = new Map<string, Growing<Conversation>>();
  const operations = new Map<string, Growing<Operation> & { frames: number[] }>();
  for (const record of evidence.subjects.values()) {
    addConversations(record, conversations, findDevice, peerOf);
    addOperations(record, operations, findDevice, peerOf);
  }
  // The same traffic counted by another monitor is not counted a second time.
  const met = new Set(conversations.keys());
  for (const record of evidence.subjects.values()) addConversations(record, conversations, findDevice, peerOf, met);
  return { conversations: [...conversations.values()], operations: [...operations.values()] };
}

type PeerOf = (key: string) => { readonly mac?: string; readonly ip?: string };

function addConversations(
  record: SubjectRecord,
  all: Map<string, Growing<Conversation>>,
  findDevice: FindDevice,
  peerOf: PeerOf,
  met?: ReadonlySet<string>,
): void {
  const imported = met !== undefined;
  for (const held of record.conversations?.values() ?? []) {
    if ((held.said === 'imported') !== imported) continue;
    const from = findDevice(record, held);
    const to = from === undefined ? undefined : findDevice(peerOf(held.peer), held);
    if (from === undefined || to === undefined) continue;
    const { transport, port, protocol } = held.value;
    const key = `${from} ${to} ${transport} ${port} ${protocol ?? ''}`;
    const { packetsSent, packetsReceived, bytesSent, bytesReceived, first, last } = held;
    const known = all.get(key);
    if (known && met?.has(key)) widen(known, first, last);
    else if (known) {
      widen(known, first, last);
      known.packetsSent += packetsSent;
      known.packetsReceived += packetsReceived;
      known.bytesSent += bytesSent;
      known.bytesReceived += bytesReceived;
    } else {
      const counted = { packetsSent, packetsReceived, bytesSent, bytesReceived, first, last };
      all.set(key, { from, to, transport, port, ...(protocol === undefined ? {} : { protocol }), ...counted });
    }
  }
}

function addOperations(
  record: SubjectRecord,
  all: Map<string, Growing<Operation> & { frames: number[] }>,
  findDevice: FindDevice,
  peerOf: PeerOf,
): void {
  for (const held of record.operations?.values() ?? []) {
    const to = findDevice(record, held);
    const from = to === undefined ? undefined : findDevice(peerOf(held.value.from), held);
    if (from === undefined || to === undefined) continue;
    const { what, kind, detail, accepted } = held.value;
    const { protocol, count, first, last } = held;
    const key = `${from} ${to} ${protocol} ${what} ${kind} ${detail ?? ''} ${accepted ?? ''}`;
    const known = all.get(key);
    if (known) {
      widen(known, first, last);
      known.count += count;
      for (const frame of held.frames) if (known.frames.length < MAX_FRAMES_KEPT) known.frames.push(frame);
      continue;
    }
    all.set(key, {
      from,
      to,
      protocol,
      what,
      kind,
      ...(detail === undefined ? {} : { detail }),
      ...(accepted === undefined ? {} : { accepted }),
      count,
      frames: [...held.frames],
      first,
      last,
    });
  }
}

/** The addresses of a subject key that can belong to a device. */
export function usableSubject(key: string): { readonly mac?: string; readonly ip?: string } {
  const { mac, ip } = parseSubjectKey(key);
  return {
    ...(mac !== undefined && macKind(mac) !== 'nobody' ? { mac } : {}),
    ...(ip !== undefined && ipKind(ip) !== 'nobody' ? { ip } : {}),
  };
}

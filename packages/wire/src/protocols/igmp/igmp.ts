// IGMP: which multicast groups a host listens to, and who asks for that. The querier is a router or a switch, and groups
// tell what a host takes part in.
import { type Conversation, protocol } from '../../protocol.ts';
import { ipv4Text, type Reader } from '../../reader.ts';

interface Igmp {
  readonly kind: 'query' | 'report' | 'leave' | 'router' | 'other';
  readonly groups: readonly string[];
  readonly cut: boolean;
}

export const igmp = protocol({
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  spec: 'RFC 1112 (version 1), RFC 2236 (version 2), RFC 9776 (version 3), RFC 4286 (multicast routers)',
  depth: 'full',
  on: { ip: [2] },
  tells: ['service.role', 'network.group'],

  read(reader): Igmp | undefined {
    const type = reader.u8();
    reader.skip(3);
    const kind = KINDS[type];
    if (!reader.ok || kind === undefined) return undefined;
    if (kind !== 'report') return OTHERS[kind];
    if (type === REPORT_3) return readRecords(reader);
    const group = reader.u32();
    return reader.ok && isGroup(group) ? { kind, groups: [ipv4Text(group)], cut: false } : undefined;
  },

  observe({ kind, groups, cut }, say, conversation: Conversation<undefined>) {
    const { sender } = conversation;
    if (cut) say.malformed('igmp.record-past-end');
    if (kind === 'report') {
      for (const group of groups)
        if (group !== ALL_HOSTS) say.fact(sender, 'network.group', group, 'membership report');
      return;
    }
    const role = ROLES[kind];
    if (role === undefined) return;
    // A switch that asks without an address of its own sends from none.
    const { ip, mac } = sender;
    const asker = ip === '0.0.0.0' && mac !== undefined ? conversation.subject({ mac }) : sender;
    say.fact(asker, 'service.role', role, kind === 'query' ? 'membership query' : 'multicast router message');
  },
});

const REPORT_3 = 0x22;
const KINDS: Readonly<Record<number, Igmp['kind']>> = {
  17: 'query',
  18: 'report',
  19: 'router', // DVMRP
  20: 'router', // PIM version 1
  21: 'other', // Cisco trace
  22: 'report',
  23: 'leave',
  30: 'other', // multicast traceroute and its answer
  31: 'other',
  [REPORT_3]: 'report',
  48: 'router', // multicast router advertisement
  49: 'other',
  50: 'other',
};
const OTHERS = {
  query: { kind: 'query', groups: [], cut: false },
  leave: { kind: 'leave', groups: [], cut: false },
  router: { kind: 'router', groups: [], cut: false },
  other: { kind: 'other', groups: [], cut: false },
} as const satisfies Partial<Record<Igmp['kind'], Igmp>>;
const ROLES: Readonly<Partial<Record<Igmp['kind'], string>>> = { query: 'IGMP querier', router: 'multicast router' };

const ALL_HOSTS = '224.0.0.1';
const isGroup = (word: number): boolean => word >>> 28 === 0xe;

/** Group records in one report (RFC 9776 section 4.2); hosts send about ten. */
const MAX_RECORDS = 64;

function readRecords(reader: Reader): Igmp {
  reader.skip(2);
  const count = Math.min(reader.u16(), MAX_RECORDS);
  const groups: string[] = [];
  for (let n = 0; n < count && reader.ok; n++) {
    const type = reader.u8();
    const auxiliary = reader.u8() * 4;
    const sources = reader.u16();
    const group = reader.u32();
    if (!reader.ok) break;
    // "Include nobody" leaves a group; type 6 takes single sources away.
    if (isGroup(group) && type >= 1 && type <= 5 && !((type === 1 || type === 3) && sources === 0))
      groups.push(ipv4Text(group));
    reader.skip(sources * 4 + auxiliary);
  }
  return { kind: 'report', groups, cut: !reader.ok };
}

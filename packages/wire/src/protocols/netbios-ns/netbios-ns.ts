// NetBIOS name service: hosts register the names they use, answer for them, and list them on request. Names that a host
// only asks for tell nothing of it.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { NameReader } from '../dns/message.ts';
import {
  isDomainName,
  isHostName,
  type NetbiosName,
  netbiosText,
  readNetbiosName,
  readPlainName,
  SUFFIXES,
} from './names.ts';

interface NameRecord {
  readonly name: NetbiosName;
  readonly group: boolean;
  readonly addresses: readonly string[];
}
interface NodeStatus {
  readonly names: readonly { readonly name: NetbiosName; readonly group: boolean }[];
  /** Empty where the host gives none, as Samba does. */
  readonly mac: string;
}
interface NameServiceMessage {
  readonly response: boolean;
  readonly opcode: number;
  readonly rcode: number;
  /** "Recursion available": set by name servers (RFC 1002 section 4.2.1.1). */
  readonly byNameServer: boolean;
  readonly records: readonly NameRecord[];
  readonly status?: NodeStatus;
  readonly broken?: string;
}

const TELLS = [
  'netbios.name',
  'netbios.group',
  'device.hostname',
  'address.announced-ip',
  'address.announced-mac',
  'service.role',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const netbiosNs = protocol({
  name: 'netbios-ns',
  title: 'NetBIOS name service',
  spec: 'RFC 1001, RFC 1002 section 4.2',
  depth: 'full',
  on: { udp: [137] },
  tells: TELLS,

  read(reader: Reader): NameServiceMessage | undefined {
    const base = reader.offset;
    reader.skip(2);
    const flags = reader.u16();
    const questions = reader.u16();
    const records = [reader.u16(), reader.u16(), reader.u16()].reduce((sum, count) => sum + count, 0);
    if (!reader.ok) return undefined;
    const names = new NameReader(reader, base);
    let asked: NetbiosName | undefined;
    for (let i = 0; i < questions && reader.ok; i++) {
      asked = readNetbiosName(names);
      reader.skip(4);
    }
    const found = readRecords(reader, names, records);
    const broken = names.broken ?? (reader.ok ? undefined : 'cut-off');
    if (asked === undefined && found.names.length === 0 && found.status === undefined) return undefined;
    return {
      response: (flags & 0x8000) !== 0,
      opcode: (flags >> 11) & 15,
      rcode: flags & 15,
      byNameServer: (flags & 0x0080) !== 0,
      records: found.names,
      ...(found.status ? { status: found.status } : {}),
      ...(broken ? { broken } : {}),
    };
  },

  observe(message, say, conversation: Conversation<undefined>) {
    if (message.broken) say.malformed(`netbios-ns.${message.broken}`);
    const { opcode, response, rcode } = message;
    const { sender } = conversation;
    const isRegistration = REGISTRATIONS.has(opcode);
    if (!response) {
      if (isRegistration) for (const record of message.records) sayRecord(record, sender, 'registration', say);
    } else if (isRegistration || opcode === OPCODES.wait) {
      // Hosts only refuse registrations; granting them is a name server's work.
      if (message.byNameServer) say.fact(sender, 'service.role', 'wins-server', 'NetBIOS registration answer');
    } else if (opcode === OPCODES.query && rcode === 0) {
      for (const record of message.records) sayAnswer(record, say, conversation);
      if (message.status) sayStatus(message.status, sender, say);
    }
  },
});

const OPCODES = { query: 0, registration: 5, release: 6, wait: 7, refresh: 8, refreshToo: 9, multihomed: 15 } as const;
/** RFC 1002 writes both 8 and 9 for refresh (sections 4.2.1.1 and 4.2.4), and systems send both. */
const REGISTRATIONS: ReadonlySet<number> = new Set([
  OPCODES.registration,
  OPCODES.refresh,
  OPCODES.refreshToo,
  OPCODES.multihomed,
]);
const TYPES = { nb: 0x20, nbstat: 0x21 } as const;
const GROUP = 0x8000;

function readRecords(reader: Reader, names: NameReader, count: number): { names: NameRecord[]; status?: NodeStatus } {
  const records: NameRecord[] = [];
  let status: NodeStatus | undefined;
  for (let i = 0; i < count && reader.ok; i++) {
    const name = readNetbiosName(names);
    const type = reader.u16();
    reader.skip(6); // Class and time to live.
    const data = reader.sub(reader.u16());
    // Record data cut off by the capture still gives its first entries.
    if (type === TYPES.nb && name) {
      const addresses: string[] = [];
      let group = false;
      while (data.left >= 6) {
        group = (data.u16() & GROUP) !== 0 || group;
        addresses.push(data.ipv4());
      }
      if (addresses.length > 0) records.push({ name, group, addresses });
    } else if (type === TYPES.nbstat) status = readNodeStatus(data);
  }
  return { names: records, ...(status ? { status } : {}) };
}

/** RFC 1002 section 4.2.18: names with flags, then statistics, of which the first is the unit's hardware address. */
function readNodeStatus(reader: Reader): NodeStatus {
  const count = reader.u8();
  const names: { name: NetbiosName; group: boolean }[] = [];
  for (let i = 0; i < count && reader.left >= 18; i++) {
    const name = readPlainName(reader);
    names.push({ name, group: (reader.u16() & GROUP) !== 0 });
  }
  const mac = reader.left >= 6 ? reader.mac() : '';
  return { names, mac: mac === '00:00:00:00:00:00' ? '' : mac };
}

function sayRecord(record: NameRecord, owner: Subject, source: string, say: Says): void {
  sayName(record.name, record.group, owner, `NetBIOS ${source}`, say);
  for (const address of record.addresses)
    if (address !== owner.ip && isHostAddress(address) && !record.group)
      say.fact(owner, 'address.announced-ip', address, `NetBIOS ${source}`);
}

function sayName(name: NetbiosName, group: boolean, owner: Subject, source: string, say: Says): void {
  const text = netbiosText(name);
  if (group || isDomainName(name)) say.fact(owner, 'netbios.group', text, source);
  else if (name.suffix !== SUFFIXES.messenger) say.fact(owner, 'netbios.name', text, source);
  if (!group && isHostName(name)) say.fact(owner, 'device.hostname', name.name, source);
  // Web servers of Windows NT register a group with the suffix of domain controllers.
  const role = group
    ? name.name === 'INet~Services'
      ? undefined
      : GROUP_ROLES[name.suffix]
    : UNIQUE_ROLES[name.suffix];
  if (role !== undefined) say.fact(owner, 'service.role', role, source);
}

const UNIQUE_ROLES: Readonly<Record<number, string>> = {
  [SUFFIXES.domainMasterBrowser]: 'domain-master-browser',
  [SUFFIXES.masterBrowser]: 'master-browser',
};
const GROUP_ROLES: Readonly<Record<number, string>> = { [SUFFIXES.domainControllers]: 'domain-controller' };

/** A host answers for itself, a name server for others: the addresses in the answer say whose name it is. */
function sayAnswer(record: NameRecord, say: Says, conversation: Conversation<undefined>): void {
  const { sender } = conversation;
  if (record.addresses.includes(sender.ip ?? '')) sayRecord(record, sender, 'answer', say);
  else if (!record.group)
    for (const address of record.addresses)
      if (isHostAddress(address))
        sayName(record.name, false, conversation.subject({ ip: address }), 'NetBIOS answer of a name server', say);
}

function sayStatus(status: NodeStatus, sender: Subject, say: Says): void {
  for (const { name, group } of status.names) sayName(name, group, sender, 'NetBIOS node status', say);
  if (status.mac !== '') say.fact(sender, 'address.announced-mac', status.mac, 'NetBIOS node status');
}

/** Group addresses and broadcast stand for groups whose members the server does not list. */
const isHostAddress = (ip: string): boolean => {
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224 && first !== 127;
};

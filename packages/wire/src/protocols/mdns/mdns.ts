// Multicast DNS and DNS-SD: hosts say their names, addresses and services to the link. What is heard may come through a
// reflector, so a name belongs to the address that its records give, and to the sender only where that is the sender's.
import type { Subject } from '@interlock/model';
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import {
  addressOfReverseName,
  DNS_CLASSES,
  DNS_TYPES,
  type DnsMessage,
  type DnsRecord,
  readDnsMessage,
} from '../dns/message.ts';
import { readInstanceName, readTextRecord, TEXT_FACT_KINDS } from './text-records.ts';

/** Hosts remembered of one sender: a reflector between two plant networks repeats a few dozen. */
const MAX_HOSTS = 256;

interface MdnsState {
  /** Whose name it is, by host name in lower case. */
  readonly hosts: Map<string, Subject>;
  /** Where a service instance runs, by its name in lower case. */
  readonly instances: Map<string, Subject>;
  /** Names of the sender, and of these the ones that services run under; in lower case. */
  readonly own: Set<string>;
  readonly served: Set<string>;
  /** The sender repeated the records of another host. */
  reflects: boolean;
}

const TELLS = [
  'device.hostname',
  'device.os',
  'dns.answer',
  'address.announced-ip',
  'service.dns-sd',
  'service.dns-sd-instance',
  ...TEXT_FACT_KINDS,
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<MdnsState>;

export const mdns = protocol({
  name: 'mdns',
  title: 'Multicast DNS and DNS-based service discovery',
  spec: 'RFC 6762, RFC 6763',
  depth: 'full',
  on: { udp: [5353] },
  tells: TELLS,

  open: (): MdnsState => ({
    hosts: new Map(),
    instances: new Map(),
    own: new Set(),
    served: new Set(),
    reflects: false,
  }),

  read(reader): DnsMessage | undefined {
    const message = readDnsMessage(reader);
    // RFC 6762 section 18.3: messages with another opcode are to be ignored.
    return message?.opcode === 0 ? message : undefined;
  },

  observe(message, say, conversation: Talk) {
    if (message.broken) say.malformed(`mdns.${message.broken}`);
    // A question tells what somebody looks for, and the answers in it what it has heard of others (section 7.1).
    if (message.response) observeRecords([...message.answers, ...message.additionals], say, conversation);
    else if (message.authorities.length > 0) observeProbe(message.authorities, say, conversation);
  },
});

/** Section 8.1: a probe carries the records that its sender is about to use; the address tells that they are its own. */
function observeProbe(records: readonly DnsRecord[], say: Says, conversation: Talk): void {
  const { sender, state } = conversation;
  const names = records.filter(({ address }) => address !== undefined && address === sender.ip).map(({ name }) => name);
  const isOwn = new Set(names.map((name) => name.toLowerCase()));
  for (const { target = '', type } of records)
    if (type === DNS_TYPES.SRV && isOwn.has(target.toLowerCase())) note(state.served, target);
  for (const name of names) note(state.own, name);
  for (const name of names) sayOwnName(name, 'mDNS probe', say, conversation);
}

/**
 * Tells a name of the sender. Some devices answer to several; the one that its services run under is its host name, and
 * the others resolve to it.
 */
function sayOwnName(name: string, source: string, say: Says, { sender, state }: Talk): void {
  if (!isLocal(name)) return;
  const isHostName = state.served.size > 0 ? state.served.has(name.toLowerCase()) : state.own.size === 1;
  if (isHostName) say.fact(sender, 'device.hostname', cleanText(name), source);
  else say.fact(sender, 'dns.answer', cleanText(name).toLowerCase(), source);
}

function observeRecords(records: readonly DnsRecord[], say: Says, conversation: Talk): void {
  const { sender, state } = conversation;
  const withAddress = settleHosts(records, conversation);
  for (const { type, name, target = '', ttl } of records) {
    if (type !== DNS_TYPES.SRV || target === '' || ttl === 0) continue;
    const subject = subjectOfHost(target, conversation);
    if (subject === undefined) continue;
    remember(state.instances, name, subject);
    if (subject === sender) note(state.served, target);
    if (isLocal(target) && !withAddress.has(target.toLowerCase()))
      say.fact(subject, 'device.hostname', cleanText(target), 'mDNS SRV record');
  }
  observeAddresses(withAddress, say, conversation);
  for (const record of records) {
    // Section 10.1: a time to live of 0 takes a record back.
    if (record.class !== DNS_CLASSES.IN || record.ttl === 0) continue;
    switch (record.type) {
      case DNS_TYPES.SRV:
        observeInstance(record.name, say, conversation);
        break;
      case DNS_TYPES.PTR:
        observePointer(record, say, conversation);
        break;
      case DNS_TYPES.TXT:
        observeText(record, say, conversation);
        break;
      case DNS_TYPES.HINFO: {
        const subject = subjectOfHost(record.name, conversation);
        if (subject) say.fact(subject, 'device.os', cleanText(record.texts?.[1] ?? ''), 'mDNS HINFO record');
        break;
      }
    }
  }
}

interface NamedAddresses {
  readonly name: string;
  readonly addresses: string[];
}

/** Settles whose names the hosts of this message are. Out: the hosts that have addresses in it, by name in lower case. */
function settleHosts(records: readonly DnsRecord[], conversation: Talk): Map<string, NamedAddresses> {
  const { sender, state } = conversation;
  const hosts = new Map<string, NamedAddresses>();
  for (const { name, address, ttl } of records) {
    if (address === undefined || ttl === 0) continue;
    const key = name.toLowerCase();
    const known = hosts.get(key);
    if (known) known.addresses.push(address);
    else hosts.set(key, { name, addresses: [address] });
  }
  for (const { name, addresses } of hosts.values()) {
    const elsewhere = addressElsewhere(addresses, sender.ip ?? '');
    if (elsewhere !== undefined) state.reflects = true;
    else note(state.own, name);
    remember(state.hosts, name, elsewhere === undefined ? sender : conversation.subject({ ip: elsewhere }));
  }
  return hosts;
}

function observeAddresses(hosts: ReadonlyMap<string, NamedAddresses>, say: Says, conversation: Talk): void {
  for (const { name, addresses } of hosts.values()) {
    const subject = subjectOfHost(name, conversation) ?? conversation.sender;
    if (subject === conversation.sender) sayOwnName(name, 'mDNS address record', say, conversation);
    else if (isLocal(name)) say.fact(subject, 'device.hostname', cleanText(name), 'mDNS address record');
    for (const address of addresses)
      if (address !== subject.ip && isTelling(address))
        say.fact(subject, 'address.announced-ip', address, 'mDNS address record');
  }
}

/**
 * The address of another host, where the records are not the sender's own. A host gives all its addresses of the link, so
 * its own are missing only where the message travels by the other version of IP, or from an address of the other scope.
 */
function addressElsewhere(addresses: readonly string[], senderAddress: string): string | undefined {
  if (addresses.includes(senderAddress)) return undefined;
  return addresses.find((address) => reachOf(address) === reachOf(senderAddress));
}
const reachOf = (address: string): string =>
  !address.includes(':')
    ? address.startsWith('169.254.')
      ? 'v4 link'
      : 'v4'
    : address.startsWith('fe80:')
      ? 'v6 link'
      : 'v6';

/** Link-local addresses tell hosts apart on one link only, and loopback not at all. */
const isTelling = (address: string): boolean =>
  !address.startsWith('127.') && !address.startsWith('169.254.') && address !== '::1' && address !== '0.0.0.0';

/** Whom records of this host name are about; undefined where the sender repeats others and the host is not known. */
function subjectOfHost(host: string, conversation: Talk): Subject | undefined {
  const { hosts, reflects } = conversation.state;
  return hosts.get(host.toLowerCase()) ?? (reflects ? undefined : conversation.sender);
}
function subjectOfInstance(name: string, conversation: Talk): Subject | undefined {
  const { instances, reflects } = conversation.state;
  return instances.get(name.toLowerCase()) ?? (reflects ? undefined : conversation.sender);
}

function note(names: Set<string>, name: string): void {
  if (names.size < MAX_HOSTS) names.add(name.toLowerCase());
}
function remember(map: Map<string, Subject>, name: string, subject: Subject): void {
  const key = name.toLowerCase();
  if (map.size < MAX_HOSTS || map.has(key)) map.set(key, subject);
}

const META_QUERY = '_services._dns-sd._udp.';

function observePointer(record: DnsRecord, say: Says, conversation: Talk): void {
  const { name, target = '' } = record;
  const { sender, state } = conversation;
  const address = addressOfReverseName(name);
  if (address !== '') {
    // Where the name's own address record was seen, that one has told all there is.
    if (!isLocal(target) || state.hosts.has(target.toLowerCase())) return;
    if (address !== sender.ip && !isTelling(address)) return;
    if (address === sender.ip) {
      note(state.own, target);
      sayOwnName(target, 'mDNS PTR record', say, conversation);
    } else say.fact(conversation.subject({ ip: address }), 'device.hostname', cleanText(target), 'mDNS PTR record');
  } else if (name.startsWith(META_QUERY)) {
    // RFC 6763 section 9: the kinds of services that there are. A reflector's list is of many hosts.
    if (!state.reflects) say.fact(sender, 'service.dns-sd', cleanText(target), 'mDNS PTR record, service types');
  } else observeInstance(target, say, conversation);
}

/** An instance, its service without and with the domain: "attacker._ssh._tcp.local" is of "_ssh._tcp". */
const INSTANCE = /^(.+)\.(_[\w-]+\._(?:tcp|udp))\.([^.]+)$/;

function observeInstance(name: string, say: Says, conversation: Talk): void {
  const [, instance, service, domain] = INSTANCE.exec(name) ?? [];
  const subject = subjectOfInstance(name, conversation);
  if (instance === undefined || service === undefined || subject === undefined) return;
  say.fact(subject, 'service.dns-sd', cleanText(`${service}.${domain}`), 'mDNS service instance');
  if (instance.startsWith('_')) return; // A subtype (RFC 6763 section 7.1), not an instance.
  say.fact(subject, 'service.dns-sd-instance', cleanText(name), 'mDNS service instance');
  for (const { kind, value, source: where } of readInstanceName(instance, service))
    say.fact(subject, kind, value, where);
}

function observeText(record: DnsRecord, say: Says, conversation: Talk): void {
  const service = INSTANCE.exec(record.name)?.[2];
  const subject = subjectOfInstance(record.name, conversation);
  if (service === undefined || subject === undefined) return;
  for (const { kind, value, source } of readTextRecord(record.texts ?? [], service))
    say.fact(subject, kind, value, source);
}

const isLocal = (name: string): boolean => name.endsWith('.local') && isGivenName(name.slice(0, -'.local'.length));

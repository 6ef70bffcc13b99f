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
  /** The sender repeated the records of another host. */
  reflects: boolean;
}

const TELLS = [
  'device.hostname',
  'device.os',
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

  open: (): MdnsState => ({ hosts: new Map(), instances: new Map(), reflects: false }),

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
  for (const { name, address } of records)
    if (address !== undefined && address === conversation.sender.ip && isLocal(name))
      say.fact(conversation.sender, 'device.hostname', cleanText(name), 'mDNS probe');
}

function observeRecords(records: readonly DnsRecord[], say: Says, conversation: Talk): void {
  observeAddresses(records, say, conversation);
  const { state } = conversation;
  for (const record of records) {
    if (record.type !== DNS_TYPES.SRV || record.target === undefined || record.ttl === 0) continue;
    const subject = subjectOfHost(record.target, conversation);
    if (subject === undefined) continue;
    remember(state.instances, record.name, subject);
    if (isLocal(record.target) && !state.hosts.has(record.target.toLowerCase()))
      say.fact(subject, 'device.hostname', cleanText(record.target), 'mDNS SRV record');
  }
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

/** Settles whose names the hosts of this message are, and tells the names and addresses. */
function observeAddresses(records: readonly DnsRecord[], say: Says, conversation: Talk): void {
  const { sender, state } = conversation;
  const addresses = new Map<string, string[]>();
  for (const { name, address, ttl } of records) {
    if (address === undefined || ttl === 0) continue;
    const known = addresses.get(name);
    if (known) known.push(address);
    else addresses.set(name, [address]);
  }
  for (const [name, all] of addresses) {
    const elsewhere = addressElsewhere(all, sender.ip ?? '');
    if (elsewhere !== undefined) state.reflects = true;
    const subject = elsewhere === undefined ? sender : conversation.subject({ ip: elsewhere });
    remember(state.hosts, name, subject);
    if (isLocal(name)) say.fact(subject, 'device.hostname', cleanText(name), 'mDNS address record');
    for (const address of all)
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
    const subject = address === sender.ip ? sender : conversation.subject({ ip: address });
    say.fact(subject, 'device.hostname', cleanText(target), 'mDNS PTR record');
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

// DNS: which name stands for which address, told by answers and by hosts that register themselves, and who serves names.
// Answers also say where a domain's controllers are.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import {
  addressOfReverseName,
  DNS_CLASSES,
  DNS_TYPES,
  type DnsMessage,
  type DnsRecord,
  readDnsMessage,
} from './message.ts';

const HEADER_LENGTH = 12;

interface DnsState {
  saidServer: boolean;
}

const TELLS = ['dns.answer', 'device.hostname', 'device.software', 'device.os', 'service.role'] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const dns = protocol({
  name: 'dns',
  title: 'Domain Name System',
  spec: 'RFC 1034, RFC 1035; dynamic update of RFC 2136; service records of RFC 2782',
  depth: 'full',
  on: { udp: [53], tcp: [53] },
  tells: TELLS,

  recognise: (reader) => isPlainQuery(reader),

  // RFC 1035 section 4.2.2: over TCP each message has its length in front.
  frame(reader: Reader) {
    const length = reader.peek16();
    if (length < 0) return NEED_MORE;
    return length < HEADER_LENGTH ? NOT_MINE : length + 2;
  },

  open: (): DnsState => ({ saidServer: false }),

  read(reader, conversation): DnsMessage | undefined {
    if (conversation.transport === 'tcp') reader.skip(2);
    return readDnsMessage(reader);
  },

  observe(message, say, conversation) {
    if (message.broken) say.malformed(`dns.${message.broken}`);
    if (message.opcode === OPCODES.update && !message.response) observeUpdate(message, say, conversation);
    if (!message.response) return;
    if (message.opcode === OPCODES.query && !conversation.state.saidServer && !conversation.fromClient) {
      conversation.state.saidServer = true;
      say.fact(conversation.sender, 'service.role', 'dns-server', 'DNS answer');
    }
    if (message.answers.length > 0) observeAnswers(message, say, conversation);
  },
});

const OPCODES = { query: 0, update: 5 } as const;

/**
 * A query with one question for the Internet class and nothing behind it but options: what clients send on odd ports too.
 */
function isPlainQuery(reader: Reader): boolean {
  // Flags of a standard query: opcode 0, no authority, no error; counts: one question, no answers, no authorities.
  if ((reader.peek16(2) & 0xfecf) !== 0 || reader.peek16(4) !== 1) return false;
  if (reader.peek16(6) !== 0 || reader.peek16(8) !== 0 || reader.peek16(10) > 1 || reader.left > 512) return false;
  const message = readDnsMessage(reader);
  const question = message?.questions[0];
  if (!question || message.broken || question.class !== DNS_CLASSES.IN) return false;
  return reader.left === 0 && question.type > 0 && question.type <= 65 && /^[\w-]+(?:\.[\w-]+)+$/.test(question.name);
}

/** Links followed from the asked name to the one that has the address: chains in the field have fewer than ten. */
const MAX_ALIASES = 16;

function observeAnswers(message: DnsMessage, say: Says, conversation: Conversation<DnsState>): void {
  const asked = message.questions[0]?.name ?? '';
  const { answers, additionals } = message;
  // Names that the asked name leads to by aliases. Answers come in order, so one pass finds them.
  const aliases = new Set([asked.toLowerCase()]);
  for (const { type, name, target } of answers) {
    const isAlias = type === DNS_TYPES.CNAME && target !== undefined;
    if (isAlias && aliases.size <= MAX_ALIASES && aliases.has(name.toLowerCase())) aliases.add(target.toLowerCase());
  }
  for (const record of answers) {
    if (record.class === DNS_CLASSES.CH) observeServerText(record, say, conversation);
    if (record.class !== DNS_CLASSES.IN) continue;
    if (record.address !== undefined) {
      const name = aliases.has(record.name.toLowerCase()) ? asked : record.name;
      sayAnswer(record.address, name, record.type === DNS_TYPES.A ? 'A record' : 'AAAA record', say, conversation);
    } else if (record.type === DNS_TYPES.PTR && record.target !== undefined) {
      sayAnswer(addressOfReverseName(record.name), record.target, 'PTR record', say, conversation);
    } else if (record.type === DNS_TYPES.SRV && record.target !== undefined) {
      observeServiceHost(record.name, record.target, additionals, say, conversation);
    } else if (record.type === DNS_TYPES.HINFO) {
      observeHostInformation(record, [...answers, ...additionals], say, conversation);
    }
  }
}

/** Names compare without case (RFC 4343); clients that scramble it (draft-vixie-dnsext-dns0x20) would make many of one. */
function sayAnswer(
  address: string,
  name: string,
  source: string,
  say: Says,
  conversation: Conversation<DnsState>,
): void {
  if (address === '' || address === '0.0.0.0' || address === '::' || address.startsWith('127.')) return;
  say.fact(conversation.subject({ ip: address }), 'dns.answer', cleanText(name, 255).toLowerCase(), source);
}

/** Parts played in a Windows domain, by the service names under `_msdcs` (MS-ADTS section 6.3.2.3). */
const DOMAIN_ROLES: readonly (readonly [RegExp, string])[] = [
  [/^_(?:ldap|kerberos)\._tcp\.(?:[^.]+\._sites\.)?dc\._msdcs\./i, 'domain-controller'],
  [/^_ldap\._tcp\.pdc\._msdcs\./i, 'domain-controller'],
  [/^_gc\._tcp\.|^_ldap\._tcp\.(?:[^.]+\._sites\.)?gc\._msdcs\./i, 'global-catalog'],
  [/^_kpasswd\._(?:tcp|udp)\.|^_kerberos\._(?:tcp|udp)\./i, 'kerberos-server'],
  [/^_ntp\._udp\./i, 'ntp-server'],
];

function observeServiceHost(
  service: string,
  host: string,
  additionals: readonly DnsRecord[],
  say: Says,
  conversation: Conversation<DnsState>,
): void {
  const role = DOMAIN_ROLES.find(([form]) => form.test(service))?.[1];
  const wanted = host.toLowerCase();
  for (const record of additionals) {
    if (record.address === undefined || record.name.toLowerCase() !== wanted) continue;
    sayAnswer(record.address, record.name, 'address of an SRV record', say, conversation);
    if (role !== undefined) say.fact(conversation.subject({ ip: record.address }), 'service.role', role, 'SRV record');
  }
}

/** CPU and operating system of a host whose address stands in the same message. RFC 8482 uses the type for "no". */
function observeHostInformation(
  record: DnsRecord,
  others: readonly DnsRecord[],
  say: Says,
  conversation: Conversation<DnsState>,
): void {
  const system = cleanText(record.texts?.[1] ?? '');
  if (record.texts?.[0] === 'RFC8482' || system === '') return;
  const address = others.find((other) => other.address !== undefined && other.name === record.name)?.address;
  if (address !== undefined) say.fact(conversation.subject({ ip: address }), 'device.os', system, 'HINFO record');
}

/** What a name server says of itself in the Chaosnet class (RFC 4892; `version.bind` by common practice). */
function observeServerText(record: DnsRecord, say: Says, conversation: Conversation<DnsState>): void {
  if (record.type !== DNS_TYPES.TXT) return;
  const text = cleanText(record.texts?.[0] ?? '');
  const name = record.name.toLowerCase();
  if (name === 'version.bind' || name === 'version.server')
    say.fact(conversation.server, 'device.software', text, `${name} TXT`);
  if (name === 'hostname.bind' || name === 'id.server')
    say.fact(conversation.server, 'device.hostname', text, `${name} TXT`);
}

/** A host that writes its own address record names itself (RFC 2136: the update section lies where authorities do). */
function observeUpdate(message: DnsMessage, say: Says, conversation: Conversation<DnsState>): void {
  for (const record of message.authorities) {
    if (record.class !== DNS_CLASSES.IN) continue; // Other classes delete.
    if (record.address !== undefined && record.address === conversation.sender.ip)
      say.fact(conversation.sender, 'device.hostname', cleanText(record.name, 255), 'DNS update, A record');
    else if (record.address !== undefined) sayAnswer(record.address, record.name, 'DNS update', say, conversation);
    else if (record.type === DNS_TYPES.PTR && record.target !== undefined)
      sayAnswer(addressOfReverseName(record.name), record.target, 'DNS update', say, conversation);
  }
}

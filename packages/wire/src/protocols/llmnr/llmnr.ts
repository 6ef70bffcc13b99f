// LLMNR: hosts without a name server ask the link for names, and the host that has the name answers for itself.
import { isGivenName } from '../../names.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { DNS_CLASSES, DNS_TYPES, type DnsMessage, readDnsMessage } from '../dns/message.ts';

const HEADER_LENGTH = 12;

export const llmnr = protocol({
  name: 'llmnr',
  title: 'Link-Local Multicast Name Resolution',
  spec: 'RFC 4795',
  depth: 'full',
  on: { udp: [5355], tcp: [5355] },
  tells: ['device.hostname', 'address.announced-ip'],

  frame(reader) {
    const length = reader.peek16();
    if (length < 0) return NEED_MORE;
    return length < HEADER_LENGTH ? NOT_MINE : length + 2;
  },

  read(reader, conversation): DnsMessage | undefined {
    if (conversation.transport === 'tcp') reader.skip(2);
    const message = readDnsMessage(reader);
    return message?.opcode === 0 ? message : undefined;
  },

  observe(message, say, conversation: Conversation<undefined>) {
    if (message.broken) say.malformed(`llmnr.${message.broken}`);
    const { sender } = conversation;
    const question = message.questions[0];
    if (!message.response) {
      // Section 4.1: before a host uses its name it asks for every type of it. Nobody else has a reason to ask so.
      if (question?.type === DNS_TYPES.ANY && question.class === DNS_CLASSES.IN && isOwnName(question.name))
        say.fact(sender, 'device.hostname', cleanText(question.name), 'LLMNR uniqueness query');
      return;
    }
    // Section 2.5: a responder answers for its own names alone, over IPv6 also with its IPv4 addresses.
    for (const { name, address } of message.answers) {
      if (address === undefined || !isOwnName(name)) continue;
      say.fact(sender, 'device.hostname', cleanText(name), 'LLMNR answer');
      if (address !== sender.ip && !isLoopback(address))
        say.fact(sender, 'address.announced-ip', address, 'LLMNR answer');
    }
  },
});

/** Names that hosts ask for but do not have: the proxy configuration that browsers look for. */
const isOwnName = (name: string): boolean =>
  isGivenName(name) && !/^(?:wpad|isatap)(?:\.|$)/i.test(name) && !name.endsWith('.arpa');

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

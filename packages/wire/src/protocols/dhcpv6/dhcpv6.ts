// DHCP for IPv6: the same questions as in IPv4, with an identifier (DUID) in place of the hardware address. A client is
// known by the address it sends from; behind a relay by what the relay says of it.
import type { Subject } from '@interlock/model';
import { tellDescribed } from '../../descriptions.ts';
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, formatIpv6, hexPairs, type Reader } from '../../reader.ts';
import { withoutLogin } from '../../secrets.ts';
import { macOfEui64, statedMac } from '../../stated.ts';
import { domainsOf, textOrHex } from '../dhcp/options.ts';
import { readVendorClass } from '../dhcp/vendor-classes.ts';

/** Message types (RFC 8415 section 7.3). */
const TYPES = {
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  rebind: 6,
  reply: 7,
  relayForward: 12,
  relayReply: 13,
} as const;
/** Sent by servers: advertise, reply, reconfigure. */
const FROM_SERVER: ReadonlySet<number> = new Set([TYPES.advertise, TYPES.reply, 10]);
const LAST_TYPE = 13;

/** Codes of the IANA registry "DHCPv6 Option Codes" that are read here. */
const OPTIONS = {
  clientIdentifier: 1,
  addresses: 3,
  address: 5,
  relayMessage: 9,
  userClass: 15,
  vendorClass: 16,
  interfaceId: 18,
  nameServers: 23,
  domainSearch: 24,
  timeServers: 31,
  remoteId: 37,
  clientName: 39,
  clientLinkLayer: 79,
  mudUrl: 112,
} as const;

/** Relays in a row (RFC 8415 section 7.6 allows 8). */
const MAX_RELAYS = 8;
/** Options of one message; servers send about a dozen. */
const MAX_OPTIONS = 200;

interface Option {
  readonly code: number;
  readonly data: Uint8Array;
}
interface Relay {
  /** Towards the server; else towards the client. */
  readonly isForward: boolean;
  /** Interface identifier of the client, or of the relay nearer to it: the last eight bytes of its address, hex. */
  readonly peer: string;
  readonly options: readonly Option[];
}
interface Dhcpv6Message {
  /** Of the client's or server's message; 0 where the relay's carries none. */
  readonly type: number;
  readonly options: readonly Option[];
  /** The outermost first. */
  readonly relays: readonly Relay[];
  readonly cutOff: boolean;
}

const TELLS = [
  'dhcp.duid',
  'dhcp.vendor-class',
  'dhcp.user-class',
  'dhcp.requested-ip',
  'dhcp.offered-ip',
  'dhcp.relay-circuit',
  'dhcp.relay-remote',
  'device.hostname',
  'device.mud-url',
  'device.vendor',
  'device.model',
  'device.order-number',
  'device.hardware-version',
  'device.firmware',
  'device.serial',
  'device.type',
  'device.os',
  'device.os-build',
  'address.assigned-ip',
  'address.announced-ip',
  'network.name-server',
  'network.time-server',
  'network.domain',
  'service.role',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const dhcpv6 = protocol({
  name: 'dhcpv6',
  title: 'Dynamic Host Configuration Protocol for IPv6',
  spec: 'RFC 8415; options of RFC 3646, 4075, 4649, 4704, 6939 and 8520',
  depth: 'full',
  on: { udp: [546, 547] },
  tells: TELLS,

  read(reader: Reader): Dhcpv6Message | undefined {
    const relays: Relay[] = [];
    let inner = reader;
    let type = inner.u8();
    while ((type === TYPES.relayForward || type === TYPES.relayReply) && relays.length < MAX_RELAYS) {
      inner.skip(25); // Hop count, link address, and the first half of the peer's address.
      const peer = inner.hex(8);
      const options: Option[] = [];
      const message = readOptions(inner, options);
      relays.push({ isForward: type === TYPES.relayForward, peer, options });
      if (!message) return { type: 0, options: [], relays, cutOff: !inner.ok };
      inner = message;
      type = inner.u8();
    }
    inner.skip(3); // Transaction.
    if (!inner.ok || type === 0 || type > LAST_TYPE) return undefined;
    const options: Option[] = [];
    readOptions(inner, options);
    return { type, options, relays, cutOff: !inner.ok };
  },

  observe(message, say, conversation: Conversation<undefined>) {
    if (message.cutOff) say.malformed('dhcpv6.option-length');
    const { type, options, relays } = message;
    const { sender, receiver } = conversation;
    const outermost = relays[0];
    const innermost = relays.at(-1);
    if (outermost)
      say.fact(outermost.isForward ? sender : receiver, 'service.role', 'dhcp-relay', 'DHCPv6 relay message');
    if (FROM_SERVER.has(type)) {
      // What a relay hands on to the client looks like a server's own answer, so the server's DUID is told of nobody.
      say.fact(sender, 'service.role', 'dhcp-server', 'DHCPv6 answer');
      if (!innermost && conversation.toGroup) return;
      const client = innermost ? clientBehind(innermost, conversation) : receiver;
      if (client) observeAnswer(type, options, client, say);
    } else if (type !== 0) {
      const client = innermost ? clientBehind(innermost, conversation) : sender;
      if (!client) return;
      observeClient(type, options, client, say);
      if (innermost) observeRelay(innermost.options, client, say);
    }
  },
});

/** Collects options; gives a reader on the relayed message, where there is one. */
function readOptions(reader: Reader, into: Option[]): Reader | undefined {
  let message: Reader | undefined;
  while (reader.left >= 4 && into.length < MAX_OPTIONS) {
    const code = reader.u16();
    const length = reader.u16();
    if (code === OPTIONS.relayMessage) {
      message = reader.sub(length);
      continue;
    }
    const data = reader.bytes(length);
    if (reader.ok) into.push({ code, data });
  }
  return message;
}

/**
 * The client's hardware address as its relay saw it (RFC 6939) or as its address is made of it (RFC 4291 appendix A).
 * Undefined where neither is there: its link-local address means nothing on the relay's side.
 */
function clientBehind(relay: Relay, conversation: Conversation<undefined>): Subject | undefined {
  const linkLayer = relay.options.find(({ code }) => code === OPTIONS.clientLinkLayer)?.data;
  const isEthernet = linkLayer?.length === 8 && linkLayer[0] === 0 && linkLayer[1] === 1;
  const flipped = (Number.parseInt(relay.peer.slice(0, 2), 16) ^ 0x02).toString(16).padStart(2, '0');
  const mac =
    linkLayer && isEthernet
      ? statedMac(hexPairs(linkLayer.subarray(2), ''))
      : macOfEui64(flipped + relay.peer.slice(2));
  return mac === '' ? undefined : conversation.subject({ mac });
}

function observeRelay(options: readonly Option[], client: Subject, say: Says): void {
  for (const { code, data } of options) {
    if (code === OPTIONS.interfaceId) say.fact(client, 'dhcp.relay-circuit', textOrHex(data), 'option 18');
    if (code === OPTIONS.remoteId) say.fact(client, 'dhcp.relay-remote', textOrHex(data.subarray(4)), 'option 37');
  }
}

function observeClient(type: number, options: readonly Option[], client: Subject, say: Says): void {
  // Section 18.2: in these the client writes the addresses that it has; in a request those it would like.
  const holds = type === TYPES.confirm || type === TYPES.renew || type === TYPES.rebind;
  for (const { code, data } of options) {
    switch (code) {
      case OPTIONS.clientIdentifier:
        say.fact(client, 'dhcp.duid', duidText(data), 'option 1');
        break;
      case OPTIONS.addresses:
        for (const ip of addressesOf(data)) {
          if (holds) say.fact(client, 'address.announced-ip', ip, 'option 3');
          else if (type === TYPES.request) say.fact(client, 'dhcp.requested-ip', ip, 'option 3');
        }
        break;
      case OPTIONS.userClass:
        for (const text of textsOf(data)) say.fact(client, 'dhcp.user-class', text, 'option 15');
        break;
      case OPTIONS.vendorClass:
        for (const text of textsOf(data.subarray(4))) {
          say.fact(client, 'dhcp.vendor-class', text, 'option 16');
          tellDescribed(readVendorClass(text), client, 'option 16', say.fact);
        }
        break;
      case OPTIONS.clientName: {
        // RFC 4704 section 4: a byte of flags, then labels; a name without its domain has no empty label at its end.
        const name = domainsOf(withEnd(data.subarray(1)))[0] ?? '';
        if (isGivenName(name)) say.fact(client, 'device.hostname', name, 'option 39');
        break;
      }
      case OPTIONS.mudUrl: {
        const url = cleanText(decodeText(data, 'utf8'));
        if (url.startsWith('https://')) say.fact(client, 'device.mud-url', withoutLogin(url), 'option 112');
        break;
      }
    }
  }
}

function observeAnswer(type: number, options: readonly Option[], client: Subject, say: Says): void {
  const isReply = type === TYPES.reply;
  for (const { code, data } of options) {
    if (code === OPTIONS.addresses)
      for (const ip of addressesOf(data))
        say.fact(client, isReply ? 'address.assigned-ip' : 'dhcp.offered-ip', ip, 'option 3');
    if (!isReply) continue;
    switch (code) {
      case OPTIONS.nameServers:
        for (const ip of ipsOf(data)) say.fact(client, 'network.name-server', ip, 'option 23');
        break;
      case OPTIONS.timeServers:
        for (const ip of ipsOf(data)) say.fact(client, 'network.time-server', ip, 'option 31');
        break;
      case OPTIONS.domainSearch:
        for (const domain of domainsOf(data)) say.fact(client, 'network.domain', domain, 'option 24');
        break;
    }
  }
}

/** Longest DUID (RFC 8415 section 11.1), with its type. */
const MAX_DUID = 130;
const duidText = (data: Uint8Array): string => (data.length >= 3 && data.length <= MAX_DUID ? hexPairs(data, '') : '');

/** Addresses in an IA_NA (section 21.4): options behind its identifier and two times. */
function addressesOf(data: Uint8Array): string[] {
  const found: string[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let at = 12; at + 4 <= data.length; at += 4 + view.getUint16(at + 2)) {
    const isAddress = view.getUint16(at) === OPTIONS.address && at + 28 <= data.length;
    // A valid lifetime of 0 takes the address back.
    if (isAddress && view.getUint32(at + 24) !== 0) found.push(formatIpv6(data.subarray(at + 4, at + 20)));
  }
  return found.filter((ip) => ip !== '::');
}

/** Addresses of servers, at most four. */
function ipsOf(data: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at + 16 <= data.length && found.length < 4; at += 16)
    found.push(formatIpv6(data.subarray(at, at + 16)));
  return found;
}

/** Texts with two bytes of length each, as options 15 and 16 hold them. */
function textsOf(data: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at + 2 <= data.length; ) {
    const end = at + 2 + (((data[at] ?? 0) << 8) | (data[at + 1] ?? 0));
    if (end > data.length) break;
    found.push(cleanText(decodeText(data.subarray(at + 2, end), 'utf8')));
    at = end;
  }
  return found;
}

function withEnd(labels: Uint8Array): Uint8Array {
  const ended = new Uint8Array(labels.length + 1);
  ended.set(labels);
  return ended;
}

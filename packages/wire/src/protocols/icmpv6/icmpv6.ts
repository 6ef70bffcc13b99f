// ICMPv6: neighbour discovery takes the place of ARP, routers announce themselves with prefixes and name servers, and
// hosts tell which multicast groups they listen to (MLD).
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';
import { NO_OPTIONS, type Options, readDnsName, readOptions } from './options.ts';

interface Icmpv6 {
  readonly type: number;
  readonly code: number;
  /** Neighbour messages: the address asked for or claimed; redirect: the better first hop. */
  readonly target: string;
  /** Redirect: where packets go that shall take it. */
  readonly destination: string;
  /** Neighbour advertisement: sent by a router. Router advertisement: the router is one for hosts (lifetime above 0). */
  readonly isRouter: boolean;
  readonly options: Options;
  /** MLD: groups that are listened to. */
  readonly groups: readonly string[];
  /** Answer to a node information query. */
  readonly name: string;
}
const TELLS = [
  'address.claimed-ip',
  'address.announced-ip',
  'service.role',
  'network.prefix',
  'network.offered-name-server',
  'network.offered-domain',
  'network.redirect',
  'network.group',
  'device.hostname',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<undefined>;

export const icmpv6 = protocol({
  name: 'icmpv6',
  title: 'ICMPv6 with neighbour discovery and MLD',
  spec: 'RFC 4443; RFC 4861 (neighbour discovery); RFC 8106 (name servers); RFC 2710, RFC 3810 (MLD); RFC 4620 (node information); RFC 4286',
  depth: 'full',
  on: { ip: [58] },
  tells: TELLS,

  read(reader): Icmpv6 | undefined {
    const type = reader.peek();
    const code = reader.peek(1);
    reader.skip(4);
    if (!reader.ok || code > (MAX_CODES[type] ?? -1)) return undefined;
    return readBody(type, code, reader);
  },

  observe(message, say, conversation: Talk) {
    const { type, options } = message;
    if (type === ECHO || type === ECHO_REPLY || type < ECHO) return;
    const { sender } = conversation;
    if (options.broken) say.malformed('icmpv6.option-length');
    switch (type) {
      case ROUTER_SOLICITATION:
      case NEIGHBOUR_SOLICITATION:
        // Who asks from no address only tries whether one is free (RFC 4862 section 5.4) and claims none.
        sayClaim(options.sourceMac || sender.mac, sender.ip ?? '', SOURCES[type] ?? '', say, conversation);
        return;
      case NEIGHBOUR_ADVERTISEMENT: {
        const source = 'neighbour advertisement, target';
        const ownMac = message.target === sender.ip ? sender.mac : undefined;
        sayClaim(options.targetMac || ownMac, message.target, source, say, conversation);
        if (message.isRouter) say.fact(sender, 'service.role', 'IPv6 router', 'neighbour advertisement, router flag');
        return;
      }
      case ROUTER_ADVERTISEMENT:
        sayClaim(options.sourceMac || sender.mac, sender.ip ?? '', SOURCES[type] ?? '', say, conversation);
        sayRouter(message, sender, say);
        return;
      case REDIRECT: {
        const { target, destination } = message;
        say.fact(sender, 'service.role', 'IPv6 router', 'redirect');
        if (target !== '' && destination !== '' && target !== destination)
          say.fact(sender, 'network.redirect', `${destination} via ${target}`, 'redirect');
        if (options.targetMac) sayClaim(options.targetMac, target, 'redirect, target', say, conversation);
        return;
      }
      case MLD_QUERY:
        say.fact(sender, 'service.role', 'MLD querier', 'multicast listener query');
        return;
      case MULTICAST_ROUTER:
        say.fact(sender, 'service.role', 'multicast router', 'multicast router advertisement');
        return;
      case NODE_INFORMATION_REPLY:
        say.fact(sender, 'device.hostname', message.name, 'node information, name');
        return;
      default:
        for (const group of message.groups)
          if (!SOLICITED_NODE.test(group)) say.fact(sender, 'network.group', group, 'multicast listener report');
    }
  },
});

function sayRouter({ isRouter, options }: Icmpv6, sender: Subject, say: Says): void {
  if (isRouter) say.fact(sender, 'service.role', 'IPv6 router', 'router advertisement');
  for (const prefix of options.prefixes) say.fact(sender, 'network.prefix', prefix, 'router advertisement, prefix');
  for (const ip of options.ownAddresses) say.fact(sender, 'address.announced-ip', ip, 'router advertisement, prefix');
  for (const ip of options.nameServers)
    say.fact(sender, 'network.offered-name-server', ip, 'router advertisement, recursive DNS server');
  for (const name of options.domains)
    say.fact(sender, 'network.offered-domain', name, 'router advertisement, DNS search list');
}

function sayClaim(mac: string | undefined, ip: string, source: string, say: Says, conversation: Talk): void {
  if (!mac || statedMac(mac) === '' || !isHost(ip)) return;
  say.fact(conversation.subject({ mac }), 'address.claimed-ip', ip, source);
}

/** An address that one host can have: not none, not loopback, no group. */
const isHost = (ip: string): boolean => ip.includes(':') && ip !== '::' && ip !== '::1' && !ip.startsWith('ff');
/** Groups that every host joins for each of its addresses (RFC 4291 section 2.7.1). */
const SOLICITED_NODE = /^ff02::1:ff|^ff02::1$/;

const ECHO = 128;
const ECHO_REPLY = 129;
const MLD_QUERY = 130;
const MLD_REPORT = 131;
const ROUTER_SOLICITATION = 133;
const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOUR_SOLICITATION = 135;
const NEIGHBOUR_ADVERTISEMENT = 136;
const REDIRECT = 137;
const NODE_INFORMATION_REPLY = 140;
const MLD2_REPORT = 143;
const MULTICAST_ROUTER = 151;

const SOURCES: Readonly<Record<number, string>> = {
  [ROUTER_SOLICITATION]: 'router solicitation, source',
  [ROUTER_ADVERTISEMENT]: 'router advertisement, source',
  [NEIGHBOUR_SOLICITATION]: 'neighbour solicitation, source',
};

/** The highest code of each type (registry of RFC 4443); a type that is not here, or a higher code, is no ICMPv6. */
const MAX_CODES: Readonly<Record<number, number>> = {
  1: 8, // destination unreachable
  2: 0, // packet too big
  3: 1, // time exceeded
  4: 11, // parameter problem
  128: 0,
  129: 0,
  130: 0,
  131: 0,
  132: 0, // multicast listener done
  133: 0,
  134: 0,
  135: 0,
  136: 0,
  137: 0,
  138: 255, // router renumbering (RFC 2894)
  139: 2, // node information query
  140: 2,
  141: 0, // inverse neighbour discovery (RFC 3122)
  142: 0,
  143: 0,
  144: 0, // home agent discovery and mobile prefixes (RFC 6275)
  145: 0,
  146: 0,
  147: 0,
  148: 0, // secure neighbour discovery (RFC 3971)
  149: 0,
  151: 255,
  152: 255, // multicast router solicitation and termination (RFC 4286)
  153: 255,
  155: 0x8f, // RPL (RFC 6550)
  157: 15, // duplicate addresses in 6LoWPAN (RFC 6775)
  158: 15,
  160: 0, // extended echo (RFC 8335)
  161: 4,
};

const NOTHING: Icmpv6 = {
  type: 0,
  code: 0,
  target: '',
  destination: '',
  isRouter: false,
  options: NO_OPTIONS,
  groups: [],
  name: '',
};
/** Errors and echoes tell nothing and are many. */
const PLAIN: readonly Icmpv6[] = Array.from({ length: ECHO_REPLY + 1 }, (_, type) => ({ ...NOTHING, type }));

function readBody(type: number, code: number, reader: Reader): Icmpv6 | undefined {
  switch (type) {
    case MLD_REPORT:
      reader.skip(4);
      return { ...NOTHING, type, groups: groupsOf(reader.ipv6()) };
    case MLD2_REPORT:
      return { ...NOTHING, type, groups: readRecords(reader) };
    case ROUTER_SOLICITATION:
      reader.skip(4);
      return reader.ok ? { ...NOTHING, type, options: readOptions(reader) } : undefined;
    case ROUTER_ADVERTISEMENT: {
      reader.skip(2);
      const isRouter = reader.u16() > 0;
      reader.skip(8);
      return reader.ok ? { ...NOTHING, type, isRouter, options: readOptions(reader) } : undefined;
    }
    case NEIGHBOUR_SOLICITATION:
    case NEIGHBOUR_ADVERTISEMENT: {
      const isRouter = reader.u32() >>> 31 === 1;
      const target = reader.ipv6();
      return isHost(target) ? { ...NOTHING, type, target, isRouter, options: readOptions(reader) } : undefined;
    }
    case REDIRECT: {
      reader.skip(4);
      const target = reader.ipv6();
      const destination = reader.ipv6();
      return { ...NOTHING, type, target, destination, options: readOptions(reader) };
    }
    case NODE_INFORMATION_REPLY: {
      const isName = reader.u16() === 2;
      reader.skip(14); // flags, nonce, time to live
      return { ...NOTHING, type, code, name: isName && code === 0 ? readDnsName(reader) : '' };
    }
    default:
      return PLAIN[type] ?? { ...NOTHING, type, code };
  }
}

/** Records in one report and sources passed over (RFC 3810 section 5.2). */
const MAX_RECORDS = 64;

function readRecords(reader: Reader): string[] {
  reader.skip(2);
  const count = Math.min(reader.u16(), MAX_RECORDS);
  const groups: string[] = [];
  for (let n = 0; n < count && reader.ok; n++) {
    const type = reader.u8();
    const auxiliary = reader.u8() * 4;
    const sources = reader.u16();
    const group = reader.ipv6();
    reader.skip(sources * 16 + auxiliary);
    // "Include nobody" leaves a group; types 5 and 6 add and take single sources.
    if (type >= 1 && type <= 5 && !((type === 1 || type === 3) && sources === 0)) groups.push(...groupsOf(group));
  }
  return groups;
}

const groupsOf = (ip: string): string[] => (ip.startsWith('ff') ? [ip] : []);

// ICMP for IPv4: routers that send hosts another way or offer themselves, and the old questions for time and subnet mask
// that only scanners still ask. Errors quote the packet they are about, which says nothing new of anybody.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

interface Icmp {
  readonly type: number;
  readonly code: number;
  /** Redirect: the router to take. */
  readonly gateway: string;
  /** Redirect: where the quoted packet went. */
  readonly destination: string;
  /** Router advertisement: addresses of the router, and whether they are still good. */
  readonly routers: readonly string[];
  readonly lifetime: number;
  readonly mask: string;
  readonly oddEntries: boolean;
}

export const icmp = protocol({
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  spec: 'RFC 792; RFC 950 (address mask); RFC 1256 (router discovery); RFC 4884 (multi-part messages)',
  depth: 'full',
  on: { ip: [1] },
  tells: ['service.role', 'address.announced-ip', 'network.mask', 'network.redirect', 'operation'],

  read(reader): Icmp | undefined {
    const type = reader.peek();
    const code = reader.peek(1);
    reader.skip(4);
    if (!reader.ok || code > (MAX_CODES[type] ?? -1)) return undefined;
    if (type === REDIRECT) return readRedirect(reader, code);
    if (type === ROUTER_ADVERTISEMENT) return readAdvertisement(reader, code);
    if (type !== MASK_REPLY) return PLAIN[type] ?? { ...NOTHING, type, code };
    reader.skip(4);
    return { ...NOTHING, type, mask: reader.ipv4() };
  },

  observe(message, say, { sender, receiver, toGroup }: Conversation<undefined>) {
    const { type } = message;
    if (type === ECHO || type === ECHO_REPLY) return;
    if (message.oddEntries) say.malformed('icmp.router-entries');
    const question = QUESTIONS[type];
    if (question !== undefined && !toGroup) say.operation(question, 'diagnostic', { from: sender, to: receiver });
    if (type === MASK_REPLY && isMask(message.mask))
      say.fact(sender, 'network.mask', message.mask, 'address mask reply');
    if (type === REDIRECT && message.gateway !== '') {
      const { gateway, destination } = message;
      say.fact(sender, 'service.role', 'router', 'redirect');
      if (destination !== '') say.fact(sender, 'network.redirect', `${destination} via ${gateway}`, 'redirect');
    }
    if (type === ROUTER_ADVERTISEMENT && message.lifetime > 0) {
      say.fact(sender, 'service.role', 'router', 'router advertisement');
      for (const ip of message.routers) say.fact(sender, 'address.announced-ip', ip, 'router advertisement');
    }
  },
});

const ECHO_REPLY = 0;
const REDIRECT = 5;
const ECHO = 8;
const ROUTER_ADVERTISEMENT = 9;
const MASK_REPLY = 18;

/** The highest code of each type (registry of RFC 2780); a type that is not here, or a higher code, is no ICMP. */
const MAX_CODES: Readonly<Record<number, number>> = {
  0: 0, // echo reply
  3: 15, // destination unreachable
  4: 0, // source quench
  5: 3,
  8: 0,
  9: 16,
  10: 0, // router solicitation
  11: 1, // time exceeded
  12: 2, // parameter problem
  13: 0,
  14: 0,
  15: 0,
  16: 0,
  17: 0,
  18: 0,
  30: 1, // traceroute (RFC 1393)
  37: 0, // domain name request (RFC 1788)
  38: 0,
  40: 5, // Photuris (RFC 2521)
  42: 0, // extended echo (RFC 8335)
  43: 4,
};

/** Questions that no application of today asks: they find out about a host. */
const QUESTIONS: Readonly<Record<number, string>> = {
  13: 'ask for the time by ICMP',
  15: 'ask for the network number by ICMP',
  17: 'ask for the subnet mask by ICMP',
  37: 'ask for the domain name by ICMP',
};

const NOTHING: Icmp = {
  type: -1,
  code: 0,
  gateway: '',
  destination: '',
  routers: [],
  lifetime: 0,
  mask: '',
  oddEntries: false,
};
/** What is met a thousand times is made once. */
const PLAIN: Readonly<Record<number, Icmp>> = {
  [ECHO]: { ...NOTHING, type: ECHO },
  [ECHO_REPLY]: { ...NOTHING, type: ECHO_REPLY },
};

/** Addresses in one advertisement; a router has few on one link. */
const MAX_ROUTERS = 32;

function readRedirect(reader: Reader, code: number): Icmp {
  const gateway = reader.ipv4();
  // Of the quoted packet only where it went is looked at (RFC 791 section 3.1).
  const isIpv4 = reader.peek() >> 4 === 4;
  reader.skip(16);
  const destination = isIpv4 ? reader.ipv4() : '';
  return { ...NOTHING, type: REDIRECT, code, gateway: hostAddress(gateway), destination: hostAddress(destination) };
}

/** Number of addresses, words per entry (2), lifetime in seconds, then address and preference of each (RFC 1256 section 3). */
function readAdvertisement(reader: Reader, code: number): Icmp {
  const count = reader.u8();
  const words = reader.u8();
  const lifetime = reader.u16();
  const routers: string[] = [];
  for (let n = 0; n < Math.min(count, MAX_ROUTERS) && words >= 2 && reader.left >= 8; n++) {
    const ip = hostAddress(reader.ipv4());
    reader.skip(words * 4 - 4);
    if (ip !== '') routers.push(ip);
  }
  return { ...NOTHING, type: ROUTER_ADVERTISEMENT, code, routers, lifetime, oddEntries: count === 0 || words < 2 };
}

const hostAddress = (ip: string): string => {
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224 && first !== 127 ? ip : '';
};

/** Ones, then zeros; agents that do not know theirs answer with zeros or ones only. */
function isMask(mask: string): boolean {
  const bits = mask.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const zeros = 2 ** 32 - bits;
  return bits > 0 && zeros > 1 && Number.isInteger(Math.log2(zeros));
}

// VRRP and CARP: routers and firewalls that share an address, so that one can take over from the other. Version 2 may
// carry a password in clear.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Addresses of one group; 255 would fit its count. */
const MAX_ADDRESSES = 32;

interface Vrrp {
  readonly kind: 'VRRP' | 'CARP';
  readonly version: number;
  readonly group: number;
  /** 255: the addresses are the sender's own; 0: it leaves. */
  readonly priority: number;
  readonly addresses: readonly string[];
  readonly hasPassword: boolean;
}

export const vrrp = protocol({
  name: 'vrrp',
  title: 'Virtual Router Redundancy Protocol, and CARP',
  spec: 'RFC 9568 (version 3), RFC 3768 and RFC 2338 (version 2); carp(4) of OpenBSD',
  depth: 'full',
  on: { ip: [112] },
  tells: ['network.redundancy-group', 'address.shared-virtual', 'service.role', 'credential.cleartext'],

  read(reader, { sender }): Vrrp | undefined {
    const head = reader.u8();
    const group = reader.u8();
    const priority = reader.u8();
    const count = reader.u8();
    const type = reader.u8();
    reader.skip(3);
    const version = head >> 4;
    if (!reader.ok || (head & 15) !== 1 || (version !== 2 && version !== 3)) return undefined;
    // CARP took the number and the version of VRRP; its count is that of words of its digest.
    if (version === 2 && count === 7 && reader.left === 28)
      return { kind: 'CARP', version, group, priority, addresses: [], hasPassword: false };
    const isIpv6 = sender.ip?.includes(':') === true;
    const addresses: string[] = [];
    for (let n = 0; n < Math.min(count, MAX_ADDRESSES) && reader.left >= (isIpv6 ? 16 : 4); n++)
      addresses.push(isIpv6 ? reader.ipv6() : reader.ipv4());
    if (addresses.length === 0 || group === 0) return undefined;
    const hasPassword = version === 2 && type === SIMPLE_PASSWORD && reader.peek() > 0;
    return { kind: 'VRRP', version, group, priority, addresses, hasPassword };
  },

  secrets: findPassword,

  observe({ kind, group, priority, addresses, hasPassword }, say, conversation: Conversation<undefined>) {
    const { sender } = conversation;
    if (hasPassword) say.fact(sender, 'credential.cleartext', PASSWORD, 'authentication data');
    if (kind === 'CARP') {
      say.fact(sender, 'service.role', 'CARP host', 'advertisement');
      say.fact(sender, 'network.redundancy-group', `CARP group ${group}`, 'advertisement');
      return;
    }
    say.fact(sender, 'service.role', 'VRRP router', 'advertisement');
    for (const ip of addresses) {
      say.fact(sender, 'network.redundancy-group', `VRRP group ${group}, ${ip}`, 'advertisement');
      // Link-local addresses of IPv6 are of the link that the message was on, which is the receiver's too.
      if (priority !== OWNER) say.fact(conversation.subject({ ip }), 'address.shared-virtual', true, 'advertisement');
    }
  },
});

const PASSWORD = { what: 'VRRP password' };
const SIMPLE_PASSWORD = 1;
/** Priority of the router that has the address as its own (RFC 9568 section 5.2.4). */
const OWNER = 255;

/** Eight bytes behind the addresses (RFC 2338 section 5.3.6), whatever the type says. */
function findPassword(reader: Reader): SecretRange[] {
  const count = reader.peek(3);
  const to = reader.left;
  if (reader.peek() >> 4 === 3) return [];
  if (count < 0) return [{ from: 0, to, what: PASSWORD.what }];
  const isPlain = reader.peek(4) === SIMPLE_PASSWORD;
  const from = 8 + 4 * count;
  return isPlain && from < to ? [{ from, to, what: PASSWORD.what }] : [];
}

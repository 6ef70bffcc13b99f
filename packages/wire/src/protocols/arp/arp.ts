// ARP and RARP: which hardware address claims which IP address. What a sender says of itself is a claim; what it asks
// for, and the target fields, are none.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

const IPV4 = 0x0800;

interface ArpMessage {
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
  /** Lengths that do not go with the types. */
  readonly oddLengths: boolean;
}

export const arp = protocol({
  name: 'arp',
  title: 'Address Resolution Protocol',
  spec: 'RFC 826, RFC 903 (reverse ARP), RFC 5227 (probes and announcements)',
  depth: 'full',
  on: { ether: [0x0806, 0x8035] },
  tells: ['address.claimed-ip', 'address.assigned-ip', 'address.shared-virtual'],

  read(reader: Reader): ArpMessage | undefined {
    reader.skip(2); // Hardware type: the length says what is needed, and bridges write odd types.
    const protocolType = reader.u16();
    const hardwareLength = reader.u8();
    const protocolLength = reader.u8();
    const operation = reader.u16();
    if (!reader.ok || protocolType !== IPV4) return undefined;
    // Six bytes on Ethernet, Token Ring and 802.11. InfiniBand, FireWire and ATM have others, which name no MAC address.
    if (protocolLength !== 4 || hardwareLength !== 6)
      return { operation, senderMac: '', senderIp: '', targetMac: '', targetIp: '', oddLengths: protocolLength !== 4 };
    const senderMac = reader.mac();
    const senderIp = reader.ipv4();
    const targetMac = reader.mac();
    const targetIp = reader.ipv4();
    // Cut within the target: the sender's claim is complete all the same.
    return senderIp === '' ? undefined : { operation, senderMac, senderIp, targetMac, targetIp, oddLengths: false };
  },

  observe(message, say, conversation: Conversation<undefined>) {
    const { operation, senderMac, senderIp, targetMac, targetIp } = message;
    if (message.oddLengths) say.malformed('arp.address-length');
    const source = SENDER_CLAIMS[operation];
    if (source !== undefined && isStationMac(senderMac) && isHostAddress(senderIp)) {
      const sender = conversation.subject({ mac: senderMac });
      say.fact(sender, 'address.claimed-ip', senderIp, source);
      if (isSharedMac(senderMac)) say.fact(sender, 'address.shared-virtual', true, source);
    }
    if (operation === REVERSE_REPLY && isStationMac(targetMac) && isHostAddress(targetIp))
      say.fact(conversation.subject({ mac: targetMac }), 'address.assigned-ip', targetIp, 'RARP reply, target');
  },
});

const REVERSE_REPLY = 4;

/** Operations (RFC 826, RFC 903, RFC 2390) in which the sender's two addresses belong together. */
const SENDER_CLAIMS: Readonly<Record<number, string>> = {
  1: 'ARP request, sender',
  2: 'ARP reply, sender',
  [REVERSE_REPLY]: 'RARP reply, sender',
  9: 'InARP reply, sender',
};

/** Neither a group address (IEEE 802, bit 0 of the first byte) nor all zeros. */
const isStationMac = (mac: string): boolean =>
  mac !== '' && mac !== '00:00:00:00:00:00' && (Number.parseInt(mac.slice(1, 2), 16) & 1) === 0;

/** An address that one host can have: a sender of 0.0.0.0 probes (RFC 5227 section 2.1.1) and claims nothing. */
function isHostAddress(ip: string): boolean {
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224 && first !== 127;
}

/** Virtual router addresses: VRRP (RFC 5798 section 7.3), HSRP versions 1 and 2, GLBP. */
const isSharedMac = (mac: string): boolean =>
  mac.startsWith('00:00:5e:00:01:') ||
  mac.startsWith('00:00:0c:07:ac:') ||
  mac.startsWith('00:00:0c:9f:f') ||
  mac.startsWith('00:07:b4:00:');

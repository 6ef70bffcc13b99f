// RADIUS: switches, access points and VPN gateways ask who may come in. They name themselves, and the accounts that ask;
// passwords are enciphered with a secret that both ends share.
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface Radius {
  readonly code: number;
  readonly user: string;
  readonly identifier: string;
  readonly address: string;
  readonly network: string;
  /** A proxy passed it on: what it says of the one who asks is of another. */
  readonly isForwarded: boolean;
  readonly broken: boolean;
}
const TELLS = [
  'radius.account',
  'radius.identifier',
  'address.announced-ip',
  'network.wireless-name',
  'service.role',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const radius = protocol({
  name: 'radius',
  title: 'RADIUS',
  spec: 'RFC 2865; RFC 2866 (accounting); RFC 5176 (disconnecting and changing)',
  depth: 'full',
  on: { udp: [1812, 1813, 1645, 1646, 3799] },
  tells: TELLS,

  read(reader): Radius | undefined {
    const code = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    reader.skip(16);
    if (!reader.ok || !CODES.has(code) || length < 20 || length - 20 > reader.left) return undefined;
    return readAttributes(reader.sub(length - 20), code);
  },

  observe(message, say, { sender, client, server }: Conversation<undefined>) {
    const { code } = message;
    if (message.broken) say.malformed('radius.attribute-length');
    if (code === DISCONNECT || code === CHANGE) {
      say.operation(code === DISCONNECT ? 'end a session' : 'change a session', 'configure', {
        detail: message.user === '' ? undefined : message.user,
      });
      return;
    }
    if (ANSWERS.has(code)) {
      say.fact(server, 'service.role', 'RADIUS server', 'answer');
      return;
    }
    if ((code !== ACCESS && code !== ACCOUNTING) || sender !== client) return;
    say.fact(server, 'radius.account', message.user, 'User-Name');
    if (!message.isForwarded) sayClient(message, sender, say);
    else say.fact(sender, 'service.role', 'RADIUS proxy', 'Proxy-State');
  },
});

function sayClient({ identifier, address, network }: Radius, sender: Conversation['sender'], say: Says): void {
  say.fact(sender, 'service.role', 'RADIUS client', 'request');
  say.fact(sender, 'radius.identifier', identifier, 'NAS-Identifier');
  say.fact(sender, 'address.announced-ip', address, 'NAS-IP-Address');
  say.fact(sender, 'network.wireless-name', network, 'Called-Station-Id');
}

const ACCESS = 1;
const ACCOUNTING = 4;
const DISCONNECT = 40;
const CHANGE = 43;
const CODES = new Set([ACCESS, 2, 3, ACCOUNTING, 5, 11, 12, 13, DISCONNECT, 41, 42, CHANGE, 44, 45]);
/** Accept, reject, accounting, challenge. */
const ANSWERS = new Set([2, 3, 5, 11]);
/** Attributes in one message: the longest has 4096 bytes. */
const MAX_ATTRIBUTES = 256;

/** Type, length that counts both, value (RFC 2865 section 5). */
function readAttributes(reader: Reader, code: number): Radius {
  const found = { code, user: '', identifier: '', address: '', network: '', isForwarded: false, broken: false };
  for (let n = 0; n < MAX_ATTRIBUTES && reader.left >= 2; n++) {
    const type = reader.u8();
    const value = reader.sub(reader.u8() - 2);
    if (!value.ok) {
      found.broken = true;
      break;
    }
    const text = () => cleanText(value.text(value.left, 'utf8'), 253);
    if (type === 1) found.user = text();
    else if (type === 4) found.address = hostAddress(value.ipv4());
    else if (type === 30) found.network = /^(?:[\da-f]{2}[-:.]?){6}:(.{1,32})$/i.exec(text())?.[1] ?? '';
    else if (type === 32) found.identifier = text();
    else if (type === 33) found.isForwarded = true;
    else if (type === 95) {
      const ip = value.ipv6();
      if (ip !== '' && ip !== '::') found.address ||= ip;
    }
  }
  return found;
}

const hostAddress = (ip: string): string => (/^(?:0|127|255)\./.test(ip) ? '' : ip);

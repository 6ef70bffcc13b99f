// HSRP: Cisco routers that share an address. Its first version, and the second one without digests, carry a password in
// clear, which is `cisco` where nobody changed it.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedMac } from '../../stated.ts';

interface Hsrp {
  readonly version: number;
  readonly group: number;
  readonly virtual: string;
  /** Hardware address that stands for the router in version 2. */
  readonly identifier: string;
  readonly hasPassword: boolean;
  readonly isDefault: boolean;
}

export const hsrp = protocol({
  name: 'hsrp',
  title: 'Hot Standby Router Protocol',
  spec: 'RFC 2281 (version 1); Cisco HSRP version 2',
  depth: 'full',
  on: { udp: [1985, 2029] },
  tells: [
    'network.redundancy-group',
    'address.shared-virtual',
    'address.announced-mac',
    'service.role',
    'credential.cleartext',
  ],

  read(reader): Hsrp | undefined {
    return reader.peek() === 0 ? readFirst(reader) : readSecond(reader);
  },

  secrets: (reader) => findPassword(reader),

  observe({ group, virtual, identifier, hasPassword, isDefault }, say, conversation: Conversation<undefined>) {
    const { sender } = conversation;
    say.fact(sender, 'service.role', 'HSRP router', 'hello');
    say.fact(sender, 'address.announced-mac', identifier, 'group state, identifier');
    if (hasPassword)
      say.fact(sender, 'credential.cleartext', isDefault ? DEFAULT_PASSWORD : PASSWORD, 'authentication data');
    if (virtual === '') return;
    say.fact(sender, 'network.redundancy-group', `HSRP group ${group}, ${virtual}`, 'hello');
    say.fact(conversation.subject({ ip: virtual }), 'address.shared-virtual', true, 'hello');
  },
});

const PASSWORD = { what: 'HSRP password' };
const DEFAULT_PASSWORD = { what: 'HSRP password', wellKnown: true };
const HIGHEST_OPCODE = 3;
const STATES = new Set([0, 1, 2, 4, 8, 16]);

/** Version, operation, state, two times, priority, group, reserved, password, virtual address (RFC 2281 section 5.1). */
function readFirst(reader: Reader): Hsrp | undefined {
  reader.skip(1);
  const opcode = reader.u8();
  if (opcode === HIGHEST_OPCODE) return reader.ok ? { ...NOTHING, version: 1 } : undefined;
  const state = reader.u8();
  reader.skip(3);
  const group = reader.u8();
  reader.skip(1);
  if (!reader.ok || opcode > HIGHEST_OPCODE || !STATES.has(state)) return undefined;
  const password = reader.bytes(8);
  const hasPassword = (password[0] ?? 0) !== 0;
  const isDefault = isCisco(password);
  const virtual = reader.ipv4();
  return { ...NOTHING, version: 1, group, virtual: hostAddress(virtual), hasPassword, isDefault };
}

const NOTHING: Hsrp = { version: 2, group: 0, virtual: '', identifier: '', hasPassword: false, isDefault: false };
/** Elements in one message. */
const MAX_ELEMENTS = 16;

/** Elements of type, length and content: 1 state of a group, 2 of the interface, 3 password, 4 digest. */
function readSecond(reader: Reader): Hsrp | undefined {
  let found: Hsrp | undefined;
  for (let n = 0; n < MAX_ELEMENTS && reader.left >= 2; n++) {
    const type = reader.u8();
    const element = reader.sub(reader.u8());
    if (!element.ok || type < 1 || type > 4) break;
    if (type === 1 && element.left >= 40) found = readGroup(element) ?? found;
    else if (type === 2) found ??= NOTHING;
    else if (type === 3 && found) {
      const password = element.bytes(Math.min(8, element.left));
      found = { ...found, hasPassword: (password[0] ?? 0) !== 0, isDefault: isCisco(password) };
    }
  }
  return found;
}

/** Version, operation, state, IP version, group, identifier, priority, two times, virtual address. */
function readGroup(element: Reader): Hsrp | undefined {
  if (element.u8() !== 2 || element.u8() > HIGHEST_OPCODE) return undefined;
  element.skip(1);
  const ipVersion = element.u8();
  const group = element.u16();
  const identifier = statedMac(element.mac());
  element.skip(12);
  const virtual = ipVersion === 6 ? element.ipv6() : hostAddress(element.ipv4());
  return { ...NOTHING, group, identifier, virtual: virtual === '::' ? '' : virtual };
}

const isCisco = (password: Uint8Array): boolean =>
  [0x63, 0x69, 0x73, 0x63, 0x6f, 0].every((byte, n) => password[n] === byte);
const hostAddress = (ip: string): string => (/^(?:0|127|255)\./.test(ip) ? '' : ip);

function findPassword(reader: Reader): SecretRange[] {
  const what = PASSWORD.what;
  if (reader.peek() === 0) return [{ from: 8, to: 16, what }];
  for (let at = 0; reader.peek(at) >= 0; at += 2 + Math.max(0, reader.peek(at + 1)))
    if (reader.peek(at) === 3) return [{ from: at + 2, to: at + 2 + Math.max(0, reader.peek(at + 1)), what }];
  return [];
}

// DTP: Cisco switches agree on whether a port carries several VLANs. It tells the VLAN management domain, and that the
// port may be talked into becoming a trunk.
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';

interface Dtp {
  readonly domain: string;
  readonly status: number;
  readonly broken: boolean;
}

export const dtp = protocol({
  name: 'dtp',
  title: 'Dynamic Trunking Protocol',
  spec: 'Cisco Dynamic Trunking Protocol (SNAP 00-00-0C, 0x2004)',
  depth: 'identity',
  on: { snap: [0x00000c2004] },
  tells: ['network.vlan-domain', 'network.trunking'],

  read(reader): Dtp | undefined {
    if (reader.u8() !== 1) return undefined;
    let domain = '';
    let status = -1;
    let broken = false;
    for (let n = 0; n < MAX_ELEMENTS && reader.left >= 4; n++) {
      const type = reader.u16();
      const element = reader.sub(reader.u16() - 4);
      // Zeros fill the frame up.
      if (type === 0) break;
      broken = !element.ok;
      if (broken) break;
      if (type === 1) domain = cleanText(element.text(element.left), 32);
      else if (type === 2) status = element.u8();
    }
    return { domain, status, broken };
  },

  observe({ domain, status, broken }, say, { sender }: Conversation<undefined>) {
    if (broken) say.malformed('dtp.element-past-end');
    say.fact(sender, 'network.vlan-domain', domain, 'domain');
    if (status >= 0) say.fact(sender, 'network.trunking', nameStatus(status), 'trunk status');
  },
});

/** Elements in one message; there are four types. */
const MAX_ELEMENTS = 8;

/** The highest bit is what the port does now, the lowest three what it was told to do. */
const nameStatus = (status: number): string =>
  `${(status & 0x80) !== 0 ? 'trunk' : 'access'}, set to ${SETTINGS[status & 7] ?? `mode ${status & 7}`}`;
const SETTINGS: Readonly<Record<number, string>> = { 1: 'on', 2: 'off', 3: 'desirable', 4: 'auto' };

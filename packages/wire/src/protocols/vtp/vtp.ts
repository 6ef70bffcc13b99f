// VTP: Cisco switches of one domain share their list of VLANs. It tells the domain, the VLANs by name, and which switch
// changed the list last.
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface Vtp {
  readonly version: number;
  readonly code: number;
  readonly domain: string;
  readonly vlans: readonly string[];
  readonly broken: boolean;
}

export const vtp = protocol({
  name: 'vtp',
  title: 'VLAN Trunking Protocol',
  spec: 'Cisco VLAN Trunking Protocol, versions 1 to 3 (SNAP 00-00-0C, 0x2003)',
  depth: 'identity',
  on: { snap: [0x00000c2003] },
  tells: ['network.vlan-domain', 'network.vlan-name'],

  read(reader): Vtp | undefined {
    const version = reader.u8();
    const code = reader.u8();
    reader.skip(1);
    const length = reader.u8();
    const domain = cleanText(reader.text(32).slice(0, length), 32);
    if (!reader.ok || version < 1 || version > 3 || code < 1 || code > 4 || length > 32) return undefined;
    const vlans: string[] = [];
    const broken = code === SUBSET && version < 3 && !readVlans(reader, vlans);
    return { version, code, domain, vlans, broken };
  },

  observe({ domain, vlans, broken }, say, { sender }: Conversation<undefined>) {
    if (broken) say.malformed('vtp.vlan-past-end');
    say.fact(sender, 'network.vlan-domain', domain, 'management domain');
    for (const vlan of vlans) say.fact(sender, 'network.vlan-name', vlan, 'subset advertisement');
  },
});

const SUBSET = 2;
/** VLANs in one advertisement; a frame holds about a hundred. */
const MAX_VLANS = 128;

/** Revision, then of each VLAN its length, status, type, length of the name, number, size, 802.10 index, name. */
function readVlans(reader: Reader, into: string[]): boolean {
  reader.skip(4);
  for (let n = 0; n < MAX_VLANS && reader.left > 0; n++) {
    const vlan = reader.sub(reader.u8() - 1);
    if (!vlan.ok) return false;
    vlan.skip(2);
    const length = vlan.u8();
    const number = vlan.u16();
    vlan.skip(6);
    const name = cleanText(vlan.text(length), 32);
    if (vlan.ok && name !== '' && number > 0) into.push(`${number} ${name}`);
  }
  return true;
}

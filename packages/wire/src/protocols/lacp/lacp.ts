// LACP: two switches, or a switch and a server, join several links to one. Each tells its system identifier, which is a
// MAC address of the device, and that of its partner.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Lacp {
  readonly kind: 'lacp' | 'marker';
  readonly actor: string;
  readonly partner: string;
}

export const lacp = protocol({
  name: 'lacp',
  title: 'Link Aggregation Control Protocol',
  spec: 'IEEE 802.1AX-2014 section 6.4.2 (slow protocols, subtypes 1 and 2)',
  depth: 'full',
  on: { ether: [0x8809] },
  tells: ['lacp.system', 'lacp.partner', 'address.announced-mac'],

  read(reader): Lacp | undefined {
    const subtype = reader.u8();
    const version = reader.u8();
    if (!reader.ok || version !== 1 || subtype < 1 || subtype > 2) return undefined;
    if (subtype === 2) return MARKER;
    const actor = readSystem(reader, 1);
    const partner = actor === undefined ? undefined : readSystem(reader, 2);
    return actor === undefined ? undefined : { kind: 'lacp', actor, partner: partner ?? '' };
  },

  observe({ actor, partner }, say, { sender }: Conversation<undefined>) {
    say.fact(sender, 'lacp.system', actor, 'actor system');
    say.fact(sender, 'address.announced-mac', actor, 'actor system');
    say.fact(sender, 'lacp.partner', partner, 'partner system');
  },
});

const MARKER: Lacp = { kind: 'marker', actor: '', partner: '' };

/** Type, length 20, system priority and address, key, port priority, port, state. A partner not known yet is all zero. */
function readSystem(reader: Reader, type: number): string | undefined {
  if (reader.u8() !== type || reader.u8() !== 20) return undefined;
  reader.skip(2);
  const mac = statedMac(reader.mac());
  reader.skip(10);
  return reader.ok ? mac : undefined;
}

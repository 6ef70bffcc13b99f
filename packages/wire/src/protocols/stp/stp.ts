// Spanning tree in its forms: STP, RSTP, MSTP and Cisco's one tree per VLAN. Every bridge tells its identifier, in which
// its base MAC address stands, and the root it follows.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { cleanText } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Bpdu {
  readonly kind: 'configuration' | 'topology change';
  readonly version: number;
  /** MAC address of the root, and with its priority as bridges show it: `32768/00:1b:1b:00:00:01`. */
  readonly root: string;
  readonly bridge: string;
  readonly bridgeMac: string;
  readonly region: string;
}

export const stp = protocol({
  name: 'stp',
  title: 'Spanning Tree Protocol (STP, RSTP, MSTP, PVST+)',
  spec: 'IEEE 802.1D-2004 section 9; IEEE 802.1Q-2018 section 14; Cisco PVST+ (SNAP 00-00-0C, 0x010B)',
  depth: 'full',
  on: { llc: [0x42], snap: [0x00000c010b] },
  tells: ['stp.bridge', 'stp.root', 'stp.region', 'address.announced-mac', 'service.role'],

  read(reader): Bpdu | undefined {
    const identifier = reader.u16();
    const version = reader.u8();
    const type = reader.u8();
    if (!reader.ok || identifier !== 0 || version > 4) return undefined;
    if (type === 0x80) return TOPOLOGY_CHANGE;
    if (type !== 0 && type !== 2) return undefined;
    reader.skip(1); // flags
    const root = bridgeId(reader);
    reader.skip(4); // cost of the path to the root
    const sender = bridgeId(reader);
    reader.skip(10); // port, ages and times
    if (!reader.ok) return undefined;
    const regional = version >= 3 && type === 2 ? readRegion(reader) : undefined;
    const { text, mac } = regional?.bridge ?? sender;
    return {
      kind: 'configuration',
      version,
      root: root.text,
      bridge: text,
      bridgeMac: mac,
      region: regional?.region ?? '',
    };
  },

  observe({ kind, root, bridge, bridgeMac, region }, say, { sender }: Conversation<undefined>) {
    if (kind !== 'configuration' || bridgeMac === '') return;
    say.fact(sender, 'stp.bridge', bridge, 'BPDU, bridge identifier');
    say.fact(sender, 'address.announced-mac', bridgeMac, 'BPDU, bridge identifier');
    say.fact(sender, 'stp.root', root, 'BPDU, root identifier');
    say.fact(sender, 'stp.region', region, 'BPDU, MST configuration name');
    say.fact(sender, 'service.role', 'spanning tree bridge', 'BPDU');
    if (bridge === root) say.fact(sender, 'service.role', 'spanning tree root', 'BPDU');
  },
});

const TOPOLOGY_CHANGE: Bpdu = {
  kind: 'topology change',
  version: 0,
  root: '',
  bridge: '',
  bridgeMac: '',
  region: '',
};

/** Priority, in its low twelve bits the number of the tree or VLAN (IEEE 802.1D-2004 section 9.2.5), then the MAC address. */
function bridgeId(reader: Reader): { readonly text: string; readonly mac: string } {
  const priority = reader.u16();
  const mac = reader.mac();
  return { text: `${priority}/${mac}`, mac: statedMac(mac) };
}

/**
 * The part of MSTP (IEEE 802.1Q-2018 section 14.4): two lengths, format, name, revision, digest, cost within the region.
 * The identifier further up is that of the region's root; the bridge's own stands here.
 */
function readRegion(
  reader: Reader,
): { readonly region: string; readonly bridge: ReturnType<typeof bridgeId> } | undefined {
  const oldLength = reader.u8();
  const length = reader.u16();
  if (!reader.ok || oldLength !== 0 || length < 64 || reader.left < 64) return undefined;
  reader.skip(1);
  const region = cleanText(reader.text(32), 32);
  reader.skip(2 + 16 + 4);
  return { region, bridge: bridgeId(reader) };
}

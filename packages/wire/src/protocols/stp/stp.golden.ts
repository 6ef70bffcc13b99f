// Written by hand after IEEE 802.1D-2004 section 9.3 and 802.1Q-2018 section 14: a root with the old protocol, a bridge
// with RSTP, one with MSTP, one of Cisco's trees per VLAN.
import { type Bytes, capture, llc, snap, write } from '../../testing/index.ts';

const GROUP = '01:80:c2:00:00:00';
const ROOT = '00:1b:1b:00:10:00';
const SWITCH = '00:80:63:00:20:00';

const identifier = (priority: number, mac: string) => write().u16(priority).mac(mac);
/** Version, type, flags; root, cost, bridge, port; age, maximum age, hello and delay in 256ths of a second. */
const bpdu = (version: number, type: number, root: Bytes, bridge: Bytes) =>
  write()
    .u16(0)
    .u8(version, type, type === 2 ? 0x3c : 0)
    .bytes(root)
    .u32(20_000)
    .bytes(bridge)
    .u16(0x8003, 0x0100, 0x1400, 0x0200, 0x0f00);

export const golden = capture('Spanning tree: STP, RSTP, MSTP, PVST+', [
  llc(
    { from: '00:1b:1b:00:10:03', to: GROUP, dsap: 0x42 },
    bpdu(0, 0, identifier(0x1000, ROOT), identifier(0x1000, ROOT)),
  ),
  llc(
    { from: '00:80:63:00:20:03', to: GROUP, dsap: 0x42 },
    bpdu(2, 2, identifier(0x1000, ROOT), identifier(0x8000, SWITCH)).u8(0),
  ),
  llc(
    { from: '00:80:63:00:30:03', to: GROUP, dsap: 0x42 },
    bpdu(3, 2, identifier(0x1000, ROOT), identifier(0x8000, SWITCH))
      .u8(0)
      .u16(64)
      .u8(0)
      .text('hall-2', 32)
      .u16(1)
      .zeros(16)
      .u32(20_000)
      .bytes(identifier(0x8000, '00:80:63:00:30:00'))
      .u8(19),
  ),
  snap(
    { from: '00:1e:14:00:40:03', to: '01:00:0c:cc:cc:cd', code: 0x00000c010b },
    bpdu(2, 2, identifier(0x8014, '00:1e:14:00:40:00'), identifier(0x8014, '00:1e:14:00:40:00')).u8(0).u16(0, 2, 20),
  ),
  llc({ from: '00:80:63:00:20:03', to: GROUP, dsap: 0x42 }, write().u16(0).u8(0, 0x80)),
  // No bridge has no address; GARP has the same group of addresses and another identifier.
  llc(
    { from: '00:80:63:00:50:03', to: GROUP, dsap: 0x42 },
    bpdu(0, 0, identifier(0, ROOT), identifier(0, '00:00:00:00:00:00')),
  ),
  llc({ from: '00:80:63:00:50:03', to: '01:80:c2:00:00:21', dsap: 0x42 }, write().u16(1).u8(1, 2, 0, 0)),
]);

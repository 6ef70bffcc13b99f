// The door to `packet/`: one frame of a capture to columns, by the link type of the interface it was captured on.
import { readEthernet } from './ethernet.ts';
import { readIp } from './ip.ts';
import { KIND_NONE, type Packets, TROUBLE_LINK_TYPE, trouble } from './packets.ts';

/** Reads the headers of the frame in [at, end) of `view` into the columns of packet `i`. `out.cut` must be set. */
export function readFrame(view: DataView, at: number, end: number, linkType: number, out: Packets, i: number): boolean {
  out.kind[i] = KIND_NONE;
  out.trouble[i] = 0;
  out.vlan[i] = 0;
  out.ttl[i] = 0;
  if (linkType === 1) return readEthernet(view, at, end, out, i, 0);
  out.macs[i * 4] = 0;
  out.macs[i * 4 + 1] = 0;
  out.macs[i * 4 + 2] = 0;
  out.macs[i * 4 + 3] = 0;
  switch (linkType) {
    case 12: // raw IP as some systems number it
    case 14:
    case 101:
    case 228:
    case 229:
      return readIp(view, at, end, out, i, 0);
    default:
      return trouble(out, i, TROUBLE_LINK_TYPE);
  }
}

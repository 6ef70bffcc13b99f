// A capture file made up by rule, as long as asked for: stations that announce themselves by ARP and LLDP and talk over
// UDP. Long ones have several stretches; a different seed gives other stations.
import { capture, ethernetFrame, ipPacket, link, udpDatagram, write } from '@interlock/wire/testing';

export interface GeneratedCaptureOptions {
  readonly stations: number;
  /** Frames in all; at least three for each station. */
  readonly frames: number;
  readonly seed?: number;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const NEAREST_BRIDGE = '01:80:c2:00:00:0e';
const ARP = 0x0806;
const LLDP = 0x88cc;
const IPV4 = 0x0800;

/** In: how many stations and frames. Out: the bytes of a pcap file. */
export function generateCapture({ stations, frames, seed = 1 }: GeneratedCaptureOptions): Uint8Array {
  const all = Array.from({ length: stations }, (_, n) => stationOf(n, seed));
  const announcements = all.flatMap(({ mac, ip, name }) => [
    link({ from: mac, to: BROADCAST, type: ARP }, arpAnnouncement(mac, ip)),
    link({ from: mac, to: NEAREST_BRIDGE, type: LLDP }, lldp(mac, name)),
  ]);
  const talk = all.map((from, n) => talkOf(from, all[(n + 1) % all.length] ?? from));
  const rest = Math.max(stations, frames - announcements.length);
  const repeated = Array.from({ length: rest }, (_, n) => talk[n % talk.length] ?? new Uint8Array(0));
  return capture(`${stations} stations`, [...announcements, ...repeated]).toPcap();
}

interface Station {
  readonly mac: string;
  readonly ip: string;
  readonly name: string;
}
function stationOf(n: number, seed: number): Station {
  const byte = (value: number) => (value & 255).toString(16).padStart(2, '0');
  return {
    mac: `00:1b:1b:${byte(seed)}:${byte(n >> 8)}:${byte(n)}`,
    ip: `10.${seed & 255}.${(n >> 8) & 255}.${n & 255 || 255}`,
    name: `station-${seed}-${n}`,
  };
}

/** RFC 5227 section 2.3: sender's and target's protocol address are the same. */
const arpAnnouncement = (mac: string, ip: string) =>
  write().u16(1, 0x0800).u8(6, 4).u16(1).mac(mac).ipv4(ip).mac('00:00:00:00:00:00').ipv4(ip);

/** IEEE 802.1AB section 8: chassis, port, time to live, system name, end. */
function lldp(mac: string, name: string) {
  const element = (type: number, content: ReturnType<typeof write>) => {
    const body = content.build();
    return write()
      .u16((type << 9) | body.length)
      .bytes(body)
      .build();
  };
  return write()
    .bytes(element(1, write().u8(4).mac(mac)))
    .bytes(element(2, write().u8(7).text('port 1')))
    .bytes(element(3, write().u16(120)))
    .bytes(element(5, write().text(name)))
    .u16(0);
}

const talkOf = (from: Station, to: Station): Uint8Array =>
  ethernetFrame(
    { from: from.mac, to: to.mac, type: IPV4 },
    ipPacket(
      { from: from.ip, to: to.ip, protocol: 17 },
      udpDatagram({ from: from.ip, to: to.ip, fromPort: 40_000, toPort: 40_001 }, write().text('state of the line')),
    ),
  );

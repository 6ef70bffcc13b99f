// The headers of one frame for a person to read: layer by layer, field by field, with the bytes each was taken from. The
// engine reads the same headers in `packet/`, ten times faster and without names; this runs for the one frame on screen.
import { Reader } from './reader.ts';

export interface ExplainedField {
  /** As the standard names it. */
  readonly name: string;
  readonly value: string;
  /** First byte in the frame, and the one behind the last. Both 0 with `elsewhere`. */
  readonly start: number;
  readonly end: number;
  /** The bytes were carried by another frame of the same message. */
  readonly elsewhere?: true;
}
export interface ExplainedLayer {
  /** Short name: `ipv4`, `s7comm`. */
  readonly name: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly fields: readonly ExplainedField[];
}

/** Layers shown of one frame; nothing that is understood has as many. */
const MAX_LAYERS = 24;

const LINK_TITLES: Readonly<Record<number, string>> = {
  0: 'BSD loopback',
  1: 'Ethernet',
  9: 'PPP',
  12: 'raw IP',
  14: 'raw IP',
  50: 'PPP',
  51: 'PPPoE',
  101: 'raw IP',
  104: 'Cisco HDLC',
  105: 'IEEE 802.11',
  108: 'loopback',
  113: 'Linux cooked',
  127: 'IEEE 802.11 with radiotap header',
  228: 'raw IPv4',
  229: 'raw IPv6',
  240: 'Ethernet (netANALYZER)',
  276: 'Linux cooked v2',
};
/** What the link layer of a capture is called. */
export const linkTitle = (linkType: number): string => LINK_TITLES[linkType] ?? `link type ${linkType}`;

const ETHER_TYPES: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  33024: 'VLAN tag',
  34525: 'IPv6',
  34887: 'MPLS',
  34915: 'PPPoE discovery',
  34916: 'PPPoE session',
  34962: 'PROFINET',
  34980: 'EtherCAT',
  34984: 'service VLAN tag',
  35000: 'GOOSE',
  35002: 'sampled values',
  35020: 'LLDP',
  35047: 'backbone service tag',
  35119: 'HSR',
  35067: 'PRP or HSR supervision',
};
const IP_PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'hop-by-hop options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4 in IP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6 in IP',
  43: 'routing header',
  44: 'fragment header',
  47: 'GRE',
  50: 'ESP',
  51: 'authentication header',
  58: 'ICMPv6',
  59: 'nothing',
  60: 'destination options',
  89: 'OSPF',
  112: 'VRRP',
};
const TCP_FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const CODED_EXTENSIONS = [0, 43, 51, 60, 135, 139, 140];

const named = (names: Readonly<Record<number, string>>, digits: number) => (value: number) => {
  const shown = digits > 0 ? `0x${value.toString(16).padStart(digits, '0')}` : String(value);
  const name = names[value];
  return name === undefined ? shown : `${shown} (${name})`;
};
const etherType = named(ETHER_TYPES, 4);
const ipProtocol = named(IP_PROTOCOLS, 0);

/** Reads one header and answers what reads the next; undefined behind the last one. */
type Step = ((w: Writer) => Step) | undefined;

/** Writes down layers while it reads them; what lies behind the end of the frame is not written. */
class Writer {
  readonly layers: ExplainedLayer[] = [];
  readonly reader: Reader;
  #fields: ExplainedField[] = [];

  constructor(bytes: Uint8Array) {
    this.reader = new Reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  }

  begin(name: string, title: string): void {
    this.#fields = [];
    const start = this.reader.at;
    this.layers.push({ name, title, start, end: start, fields: this.#fields });
  }
  end(): void {
    const layer = this.layers.pop();
    if (layer) this.layers.push({ ...layer, end: this.reader.at });
  }
  /** One field, whose value `read` takes from the reader and `show` puts into words. */
  field<T>(name: string, read: (reader: Reader) => T, show: (value: T) => string = String): T {
    const start = this.reader.at;
    const value = read(this.reader);
    if (this.reader.ok) this.#fields.push({ name, value: show(value), start, end: this.reader.at });
    return value;
  }
  get full(): boolean {
    return this.layers.length >= MAX_LAYERS || !this.reader.ok;
  }
}
const u8 = (reader: Reader) => reader.u8();
const u16 = (reader: Reader) => reader.u16();
const u24 = (reader: Reader) => reader.u24();
const u32 = (reader: Reader) => reader.u32();
const mac = (reader: Reader) => reader.mac();

/** The header layers of a frame. What follows the last of them is payload. */
export function explainHeaders(bytes: Uint8Array, linkType: number): ExplainedLayer[] {
  const w = new Writer(bytes);
  for (let step = link(w, linkType); step && !w.full; ) step = step(w);
  return w.layers;
}

function link(w: Writer, linkType: number): Step {
  const { reader } = w;
  switch (linkType) {
    case 0:
    case 108:
      w.begin('loopback', linkTitle(linkType));
      w.field('Address family', (r) => r.hex(4));
      w.end();
      return ip;
    case 9:
    case 50:
      return ppp;
    case 51:
      return pppoe;
    case 104:
      w.begin('hdlc', 'Cisco HDLC');
      w.field('Address and control', u16);
      return behindEtherType(w, w.field('Type', u16, etherType));
    case 105:
      return wlan;
    case 113: {
      w.begin('sll', 'Linux cooked');
      w.field('Packet type', u16);
      w.field('Hardware type', u16);
      w.field('Address length', u16);
      cookedAddress(w);
      const type = w.field('Protocol', u16, etherType);
      return type === 4 ? llc : behindEtherType(w, type);
    }
    case 127: {
      w.begin('radiotap', 'Radiotap header');
      w.field('Version', u8);
      reader.skip(1);
      const length = w.field('Length', (r) => r.u16le());
      reader.seek(length);
      w.end();
      return wlan;
    }
    case 240:
      reader.skip(4);
      return ethernet;
    case 276: {
      w.begin('sll2', 'Linux cooked v2');
      const type = w.field('Protocol', u16, etherType);
      reader.skip(2);
      w.field('Interface', u32);
      w.field('Hardware type', u16);
      w.field('Packet type', u8);
      w.field('Address length', u8);
      cookedAddress(w);
      return type === 4 ? llc : behindEtherType(w, type);
    }
    case 1:
      return ethernet;
    default:
      return [12, 14, 101, 228, 229].includes(linkType) ? ip : undefined;
  }
}

function cookedAddress(w: Writer): void {
  w.field('Source address', mac);
  w.reader.skip(2);
}

function ethernet(w: Writer): Step {
  w.begin('ethernet', 'Ethernet');
  w.field('Destination', mac);
  w.field('Source', mac);
  const type = w.field('Type', u16, (value) => (value <= 1500 ? `length ${value}` : etherType(value)));
  return behindEtherType(w, type);
}

/** Ends the layer whose last field was an EtherType, and goes on with what it names. */
function behindEtherType(w: Writer, type: number): Step {
  w.end();
  if (type === 0x0800 || type === 0x86dd) return ip;
  if (type <= 1500) return llc;
  switch (type) {
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
      w.begin('vlan', 'VLAN tag');
      w.field('Priority and VLAN', u16, (tag) => `priority ${tag >> 13}, VLAN ${tag & 0xfff}`);
      return behindEtherType(w, w.field('Type', u16, etherType));
    case 0x892f:
      w.begin('hsr', 'HSR tag');
      w.field('Path and size', u16);
      w.field('Sequence number', u16);
      return behindEtherType(w, w.field('Type', u16, etherType));
    case 0x8847:
    case 0x8848:
      return mpls;
    case 0x8864:
      return pppoe;
    case 0x88e7:
      w.begin('itag', 'Backbone service tag');
      w.field('Service identifier', u32, (tag) => String(tag & 0xffffff));
      w.end();
      return ethernet;
    default:
      return undefined;
  }
}

function llc(w: Writer): Step {
  w.begin('llc', 'LLC');
  const dsap = w.field('DSAP', u8, (value) => `0x${value.toString(16)}`);
  w.field('SSAP', u8, (value) => `0x${value.toString(16)}`);
  w.field('Control', u8);
  w.end();
  if (dsap !== 0xaa) return undefined;
  w.begin('snap', 'SNAP');
  const organization = w.field('Organization code', u24, (value) => `0x${value.toString(16).padStart(6, '0')}`);
  const type = w.field('Protocol', u16, etherType);
  if ((organization === 0 || organization === 0xf8) && type > 1500) return behindEtherType(w, type);
  w.end();
  return undefined;
}

function wlan(w: Writer): Step {
  w.begin('wlan', 'IEEE 802.11');
  const control = w.field('Frame control', (r) => r.u16le());
  const isData = ((control >> 2) & 3) === 2;
  w.field('Duration', (r) => r.u16le());
  w.field('Address 1', mac);
  w.field('Address 2', mac);
  w.field('Address 3', mac);
  w.field('Sequence control', (r) => r.u16le());
  if (isData && (control & 0x0300) === 0x0300) w.field('Address 4', mac);
  if (isData && (control & 0x80) !== 0) w.field('QoS control', (r) => r.u16le());
  if (isData && (control & 0x8080) === 0x8080) w.field('HT control', (r) => r.u32le());
  w.end();
  return isData && (control & 0x4040) === 0 ? llc : undefined;
}

function ppp(w: Writer): Step {
  const { reader } = w;
  w.begin('ppp', 'PPP');
  if (reader.peek16() === 0xff03) w.field('Address and control', u16);
  const protocol = w.field(
    'Protocol',
    reader.peek() & 1 ? u8 : u16,
    (value) => `0x${value.toString(16).padStart(4, '0')}`,
  );
  w.end();
  if (protocol === 0x21 || protocol === 0x57) return ip;
  return protocol === 0x0281 || protocol === 0x0283 ? mpls : undefined;
}

function pppoe(w: Writer): Step {
  w.begin('pppoe', 'PPPoE');
  w.field('Version and type', u8);
  const code = w.field('Code', u8);
  w.field('Session', u16);
  w.field('Length', u16);
  w.end();
  return code === 0 ? ppp : undefined;
}

function mpls(w: Writer): Step {
  for (let isLast = false; !isLast && !w.full; ) {
    w.begin('mpls', 'MPLS label');
    const entry = w.field('Label', u32, (value) => String(value >>> 12));
    w.end();
    isLast = (entry & 0x100) !== 0;
  }
  const first = w.reader.peek() >> 4;
  if (first === 4 || first === 6) return ip;
  const types = [0x0800, 0x86dd, 0x0806, 0x8100];
  if (first === 0 && !types.includes(w.reader.peek16(12)) && types.includes(w.reader.peek16(16))) w.reader.skip(4);
  return ethernet;
}

function ip(w: Writer): Step {
  const version = w.reader.peek() >> 4;
  if (version === 4) return ipv4;
  return version === 6 ? ipv6 : undefined;
}

function ipv4(w: Writer): Step {
  w.begin('ipv4', 'IPv4');
  const first = w.field('Version and header length', u8, (value) => `4, ${(value & 15) * 4} bytes`);
  w.field('Type of service', u8);
  w.field('Total length', u16);
  w.field('Identification', u16);
  const fragment = w.field('Flags and fragment offset', u16, fragmentText);
  w.field('Time to live', u8);
  const protocol = w.field('Protocol', u8, ipProtocol);
  w.field('Header checksum', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  w.field('Source address', (r) => r.ipv4());
  w.field('Destination address', (r) => r.ipv4());
  const options = (first & 15) * 4 - 20;
  if (options > 0) w.field('Options', (r) => r.hex(options));
  w.end();
  return (fragment & 0x1fff) === 0 ? transport(protocol) : undefined;
}
function fragmentText(value: number): string {
  const flags = [value & 0x4000 ? "don't fragment" : '', value & 0x2000 ? 'more fragments' : ''].filter(Boolean);
  return [...flags, `offset ${(value & 0x1fff) * 8}`].join(', ');
}

function ipv6(w: Writer): Step {
  w.begin('ipv6', 'IPv6');
  w.field('Version, traffic class, flow label', u32, (value) => `6, ${(value >> 20) & 255}, ${value & 0xfffff}`);
  w.field('Payload length', u16);
  let next = w.field('Next header', u8, ipProtocol);
  w.field('Hop limit', u8);
  w.field('Source address', (r) => r.ipv6());
  w.field('Destination address', (r) => r.ipv6());
  w.end();
  while (!w.full && (CODED_EXTENSIONS.includes(next) || next === 44)) {
    const type = next;
    w.begin('ipv6-extension', `IPv6 ${IP_PROTOCOLS[type] ?? `extension ${type}`}`);
    next = w.field('Next header', u8, ipProtocol);
    if (type === 44) {
      w.reader.skip(1);
      const offset = w.field(
        'Offset and flags',
        u16,
        (value) => `offset ${value & 0xfff8}${value & 1 ? ', more fragments' : ''}`,
      );
      w.field('Identification', u32);
      w.end();
      if ((offset & 0xfff8) !== 0) return undefined;
      continue;
    }
    const length = w.field('Length', u8);
    w.field('Content', (r) => r.hex(type === 51 ? (length + 2) * 4 - 2 : (length + 1) * 8 - 2));
    w.end();
  }
  return transport(next);
}

function transport(protocol: number): Step {
  if (protocol === 6) return tcp;
  if (protocol === 17) return udp;
  if (protocol === 4 || protocol === 41) return ip;
  if (protocol === 47) return gre;
  if (protocol === 1) return (w) => icmp(w, 'ICMP');
  return protocol === 58 ? (w) => icmp(w, 'ICMPv6') : undefined;
}

function icmp(w: Writer, title: string): Step {
  w.begin('icmp', title);
  w.field('Type', u8);
  w.field('Code', u8);
  w.field('Checksum', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  w.end();
  return undefined;
}

function tcp(w: Writer): Step {
  w.begin('tcp', 'TCP');
  w.field('Source port', u16);
  w.field('Destination port', u16);
  w.field('Sequence number', u32);
  w.field('Acknowledgment number', u32);
  const offset = w.field('Data offset', u8, (value) => `${(value >> 4) * 4} bytes`);
  w.field('Flags', u8, (value) => TCP_FLAG_NAMES.filter((_, bit) => value & (1 << bit)).join(', ') || 'none');
  w.field('Window', u16);
  w.field('Checksum', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  w.field('Urgent pointer', u16);
  const options = (offset >> 4) * 4 - 20;
  if (options > 0) w.field('Options', (r) => r.hex(options));
  w.end();
  return undefined;
}

function udp(w: Writer): Step {
  w.begin('udp', 'UDP');
  w.field('Source port', u16);
  const port = w.field('Destination port', u16);
  w.field('Length', u16);
  w.field('Checksum', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  w.end();
  if ((port !== 4789 && port !== 8472) || w.reader.peek() !== 8) return undefined;
  w.begin('vxlan', 'VXLAN');
  w.field('Flags', u32, () => 'network identifier valid');
  w.field('Network identifier', u32, (value) => String(value >>> 8));
  w.end();
  return ethernet;
}

function gre(w: Writer): Step {
  w.begin('gre', 'GRE');
  const flags = w.field('Flags and version', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  const type = w.field('Protocol', u16, (value) => `0x${value.toString(16).padStart(4, '0')}`);
  if (flags & 0xc000) w.field('Checksum and offset', u32);
  if (flags & 0x2000) w.field('Key', u32);
  if (flags & 0x1000) w.field('Sequence number', u32);
  if ((flags & 0x87) === 0x81) w.field('Acknowledgment number', u32);
  w.end();
  if (type === 0x0800 || type === 0x86dd) return ip;
  if (type === 0x8847 || type === 0x8848) return mpls;
  if (type === 0x880b) return ppp;
  if (type === 0x6558) return ethernet;
  if (type !== 0x88be && type !== 0x22eb) return undefined;
  if (type === 0x22eb || flags & 0x1000) {
    w.begin('erspan', type === 0x22eb ? 'ERSPAN III' : 'ERSPAN II');
    w.field('Version, VLAN, session', u32, (value) => `VLAN ${(value >> 16) & 0xfff}, session ${value & 0x3ff}`);
    const more = type === 0x22eb ? w.field('Timestamp', u32) : w.field('Index', u32);
    const last = type === 0x22eb ? w.field('Hardware and flags', u32) : more & 0;
    if (last & 1) w.field('Platform', (r) => r.hex(8));
    w.end();
    if (((last >> 10) & 0x1f) === 2) return ip;
  }
  return ethernet;
}

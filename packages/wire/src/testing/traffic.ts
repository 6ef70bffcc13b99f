// Traffic for benchmarks: captures of any number of flows with the mix of a plant's network and payload that means
// nothing, the same for the same settings. For tests and `npm run bench` only.
import { write } from './bytes.ts';

export interface TrafficOptions {
  /** Two-way flows; every one of them occurs. */
  readonly flows: number;
  /** Mean length of frames in bytes, without the record header. */
  readonly meanSize: number;
  /** Length of the file in bytes, about; never less than one packet for each flow. */
  readonly fileSize: number;
  readonly seed?: number;
}

/** Bytes handed over at a time. */
const CHUNK = 1 << 20;
const MAX_FRAME = 1514;
const MIN_FRAME = 60;
const TYPICAL_HEADERS = 54;
const TCP_SHARE = 0.646;
/** 2026-01-01 00:00 UTC in seconds. */
const START = 1_767_225_600;
/** Ports of servers in plants and buildings. */
const TCP_PORTS = [
  502, 102, 44818, 4840, 20000, 2404, 1883, 8883, 80, 443, 22, 1962, 789, 9600, 5094, 18245, 48898, 4911,
];
const UDP_PORTS = [2222, 47808, 5683, 161, 123, 53, 5353, 1900, 34964, 3671, 69, 514];

const TCP = 0;
const UDP = 1;
const ICMP = 2;
const ARP = 3;

/** Numbers that look like chance and are always the same (xorshift, 32 bits). */
function chance(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

interface Headers {
  /** Ethernet, IP and transport header in both directions. */
  readonly forth: Uint8Array;
  readonly back: Uint8Array;
  readonly kind: number;
  /** Where the IP header starts, and whether it is IPv6. */
  readonly ip: number;
  readonly six: boolean;
}

/**
 * Makes a classic pcap file and hands it out in pieces, each valid until the next. Out: how many packets it has.
 * One flow in ten carries a VLAN tag, 15 of 100 are IPv6, TCP and UDP are 2:1, 1 % ICMP, 2 % ARP; a few flows are busy.
 */
export function generateTraffic(options: TrafficOptions, take: (bytes: Uint8Array) => void): number {
  const { flows, meanSize, fileSize } = options;
  const random = chance(options.seed ?? 1);
  const noise = Uint8Array.from({ length: 1 << 16 }, () => Math.floor(random() * 256));
  const packets = Math.max(flows, Math.round(fileSize / (meanSize + 16)));
  const hosts = Math.max(64, Math.round(Math.sqrt(flows) * 8));
  const flowHeaders: (Headers | undefined)[] = new Array(flows);
  const sequences = new Uint32Array(flows * 2);
  const sent = new Uint32Array(flows);

  const chunk = new Uint8Array(CHUNK + MAX_FRAME + 16);
  const view = new DataView(chunk.buffer);
  let at = 0;
  const fileHeader = write().u32le(0xa1b2c3d4).u16le(2, 4).u32le(0, 0, 65_535, 1).build();
  chunk.set(fileHeader, 0);
  at = fileHeader.length;
  // Handshakes are short; what carries payload must be longer for the mean to be right.
  const handshakes = Math.min(packets / 2, flows * TCP_SHARE * 2);
  const withPayload = (packets * meanSize - handshakes * MIN_FRAME) / (packets - handshakes) - TYPICAL_HEADERS;
  const meanPayload = uncutMean(
    Math.min(withPayload, 0.9 * (MAX_FRAME - TYPICAL_HEADERS)),
    MAX_FRAME - TYPICAL_HEADERS,
  );
  let known = 0;
  for (let packet = 0; packet < packets; packet++) {
    const isNew = known < flows && known * packets <= packet * flows;
    const flow = isNew ? known++ : Math.floor(known * random() ** 3);
    const headers = flowHeaders[flow] ?? makeHeaders(flow, hosts, random);
    if (isNew) flowHeaders[flow] = headers;
    const count = sent[flow] ?? 0;
    sent[flow] = count + 1;
    const back = headers.kind === TCP && count < 2 ? count === 1 : random() < 0.45;
    const template = back ? headers.back : headers.forth;
    const isHandshake = headers.kind === TCP && count < 2;
    let length = template.length;
    if (!isHandshake && headers.kind !== ARP) {
      const wanted = template.length - Math.log(1 - random()) * meanPayload;
      length = Math.min(MAX_FRAME, Math.max(template.length + 4, Math.round(wanted)));
    }
    const padded = Math.max(MIN_FRAME, length);
    view.setUint32(at, START + Math.floor(packet / 2000), true);
    view.setUint32(at + 4, (packet % 2000) * 500, true);
    view.setUint32(at + 8, padded, true);
    view.setUint32(at + 12, padded, true);
    const frame = at + 16;
    chunk.set(template, frame);
    const payload = length - template.length;
    const from = Math.floor(random() * (noise.length - MAX_FRAME));
    chunk.set(noise.subarray(from, from + payload), frame + template.length);
    chunk.fill(0, frame + length, frame + padded);
    if (headers.kind !== ARP) setLengths(view, frame, length, headers);
    if (headers.kind === TCP) {
      const tcp = frame + headers.ip + (headers.six ? 40 : 20);
      const own = flow * 2 + (back ? 1 : 0);
      view.setUint32(tcp + 4, sequences[own] ?? 0);
      view.setUint32(tcp + 8, sequences[flow * 2 + (back ? 0 : 1)] ?? 0);
      view.setUint8(tcp + 13, isHandshake ? (back ? 0x12 : 0x02) : 0x18);
      sequences[own] = (sequences[own] ?? 0) + (isHandshake ? 1 : payload);
    }
    at = frame + padded;
    if (at < CHUNK) continue;
    take(chunk.subarray(0, at));
    at = 0;
  }
  take(chunk.subarray(0, at));
  return packets;
}

function setLengths(view: DataView, frame: number, length: number, { ip, six, kind }: Headers): void {
  view.setUint16(frame + ip + (six ? 4 : 2), length - ip - (six ? 40 : 0));
  if (kind === UDP) view.setUint16(frame + ip + (six ? 40 : 20) + 4, length - ip - (six ? 40 : 20));
}

function makeHeaders(flow: number, hosts: number, random: () => number): Headers {
  const dice = random();
  const kind = dice < 0.02 ? ARP : dice < 0.03 ? ICMP : dice < 0.03 + TCP_SHARE ? TCP : UDP;
  const six = kind !== ARP && random() < 0.15;
  const tagged = random() < 0.1;
  // Every client has a few servers, and every server one port.
  const client = Math.floor(random() * hosts);
  const server = hosts + ((client * 7 + Math.floor(random() * 8)) % Math.max(16, hosts >> 2));
  const ports = kind === TCP ? TCP_PORTS : UDP_PORTS;
  const serverPort = ports[server % ports.length] ?? 0;
  const clientPort = 1024 + (flow % 60_000);
  const ip = tagged ? 18 : 14;
  const protocol = kind === TCP ? 6 : kind === UDP ? 17 : six ? 58 : 1;
  const length = kind === ARP ? ip + 28 : ip + (six ? 40 : 20) + (kind === TCP ? 20 : 8);
  const one = (from: number, to: number, fromPort: number, toPort: number) => {
    const view = new DataView(new ArrayBuffer(length));
    putMac(view, 0, to);
    putMac(view, 6, from);
    if (tagged) view.setUint32(12, 0x8100_0001 + (server % 8));
    view.setUint16(ip - 2, kind === ARP ? 0x0806 : six ? 0x86dd : 0x0800);
    if (kind === ARP) {
      view.setUint32(ip, 0x0001_0800);
      view.setUint32(ip + 4, 0x0604_0001);
      putMac(view, ip + 8, from);
      view.setUint32(ip + 14, 0x0a00_0000 + from);
      view.setUint32(ip + 24, 0x0a00_0000 + to);
    } else if (six) {
      view.setUint32(ip, 0x6000_0000);
      view.setUint16(ip + 6, (protocol << 8) | 64);
      view.setUint16(ip + 8, 0xfd00);
      view.setUint32(ip + 20, from);
      view.setUint16(ip + 24, 0xfd00);
      view.setUint32(ip + 36, to);
    } else {
      view.setUint8(ip, 0x45);
      view.setUint16(ip + 8, (64 << 8) | protocol);
      view.setUint32(ip + 12, 0x0a00_0000 + from);
      view.setUint32(ip + 16, 0x0a00_0000 + to);
    }
    const transport = ip + (six ? 40 : 20);
    if (kind === TCP || kind === UDP) {
      view.setUint16(transport, fromPort);
      view.setUint16(transport + 2, toPort);
    }
    if (kind === TCP) view.setUint32(transport + 12, 0x5000_2000);
    if (kind === ICMP) view.setUint8(transport, 8);
    return new Uint8Array(view.buffer);
  };
  return {
    forth: one(client, server, clientPort, serverPort),
    back: one(server, client, serverPort, clientPort),
    kind,
    ip,
    six,
  };
}

/** A locally administered MAC address that tells the host. */
function putMac(view: DataView, at: number, host: number): void {
  view.setUint16(at, 0x0200);
  view.setUint32(at + 2, host);
}

/** Mean of an exponential distribution that, cut off at `limit`, has the mean `wanted`. */
function uncutMean(wanted: number, limit: number): number {
  let low = wanted;
  let high = 100 * limit;
  for (let n = 0; n < 50; n++) {
    const middle = (low + high) / 2;
    if (middle * (1 - Math.exp(-limit / middle)) < wanted) low = middle;
    else high = middle;
  }
  return low;
}

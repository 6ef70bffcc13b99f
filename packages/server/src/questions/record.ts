// What was sent to a device and what it answered, as a capture: the same engine reads it as any traffic, and "why?" shows
// its frames. Headers are put together from what the sockets tell; what they do not tell is left zero (time to live).
import { isIPv4 } from 'node:net';

const RAW_IP = 101;
const SYN = 0x02;
const ACK = 0x10;
const PSH = 0x08;
const FIN = 0x01;
/** Payload of one frame; longer answers become several. */
const MAX_PAYLOAD = 1400;

export interface Ends {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
}

/** A pcap file that grows by what sockets exchanged. Times in milliseconds since 1970. */
export class Recording {
  readonly #parts: Buffer[] = [fileHeader()];
  frames = 0;

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  datagram(ends: Ends, fromLocal: boolean, payload: Uint8Array, time: number): void {
    const [source, destination] = portsOf(ends, fromLocal);
    const header = Buffer.alloc(8);
    header.writeUInt16BE(source, 0);
    header.writeUInt16BE(destination, 2);
    header.writeUInt16BE(8 + payload.length, 4);
    this.#packet(ends, fromLocal, 17, header, payload, time);
  }

  connection(ends: Ends): RecordedConnection {
    return new RecordedConnection(ends, (fromLocal, segment, payload, time) =>
      this.#packet(ends, fromLocal, 6, segment, payload, time),
    );
  }

  #packet(ends: Ends, fromLocal: boolean, protocol: number, header: Buffer, payload: Uint8Array, time: number): void {
    const packet = ipPacket(ends, fromLocal, protocol, Buffer.concat([header, payload]));
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(time / 1000), 0);
    record.writeUInt32LE(Math.floor((time % 1000) * 1000), 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    this.#parts.push(record, packet);
    this.frames++;
  }
}

type Put = (fromLocal: boolean, segment: Buffer, payload: Uint8Array, time: number) => void;

/** One TCP connection: opened when it was accepted, then data of both ends, then closed. */
export class RecordedConnection {
  readonly #ends: Ends;
  readonly #put: Put;
  /** Sequence numbers of the local and the remote end: what the kernel used is not known. */
  #local = 1;
  #remote = 1;

  constructor(ends: Ends, put: Put) {
    this.#ends = ends;
    this.#put = put;
  }

  opened(time: number): void {
    this.#segment(true, SYN, new Uint8Array(0), time, -1);
    this.#segment(false, SYN | ACK, new Uint8Array(0), time, -1);
    this.#segment(true, ACK, new Uint8Array(0), time);
  }
  data(fromLocal: boolean, payload: Uint8Array, time: number): void {
    for (let at = 0; at < payload.length; at += MAX_PAYLOAD)
      this.#segment(fromLocal, PSH | ACK, payload.subarray(at, at + MAX_PAYLOAD), time);
  }
  closed(time: number): void {
    this.#segment(true, FIN | ACK, new Uint8Array(0), time);
    this.#segment(false, FIN | ACK, new Uint8Array(0), time);
  }

  #segment(fromLocal: boolean, flags: number, payload: Uint8Array, time: number, before = 0): void {
    const [source, destination] = portsOf(this.#ends, fromLocal);
    const header = Buffer.alloc(20);
    header.writeUInt16BE(source, 0);
    header.writeUInt16BE(destination, 2);
    header.writeUInt32BE(((fromLocal ? this.#local : this.#remote) + before) >>> 0, 4);
    header.writeUInt32BE((flags & ACK) === 0 ? 0 : fromLocal ? this.#remote : this.#local, 8);
    header[12] = 5 << 4;
    header[13] = flags;
    header.writeUInt16BE(65_535, 14);
    this.#put(fromLocal, header, payload, time);
    if (fromLocal) this.#local = (this.#local + payload.length) >>> 0;
    else this.#remote = (this.#remote + payload.length) >>> 0;
  }
}

const portsOf = (ends: Ends, fromLocal: boolean): readonly [source: number, destination: number] =>
  fromLocal ? [ends.localPort, ends.remotePort] : [ends.remotePort, ends.localPort];

/** File header of pcap with microseconds (draft-ietf-opsawg-pcap). */
function fileHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(RAW_IP, 20);
  return header;
}

function ipPacket(ends: Ends, fromLocal: boolean, protocol: number, content: Buffer): Buffer {
  const [from, to] = fromLocal ? [ends.local, ends.remote] : [ends.remote, ends.local];
  if (isIPv4(from)) {
    const header = Buffer.alloc(20);
    header[0] = 0x45;
    header.writeUInt16BE(20 + content.length, 2);
    header[9] = protocol;
    header.set(ipv4Bytes(from), 12);
    header.set(ipv4Bytes(to), 16);
    header.writeUInt16BE(checksum(header), 10);
    const pseudo = Buffer.concat([
      header.subarray(12),
      Buffer.from([0, protocol, content.length >> 8, content.length]),
    ]);
    return Buffer.concat([header, withChecksum(content, protocol, pseudo)]);
  }
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(content.length, 4);
  header[6] = protocol;
  header.set(ipv6Bytes(from), 8);
  header.set(ipv6Bytes(to), 24);
  const pseudo = Buffer.concat([
    header.subarray(8),
    Buffer.from([0, 0, content.length >> 8, content.length, 0, 0, 0, protocol]),
  ]);
  return Buffer.concat([header, withChecksum(content, protocol, pseudo)]);
}

/** UDP and TCP count their addresses in (RFC 768, RFC 9293 section 3.1). */
function withChecksum(content: Buffer, protocol: number, pseudo: Buffer): Buffer {
  content.writeUInt16BE(checksum(Buffer.concat([pseudo, content])), protocol === 17 ? 6 : 16);
  return content;
}
/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
const ipv4Bytes = (ip: string): number[] => ip.split('.').map(Number);
function ipv6Bytes(ip: string): Buffer {
  const [plain = ''] = ip.split('%');
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): number[] =>
    part === ''
      ? []
      : part.split(':').flatMap((group) => {
          if (!group.includes('.')) return [Number.parseInt(group, 16)];
          const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(group);
          return [(a << 8) | b, (c << 8) | d];
        });
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

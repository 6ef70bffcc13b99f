// Whole conversations as frames: TCP with its handshake, UDP exchanges, frames of the link layer. What a golden capture
// is written with; who wants a broken or odd frame builds it from `frames.ts`.
import { type Bytes, bytesOf, concat } from './bytes.ts';
import {
  ethernetFrame,
  type Frame,
  ipFrame,
  llcHeader,
  snapHeader,
  TCP_FLAGS,
  tcpSegment,
  udpDatagram,
} from './frames.ts';

/** What one end sent, in one piece as its protocol means it. */
export interface Message {
  readonly from: 'client' | 'server';
  readonly bytes: Bytes;
  /** Milliseconds after the message before it. */
  readonly delay?: number;
}
export const fromClient = (bytes: Bytes): Message => ({ from: 'client', bytes });
export const fromServer = (bytes: Bytes): Message => ({ from: 'server', bytes });

/** How messages lie in segments: one each, each cut in two, or joined as far as the order of the directions allows. */
export type Segmentation = 'one-each' | 'halves' | 'joined' | 'pipelined';

/** Frames of one conversation. TCP ones can be laid into other segments, which must change nothing that is understood. */
export interface FrameGroup {
  readonly frames: readonly Frame[];
  readonly resegment?: (segmentation: Segmentation) => readonly Frame[];
}

export interface Ends {
  /** IP addresses, both IPv4 or both IPv6. */
  readonly client: string;
  readonly server: string;
  /** Port of the server. */
  readonly port: number;
  readonly clientPort?: number;
  readonly clientMac?: string;
  readonly serverMac?: string;
  readonly clientTtl?: number;
  readonly serverTtl?: number;
  readonly vlan?: number | readonly number[];
}
export interface TcpConversation extends Ends {
  /** SYN, SYN and ACK, ACK before the first message; true. */
  readonly handshake?: boolean;
  /** FIN in both directions after the last message; false. */
  readonly close?: boolean;
  /** Bytes of payload per segment at most; 1460. */
  readonly segmentSize?: number;
}

/** A TCP conversation. Every message starts a segment of its own; the other end acknowledges with its next segment. */
export function tcp(ends: TcpConversation, messages: readonly Message[]): FrameGroup {
  return {
    frames: tcpFrames(ends, messages),
    resegment: (segmentation) => tcpFrames(ends, layOut(messages, segmentation)),
  };
}

function layOut(messages: readonly Message[], segmentation: Segmentation): readonly Message[] {
  if (segmentation === 'one-each') return messages;
  if (segmentation === 'halves')
    return messages.flatMap((message) => {
      const bytes = bytesOf(message.bytes);
      if (bytes.length < 2) return [message];
      const middle = bytes.length >> 1;
      return [
        { ...message, bytes: bytes.slice(0, middle) },
        { from: message.from, bytes: bytes.slice(middle) },
      ];
    });
  const order =
    segmentation === 'joined'
      ? messages
      : // Whoever speaks first goes first: the banner of a server comes before the answer to it.
        [
          ...messages.filter((m) => m.from === messages[0]?.from),
          ...messages.filter((m) => m.from !== messages[0]?.from),
        ];
  const joined: Message[] = [];
  for (const message of order) {
    const last = joined.at(-1);
    if (last?.from === message.from)
      joined[joined.length - 1] = { ...last, bytes: concat(bytesOf(last.bytes), bytesOf(message.bytes)) };
    else joined.push(message);
  }
  return joined;
}

function tcpFrames(ends: TcpConversation, messages: readonly Message[]): Frame[] {
  const { client, server, port, clientPort = 49_152, segmentSize = 1460 } = ends;
  const frames: Frame[] = [];
  // Fixed first numbers, one of them near the end of the number space so that every golden capture also wraps.
  const next = { client: 0xffffff00, server: 0x10000000 };
  const send = (from: 'client' | 'server', flags: number, payload: Uint8Array, delay?: number) => {
    const byClient = from === 'client';
    const to = byClient ? 'server' : 'client';
    const segment = tcpSegment(
      {
        from: byClient ? client : server,
        to: byClient ? server : client,
        fromPort: byClient ? clientPort : port,
        toPort: byClient ? port : clientPort,
        sequence: next[from],
        acknowledgement: flags & TCP_FLAGS.ack ? next[to] : 0,
        flags,
      },
      payload,
    );
    const fromMac = byClient ? ends.clientMac : ends.serverMac;
    const toMac = byClient ? ends.serverMac : ends.clientMac;
    const ttl = byClient ? ends.clientTtl : ends.serverTtl;
    const bytes = ipFrame(
      {
        from: byClient ? client : server,
        to: byClient ? server : client,
        protocol: 6,
        ...(ttl === undefined ? {} : { ttl }),
        ...(fromMac === undefined ? {} : { fromMac }),
        ...(toMac === undefined ? {} : { toMac }),
        ...(ends.vlan === undefined ? {} : { vlan: ends.vlan }),
      },
      segment,
    );
    frames.push({ bytes, ...(delay === undefined ? {} : { delay }) });
    next[from] = (next[from] + payload.length + (flags & (TCP_FLAGS.syn | TCP_FLAGS.fin) ? 1 : 0)) >>> 0;
  };
  const nothing = new Uint8Array(0);
  if (ends.handshake !== false) {
    send('client', TCP_FLAGS.syn, nothing);
    send('server', TCP_FLAGS.syn | TCP_FLAGS.ack, nothing);
    send('client', TCP_FLAGS.ack, nothing);
  }
  for (const message of messages) {
    const bytes = bytesOf(message.bytes);
    for (let at = 0; at < bytes.length; at += segmentSize)
      send(
        message.from,
        TCP_FLAGS.psh | TCP_FLAGS.ack,
        bytes.slice(at, at + segmentSize),
        at === 0 ? message.delay : undefined,
      );
  }
  if (ends.close) {
    send('client', TCP_FLAGS.fin | TCP_FLAGS.ack, nothing);
    send('server', TCP_FLAGS.fin | TCP_FLAGS.ack, nothing);
    send('client', TCP_FLAGS.ack, nothing);
  }
  return frames;
}

export interface UdpOptions {
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly fromMac?: string;
  readonly toMac?: string;
  readonly ttl?: number;
  readonly vlan?: number | readonly number[];
  readonly delay?: number;
}

/** One UDP datagram in one frame. Group addresses get the MAC address that belongs to them. */
export function udp(options: UdpOptions, payload: Bytes): Frame {
  const bytes = ipFrame({ ...options, protocol: 17 }, udpDatagram(options, payload));
  return { bytes, ...(options.delay === undefined ? {} : { delay: options.delay }) };
}

/** Datagrams to and fro between a client and a server. */
export function udpExchange(ends: Ends, messages: readonly Message[]): FrameGroup {
  const { client, server, port, clientPort = 49_152 } = ends;
  const frames = messages.map(({ from, bytes, delay }) => {
    const byClient = from === 'client';
    const fromMac = byClient ? ends.clientMac : ends.serverMac;
    const toMac = byClient ? ends.serverMac : ends.clientMac;
    const ttl = byClient ? ends.clientTtl : ends.serverTtl;
    return udp(
      {
        from: byClient ? client : server,
        fromPort: byClient ? clientPort : port,
        to: byClient ? server : client,
        toPort: byClient ? port : clientPort,
        ...(fromMac === undefined ? {} : { fromMac }),
        ...(toMac === undefined ? {} : { toMac }),
        ...(ttl === undefined ? {} : { ttl }),
        ...(ends.vlan === undefined ? {} : { vlan: ends.vlan }),
        ...(delay === undefined ? {} : { delay }),
      },
      bytes,
    );
  });
  return { frames };
}

export interface LinkEnds {
  /** MAC addresses. */
  readonly from: string;
  readonly to: string;
  readonly vlan?: number | readonly number[];
}

/** One frame with an EtherType: LLDP, ARP, PROFINET. */
export const link = (ends: LinkEnds & { readonly type: number }, payload: Bytes): Frame => ({
  bytes: ethernetFrame(ends, payload),
});

/** One 802.3 frame with an LLC header: spanning tree (0x42). */
export const llc = (ends: LinkEnds & { readonly dsap: number; readonly ssap?: number }, payload: Bytes): Frame => ({
  bytes: ethernetFrame(ends, concat(llcHeader(ends.dsap, ends.ssap), bytesOf(payload))),
});

/** One 802.3 frame with a SNAP header: CDP (0x00000c2000). */
export const snap = (ends: LinkEnds & { readonly code: number }, payload: Bytes): Frame => ({
  bytes: ethernetFrame(ends, concat(snapHeader(ends.code), bytesOf(payload))),
});

/** One packet of another IP protocol than TCP and UDP. */
export const ip = (
  options: { readonly from: string; readonly to: string; readonly protocol: number; readonly ttl?: number } & Partial<
    Pick<UdpOptions, 'fromMac' | 'toMac' | 'vlan'>
  >,
  payload: Bytes,
): Frame => ({ bytes: ipFrame(options, payload) });

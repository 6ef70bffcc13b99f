// The engine from frames to observations, with a protocol made for it: who is who, where messages begin and end, what
// is kept and what is given up, and that neither chunks nor seeds nor segments change what is told.
import { type FactKind, type Observation, type ObservationBatch, subjectKey } from '@interlock/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from './engine.ts';
import { type AnyProtocol, NEED_MORE, NOT_MINE, protocol } from './protocol.ts';
import { observationsOf } from './testing/golden-lines.ts';
import {
  type Bytes,
  byteSourceOf,
  capture,
  type Frame,
  type FrameGroup,
  fromClient,
  fromServer,
  ipFrame,
  ipPacket,
  link,
  macOf,
  pcapBytes,
  TCP_FLAGS,
  tcp,
  tcpSegment,
  udp,
  write,
} from './testing/index.ts';

/** Messages are 0x4e, length (u16), text. The sender's text becomes a fact; some texts ask the engine for something. */
const note = protocol({
  name: 'note',
  title: 'Notes',
  spec: 'this test',
  depth: 'full',
  on: { tcp: [700], udp: [700], ether: [0x7777], ip: [200] },
  tells: ['device.description', 'operation', 'device.contact'],
  recognise: (reader) => reader.u8() === 0x4e && reader.u16() === reader.left && reader.ok,
  frame: (reader) => {
    if (reader.peek() !== 0x4e) return NOT_MINE;
    return reader.left < 3 ? NEED_MORE : 3 + reader.peek16(1);
  },
  open: () => ({ texts: 0 }),
  read(reader) {
    if (reader.u8() !== 0x4e) return undefined;
    const length = reader.u16();
    const text = reader.text(Math.min(length, reader.left));
    return text === 'unread' ? undefined : { text, whole: text.length === length };
  },
  observe({ text, whole }, say, conversation) {
    conversation.state.texts++;
    if (!whole) say.malformed('note.cut-off');
    if (text === 'throw') throw new Error('a mistake of ours');
    if (text.startsWith('skip ')) conversation.skip(Number(text.slice(5)));
    if (text === 'done') conversation.done();
    if (conversation.fromClient) say.operation('note', 'write', { detail: text.slice(0, 20) });
    say.fact(conversation.sender, 'device.description', text, 'text');
  },
  close: (say, conversation) =>
    say.fact(conversation.client, 'device.contact', `${conversation.state.texts} texts`, 'end'),
});
const message = (text: string) => write().u8(0x4e).lengthPrefixed16(write().text(text));

const CLIENT = '10.0.0.1';
const SERVER = '10.0.0.2';
const ends = { client: CLIENT, server: SERVER, port: 700 };
const key = (ip: string) => `${ip}@${macOf(ip)}`;
type Parts = readonly (Frame | FrameGroup)[];
const tell = (parts: Parts, options: Parameters<typeof observationsOf>[1] = {}) =>
  observationsOf(capture('test', parts).toPcap(), { protocols: [note], ...options });

/** Facts of some kinds as "subject kind value frames", in the order they were told. */
function linesOf(observations: readonly Observation[], ...kinds: FactKind[]): string[] {
  return observations
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ subject, kind, value, provenance, count }) => {
      const frames = provenance.from === 'capture' ? provenance.frames.join(',') : '';
      return `${subjectKey(subject)} ${kind} ${JSON.stringify(value)} in ${frames}${count > 1 ? ` (${count})` : ''}`;
    });
}
const texts = (observations: readonly Observation[]) =>
  observations.flatMap(({ kind, value }) => (kind === 'device.description' ? [value as string] : []));
const values = (observations: readonly Observation[], kind: FactKind) =>
  observations.flatMap((observation) => (observation.kind === kind ? [observation.value] : []));

/** TCP segments of one connection, one by one. */
function segments(options: { readonly from?: string; readonly clientPort?: number; readonly port?: number } = {}) {
  const { clientPort = 50_000, port = 700 } = options;
  const send = (
    byClient: boolean,
    sequence: number,
    payload: Bytes,
    flags = TCP_FLAGS.ack,
    acknowledgement = 0,
  ): Frame => {
    const [from, to] = byClient ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const [fromPort, toPort] = byClient ? [clientPort, port] : [port, clientPort];
    return {
      bytes: ipFrame(
        { from, to, protocol: 6 },
        tcpSegment({ from, to, fromPort, toPort, sequence, acknowledgement, flags }, payload),
      ),
    };
  };
  return {
    client: (sequence: number, payload: Bytes, flags?: number, acknowledgement?: number) =>
      send(true, sequence, payload, flags, acknowledgement),
    server: (sequence: number, payload: Bytes, flags?: number, acknowledgement?: number) =>
      send(false, sequence, payload, flags, acknowledgement),
  };
}
const NOTHING = new Uint8Array(0);

describe('messages', () => {
  test('one per segment, several in one, one over several', async () => {
    const group = tcp(ends, [fromClient(message('a')), fromServer(message('b')), fromClient(message('c'))]);
    expect(texts(await tell([group]))).toEqual(['a', 'b', 'c']);
    for (const how of ['halves', 'joined', 'pipelined'] as const) {
      const file = capture('test', [group]).resegmented(how).toPcap();
      expect(texts(await observationsOf(file, { protocols: [note] })).sort()).toEqual(['a', 'b', 'c']);
    }
  });
  test('frames that carried a message are named, the first and the last', async () => {
    const s = segments();
    const long = message('abcdef').build();
    const told = await tell([
      s.client(0, NOTHING, TCP_FLAGS.syn),
      s.client(1, long.subarray(0, 2)),
      s.client(3, long.subarray(2, 5)),
      s.client(6, write().bytes(long.subarray(5), message('g'))),
    ]);
    expect(linesOf(told, 'device.description')).toEqual([
      `${key(CLIENT)} device.description "abcdef" in 2,4`,
      `${key(CLIENT)} device.description "g" in 4`,
    ]);
  });
  test('over UDP, link layer and IP every payload is one', async () => {
    const mac = { from: macOf(CLIENT), to: macOf(SERVER) };
    const told = await tell([
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, message('udp')),
      link({ ...mac, type: 0x7777 }, message('link').zeros(60)),
      { bytes: ipFrame({ from: CLIENT, to: SERVER, protocol: 200 }, message('ip')) },
    ]);
    expect(linesOf(told, 'device.description')).toEqual([
      `${key(CLIENT)} device.description "udp" in 1`,
      `@${macOf(CLIENT)} device.description "link" in 2`,
      `${key(CLIENT)} device.description "ip" in 3`,
    ]);
  });
  test('equal facts are counted, and the first frames kept', async () => {
    const group = tcp(
      { ...ends, handshake: false },
      Array.from({ length: 20 }, () => fromClient(message('a'))),
    );
    expect(linesOf(await tell([group]), 'device.description')).toEqual([
      `${key(CLIENT)} device.description "a" in 1,2,3,4,5,6,7,8 (20)`,
    ]);
  });
  test('operations are told of the server', async () => {
    const told = await tell([tcp({ ...ends, handshake: false }, [fromClient(message('a')), fromServer(message('b'))])]);
    expect(linesOf(told, 'operation')).toEqual([
      `${key(SERVER)} operation {"from":"${key(CLIENT)}","what":"note","kind":"write","detail":"a"} in 1`,
    ]);
  });
  test('skip throws away what follows, also over a loss, and done ends the flow', async () => {
    const s = segments();
    const told = await tell([
      s.client(0, message('skip 100')),
      s.client(11, new Uint8Array(20)),
      s.client(51, new Uint8Array(40)),
      s.server(0, NOTHING, TCP_FLAGS.ack, 91),
      s.server(0, message('answer'), TCP_FLAGS.ack, 91),
      s.client(91, write().zeros(20).bytes(message('after'))),
      s.client(119, message('done')),
      s.client(126, message('unheard')),
    ]);
    expect(texts(told)).toEqual(['skip 100', 'answer', 'after', 'done']);
    expect(values(told, 'traffic.malformed')).toEqual([]);
  });
  test('the protocol is asked once when a flow ends', async () => {
    const told = await tell([tcp(ends, [fromClient(message('a')), fromServer(message('b'))])]);
    expect(values(told, 'device.contact')).toEqual(['2 texts']);
    const closed = await tell([tcp({ ...ends, close: true }, [fromClient(message('a'))])]);
    expect(values(closed, 'device.contact')).toEqual(['1 texts']);
  });
  test('an exception of a protocol is said, and comes through when strict', async () => {
    const frames = [udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, message('throw'))];
    const told = await tell(frames, { strict: false });
    expect(values(told, 'traffic.malformed')).toEqual([{ code: 'dissector-fault:note', detail: 'a mistake of ours' }]);
    await expect(tell(frames)).rejects.toThrow('a mistake of ours');
  });
});

describe('what is not whole', () => {
  const s = segments();
  const syn = s.client(0, NOTHING, TCP_FLAGS.syn);
  test('the last message is read as far as it is there, and not malformed for it', async () => {
    const part = message('abcdef').build().subarray(0, 6);
    for (const end of [[], [s.client(7, NOTHING, TCP_FLAGS.fin)], [s.client(7, NOTHING, TCP_FLAGS.rst)]]) {
      const told = await tell([syn, s.client(1, part), ...end]);
      expect(texts(told)).toEqual(['abc']);
      expect(values(told, 'traffic.malformed')).toEqual([]);
    }
  });
  test('a connection met in its middle starts with the first segment that starts with a message', async () => {
    const told = await tell([
      s.client(100, write().text('rest of it')),
      s.client(110, message('a')),
      s.server(5, message('b')),
    ]);
    expect(texts(told)).toEqual(['a', 'b']);
    expect(values(told, 'traffic.malformed')).toEqual([]);
  });
  test('also behind a long message whose beginning was not seen', async () => {
    const rest = Array.from({ length: 10 }, (_, n) => s.server(100 + n * 4, write().text('body')));
    expect(texts(await tell([...rest, s.client(7, message('a')), s.server(140, message('b'))]))).toEqual(['a', 'b']);
  });
  test('after a loss it goes on where a segment starts with a message', async () => {
    const told = await tell([
      syn,
      s.client(1, message('a')),
      s.client(50, write().text('middle')),
      s.client(56, message('b')),
      s.server(1, message('answer'), TCP_FLAGS.ack, 60),
    ]);
    expect(texts(told)).toEqual(['a', 'b', 'answer']);
    expect(values(told, 'traffic.malformed')).toEqual([]);
  });
  test('a loss within a message of known length: the next one is found', async () => {
    const long = message('x'.repeat(50)).build();
    const told = await tell([
      syn,
      s.client(1, long.subarray(0, 13)),
      s.client(24, write().bytes(long.subarray(23), message('next'))),
      s.server(1, message('answer'), TCP_FLAGS.ack, 61),
    ]);
    expect(texts(told)).toEqual(['x'.repeat(10), 'next', 'answer']);
  });
  test('bytes that the capture cut off are a loss', async () => {
    const long = message('x'.repeat(200)).build();
    const parts = [syn, s.client(1, long), s.client(204, message('next'))];
    const frames = capture('test', parts).frames;
    const told = await observationsOf(pcapBytes(frames, 1, { snapLength: 100 }), { protocols: [note] });
    expect(texts(told)).toEqual(['x'.repeat(43), 'next']);
    const datagram = [udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, long)];
    const cut = pcapBytes(capture('test', datagram).frames, 1, { snapLength: 100 });
    expect(values(await observationsOf(cut, { protocols: [note] }), 'traffic.malformed')).toEqual([]);
  });
  test('a message that is too long is read as far as it is kept, and the next one is found', async () => {
    const huge = write().u8(0x4e).u16(0xffff);
    const long = protocol({
      ...note,
      frame: (reader) =>
        reader.peek() === 0x4e ? (reader.peek16(1) === 0xffff ? 400_000 : 3 + reader.peek16(1)) : NOT_MINE,
    });
    const body = huge.bytes(new Uint8Array(400_000 - 3).fill(0x61), message('next'));
    const told = await tell([tcp(ends, [fromClient(message('a')), fromClient(body)])], { protocols: [long] });
    expect(texts(told).map((text) => text.slice(0, 4))).toEqual(['a', 'aaaa', 'next']);
    expect(values(told, 'traffic.limit')).toMatchObject([{ code: 'messages.oversized' }]);
  });
  test('bytes that are no message are said once, of a flow that was understood before', async () => {
    const told = await tell([
      syn,
      s.client(1, message('a')),
      s.client(5, write().text('what is this')),
      s.client(17, write().text('and this')),
      s.client(25, message('b')),
    ]);
    expect(texts(told)).toEqual(['a', 'b']);
    expect(linesOf(told, 'traffic.malformed')).toEqual([
      `${key(CLIENT)} traffic.malformed {"code":"note.no-message"} in 3`,
    ]);
  });
});

describe('finding out what a flow is', () => {
  const junk = write().text('GARBAGE');
  test('by its bytes on a port of nobody, from either end', async () => {
    const odd = { ...ends, port: 9000 };
    expect(texts(await tell([tcp(odd, [fromClient(message('a')), fromServer(message('b'))])]))).toEqual(['a', 'b']);
    expect(
      texts(await tell([tcp(odd, [fromClient(junk), fromServer(message('b')), fromClient(message('c'))])])),
    ).toEqual(['b', 'c']);
    expect(texts(await tell([udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 9000 }, message('a'))]))).toEqual([
      'a',
    ]);
  });
  test('of several that claim a port the one that reads it', async () => {
    const other: AnyProtocol = protocol({
      name: 'other',
      title: 'Other',
      spec: 'this test',
      depth: 'full',
      on: { tcp: [700], udp: [700] },
      tells: ['device.location'],
      frame: () => NEED_MORE,
      read: () => undefined,
      observe: () => undefined,
    });
    const frames = [
      tcp(ends, [fromClient(message('a'))]),
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, message('b')),
    ];
    expect(texts(await tell(frames, { protocols: [other, note] }))).toEqual(['a', 'b']);
  });
  test('given up, and told per server and port', async () => {
    let frames = 0;
    const counting = protocol({
      ...note,
      frame: (reader, conversation) => {
        frames++;
        return note.frame?.(reader, conversation) ?? NOT_MINE;
      },
    });
    const flows = [1, 2, 3].map((n) =>
      tcp(
        { ...ends, clientPort: 50_000 + n },
        Array.from({ length: 30 }, () => fromClient(junk)),
      ),
    );
    const told = await tell(flows, { protocols: [counting] });
    expect(values(told, 'traffic.not-understood')).toEqual([{ transport: 'tcp', port: 700 }]);
    expect(told.find(({ kind }) => kind === 'traffic.not-understood')?.count).toBe(3);
    expect(values(told, 'traffic.malformed')).toEqual([]);
    expect(frames).toBeLessThan(3 * 6);
  });
  test('another connection between the same ports gets another chance', async () => {
    const s = segments();
    const told = await tell([
      s.client(0, NOTHING, TCP_FLAGS.syn),
      s.client(1, junk),
      s.client(8, message('unheard')),
      s.client(9000, NOTHING, TCP_FLAGS.syn),
      s.server(7000, NOTHING, TCP_FLAGS.syn | TCP_FLAGS.ack),
      s.client(9001, message('a')),
      s.server(7001, message('b')),
      s.client(20_000, NOTHING, TCP_FLAGS.syn),
      s.client(20_001, message('c')),
    ]);
    expect(texts(told)).toEqual(['a', 'b', 'c']);
  });
});

describe('client and server', () => {
  const of = async (parts: Parts) => {
    const told = await tell(parts);
    return linesOf(told, 'conversation').map(
      (line) => `${line.split('@')[0]} > ${/"peer":"([^@"]*)/.exec(line)?.[1]} ${/"port":(\d+)/.exec(line)?.[1]}`,
    );
  };
  const s = (clientPort: number, port: number) => segments({ clientPort, port });
  test.each<[string, Parts, string[]]>([
    ['who sends SYN is the client', [s(80, 60_000).client(0, NOTHING, TCP_FLAGS.syn)], ['10.0.0.1 > 10.0.0.2 60000']],
    [
      'who answers it is the server',
      [s(60_000, 80).server(0, NOTHING, TCP_FLAGS.syn | TCP_FLAGS.ack)],
      ['10.0.0.1 > 10.0.0.2 80'],
    ],
    ['a port that a protocol claims is the server', [s(700, 500).client(0, message('a'))], ['10.0.0.2 > 10.0.0.1 700']],
    ['else the lower port', [s(5000, 6000).client(0, NOTHING)], ['10.0.0.2 > 10.0.0.1 5000']],
    [
      'a SYN that comes late decides',
      [s(5000, 6000).client(0, NOTHING), s(5000, 6000).client(0, NOTHING, TCP_FLAGS.syn)],
      ['10.0.0.1 > 10.0.0.2 6000'],
    ],
    [
      'UDP: who sends first is the client',
      [udp({ from: CLIENT, fromPort: 5000, to: SERVER, toPort: 6000 }, NOTHING)],
      ['10.0.0.1 > 10.0.0.2 6000'],
    ],
    [
      'UDP: but not from a port that a protocol claims',
      [udp({ from: CLIENT, fromPort: 700, to: SERVER, toPort: 6000 }, NOTHING)],
      ['10.0.0.2 > 10.0.0.1 700'],
    ],
    [
      'UDP: nor from a port that nobody owns to one that somebody may',
      [udp({ from: CLIENT, fromPort: 6000, to: SERVER, toPort: 50_000 }, NOTHING)],
      ['10.0.0.2 > 10.0.0.1 6000'],
    ],
    [
      'an answer to everybody is told by the port it comes from',
      [udp({ from: CLIENT, fromPort: 6000, to: '255.255.255.255', toPort: 50_000 }, NOTHING)],
      ['10.0.0.1 > 255.255.255.255 6000'],
    ],
    [
      'a group is never a client',
      [udp({ from: CLIENT, fromPort: 700, to: '239.0.0.1', toPort: 6000 }, NOTHING)],
      ['10.0.0.1 > 239.0.0.1 6000'],
    ],
  ])('%s', async (_, parts, expected) => expect(await of(parts)).toEqual(expected));
});

describe('what the engine says itself', () => {
  test('who was seen, with TTL and VLAN; who only received was not', async () => {
    const told = await tell([
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 2, ttl: 64 }, NOTHING),
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 3, ttl: 63, vlan: 7 }, NOTHING),
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 3, ttl: 63, vlan: 7 }, NOTHING),
    ]);
    expect(linesOf(told, 'address.seen', 'network.ttl', 'network.vlan')).toEqual([
      `${key(CLIENT)} address.seen true in 1,2 (3)`,
      `${key(CLIENT)} network.ttl 64 in 1`,
      `${key(CLIENT)} network.ttl 63 in 2`,
      `${key(CLIENT)} network.vlan 7 in 2`,
    ]);
  });
  test('also who sends the packets that carry those of a tunnel', async () => {
    const inner = ipPacket({ from: CLIENT, to: SERVER, protocol: 89, ttl: 60 }, write().zeros(8));
    const told = await tell([
      { bytes: ipFrame({ from: '10.9.9.1', to: '10.9.9.2', protocol: 4, ttl: 255, vlan: 7 }, inner) },
      { bytes: ipFrame({ from: '10.9.9.1', to: '10.9.9.2', protocol: 47 }, write().hex('0000 0800').bytes(inner)) },
    ]);
    expect(linesOf(told, 'address.seen', 'network.ttl', 'network.vlan')).toEqual([
      `${key('10.9.9.1')} address.seen true in 1,2 (2)`,
      `${key('10.9.9.1')} network.ttl 255 in 1`,
      `${key('10.9.9.1')} network.ttl 64 in 2`,
      `${key('10.9.9.1')} network.vlan 7 in 1`,
      `${CLIENT} address.seen true in 1 (2)`,
      `${CLIENT} network.ttl 60 in 1`,
    ]);
  });
  test('conversations with what each end sent, and services that were answered', async () => {
    const told = await tell([
      tcp({ ...ends, clientPort: 50_001 }, [fromClient(message('a')), fromServer(message('b'))]),
      tcp({ ...ends, clientPort: 50_002 }, [fromClient(message('a'))]),
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 2 }, NOTHING),
    ]);
    expect(linesOf(told, 'service.offered')).toEqual([
      `${key(SERVER)} service.offered {"transport":"tcp","port":700,"protocol":"note"} in 2 (2)`,
    ]);
    expect(values(told, 'conversation')).toEqual([
      {
        peer: key(SERVER),
        transport: 'tcp',
        port: 700,
        protocol: 'note',
        packetsSent: 6,
        packetsReceived: 3,
        bytesSent: 360,
        bytesReceived: 180,
      },
      {
        peer: key(SERVER),
        transport: 'udp',
        port: 2,
        packetsSent: 1,
        packetsReceived: 0,
        bytesSent: 60,
        bytesReceived: 0,
      },
    ]);
  });
  test('conversations without ports, by what they are', async () => {
    const packet = (protocol: number) => ({
      bytes: ipFrame({ from: CLIENT, to: SERVER, protocol }, write().zeros(40)),
    });
    const told = await tell([
      packet(1),
      packet(89),
      link({ from: macOf(CLIENT), to: macOf(SERVER), type: 0x7778 }, NOTHING),
    ]);
    expect(values(told, 'conversation')).toMatchObject([
      { transport: 'icmp', port: 1 },
      { transport: 'ip', port: 89 },
      { transport: 'link', port: 0x7778, peer: `@${macOf(SERVER)}` },
    ]);
  });
  test('a refused connection is no service', async () => {
    const s = segments();
    const told = await tell([
      s.client(0, NOTHING, TCP_FLAGS.syn),
      s.server(0, NOTHING, TCP_FLAGS.rst | TCP_FLAGS.ack, 1),
    ]);
    expect(values(told, 'service.offered')).toEqual([]);
  });
  test('an address that changes hands is told with both MAC addresses', async () => {
    const of = (fromMac: string) =>
      udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700, fromMac }, message(fromMac));
    const told = await tell([of('02:00:00:00:00:01'), of('02:00:00:00:00:02')]);
    expect(linesOf(told, 'address.seen', 'device.description')).toEqual([
      `${CLIENT}@02:00:00:00:00:01 device.description "02:00:00:00:00:01" in 1`,
      `${CLIENT}@02:00:00:00:00:02 device.description "02:00:00:00:00:02" in 2`,
      `${CLIENT}@02:00:00:00:00:01 address.seen true in 1`,
      `${CLIENT}@02:00:00:00:00:02 address.seen true in 2`,
    ]);
  });
  test('packets seen twice, before and after a router, are read once', async () => {
    const frames = tcp(ends, [fromClient(message('a')), fromServer(message('b')), fromClient(message('c'))]).frames;
    const routed = frames.flatMap((frame) => {
      const copy = frame.bytes.slice();
      copy.set([2, 0, 0, 0, 0xff, 1, 2, 0, 0, 0, 0xff, 2]);
      return [frame, { bytes: copy }];
    });
    const told = await tell(routed);
    expect(texts(told)).toEqual(['a', 'b', 'c']);
    expect(values(told, 'address.seen')).toHaveLength(4); // both hosts, and both of them behind the router's MAC address
  });
  test('broken headers, counted by what is wrong and who sent them', async () => {
    const broken = ipFrame({ from: CLIENT, to: SERVER, protocol: 17 }, write().u16(1, 2, 3, 0));
    const told = await tell([
      { bytes: broken },
      { bytes: broken },
      { bytes: write().mac(macOf(SERVER)).mac(macOf(CLIENT)).u16(0x0800).u8(0x40).zeros(30).build() },
    ]);
    expect(linesOf(told, 'traffic.malformed')).toEqual([
      `${key(CLIENT)} traffic.malformed {"code":"udp.length"} in 1,2 (2)`,
      `@${macOf(CLIENT)} traffic.malformed {"code":"ipv4.header-length"} in 3`,
    ]);
  });
  test('a damaged capture, and what could be read of it', async () => {
    const file = capture('test', [udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, message('a'))]).toPcap();
    const told = await observationsOf(file.slice(0, -3), { protocols: [note] });
    expect(values(told, 'capture.damaged')).toHaveLength(1);
    const nothing = await observationsOf(write().text('<html>').build(), {});
    expect(values(nothing, 'capture.damaged')).toMatchObject([{ code: 'capture.not-a-capture' }]);
  });
  test('a link type that is not known', async () => {
    const file = pcapBytes(capture('test', [{ bytes: new Uint8Array(20) }]).frames, 199);
    expect(values(await observationsOf(file, {}), 'traffic.malformed')).toEqual([
      { code: 'link-type.unknown', detail: 'link type 199' },
    ]);
  });
});

describe('limits', () => {
  const flood = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      udp({ from: CLIENT, fromPort: 1000 + i, to: SERVER, toPort: 700 }, message(`m${i}`)),
    );
  test('flows: the ones silent longest are ended, and every packet is counted', async () => {
    const told = await tell(flood(100), { limits: { flows: 16 } });
    expect(texts(told)).toHaveLength(100);
    expect(values(told, 'conversation')).toMatchObject([{ packetsSent: 100 }]);
    expect(linesOf(told, 'traffic.limit')[0]).toContain('flows.evicted');
  });
  test('conversations are given out before there are too many', async () => {
    const told = await tell(
      Array.from({ length: 50 }, (_, i) => udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 2000 + i }, NOTHING)),
      { limits: { conversations: 8 } },
    );
    expect(values(told, 'conversation')).toHaveLength(50);
  });
  test('endpoints', async () => {
    const frames = Array.from({ length: 50 }, (_, i) =>
      udp({ from: `10.1.0.${i}`, fromPort: 1, to: SERVER, toPort: 700 }, message('a')),
    );
    const told = await tell(frames, { limits: { endpoints: 10 } });
    expect(values(told, 'address.seen').length).toBeLessThanOrEqual(10);
    expect(linesOf(told, 'traffic.limit')[0]).toContain('endpoints.refused');
  });
  test('flows of which something is kept', async () => {
    const told = await tell(flood(100), { limits: { openFlows: 16 } });
    expect(texts(told)).toHaveLength(100);
    expect(linesOf(told, 'traffic.limit')[0]).toContain('streams.dropped');
  });
  test('different values of one kind about one subject', async () => {
    const told = await tell(flood(600));
    expect(texts(told)).toHaveLength(512);
    expect(linesOf(told, 'traffic.limit')[0]).toContain('observations.refused');
  });
  test('observations in one stretch: another one starts', async () => {
    const batches: ObservationBatch[] = [];
    const file = capture('test', flood(100)).toPcap();
    for await (const batch of analyse(byteSourceOf(file), { protocols: [note], limits: { observations: 20 } }))
      batches.push(batch);
    expect(batches.map(({ stretch }) => stretch)).toEqual(batches.map((_, n) => n));
    expect(batches.filter(({ end }) => end)).toEqual([batches.at(-1)]);
    expect(batches.length).toBeGreaterThan(10);
    expect(texts(batches.flatMap(({ observations }) => observations))).toHaveLength(100);
  });
});

describe('always the same', () => {
  const scenario: Parts = [
    tcp(ends, [
      fromClient(message('a')),
      fromServer(message('b')),
      fromClient(message('skip 5')),
      fromClient(write().text('12345')),
    ]),
    ...Array.from({ length: 300 }, (_, i) =>
      udp(
        { from: `10.2.0.${i % 200}`, fromPort: 1000 + i, to: SERVER, toPort: i % 3 ? 700 : 9999 },
        i % 5 ? message(`m${i % 7}`) : write().text('junk'),
      ),
    ),
    tcp({ ...ends, clientPort: 4444 }, [fromClient(write().text('junk')), fromServer(message('late'))]),
    tcp({ ...ends, clientPort: 4444, close: true }, [fromClient(message('again'))]),
  ];
  const batchesOf = async (chunk: number, seed: number, later = false) => {
    const batches: ObservationBatch[] = [];
    const options = {
      protocols: [note],
      seed,
      limits: { flows: 64, openFlows: 20, observations: 30, conversations: 20 },
    };
    for await (const batch of analyse(byteSourceOf(capture('test', scenario).toPcap(), chunk, later), options))
      batches.push(batch);
    return batches;
  };
  test('whatever the chunks and the seed', async () => {
    const expected = await batchesOf(Number.POSITIVE_INFINITY, 0);
    expect(expected.length).toBeGreaterThan(3);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.integer(), fc.boolean(), async (chunk, seed, later) => {
        expect(await batchesOf(chunk, seed, later)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

test('any order, repetition and cut of segments gives the same messages', async () => {
  const all = Array.from({ length: 12 }, (_, n) => `${n}-${'x'.repeat(n)}`);
  const stream = write()
    .bytes(...all.map(message))
    .build();
  const s = segments();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 15 }),
      fc.array(fc.nat(1000), { minLength: 32, maxLength: 32 }),
      fc.array(fc.nat(15), { maxLength: 8 }),
      async (cuts, order, repeated) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const pieces = ends.slice(0, -1).map((from, n) => s.client(1 + from, stream.subarray(from, ends[n + 1])));
        const sent = [...pieces, ...repeated.flatMap((n) => pieces[n] ?? [])]
          .map((frame, n) => ({ frame, key: order[n] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ frame }) => frame);
        const told = await tell([s.client(0, NOTHING, TCP_FLAGS.syn), ...sent]);
        expect(texts(told)).toEqual(all);
        expect(values(told, 'traffic.malformed')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

test('any payloads and frames go through without an exception', async () => {
  const s = segments();
  const payload = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(message('a').build()), fc.constant(hexPrefix));
  const frame = fc.oneof(
    fc
      .tuple(fc.boolean(), fc.nat(300), payload, fc.nat(31))
      .map(([byClient, sequence, bytes, flags]) =>
        byClient ? s.client(sequence, bytes, flags) : s.server(sequence, bytes, flags),
      ),
    payload.map((bytes) => udp({ from: CLIENT, fromPort: 1, to: SERVER, toPort: 700 }, bytes)),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => ({ bytes })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 40 }), async (frames) => {
      await tell(frames);
    }),
    { numRuns: 500 },
  );
});
const hexPrefix = Uint8Array.of(0x4e, 0, 9, 0x61);

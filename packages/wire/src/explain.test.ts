// A frame explained: every layer with its bytes, the message with its values named, and where a fact's value lies.
import { describe, expect, test } from 'vitest';
import { explainFrame, explainFrames } from './explain.ts';
import { locate } from './locate.ts';
import { protocol } from './protocol.ts';
import {
  byteSourceOf,
  capture,
  concat,
  ethernetFrame,
  type Frame,
  type FrameGroup,
  fromClient,
  fromServer,
  hex,
  ipFrame,
  ipPacket,
  tcp,
  udp,
  udpDatagram,
  write,
} from './testing/index.ts';

/** A message: 0x51, version (two bytes), name of 8 bytes, address, number, and the rest. */
const device = protocol({
  name: 'device',
  title: 'Device announcements',
  spec: 'this test',
  depth: 'full',
  on: { tcp: [701], udp: [701] },
  tells: ['device.hostname'],
  frame: (reader) => (reader.left < 4 ? 0 : reader.peek() === 0x51 ? 4 + reader.peek16(2) : -1),
  read(reader) {
    if (reader.u8() !== 0x51) return undefined;
    reader.skip(1);
    const body = reader.sub(reader.u16());
    return { major: body.u8(), minor: body.u8(), name: body.text(8).trim(), address: body.ipv4(), serial: body.u32() };
  },
  observe: ({ name }, say, { sender }) => say.fact(sender, 'device.hostname', name, 'name'),
});
const body = write().u8(3, 14).text('press-7', 8, 0x20).ipv4('10.0.0.9').u32(0x01020304).text('and the rest');
const message = write().u8(0x51, 0).lengthPrefixed16(body).build();
const ends = { client: '10.0.0.1', server: '10.0.0.2', port: 701 };

const sourceOf = (parts: readonly (Frame | FrameGroup)[]) => byteSourceOf(capture('test', parts).toPcap());
async function explain(parts: readonly (Frame | FrameGroup)[], frame: number) {
  const explained = await explainFrame(sourceOf(parts), frame, { protocols: [device] });
  if (!explained) throw new Error('no such frame');
  return explained;
}
const namesOf = ({ layers }: Awaited<ReturnType<typeof explain>>) =>
  layers.map(({ name, start, end }) => `${name} ${start}-${end}`);
const fieldsOf = ({ layers }: Awaited<ReturnType<typeof explain>>) =>
  layers
    .at(-1)
    ?.fields.map(
      ({ name, value, start, end, elsewhere }) => `${name} = ${value} ${elsewhere ? 'elsewhere' : `${start}-${end}`}`,
    );

describe('a frame', () => {
  test('with its headers and the message in it', async () => {
    const explained = await explain([tcp(ends, [fromClient(message)])], 4);
    expect(namesOf(explained)).toEqual(['ethernet 0-14', 'ipv4 14-34', 'tcp 34-54', 'device 54-88']);
    expect(fieldsOf(explained)).toEqual([
      'number = 81 54-55',
      'number = 30 56-58',
      'major = 3 58-59',
      'minor = 14 59-60',
      'name = press-7 60-68',
      'address = 10.0.0.9 68-72'.replace('10.0.0.9', '0a000009'),
      'serial = 16909060 72-76',
    ]);
    expect(explained.layers[1]?.fields.find(({ name }) => name === 'Source address')).toEqual({
      name: 'Source address',
      value: '10.0.0.1',
      start: 26,
      end: 30,
    });
  });
  test('of a message over several frames shows what it carries itself', async () => {
    const parts = [tcp({ ...ends, segmentSize: 10 }, [fromClient(message)])];
    expect(fieldsOf(await explain(parts, 4))).toContain('major = 3 58-59');
    expect(fieldsOf(await explain(parts, 4))).toContain('name = press-7 elsewhere');
    expect(fieldsOf(await explain(parts, 5))).toContain('address = 0a000009 58-62');
    expect(fieldsOf(await explain(parts, 5))).toContain('major = 3 elsewhere');
    expect(namesOf(await explain(parts, 7)).at(-1)).toBe('device 54-58');
  });
  test('with several messages, or with one that was never completed', async () => {
    const two = await explain([tcp(ends, [fromClient(concat(message, message))])], 4);
    expect(namesOf(two).slice(3)).toEqual(['device 54-88', 'device 88-122']);
    const part = await explain([tcp(ends, [fromClient(message.subarray(0, 16))])], 4);
    expect(fieldsOf(part)).toEqual(['number = 81 54-55', 'number = 30 56-58']);
  });
  test('of another conversation is not explained by this one', async () => {
    const parts = [
      tcp({ ...ends, segmentSize: 10 }, [fromClient(message)]),
      udp({ from: '10.0.0.5', fromPort: 1, to: '10.0.0.6', toPort: 2 }, write().text('else')),
    ];
    const frames = capture('test', parts).frames;
    const mixed = [...frames.slice(0, 5), ...frames.slice(-1), ...frames.slice(5, -1)].map(({ bytes }) => ({ bytes }));
    expect(namesOf(await explain(mixed, 6))).toEqual(['ethernet 0-14', 'ipv4 14-34', 'udp 34-42']);
  });
  test('in a tunnel, over UDP and IPv6', async () => {
    const inner = ipPacket(
      { from: 'fd00::1', to: 'fd00::2', protocol: 17 },
      udpDatagram({ from: 'fd00::1', to: 'fd00::2', fromPort: 1, toPort: 701 }, message),
    );
    const frame = { bytes: ipFrame({ from: '192.0.2.1', to: '192.0.2.2', protocol: 41 }, inner) };
    expect(namesOf(await explain([frame], 1))).toEqual([
      'ethernet 0-14',
      'ipv4 14-34',
      'ipv6 34-74',
      'udp 74-82',
      'device 82-116',
    ]);
  });
  test('several at once, in one run; those that are not there are left out', async () => {
    const parts = [tcp(ends, [fromClient(message), fromServer(message)])];
    const explained = await explainFrames(sourceOf(parts), [5, 4, 99, 4], { protocols: [device] });
    expect(explained.map(({ frame, layers }) => [frame, layers.length])).toEqual([
      [4, 4],
      [5, 4],
    ]);
    expect(await explainFrame(sourceOf(parts), 99)).toBeUndefined();
    expect(await explainFrame(byteSourceOf(hex('00')), 1)).toBeUndefined();
  });
});

test('headers of other links and tags', async () => {
  const layersOf = async (bytes: Uint8Array, linkType: number) => {
    const file = capture('test', [{ bytes }], { linkType }).toPcap();
    const explained = await explainFrame(byteSourceOf(file), 1, { protocols: [] });
    return explained?.layers.map(({ name }) => name).join(' ');
  };
  const packet = ipPacket({ from: '10.0.0.1', to: '10.0.0.2', protocol: 1 }, hex('0800 0000'));
  const ethernet = (type: number, payload: Uint8Array) =>
    ethernetFrame({ from: '02:00:00:00:00:01', to: '02:00:00:00:00:02', type }, payload);
  expect(
    await layersOf(
      ethernetFrame({ from: '02:00:00:00:00:01', to: '02:00:00:00:00:02', type: 0x0800, vlan: [5, 6] }, packet),
      1,
    ),
  ).toBe('ethernet vlan vlan ipv4 icmp');
  expect(await layersOf(ethernet(0x8847, concat(hex('00065140'), packet)), 1)).toBe('ethernet mpls ipv4 icmp');
  expect(await layersOf(ethernet(0x8864, concat(hex('1100 0001 001a 0021'), packet)), 1)).toBe(
    'ethernet pppoe ppp ipv4 icmp',
  );
  expect(await layersOf(ethernet(0x892f, concat(hex('0034 0001 0800'), packet)), 1)).toBe('ethernet hsr ipv4 icmp');
  expect(await layersOf(packet, 101)).toBe('ipv4 icmp');
  expect(await layersOf(concat(hex('02000000'), packet), 0)).toBe('loopback ipv4 icmp');
  expect(await layersOf(concat(hex('0000 0001 0006 020000000001 0000 0800'), packet), 113)).toBe('sll ipv4 icmp');
  expect(await layersOf(hex('0801'), 105)).toBe('wlan');
  const gre = (rest: string) =>
    ipFrame({ from: '192.0.2.1', to: '192.0.2.2', protocol: 47 }, concat(hex(rest), ethernet(0x0800, packet)));
  expect(await layersOf(gre('1000 88be 00000000 1007 0001 00000000'), 1)).toBe(
    'ethernet ipv4 gre erspan ethernet ipv4 icmp',
  );
});

describe('where a value lies', () => {
  const told = async (value: unknown) =>
    locate(await explain([tcp(ends, [fromClient(message)])], 4), value).map(({ start, end }) => `${start}-${end}`);
  test.each<[string, unknown, string[]]>([
    ['what was read as it is', 'press-7', ['60-68']],
    ['a version made of two numbers', 'V3.14', ['58-60']],
    ['a number', 0x01020304, ['72-76']],
    ['an address', '10.0.0.9', ['68-72']],
    ['hex digits', '0x01020304', ['72-76']],
    ['a text that nobody read', 'the rest', ['80-88']],
    ['the texts of a record', { name: 'press-7', serial: 0x01020304 }, ['60-68', '72-76']],
    ['what is in a header', '02:00:0a:00:00:01', ['6-12']],
    ['a conclusion of its own', 'gateway', []],
    ['a number that is everywhere', 7, []],
    ['nothing', true, []],
  ])('%s', async (_, value, expected) => expect(await told(value)).toEqual(expected));

  test('names of DNS, other alphabets', async () => {
    const payload = write().hex('51000000').hex('05').text('press').hex('05').text('local').u8(0).utf16le('Halle');
    const explained = await explain([udp({ from: '10.0.0.1', fromPort: 1, to: '10.0.0.2', toPort: 701 }, payload)], 1);
    expect(locate(explained, 'press.local')).toEqual([{ start: 46, end: 58 }]);
    expect(locate(explained, 'press.example')).toEqual([{ start: 46, end: 52 }]);
    expect(locate(explained, 'Halle')).toEqual([{ start: 59, end: 69 }]);
  });
});

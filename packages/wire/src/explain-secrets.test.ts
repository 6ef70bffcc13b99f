// What is hidden in the frames of a message, and where there is no message: pieces of packets, quotes of them, and the
// traffic of protocols that carry passwords and are not read.
import { expect, it, test } from 'vitest';
import { explainFrame, explainFrames } from './explain.ts';
import {
  ber,
  byteSourceOf,
  capture,
  concat,
  ethernetFrame,
  type Frame,
  type FrameGroup,
  fromClient,
  hex,
  ipFrame,
  tcp,
  udp,
  udpDatagram,
  write,
} from './testing/index.ts';

async function explain(parts: readonly (Frame | FrameGroup)[], linkType = 1) {
  const file = capture('test', parts, { linkType });
  const explained = await explainFrames(
    byteSourceOf(file.toPcap()),
    file.frames.map((_, n) => n + 1),
  );
  return explained.flatMap(({ bytes, masked, layers, frame }) => {
    const text = Buffer.from(bytes).toString('latin1');
    return masked.length > 0 ? [{ frame, text, masked: masked.map(({ what }) => what), layers }] : [];
  });
}
const post = (target: string, type: string, body: string, ...fields: readonly string[]) =>
  [`POST ${target} HTTP/1.1`, `Content-Type: ${type}`, ...fields, '', body].join('\r\n');
const sized = (target: string, type: string, body: string) =>
  post(target, type, body, `Content-Length: ${body.length}`);
const http = (text: string, segmentSize?: number) =>
  tcp({ client: '10.0.0.1', server: '10.0.0.2', port: 80, ...(segmentSize ? { segmentSize } : {}) }, [
    fromClient(write().text(text)),
  ]);
const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['in a form', sized('/', FORM, 'user=op&password=hush77&x=1')],
  ['under a name that is written in escapes', sized('/', FORM, 'user=op&p%61ssword=hush77&x=1')],
  ['in a query', sized('/?user=op&p%61ss=hush77', FORM, 'a=1')],
  ['in chunks', post('/', FORM, '5\r\npassw\r\nb\r\nord=hush77&\r\n0\r\n\r\n', 'Transfer-Encoding: chunked')],
  ['in JSON', sized('/', 'application/json', '{"user":"op","password":"hush77"}')],
  [
    'in a part of a form',
    sized(
      '/',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="pwd"\r\n\r\nhush77\r\n--b--',
    ),
  ],
  [
    'in a folded field',
    sized('/', FORM, 'a=1').replace('\r\n\r\n', '\r\nAuthorization: Basic\r\n b3A6\r\n hush77\r\n\r\n'),
  ],
])('a password %s, whatever the segments', async (_, text) => {
  for (let size = 3; size <= text.length; size += size < 12 ? 1 : 17) {
    const shown = await explain([http(text, size)]);
    const all = shown.map(({ text: bytes }) => bytes.slice(54)).join('');
    expect(all).not.toContain('hush77');
    expect(JSON.stringify(shown.map(({ layers }) => layers))).not.toContain('hush77');
    // Of six letters no three are shown, wherever the segments end.
    if (size >= 6) for (const part of ['hush', 'ush7', 'sh77']) expect(all).not.toContain(part);
  }
});

it('keeps showing what is no secret', async () => {
  const [frame] = await explain([http(sized('/', FORM, 'user=op&password=hush77&x=1'))]);
  expect(frame?.text).toContain('user=op&password=******&x=1');
  expect(frame?.masked).toEqual(['HTTP form password']);
});

it('says what a hidden value is', async () => {
  const [frame] = await explain([http('GET / HTTP/1.1\r\nAuthorization: Basic b3A6eA==\r\n\r\n')]);
  expect(frame?.layers.at(-1)?.fields.map(({ value }) => value)).toContain('hidden: HTTP basic password');
});

/** A question of SNMP version 2c with this community. */
const message = ber(
  0x30,
  ber(0x02, write().u8(1)),
  ber(0x04, write().text('hush77')),
  ber(0xa0, hex('020101 020100 020100'), ber(0x30, ber(0x30, ber(0x06, hex('2b06010201010500')), ber(0x05)))),
);
const ends = { from: '10.0.0.1', to: '10.0.0.2', protocol: 17 };

it('hides pieces of packets and what errors quote of them', async () => {
  const datagram = udpDatagram({ from: ends.from, to: ends.to, fromPort: 40_000, toPort: 161 }, message);
  const shown = await explain([
    { bytes: ipFrame({ ...ends, moreFragments: true }, datagram.subarray(0, 16)) },
    { bytes: ipFrame({ ...ends, offset: 16 }, datagram.subarray(16)) },
    {
      bytes: ipFrame(
        { from: ends.to, to: ends.from, protocol: 1 },
        concat(hex('0303 0000 00000000'), ipFrame(ends, datagram).subarray(14)),
      ),
    },
  ]);
  expect(shown.map(({ frame }) => frame)).toEqual([1, 2, 3]);
  for (const { text } of shown) expect(text).not.toMatch(/hush|77/);
});

it('hides logins of protocols that are not read', async () => {
  const login = (port: number, text: string) =>
    tcp({ client: '10.0.0.1', server: '10.0.0.2', port }, [fromClient(write().text(text))]);
  const pap = write().hex('1100 0001 0011 c023 0101000f 026f70 06').text('hush77');
  const macs = { from: '02:00:00:00:00:01', to: '02:00:00:00:00:02' };
  const parts = [
    login(119, 'hush77\r\n'),
    login(4021, 'USER op\r\nPASS hush77\r\n'),
    udp({ from: '10.0.0.1', fromPort: 520, to: '224.0.0.9', toPort: 520 }, write().text('hush77')),
    { bytes: ethernetFrame({ ...macs, type: 0x8864 }, pap) },
    { bytes: ipFrame({ from: '10.0.0.1', to: '224.0.0.5', protocol: 89 }, write().text('hush77')) },
  ];
  const shown = await explain(parts);
  expect(shown.map(({ layers }) => layers.at(-1)?.name)).toEqual(['tcp', 'tcp', 'udp', 'ppp', 'ipv4']);
  for (const { text } of shown) expect(text).not.toContain('hush77');
});

it('shows what is no login', async () => {
  const file = capture('test', [
    udp({ from: '10.0.0.1', fromPort: 4000, to: '10.0.0.2', toPort: 4001 }, write().text('temperature=20')),
  ]);
  expect((await explainFrame(byteSourceOf(file.toPcap()), 1))?.masked).toEqual([]);
});

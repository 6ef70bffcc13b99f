import { expect, it } from 'vitest';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { type Capture, capture, type FrameGroup, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { golden } from './http.golden.ts';
import { http } from './http.ts';

goldenTest(http, golden, import.meta.url);

const titlesOf = async (from: Capture): Promise<unknown[]> =>
  (await observationsOf(from.toPcap(), { protocols: [http] }))
    .filter(({ kind }) => kind === 'http.title')
    .map(({ value }) => value);

const get = fromClient(write().text('GET / HTTP/1.1\r\n\r\n'));
const html = (title: string, length: number) => `<title>${title}</title>`.padEnd(length, ' ');
const sized = (body: string, type = 'text/html') =>
  write().text(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
const chunked = (chunks: readonly string[], type = 'text/html') =>
  chunks
    .reduce(
      (out, chunk) => out.text(`${chunk.length.toString(16)};x=1\r\n${chunk}\r\n`),
      write().text(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`),
    )
    .text('0\r\n\r\n');
const exchange = (...answers: readonly ReturnType<typeof write>[]): FrameGroup =>
  tcp(
    { client: '10.0.0.1', server: '10.0.0.2', port: 80 },
    answers.flatMap((answer) => [get, fromServer(answer)]),
  );

// Longer than what is kept of a body, in each of the ways in which a body can be long.
it.each([
  ['one length', sized(html('first', 200_000))],
  ['one chunk', chunked([html('first', 200_000)])],
  ['small chunks', chunked([html('first', 3000), ...new Array<string>(60).fill('x'.repeat(3000))])],
  ['chunks of a file', chunked(new Array<string>(20).fill('y'.repeat(9000)), 'application/zip')],
  ['a file', sized('z'.repeat(300_000), 'application/zip')],
])('finds the next message behind a long body: %s', async (_, answer) => {
  const titles = await titlesOf(
    capture('long bodies', [exchange(sized(html('before', 30)), answer, sized(html('after', 30)))]),
  );
  expect(titles.at(0)).toBe('before');
  expect(titles.at(-1)).toBe('after');
  if (titles.length > 2) expect(titles).toEqual(['before', 'first', 'after']);
});

it('goes on after frames that were lost, inside a message and inside chunks', async () => {
  const frames = exchange(
    chunked(new Array<string>(20).fill('y'.repeat(900)), 'application/zip'),
    sized(html('cut', 9000)),
    sized(html('after', 30)),
  ).frames;
  for (let lost = 4; lost < frames.length - 2; lost++) {
    const titles = await titlesOf(capture('loss', [{ frames: frames.filter((_, i) => i !== lost) }]));
    expect(titles.at(-1), `without frame ${lost + 1}`).toBe('after');
  }
});

it('is not fooled by other protocols in text', async () => {
  const others = [
    'OPTIONS rtsp://10.0.0.2/ RTSP/1.0\r\n\r\n',
    'INVITE sip:a@b SIP/2.0\r\n\r\n',
    'EHLO plant.example\r\n',
  ];
  const frames = others.map((text, i) =>
    tcp({ client: '10.0.0.1', server: '10.0.0.2', port: 8080, clientPort: 50_000 + i }, [
      fromClient(write().text(text)),
    ]),
  );
  const told = await observationsOf(capture('others', frames).toPcap(), { protocols: [http] });
  expect(told.filter(({ provenance }) => provenance.from === 'capture' && provenance.protocol === 'http')).toEqual([]);
});

// A segment of the lab on the real kernel: two hosts reach each other and the mirror port sees each frame once.
import { spawn } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import {
  addAddress,
  deleteNamespace,
  existingNamespaces,
  makeHostNamespace,
  Segment,
  whyNoNamespaces,
} from './namespaces.ts';

const obstacle = whyNoNamespaces();

/** Reads the frame counter of an interface inside a namespace. */
async function run(namespace: string, ...command: string[]): Promise<string> {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  await new Promise((done) => child.once('exit', done));
  return out;
}
const framesSeen = async (namespace: string): Promise<number> =>
  Number(await run(namespace, 'cat', '/sys/class/net/span0/statistics/rx_packets'));

describe.skipIf(obstacle !== undefined)(`a segment of the lab${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  afterAll(() => {
    for (const namespace of existingNamespaces().filter((name) => name.startsWith('il-test-')))
      deleteNamespace(namespace);
  });

  test('carries frames between hosts and mirrors each one once', async () => {
    const segment = new Segment('test-seg');
    const hosts = ['a', 'b'].map((name) => makeHostNamespace(`test-${name}`));
    const [a = '', b = ''] = hosts;
    segment.plug(a, '02:00:00:00:00:0a');
    segment.plug(b, '02:00:00:00:00:0b');
    addAddress(a, 'eth0', '192.0.2.1/24');
    addAddress(b, 'eth0', '192.0.2.2/24');
    const listen = run(
      b,
      process.execPath,
      '-e',
      "const s=require('dgram').createSocket('udp4');let n=0;s.on('message',m=>{if(++n===20){console.log(n);s.close()}});s.bind(9000)",
    );
    // The receiver says nothing when it is ready, so datagrams are sent until it has its twenty; ARP may cost the first.
    const send = run(
      a,
      process.execPath,
      '-e',
      "const s=require('dgram').createSocket('udp4');let n=0;const t=setInterval(()=>{s.send('x',9000,'192.0.2.2');if(++n===200){clearInterval(t);s.close()}},20)",
    );
    expect((await listen).trim()).toBe('20');
    await send;
    const frames = await framesSeen(segment.namespace);
    // 200 datagrams, a few ARP and neighbour discovery frames, port-unreachable answers after the receiver has gone.
    expect(frames).toBeGreaterThanOrEqual(200);
    expect(frames).toBeLessThan(2 * 200 + 100);
  });
});

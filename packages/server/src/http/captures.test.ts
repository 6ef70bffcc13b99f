// Captures over HTTP, from upload to removal: what is taken, what is refused and why, and that nothing half stays.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { addressOf, type ServerEvent } from '@interlock/model/api';
import { afterEach, describe, expect, test } from 'vitest';
import { describeEngines } from '../testing/engines.ts';
import { generateCapture } from '../testing/generate-capture.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const small = generateCapture({ stations: 6, frames: 60, seed: 3 });
const other = generateCapture({ stations: 4, frames: 40, seed: 4 });

/** On a busy machine things take their time; how long is not what is tried here. */
const PATIENCE = { timeout: 60_000 };

let server: TestServer | undefined;
const start = async (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> => {
  server = await startTestServer(options);
  return server;
};
afterEach(async () => {
  await server?.end();
  server = undefined;
});
/** Nothing lies in the data folder that belongs to no capture. */
const leftOvers = (at: TestServer): string[] => [
  ...readdirSync(join(at.data, 'moving')),
  ...readdirSync(join(at.data, 'captures')),
];

describeEngines('captures', (stores) => {
  const startOn = async (): Promise<TestServer> => {
    const address = await stores.address();
    return start('postgresql' in address ? { databaseUrl: address.postgresql } : {});
  };

  test('are taken, analysed, shown and removed with everything that rests on them alone', async () => {
    const at = await startOn();
    const { status, output } = await at.upload(small, 'line 4.pcap');
    expect(status).toBe(201);
    expect(output).toMatchObject({ already: false, capture: { name: 'line 4.pcap', size: small.length, frames: 60 } });
    await at.settled();
    const id = output?.capture.id ?? '';
    const detail = await at.get('getCapture', { params: { id } });
    expect(detail).toMatchObject({
      state: 'done',
      format: 'pcap',
      linkTypes: ['Ethernet'],
      devices: 6,
      devicesOnlyHere: 6,
    });
    expect(detail.protocols.map(({ protocol }) => protocol)).toEqual(expect.arrayContaining(['arp', 'lldp', 'engine']));
    expect((await at.get('listDevices')).total).toBe(6);

    await at.upload(other, 'other.pcap');
    await at.settled();
    expect((await at.get('listDevices')).total).toBe(10);
    expect((await at.get('listDevices', { query: { capture: id } })).total).toBe(6);

    const removed = await at.get('removeCapture', { params: { id } });
    expect(removed.observations).toBe(detail.observations);
    await at.settled();
    expect((await at.get('listDevices')).total).toBe(4);
    expect((await at.get('listCaptures')).items.map(({ name }) => name)).toEqual(['other.pcap']);
    expect(leftOvers(at)).toHaveLength(1);
    expect((await at.call('getCapture', { params: { id } })).error?.code).toBe('capture.not-found');
    expect((await at.call('removeCapture', { params: { id } })).error?.code).toBe('capture.not-found');
  });

  test('a second time change nothing', async () => {
    const at = await startOn();
    await at.upload(small);
    await at.settled();
    const before = await at.get('listDevices');
    const { status, output } = await at.upload(small, 'under another name.pcap');
    expect([status, output?.already, output?.capture.name]).toEqual([200, true, 'plant.pcap']);
    await at.settled();
    expect(await at.get('listDevices')).toEqual(before);
    expect((await at.get('listCaptures')).total).toBe(1);
  });

  test('that wait when the server ends are analysed after the next start', async () => {
    const address = await stores.address();
    const options = 'postgresql' in address ? { databaseUrl: address.postgresql } : {};
    const first = await start(options);
    const long = generateCapture({ stations: 50, frames: 210_000, seed: 9 });
    await first.upload(long, 'long.pcap');
    await first.upload(small);
    await first.close();
    const second = await start({ ...options, data: first.data });
    await second.settled();
    expect((await second.get('listCaptures')).items.map(({ state }) => state)).toEqual(['done', 'done']);
    expect((await second.get('listDevices')).total).toBe(56);
  });
});

describe('captures', () => {
  test('may be packed', async () => {
    const at = await start();
    const gzip = await at.upload(gzipSync(small), 'plant.pcap.gz');
    const zstd = await at.upload(zstdCompressSync(other), 'other.pcap.zst');
    await at.settled();
    const formats = [gzip, zstd].map(async ({ output }) => {
      const { format, frames } = await at.get('getCapture', { params: { id: output?.capture.id ?? '' } });
      return [format, frames];
    });
    expect(await Promise.all(formats)).toEqual([
      ['pcap, gzip', 60],
      ['pcap, zstd', 40],
    ]);
  });

  test('that are damaged give what could be read, and say so', async () => {
    const at = await start();
    const { output } = await at.upload(small.subarray(0, small.length - 30));
    await at.settled();
    const detail = await at.get('getCapture', { params: { id: output?.capture.id ?? '' } });
    expect(detail.state).toBe('done');
    expect(detail.problem).toBeTruthy();
    expect(detail.troubleList[0]?.kind).toBe('capture.damaged');
    const troubles = await at.get('listTroubles', { params: { id: detail.id } });
    expect(troubles.total).toBe(detail.troubleList.length);
    expect((await at.get('listDevices')).total).toBe(6);
  });

  test('are refused with a reason, and nothing stays', async () => {
    const at = await start({ maxUpload: small.length + 1_000, maxUnpacked: 3_000_000 });
    const refusals: [Uint8Array, string, string][] = [
      [new Uint8Array(0), 'empty.pcap', 'capture.empty'],
      [Buffer.from('%PDF-1.7 and so on'), 'plant.pcap', 'capture.not-a-capture'],
      [new Uint8Array(small.length + 2_000), 'big.pcap', 'capture.too-large'],
      [gzipSync(new Uint8Array(4_000_000)), 'zeros.gz', 'capture.not-a-capture'],
      [gzipSync(Buffer.concat([small, new Uint8Array(4_000_000)])), 'bomb.pcap.gz', 'capture.expands-too-far'],
      [small, '../../etc/passwd', 'capture.bad-name'],
      [small, 'C:\\captures\\plant.pcap', 'capture.bad-name'],
      [small, 'name\u0007bell.pcap', 'capture.bad-name'],
      [small, 'x'.repeat(300), 'capture.bad-name'],
      [small, 'turned\u202efcap.exe', 'capture.bad-name'],
    ];
    for (const [bytes, name, code] of refusals) {
      const { status, error } = await at.upload(bytes, name);
      expect(error?.code, name).toBe(code);
      expect(status, name).toBeGreaterThanOrEqual(400);
      expect(status, name).toBeLessThan(500);
      expect(leftOvers(at), name).toEqual([]);
    }
    const { error } = await at.upload(Buffer.from('%PDF-1.7 and so on'));
    expect(error?.message).toMatch(/PDF/);
    expect((await at.get('listCaptures')).total).toBe(0);
    expect((await at.upload(small)).status).toBe(201);
  });

  test('come one at a time, as a multipart body with a file', async () => {
    const at = await start();
    const send = async (body: FormData | string, headers: Record<string, string> = {}) => {
      const init = { method: 'POST', headers: { ...(await at.session()), ...headers }, body };
      return (await (await at.fetch(addressOf('addCapture'), init)).json()) as { error?: { code: string } };
    };
    const two = new FormData();
    two.append('file', new Blob([small as Uint8Array<ArrayBuffer>]), 'a.pcap');
    two.append('file', new Blob([other as Uint8Array<ArrayBuffer>]), 'b.pcap');
    expect((await send(two)).error?.code).toBe('capture.one-at-a-time');
    const none = new FormData();
    none.append('name', 'no file');
    expect((await send(none)).error?.code).toBe('capture.none-sent');
    expect((await send('{}', { 'content-type': 'application/json' })).error?.code).toBe('request.media-type');
    expect((await send('x', { 'content-type': 'text/plain' })).error?.code).toBe('request.media-type');
    expect(leftOvers(at)).toEqual([]);
  });

  test('that break off on the way leave nothing', async () => {
    const at = await start();
    const { port } = new URL(at.address);
    const session = await at.session();
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.pcap"\r\n\r\n`;
    await new Promise<void>((resolve) => {
      const upload = httpRequest({
        port,
        method: 'POST',
        path: addressOf('addCapture'),
        headers: { ...session, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 100_000 },
      });
      upload.on('error', () => undefined);
      upload.on('close', () => resolve());
      upload.write(head);
      upload.write(small, () => setTimeout(() => upload.destroy(), 50));
    });
    await expect.poll(() => leftOvers(at), PATIENCE).toEqual([]);
    expect((await at.get('listCaptures')).total).toBe(0);

    const headers = { ...session, 'content-type': 'multipart/form-data; boundary=x' };
    const body = Buffer.concat([Buffer.from(head), small]);
    const answer = await at.fetch(addressOf('addCapture'), { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ error: { code: 'capture.cut-off' } });
    expect(leftOvers(at)).toEqual([]);
  });

  test('can be removed while they are analysed, at once, and those behind them go on', async () => {
    const at = await start();
    const long = generateCapture({ stations: 40, frames: 900_000, seed: 11 });
    const first = await at.upload(long, 'long.pcap');
    const second = await at.upload(small);
    const third = await at.upload(other);
    const id = first.output?.capture.id ?? '';
    await expect.poll(async () => (await at.get('getCapture', { params: { id } })).state, PATIENCE).not.toBe('waiting');
    await at.get('removeCapture', { params: { id: third.output?.capture.id ?? '' } });
    await at.get('removeCapture', { params: { id } });
    expect((await at.get('listCaptures')).items.map((capture) => capture.id)).toEqual([second.output?.capture.id]);
    await at.settled();
    expect((await at.get('listDevices')).total).toBe(6);
    expect(leftOvers(at)).toEqual([second.output?.capture.id]);
  });

  test('whose file is gone fail, and say so', async () => {
    const at = await start();
    const { output } = await at.upload(generateCapture({ stations: 20, frames: 250_000, seed: 12 }));
    const behind = await at.upload(small);
    const id = behind.output?.capture.id ?? '';
    rmSync(join(at.data, 'captures', id));
    await at.settled();
    expect(await at.get('getCapture', { params: { id } })).toMatchObject({
      state: 'failed',
      problem: 'the file cannot be read: no such file',
    });
    expect((await at.get('getCapture', { params: { id: output?.capture.id ?? '' } })).state).toBe('done');
  });

  test('wait in a queue that has an end', async () => {
    const at = await start({ maxWaiting: 0 });
    expect(await at.upload(small)).toMatchObject({ status: 503, error: { code: 'capture.queue-full', whose: 'us' } });
  });

  test('tell their progress as events', async () => {
    const at = await start();
    const abort = new AbortController();
    const stream = await at.fetch(addressOf('watchEvents'), { signal: abort.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const events: ServerEvent[] = [];
    const reading = (async () => {
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const data = part.split('\n').find((line) => line.startsWith('data: '));
          if (data) events.push(JSON.parse(data.slice(6)) as ServerEvent);
        }
      }
    })().catch(() => undefined);
    const { output } = await at.upload(small);
    await at.settled();
    await at.call('removeCapture', { params: { id: output?.capture.id ?? '' } });
    await at.settled();
    await expect.poll(() => events.map(({ event }) => event), PATIENCE).toContain('capture-removed');
    const states = events.flatMap((event) => (event.event === 'capture' ? [event.capture.state] : []));
    expect(states).toContain('done');
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'inventory',
        inventory: expect.objectContaining({ state: 'current', devices: 6 }),
      }),
    );
    abort.abort();
    await reading;
  });

  test('can be looked into frame by frame, as long as their file is there', async () => {
    const at = await start();
    const { output } = await at.upload(small);
    await at.settled();
    const id = output?.capture.id ?? '';
    const { items } = await at.get('listDevices', { query: { limit: 1 } });
    const device = await at.get('getDevice', { params: { id: items[0]?.id ?? '' } });
    const name = device.facts.find(({ kind }) => kind === 'device.hostname' || kind === 'device.station-name');
    const fact = name?.values[0]?.sources[0]?.fact ?? '';
    const evidence = await at.get('getEvidence', { params: { fact } });
    const frame = evidence.frames[0];
    expect(evidence.origins).toMatchObject([{ from: 'capture', capture: id, name: 'plant.pcap', available: true }]);
    expect(frame?.layers.map((layer) => layer.name)).toContain('lldp');
    const [mark] = frame?.highlights ?? [];
    const marked = Buffer.from(frame?.hex ?? '', 'hex')
      .subarray(mark?.from, mark?.to)
      .toString();
    expect(marked).toBe(name?.values[0]?.text);

    const params = { id, number: frame?.number ?? 0 };
    expect(await at.get('getFrame', { params, query: { fact } })).toEqual(frame);
    expect((await at.call('getFrame', { params: { id, number: 61 } })).error?.code).toBe('frame.not-found');
    expect((await at.call('getFrame', { params: { id: 'f'.repeat(64), number: 1 } })).error?.code).toBe(
      'capture.not-found',
    );
    expect((await at.call('getEvidence', { params: { fact: '0'.repeat(32) } })).error?.code).toBe('fact.not-found');

    rmSync(join(at.data, 'captures', id));
    expect((await at.call('getFrame', { params })).error?.code).toBe('capture.file-missing');
    expect((await at.get('getEvidence', { params: { fact } })).frames).toEqual([]);
    expect((await at.get('getCapture', { params: { id } })).fileAvailable).toBe(false);
    expect(await at.upload(small)).toMatchObject({ status: 200, output: { already: true } });
    expect(existsSync(join(at.data, 'captures', id))).toBe(true);
    expect(readFileSync(join(at.data, 'captures', id)).equals(small)).toBe(true);
  });
});

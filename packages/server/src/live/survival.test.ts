// Live captures with real processes on a network of the test's own: what happens when the capturing program is killed, its
// interface goes down, the server is killed, the disk is full. Where such a network cannot be made, this is skipped.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LiveRow } from '@interlock/model/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CAPTURED, type LabApi, NetworkLab, networkLabMissing } from '../testing/network-lab.ts';

const DEMO = join(import.meta.dirname, '../../../../lab/demo.pcap');
/** Hosts of the demo plant, with the one outside. */
const DEVICES = 14;
const PORT = 8600;
const PATIENCE = 30_000;
const missing = networkLabMissing();

const eventually = <T>(value: () => T) => expect.poll(value, { timeout: PATIENCE, interval: 100 });
const liveOf = (api: LabApi): LiveRow => {
  const [live] = api.call('listLive').items;
  if (!live) throw new Error('no live capture');
  return live;
};
/** Ends a process and waits until it is gone. */
const endOf = (child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> => {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill(signal);
  return ended;
};
const gapsOf = (api: LabApi): string[] =>
  api
    .call('listTroubles', { params: { id: liveOf(api).id } })
    .items.filter(({ kind }) => kind === 'capture.gap')
    .map(({ code }) => code)
    .sort();

describe.skipIf(missing)(missing ? `live captures (${missing})` : 'live captures', () => {
  let lab: NetworkLab;
  let data = '';
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'interlock-live-'));
  });
  beforeEach(() => {
    lab = new NetworkLab();
  });
  afterEach(() => lab.end());
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const folder = (name: string): string => join(data, name);

  test('devices appear while it goes on, and every fact leads to a frame that was kept', async () => {
    const { api } = await lab.serve(folder('appear'), PORT);
    api.call('startLive', { body: { interface: CAPTURED } });
    await eventually(() => liveOf(api).state).toBe('capturing');
    const sent = lab.replay(DEMO, { framesPerSecond: 2_000 });
    await eventually(() => api.call('listDevices').total).toBeGreaterThan(0);
    await sent;
    await eventually(() => api.call('listDevices').total).toBe(DEVICES);
    await eventually(() => liveOf(api).counters.frames).toBeGreaterThanOrEqual(1_730);
    const row = liveOf(api);
    expect(row.counters).toMatchObject({ kernelDrops: 0, gaps: 0, restarts: 0, lostObservations: 0 });
    const store = new DatabaseSync(join(folder('appear'), 'store.db'), { readOnly: true });
    const keys = store
      .prepare("select key from fact where said = 'seen' and kind like 'device.%' order by key limit 25")
      .all() as { key: string }[];
    store.close();
    expect(keys.length).toBe(25);
    for (const { key } of keys) {
      const { frames } = api.call('getEvidence', { params: { fact: key }, query: { frames: 1 } });
      expect(frames.length, key).toBe(1);
    }
    const stopped = api.call('stopLive', { params: { id: row.id } });
    expect(stopped.state).toBe('stopped');
    expect(lab.processes('dumpcap')).toEqual([]);
  });

  test('goes on when the capturing program is killed, and says what was missed', async () => {
    const { api } = await lab.serve(folder('killed'), PORT + 1);
    api.call('startLive', { body: { interface: CAPTURED } });
    await eventually(() => liveOf(api).state).toBe('capturing');
    void lab.replay(DEMO, { framesPerSecond: 500, times: 20 });
    await eventually(() => liveOf(api).counters.frames).toBeGreaterThan(500);
    const [pid] = lab.processes('dumpcap');
    process.kill(pid ?? 0, 'SIGKILL');
    await eventually(() => liveOf(api).counters.gaps).toBe(1);
    const { frames } = liveOf(api).counters;
    await eventually(() => liveOf(api).counters.frames).toBeGreaterThan(frames + 500);
    expect(liveOf(api)).toMatchObject({ state: 'capturing', counters: { restarts: 1, uncountedRuns: 1 } });
    await eventually(() => gapsOf(api)).toEqual(['process-ended']);
  });

  test('waits for an interface that is down, and goes on when it is up', async () => {
    const { api } = await lab.serve(folder('down'), PORT + 2);
    api.call('startLive', { body: { interface: CAPTURED } });
    await eventually(() => liveOf(api).state).toBe('capturing');
    lab.link('down');
    await eventually(() => liveOf(api).reason).toBe('the interface is down');
    expect(liveOf(api).state).toBe('waiting');
    lab.link('up');
    await eventually(() => liveOf(api).state).toBe('capturing');
    await lab.replay(DEMO, { framesPerSecond: 5_000 });
    await eventually(() => api.call('listDevices').total).toBe(DEVICES);
    expect(gapsOf(api)).toEqual(['interface-down']);
  });

  test('goes on when the server was killed, and stores nothing twice', async () => {
    const first = await lab.serve(folder('server'), PORT + 3);
    first.api.call('startLive', { body: { interface: CAPTURED } });
    await eventually(() => liveOf(first.api).state).toBe('capturing');
    await lab.replay(DEMO, { framesPerSecond: 5_000 });
    await eventually(() => first.api.call('listDevices').total).toBe(DEVICES);
    const { id } = liveOf(first.api);
    await endOf(first.child, 'SIGKILL');

    const { api } = await lab.serve(folder('server'), PORT + 3);
    await eventually(() => liveOf(api).state).toBe('capturing');
    await eventually(() => liveOf(api).counters.gaps).toBe(1);
    expect(liveOf(api).id).toBe(id);
    const { frames } = liveOf(api).counters;
    await lab.replay(DEMO, { framesPerSecond: 5_000 });
    await eventually(() => liveOf(api).counters.frames).toBeGreaterThanOrEqual(frames + 1_700);
    await eventually(() => gapsOf(api)).toEqual(['server-stopped']);
    api.call('stopLive', { params: { id } });
    const detail = api.call('getCapture', { params: { id } });
    expect(detail.state).toBe('done');
    // Counted once each: no endpoint can have sent more frames than there were.
    const store = new DatabaseSync(join(folder('server'), 'store.db'), { readOnly: true });
    const { n } = store
      .prepare("select sum(s.count) as n from sighting s join fact f on f.id = s.fact where f.kind = 'address.seen'")
      .get() as { n: number };
    store.close();
    expect(n).toBeLessThanOrEqual(detail.frames);
    expect(n).toBeGreaterThan(0);
  });

  test('a full disk: evidence goes first, observations wait for space, and both are said', async () => {
    const disk = folder('full');
    mkdirSync(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status).toBe(0);
    try {
      const { child, api } = await lab.serve(disk, PORT + 4);
      api.call('startLive', { body: { interface: CAPTURED } });
      await eventually(() => liveOf(api).state).toBe('capturing');
      await lab.replay(DEMO, { framesPerSecond: 5_000 });
      await eventually(() => liveOf(api).counters.evidenceFrames).toBeGreaterThan(0);
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=64k']);
      void lab.replay(DEMO, { framesPerSecond: 2_000, times: 20 });
      await eventually(() => liveOf(api).storage).not.toBe('ok');
      await eventually(() => liveOf(api).counters.evidenceDropped).toBeGreaterThan(0);
      rmSync(join(disk, 'filler'));
      await eventually(() => liveOf(api).storage).toBe('ok');
      await eventually(() => gapsOf(api)).toContain('evidence-not-kept');
      expect(liveOf(api).counters.lostObservations).toBe(0);
      await endOf(child, 'SIGTERM');
    } finally {
      lab.end();
      spawnSync('umount', ['-l', disk]);
    }
  });
});

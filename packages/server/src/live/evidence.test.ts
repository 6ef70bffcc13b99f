// Kept frames: which are kept, that they come back as they were, within their bounds, and without passwords.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '@interlock/model';
import { CaptureReader, Engine } from '@interlock/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainEvidence, writeEvidence } from './evidence-export.ts';
import { EvidenceFiles, readEvidence } from './evidence-files.ts';
import type { EvidenceFrame } from './evidence-format.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';

const DEMO = join(import.meta.dirname, '../../../../lab/demo.pcap');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const frameOf = (frame: number, subject = '10.0.0.1', length = 100): EvidenceFrame => ({
  frame,
  time: 1_767_225_600_000 + frame,
  linkType: 1,
  wireLength: length,
  bytes: new Uint8Array(length).fill(frame & 255),
  subjects: [subject],
  facts: [`${subject} Vendor: Siemens (s7comm)`],
});

/** Reads the demo plant as a live capture does, and keeps what its facts rest on. */
async function keepDemo(): Promise<{ readonly files: EvidenceFiles; readonly told: readonly Observation[] }> {
  const bytes = readFileSync(DEMO);
  let offset = 0;
  const reader = new CaptureReader({
    read(into, at, length) {
      const taken = bytes.copy(into, at, offset, offset + length);
      offset += taken;
      return taken;
    },
  });
  const files = new EvidenceFiles(folder);
  const keeper = new EvidenceKeeper(files);
  const engine = new Engine({ capture: 'live', live: true });
  const told: Observation[] = [];
  for (let now = 0; ; now += 400) {
    const batch = await reader.next();
    if (!batch) break;
    keeper.recent.remember(batch, batch.firstFrame);
    const batches = [...engine.process(batch), ...engine.flush(now, now % 10_000 === 0)];
    for (const { observations } of batches) {
      told.push(...observations);
      keeper.want(observations);
      await keeper.keep();
    }
  }
  files.close();
  return { files, told };
}

test('frames come back as they were kept, with their numbers, in order', () => {
  const files = new EvidenceFiles(folder);
  const frames = [7, 8, 4_294_967_300, 4_294_967_301].map((frame) => frameOf(frame));
  for (const frame of frames) files.add(frame);
  files.close();
  expect([...readEvidence(folder)]).toEqual(frames);
  const again = new EvidenceFiles(folder);
  expect(again).toMatchObject({ frames: 4, bytes: files.bytes, lastFrame: 4_294_967_301 });
  expect(again.bytesOf('10.0.0.1')).toBe(400);
});

test('the oldest go when there are too many', () => {
  const files = new EvidenceFiles(folder, { total: 10_000, perSubject: 10_000, perFile: 2_000 });
  for (let n = 1; n <= 200; n++) files.add(frameOf(n));
  files.close();
  const kept = [...readEvidence(folder)].map(({ frame }) => frame);
  expect(kept.at(-1)).toBe(200);
  expect(kept[0]).toBeGreaterThan(100);
  expect(files.bytes).toBeLessThanOrEqual(12_000);
  expect(files.frames + files.dropped).toBe(200);
});

test('every device fact of the demo plant has a frame that shows it', async () => {
  const { told } = await keepDemo();
  const kept = new Set([...readEvidence(folder)].map(({ frame }) => frame));
  const device = told.filter(({ kind, count }) => kind.startsWith('device.') && count > 0);
  expect(device.length).toBeGreaterThan(50);
  const unproven = device.filter(
    ({ provenance }) =>
      provenance.from === 'capture' && provenance.frames.length > 0 && !provenance.frames.some((one) => kept.has(one)),
  );
  expect(unproven).toEqual([]);
});

test('no password of the demo plant is written', async () => {
  await keepDemo();
  const stored = Buffer.concat([...readEvidence(folder)].map(({ bytes }) => Buffer.from(bytes)));
  expect(stored.includes('Authorization: Basic')).toBe(true);
  for (const secret of ['invented-for-the-demo', Buffer.from('reader:invented-for-the-demo').toString('base64')])
    expect(stored.includes(secret)).toBe(false);
});

test('a device is written as a pcapng file of its own, and its frames are explained', async () => {
  const { told } = await keepDemo();
  const fact = told.find(({ kind, value }) => kind === 'device.order-number' && String(value).startsWith('6ES7'));
  if (fact?.provenance.from !== 'capture' || !fact.subject.ip) throw new Error('the demo tells no order number');
  const subject = `${fact.subject.ip}@${fact.subject.mac}`;
  const bytes = Buffer.concat([...writeEvidence([folder], new Set([subject]))]);
  expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect(bytes.includes(`Order number: ${String(fact.value)}`)).toBe(true);
  const [frame] = await explainEvidence(folder, fact.provenance.frames, {
    value: fact.value,
    text: String(fact.value),
  });
  expect(fact.provenance.frames).toContain(frame?.number);
  expect(frame?.highlights.length).toBeGreaterThan(0);
});

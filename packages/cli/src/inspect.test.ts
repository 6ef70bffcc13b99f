// `interlock inspect` as a user runs it: the launcher in a process of its own, on the recorded demo plant and on broken files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type InspectOutput, inspectOutput } from '@interlock/model/inspect-output';
import { afterAll, describe, expect, test } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../bin/interlock.mjs');
const DEMO = join(import.meta.dirname, '../../../lab/demo.pcap');
const demo = readFileSync(DEMO);
const folder = mkdtempSync(join(tmpdir(), 'interlock-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run of the launcher: exit code and both outputs. */
function interlock(args: readonly string[], input?: Buffer) {
  const run = spawnSync(process.execPath, [LAUNCHER, ...args], {
    ...(input ? { input } : {}),
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}
function file(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const devicesOf = (out: string): InspectOutput['devices'] => inspectOutput.parse(JSON.parse(out)).devices;
/** Identity of every device, without what differs between runs on several files. */
const identities = (out: string) =>
  devicesOf(out).map(({ id, name, vendor, model, serial, addresses }) => ({
    id,
    name,
    vendor,
    model,
    serial,
    addresses: addresses.map((a) => a.value),
  }));

describe('the demo plant', () => {
  const run = interlock(['inspect', '--json', DEMO]);
  const devices = devicesOf(run.out);
  const at = (ip: string) => devices.find((device) => device.addresses.some((address) => address.value === ip));

  test('is read whole', () => {
    expect(run.code).toBe(0);
    expect(run.err).not.toContain('capture.damaged');
  });
  test('has exactly the hosts of the lab', () => {
    expect(devices.filter((device) => !device.outside).length).toBe(13);
    expect(devices.filter((device) => device.outside).map((device) => device.addresses.map((a) => a.value))).toEqual([
      ['192.88.99.40'],
    ]);
  });
  test('says what the controllers are', () => {
    expect(at('192.168.10.11')).toMatchObject({
      vendor: 'Siemens',
      orderNumber: '6ES7 315-2EH14-0AB0',
      firmware: 'V3.2.6',
      role: 'plc',
    });
    expect(at('192.168.10.12')).toMatchObject({ vendor: 'Schneider Electric', firmware: 'V3.20', role: 'plc' });
  });
  test('says what nobody had on a list', () => {
    const names = devices.map((device) => device.name);
    for (const name of ['barista-2f81', 'gate-reader', 'zt411-dispatch']) expect(names).toContain(name);
    const facts = devices.flatMap((device) => device.facts.map((fact) => fact.value));
    expect(facts).toContain('https://badge.example/mud/v1000.json');
  });
  test('never shows the password that crossed in clear', () => {
    expect(run.out).not.toContain('invented-for-the-demo');
    const reader = devices.find((device) => device.name === 'gate-reader');
    const crossed = devices.flatMap((device) => device.facts).filter((fact) => fact.kind === 'credential.cleartext');
    expect(reader).toBeDefined();
    expect(crossed).toContainEqual(
      expect.objectContaining({ protocol: 'http', value: expect.objectContaining({ account: 'reader' }) }),
    );
  });
  test('knows that the press was stopped, and by whom', () => {
    const { operations } = inspectOutput.parse(JSON.parse(run.out));
    const engineer = at('192.168.10.22')?.id;
    const press = at('192.168.10.11')?.id;
    expect(operations).toContainEqual(
      expect.objectContaining({ from: engineer, to: press, protocol: 's7comm', kind: 'mode' }),
    );
  });
});

describe('the same capture in other forms gives the same devices', () => {
  const plain = identities(interlock(['inspect', '--json', DEMO]).out);
  test.each([
    ['gzip', () => ['inspect', '--json', file('demo.gz', gzipSync(demo))]],
    ['zstd', () => ['inspect', '--json', file('demo.zst', zstdCompressSync(demo))]],
  ])('%s', (_, args) => {
    expect(identities(interlock(args()).out)).toEqual(plain);
  });
  test('standard input', () => {
    expect(identities(interlock(['inspect', '--json', '-'], demo).out)).toEqual(plain);
  });
  test('given twice', () => {
    expect(identities(interlock(['inspect', '--json', DEMO, DEMO]).out)).toEqual(plain);
  });
});

describe('what cannot be read', () => {
  test('a file that is no capture is named as what it looks like', () => {
    const run = interlock(['inspect', file('report.pdf', '%PDF-1.7\n1 0 obj')]);
    expect(run.code).toBe(3);
    expect(run.err).toMatch(/report\.pdf.*PDF/);
  });
  test('a missing file does not keep the others from being read', () => {
    const run = interlock(['inspect', '--json', join(folder, 'missing.pcap'), DEMO]);
    expect(run.code).toBe(3);
    expect(devicesOf(run.out).length).toBeGreaterThan(10);
  });
  test('a capture that is cut off is read as far as it goes', () => {
    const run = interlock(['inspect', '--json', file('cut.pcap', demo.subarray(0, demo.length - 11))]);
    expect(run.code).toBe(4);
    expect(devicesOf(run.out).length).toBeGreaterThan(10);
    expect(run.err.split('\n').filter((line) => line.includes('cut.pcap')).length).toBe(1);
  });
  test('a damaged gzip stream is read as far as it goes', () => {
    const packed = gzipSync(demo);
    const run = interlock(['inspect', '--json', file('cut.pcap.gz', packed.subarray(0, packed.length >> 1))]);
    expect(run.code).toBe(4);
    expect(devicesOf(run.out).length).toBeGreaterThan(3);
  });
  test('an empty file says so', () => {
    const run = interlock(['inspect', file('empty.pcap', '')]);
    expect(run.code).toBe(3);
    expect(run.err).toMatch(/empty/);
  });
});

describe('for people and spreadsheets', () => {
  test('text fits the width and ends with a summary', () => {
    const { out } = interlock(['inspect', DEMO]);
    expect(out).toContain('192.168.10.11');
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^13 devices · .*1 outside the plant · \d+ frames/);
  });
  test('CSV has one line per device and cannot start a formula', () => {
    const { out } = interlock(['inspect', '--csv', DEMO]);
    const lines = out.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^id,part of,name,vendor/);
    expect(lines.length).toBeGreaterThan(13);
    for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/);
  });
  test('arguments that are not usable end with 2', () => {
    expect(interlock(['inspect', '--json', '--csv', DEMO]).code).toBe(2);
    expect(interlock(['inspect']).code).toBe(2);
    expect(interlock(['inspect', '-', '-']).code).toBe(2);
    expect(interlock(['nonsense']).code).toBe(2);
    expect(interlock(['--help']).code).toBe(0);
  });
});

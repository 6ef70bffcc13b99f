import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type OpenedByteSource, openByteSource } from './byte-source.ts';
import type { UnpackLimits } from './unpack.ts';

const folder = mkdtempSync(join(tmpdir(), 'interlock-byte-source-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `capture-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

/** Bytes that hardly pack: the same ones every time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function opened(from: string | Readable, limits?: Partial<UnpackLimits>): OpenedByteSource {
  const source = openByteSource(from, limits);
  if ('problem' in source) throw new Error(source.problem);
  return source;
}
/** Everything a source gives, read in pieces of `length` to an odd position. */
async function readAll({ source }: OpenedByteSource, length = 50_000): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const into = new Uint8Array(length + 3);
  for (;;) {
    const answer = source.read(into, 3, length);
    const got = typeof answer === 'number' ? answer : await answer;
    if (got === 0) return Buffer.concat(pieces);
    pieces.push(Buffer.from(into.subarray(3, 3 + got)));
  }
}
async function readThrough(from: string | Readable, limits?: Partial<UnpackLimits>) {
  const open = opened(from, limits);
  const bytes = await readAll(open);
  open.close();
  return { bytes, fault: open.source.fault };
}

const content = noise(300_000);
const packers = { gzip: gzipSync, zstd: zstdCompressSync };

describe('a file', () => {
  it('answers at once and says its size', () => {
    const open = opened(fileOf(content));
    expect(open.size).toBe(content.length);
    const into = new Uint8Array(content.length);
    expect(open.source.read(into, 0, into.length)).toBe(content.length);
    expect(open.source.read(into, 0, into.length)).toBe(0);
    expect(Buffer.from(into).equals(content)).toBe(true);
    open.close();
    open.close();
  });
  it('may be shorter than any magic', async () => {
    for (const length of [0, 1, 3])
      expect((await readThrough(fileOf(content.subarray(0, length)))).bytes).toEqual(content.subarray(0, length));
  });
  it('that is not there, or a folder, is a problem in plain words', () => {
    expect(openByteSource(join(folder, 'nothing.pcap'))).toEqual({ problem: 'no such file' });
    expect(openByteSource(folder)).toEqual({ problem: 'is a folder, not a file' });
  });
});

describe.each(['gzip', 'zstd'] as const)('%s', (codec) => {
  const pack = packers[codec];

  it('is unpacked from a file and from a stream, whatever its name', async () => {
    const packed = pack(content);
    const sources = [
      fileOf(packed),
      Readable.from([packed]),
      Readable.from(Array.from(packed.subarray(0, 10), (byte) => Buffer.of(byte)).concat([packed.subarray(10)])),
    ];
    for (const from of sources) {
      const { bytes, fault } = await readThrough(from);
      expect(fault).toBeUndefined();
      expect(bytes.equals(content)).toBe(true);
    }
  });

  it('is unpacked with several members, and packed twice', async () => {
    const half = 123_456;
    const members = Buffer.concat([pack(content.subarray(0, half)), pack(content.subarray(half))]);
    for (const packed of [members, pack(pack(content)), gzipSync(pack(content)), zstdCompressSync(members)]) {
      const { bytes, fault } = await readThrough(fileOf(packed));
      expect(fault).toBeUndefined();
      expect(bytes.equals(content)).toBe(true);
    }
  });

  it('is left packed beyond two layers', async () => {
    const { bytes } = await readThrough(fileOf(pack(pack(pack(content)))));
    expect(bytes.equals(pack(content))).toBe(true);
  });

  it('that is cut off gives what came before and says so', async () => {
    const packed = pack(content);
    for (const cut of [packed.length - 3, packed.length >> 1, 40]) {
      const { bytes, fault } = await readThrough(fileOf(packed.subarray(0, cut)));
      expect(fault).toMatch(new RegExp(`^the ${codec} data is cut off near byte ${cut}`));
      expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
    }
    expect((await readThrough(fileOf(packed.subarray(0, packed.length >> 1)))).bytes.length).toBeGreaterThan(0);
  });

  it('that is damaged gives what came before and says so', async () => {
    const text = Buffer.from(Array.from(content, (byte, i) => `${byte} of byte ${i}\n`).join(''));
    const packed = pack(text);
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 50);
    const { bytes, fault } = await readThrough(fileOf(packed));
    expect(fault).toMatch(new RegExp(`^the ${codec} data is damaged near byte \\d+`));
    // A codec gives out whole blocks, so a little of the first half may be missing.
    const right = text.length * 0.4;
    expect(bytes.length).toBeGreaterThan(right);
    expect(bytes.subarray(0, right).equals(text.subarray(0, right))).toBe(true);
  });

  it('that is a bomb ends', async () => {
    const bomb = pack(Buffer.alloc(200 << 20));
    const ratio = await readThrough(fileOf(bomb));
    expect(ratio.fault).toMatch(/taken for a bomb/);
    expect(ratio.bytes.length).toBeLessThanOrEqual(65 << 20);
    const nested = await readThrough(Readable.from([gzipSync(bomb)]));
    expect(nested.fault).toMatch(/taken for a bomb/);
    const absolute = await readThrough(fileOf(bomb), { maxDecompressedBytes: 1_000_000 });
    expect(absolute.fault).toMatch(/^more than 1000000 bytes come out of the/);
    expect(absolute.bytes.length).toBeLessThanOrEqual(1_000_000);
  });

  it('can be closed before its end', async () => {
    const open = opened(fileOf(pack(content)));
    await open.source.read(new Uint8Array(100), 0, 100);
    open.close();
    const waiting = opened(new PassThrough());
    const read = waiting.source.read(new Uint8Array(100), 0, 100);
    waiting.close();
    expect(await read).toBe(0);
  });
});

describe('a small damaged gzip', () => {
  it('loses no more than a few bytes before the damage', async () => {
    const packed = gzipSync(content.subarray(0, 20_000));
    packed[packed.length - 5] = (packed[packed.length - 5] ?? 0) ^ 1; // in the check sum: all of the content is right
    const { bytes, fault } = await readThrough(fileOf(packed));
    expect(fault).toMatch(/damaged/);
    expect(bytes.length).toBeGreaterThan(19_000);
    expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
  });
});

describe('a stream', () => {
  it('of unknown length is read to its end', async () => {
    const pipe = new PassThrough();
    const read = readThrough(pipe);
    for (let at = 0; at < content.length; at += 7777) pipe.write(content.subarray(at, at + 7777));
    pipe.end();
    const { bytes, fault } = await read;
    expect(fault).toBeUndefined();
    expect(bytes.equals(content)).toBe(true);
  });
  it('that breaks gives what came before and says why', async () => {
    const pipe = new PassThrough();
    const read = readThrough(pipe);
    pipe.write(content.subarray(0, 1000));
    await new Promise((done) => setImmediate(done));
    pipe.destroy(new Error('the sender went away'));
    const { bytes, fault } = await read;
    expect(bytes.length).toBe(1000);
    expect(fault).toMatch(/the sender went away/);
  });
});

describe('standard input', () => {
  it.each(['plain', 'gzip'] as const)('is read: %s', async (how) => {
    const script = `
      import { openByteSource } from ${JSON.stringify(join(import.meta.dirname, 'byte-source.ts'))};
      const { source } = openByteSource('-');
      const into = new Uint8Array(10_000);
      let sum = 0, got;
      while ((got = await source.read(into, 0, into.length)) > 0) for (let i = 0; i < got; i++) sum += into[i];
      console.log(sum, source.fault);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stdin.end(how === 'gzip' ? gzipSync(content) : content);
    await new Promise((done) => child.on('exit', done));
    expect(output.trim()).toBe(`${content.reduce((sum, byte) => sum + byte, 0)} undefined`);
  });
});

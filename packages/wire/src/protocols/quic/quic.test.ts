import { expect, test } from 'vitest';
import { hexPairs, Reader } from '../../reader.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { hex } from '../../testing/index.ts';
import { deriveKeys, openInitial, readInitialHeader } from './initial.ts';
import { golden } from './quic.golden.ts';
import { quic } from './quic.ts';

goldenTest(quic, golden, import.meta.url);

const digits = (bytes: Uint8Array | undefined) => hexPairs(bytes ?? new Uint8Array(0), '');
const FIRST_ID = hex('8394c8f03e515708');

test('keys of version 1 are those of RFC 9001 appendix A.1', () => {
  const [client, server] = deriveKeys(1, FIRST_ID) ?? [];
  expect([client?.key, client?.iv, client?.headerProtection].map(digits)).toEqual([
    '1f369613dd76d5467730efcbe3b1a22d',
    'fa044b2f42a3fd3b46fb255c',
    '9f50449e04a0e810283a1e9933adedd2',
  ]);
  expect([server?.key, server?.iv, server?.headerProtection].map(digits)).toEqual([
    'cf3a5331653c364c88f0f379b6067e37',
    '0ac1493ca1905853b0bba03e',
    'c206b8d9b9f0f37644430b490eeaa314',
  ]);
});

test('the server packet of RFC 9001 appendix A.3 opens to its hello', () => {
  const packet = hex(`
    cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3e
    c2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850
    abbdca3d20398c276456cbc42158407dd074ee`);
  const view = new DataView(packet.buffer);
  const header = readInitialHeader(new Reader(view, 0, packet.length));
  const [client, server] = deriveKeys(1, FIRST_ID) ?? [];
  if (!header || !client || !server) throw new Error('no header or keys');
  const [piece] = openInitial(view, header, server);
  expect(piece?.offset).toBe(0);
  expect(digits(piece?.bytes)).toMatch(/^020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a12/);
  expect(openInitial(view, header, client)).toEqual([]);
});

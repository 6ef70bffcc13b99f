import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { bytesOf, write } from '../../testing/index.ts';
import { golden } from './cip-io.golden.ts';
import { cipIo } from './cip-io.ts';

goldenTest(cipIo, golden, import.meta.url);

describe('cyclic data', () => {
  it('names the protocol of the conversation', async () => {
    const observations = await observationsOf(golden.toPcap(), { protocols: [cipIo] });
    const conversations = observations.filter(({ kind }) => kind === 'conversation');
    expect(conversations.length).toBeGreaterThan(0);
    for (const { value } of conversations)
      expect(value).toMatchObject({ transport: 'udp', port: 2222, protocol: 'cip-io' });
  });

  it('is told from other datagrams', () => {
    const recognises = (bytes: Uint8Array) =>
      cipIo.recognise?.(new Reader(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length));
    expect(recognises(bytesOf(write().u16le(2, 0x8002, 8).zeros(8).u16le(0x00b1, 0)))).toBe(true);
    expect(recognises(bytesOf(write().u16le(2, 0x8002, 8).zeros(8).u16le(0x00b2, 0)))).toBe(false);
    expect(recognises(new Uint8Array(0))).toBe(false);
  });
});

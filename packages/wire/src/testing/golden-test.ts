// The test that every protocol gets: what it tells of its golden capture, that this is all it promises, that segments,
// chunks and file formats change nothing, and that no cut and no flipped bit makes it fall over.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../protocol.ts';
import { PROTOCOLS } from '../protocols/index.ts';
import type { Capture } from './capture.ts';
import type { Segmentation } from './conversations.ts';
import { expectedLines, goldenLines, observationsOf } from './golden-lines.ts';
import { Bench, type CollectedMessage, collectMessages } from './messages.ts';
import { toPcapng } from './pcapng-writer.ts';

export interface GoldenTestOptions {
  /**
   * Why requests of this protocol are never sent before the answer to the one before. Without it the test also sends
   * all messages of each end in one go.
   */
  readonly lockstep?: string;
}

/**
 * Defines the tests of a protocol against its golden capture. `url` is `import.meta.url` of the test, beside which
 * `<name>.expected.jsonl` lies.
 */
export function goldenTest(protocol: AnyProtocol, golden: Capture, url: string, options: GoldenTestOptions = {}): void {
  const { name } = protocol;
  const expectedFile = new URL(`./${name}.expected.jsonl`, url);
  const file = golden.toPcap();
  const linesOf = async (bytes: Uint8Array, protocols: readonly AnyProtocol[], chunkSize?: number, later?: boolean) =>
    goldenLines(await observationsOf(bytes, { protocols }, chunkSize, later), name);
  const alone = [protocol];

  describe(`golden capture of ${name}`, () => {
    it('tells what is expected', async () => {
      if (!existsSync(expectedFile)) throw new Error(`no ${name}.expected.jsonl: npm run golden -- ${name}`);
      const expected = readFileSync(expectedFile, 'utf8').split('\n').filter(Boolean);
      expect(await expectedLines(protocol, golden)).toEqual(expected);
    });

    it('tells every kind of fact that is promised', async () => {
      const lines = await expectedLines(protocol, golden);
      const told = new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind));
      const missing = protocol.tells.filter((kind: string) => !told.has(kind));
      const count = `${protocol.tells.length - missing.length} of ${protocol.tells.length}`;
      expect(`${count}${missing.map((kind: string) => `, not ${kind}`).join('')}`).toBe(
        `${protocol.tells.length} of ${protocol.tells.length}`,
      );
    });

    it('tells the same beside every other protocol', async () => {
      const all = PROTOCOLS.includes(protocol) ? PROTOCOLS : [...PROTOCOLS, protocol];
      expect(await linesOf(file, all)).toEqual(await linesOf(file, alone));
    });

    it('tells the same in other pieces, byte order, resolution and format', async () => {
      const lines = await linesOf(file, alone);
      expect(await linesOf(file, alone, 1)).toEqual(lines);
      expect(await linesOf(file, alone, 997, true)).toEqual(lines);
      expect(await linesOf(golden.toPcap({ littleEndian: false, nanoseconds: true }), alone)).toEqual(lines);
      expect(await linesOf(toPcapng(golden, { littleEndian: false }), alone)).toEqual(lines);
    });

    const segmentations: Segmentation[] = ['halves', 'joined', ...(options.lockstep ? [] : ['pipelined' as const])];
    if (protocol.frame)
      it.each(segmentations)('tells the same in other segments: %s', async (how) => {
        const inSegments = await linesOf(golden.resegmented(how).toPcap(), alone);
        expect(inSegments.map(withoutFrames).sort()).toEqual((await linesOf(file, alone)).map(withoutFrames).sort());
      });

    it('stays up when frames are cut short', async () => {
      for (const snapLength of [20, 42, 54, 60, 70, 90, 120, 200, 400])
        await expect(observationsOf(golden.toPcap({ snapLength }), { protocols: alone })).resolves.toBeDefined();
    });

    it('stays up when messages are cut at every byte', async () => {
      await withEachMessage(protocol, file, (bench, message, before) => {
        for (let length = 0; length < message.bytes.length; length++) {
          const conversation = bench.converse(message.ends, before);
          bench.tell(message.bytes.subarray(0, length), conversation);
          bench.close(conversation);
        }
      });
    });

    it('stays up when every bit of its messages is flipped', async () => {
      await withEachMessage(protocol, file, (bench, message, before) => {
        const flipped = message.bytes.slice();
        for (let bit = 0; bit < 8 * flipped.length; bit++) {
          const at = bit >> 3;
          flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
          const conversation = bench.converse(message.ends, before);
          bench.tell(flipped, conversation);
          bench.close(conversation);
          flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
        }
      });
    });
  });
}

/** A fact without the frames it was in, which other segments change. */
function withoutFrames(line: string): string {
  const { frames: _, ...fact } = JSON.parse(line) as { frames: readonly number[] };
  return JSON.stringify(fact);
}

/** Calls `attempt` for every message with the messages of its conversation before it, which made its state. */
async function withEachMessage(
  protocol: AnyProtocol,
  file: Uint8Array,
  attempt: (bench: Bench, message: CollectedMessage, before: readonly CollectedMessage[]) => void,
): Promise<void> {
  const messages = await collectMessages(protocol, file);
  expect(messages.length).toBeGreaterThan(0);
  const bench = new Bench(protocol);
  for (const [i, message] of messages.entries()) {
    // Without a state of its own, a protocol does not know what came before.
    const before = protocol.open
      ? messages.slice(0, i).filter(({ conversation }) => conversation === message.conversation)
      : [];
    attempt(bench, message, before);
  }
}

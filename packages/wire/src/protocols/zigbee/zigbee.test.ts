import { describe, expect, it } from 'vitest';
import { goldenLines, observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { type Capture, capture, udp, write } from '../../testing/index.ts';
import { damaged, golden, onTheAir, wrapped, wrappedOld } from './zigbee.golden.ts';
import { zigbee } from './zigbee.ts';

goldenTest(zigbee, golden, import.meta.url);

describe('Zigbee frames as sniffers hand them on', () => {
  const linesOf = async (from: Capture) =>
    goldenLines(await observationsOf(from.toPcap(), { protocols: [zigbee] }), 'zigbee');

  it('as a radio captures them, and wrapped on another port', async () => {
    const lines = await linesOf(golden);
    expect(lines.length).toBeGreaterThan(20);
    for (const capture of [...onTheAir(), wrapped(40_000), wrappedOld()]) expect(await linesOf(capture)).toEqual(lines);
  });

  it('damaged on the air: nothing', async () => {
    for (const capture of damaged()) expect(await linesOf(capture)).toEqual([]);
  });

  it('acknowledgements of the wrapper hold no frame', async () => {
    const answer = udp(
      { from: '10.0.0.9', fromPort: 1, to: '10.0.0.8', toPort: 17_754 },
      write().text('EX').hex('0202 00000001'),
    );
    expect(await linesOf(capture('', [answer]))).toEqual([]);
  });
});

// The engine on a live capture: whenever it is asked, what it tells adds up to what it tells of the same frames as a file.
import { type ConversationValue, type Observation, subjectKey } from '@interlock/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureReader } from './capture/capture-reader.ts';
import { analyse, Engine } from './engine.ts';
import {
  byteSourceOf,
  capture,
  fromClient,
  fromServer,
  interfaceBlock,
  section,
  statisticsBlock,
  tcp,
  udp,
  write,
} from './testing/index.ts';
import { generateTraffic } from './testing/traffic.ts';

/** Traffic of every protocol's ports, most of it not understood, and a conversation that is. */
function traffic(): Uint8Array {
  const chunks: Uint8Array[] = [];
  generateTraffic({ flows: 300, meanSize: 120, fileSize: 400_000 }, (bytes) => chunks.push(bytes.slice()));
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}
const TRAFFIC = traffic();

async function live(
  file: Uint8Array,
  chunk: number,
  flushAfter: (batch: number) => { readonly now: number; readonly everything: boolean } | undefined,
): Promise<Observation[]> {
  const engine = new Engine({ strict: true, live: true });
  const reader = new CaptureReader(byteSourceOf(file, chunk), {
    onTrouble: (trouble) => engine.captureTroubles.push(trouble),
  });
  const told: Observation[] = [];
  const stretches: number[] = [];
  const take = (batches: ReturnType<Engine['flush']>) => {
    for (const batch of batches) {
      stretches.push(batch.stretch);
      told.push(...batch.observations);
    }
  };
  for (let n = 0; ; n++) {
    const batch = await reader.next();
    if (!batch) break;
    take(engine.process(batch));
    const flush = flushAfter(n);
    if (flush) take(engine.flush(flush.now, flush.everything));
  }
  take(engine.finish());
  expect(stretches).toEqual(stretches.map((_, n) => n));
  return told;
}

/** Observations by what they say, added up as the store adds them up. */
function addedUp(observations: readonly Observation[]): Map<string, unknown> {
  const sums = new Map<string, { count: number; first: number; last: number; packets: number; bytes: number }>();
  for (const { kind, subject, value, provenance, count, first, last } of observations) {
    const {
      packetsSent = 0,
      packetsReceived = 0,
      bytesSent = 0,
      bytesReceived = 0,
      ...rest
    } = (kind === 'conversation' ? value : { value }) as ConversationValue;
    const source = provenance.from === 'capture' ? `${provenance.protocol} ${provenance.source}` : '';
    const key = `${subjectKey(subject)} ${kind} ${JSON.stringify(rest)} ${source}`;
    // A file counts all flows of a service that answered one of them; live, those that were answered.
    const isService = kind === 'service.offered' || kind === 'traffic.not-understood';
    const sum = sums.get(key) ?? { count: 0, first: Number.POSITIVE_INFINITY, last: 0, packets: 0, bytes: 0 };
    sums.set(key, {
      count: isService ? 1 : sum.count + count,
      // And it has one first time for all values of an endpoint.
      first: isService || kind.startsWith('network.') ? 0 : Math.min(sum.first, first),
      last: isService ? 0 : Math.max(sum.last, last),
      packets: sum.packets + packetsSent + packetsReceived,
      bytes: sum.bytes + bytesSent + bytesReceived,
    });
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
async function ofFile(file: Uint8Array): Promise<Observation[]> {
  const told: Observation[] = [];
  for await (const batch of analyse(byteSourceOf(file, 65_536), { strict: true })) told.push(...batch.observations);
  return told;
}

describe('told while it goes on', () => {
  test('it adds up to what the file tells, whenever it is asked', async () => {
    const expected = addedUp(await ofFile(TRAFFIC));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 20_000 }),
        fc.array(fc.nat(3), { minLength: 1 }),
        async (chunk, when) => {
          const told = await live(TRAFFIC, chunk, (n) => {
            const turn = when[n % when.length];
            return turn === 0 ? undefined : { now: n, everything: turn === 1 };
          });
          expect(addedUp(told)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
  test('no packet is lost or told twice where silent flows are ended meanwhile', async () => {
    const totals = (observations: readonly Observation[]) => {
      let frames = 0;
      let packets = 0;
      let bytes = 0;
      for (const { kind, value, count } of observations) {
        if (kind === 'address.seen') frames += count;
        if (kind !== 'conversation') continue;
        packets += value.packetsSent + value.packetsReceived;
        bytes += value.bytesSent + value.bytesReceived;
      }
      return { frames, packets, bytes };
    };
    const told = await live(TRAFFIC, 5_000, (n) => ({ now: n * 400_000, everything: n % 2 === 0 }));
    expect(totals(told)).toEqual(totals(await ofFile(TRAFFIC)));
  });
  test('nothing is told where nothing happened', async () => {
    const engine = new Engine({ live: true });
    expect([...engine.flush(0, true)]).toEqual([]);
  });
  test('who sends is told at the first question, a known flow again only when counts are wanted', async () => {
    const file = capture('live', [
      tcp({ client: '10.0.0.1', server: '10.0.0.2', port: 502 }, [
        fromClient(write().u16(1).u16(0).u16(6).u8(1).u8(3).u16(0).u16(1)),
        fromServer(write().u16(1).u16(0).u16(5).u8(1).u8(3).u8(2).u16(7)),
      ]),
      udp({ from: '10.0.0.1', fromPort: 50_000, to: '10.0.0.2', toPort: 60_000 }, write().text('?')),
    ]).toPcap();
    const asked: string[][] = [];
    const engine = new Engine({ live: true, strict: true });
    const reader = new CaptureReader(byteSourceOf(file, file.length));
    const batch = await reader.next();
    if (!batch) throw new Error('no records');
    for (const _ of engine.process(batch));
    for (const [now, everything] of [
      [0, false],
      [1_000, false],
      [20_000, true],
      [40_000, true],
    ] as const)
      asked.push(
        [...engine.flush(now, everything)].flatMap(({ observations }) => observations.map(({ kind }) => kind)),
      );
    expect(asked[0]).toContain('address.seen');
    expect(asked[0]).toContain('service.offered');
    expect(asked[0]?.filter((kind) => kind === 'conversation').length).toBe(1);
    expect(asked[1]).toEqual([]);
    // What the datagram is nobody found out: it is told when there was time to.
    expect(asked[2]).toEqual(['conversation', 'traffic.not-understood']);
    expect(asked[3]).toEqual([]);
  });
});

test('what the writer of a pcapng capture counted is told', async () => {
  const value = (count: number) => write().u64le(count);
  const file = section({}, [
    interfaceBlock({ linkType: 1 }),
    statisticsBlock(0, [
      { code: 4, value: value(1_000) },
      { code: 7, value: value(17) },
    ]),
  ]);
  const found: unknown[] = [];
  const reader = new CaptureReader(byteSourceOf(file, file.length), { onStatistics: (one) => found.push(one) });
  await reader.next();
  expect(found).toEqual([{ interface: 0, received: 1000, droppedBySystem: 17 }]);
});

// One stage of reading one capture, in a process of its own so that nothing profits from another's warm-up: `bench.ts` runs
// it. Prints CPU seconds of the work alone, frames, and the most memory that was resident.
import { readFileSync } from 'node:fs';
import { openByteSource } from '@interlock/server/byte-source';
import { analyse, type ByteSource, CaptureReader, DEFAULT_LIMITS } from '@interlock/wire';
import { EndpointTable } from '../packages/wire/src/flow/endpoints.ts';
import { FlowTable } from '../packages/wire/src/flow/table.ts';
import { readFrame } from '../packages/wire/src/packet/frame.ts';
import { Packets } from '../packages/wire/src/packet/packets.ts';

/** Walks the records, reads the headers of each and accounts it to its flow, as far as asked to. */
async function walk(source: ByteSource, headers: boolean, flows: boolean): Promise<number> {
  const reader = new CaptureReader(source, { onTrouble: () => undefined });
  const packets = new Packets();
  const endpoints = new EndpointTable(DEFAULT_LIMITS.endpoints, 0);
  const table = new FlowTable(endpoints, DEFAULT_LIMITS.flows, 0, new Uint8Array(65_536), new Uint8Array(65_536));
  for (;;) {
    const answer = reader.next();
    const batch = answer instanceof Promise ? await answer : answer;
    if (!batch) return reader.frames;
    if (!headers) continue;
    const { view, at, end, linkType, count, time, wireLength, firstFrame } = batch;
    for (let i = 0; i < count; i++) readFrame(view, at[i] ?? 0, end[i] ?? 0, linkType[i] ?? 0, packets, i);
    for (let from = 0; flows && from < count; ) {
      from = table.account(packets, time, wireLength, firstFrame, from, count);
      if (table.full) table.evict(() => undefined);
    }
  }
}

async function analyseAll(source: ByteSource): Promise<number> {
  let frames = 0;
  for await (const batch of analyse(source)) frames = Math.max(frames, batch.lastFrame);
  return frames;
}

/** What the system counts since this program began; `maxRSS` also counts the process that started it (getrusage(2)). */
function mostResidentKb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
}

const STAGES: Readonly<Record<string, (source: ByteSource) => Promise<number>>> = {
  walk: (source) => walk(source, false, false),
  headers: (source) => walk(source, true, false),
  flows: (source) => walk(source, true, true),
  engine: analyseAll,
};

const [stage = '', file = ''] = process.argv.slice(2);
const work = STAGES[stage];
const opened = openByteSource(file);
if (!work || 'problem' in opened) throw new Error(`usage: bench-stage.ts ${Object.keys(STAGES).join('|')} FILE`);
const before = process.cpuUsage();
const frames = await work(opened.source);
const used = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (used.user + used.system) / 1e6, frames, residentKb: mostResidentKb() }));

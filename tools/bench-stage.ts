// One stage of reading one capture, in a process of its own so that nothing profits from another's warm-up: `bench.ts` runs
// it. Prints CPU seconds of the work alone, frames, and the most memory that was resident.
import { openByteSource } from '@interlock/server/byte-source';
import { analyse, type ByteSource, CaptureReader } from '@interlock/wire';
import { readFrame } from '../packages/wire/src/packet/frame.ts';
import { Packets } from '../packages/wire/src/packet/packets.ts';

/** Walks the records and reads the headers of each, where asked to. */
async function walk(source: ByteSource, headers: boolean): Promise<number> {
  const reader = new CaptureReader(source, { onTrouble: () => undefined });
  const packets = new Packets();
  for (;;) {
    const answer = reader.next();
    const batch = answer instanceof Promise ? await answer : answer;
    if (!batch) return reader.frames;
    if (!headers) continue;
    const { view, at, end, linkType, count } = batch;
    for (let i = 0; i < count; i++) readFrame(view, at[i] ?? 0, end[i] ?? 0, linkType[i] ?? 0, packets, i);
  }
}

async function analyseAll(source: ByteSource, flowsOnly: boolean): Promise<number> {
  let frames = 0;
  for await (const batch of analyse(source, flowsOnly ? { protocols: [] } : {}))
    frames = Math.max(frames, batch.lastFrame);
  return frames;
}

const STAGES: Readonly<Record<string, (source: ByteSource) => Promise<number>>> = {
  walk: (source) => walk(source, false),
  headers: (source) => walk(source, true),
  flows: (source) => analyseAll(source, true),
  engine: (source) => analyseAll(source, false),
};

const [stage = '', file = ''] = process.argv.slice(2);
const work = STAGES[stage];
const opened = openByteSource(file);
if (!work || 'problem' in opened) throw new Error(`usage: bench-stage.ts ${Object.keys(STAGES).join('|')} FILE`);
const before = process.cpuUsage();
const frames = await work(opened.source);
const used = process.cpuUsage(before);
console.log(
  JSON.stringify({ cpu: (used.user + used.system) / 1e6, frames, residentKb: process.resourceUsage().maxRSS }),
);

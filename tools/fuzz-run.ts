// One input of the fuzzer: made from the golden captures or the samples of documents by its number, run through the whole
// engine, one protocol or an importer, and what comes out checked. Throws where something is wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { resolveInventory } from '@interlock/assess';
import type { Observation } from '@interlock/model';
import { openByteSource } from '@interlock/server/byte-source';
import {
  type AnalyseOptions,
  type AnyProtocol,
  analyse,
  type ByteSource,
  explainFrames,
  locate,
  PROTOCOLS,
} from '@interlock/wire';
import {
  byteSourceOf,
  type Capture,
  ethernetFrame,
  type Frame,
  LINK_TYPES,
  type Message,
  pcapBytes,
  tcp,
  toPcapng,
  udp,
} from '@interlock/wire/testing';
import {
  Bench,
  type CollectedMessage,
  checkObservation,
  collectMessages,
} from '../packages/wire/src/testing/messages.ts';
import { carry, onLink } from './fuzz-carriers.ts';
import { runDocument } from './fuzz-documents.ts';
import { joined, mutate, Random } from './fuzz-mutate.ts';

const FOLDER = join(import.meta.dirname, '../packages/wire/src/protocols');

/** Frames of one conversation at most: a sender may make a long one of a byte each. */
const MAX_FRAMES = 400;

/** What is bent: the golden captures and, per protocol, the messages in them. */
export interface Corpus {
  readonly captures: readonly Capture[];
  readonly protocols: readonly { readonly protocol: AnyProtocol; readonly messages: readonly CollectedMessage[] }[];
  readonly payloads: readonly Uint8Array[];
}

export async function loadCorpus(): Promise<Corpus> {
  const captures: Capture[] = [];
  const protocols: { protocol: AnyProtocol; messages: readonly CollectedMessage[] }[] = [];
  for (const protocol of PROTOCOLS) {
    const path = join(FOLDER, protocol.name, `${protocol.name}.golden.ts`);
    if (!existsSync(path)) continue;
    const { golden } = (await import(pathToFileURL(path).href)) as { golden: Capture };
    captures.push(golden);
    const messages = await collectMessages(protocol, golden.toPcap());
    if (messages.length > 0) protocols.push({ protocol, messages });
  }
  const payloads = protocols.flatMap(({ messages }) => messages.map(({ bytes }) => bytes));
  return { captures, protocols, payloads };
}

/** What an input cost. */
export interface Cost {
  readonly mode: string;
  readonly bytes: number;
  /** Reads of single fields; only where one protocol ran alone. */
  readonly reads: number;
}
/** The input at hand, for whoever has to save it. */
export interface Input {
  mode: string;
  bytes: Uint8Array;
}

/** Makes and runs the input with this number. `input` is filled in before it runs. */
export async function runInput(corpus: Corpus, seed: number, number: number, input: Input): Promise<Cost> {
  const random = new Random(seed, number);
  const roll = random.below(100);
  if (roll < 45) return runMessage(corpus, random, input);
  if (roll < 50) {
    await runDocument(random, input);
    return { mode: input.mode, bytes: input.bytes.length, reads: 0 };
  }
  if (roll < 75) return runConversation(corpus, random, input);
  if (roll < 95) return runFile(corpus, random, input);
  return runPacked(corpus, random, input);
}

/** A changed message, alone on the bench of its protocol, or of another one. */
function runMessage(corpus: Corpus, random: Random, input: Input): Cost {
  const { messages } = random.pick(corpus.protocols);
  const i = random.below(messages.length);
  const { ends, bytes, conversation } = random.pick(messages.slice(i, i + 1));
  const others = random.chance(0.7) ? messages.map((message) => message.bytes) : corpus.payloads;
  const { protocol } = random.chance(0.95)
    ? random.pick(corpus.protocols.filter((each) => each.messages === messages))
    : random.pick(corpus.protocols);
  input.mode = `message of ${protocol.name}`;
  input.bytes = mutate(bytes, random, others);
  const bench = new Bench(protocol);
  const before = messages.slice(0, i).filter((message) => message.conversation === conversation);
  const own = protocol.open && random.chance(0.8) ? before : [];
  const talk = bench.converse(ends, own.every((message) => message.ends.transport === ends.transport) ? own : []);
  bench.tell(input.bytes, talk);
  const { reads } = bench;
  // The state that a broken message leaves must not break the next one.
  for (const message of messages.slice(i, i + 3)) {
    if (message.conversation !== conversation) continue;
    talk.turnTo(message.ends);
    bench.tell(message.bytes, talk);
  }
  bench.close(talk);
  return { mode: input.mode, bytes: input.bytes.length, reads };
}

/** A conversation with some messages changed, in sound frames, some of which are lost, doubled or out of order. */
async function runConversation(corpus: Corpus, random: Random, input: Input): Promise<Cost> {
  const { protocol, messages } = random.pick(corpus.protocols);
  const { conversation, ends } = random.pick(messages);
  const talk = messages
    .filter((message) => message.conversation === conversation)
    .map((message) => ({
      ...message,
      bytes: random.chance(0.3) ? mutate(message.bytes, random, corpus.payloads) : message.bytes,
    }));
  const frames = disturb(framesOf(ends, talk, random), random);
  input.mode = `conversation of ${protocol.name}`;
  input.bytes = pcapBytes(timed(frames), LINK_TYPES.ethernet);
  await useObservations(await runEngine(byteSourceOf(input.bytes), random, input), random, input);
  return { mode: input.mode, bytes: input.bytes.length, reads: 0 };
}

function framesOf(ends: CollectedMessage['ends'], talk: readonly CollectedMessage[], random: Random): readonly Frame[] {
  const { client, server, clientPort, serverPort, transport } = ends;
  if (transport === 'tcp' && client.ip && server.ip) {
    const segmentSize = random.pick([1460, 1460, 100, 7, 1]);
    const messages = talk.map(({ bytes, ends: { fromClient } }): Message => {
      return { from: fromClient ? 'client' : 'server', bytes: bytes.subarray(0, MAX_FRAMES * segmentSize) };
    });
    const group = tcp(
      {
        client: client.ip,
        server: server.ip,
        port: random.chance(0.9) ? serverPort : 1024 + random.below(60_000),
        clientPort,
        handshake: random.chance(0.8),
        close: random.chance(0.3),
        segmentSize,
      },
      messages.slice(0, 20),
    );
    return random.chance(0.5) ? group.frames : (group.resegment?.(random.pick(['halves', 'joined'])) ?? []);
  }
  return talk.map(({ bytes, ends: { fromClient, sender, receiver } }) => {
    const payload = bytes.subarray(0, 60_000);
    if (sender.ip && receiver.ip)
      return udp(
        {
          from: sender.ip,
          to: receiver.ip,
          fromPort: fromClient ? clientPort : serverPort,
          toPort: fromClient ? serverPort : clientPort,
        },
        payload,
      );
    const from = sender.mac ?? '02:00:00:00:00:01';
    return { bytes: ethernetFrame({ from, to: receiver.mac ?? from, type: random.below(0x10000) }, payload) };
  });
}

/** Loses, doubles, moves and changes frames. */
function disturb(frames: readonly Frame[], random: Random): Frame[] {
  const out: Frame[] = [];
  for (const frame of frames.slice(0, MAX_FRAMES)) {
    if (random.chance(0.04)) continue;
    out.push(random.chance(0.04) ? { bytes: mutate(frame.bytes, random, []) } : frame);
    if (random.chance(0.04)) out.push(frame);
    if (random.chance(0.04)) out.splice(random.below(out.length), 0, frame);
  }
  return out;
}
const timed = (frames: readonly Frame[]) => frames.map(({ bytes }, i) => ({ bytes, time: 1_767_225_600_000 + 10 * i }));

/** A capture file, as sound as golden ones are, of frames of one or two of them. */
function fileOf(corpus: Corpus, random: Random): Uint8Array {
  const { frames, linkType } = random.pick(corpus.captures);
  const more = random.chance(0.3) ? random.pick(corpus.captures).frames : [];
  const carried = random.chance(0.4)
    ? [...frames, ...more].flatMap((frame) => (random.chance(0.5) ? carry(frame, random) : [frame]))
    : [...frames, ...more];
  const type = random.chance(0.2) ? random.pick(Object.values(LINK_TYPES)) : linkType;
  const all = timed(random.chance(0.8) ? carried.map((frame) => onLink(frame, type)) : carried);
  const littleEndian = random.chance(0.7);
  if (random.chance(0.4)) {
    const title = 'fuzz';
    const resegmented = () => random.pick(corpus.captures);
    return toPcapng(
      { title, frames: all, linkType: type, toPcap: (how) => pcapBytes(all, type, how), resegmented },
      { littleEndian },
    );
  }
  const snapLength = random.chance(0.1) ? 1 + random.below(200) : 262_144;
  return pcapBytes(all, type, { littleEndian, nanoseconds: random.chance(0.3), snapLength });
}

/** A capture file changed anywhere: headers of the file, of records, of packets. */
async function runFile(corpus: Corpus, random: Random, input: Input): Promise<Cost> {
  const sound = fileOf(corpus, random);
  input.mode = 'file';
  input.bytes = mutate(sound, random, random.chance(0.3) ? [fileOf(corpus, random)] : corpus.payloads);
  // Now and then another capture after it.
  if (random.chance(0.1)) input.bytes = joined(input.bytes, fileOf(corpus, random));
  const first = await runEngine(pieces(input.bytes, random), random, input);
  await useObservations(first, random, input);
  if (random.chance(0.1)) {
    const second = await runEngine(pieces(input.bytes, random), random, input);
    if (contentOf(first) !== contentOf(second)) throw new Error('the same bytes in other pieces tell something else');
  }
  return { mode: input.mode, bytes: input.bytes.length, reads: 0 };
}
/** The content of observations: their order may differ with the pieces, as long as each is there. */
const contentOf = (observations: readonly Observation[]) =>
  observations
    .map((observation) => JSON.stringify(observation))
    .sort()
    .join();
const pieces = (bytes: Uint8Array, random: Random): ByteSource =>
  byteSourceOf(bytes, random.pick([Number.POSITIVE_INFINITY, 65_536, 1000, 17]), random.chance(0.2));

/** A packed capture, changed before or after it was packed. */
async function runPacked(corpus: Corpus, random: Random, input: Input): Promise<Cost> {
  const pack = random.pick([gzipSync, zstdCompressSync]);
  const inner = random.chance(0.5) ? fileOf(corpus, random) : mutate(fileOf(corpus, random), random, []);
  const once = pack(inner);
  const packed = random.chance(0.1) ? gzipSync(once) : once;
  input.mode = 'packed file';
  input.bytes = random.chance(0.8) ? mutate(packed, random, [packed]) : packed;
  const opened = openByteSource(Readable.from([Buffer.from(input.bytes)]));
  if ('problem' in opened) throw new Error(opened.problem);
  await runEngine(opened.source, random, input);
  opened.close();
  return { mode: input.mode, bytes: input.bytes.length, reads: 0 };
}

/** Now and then goes on as the product does: devices are made of the observations, frames are explained. */
async function useObservations(observations: readonly Observation[], random: Random, input: Input): Promise<void> {
  if (random.chance(0.2)) {
    const { devices } = resolveInventory(observations, { vendorOfMac: () => undefined });
    if (new Set(devices.map(({ id }) => id)).size !== devices.length) throw new Error('two devices have the same id');
  }
  if (!random.chance(0.1)) return;
  const frames = Array.from({ length: 5 }, () => 1 + random.below(60));
  for (const explained of await explainFrames(byteSourceOf(input.bytes), frames)) {
    for (const { provenance, value } of observations)
      if (provenance.from === 'capture' && provenance.frames.includes(explained.frame))
        for (const { start, end } of locate(explained, value))
          if (!(start >= 0 && start <= end && end <= explained.bytes.length))
            throw new Error(`bytes ${start} to ${end} of a frame of ${explained.bytes.length}`);
  }
}

/** Runs everything on a source and checks what comes out. */
async function runEngine(source: ByteSource, random: Random, input: Input): Promise<readonly Observation[]> {
  const all: Observation[] = [];
  const options: AnalyseOptions = { strict: true, seed: random.below(0x1_0000_0000) };
  let next = 0;
  let ended = false;
  for await (const batch of analyse(source, options)) {
    if (batch.stretch !== next++ || ended) throw new Error(`stretch ${batch.stretch} out of order`);
    ended = batch.end;
    for (const observation of batch.observations) {
      checkObservation(observation);
      all.push(observation);
    }
  }
  if (!ended) throw new Error('no last stretch');
  // Every observation takes bytes to say: more than this multiply what a sender wrote.
  if (all.length > 1000 + input.bytes.length * 4)
    throw new Error(`${all.length} observations of ${input.bytes.length} bytes`);
  return all;
}

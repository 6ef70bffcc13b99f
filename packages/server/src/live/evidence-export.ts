// What was kept of live captures, by device: for "why?" on screen, and as a pcapng file with comments to hand on.
import { existsSync } from 'node:fs';
import type { FrameExplained } from '@interlock/model/api';
import { explainFrames } from '@interlock/wire';
import { type FactToFind, toScreen } from '../ingest/explain.ts';
import { readEvidence } from './evidence-files.ts';
import { EvidenceFormat, type EvidenceFrame } from './evidence-format.ts';
import { sourceOfFrames } from './source-of-frames.ts';

/** Frames read as the context of those asked for: of the same addresses, so that flows are met from their beginning. */
const MAX_CONTEXT = 20_000;

/** Whether anything was kept in a folder of evidence. */
export const hasEvidence = (folder: string): boolean => existsSync(folder);

/**
 * In: folders of evidence of live captures, and subject keys without parts ("10.0.0.1@00:1b:1b:00:00:01").
 * Out: a pcapng file in pieces: the kept frames that facts about these subjects rest on, without passwords, each with its
 * number in the live capture and the facts it proves as comments. Nothing at all where nothing was kept.
 */
export function* writeEvidence(folders: readonly string[], subjects: ReadonlySet<string>): Generator<Uint8Array> {
  const format = new EvidenceFormat();
  for (const folder of folders)
    for (const frame of readEvidence(folder))
      if (frame.subjects.some((subject) => subjects.has(subject))) yield format.blocksOf(frame);
}

/** Those of the frames that were kept, explained for the screen as frames of any capture are. */
export async function explainEvidence(
  folder: string,
  frames: readonly number[],
  fact?: FactToFind,
): Promise<Omit<FrameExplained, 'capture'>[]> {
  const wanted = new Set(frames);
  const subjects = new Set<string>();
  for (const { frame, subjects: whose } of readEvidence(folder))
    if (wanted.has(frame)) for (const subject of whose) subjects.add(subject);
  const context: EvidenceFrame[] = [];
  const last = Math.max(...frames);
  for (const frame of readEvidence(folder)) {
    const isContext = frame.frame <= last && frame.subjects.some((subject) => subjects.has(subject));
    if (wanted.has(frame.frame) || (isContext && context.length < MAX_CONTEXT)) context.push(frame);
  }
  context.sort((a, b) => a.frame - b.frame);
  const places = context.flatMap(({ frame }, n) => (wanted.has(frame) ? [n + 1] : []));
  if (places.length === 0) return [];
  const explained = await explainFrames(sourceOfFrames(context), places);
  return explained.map((one) => ({ ...toScreen(one, fact), number: context[one.frame - 1]?.frame ?? one.frame }));
}

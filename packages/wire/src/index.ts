// Everything that users of the packet engine need: captures in, observations out, and what a protocol is made of.
export * from './capture/batch.ts';
export { CaptureReader } from './capture/capture-reader.ts';
export { type AnalyseOptions, analyse, DEFAULT_LIMITS, Engine, type EngineLimits, STRETCH_FRAMES } from './engine.ts';
export {
  type ExplainedField,
  type ExplainedFrame,
  type ExplainedLayer,
  explainFrame,
  explainFrames,
  type MaskedRange,
} from './explain.ts';
export { type ByteRange, locate } from './locate.ts';
export * from './protocol.ts';
export { PROTOCOLS } from './protocols/index.ts';
export * from './reader.ts';
export type { SecretRange } from './secrets.ts';

// The progress bar of a terminal, on standard error so that standard output holds the result alone.
import { createRequire } from 'node:module';
import type { SingleBar as SingleBarClass } from 'cli-progress';

/** In: what is read and its size in bytes (undefined for a stream). Out: how to move the bar and take it away. */
export function printProgress(
  name: string,
  size: number | undefined,
): { update(bytes: number, frames: number): void; stop(): void } {
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as { SingleBar: typeof SingleBarClass };
  const known = size !== undefined && size > 0;
  const bar = new SingleBar({
    stream: process.stderr,
    format: known
      ? `${name} {bar} {percentage}%  {frames} frames  {eta_formatted} left`
      : `${name}  {frames} frames  {megabytes} MB`,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  });
  bar.start(known ? size : 1, 0, { frames: 0, megabytes: '0.0' });
  return {
    update: (bytes, frames) =>
      bar.update(known ? Math.min(bytes, size) : 0, { frames, megabytes: (bytes / 1e6).toFixed(1) }),
    stop: () => bar.stop(),
  };
}

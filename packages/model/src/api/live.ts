// Routes of live captures: which interfaces there are and whether they may be captured, start and stop, and how those that
// run are doing. What a live capture tells is read as that of any other capture, under the same identifier.
import { z } from 'zod';
import { captureId, count, time } from './common.ts';
import { route } from './route.ts';

export const LIVE_STATES = ['starting', 'capturing', 'waiting', 'stopped'] as const;
export type LiveState = (typeof LIVE_STATES)[number];

const milliseconds = z.number().nonnegative();
const interfaceName = z
  .string()
  .regex(/^[^\s/-][^\s/]{0,14}$/, 'a name of an interface has up to 15 characters, no space and no slash')
  .describe('as the operating system calls it: "eth1"');

export const captureInterface = z.object({
  name: interfaceName,
  kind: z.enum(['ethernet', 'wireless', 'loopback', 'virtual', 'other']),
  state: z.enum(['up', 'no-link', 'down']),
  mac: z.string().optional(),
  addresses: z.array(z.string()).describe('its own IP addresses'),
  speed: count.optional().describe('megabits per second, where the driver says it'),
  capturedBy: captureId.optional().describe('the live capture that runs on it'),
});
export type CaptureInterface = z.infer<typeof captureInterface>;

export const captureRight = z.object({
  tool: z.enum(['dumpcap', 'tcpdump']).optional().describe('what captures; absent where neither is installed'),
  granted: z.boolean(),
  missing: z.string().optional().describe('what is missing, in a sentence'),
  command: z.string().optional().describe('what grants it, to be run once on the machine of the server'),
});
export type CaptureRight = z.infer<typeof captureRight>;

export const liveCounters = z.object({
  frames: count,
  bytes: count.describe('of frames, as captured'),
  kernelDrops: count.describe('frames the operating system had no room for, as far as it told'),
  uncountedRuns: count.describe('times the capture process was killed before it told what was dropped'),
  lostObservations: count.describe('that found no room while nothing could be stored'),
  gaps: count.describe('times during which nothing was captured'),
  gapMilliseconds: milliseconds,
  restarts: count.describe('of the capture process'),
  clockJumps: count,
  evidenceFrames: count.describe('frames kept as evidence, now'),
  evidenceBytes: count,
  evidenceDropped: count.describe('kept frames that went to make room, the oldest first'),
});
export type LiveCounters = z.infer<typeof liveCounters>;

export const liveRow = z.object({
  id: captureId.describe('also the identifier of its capture'),
  name: z.string(),
  interface: interfaceName,
  state: z.enum(LIVE_STATES),
  reason: z.string().optional().describe('why it waits or ended'),
  tool: z.enum(['dumpcap', 'tcpdump']).optional(),
  started: time,
  ended: time.optional(),
  lastFrame: time.optional(),
  framesPerSecond: z.number().nonnegative(),
  bytesPerSecond: z.number().nonnegative(),
  behind: milliseconds.describe('how long the newest frame waited to be read'),
  storage: z
    .enum(['ok', 'no-evidence', 'full'])
    .describe('what is kept: all, observations alone, nothing until there is space'),
  counters: liveCounters,
});
export type LiveRow = z.infer<typeof liveRow>;

const live = z.object({ id: captureId });

export const LIVE_ROUTES = [
  route({
    name: 'listInterfaces',
    method: 'GET',
    path: '/interfaces',
    summary: 'Interfaces of the machine, and whether the server may capture on them',
    output: z.object({ right: captureRight, items: z.array(captureInterface) }),
    errors: [],
  }),
  route({
    name: 'listLive',
    method: 'GET',
    path: '/live',
    summary: 'Live captures, those that run first, then the newest',
    output: z.object({ items: z.array(liveRow) }),
    errors: [],
  }),
  route({
    name: 'startLive',
    method: 'POST',
    path: '/live',
    summary: 'Start a live capture; it goes on, also after a restart of the server, until it is stopped',
    body: z.strictObject({ interface: interfaceName }),
    output: liveRow,
    status: 201,
    errors: [
      'live.no-such-interface',
      'live.not-permitted',
      'live.no-tool',
      'live.already-running',
      'live.too-many',
      'storage.full',
    ],
  }),
  route({
    name: 'stopLive',
    method: 'POST',
    path: '/live/:id/stop',
    summary: 'Stop a live capture; what it told stays until its capture is removed',
    params: live,
    output: liveRow,
    errors: ['live.not-found'],
  }),
] as const;

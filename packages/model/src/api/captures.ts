// Routes of captures: upload, progress, contents and troubles, frames, removal with everything that rests on one alone;
// and what people say against what was concluded.
import { z } from 'zod';
import {
  captureId,
  count,
  factId,
  factKind,
  order,
  page,
  pageQuery,
  searchText,
  share,
  subjectKey,
  time,
} from './common.ts';
import { frameExplained } from './devices.ts';
import { route } from './route.ts';

export const CAPTURE_STATES = ['waiting', 'analysing', 'done', 'failed', 'live'] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

export const captureRow = z.object({
  id: captureId.describe('SHA-256 of the file as received; of a live capture a number of its own'),
  name: z.string(),
  kind: z.enum(['file', 'live']).describe('live: traffic as it happened, of which only evidence is kept'),
  size: count.describe('bytes of the file as received'),
  added: time,
  state: z.enum(CAPTURE_STATES),
  demo: z.boolean(),
  progress: z
    .object({
      bytes: count.describe('read so far, unpacked'),
      frames: count,
      share: share.optional().describe('absent where the unpacked size is not known'),
    })
    .optional()
    .describe('while it is analysed'),
  problem: z.string().optional().describe('why it could not be read, or not to its end'),
  frames: count,
  first: time.optional(),
  last: time.optional(),
  observations: count,
  troubles: count.describe('damaged, malformed, not understood or cut off by a limit'),
});
export type CaptureRow = z.infer<typeof captureRow>;

const trouble = z.object({
  kind: factKind,
  title: z.string(),
  code: z.string(),
  detail: z.string().optional(),
  protocol: z.string(),
  subjects: z.array(subjectKey).describe('who sent it, the first ones'),
  subjectCount: count,
  count,
  frames: z.array(z.int().positive()),
});
export type TroubleShown = z.infer<typeof trouble>;

export const captureDetail = captureRow.extend({
  format: z.string().optional().describe('pcap or pcapng, and how compressed'),
  linkTypes: z.array(z.string()),
  unpacked: count.describe('bytes after unpacking'),
  engine: z.string().optional().describe('version of the engine that analysed it'),
  protocols: z.array(z.object({ protocol: z.string(), subjects: count, facts: count, messages: count })),
  kinds: z.array(z.object({ kind: factKind, title: z.string(), facts: count })),
  troubleList: z.array(trouble).describe('the gravest first; GET /captures/{id}/troubles gives all'),
  devices: count.describe('devices it says something of'),
  devicesOnlyHere: count.describe('devices nothing else says something of: they go with it'),
  fileAvailable: z.boolean().describe('whether its frames can be looked at'),
});
export type CaptureDetail = z.infer<typeof captureDetail>;

const capture = z.object({ id: captureId });

export const correctionInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('same-device'),
    subjects: z.tuple([subjectKey, subjectKey]),
    reason: z.string().trim().max(500).optional(),
  }),
  z.object({
    kind: z.literal('different-devices'),
    subjects: z.tuple([subjectKey, subjectKey]),
    reason: z.string().trim().max(500).optional(),
  }),
  z.object({
    kind: z.literal('name'),
    subjects: z.tuple([subjectKey]),
    name: z.string().trim().min(1).max(100),
    reason: z.string().trim().max(500).optional(),
  }),
]);
export type CorrectionInput = z.infer<typeof correctionInput>;
const correction = z.object({
  id: z.string(),
  kind: z.enum(['same-device', 'different-devices', 'name']),
  subjects: z.array(subjectKey),
  name: z.string().optional(),
  reason: z.string().optional(),
  author: z.string(),
  made: time,
});
export type CorrectionShown = z.infer<typeof correction>;

export const CAPTURE_ROUTES = [
  route({
    name: 'listCaptures',
    method: 'GET',
    path: '/captures',
    summary: 'Captures, with their state and what each contained in short',
    query: z.strictObject({
      search: searchText.optional().describe('part of the name'),
      sort: z.enum(['added', 'name', 'size', 'frames', 'first', 'troubles']).default('added'),
      order: order.default('descending'),
      ...pageQuery,
    }),
    output: page(captureRow),
    errors: ['request.bad-cursor'],
  }),
  route({
    name: 'addCapture',
    method: 'POST',
    path: '/captures',
    summary: 'Upload one capture; it is on disk when this answers, and analysed afterwards',
    body: z.object({ file: z.string().meta({ format: 'binary' }) }),
    sends: 'multipart/form-data',
    output: z.object({
      capture: captureRow,
      already: z.boolean().describe('the same bytes were there before: nothing changed'),
    }),
    status: 201,
    errors: [
      'capture.none-sent',
      'capture.one-at-a-time',
      'capture.bad-name',
      'capture.cut-off',
      'capture.empty',
      'capture.not-a-capture',
      'capture.too-large',
      'capture.expands-too-far',
      'capture.queue-full',
      'storage.full',
      'request.media-type',
    ],
  }),
  route({
    name: 'getCapture',
    method: 'GET',
    path: '/captures/:id',
    summary: 'One capture: what it contained, what was damaged, malformed or not understood',
    params: capture,
    output: captureDetail,
    errors: ['capture.not-found'],
  }),
  route({
    name: 'listTroubles',
    method: 'GET',
    path: '/captures/:id/troubles',
    summary: 'Everything in a capture that was damaged, malformed, not understood or cut off by a limit',
    params: capture,
    query: z.strictObject({ ...pageQuery }),
    output: page(trouble),
    errors: ['capture.not-found', 'request.bad-cursor'],
  }),
  route({
    name: 'getFrame',
    method: 'GET',
    path: '/captures/:id/frames/:number',
    summary: 'One frame: its bytes and what each of them means',
    params: z.object({ id: captureId, number: z.coerce.number<number | string>().int().min(1) }),
    query: z.strictObject({
      fact: factId.optional().describe('highlight the bytes this fact rests on'),
    }),
    output: frameExplained,
    errors: ['capture.not-found', 'capture.file-missing', 'frame.not-found'],
  }),
  route({
    name: 'removeCapture',
    method: 'DELETE',
    path: '/captures/:id',
    summary: 'Remove a capture and everything that rests on it alone',
    params: capture,
    output: z.object({ observations: count.describe('removed with it') }),
    errors: ['capture.not-found'],
  }),
  route({
    name: 'listCorrections',
    method: 'GET',
    path: '/corrections',
    summary: 'What people said about devices, the newest first',
    query: z.strictObject({ ...pageQuery }),
    output: page(correction),
    errors: ['request.bad-cursor'],
  }),
  route({
    name: 'addCorrection',
    method: 'POST',
    path: '/corrections',
    summary: 'Say that two addresses are one device, or are not, or what a device is called',
    body: correctionInput,
    output: correction,
    status: 201,
    errors: ['correction.unusable'],
  }),
  route({
    name: 'removeCorrection',
    method: 'DELETE',
    path: '/corrections/:id',
    summary: 'Take a correction back',
    params: z.object({ id: z.string().min(1).max(64) }),
    output: z.object({ removed: z.literal(true) }),
    errors: ['correction.not-found'],
  }),
  route({
    name: 'addDemo',
    method: 'POST',
    path: '/demo',
    summary: 'Load the demo plant into an empty store',
    output: z.object({ capture: captureRow }),
    status: 201,
    errors: ['demo.not-available', 'demo.store-not-empty', 'storage.full'],
  }),
  route({
    name: 'removeDemo',
    method: 'DELETE',
    path: '/demo',
    summary: 'Remove the demo plant and everything that rests on it alone',
    output: z.object({ observations: count }),
    errors: ['demo.not-loaded'],
  }),
] as const;

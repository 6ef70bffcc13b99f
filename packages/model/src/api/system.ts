// Routes about the server itself: its state, who is signed in, what just happened, and the description of the API.
import { z } from 'zod';
import { captureRow } from './captures.ts';
import { count, time } from './common.ts';
import { importId, importRow } from './imports.ts';
import { liveRow } from './live.ts';
import { route } from './route.ts';

/** Carries the token of the session on every request that changes something. */
export const CSRF_HEADER = 'x-interlock-csrf';

export const inventoryState = z.object({
  state: z.enum(['current', 'recomputing']),
  computed: time.optional().describe('when the devices were last put together'),
  devices: count,
});
export type InventoryState = z.infer<typeof inventoryState>;

const status = z.object({
  version: z.string(),
  engine: z.string().describe('version of the packet engine'),
  store: z.object({ engine: z.enum(['sqlite', 'postgresql']), version: z.string(), schema: z.string() }),
  counts: z.object({
    devices: count,
    conversations: count,
    operations: count,
    observations: count,
    captures: count,
    corrections: count,
  }),
  waiting: count.describe('captures that are waiting to be analysed or being analysed'),
  demo: z.object({ loaded: z.boolean(), available: z.boolean() }),
  inventory: inventoryState,
  limits: z.object({
    uploadBytes: count,
    unpackedBytes: count,
    pageItems: count,
    mapNodes: count,
    mapEdges: count,
  }),
});
export type Status = z.infer<typeof status>;

export const session = z.object({
  passwordSet: z.boolean(),
  signedIn: z.boolean().describe('true also where no password is set'),
  csrf: z.string().optional().describe('token to send as x-interlock-csrf; only to who is signed in'),
  idleEnd: time.optional().describe('when the session ends without another request'),
  end: time.optional().describe('when it ends in any case'),
});
export type Session = z.infer<typeof session>;

/** What the server tells as it happens. A client that was away asks for the lists again. */
export const serverEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('capture'), capture: captureRow }),
  z.object({ event: z.literal('capture-removed'), id: z.string() }),
  z.object({ event: z.literal('inventory'), inventory: inventoryState }),
  z.object({ event: z.literal('corrections') }),
  z.object({ event: z.literal('live'), live: liveRow }),
  z.object({ event: z.literal('import'), import: importRow }),
  z.object({ event: z.literal('import-removed'), id: importId }),
]);
export type ServerEvent = z.infer<typeof serverEvent>;

export const SYSTEM_ROUTES = [
  route({
    name: 'getStatus',
    method: 'GET',
    path: '/status',
    summary: 'Version, store, counts, limits, whether the demo plant is loaded and the inventory is current',
    output: status,
    errors: [],
  }),
  route({
    name: 'getSession',
    method: 'GET',
    path: '/session',
    summary: 'Whether somebody is signed in, and the token for requests that change something',
    output: session,
    errors: [],
    open: true,
  }),
  route({
    name: 'signIn',
    method: 'POST',
    path: '/session',
    summary: 'Sign in with the password',
    body: z.object({ password: z.string().min(1).max(1_000) }),
    output: session,
    errors: ['session.wrong-password', 'session.too-many-attempts'],
    open: true,
  }),
  route({
    name: 'signOut',
    method: 'DELETE',
    path: '/session',
    summary: 'End the session',
    output: session,
    errors: [],
  }),
  route({
    name: 'watchEvents',
    method: 'GET',
    path: '/events',
    summary:
      'Server-sent events: progress of captures, live captures, changes of the inventory; the name of each is its "event"',
    output: serverEvent,
    answers: ['text/event-stream'],
    errors: [],
  }),
  route({
    name: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, OpenAPI 3.1',
    output: z.looseObject({ openapi: z.string() }),
    errors: [],
  }),
] as const;

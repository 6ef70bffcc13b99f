// Routes of the inventory: the list with its filters, menus and export, one device with everything known of it, and the
// evidence that a fact rests on.
import { z } from 'zod';
import { DEVICE_ORIGINS } from '../device.ts';
import { MAX_FRAMES_KEPT } from '../provenance.ts';
import {
  address,
  captureId,
  count,
  deviceId,
  factId,
  factKind,
  flagText,
  level,
  number,
  operationKind,
  order,
  page,
  pageQuery,
  reason,
  role,
  saidBy,
  searchText,
  service,
  several,
  share,
  subjectKey,
  summary,
  time,
} from './common.ts';
import { EXPORT_FORMATS, type ExportFormat } from './export.ts';
import { basis, importId } from './imports.ts';
import { route } from './route.ts';

/** Columns of the inventory, in the order in which they are shown and exported. */
export const DEVICE_COLUMNS = [
  'name',
  'vendor',
  'model',
  'orderNumber',
  'firmware',
  'hardwareVersion',
  'serial',
  'os',
  'role',
  'addresses',
  'zone',
  'level',
  'location',
  'services',
  'parts',
  'peers',
  'exposures',
  'origin',
  'listed',
  'contradictions',
  'sureness',
  'first',
  'last',
  'id',
] as const;
export type DeviceColumn = (typeof DEVICE_COLUMNS)[number];
/** Columns whose filter is a menu of the values that occur. */
export const DEVICE_FACETS = [
  'vendor',
  'model',
  'os',
  'role',
  'level',
  'zone',
  'service',
  'firmware',
  'origin',
] as const;
export type DeviceFacet = (typeof DEVICE_FACETS)[number];
/** Addresses and services a row carries; more would make a page of 1,000 rows several megabytes. */
export const MAX_IN_ROW = 12;

const chosen = several(z.string().max(300)).optional().describe('one or several values; an empty one is "not known"');
const contains = searchText.optional().describe('part of the text, upper or lower case');
const from = number().optional().describe('not below; times in milliseconds since 1970');
const to = number().optional().describe('not above');

/** Filters of the inventory; list, menus, export and map take the same. */
export const deviceFilter = {
  search: searchText.optional().describe('words that all occur in names, addresses or facts of the device'),
  name: contains,
  address: contains,
  serial: contains,
  orderNumber: contains,
  hardwareVersion: contains,
  location: contains,
  vendor: chosen,
  model: chosen,
  firmware: chosen,
  os: chosen,
  role: several(z.union([role, z.literal('')]))
    .optional()
    .describe('an empty one is "not known"'),
  level: several(level).optional(),
  zone: chosen,
  service: several(z.string().max(100))
    .optional()
    .describe('"tcp/502", "502" or the name of a protocol, offered by the device'),
  capture: captureId.optional().describe('devices this capture says something of'),
  surenessFrom: number().min(0).max(1).optional(),
  surenessTo: number().min(0).max(1).optional(),
  firstFrom: from,
  firstTo: to,
  lastFrom: from,
  lastTo: to,
  exposed: flagText.optional().describe('with or without exposures'),
  outside: flagText.optional().describe("outside or inside the plant's own networks"),
  origin: several(z.enum(DEVICE_ORIGINS))
    .optional()
    .describe('seen in traffic, observed by another tool only, or listed in documents only'),
  listed: flagText.optional().describe('named by a list of what should be there, or not'),
  contradicting: flagText.optional().describe('with or without contradictions between documents and what was met'),
  import: importId.optional().describe('devices this import says something of'),
};
export const deviceFilterQuery = z.strictObject(deviceFilter);
export type DeviceFilter = z.output<typeof deviceFilterQuery>;

const listOrder = {
  sort: z.enum(DEVICE_COLUMNS).default('name'),
  order: order.default('ascending').describe('what is not known comes last either way'),
};

export const deviceRow = z.object({
  id: deviceId,
  ...summary,
  role: role.optional(),
  level,
  zone: z.string().optional(),
  outside: z.boolean(),
  sureness: share,
  first: time,
  last: time,
  addresses: z.array(address).max(MAX_IN_ROW),
  addressCount: count,
  services: z.array(service).max(MAX_IN_ROW).describe('offered by it'),
  serviceCount: count,
  parts: count.describe('parts behind it, of all depths'),
  peers: count.describe('devices it has conversations with'),
  exposures: count,
  origin: z.enum(DEVICE_ORIGINS),
  listed: z.boolean(),
  contradictions: count,
});
export type DeviceRow = z.infer<typeof deviceRow>;

/** A device as others name it: enough for a link. */
export const deviceLink = z.object({
  id: deviceId,
  name: z.string().describe('its name, or what comes nearest: model or address'),
  role: role.optional(),
  level,
  outside: z.boolean(),
});
export type DeviceLink = z.infer<typeof deviceLink>;

const factSource = z.object({
  fact: factId.describe('evidence of it: GET /evidence/{fact}'),
  said: saidBy,
  protocol: z.string(),
  source: z.string().describe("message and field in the standard's words"),
  subject: subjectKey,
  captures: z.array(captureId).describe('captures it was seen in; none where a document or a person says it'),
  frames: z.array(z.int().positive()).describe('of the first of these captures'),
  first: time,
  last: time,
  count,
});
const factValue = z.object({
  value: z.unknown().describe('text, whole number, true, or an object, by the kind'),
  text: z.string().describe('the value for people'),
  shown: z.boolean().describe('stands in the summary'),
  sources: z.array(factSource),
  sourceCount: count,
});
export type FactValueShown = z.infer<typeof factValue>;
const factGroup = z.object({
  kind: factKind,
  title: z.string(),
  group: z.string(),
  values: z.array(factValue),
  valueCount: count.describe('how many values there are; GET /devices/{id}/facts gives the rest'),
});
export type FactGroupShown = z.infer<typeof factGroup>;

const partItself = z.object({
  id: z.string(),
  part: z.string().describe('where it sits: "cip:1/0" is slot 0 of a chassis'),
  subject: subjectKey.optional(),
  device: deviceId.optional().describe('the device that is this part, where it also has an address of its own'),
  alsoBehind: z.array(deviceId).describe('other devices through which the same part was reached'),
  ...summary,
  addresses: z.array(address),
  facts: z.array(factGroup),
});
export interface DevicePartShown extends z.infer<typeof partItself> {
  children: DevicePartShown[];
}
const devicePart: z.ZodType<DevicePartShown> = partItself
  .extend({
    get children(): z.ZodType<DevicePartShown[]> {
      return z.array(devicePart);
    },
  })
  .meta({ id: 'DevicePart' });

export const deviceDetail = z.object({
  id: deviceId,
  ...summary,
  anchor: subjectKey.optional().describe('subject to name the device by in a correction'),
  subjects: z
    .array(z.object({ subject: subjectKey, facts: count, first: time, last: time }))
    .describe('the addresses as met that are joined into this device'),
  role: z.object({ value: role, sureness: share, reasons: z.array(reason) }).optional(),
  level: z.object({ value: level, sureness: share, reasons: z.array(reason) }),
  zone: z.string().optional(),
  outside: z.boolean(),
  origin: z.enum(DEVICE_ORIGINS),
  listed: z.boolean(),
  contradictions: z.array(
    z.object({
      kind: factKind,
      title: z.string(),
      imported: z.object({ fact: factId.optional(), text: z.string(), by: z.string() }),
      met: z.object({ fact: factId.optional(), text: z.string(), by: z.string() }),
    }),
  ),
  sureness: share,
  first: time,
  last: time,
  addresses: z.array(address.extend({ first: time, last: time })),
  joined: z.array(reason).describe('why these addresses are one device'),
  facts: z.array(factGroup),
  parts: z.array(devicePart),
  servicesOffered: z.array(service.extend({ clients: count, fact: factId.optional() })),
  servicesUsed: z.array(service.extend({ servers: count })),
  exposures: z.array(
    z.object({ kind: factKind, title: z.string(), text: z.string(), protocol: z.string(), fact: factId }),
  ),
  captures: z.array(z.object({ id: captureId, name: z.string() })).describe('captures that say something of it'),
  imports: z.array(z.object({ id: importId, source: z.string(), basis })).describe('imports that say something of it'),
  counts: z.object({ conversations: count, operations: count, peers: count }),
});
export type DeviceDetail = z.infer<typeof deviceDetail>;

const conversation = z.object({
  id: z.string(),
  direction: z.enum(['client', 'server']).describe('which end this device is'),
  peer: deviceLink,
  transport: z.string(),
  port: count.describe('of the server'),
  protocol: z.string().optional(),
  packetsSent: count.describe('by this device'),
  packetsReceived: count,
  bytesSent: z.number().nonnegative(),
  bytesReceived: z.number().nonnegative(),
  first: time,
  last: time,
  facts: z.array(factId).describe('observations it rests on, the first ones'),
});
export type ConversationShown = z.infer<typeof conversation>;

const operation = z.object({
  id: z.string(),
  direction: z.enum(['asked', 'done to it']).describe('whether this device asked for it, or it was done to it'),
  peer: deviceLink,
  protocol: z.string(),
  what: z.string(),
  kind: operationKind,
  detail: z.string().optional(),
  accepted: z.boolean().optional().describe('absent where no answer was seen'),
  count,
  frames: z.array(z.int().positive()),
  first: time,
  last: time,
  facts: z.array(factId).describe('observations it rests on, the first ones'),
});
export type OperationShown = z.infer<typeof operation>;

const span = { from: count.describe('first byte, from 0'), to: count.describe('byte after the last') };
export const frameExplained = z.object({
  capture: captureId,
  number: z.int().positive(),
  time: time.optional(),
  length: count.describe('on the wire'),
  captured: count.describe('bytes the capture holds of it'),
  link: z.string().describe('link layer'),
  hex: z.string().describe('its bytes, two digits each; the first ones of a very long frame; 2a where they are masked'),
  masked: z
    .array(z.object({ ...span, what: z.string().describe('"HTTP basic password"') }))
    .describe('bytes that are not shown: secrets, and what may hold one; values read from there say so'),
  layers: z.array(
    z.object({
      name: z.string().describe('short name of the layer or protocol: "ipv4", "s7comm"'),
      title: z.string(),
      ...span,
      fields: z.array(
        z.object({
          name: z.string(),
          value: z.string(),
          ...span,
          elsewhere: z.boolean().optional().describe('its bytes were carried by another frame of the same message'),
        }),
      ),
    }),
  ),
  highlights: z.array(z.object({ ...span, text: z.string() })).describe('the bytes the fact rests on'),
});
export type FrameExplained = z.infer<typeof frameExplained>;

const evidence = z.object({
  fact: z.object({
    id: factId,
    kind: factKind,
    title: z.string(),
    value: z.unknown(),
    text: z.string(),
    subject: subjectKey,
    said: saidBy,
    protocol: z.string(),
    source: z.string().describe("message and field in the standard's words"),
    first: time,
    last: time,
    count,
  }),
  origins: z
    .array(
      z.discriminatedUnion('from', [
        z.object({
          from: z.literal('capture'),
          capture: captureId,
          name: z.string().describe('file name of the capture'),
          frames: z.array(z.int().positive()).describe('the first ones that show it'),
          available: z.boolean().describe('whether the file is there to look into'),
          first: time,
          last: time,
          count,
        }),
        z.object({
          from: z.literal('document'),
          document: z.string(),
          path: z.string().describe('place in it: "row 17, column F"; the first one of several'),
          importer: z.string(),
          field: z.string().describe("in the document's own words"),
          basis,
          source: z.string().optional(),
          import: importId.optional(),
          imported: time,
          count,
        }),
        z.object({ from: z.literal('person'), author: z.string(), reason: z.string().optional(), made: time }),
        z.object({ from: z.literal('rule'), rule: z.string() }),
      ]),
    )
    .describe('everything it rests on'),
  frames: z
    .array(frameExplained)
    .describe('the first frames of one capture; more by GET /captures/{id}/frames/{number}'),
});
export type Evidence = z.infer<typeof evidence>;

const device = z.object({ id: deviceId });

export const DEVICE_ROUTES = [
  route({
    name: 'listDevices',
    method: 'GET',
    path: '/devices',
    summary: 'The inventory: devices that match, in the order asked for',
    query: z.strictObject({ ...deviceFilter, ...listOrder, ...pageQuery }),
    output: page(deviceRow),
    errors: ['request.bad-cursor'],
  }),
  route({
    name: 'deviceFacets',
    method: 'GET',
    path: '/devices/facets',
    summary: "Values that occur, with how often, for the filter menus; each menu under the other columns' filters",
    query: deviceFilterQuery,
    output: z.object({
      facets: z.record(
        z.enum(DEVICE_FACETS),
        z.object({
          values: z.array(z.object({ value: z.string().describe('empty: not known'), count })),
          more: count.describe('values left out: the rarest'),
        }),
      ),
      sureness: z.object({ least: share, most: share }).optional(),
      first: time.optional().describe('earliest first seen'),
      last: time.optional().describe('latest last seen'),
    }),
    errors: [],
  }),
  route({
    name: 'exportDevices',
    method: 'GET',
    path: '/devices/export',
    summary: 'All devices that match, as a file: what is shown, with the columns chosen',
    query: z.strictObject({
      ...deviceFilter,
      ...listOrder,
      format: z.enum(Object.keys(EXPORT_FORMATS) as [ExportFormat, ...ExportFormat[]]).default('csv'),
      columns: several(z.enum(DEVICE_COLUMNS)).optional().describe('of the formats made of rows; all where left out'),
    }),
    output: z.string().describe('the file'),
    answers: Object.values(EXPORT_FORMATS).map(({ media }) => media),
    errors: [],
  }),
  route({
    name: 'getDevice',
    method: 'GET',
    path: '/devices/:id',
    summary: 'One device: facts with their sources, parts behind it, services, why it is one device and has its role',
    params: device,
    output: deviceDetail,
    errors: ['device.not-found'],
  }),
  route({
    name: 'listDeviceFacts',
    method: 'GET',
    path: '/devices/:id/facts',
    summary: 'All values of one kind of fact of a device, with their sources',
    params: device,
    query: z.strictObject({ kind: factKind, ...pageQuery }),
    output: page(factValue),
    errors: ['device.not-found', 'request.bad-cursor'],
  }),
  route({
    name: 'listConversations',
    method: 'GET',
    path: '/devices/:id/conversations',
    summary: 'With whom the device talks, over what, how much and when',
    params: device,
    query: z.strictObject({
      search: searchText.optional().describe('name or address of the peer, protocol or port'),
      peer: deviceId.optional(),
      direction: z.enum(['client', 'server']).optional(),
      sort: z.enum(['bytes', 'packets', 'first', 'last', 'port']).default('bytes'),
      order: order.default('descending'),
      ...pageQuery,
    }),
    output: page(conversation),
    errors: ['device.not-found', 'request.bad-cursor'],
  }),
  route({
    name: 'listOperations',
    method: 'GET',
    path: '/devices/:id/operations',
    summary: 'What the device asked of others, and what was done to it',
    params: device,
    query: z.strictObject({
      direction: z.enum(['asked', 'done to it']).optional(),
      kind: several(operationKind).optional(),
      peer: deviceId.optional(),
      sort: z.enum(['count', 'first', 'last', 'what']).default('last'),
      order: order.default('descending'),
      ...pageQuery,
    }),
    output: page(operation),
    errors: ['device.not-found', 'request.bad-cursor'],
  }),
  route({
    name: 'getEvidence',
    method: 'GET',
    path: '/evidence/:fact',
    summary: '"Why?": what a fact rests on, down to the bytes of the frame, the line of the document or the person',
    params: z.object({ fact: factId }),
    query: z.strictObject({
      capture: captureId.optional().describe('whose frames to show; the first one where left out'),
      frames: number().int().min(0).max(MAX_FRAMES_KEPT).default(1).describe('how many frames to show'),
    }),
    output: evidence,
    errors: ['fact.not-found'],
  }),
] as const;

// Parts that several routes share: times, cursors and pages, addresses, services, values of the vocabulary. A query
// parameter that takes several values is repeated: `?vendor=A&vendor=B`.
import { z } from 'zod';
import { DEVICE_ROLES, type DeviceRole, PLANT_LEVELS } from '../device.ts';
import { FACT_KINDS, type FactKind } from '../facts.ts';
import { OPERATION_KINDS, type OperationKind } from '../operation.ts';
import { SAID_BY } from '../provenance.ts';

/** More rows than this at once would make one answer several megabytes; the next page is one cursor away. */
export const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;
/** Longest text to search for; the longest name that is indexed has 255 characters. */
const MAX_SEARCH = 200;
/** Most values of one filter: a menu with more chosen is "all". */
const MAX_CHOSEN = 200;

export const time = z.number().describe('milliseconds since 1970-01-01 UTC');
export const count = z.int().nonnegative();
export const share = z.number().min(0).max(1);
export const deviceId = z.string().min(1).max(200);
export const captureId = z.string().regex(/^[0-9a-f]{64}$/, 'a capture is named by the SHA-256 of its bytes, in hex');
export const factId = z.string().regex(/^[0-9a-f]{32}$/, 'a fact is named by 32 hex digits');
export const subjectKey = z
  .string()
  .min(2)
  .max(300)
  .describe('address as met on the wire: "10.0.0.1@00:1b:1b:23:eb:3b", with "#" and the part behind it if any');

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>) => Object.keys(table) as [K, ...K[]];
export const role = z.enum(keysOf<DeviceRole>(DEVICE_ROLES));
export const level = z.enum(PLANT_LEVELS);
export const factKind = z.enum(FACT_KINDS as [FactKind, ...FactKind[]]);
export const operationKind = z.enum(keysOf<OperationKind>(OPERATION_KINDS));
export const saidBy = z.enum(SAID_BY);
export const order = z.enum(['ascending', 'descending']);
export const flagText = z.enum(['true', 'false']).transform((text) => text === 'true');

/** One or several values of a query parameter. */
export const several = <S extends z.ZodType<string, string>>(value: S) =>
  z
    .union([value, z.array(value).max(MAX_CHOSEN)])
    .transform((given) => (Array.isArray(given) ? given : [given]) as z.output<S>[]);
export const number = () => z.coerce.number<number | string>();
export const searchText = z.string().trim().max(MAX_SEARCH);

export const pageQuery = {
  cursor: z.string().min(1).max(2_000).optional().describe('`next` of the page before; opaque'),
  limit: number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
};
/** A page of a list: its items, how many there are in all, and where the next page starts. */
export const page = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    total: count.describe('how many match, on all pages'),
    next: z.string().optional().describe('cursor of the next page; absent on the last one'),
  });

export const address = z.object({ kind: z.enum(['mac', 'ipv4', 'ipv6']), value: z.string() });
export const service = z.object({
  transport: z.string(),
  port: count,
  protocol: z.string().optional().describe('absent where nothing was recognised'),
});
export const reason = z.object({
  text: z.string(),
  facts: z.array(
    z.object({
      subject: z.string(),
      kind: factKind,
      value: z.string(),
      fact: factId.optional().describe('evidence of it: GET /evidence/{fact}'),
    }),
  ),
});
export const summary = {
  name: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  orderNumber: z.string().optional(),
  firmware: z.string().optional(),
  hardwareVersion: z.string().optional(),
  serial: z.string().optional(),
  os: z.string().optional(),
  location: z.string().optional(),
};

export const errorAnswer = z
  .object({
    error: z.object({
      code: z.string().describe('docs/reference/errors.md lists the codes'),
      message: z.string(),
      whose: z.enum(['caller', 'device', 'us']),
      whatToDo: z.string(),
      request: z.string().describe('under this the log holds more'),
    }),
  })
  .describe('What went wrong, whose fault it is and what to do');
export type ErrorAnswer = z.infer<typeof errorAnswer>;

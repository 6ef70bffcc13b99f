// What `interlock inspect --json` prints. The schema is the documentation (docs/reference/inspect.schema.json is made
// from it) and the test: every run in the test suite is checked against it.
import { z } from 'zod';
import { DEVICE_ROLES, PLANT_LEVELS } from './device.ts';
import { FACT_KINDS } from './facts.ts';
import { OPERATION_KINDS } from './operation.ts';
import { SAID_BY } from './provenance.ts';

/** Raised when a field changes its meaning or goes; fields may be added without. */
export const INSPECT_FORMAT = 1;

const time = z.number().describe('milliseconds since 1970-01-01 UTC');
const frames = z.array(z.int().positive()).describe('numbers of the first frames that show it, counted from 1');

const address = z.object({
  kind: z.enum(['mac', 'ipv4', 'ipv6']),
  value: z.string(),
  first: time,
  last: time,
});
const fact = z.object({
  kind: z.enum(FACT_KINDS as [string, ...string[]]).describe('docs/reference/facts.md lists the kinds'),
  value: z.unknown().describe('text, whole number, true, or an object, by the kind'),
  protocol: z.string(),
  source: z.string().describe("message and field in the standard's words"),
  said: z.enum(SAID_BY),
  frames,
  capture: z.string().optional().describe('file the frame numbers count in'),
  count: z.int().nonnegative(),
  first: time,
  last: time,
});
const summary = {
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
const partItself = z.object({
  id: z.string(),
  part: z.string().describe('where it sits: "cip:1/0" is slot 0 of a chassis'),
  ...summary,
  addresses: z.array(address),
  facts: z.array(fact),
});
interface Part extends z.infer<typeof partItself> {
  children: Part[];
}
const part: z.ZodType<Part> = partItself.extend({
  get children(): z.ZodType<Part[]> {
    return z.array(part);
  },
});
const device = z.object({
  id: z.string(),
  ...summary,
  role: z.enum(Object.keys(DEVICE_ROLES) as [string, ...string[]]).optional(),
  level: z.enum(PLANT_LEVELS),
  zone: z.string().optional(),
  outside: z.boolean(),
  sureness: z.number().min(0).max(1),
  first: time,
  last: time,
  addresses: z.array(address),
  facts: z.array(fact),
  children: z.array(part),
  joined: z.array(z.string()).describe('why these addresses are one device'),
});

export const inspectOutput = z
  .object({
    format: z.literal(INSPECT_FORMAT),
    interlock: z.string().describe('version of the program'),
    captures: z.array(
      z.object({
        file: z.string(),
        frames: z.int().nonnegative(),
        bytes: z.int().nonnegative().describe('of the decompressed capture'),
        first: time.optional(),
        last: time.optional(),
        problem: z.string().optional().describe('why the file could not be read, or not to its end'),
      }),
    ),
    devices: z.array(device),
    operations: z.array(
      z.object({
        from: z.string().describe('id of a device'),
        to: z.string(),
        protocol: z.string(),
        what: z.string(),
        kind: z.enum(Object.keys(OPERATION_KINDS) as [string, ...string[]]),
        detail: z.string().optional(),
        accepted: z.boolean().optional(),
        count: z.int().positive(),
        frames,
        first: time,
        last: time,
      }),
    ),
    conversations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        transport: z.string(),
        port: z.int().nonnegative(),
        protocol: z.string().optional(),
        packetsSent: z.int().nonnegative(),
        packetsReceived: z.int().nonnegative(),
        bytesSent: z.number().nonnegative(),
        bytesReceived: z.number().nonnegative(),
        first: time,
        last: time,
      }),
    ),
    troubles: z
      .array(
        z.object({
          kind: z.string(),
          code: z.string(),
          detail: z.string().optional(),
          count: z.int().positive(),
          frames: z.array(z.int().nonnegative()),
          capture: z.string().optional(),
        }),
      )
      .describe('what was damaged, malformed, not understood, or cut off by a limit'),
  })
  .describe('Output of interlock inspect --json');
export type InspectOutput = z.infer<typeof inspectOutput>;

// The map of the plant as the server draws it together: no browser draws thousands of nodes smoothly, so devices come in
// groups by zone and level, and only what is asked for is opened.
import { z } from 'zod';
import { count, deviceId, level, number, role, several, time } from './common.ts';
import { deviceFilter } from './devices.ts';
import { route } from './route.ts';

/** Measured: what a browser without a graphics processor still moves; what is left out is said. */
export const MAX_MAP_NODES = 1_500;
export const MAX_MAP_EDGES = 3_000;
/** From this many steps on nearly everything is near everything. */
export const MAX_MAP_DEPTH = 4;

const mapNode = z.object({
  id: z.string().describe('of the group or the device'),
  kind: z.enum(['group', 'device']),
  label: z.string(),
  level,
  zone: z.string().optional(),
  group: z.string().describe('group it belongs to; a group belongs to itself'),
  devices: count.describe('how many it stands for'),
  matches: count.describe('how many of them match search and filters'),
  role: role.optional(),
  vendor: z.string().optional(),
  exposures: count,
  outside: z.boolean(),
});
export type MapNode = z.infer<typeof mapNode>;
const mapEdge = z.object({
  from: z.string().describe('node of the clients'),
  to: z.string().describe('node of the servers'),
  protocols: z.array(z.string()).describe('the most used ones first'),
  conversations: count,
  packets: count,
  bytes: z.number().nonnegative(),
  writes: count.describe('operations that change something: write, configure, logic, mode, firmware, file'),
  last: time,
});
export type MapEdge = z.infer<typeof mapEdge>;

export const MAP_ROUTES = [
  route({
    name: 'getMap',
    method: 'GET',
    path: '/map',
    summary: 'Devices grouped by zone and level with edges by conversation; groups asked for are opened into devices',
    query: z.strictObject({
      ...deviceFilter,
      expand: several(z.string().max(400)).optional().describe('ids of groups to open; "*" opens all'),
      focus: deviceId.optional().describe('follow this device: only what it reaches'),
      depth: number().int().min(1).max(MAX_MAP_DEPTH).default(1).describe('conversations away from the focus'),
      protocol: several(z.string().max(100)).optional().describe('only conversations over these'),
      only: z.enum(['all', 'matching']).default('all').describe('whether what does not match is left out'),
    }),
    output: z.object({
      nodes: z.array(mapNode).max(MAX_MAP_NODES),
      edges: z.array(mapEdge).max(MAX_MAP_EDGES),
      total: z.object({ devices: count, edges: count, groups: count }),
      leftOut: z
        .object({ devices: count, edges: count, groups: count })
        .describe('what does not fit: opened groups that stayed closed, the edges with the fewest bytes'),
    }),
    errors: ['device.not-found'],
  }),
] as const;

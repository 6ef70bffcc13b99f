// The map of the plant: devices drawn together by zone and level, edges by conversation. What a browser could not draw
// stays closed or is left out, and the answer says how much that is.
import type { DeviceRole, PlantLevel } from '@interlock/model';
import {
  type DeviceFilter,
  MAX_MAP_EDGES,
  MAX_MAP_NODES,
  type MapEdge,
  type MapNode,
  type OutputOf,
  type ParsedQueryOf,
} from '@interlock/model/api';
import { sql } from 'kysely';
import { problem } from '../api-problem.ts';
import type { StoreDatabase } from './database.ts';
import { deviceConditions } from './device-filter.ts';

/** Opens every group. */
const EVERYTHING = '*';
/** Protocols named on an edge. */
const PROTOCOLS_SHOWN = 5;
/** Kinds of operation that change something. */
const WRITES = ['write', 'configure', 'logic', 'mode', 'firmware', 'file'];

interface MapDevice {
  readonly n: number;
  readonly id: string;
  readonly label: string;
  readonly level: PlantLevel;
  readonly zone: string | null;
  readonly role: string | null;
  readonly vendor: string | null;
  readonly exposures: number;
  readonly outside: number;
  readonly matches: number;
}
interface Link {
  readonly from_device: number;
  readonly to_device: number;
  readonly protocol: string | null;
  readonly conversations: number;
  readonly packets: number;
  readonly bytes: number;
  readonly last: number;
}

export function mapStore(db: StoreDatabase) {
  return {
    /** Throws `device.not-found` where the device to follow is not there. */
    async draw(query: ParsedQueryOf<'getMap'>): Promise<OutputOf<'getMap'>> {
      const { expand, focus, depth, protocol, only, ...filter } = query;
      const [devices, links, writes] = await Promise.all([readDevices(filter), readLinks(protocol), readWrites()]);
      const wanted = only === 'matching' ? devices.filter((device) => device.matches === 1) : devices;
      const near = focus === undefined ? undefined : reached(devices, links, focus, depth);
      const shown = near ? wanted.filter(({ n }) => near.has(n)) : wanted;
      const placed = placeNodes(shown, near ? [EVERYTHING] : (expand ?? []), near);
      const { edges, leftOut } = drawEdges(links, writes, placed.nodeOf);
      return {
        nodes: placed.nodes,
        edges,
        total: { devices: shown.length, edges: edges.length + leftOut, groups: placed.groups },
        leftOut: { devices: placed.devicesLeftOut, edges: leftOut, groups: placed.groupsLeftOut },
      };
    },
  };

  async function readDevices(filter: DeviceFilter): Promise<readonly MapDevice[]> {
    const { rows } = await sql<MapDevice>`select d.n, d.id, d.label, d.level, d.zone, d.role, d.vendor, d.exposures,
        d.outside, case when ${deviceConditions(db, filter)} then 1 else 0 end as matches
      from device d order by d.n`.execute(db.read);
    return rows;
  }
  async function readLinks(protocols: readonly string[] | undefined): Promise<readonly Link[]> {
    const over = protocols ? sql`where coalesce(protocol, transport) in (${sql.join(protocols)})` : sql``;
    const { rows } = await sql<Link>`select from_device, to_device, coalesce(protocol, transport) as protocol,
        count(*) as conversations, sum(packets_sent + packets_received) as packets,
        sum(bytes_sent + bytes_received) as bytes, max(last_time) as last
      from conversation ${over} group by from_device, to_device, coalesce(protocol, transport)`.execute(db.read);
    return rows;
  }
  async function readWrites(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ from_device: number; to_device: number; n: number }>`
      select from_device, to_device, sum(count) as n from operation
      where kind in (${sql.join(WRITES)}) group by from_device, to_device`.execute(db.read);
    return new Map(rows.map(({ from_device, to_device, n }) => [`${from_device} ${to_device}`, n]));
  }
}
export type MapStore = ReturnType<typeof mapStore>;

/** Devices within some conversations of one, by how far away they are. */
function reached(
  devices: readonly MapDevice[],
  links: readonly Link[],
  focus: string,
  depth: number,
): ReadonlyMap<number, number> {
  const start = devices.find(({ id }) => id === focus);
  if (!start) throw problem('device.not-found', { device: focus });
  const neighbours = new Map<number, Set<number>>();
  const note = (a: number, b: number): void => {
    const known = neighbours.get(a);
    if (known) known.add(b);
    else neighbours.set(a, new Set([b]));
  };
  for (const { from_device, to_device } of links) {
    note(from_device, to_device);
    note(to_device, from_device);
  }
  const distances = new Map([[start.n, 0]]);
  let edge = [start.n];
  for (let step = 1; step <= depth; step++) {
    const next: number[] = [];
    for (const device of edge) {
      for (const neighbour of neighbours.get(device) ?? []) {
        if (distances.has(neighbour)) continue;
        distances.set(neighbour, step);
        next.push(neighbour);
      }
    }
    edge = next;
  }
  return distances;
}

const groupOf = ({ zone, level }: MapDevice): string => `${zone ?? ''}|${level}`;

interface Placed {
  readonly nodes: MapNode[];
  /** Node that a device (by number) is drawn in; undefined where it is left out. */
  readonly nodeOf: ReadonlyMap<number, string>;
  readonly groups: number;
  readonly groupsLeftOut: number;
  readonly devicesLeftOut: number;
}

/** Which groups are opened within the limit, in the order asked for; the nearest devices first where one is followed. */
function placeNodes(
  devices: readonly MapDevice[],
  expand: readonly string[],
  near: ReadonlyMap<number, number> | undefined,
): Placed {
  const groups = new Map<string, MapDevice[]>();
  for (const device of devices) {
    const key = groupOf(device);
    const known = groups.get(key);
    if (known) known.push(device);
    else groups.set(key, [device]);
  }
  const bySize = [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const nodes: MapNode[] = [];
  const nodeOf = new Map<number, string>();
  const draw = (device: MapDevice): void => {
    nodes.push(deviceNode(device));
    nodeOf.set(device.n, device.id);
  };

  if (near) {
    const nearest = [...devices].sort((a, b) => (near.get(a.n) ?? 0) - (near.get(b.n) ?? 0) || a.n - b.n);
    for (const device of nearest.slice(0, MAX_MAP_NODES)) draw(device);
    const devicesLeftOut = Math.max(0, nearest.length - MAX_MAP_NODES);
    return { nodes, nodeOf, groups: groups.size, groupsLeftOut: 0, devicesLeftOut };
  }

  const kept = bySize.slice(0, MAX_MAP_NODES);
  const asked = expand.includes(EVERYTHING)
    ? [...kept].sort((a, b) => a[1].length - b[1].length).map(([key]) => key)
    : expand.filter((key) => groups.has(key));
  let room = MAX_MAP_NODES - kept.length;
  const opened = new Set<string>();
  for (const key of new Set(asked)) {
    const more = (groups.get(key)?.length ?? 0) - 1;
    if (more > room) continue;
    room -= more;
    opened.add(key);
  }
  for (const [key, members] of kept) {
    if (opened.has(key)) {
      for (const device of members) draw(device);
      continue;
    }
    nodes.push(groupNode(key, members));
    for (const { n } of members) nodeOf.set(n, key);
  }
  return {
    nodes,
    nodeOf,
    groups: groups.size,
    groupsLeftOut: new Set(asked).size - opened.size,
    devicesLeftOut: bySize.slice(MAX_MAP_NODES).reduce((sum, [, members]) => sum + members.length, 0),
  };
}

const deviceNode = (device: MapDevice): MapNode => ({
  id: device.id,
  kind: 'device',
  label: device.label,
  level: device.level,
  ...(device.zone === null ? {} : { zone: device.zone }),
  group: groupOf(device),
  devices: 1,
  matches: device.matches,
  ...(device.role === null ? {} : { role: device.role as DeviceRole }),
  ...(device.vendor === null ? {} : { vendor: device.vendor }),
  exposures: device.exposures,
  outside: device.outside === 1,
});
function groupNode(id: string, members: readonly MapDevice[]): MapNode {
  const [{ zone, level, outside }] = members as readonly [MapDevice, ...MapDevice[]];
  return {
    id,
    kind: 'group',
    label: zone ?? (outside === 1 ? 'Outside' : 'No zone'),
    level,
    ...(zone === null ? {} : { zone }),
    group: id,
    devices: members.length,
    matches: members.reduce((sum, { matches }) => sum + matches, 0),
    exposures: members.reduce((sum, { exposures }) => sum + exposures, 0),
    outside: outside === 1,
  };
}

/** Conversations between nodes, added up; those with the most bytes where there are too many. */
function drawEdges(
  links: readonly Link[],
  writes: ReadonlyMap<string, number>,
  nodeOf: ReadonlyMap<number, string>,
): { readonly edges: MapEdge[]; readonly leftOut: number } {
  interface Growing {
    readonly from: string;
    readonly to: string;
    readonly bytesOf: Map<string, number>;
    readonly pairs: Set<string>;
    conversations: number;
    packets: number;
    bytes: number;
    writes: number;
    last: number;
  }
  const edges = new Map<string, Growing>();
  for (const link of links) {
    const [from, to] = [nodeOf.get(link.from_device), nodeOf.get(link.to_device)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from}\n${to}`;
    let edge = edges.get(key);
    if (!edge) {
      const none = { conversations: 0, packets: 0, bytes: 0, writes: 0, last: 0 };
      edge = { from, to, bytesOf: new Map(), pairs: new Set(), ...none };
      edges.set(key, edge);
    }
    edge.conversations += link.conversations;
    edge.packets += link.packets;
    edge.bytes += link.bytes;
    edge.last = Math.max(edge.last, link.last);
    const protocol = link.protocol ?? '';
    edge.bytesOf.set(protocol, (edge.bytesOf.get(protocol) ?? 0) + link.bytes);
    const pair = `${link.from_device} ${link.to_device}`;
    if (edge.pairs.has(pair)) continue;
    edge.pairs.add(pair);
    edge.writes += writes.get(pair) ?? 0;
  }
  const heaviest = [...edges.values()].sort((a, b) => b.bytes - a.bytes).slice(0, MAX_MAP_EDGES);
  return {
    edges: heaviest.map(({ bytesOf, pairs: _, ...edge }) => ({
      ...edge,
      protocols: [...bytesOf]
        .sort((a, b) => b[1] - a[1])
        .slice(0, PROTOCOLS_SHOWN)
        .map(([protocol]) => protocol),
    })),
    leftOut: edges.size - heaviest.length,
  };
}

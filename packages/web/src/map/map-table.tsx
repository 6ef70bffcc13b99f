// The map as a table: the same edges, for the keyboard, the screen reader and the browser that cannot draw.
import type { MapEdge, MapNode } from '@interlock/model/api';
import { formatBytes, formatCount, formatShortTime, levelWord } from '../ui/format.ts';
import { type TableColumn, VirtualTable } from '../ui/virtual-table.tsx';

interface Row {
  readonly edge: MapEdge;
  readonly from: MapNode;
  readonly to: MapNode;
}

export function MapTable({
  nodes,
  edges,
  open,
}: {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  open: (node: MapNode) => void;
}) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const rows = edges.flatMap((edge): Row[] => {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    return from && to ? [{ edge, from, to }] : [];
  });
  const node = (one: MapNode) => (
    <button type="button" className="link" onClick={() => open(one)}>
      {one.label}
      {one.kind === 'group' && <span className="dim"> ({formatCount(one.devices)})</span>}
    </button>
  );
  const columns: readonly TableColumn<Row>[] = [
    { id: 'from', title: 'Client', width: 240, cell: (row) => node(row.from) },
    { id: 'from-level', title: 'Level', width: 110, cell: (row) => levelWord(row.from.level) },
    { id: 'to', title: 'Server', width: 240, cell: (row) => node(row.to) },
    { id: 'to-level', title: 'Level', width: 110, cell: (row) => levelWord(row.to.level) },
    {
      id: 'protocols',
      title: 'Protocols',
      width: 220,
      cell: (row) => row.edge.protocols.join(', ') || 'not recognised',
    },
    { id: 'bytes', title: 'Bytes', width: 90, numeric: true, cell: (row) => formatBytes(row.edge.bytes) },
    {
      id: 'writes',
      title: 'Changing operations',
      width: 150,
      numeric: true,
      cell: (row) => (row.edge.writes > 0 ? <b className="writes">{formatCount(row.edge.writes)}</b> : '0'),
    },
    { id: 'last', title: 'Last', width: 130, cell: (row) => formatShortTime(row.edge.last) },
  ];
  return (
    <VirtualTable
      label="Conversations between the groups and devices of the map"
      columns={columns}
      rows={rows}
      total={rows.length}
      rowKey={(row) => `${row.edge.from} ${row.edge.to}`}
      open={(row) => open(row.from)}
    />
  );
}

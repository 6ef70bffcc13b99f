// What is known of the node that is selected on the map, and with whom it talks.

import { DEVICE_ROLES } from '@interlock/model';
import type { MapEdge, MapNode } from '@interlock/model/api';
import { Badge, Button, CloseButton, Group, Text, Title } from '@mantine/core';
import { formatBytes, formatCount, levelWord } from '../ui/format.ts';

export interface MapSideProps {
  readonly node: MapNode;
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly opened: readonly string[];
  readonly select: (id: string | undefined) => void;
  readonly open: (node: MapNode) => void;
  readonly closeGroup: (group: string) => void;
  readonly follow: (id: string) => void;
}

export function MapSide({ node, nodes, edges, opened, select, open, closeGroup, follow }: MapSideProps) {
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const near = edges.filter((edge) => edge.from === node.id || edge.to === node.id).sort((a, b) => b.bytes - a.bytes);
  return (
    <aside className="map-side" aria-label={`About ${node.label}`}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Title order={3} className="wrap">
          {node.label}
        </Title>
        <CloseButton aria-label="Close" onClick={() => select(undefined)} />
      </Group>
      <Text size="sm" c="dimmed">
        {[
          node.kind === 'group'
            ? `${formatCount(node.devices)} devices`
            : node.role
              ? DEVICE_ROLES[node.role]
              : 'role not known',
          levelWord(node.level),
          node.zone,
          node.vendor,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {node.exposures > 0 && (
        <Badge color="orange" mt={4}>
          {formatCount(node.exposures)} exposures
        </Badge>
      )}
      <Group gap="xs" my="xs">
        <Button variant="light" onClick={() => open(node)}>
          {node.kind === 'group' ? 'Open the group' : 'Device'}
        </Button>
        {node.kind === 'device' && (
          <Button variant="default" onClick={() => follow(node.id)}>
            Follow
          </Button>
        )}
        {node.kind === 'device' && (opened.includes(node.group) || opened.includes('*')) && (
          <Button variant="default" onClick={() => closeGroup(node.group)}>
            Close its group
          </Button>
        )}
      </Group>
      <h3>Talks with</h3>
      {near.length === 0 && <Text c="dimmed">Nobody that is shown.</Text>}
      <ul className="near">
        {near.map((edge) => {
          const other = byId.get(edge.from === node.id ? edge.to : edge.from);
          if (!other) return null;
          return (
            <li key={`${edge.from} ${edge.to}`}>
              <button type="button" className="link" onClick={() => select(other.id)}>
                {edge.from === node.id ? '→' : '←'} {other.label}
              </button>
              <div className="dim">
                {edge.protocols.slice(0, 4).join(', ') || 'not recognised'} · {formatBytes(edge.bytes)}
                {edge.writes > 0 && <b className="writes"> · {formatCount(edge.writes)} changing operations</b>}
              </div>
            </li>
          );
        })}
      </ul>
    </aside>
  );
}

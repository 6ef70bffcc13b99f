// The map: who talks with whom, by level and zone; groups are opened, devices searched and followed. Its table twin says
// the same in rows, one key away.

import type { MapEdge, MapNode, OutputOf } from '@interlock/model/api';
import { ActionIcon, Alert, Button, Group, SegmentedControl, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconFocusCentered, IconSearch, IconTable } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useRoute } from '../api/queries.ts';
import type { MapSearch } from '../app/search.ts';
import { formatCount } from '../ui/format.ts';
import { Empty, Failed, Loading } from '../ui/states.tsx';
import { MapSide } from './map-side.tsx';
import { MapTable } from './map-table.tsx';

const MapCanvas = lazy(() => import('./map-canvas.tsx').then((module) => ({ default: module.MapCanvas })));

function canDraw(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

type LeftOut = OutputOf<'getMap'>['leftOut'];
function notDrawn({ groups, devices, edges }: LeftOut): string {
  return [
    groups > 0 && `${formatCount(groups)} groups stay closed`,
    devices > 0 && `${formatCount(devices)} devices are not drawn`,
    edges > 0 && `${formatCount(edges)} conversations with the fewest bytes are not drawn`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** A plant of up to so many devices is shown device by device at first; a larger one in groups. */
const SMALL_PLANT = 120;

export function MapPage() {
  const view = useSearch({ from: '/map' });
  const navigate = useNavigate({ from: '/map' });
  const [text, setText] = useState(view.search ?? '');
  const [search] = useDebouncedValue(text.trim(), 250);
  const drawable = useMemo(canDraw, []);
  const change = (changes: Partial<Record<keyof MapSearch, unknown>>) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
        ) as MapSearch,
      replace: true,
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what was typed, not the other way round
  useEffect(() => {
    if ((view.search ?? '') !== search) change({ search: search || undefined });
  }, [search]);
  const map = useRoute(
    'getMap',
    {
      query: {
        ...(view.expand ? { expand: view.expand } : {}),
        ...(view.focus ? { focus: view.focus, depth: view.depth ?? 1 } : {}),
        ...(view.capture ? { capture: view.capture } : {}),
        ...(search ? { search } : {}),
      },
    },
    { keep: true },
  );
  // The first look at a small plant opens it; "close all" is remembered in the address as an empty choice.
  const devices = map.data?.total.devices ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: decided once, when the first answer is there
  useEffect(() => {
    if (devices > 0 && devices <= SMALL_PLANT && !view.expand && !view.closed) change({ expand: ['*'] });
  }, [devices]);
  const table = view.table === true || !drawable;
  const openAll = () => change({ expand: ['*'], closed: undefined });
  const closeAll = () => change({ expand: undefined, closed: true });
  const toggleTable = () => change({ table: view.table ? undefined : true });
  useHotkeys([
    ['t', toggleTable],
    ['Escape', () => change({ selected: undefined })],
  ]);

  const nodes: readonly MapNode[] = map.data?.nodes ?? [];
  const edges: readonly MapEdge[] = map.data?.edges ?? [];
  const selected = nodes.find((node) => node.id === view.selected);
  const open = (node: MapNode) => {
    if (node.kind === 'device') void navigate({ to: '/devices/$id', params: { id: node.id } });
    else change({ expand: [...(view.expand ?? []).filter((id) => id !== '*'), node.id], selected: undefined });
  };
  const close = (group: string) =>
    change({
      expand: view.expand?.includes('*') ? undefined : view.expand?.filter((id) => id !== group),
      selected: undefined,
    });
  const leftOut = map.data?.leftOut;

  if (map.error && !map.data) return <Failed error={map.error} retry={() => void map.refetch()} />;
  return (
    <div className="page">
      <Group className="tools" gap="sm">
        <TextInput
          data-page-search
          type="search"
          w={280}
          aria-label="Search the map"
          placeholder="Find on the map  /"
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Text size="sm" role="status">
          {map.data
            ? `${formatCount(map.data.total.devices)} devices in ${formatCount(map.data.total.groups)} groups`
            : ''}
          {search && map.data ? `, ${formatCount(nodes.reduce((sum, node) => sum + node.matches, 0))} found` : ''}
        </Text>
        {view.focus && (
          <Group gap={6}>
            <Text size="sm">following one device,</Text>
            <SegmentedControl
              value={String(view.depth ?? 1)}
              onChange={(depth) => change({ depth: Number(depth) })}
              data={[1, 2, 3].map((n) => ({ value: String(n), label: `${n} away` }))}
            />
            <Button variant="subtle" onClick={() => change({ focus: undefined, depth: undefined })}>
              Show all
            </Button>
          </Group>
        )}
        <Group gap="xs" ml="auto">
          <Button variant="default" onClick={openAll}>
            Open all groups
          </Button>
          <Button variant="default" disabled={!view.expand} onClick={closeAll}>
            Close all
          </Button>
          <Tooltip label={table ? 'Picture (t)' : 'Table (t)'}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={table ? 'Show the picture' : 'Show the table'}
              aria-pressed={table}
              disabled={!drawable}
              onClick={toggleTable}
            >
              {table ? <IconFocusCentered size={16} /> : <IconTable size={16} />}
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {!drawable && (
        <Alert color="yellow" mx="sm">
          This browser cannot draw the map (WebGL is off), so it is shown as a table.
        </Alert>
      )}
      {leftOut && (leftOut.devices > 0 || leftOut.edges > 0 || leftOut.groups > 0) && (
        <Text size="sm" c="orange" px="sm" role="status">
          Too much for one picture: {notDrawn(leftOut)}. Search, or follow one device, to see them.
        </Text>
      )}
      {map.isPending ? (
        <Loading what="the map" />
      ) : nodes.length === 0 ? (
        <Empty title="Nothing to draw yet">
          <Text c="dimmed">The map shows devices as soon as a capture has been analysed.</Text>
        </Empty>
      ) : (
        <div className="map">
          {table ? (
            <MapTable nodes={nodes} edges={edges} open={open} />
          ) : (
            <Suspense fallback={<Loading what="the map" />}>
              <MapCanvas
                nodes={nodes}
                edges={edges}
                selected={selected?.id}
                searching={search !== ''}
                select={(id) => change({ selected: id })}
                open={open}
              />
            </Suspense>
          )}
          {selected && !table && (
            <MapSide
              node={selected}
              nodes={nodes}
              edges={edges}
              select={(id) => change({ selected: id })}
              open={open}
              closeGroup={close}
              follow={(id) => change({ focus: id, selected: id, expand: ['*'] })}
              opened={view.expand ?? []}
            />
          )}
        </div>
      )}
    </div>
  );
}

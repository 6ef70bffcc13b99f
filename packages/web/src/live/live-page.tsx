// Live captures: which interfaces there are and whether they may be captured, start and stop, and how those that run are
// doing. Devices appear in the inventory while a capture goes on.
import type { CaptureInterface, CaptureRight, LiveRow } from '@interlock/model/api';
import { Alert, Badge, Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ApiError, call } from '../api/client.ts';
import { useRoute } from '../api/queries.ts';
import { formatBytes, formatCount, formatShortTime, formatSpan } from '../ui/format.ts';
import { type ListColumn, ListTable } from '../ui/list-table.tsx';
import { Empty, Failed, Loading } from '../ui/states.tsx';

const STATES = { up: ['up', 'teal'], 'no-link': ['no link', 'orange'], down: ['down', 'gray'] } as const;
/** Shorter than this a frame waits only until the next ones come. */
const BEHIND_SHOWN_MS = 2_000;

export function LivePage() {
  const interfaces = useRoute('listInterfaces', {});
  const live = useRoute('listLive', {});
  return (
    <div className="page scrolls">
      <section>
        <h3>Interfaces</h3>
        {interfaces.isPending && <Loading what="the interfaces" />}
        {interfaces.error && <Failed error={interfaces.error} retry={() => void interfaces.refetch()} />}
        {interfaces.data && <Interfaces right={interfaces.data.right} items={interfaces.data.items} />}
      </section>
      <section>
        <h3>Live captures</h3>
        {live.isPending && <Loading what="the live captures" />}
        {live.error && <Failed error={live.error} retry={() => void live.refetch()} />}
        {live.data?.items.length === 0 && (
          <Empty title="Nothing was captured yet">
            <Text c="dimmed">
              Start a capture on an interface that sees the plant: the mirror port of a switch, or a tap. Nothing is
              sent.
            </Text>
          </Empty>
        )}
        {live.data && live.data.items.length > 0 && (
          <ListTable label="Live captures" columns={LIVE_COLUMNS} rows={live.data.items} rowKey={(row) => row.id} />
        )}
      </section>
    </div>
  );
}

function Interfaces({ right, items }: { right: CaptureRight; items: readonly CaptureInterface[] }) {
  const columns: readonly ListColumn<CaptureInterface>[] = [
    { title: 'Interface', mono: true, cell: (row) => row.name },
    { title: 'Kind', cell: (row) => row.kind },
    { title: 'State', cell: ({ state }) => <Badge color={STATES[state][1]}>{STATES[state][0]}</Badge> },
    {
      title: 'Speed',
      numeric: true,
      cell: (row) => (row.speed === undefined ? '' : `${formatCount(row.speed)} Mbit/s`),
    },
    { title: 'MAC', mono: true, cell: (row) => row.mac ?? '' },
    { title: 'Own addresses', mono: true, cell: (row) => row.addresses.join(', ') },
    { title: 'Capture', silent: true, cell: (row) => <Start row={row} granted={right.granted} /> },
  ];
  return (
    <>
      {!right.granted && <Missing right={right} />}
      {items.length === 0 ? (
        <Text c="dimmed">This machine shows no interface.</Text>
      ) : (
        <ListTable label="Interfaces" columns={columns} rows={items} rowKey={(row) => row.name} />
      )}
    </>
  );
}

function Missing({ right }: { right: CaptureRight }) {
  return (
    <Alert color="orange" title="The server may not capture yet" mb="sm">
      <Text>{right.missing}.</Text>
      {right.command && (
        <Group gap="xs" mt="xs">
          <Text>Run this once on the machine of the server:</Text>
          <Code className="wrap">{right.command}</Code>
          <CopyButton value={right.command}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </Group>
      )}
    </Alert>
  );
}

function Start({ row, granted }: { row: CaptureInterface; granted: boolean }) {
  const client = useQueryClient();
  const start = useMutation<unknown, ApiError>({
    mutationFn: () => call('startLive', { body: { interface: row.name } }),
    onSettled: () => void client.invalidateQueries(),
  });
  if (row.capturedBy !== undefined)
    return (
      <Badge color="teal" miw="max-content">
        is captured
      </Badge>
    );
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        disabled={!granted}
        loading={start.isPending}
        onClick={() => start.mutate()}
        aria-label={`Capture ${row.name}`}
      >
        Capture
      </Button>
      {start.error && (
        <Text size="xs" c="red" role="alert">
          {start.error.message} {start.error.whatToDo}
        </Text>
      )}
    </Group>
  );
}

const LIVE_COLUMNS: readonly ListColumn<LiveRow>[] = [
  {
    title: 'Capture',
    cell: (row) => (
      <Link to="/captures/$id" params={{ id: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { title: 'State', cell: (row) => <LiveState row={row} /> },
  {
    title: 'Rate',
    numeric: true,
    cell: (row) =>
      row.ended === undefined
        ? `${formatCount(Math.round(row.framesPerSecond))} frames/s, ${((row.bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`
        : '',
  },
  { title: 'Frames', numeric: true, cell: (row) => formatCount(row.counters.frames) },
  { title: 'Dropped', numeric: true, cell: (row) => <Drops row={row} /> },
  {
    title: 'Gaps',
    numeric: true,
    cell: ({ counters }) =>
      counters.gaps === 0 ? '0' : `${formatCount(counters.gaps)}, ${formatSpan(counters.gapMilliseconds)}`,
  },
  {
    title: 'Evidence',
    numeric: true,
    cell: ({ counters }) => (
      <span title={`${formatCount(counters.evidenceDropped)} older ones went to make room`}>
        {formatCount(counters.evidenceFrames)} frames, {formatBytes(counters.evidenceBytes)}
      </span>
    ),
  },
  { title: 'Last frame', cell: (row) => formatShortTime(row.lastFrame) },
  { title: 'Stop', silent: true, cell: (row) => <Stop row={row} /> },
];

function LiveState({ row }: { row: LiveRow }) {
  const color = { starting: 'gray', capturing: 'teal', waiting: 'orange', stopped: 'gray' }[row.state];
  return (
    <span>
      <Badge color={color} miw="max-content">
        {row.state}
      </Badge>{' '}
      {row.reason && <span className="dim">{row.reason}</span>}
      {row.behind > BEHIND_SHOWN_MS && <Badge color="red">{formatSpan(row.behind)} behind</Badge>}
      {row.storage === 'no-evidence' && <Badge color="orange">no space for evidence</Badge>}
      {row.storage === 'full' && <Badge color="red">no space: nothing is stored</Badge>}
    </span>
  );
}

/** dumpcap says what was dropped only when it ends; until then that is said. */
function Drops({ row }: { row: LiveRow }) {
  const { kernelDrops, uncountedRuns, lostObservations } = row.counters;
  const notes = [
    row.tool === 'dumpcap' && row.ended === undefined ? 'dumpcap tells when it ends' : undefined,
    uncountedRuns > 0 ? `not known of ${formatCount(uncountedRuns)} runs that were killed` : undefined,
    lostObservations > 0 ? `${formatCount(lostObservations)} observations found no room` : undefined,
  ].filter((note) => note !== undefined);
  return (
    <span>
      {kernelDrops > 0 ? <Badge color="orange">{formatCount(kernelDrops)}</Badge> : '0'}
      {notes.length > 0 && <span className="dim"> {notes.join('; ')}</span>}
    </span>
  );
}

function Stop({ row }: { row: LiveRow }) {
  const client = useQueryClient();
  const stop = useMutation<unknown, ApiError>({
    mutationFn: () => call('stopLive', { params: { id: row.id } }),
    onSettled: () => void client.invalidateQueries(),
  });
  if (row.ended !== undefined) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-xs"
        color="red"
        variant="light"
        loading={stop.isPending}
        onClick={() => stop.mutate()}
        aria-label={`Stop ${row.name}`}
      >
        Stop
      </Button>
      {stop.error && (
        <Text size="xs" c="red" role="alert">
          {stop.error.message}
        </Text>
      )}
    </Group>
  );
}

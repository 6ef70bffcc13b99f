// One capture: what it contained, and what in it was damaged, malformed, not understood or cut off by a limit.

import type { CaptureDetail, TroubleShown } from '@interlock/model/api';
import { Anchor, Badge, Button, Group, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useRoute } from '../api/queries.ts';
import { FrameView } from '../evidence/frame-view.tsx';
import { formatBytes, formatCount, formatSpan, formatTime } from '../ui/format.ts';
import { type ListColumn, ListTable } from '../ui/list-table.tsx';
import { Failed, Loading } from '../ui/states.tsx';
import { State } from './captures-page.tsx';
import { RemoveCapture } from './remove-capture.tsx';

const FRAMES_OFFERED = 3;
type ProtocolRow = CaptureDetail['protocols'][number];
const PROTOCOL_COLUMNS: readonly ListColumn<ProtocolRow>[] = [
  { title: 'Protocol', cell: (row) => row.protocol },
  { title: 'Addresses', numeric: true, cell: (row) => formatCount(row.subjects) },
  { title: 'Facts', numeric: true, cell: (row) => formatCount(row.facts) },
  { title: 'Times told', numeric: true, cell: (row) => formatCount(row.messages) },
];

export function CapturePage() {
  const { id } = useParams({ from: '/captures/$id' });
  const navigate = useNavigate();
  const capture = useRoute('getCapture', { params: { id } });
  const [frame, setFrame] = useState<number | undefined>(undefined);
  if (capture.isPending) return <Loading what="the capture" />;
  if (capture.error) return <Failed error={capture.error} retry={() => void capture.refetch()} />;
  const shown = capture.data;
  const facts: readonly (readonly [string, string])[] = [
    ['Format', shown.format ?? 'not known'],
    ['Link types', shown.linkTypes.join(', ') || 'none'],
    ['Frames', formatCount(shown.frames)],
    [
      'Size',
      `${formatBytes(shown.size)}${shown.unpacked !== shown.size ? `, ${formatBytes(shown.unpacked)} unpacked` : ''}`,
    ],
    ['From', formatTime(shown.first)],
    ['To', formatTime(shown.last)],
    ...(shown.first !== undefined && shown.last !== undefined
      ? ([['Length', formatSpan(shown.last - shown.first)]] as const)
      : []),
    ['Observations', formatCount(shown.observations)],
    ['Devices', `${formatCount(shown.devices)}, ${formatCount(shown.devicesOnlyHere)} of them only here`],
    ['Added', formatTime(shown.added)],
    ['SHA-256', shown.id],
  ];
  return (
    <div className="page scrolls">
      <header className="device-head">
        <Text size="xs" c="dimmed">
          <Link to="/captures">Captures</Link> / capture
        </Text>
        <Group justify="space-between">
          <Group gap="sm">
            <Title order={2} className="wrap">
              {shown.name}
            </Title>
            {shown.demo && <Badge color="yellow">demo</Badge>}
            <State row={shown} />
          </Group>
          <Group gap="xs">
            <Button component={Link} variant="default" to={`/inventory?capture=${id}`}>
              Its devices
            </Button>
            <RemoveCapture row={shown} removed={() => void navigate({ to: '/captures' })} />
          </Group>
        </Group>
        <dl className="facts-short">
          {facts.map(([name, value]) => (
            <div key={name} className={name === 'SHA-256' ? 'wide' : undefined}>
              <dt>{name}</dt>
              <dd className={name === 'SHA-256' ? 'mono wrap' : undefined}>{value}</dd>
            </div>
          ))}
        </dl>
      </header>
      <div className="two-columns">
        <section>
          <h3>Protocols</h3>
          {shown.protocols.length === 0 ? (
            <Text c="dimmed">None was recognised.</Text>
          ) : (
            <ListTable
              label="Protocols"
              columns={PROTOCOL_COLUMNS}
              rows={shown.protocols}
              rowKey={(row) => row.protocol}
            />
          )}
        </section>
        <section>
          <h3>Trouble</h3>
          {shown.troubleList.length === 0 ? (
            <Text c="dimmed">Everything in it could be read.</Text>
          ) : (
            <Troubles troubles={shown.troubleList} show={shown.fileAvailable ? setFrame : undefined} />
          )}
          {shown.troubles > shown.troubleList.length && (
            <Text size="sm" c="dimmed">
              The gravest {shown.troubleList.length} of {formatCount(shown.troubles)} are listed.
            </Text>
          )}
          {frame !== undefined && <TroubleFrame id={id} number={frame} />}
        </section>
      </div>
    </div>
  );
}

function Troubles({
  troubles,
  show,
}: {
  troubles: readonly TroubleShown[];
  show: ((frame: number) => void) | undefined;
}) {
  const columns: readonly ListColumn<TroubleShown>[] = [
    { title: 'What', cell: (row) => row.title },
    { title: 'Code', mono: true, cell: (row) => <span title={row.detail}>{row.code}</span> },
    { title: 'Times', numeric: true, cell: (row) => formatCount(row.count) },
    {
      title: 'By',
      mono: true,
      cell: (row) => (
        <>
          {row.subjects[0] ?? ''}
          {row.subjectCount > 1 && <span className="dim"> +{row.subjectCount - 1}</span>}
        </>
      ),
    },
    {
      title: 'Frames',
      cell: (row) =>
        row.frames.slice(0, FRAMES_OFFERED).map((number) =>
          show ? (
            <Anchor key={number} component="button" type="button" size="sm" mr={6} onClick={() => show(number)}>
              {number}
            </Anchor>
          ) : (
            <span key={number}>{number} </span>
          ),
        ),
    },
  ];
  return (
    <ListTable
      label="Trouble"
      columns={columns}
      rows={troubles}
      rowKey={(row) => `${row.kind}-${row.code}-${row.protocol}`}
    />
  );
}

function TroubleFrame({ id, number }: { id: string; number: number }) {
  const frame = useRoute('getFrame', { params: { id, number } });
  if (frame.isPending) return <Loading what={`frame ${number}`} />;
  if (frame.error) return <Failed error={frame.error} retry={() => void frame.refetch()} />;
  return <FrameView frame={frame.data} />;
}

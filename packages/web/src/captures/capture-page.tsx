// One capture: what it contained, and what in it was damaged, malformed, not understood or cut off by a limit.

import type { TroubleShown } from '@interlock/model/api';
import { Anchor, Badge, Button, Group, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useRoute } from '../api/queries.ts';
import { FrameView } from '../evidence/frame-view.tsx';
import { formatBytes, formatCount, formatSpan, formatTime } from '../ui/format.ts';
import { Failed, Loading } from '../ui/states.tsx';
import { State } from './captures-page.tsx';
import { RemoveCapture } from './remove-capture.tsx';

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
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">Protocol</th>
                  <th scope="col" className="numeric">
                    Addresses
                  </th>
                  <th scope="col" className="numeric">
                    Facts
                  </th>
                  <th scope="col" className="numeric">
                    Times told
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.protocols.map((protocol) => (
                  <tr key={protocol.protocol}>
                    <td>{protocol.protocol}</td>
                    <td className="numeric">{formatCount(protocol.subjects)}</td>
                    <td className="numeric">{formatCount(protocol.facts)}</td>
                    <td className="numeric">{formatCount(protocol.messages)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
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
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Code</th>
          <th scope="col" className="numeric">
            Times
          </th>
          <th scope="col">By</th>
          <th scope="col">Frames</th>
        </tr>
      </thead>
      <tbody>
        {troubles.map((trouble) => (
          <tr key={`${trouble.kind}-${trouble.code}-${trouble.protocol}`}>
            <td>{trouble.title}</td>
            <td className="mono" title={trouble.detail}>
              {trouble.code}
            </td>
            <td className="numeric">{formatCount(trouble.count)}</td>
            <td className="mono">
              {trouble.subjects[0] ?? ''}
              {trouble.subjectCount > 1 && <span className="dim"> +{trouble.subjectCount - 1}</span>}
            </td>
            <td>
              {trouble.frames.slice(0, 3).map((number) =>
                show ? (
                  <Anchor key={number} component="button" type="button" size="sm" mr={6} onClick={() => show(number)}>
                    {number}
                  </Anchor>
                ) : (
                  <span key={number}>{number} </span>
                ),
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TroubleFrame({ id, number }: { id: string; number: number }) {
  const frame = useRoute('getFrame', { params: { id, number } });
  if (frame.isPending) return <Loading what={`frame ${number}`} />;
  if (frame.error) return <Failed error={frame.error} retry={() => void frame.refetch()} />;
  return <FrameView frame={frame.data} />;
}

// "Why?": what a fact rests on. Frames with their fields and bytes, a place in a document, a person or a rule.

import type { Evidence } from '@interlock/model/api';
import { Badge, Button, Drawer, Group, Pagination, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useRoute } from '../api/queries.ts';
import { formatCount, formatTime } from '../ui/format.ts';
import { Failed, Loading } from '../ui/states.tsx';
import { FrameView } from './frame-view.tsx';

const SAID_WORDS: Record<string, string> = {
  seen: 'seen in traffic',
  declared: 'declared by the maker',
  attested: 'said by a person',
  imported: 'imported',
  derived: 'concluded by a rule',
};

export function EvidenceDrawer({ fact, close }: { fact: string | undefined; close: () => void }) {
  const evidence = useRoute('getEvidence', { params: { fact: fact ?? '' } }, { enabled: fact !== undefined });
  return (
    <Drawer
      opened={fact !== undefined}
      onClose={close}
      position="right"
      size="min(1100px, 92vw)"
      title={<b>Why?</b>}
      closeButtonProps={{ 'aria-label': 'Close the evidence' }}
    >
      {evidence.isPending && <Loading what="the evidence" />}
      {evidence.error && <Failed error={evidence.error} retry={() => void evidence.refetch()} />}
      {evidence.data && <Shown evidence={evidence.data} />}
    </Drawer>
  );
}

type Origin = Evidence['origins'][number];

function Shown({ evidence }: { evidence: Evidence }) {
  const { fact } = evidence;
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" c="dimmed">
          {fact.title}
        </Text>
        <Title order={3} className="wrap">
          {fact.text}
        </Title>
        <Group gap="xs" mt={4}>
          <Badge>{SAID_WORDS[fact.said] ?? fact.said}</Badge>
          <Text size="sm">
            {fact.protocol}, {fact.source} · {formatCount(fact.count)} {fact.count === 1 ? 'time' : 'times'}, about{' '}
            <span className="mono">{fact.subject}</span>
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          first {formatTime(fact.first)} · last {formatTime(fact.last)}
        </Text>
      </div>
      {evidence.origins.map((origin, i) => (
        <OriginShown
          key={`${origin.from}-${origin.from === 'capture' ? origin.capture : i}`}
          origin={origin}
          evidence={evidence}
        />
      ))}
    </Stack>
  );
}

function OriginShown({ origin, evidence }: { origin: Origin; evidence: Evidence }) {
  switch (origin.from) {
    case 'capture':
      return <Frames key={evidence.fact.id} evidence={evidence} origin={origin} />;
    case 'document':
      return (
        <Text>
          In <b>{origin.document}</b> at <span className="mono">{origin.path}</span>
        </Text>
      );
    case 'person':
      return (
        <Text>
          Said by <b>{origin.author}</b> on {formatTime(origin.made)}
          {origin.reason ? `: ${origin.reason}` : ''}
        </Text>
      );
    case 'rule':
      return (
        <Text>
          Concluded by the rule <b>{origin.rule}</b>
        </Text>
      );
  }
}

function Frames({ evidence, origin }: { evidence: Evidence; origin: Extract<Origin, { from: 'capture' }> }) {
  const [index, setIndex] = useState(0);
  const number = origin.frames[index];
  const given = evidence.frames.find((frame) => frame.capture === origin.capture && frame.number === number);
  const asked = useRoute(
    'getFrame',
    { params: { id: origin.capture, number: number ?? 1 }, query: { fact: evidence.fact.id } },
    { enabled: !given && origin.available && number !== undefined },
  );
  const frame = given ?? asked.data;
  return (
    <section>
      <Group justify="space-between">
        <Text size="sm">
          In{' '}
          <Link to="/captures/$id" params={{ id: origin.capture }}>
            {origin.name}
          </Link>
          , {formatCount(origin.count)} {origin.count === 1 ? 'time' : 'times'}
        </Text>
        {origin.frames.length > 1 && (
          <Group gap="xs">
            <Text size="sm">
              frame {number} ({index + 1} of {origin.frames.length} kept)
            </Text>
            <Pagination
              size="xs"
              total={origin.frames.length}
              value={index + 1}
              onChange={(page) => setIndex(page - 1)}
              getControlProps={(control) => ({ 'aria-label': `${control} frame` })}
            />
          </Group>
        )}
      </Group>
      {!origin.available && (
        <Text c="dimmed">
          The file of this capture is not there any more, so its bytes cannot be shown. Upload it again to look at them.
        </Text>
      )}
      {asked.error && <Failed error={asked.error} retry={() => void asked.refetch()} />}
      {asked.isFetching && <Loading what="the frame" />}
      {frame && <FrameView frame={frame} />}
    </section>
  );
}

/** The small "why?" behind a value. */
export function Why({ show, label }: { show: () => void; label: string }) {
  return (
    <Button variant="subtle" size="compact-xs" className="why" onClick={show} aria-label={`Why ${label}?`}>
      why?
    </Button>
  );
}

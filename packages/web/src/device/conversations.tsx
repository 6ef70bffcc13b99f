// With whom the device talks, over what, how much and when.

import type { ConversationShown } from '@interlock/model/api';
import { Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useList } from '../api/list.ts';
import { formatBytes, formatCount, formatShortTime, formatSpan } from '../ui/format.ts';
import { Growing } from '../ui/growing-list.tsx';
import { type ListColumn, ListTable } from '../ui/list-table.tsx';
import { Empty } from '../ui/states.tsx';
import { DeviceLinkShown } from './device-link.tsx';

const PAGE = 100;
const portOf = (row: ConversationShown): string =>
  row.transport === 'tcp' || row.transport === 'udp' ? `${row.transport}/${row.port}` : row.transport;

const COLUMNS: readonly ListColumn<ConversationShown>[] = [
  { title: 'With', cell: (row) => <DeviceLinkShown device={row.peer} /> },
  { title: 'This device is', cell: (row) => row.direction },
  {
    title: 'Over',
    cell: (row) => (
      <>
        {row.protocol ?? <span className="dim">not recognised</span>} <span className="mono dim">{portOf(row)}</span>
      </>
    ),
  },
  { title: 'Sent', numeric: true, cell: (row) => <Amount bytes={row.bytesSent} packets={row.packetsSent} /> },
  {
    title: 'Received',
    numeric: true,
    cell: (row) => <Amount bytes={row.bytesReceived} packets={row.packetsReceived} />,
  },
  {
    title: 'When',
    cell: (row) => (
      <>
        {formatShortTime(row.first)} <span className="dim">for {formatSpan(row.last - row.first)}</span>
      </>
    ),
  },
];

function Amount({ bytes, packets }: { bytes: number; packets: number }) {
  return (
    <>
      {formatBytes(bytes)} <span className="dim">in {formatCount(packets)}</span>
    </>
  );
}

export function Conversations({ id }: { id: string }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const list = useList('listConversations', { params: { id }, query: search ? { search } : {} }, PAGE);
  return (
    <>
      <Group mb="xs">
        <TextInput
          data-page-search
          type="search"
          aria-label="Search conversations"
          placeholder="Peer, protocol or port"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {list.pending ? '' : formatCount(list.total)}
        </Text>
      </Group>
      <Growing
        list={list}
        what="conversations"
        empty={<Empty title={search ? 'No conversation matches' : 'It talked to nobody'} />}
      >
        {(rows) => <ListTable label="Conversations" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />}
      </Growing>
    </>
  );
}

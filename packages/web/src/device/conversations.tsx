// With whom the device talks, over what, how much and when.

import type { ConversationShown, OutputOf } from '@interlock/model/api';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type ApiError, call } from '../api/client.ts';
import { formatBytes, formatCount, formatShortTime, formatSpan } from '../ui/format.ts';
import { Empty, Failed, Loading } from '../ui/states.tsx';

const PAGE = 100;

export function Conversations({ id }: { id: string }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const list = useInfiniteQuery<
    OutputOf<'listConversations'>,
    ApiError,
    { pages: OutputOf<'listConversations'>[] },
    unknown[],
    string | undefined
  >({
    queryKey: ['listConversations', id, search],
    queryFn: ({ pageParam, signal }) =>
      call('listConversations', {
        params: { id },
        query: { limit: PAGE, ...(search ? { search } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  if (list.isPending) return <Loading what="conversations" />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  const total = list.data.pages[0]?.total ?? 0;
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
          {formatCount(total)}
        </Text>
      </Group>
      {rows.length === 0 ? (
        <Empty title={search ? 'No conversation matches' : 'It talked to nobody'} />
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">With</th>
              <th scope="col">This device is</th>
              <th scope="col">Over</th>
              <th scope="col" className="numeric">
                Sent
              </th>
              <th scope="col" className="numeric">
                Received
              </th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <Button variant="default" mt="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </>
  );
}

const portOf = (row: ConversationShown): string =>
  row.transport === 'tcp' || row.transport === 'udp' ? `${row.transport}/${row.port}` : row.transport;

function Row({ row }: { row: ConversationShown }) {
  return (
    <tr>
      <td>
        <Link to="/devices/$id" params={{ id: row.peer.id }}>
          {row.peer.name}
        </Link>
        {row.peer.outside && <span className="dim"> outside</span>}
      </td>
      <td>{row.direction}</td>
      <td>
        {row.protocol ?? <span className="dim">not recognised</span>} <span className="mono dim">{portOf(row)}</span>
      </td>
      <td className="numeric">
        {formatBytes(row.bytesSent)} <span className="dim">in {formatCount(row.packetsSent)}</span>
      </td>
      <td className="numeric">
        {formatBytes(row.bytesReceived)} <span className="dim">in {formatCount(row.packetsReceived)}</span>
      </td>
      <td>
        {formatShortTime(row.first)} <span className="dim">for {formatSpan(row.last - row.first)}</span>
      </td>
    </tr>
  );
}

// What was done to the device, and what it asked of others, in the one vocabulary of operations.

import type { OperationShown, OutputOf } from '@interlock/model/api';
import { Badge, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ApiError, call } from '../api/client.ts';
import { Why } from '../evidence/evidence-drawer.tsx';
import { formatCount, formatShortTime } from '../ui/format.ts';
import { Empty, Failed, Loading } from '../ui/states.tsx';
import type { ShowWhy } from './facts.tsx';

const PAGE = 100;
/** Kinds that change the device or its process stand out from those that only look. */
const KIND_COLOURS: Record<string, string> = {
  write: 'orange',
  configure: 'orange',
  logic: 'red',
  mode: 'red',
  firmware: 'red',
  file: 'orange',
  authentication: 'yellow',
  read: 'gray',
  diagnostic: 'gray',
  session: 'gray',
};

export function Operations({ id, why }: { id: string; why: ShowWhy }) {
  const list = useInfiniteQuery<
    OutputOf<'listOperations'>,
    ApiError,
    { pages: OutputOf<'listOperations'>[] },
    unknown[],
    string | undefined
  >({
    queryKey: ['listOperations', id],
    queryFn: ({ pageParam, signal }) =>
      call('listOperations', {
        params: { id },
        query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next,
  });
  if (list.isPending) return <Loading what="operations" />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Empty title="No operation was seen" />;
  return (
    <>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">What</th>
            <th scope="col">By or on</th>
            <th scope="col">Protocol</th>
            <th scope="col" className="numeric">
              Times
            </th>
            <th scope="col">Last</th>
            <th scope="col">
              <span className="hidden">Evidence</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} why={why} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button variant="default" mt="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </>
  );
}

function Row({ row, why }: { row: OperationShown; why: ShowWhy }) {
  const fact = row.facts[0];
  return (
    <tr>
      <td>
        <Badge color={KIND_COLOURS[row.kind] ?? 'gray'}>{row.kind}</Badge>
      </td>
      <td>
        {row.what}
        {row.detail && <span className="dim"> {row.detail}</span>}
        {row.accepted === false && (
          <Badge color="gray" ml={6}>
            refused
          </Badge>
        )}
      </td>
      <td>
        {row.direction === 'asked' ? 'on ' : 'by '}
        <Link to="/devices/$id" params={{ id: row.peer.id }}>
          {row.peer.name}
        </Link>
      </td>
      <td>{row.protocol}</td>
      <td className="numeric">{formatCount(row.count)}</td>
      <td>{formatShortTime(row.last)}</td>
      <td>{fact && <Why show={() => why(fact)} label={row.what} />}</td>
    </tr>
  );
}

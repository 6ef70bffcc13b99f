// What was done to the device, and what it asked of others, in the one vocabulary of operations.

import type { OperationShown } from '@interlock/model/api';
import { Badge } from '@mantine/core';
import { useList } from '../api/list.ts';
import { Why } from '../evidence/evidence-drawer.tsx';
import { formatCount, formatShortTime } from '../ui/format.ts';
import { Growing } from '../ui/growing-list.tsx';
import { type ListColumn, ListTable } from '../ui/list-table.tsx';
import { Empty } from '../ui/states.tsx';
import { DeviceLinkShown } from './device-link.tsx';
import type { ShowWhy } from './facts.tsx';

const PAGE = 100;
/** Kinds that change the device or its process stand out from those that only look. */
const KIND_COLOURS: Record<OperationShown['kind'], string> = {
  write: 'orange',
  configure: 'orange',
  file: 'orange',
  logic: 'red',
  mode: 'red',
  firmware: 'red',
  authentication: 'yellow',
  read: 'gray',
  diagnostic: 'gray',
  session: 'gray',
};

const columnsWith = (why: ShowWhy): readonly ListColumn<OperationShown>[] => [
  { title: 'Kind', cell: (row) => <Badge color={KIND_COLOURS[row.kind]}>{row.kind}</Badge> },
  {
    title: 'What',
    cell: (row) => (
      <>
        {row.what}
        {row.detail && <span className="dim"> {row.detail}</span>}
        {row.accepted === false && (
          <Badge color="gray" ml={6}>
            refused
          </Badge>
        )}
      </>
    ),
  },
  {
    title: 'By or on',
    cell: (row) => (
      <>
        {row.direction === 'asked' ? 'on ' : 'by '}
        <DeviceLinkShown device={row.peer} />
      </>
    ),
  },
  { title: 'Protocol', cell: (row) => row.protocol },
  { title: 'Times', numeric: true, cell: (row) => formatCount(row.count) },
  { title: 'Last', cell: (row) => formatShortTime(row.last) },
  {
    title: 'Evidence',
    silent: true,
    cell: ({ facts: [fact], what }) => fact && <Why show={() => why(fact)} label={what} />,
  },
];

export function Operations({ id, why }: { id: string; why: ShowWhy }) {
  const list = useList('listOperations', { params: { id } }, PAGE);
  return (
    <Growing list={list} what="operations" empty={<Empty title="No operation was seen" />}>
      {(rows) => <ListTable label="Operations" columns={columnsWith(why)} rows={rows} rowKey={(row) => row.id} />}
    </Growing>
  );
}

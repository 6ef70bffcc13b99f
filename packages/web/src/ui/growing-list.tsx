// What surrounds a growing list: loading, failed, nothing there, and the button for more.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { GrowingList } from '../api/list.ts';
import { Failed, Loading } from './states.tsx';

export function Growing<I>({
  list,
  what,
  empty,
  children,
}: {
  list: GrowingList<I>;
  what: string;
  empty: ReactNode;
  children: (rows: readonly I[]) => ReactNode;
}) {
  if (list.pending) return <Loading what={what} />;
  if (list.error && list.rows.length === 0) return <Failed error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) return empty;
  return (
    <>
      {children(list.rows)}
      {list.more && (
        <Button variant="default" mt="xs" loading={list.fetchingMore} onClick={list.more}>
          More
        </Button>
      )}
    </>
  );
}

// A list of the API page by page, as one growing list of rows.
import type { OutputOf, RouteName } from '@interlock/model/api';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { type ApiError, type CallInput, call } from './client.ts';

/** Routes that answer with a page. */
type ListRoute = { [N in RouteName]: OutputOf<N> extends { items: unknown[]; total: number } ? N : never }[RouteName];
export type ItemOf<N extends ListRoute> = OutputOf<N> extends { items: (infer I)[] } ? I : never;

export interface GrowingList<I> {
  readonly rows: readonly I[];
  readonly total: number;
  readonly pending: boolean;
  readonly error: ApiError | null;
  readonly retry: () => void;
  /** Asks for the next page; undefined when everything is here. */
  readonly more: (() => void) | undefined;
  readonly fetchingMore: boolean;
}

/**
 * In: a route that answers with pages, its input without cursor, and rows per page. Out: the rows so far and how to get
 * more. What was shown stays while another search is answered. `refresh` is in milliseconds, by what is on the pages.
 */
export function useList<N extends ListRoute>(
  name: N,
  input: { readonly params?: CallInput<N>['params']; readonly query?: object },
  limit: number,
  refresh?: (rows: readonly ItemOf<N>[]) => number | false,
): GrowingList<ItemOf<N>> {
  type Page = { items: ItemOf<N>[]; total: number; next?: string };
  const itemsOf = (data: InfiniteData<Page> | undefined) => data?.pages.flatMap((page) => page.items) ?? [];
  const list = useInfiniteQuery<Page, ApiError, InfiniteData<Page>, unknown[], string | undefined>({
    queryKey: [name, input.params ?? null, input.query ?? null, limit],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...input.query, limit, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await call(name, {
        ...(input.params ? { params: input.params } : {}),
        query,
        signal,
      } as unknown as CallInput<N>)) as unknown as Page;
    },
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: (query) => refresh?.(itemsOf(query.state.data)) ?? false,
  });
  return {
    rows: itemsOf(list.data),
    total: list.data?.pages[0]?.total ?? 0,
    pending: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
    more: list.hasNextPage ? () => void (list.isFetchingNextPage || list.fetchNextPage()) : undefined,
    fetchingMore: list.isFetchingNextPage,
  };
}

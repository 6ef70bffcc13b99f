// How pages ask the server: cached, cancelled when the page is left, and asked again when the server says that something
// changed.
import type { CaptureRow, OutputOf, ServerEvent } from '@interlock/model/api';
import { API_PREFIX, type RouteName } from '@interlock/model/api';
import { type InfiniteData, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError, type CallInput, call } from './client.ts';

/** Answers of the caller's making will not get better by asking again; a server that is gone may come back. */
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

export const routeKey = <N extends RouteName>(name: N, input: Omit<CallInput<N>, 'signal'>) =>
  [name, input.params ?? null, input.query ?? null] as const;

/** One answer of one route; `enabled` false asks nothing yet. The answer before is shown while the next one loads. */
export function useRoute<N extends RouteName>(
  name: N,
  input: Omit<CallInput<N>, 'signal'>,
  options: { enabled?: boolean; keep?: boolean } = {},
) {
  return useQuery<OutputOf<N>, ApiError>({
    queryKey: routeKey(name, input),
    queryFn: ({ signal }) => call(name, { ...input, signal } as CallInput<N>),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: (before: OutputOf<N> | undefined) => before } : {}),
  } as Parameters<typeof useQuery<OutputOf<N>, ApiError>>[0]);
}

const ON_INVENTORY: readonly RouteName[] = [
  'listDevices',
  'deviceFacets',
  'getDevice',
  'listConversations',
  'listOperations',
  'listDeviceFacts',
  'getMap',
  'getCapture',
  'getStatus',
];
const ON_CAPTURE: readonly RouteName[] = ['listCaptures', 'getCapture', 'getStatus'];

/** Listens to the server's events for as long as the console is open and marks what they make stale. */
export function useServerEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource(`${API_PREFIX}/events`);
    const stale = (names: readonly RouteName[]) => {
      for (const name of names) void client.invalidateQueries({ queryKey: [name] });
    };
    const onCapture = ({ capture }: { capture: CaptureRow }) => {
      const renewed = (page: OutputOf<'listCaptures'>) => ({
        ...page,
        items: page.items.map((row) => (row.id === capture.id ? capture : row)),
      });
      client.setQueriesData<InfiniteData<OutputOf<'listCaptures'>>>({ queryKey: ['listCaptures'] }, (list) =>
        list ? { ...list, pages: list.pages.map(renewed) } : list,
      );
      if (capture.state !== 'analysing') stale(ON_CAPTURE);
    };
    const listen = <E extends ServerEvent['event']>(
      name: E,
      handle: (event: Extract<ServerEvent, { event: E }>) => void,
    ) => source.addEventListener(name, (message) => handle(JSON.parse((message as MessageEvent<string>).data)));
    listen('capture', onCapture);
    listen('capture-removed', () => stale(ON_CAPTURE));
    listen('corrections', () => stale(['listCorrections']));
    listen('inventory', ({ inventory }) => stale(inventory.state === 'current' ? ON_INVENTORY : ['getStatus']));
    let wasOpen = false;
    source.addEventListener('open', () => {
      if (wasOpen) void client.invalidateQueries(); // what happened while the line was down is not told again
      wasOpen = true;
    });
    return () => source.close();
  }, [client]);
}

// How pages ask the server: cached, cancelled when the page is left, and asked again when the server says that something
// changed (events.ts).
import type { OutputOf, RouteName } from '@interlock/model/api';
import { MutationCache, QueryCache, QueryClient, useQuery } from '@tanstack/react-query';
import { ApiError, type CallInput, call } from './client.ts';

/** Answers of the caller's making will not get better by asking again; a server that is gone may come back. */
const RETRIES = 2;
/** The server is near: who waits longer for a sign of it only learns later that it is gone. */
const RETRY_MS = 400;

/** A session that ended meanwhile is asked for again, which brings the question for the password. */
const onError = (error: unknown): void => {
  if (error instanceof ApiError && error.code === 'session.required')
    void queryClient.invalidateQueries({ queryKey: ['getSession'] });
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    // The server is on this machine or in the plant: a browser that is not on the internet reaches it all the same.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      retryDelay: RETRY_MS,
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

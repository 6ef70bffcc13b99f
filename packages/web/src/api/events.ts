// Listens to what the server tells as it happens, and marks what that makes stale.
import {
  API_PREFIX,
  type CaptureRow,
  type LiveRow,
  type OutputOf,
  type RouteName,
  type ServerEvent,
} from '@interlock/model/api';
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

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
const ON_LIVE: readonly RouteName[] = ['listLive', 'listInterfaces'];
const ON_CAPTURE: readonly RouteName[] = ['listCaptures', 'getCapture', 'getStatus'];
/** Browsers take a broken line up again by themselves, but not one that was refused: a server that is just stopping. */
const AGAIN_MS = 3_000;

/** For as long as the console is open. */
export function useServerEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      const line = new EventSource(`${API_PREFIX}/events`);
      source = line;
      listenTo(line, client);
      // What happened before the line was open is not told again.
      line.addEventListener('open', () => void client.invalidateQueries());
      line.addEventListener('error', () => {
        // Whether the server still answers is for its status to say; each failed attempt comes here again.
        void client.invalidateQueries({ queryKey: ['getStatus'] }, { cancelRefetch: false });
        if (line.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
      });
    };
    connect();
    return () => {
      clearTimeout(again);
      source?.close();
    };
  }, [client]);
}

function listenTo(source: EventSource, client: QueryClient): void {
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
  /** Comes every second of a capture that runs: put in its place, asked for only where it is new or ended. */
  const onLive = ({ live }: { live: LiveRow }) => {
    let known: LiveRow | undefined;
    client.setQueriesData<OutputOf<'listLive'>>({ queryKey: ['listLive'] }, (list) => {
      known = list?.items.find(({ id }) => id === live.id);
      return list && { items: list.items.map((row) => (row.id === live.id ? live : row)) };
    });
    if (known?.state !== live.state) stale(ON_LIVE);
  };
  const listen = <E extends ServerEvent['event']>(
    name: E,
    handle: (event: Extract<ServerEvent, { event: E }>) => void,
  ) => source.addEventListener(name, (message) => handle(JSON.parse((message as MessageEvent<string>).data)));
  listen('capture', onCapture);
  listen('capture-removed', () => stale(ON_CAPTURE));
  listen('live', onLive);
  listen('corrections', () => stale(['listCorrections']));
  listen('inventory', ({ inventory }) => stale(inventory.state === 'current' ? ON_INVENTORY : ['getStatus']));
}

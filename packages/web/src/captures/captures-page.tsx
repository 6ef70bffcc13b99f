// The captures: drop files, watch them being analysed, see what each contained, remove one with all that rests on it.

import type { CaptureRow, OutputOf } from '@interlock/model/api';
import { Anchor, Badge, Button, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { type ApiError, call } from '../api/client.ts';
import { useRoute } from '../api/queries.ts';
import { formatBytes, formatCount, formatShortTime } from '../ui/format.ts';
import { Empty, Failed, Loading } from '../ui/states.tsx';
import { RemoveCapture } from './remove-capture.tsx';
import { type Upload, uploadCapture } from './upload.ts';

const PAGE = 200;
interface Sending {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  share: number;
  error?: ApiError;
  already?: boolean;
  upload?: Upload;
}

export function CapturesPage() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const [sending, setSending] = useState<Sending[]>([]);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const status = useRoute('getStatus', {});
  const list = useInfiniteQuery<
    OutputOf<'listCaptures'>,
    ApiError,
    { pages: OutputOf<'listCaptures'>[] },
    unknown[],
    string | undefined
  >({
    queryKey: ['listCaptures', search],
    queryFn: ({ pageParam, signal }) =>
      call('listCaptures', {
        query: {
          limit: PAGE,
          ...(search.trim() ? { search: search.trim() } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) =>
        page.items.some((row) => row.state === 'waiting' || row.state === 'analysing'),
      )
        ? 1500
        : false,
  });
  const update = (key: string, change: Partial<Sending>) =>
    setSending((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));

  /** One after the other: the server takes one at a time from each of us, and the line is the bottleneck. */
  const send = async (files: readonly File[]) => {
    const queue = files.map((file): [Sending, File] => [
      { key: `${file.name} ${crypto.randomUUID()}`, name: file.name, size: file.size, share: 0 },
      file,
    ]);
    setSending((all) => [...queue.map(([one]) => one), ...all.filter((one) => !one.error || one.share < 1)]);
    for (const [one, file] of queue) {
      const upload = uploadCapture(file, (share) => update(one.key, { share }));
      update(one.key, { upload });
      try {
        const { already } = await upload.done;
        if (already) update(one.key, { already, share: 1 });
        else setSending((all) => all.filter(({ key }) => key !== one.key));
        await client.invalidateQueries({ queryKey: ['listCaptures'] });
        await client.invalidateQueries({ queryKey: ['getStatus'] });
      } catch (error) {
        update(one.key, { error: error as ApiError, share: 1 });
      }
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send([...event.dataTransfer.files]);
  };
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the second way; the button does the same
    <div
      className={`page scrolls${over ? ' dropping' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false);
      }}
      onDrop={drop}
    >
      <Group className="tools" gap="sm">
        <TextInput
          data-page-search
          type="search"
          w={280}
          aria-label="Search captures"
          placeholder="Search by file name  /"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Text size="sm" role="status">
          {list.data ? `${formatCount(list.data.pages[0]?.total ?? 0)} captures` : ''}
        </Text>
        <Group ml="auto" gap="sm">
          {status.data && (
            <Text size="sm" c="dimmed">
              up to {formatBytes(status.data.limits.uploadBytes)} each
            </Text>
          )}
          <Button leftSection={<IconUpload size={15} />} onClick={() => picker.current?.click()}>
            Add captures
          </Button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label="Capture files"
            onChange={(event) => {
              void send([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </Group>
      </Group>
      {sending.length > 0 && (
        <SendingList sending={sending} forget={(key) => setSending((all) => all.filter((one) => one.key !== key))} />
      )}
      {list.isPending ? (
        <Loading what="captures" />
      ) : list.error && rows.length === 0 ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <NoCapture
          searched={search.trim() !== ''}
          demo={status.data?.demo.available === true && !status.data.demo.loaded}
        />
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">State</th>
              <th scope="col" className="numeric">
                Frames
              </th>
              <th scope="col" className="numeric">
                Size
              </th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="numeric">
                Observations
              </th>
              <th scope="col" className="numeric">
                Troubles
              </th>
              <th scope="col">
                <span className="hidden">Remove</span>
              </th>
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
        <Button variant="default" m="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          More
        </Button>
      )}
    </div>
  );
}

function NoCapture({ searched, demo }: { searched: boolean; demo: boolean }) {
  const client = useQueryClient();
  const add = useMutation<unknown, ApiError>({
    mutationFn: () => call('addDemo', {}),
    onSuccess: () => client.invalidateQueries(),
  });
  if (searched) return <Empty title="No capture has such a name" />;
  return (
    <Empty title="Drop captures here">
      <Text c="dimmed">pcap or pcapng, as they are or compressed with gzip or zstd. They stay on this machine.</Text>
      {demo && (
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          Or load the demo plant
        </Button>
      )}
      {add.error && (
        <Text c="red" role="alert">
          {add.error.message}
        </Text>
      )}
    </Empty>
  );
}

function SendingList({ sending, forget }: { sending: readonly Sending[]; forget: (key: string) => void }) {
  return (
    <ul className="sending" aria-label="Uploads">
      {sending.map((one) => (
        <li key={one.key}>
          <Group gap="sm" wrap="nowrap">
            <b className="wrap">{one.name}</b>
            <span className="dim">{formatBytes(one.size)}</span>
            {one.error ? (
              <Text size="sm" c="red" role="alert">
                {one.error.message} {one.error.whatToDo}
              </Text>
            ) : one.already ? (
              <Text size="sm" role="status">
                Was here already: nothing changed.
              </Text>
            ) : (
              <Progress value={one.share * 100} w={220} aria-label={`Sending ${one.name}`} />
            )}
            <Button
              ml="auto"
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={() => {
                one.upload?.cancel();
                forget(one.key);
              }}
            >
              {one.error || one.already ? 'Close' : 'Cancel'}
            </Button>
          </Group>
        </li>
      ))}
    </ul>
  );
}

function Row({ row }: { row: CaptureRow }) {
  return (
    <tr>
      <td>
        <Anchor component={Link} to={`/captures/${row.id}`} size="sm">
          {row.name}
        </Anchor>
        {row.demo && (
          <Badge color="yellow" ml={6}>
            demo
          </Badge>
        )}
      </td>
      <td>
        <State row={row} />
      </td>
      <td className="numeric">{formatCount(row.progress?.frames ?? row.frames)}</td>
      <td className="numeric">{formatBytes(row.size)}</td>
      <td>{formatShortTime(row.first)}</td>
      <td>{formatShortTime(row.last)}</td>
      <td className="numeric">{formatCount(row.observations)}</td>
      <td className="numeric">{row.troubles > 0 ? <Badge color="orange">{formatCount(row.troubles)}</Badge> : '0'}</td>
      <td>
        <RemoveCapture row={row} />
      </td>
    </tr>
  );
}

export function State({ row }: { row: CaptureRow }) {
  if (row.state === 'waiting') return <Badge color="gray">waiting</Badge>;
  if (row.state === 'analysing')
    return (
      <Group gap={6} wrap="nowrap">
        {row.progress?.share === undefined ? (
          <span>analysing</span>
        ) : (
          <Progress value={row.progress.share * 100} w={110} aria-label={`Analysing ${row.name}`} />
        )}
        <span className="dim">{row.progress ? `${formatCount(row.progress.frames)} frames` : ''}</span>
      </Group>
    );
  if (row.state === 'failed')
    return (
      <span title={row.problem}>
        <Badge color="red">not readable</Badge> <span className="dim">{row.problem}</span>
      </span>
    );
  return row.problem ? (
    <span title={row.problem}>
      <Badge color="orange">damaged</Badge> <span className="dim">{row.problem}</span>
    </span>
  ) : (
    <Badge color="teal">done</Badge>
  );
}

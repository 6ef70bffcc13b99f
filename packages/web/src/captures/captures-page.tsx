// The captures: drop files, watch them being analysed, see what each contained, remove one with all that rests on it.

import type { CaptureRow } from '@interlock/model/api';
import { Badge, Button, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { type ApiError, call } from '../api/client.ts';
import { useList } from '../api/list.ts';
import { useRoute } from '../api/queries.ts';
import { formatBytes, formatCount, formatShortTime } from '../ui/format.ts';
import { Growing } from '../ui/growing-list.tsx';
import { type ListColumn, ListTable } from '../ui/list-table.tsx';
import { Empty } from '../ui/states.tsx';
import { RemoveCapture } from './remove-capture.tsx';
import { type Upload, uploadCapture } from './upload.ts';

const PAGE = 200;
/** Progress comes as events; this is for a browser whose event line is cut by a proxy. */
const WATCHING_MS = 1500;
interface Sending {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  share: number;
  error?: ApiError;
  already?: boolean;
  upload?: Upload;
}

const COLUMNS: readonly ListColumn<CaptureRow>[] = [
  {
    title: 'File',
    cell: (row) => (
      <>
        <Link to="/captures/$id" params={{ id: row.id }}>
          {row.name}
        </Link>
        {row.demo && (
          <Badge color="yellow" ml={6}>
            demo
          </Badge>
        )}
      </>
    ),
  },
  { title: 'State', cell: (row) => <State row={row} /> },
  { title: 'Frames', numeric: true, cell: (row) => formatCount(row.progress?.frames ?? row.frames) },
  { title: 'Size', numeric: true, cell: (row) => formatBytes(row.size) },
  { title: 'From', cell: (row) => formatShortTime(row.first) },
  { title: 'To', cell: (row) => formatShortTime(row.last) },
  { title: 'Observations', numeric: true, cell: (row) => formatCount(row.observations) },
  {
    title: 'Troubles',
    numeric: true,
    cell: (row) => (row.troubles > 0 ? <Badge color="orange">{formatCount(row.troubles)}</Badge> : '0'),
  },
  { title: 'Remove', silent: true, cell: (row) => <RemoveCapture row={row} /> },
];

export function CapturesPage() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const [sending, setSending] = useState<Sending[]>([]);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const status = useRoute('getStatus', {});
  const list = useList('listCaptures', { query: search.trim() ? { search: search.trim() } : {} }, PAGE, (rows) =>
    rows.some((row) => row.state === 'waiting' || row.state === 'analysing') ? WATCHING_MS : false,
  );
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
          {list.pending ? '' : `${formatCount(list.total)} captures`}
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
      <Growing
        list={list}
        what="captures"
        empty={
          <NoCapture
            searched={search.trim() !== ''}
            demo={status.data?.demo.available === true && !status.data.demo.loaded}
          />
        }
      >
        {(rows) => <ListTable label="Captures" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />}
      </Growing>
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
  if (row.state === 'live') return <Badge color="teal">live</Badge>;
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

// The inventory: every device, found by searching, filtering and sorting, as a table that people arrange for themselves.

import { addressOf, type DeviceColumn, type DeviceRow, EXPORT_FORMATS, type ExportFormat } from '@interlock/model/api';
import {
  ActionIcon,
  Button,
  Checkbox,
  CloseButton,
  Group,
  Menu,
  Popover,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDebouncedCallback, useLocalStorage } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconColumns, IconDownload, IconSearch } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { CallInput } from '../api/client.ts';
import { useList } from '../api/list.ts';
import { useRoute } from '../api/queries.ts';
import type { DeviceSearch } from '../app/search.ts';
import { formatCount } from '../ui/format.ts';
import { Empty, Failed, Loading } from '../ui/states.tsx';
import { VirtualTable } from '../ui/virtual-table.tsx';
import { ColumnFilterButton } from './column-filter.tsx';
import { COLUMNS, type InventoryColumn } from './columns.tsx';

/** Rows asked for at once: about ten screens, one answer of some 150 kB. */
const PAGE = 400;
const TYPING_MS = 250;

const EXPORT_NAMES = Object.keys(EXPORT_FORMATS) as ExportFormat[];

export function InventoryPage() {
  const search = useSearch({ from: '/inventory' });
  const navigate = useNavigate({ from: '/inventory' });
  const [shown, setShown] = useLocalStorage<DeviceColumn[]>({
    key: 'interlock.inventory.columns',
    defaultValue: COLUMNS.filter((column) => column.shownAtFirst).map((column) => column.id),
    getInitialValueInEffect: false,
  });
  const { sort: _sort, order: _order, ...filters } = search;
  const devices = useList('listDevices', { query: search }, PAGE);
  const facets = useRoute(
    'deviceFacets',
    { query: filters as NonNullable<CallInput<'deviceFacets'>['query']> },
    { keep: true },
  );
  const status = useRoute('getStatus', {});

  const change = (changes: DeviceSearch) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
        ) as DeviceSearch,
      replace: true,
    });
  const sortBy = (column: InventoryColumn) =>
    change({
      sort: column.id,
      order: search.sort === column.id && search.order !== 'descending' ? 'descending' : undefined,
    } as DeviceSearch);
  const columns = COLUMNS.filter((column) => shown.includes(column.id));
  const { rows, total } = devices;
  const filtered = Object.keys(filters).length > 0;
  const sorted = (id: string) => (id === (search.sort ?? 'name') ? (search.order ?? 'ascending') : undefined);

  if (devices.error && rows.length === 0) return <Failed error={devices.error} retry={devices.retry} />;
  return (
    <div className="page">
      <Group className="tools" gap="sm">
        <SearchField
          value={search.search ?? ''}
          change={(text) => change({ search: text || undefined } as DeviceSearch)}
        />
        <Text size="sm" role="status" aria-live="polite">
          {devices.pending
            ? ''
            : `${formatCount(total)} ${total === 1 ? 'device' : 'devices'}${filtered && status.data ? ` of ${formatCount(status.data.counts.devices)}` : ''}`}
        </Text>
        {filtered && (
          <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
            Clear all filters
          </Button>
        )}
        <Group gap="xs" ml="auto">
          <ColumnChoice shown={shown} setShown={setShown} />
          <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={15} />} disabled={total === 0}>
                Export
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {EXPORT_NAMES.map((format) => (
                <Menu.Item
                  key={format}
                  component="a"
                  href={addressOf('exportDevices', undefined, {
                    ...search,
                    format,
                    ...(EXPORT_FORMATS[format].rows ? { columns: columns.map((column) => column.id) } : {}),
                  } as CallInput<'exportDevices'>['query'] as never)}
                  download
                >
                  {EXPORT_FORMATS[format].rows ? 'What is shown, as ' : 'These devices, as '}
                  {EXPORT_FORMATS[format].title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {devices.pending ? (
        <Loading what="the inventory" />
      ) : total === 0 ? (
        <NothingThere
          filtered={filtered}
          captures={status.data?.counts.captures ?? 0}
          waiting={status.data?.waiting ?? 0}
          clear={() => void navigate({ search: {} })}
        />
      ) : (
        <VirtualTable<DeviceRow>
          label="Devices"
          columns={columns}
          rows={rows}
          total={total}
          rowKey={(row) => row.id}
          asked={JSON.stringify(search)}
          open={(row) => void navigate({ to: '/devices/$id', params: { id: row.id } })}
          more={devices.more}
          sorted={(column) => sorted(column.id)}
          head={(given) => {
            const column = given as InventoryColumn;
            const direction = sorted(column.id);
            return (
              <span className="head">
                <button type="button" className="sort" onClick={() => sortBy(column)} title={`Sort by ${column.title}`}>
                  {column.title}
                  {direction === 'ascending' && <IconArrowUp size={12} aria-hidden />}
                  {direction === 'descending' && <IconArrowDown size={12} aria-hidden />}
                </button>
                <ColumnFilterButton column={column} search={search} facets={facets.data} change={change} />
              </span>
            );
          }}
        />
      )}
    </div>
  );
}

function SearchField({ value, change }: { value: string; change: (text: string) => void }) {
  const [text, setText] = useState(value);
  const changeSoon = useDebouncedCallback(change, TYPING_MS);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      data-page-search
      type="search"
      w={340}
      aria-label="Search devices"
      placeholder="Search names, addresses, models, serial numbers…  /"
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        changeSoon(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        // On to what was found.
        if (event.key === 'Enter' || event.key === 'ArrowDown') {
          event.preventDefault();
          document.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
        }
      }}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="xs"
            aria-label="Clear the search"
            onClick={() => {
              setText('');
              change('');
            }}
          />
        )
      }
    />
  );
}

function ColumnChoice({ shown, setShown }: { shown: DeviceColumn[]; setShown: (columns: DeviceColumn[]) => void }) {
  const toggle = (id: DeviceColumn) =>
    setShown(shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id]);
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={30} aria-label="Columns">
            <IconColumns size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          {COLUMNS.map((column) => (
            <Checkbox
              key={column.id}
              label={column.title}
              checked={shown.includes(column.id)}
              disabled={column.id === 'name'}
              onChange={() => toggle(column.id)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function NothingThere({
  filtered,
  captures,
  waiting,
  clear,
}: {
  filtered: boolean;
  captures: number;
  waiting: number;
  clear: () => void;
}) {
  if (filtered)
    return (
      <Empty title="No device matches">
        <Button variant="light" onClick={clear}>
          Clear all filters
        </Button>
      </Empty>
    );
  if (waiting > 0)
    return (
      <Empty title="The first capture is being analysed">
        <Text c="dimmed">Devices appear here as soon as it is done.</Text>
      </Empty>
    );
  return (
    <Empty title={captures > 0 ? 'The captures show no device' : 'No device yet'}>
      <Text c="dimmed">
        Interlock finds devices in copies of network traffic: drop a capture from a mirror port of your switch.
      </Text>
      <Button component={Link} to="/captures">
        Add a capture
      </Button>
    </Empty>
  );
}

// The filter of one column, behind the funnel in its head.

import type { OutputOf } from '@interlock/model/api';
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Popover,
  ScrollArea,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconFilter, IconFilterFilled } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeviceSearch } from '../app/search.ts';
import { formatCount } from '../ui/format.ts';
import { type ColumnFilter, type InventoryColumn, unknownWord } from './columns.tsx';

type Facets = OutputOf<'deviceFacets'>;
export interface FilterProps {
  readonly column: InventoryColumn;
  readonly search: DeviceSearch;
  readonly facets: Facets | undefined;
  readonly change: (changes: DeviceSearch) => void;
}

const parametersOf = (filter: ColumnFilter): string[] =>
  filter.kind === 'share' || filter.kind === 'time' ? [filter.from, filter.to] : [filter.parameter];
const chosenOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

export function ColumnFilterButton({ column, search, facets, change }: FilterProps) {
  const [open, setOpen] = useState(false);
  const { filter } = column;
  if (!filter) return null;
  const parameters = parametersOf(filter);
  const active = parameters.some((name) => search[name] !== undefined);
  const clear = () => change(Object.fromEntries(parameters.map((name) => [name, undefined])));
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus position="bottom-start" withinPortal shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="transparent"
          size="xs"
          color={active ? 'cyan' : 'gray'}
          aria-label={`Filter ${column.title}${active ? ', active' : ''}`}
          onClick={() => setOpen(!open)}
        >
          {active ? <IconFilterFilled size={13} /> : <IconFilter size={13} />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={250}>
          <FilterBody filter={filter} column={column} search={search} facets={facets} change={change} />
          <Group justify="space-between">
            <Button variant="subtle" color="gray" disabled={!active} onClick={clear}>
              Clear
            </Button>
            <Button variant="default" onClick={() => setOpen(false)}>
              Close
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterBody({ filter, column, search, facets, change }: FilterProps & { filter: ColumnFilter }) {
  switch (filter.kind) {
    case 'text':
      return (
        <TextFilter
          title={column.title}
          value={chosenOf(search[filter.parameter])[0] ?? ''}
          change={(text) => change({ [filter.parameter]: text || undefined })}
        />
      );
    case 'menu':
      return <MenuFilter filter={filter} chosen={chosenOf(search[filter.parameter])} facets={facets} change={change} />;
    case 'flag': {
      const value = chosenOf(search[filter.parameter])[0];
      return (
        <Stack gap={8}>
          {(['true', 'false'] as const).map((flag) => (
            <Checkbox
              key={flag}
              label={flag === 'true' ? filter.yes : filter.no}
              checked={value === flag}
              onChange={() => change({ [filter.parameter]: value === flag ? undefined : flag })}
            />
          ))}
        </Stack>
      );
    }
    case 'share':
      return (
        <Group grow>
          {(
            [
              ['at least', filter.from],
              ['at most', filter.to],
            ] as const
          ).map(([label, name]) => (
            <NumberInput
              key={name}
              label={label}
              min={0}
              max={1}
              step={0.05}
              value={search[name] === undefined ? '' : Number(search[name])}
              onChange={(value) => change({ [name]: value === '' ? undefined : String(value) })}
            />
          ))}
        </Group>
      );
    case 'time':
      return (
        <Stack gap={8}>
          {(
            [
              ['not before', filter.from],
              ['not after', filter.to],
            ] as const
          ).map(([label, name]) => (
            <TextInput
              key={name}
              type="datetime-local"
              label={label}
              value={localOf(search[name])}
              onChange={(event) => change({ [name]: msOf(event.currentTarget.value) })}
            />
          ))}
        </Stack>
      );
  }
}

/** The form's own notation of a local time, without a zone; from and to milliseconds since 1970. */
function localOf(value: unknown): string {
  const ms = Number(value);
  if (value === undefined || !Number.isFinite(ms)) return '';
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
const msOf = (text: string): string | undefined => (text === '' ? undefined : String(new Date(text).getTime()));

function TextFilter({ title, value, change }: { title: string; value: string; change: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change(text.trim());
      }}
    >
      <TextInput
        data-autofocus
        label={`${title} contains`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => change(text.trim())}
      />
    </form>
  );
}

function MenuFilter({
  filter,
  chosen,
  facets,
  change,
}: {
  filter: Extract<ColumnFilter, { kind: 'menu' }>;
  chosen: string[];
  facets: Facets | undefined;
  change: FilterProps['change'];
}) {
  const [part, setPart] = useState('');
  const word = filter.word ?? unknownWord;
  const facet = facets?.facets[filter.facet];
  const values = facet?.values ?? [];
  const wanted = part.toLowerCase();
  const shown = values.filter(({ value }) => word(value).toLowerCase().includes(wanted));
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    change({ [filter.parameter]: next.length > 0 ? next : undefined });
  };
  return (
    <>
      <TextInput
        data-autofocus
        placeholder="Find a value"
        aria-label="Find a value"
        value={part}
        onChange={(event) => setPart(event.currentTarget.value)}
      />
      <ScrollArea.Autosize mah={260} type="auto">
        <Stack gap={8} pr="xs">
          {shown.map(({ value, count }) => (
            <Checkbox
              key={value}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
              label={
                <span>
                  {word(value)} <span className="dim">{formatCount(count)}</span>
                </span>
              }
            />
          ))}
          {facets && shown.length === 0 && (
            <Text size="sm" c="dimmed">
              No such value
            </Text>
          )}
          {(facet?.more ?? 0) > 0 && (
            <Text size="xs" c="dimmed">
              and {formatCount(facet?.more ?? 0)} rarer ones: use the search
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
    </>
  );
}

// The columns of the inventory, one value each: title, width, what a cell shows, and how the column is filtered.

import { DEVICE_ROLES } from '@interlock/model';
import type { DeviceColumn, DeviceFacet, DeviceRow } from '@interlock/model/api';
import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatService, formatShortTime, levelWord, suretyWord } from '../ui/format.ts';

export type ColumnFilter =
  | { readonly kind: 'text'; readonly parameter: string }
  | {
      readonly kind: 'menu';
      readonly parameter: string;
      readonly facet: DeviceFacet;
      readonly word?: (value: string) => string;
    }
  | { readonly kind: 'flag'; readonly parameter: string; readonly yes: string; readonly no: string }
  | { readonly kind: 'share'; readonly from: string; readonly to: string }
  | { readonly kind: 'time'; readonly from: string; readonly to: string };

export interface InventoryColumn {
  readonly id: DeviceColumn;
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly shownAtFirst: boolean;
  readonly cell: (row: DeviceRow) => ReactNode;
  readonly filter?: ColumnFilter;
}

const mono = (text: string | undefined) => (text ? <span className="mono">{text}</span> : null);
const roleWord = (role: string): string => DEVICE_ROLES[role as keyof typeof DEVICE_ROLES] ?? role;
/** What is not known has no word in the data; on the screen it has. */
export const unknownWord = (value: string): string => (value === '' ? 'not known' : value);

/** What a device is called where it has no name of its own. */
export const nameOf = (row: Pick<DeviceRow, 'name' | 'model' | 'addresses' | 'id'>): string =>
  row.name ?? row.model ?? row.addresses[0]?.value ?? row.id;

export const COLUMNS: readonly InventoryColumn[] = [
  {
    id: 'name',
    title: 'Name',
    width: 170,
    shownAtFirst: true,
    cell: (row) =>
      row.name ? (
        <b className="name">{row.name}</b>
      ) : (
        <Text span size="sm" c="dimmed">
          {nameOf(row)}
        </Text>
      ),
    filter: { kind: 'text', parameter: 'name' },
  },
  {
    id: 'addresses',
    title: 'Addresses',
    width: 158,
    shownAtFirst: true,
    cell: (row) => <Addresses row={row} />,
    filter: { kind: 'text', parameter: 'address' },
  },
  {
    id: 'vendor',
    title: 'Vendor',
    width: 140,
    shownAtFirst: true,
    cell: (row) => row.vendor,
    filter: { kind: 'menu', parameter: 'vendor', facet: 'vendor' },
  },
  {
    id: 'model',
    title: 'Model',
    width: 148,
    shownAtFirst: true,
    cell: (row) => row.model,
    filter: { kind: 'menu', parameter: 'model', facet: 'model' },
  },
  {
    id: 'orderNumber',
    title: 'Order number',
    width: 160,
    shownAtFirst: false,
    cell: (row) => mono(row.orderNumber),
    filter: { kind: 'text', parameter: 'orderNumber' },
  },
  {
    id: 'firmware',
    title: 'Firmware',
    width: 100,
    shownAtFirst: true,
    cell: (row) => mono(row.firmware),
    filter: { kind: 'menu', parameter: 'firmware', facet: 'firmware' },
  },
  {
    id: 'hardwareVersion',
    title: 'Hardware version',
    width: 120,
    shownAtFirst: false,
    cell: (row) => mono(row.hardwareVersion),
    filter: { kind: 'text', parameter: 'hardwareVersion' },
  },
  {
    id: 'serial',
    title: 'Serial number',
    width: 132,
    shownAtFirst: true,
    cell: (row) => mono(row.serial),
    filter: { kind: 'text', parameter: 'serial' },
  },
  {
    id: 'os',
    title: 'Operating system',
    width: 150,
    shownAtFirst: false,
    cell: (row) => row.os,
    filter: { kind: 'menu', parameter: 'os', facet: 'os' },
  },
  {
    id: 'role',
    title: 'Role',
    width: 128,
    shownAtFirst: true,
    cell: (row) => (row.role ? roleWord(row.role) : null),
    filter: {
      kind: 'menu',
      parameter: 'role',
      facet: 'role',
      word: (value) => (value === '' ? 'not known' : roleWord(value)),
    },
  },
  {
    id: 'level',
    title: 'Level',
    width: 100,
    shownAtFirst: false,
    cell: (row) => levelWord(row.level),
    filter: { kind: 'menu', parameter: 'level', facet: 'level', word: levelWord },
  },
  {
    id: 'zone',
    title: 'Zone',
    width: 122,
    shownAtFirst: true,
    cell: (row) => mono(row.zone),
    filter: { kind: 'menu', parameter: 'zone', facet: 'zone' },
  },
  {
    id: 'location',
    title: 'Location',
    width: 140,
    shownAtFirst: false,
    cell: (row) => row.location,
    filter: { kind: 'text', parameter: 'location' },
  },
  {
    id: 'services',
    title: 'Services',
    width: 140,
    shownAtFirst: true,
    cell: (row) => <Services row={row} />,
    filter: { kind: 'menu', parameter: 'service', facet: 'service' },
  },
  {
    id: 'parts',
    title: 'Parts',
    width: 64,
    shownAtFirst: false,
    cell: (row) => (row.parts > 0 ? formatCount(row.parts) : null),
  },
  { id: 'peers', title: 'Peers', width: 64, shownAtFirst: false, cell: (row) => formatCount(row.peers) },
  {
    id: 'exposures',
    title: 'Exposures',
    width: 100,
    shownAtFirst: true,
    cell: (row) => (row.exposures > 0 ? <Badge color="orange">{formatCount(row.exposures)}</Badge> : null),
    filter: { kind: 'flag', parameter: 'exposed', yes: 'with exposures', no: 'without' },
  },
  {
    id: 'sureness',
    title: 'How sure',
    width: 112,
    shownAtFirst: true,
    cell: (row) => <Sureness value={row.sureness} />,
    filter: { kind: 'share', from: 'surenessFrom', to: 'surenessTo' },
  },
  {
    id: 'first',
    title: 'First seen',
    width: 128,
    shownAtFirst: false,
    cell: (row) => formatShortTime(row.first),
    filter: { kind: 'time', from: 'firstFrom', to: 'firstTo' },
  },
  {
    id: 'last',
    title: 'Last seen',
    width: 128,
    shownAtFirst: true,
    cell: (row) => formatShortTime(row.last),
    filter: { kind: 'time', from: 'lastFrom', to: 'lastTo' },
  },
  { id: 'id', title: 'Id', width: 150, shownAtFirst: false, cell: (row) => mono(row.id) },
];

function Addresses({ row }: { row: DeviceRow }) {
  const ips = row.addresses.filter((address) => address.kind !== 'mac');
  const first = ips[0] ?? row.addresses[0];
  if (!first) return null;
  const more = row.addressCount - 1;
  return (
    <span title={row.addresses.map((address) => address.value).join('\n')}>
      <span className="mono">{first.value}</span>
      {more > 0 && <span className="dim"> +{more}</span>}
    </span>
  );
}

function Services({ row }: { row: DeviceRow }) {
  const shown = row.services.slice(0, 3);
  return (
    <span title={row.services.map(formatService).join('\n')}>
      {shown.map((service) => service.protocol ?? `${service.transport}/${service.port}`).join(', ')}
      {row.serviceCount > shown.length && <span className="dim"> +{row.serviceCount - shown.length}</span>}
    </span>
  );
}

/** A bar and a word: neither colour nor length alone carries the meaning. */
export function Sureness({ value }: { value: number }) {
  return (
    <span className="sureness" title={`${Math.round(value * 100)} of 100`}>
      <meter min={0} max={1} low={0.35} high={0.6} optimum={1} value={value} aria-hidden />
      <span>{suretyWord(value)}</span>
    </span>
  );
}

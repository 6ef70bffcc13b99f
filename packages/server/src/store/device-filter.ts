// The filters of the inventory as conditions on the table of devices; list, menus, export and map take the same.
import type { DeviceColumn, DeviceFacet, DeviceFilter } from '@interlock/model/api';
import { type RawBuilder, sql } from 'kysely';
import { knownFirst, type SortKey } from './cursor.ts';
import { holds, type StoreDatabase } from './database.ts';
import { searchable, searchWords } from './texts.ts';

type Condition = RawBuilder<boolean>;

const MENU_COLUMNS = {
  vendor: 'vendor',
  model: 'model',
  firmware: 'firmware',
  os: 'os',
  role: 'role',
  zone: 'zone',
  origin: 'origin',
} as const;
/** Columns of the filters that look for a part of a text, with the text to sort by, which is in lower case. */
const TEXT_COLUMNS = {
  name: 'name',
  serial: 'serial',
  orderNumber: 'order_number',
  hardwareVersion: 'hardware_version',
  location: 'location',
} as const;

/** In: filters, checked; a facet whose own filter is left out. Out: the condition, over `device as d`. */
export function deviceConditions(db: StoreDatabase, filter: DeviceFilter, without?: DeviceFacet): Condition {
  const all: Condition[] = [];
  for (const word of searchWords(filter.search ?? '')) all.push(holds(db.engine, sql.ref('d.search'), word));
  for (const [key, column] of Object.entries(TEXT_COLUMNS)) {
    const text = filter[key as keyof typeof TEXT_COLUMNS];
    if (text) all.push(containsText(db, column, text));
  }
  for (const [key, column] of Object.entries(MENU_COLUMNS)) {
    const chosen = filter[key as keyof typeof MENU_COLUMNS];
    if (chosen && key !== without) all.push(oneOf(sql.ref(`d.${column}`), chosen));
  }
  if (filter.level && without !== 'level') all.push(sql`d.level in (${sql.join(filter.level)})`);
  if (filter.address) all.push(addressCondition(db, filter.address));
  if (filter.service && without !== 'service')
    all.push(sql`(${sql.join(filter.service.map(serviceCondition), sql` or `)})`);
  if (filter.capture)
    all.push(sql`exists (select 1 from device_capture c where c.device = d.n and c.capture = ${filter.capture})`);
  if (filter.import)
    all.push(sql`exists (select 1 from device_fact x join sighting s on s.fact = x.fact join origin o on o.id = s.origin
      where x.device = d.n and o.name = ${filter.import})`);
  if (filter.listed !== undefined) all.push(sql`d.listed = ${filter.listed ? 1 : 0}`);
  if (filter.contradicting !== undefined)
    all.push(filter.contradicting ? sql`d.contradictions > 0` : sql`d.contradictions = 0`);
  const range = (column: string, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined) all.push(sql`${sql.ref(column)} >= ${from}`);
    if (to !== undefined) all.push(sql`${sql.ref(column)} <= ${to}`);
  };
  range('d.sureness', filter.surenessFrom, filter.surenessTo);
  range('d.first_time', filter.firstFrom, filter.firstTo);
  range('d.last_time', filter.lastFrom, filter.lastTo);
  if (filter.exposed !== undefined) all.push(filter.exposed ? sql`d.exposures > 0` : sql`d.exposures = 0`);
  if (filter.outside !== undefined) all.push(sql`d.outside = ${filter.outside ? 1 : 0}`);
  return all.length === 0 ? sql`1 = 1` : sql`${sql.join(all, sql` and `)}`;
}

/** Part of a text, upper or lower case: through the texts to search in, then exactly on the few that are left. */
function containsText(db: StoreDatabase, column: string, text: string): Condition {
  const lower = searchable(text);
  // lower() of both engines knows ASCII letters only; others are found as they are written or in lower case.
  return sql`(${holds(db.engine, sql`lower(${sql.ref(`d.${column}`)})`, lower)}
    or ${holds(db.engine, sql.ref(`d.${column}`), text)})`;
}

function oneOf(column: RawBuilder<unknown>, chosen: readonly string[]): Condition {
  const values = chosen.filter((value) => value !== '');
  const alternatives: Condition[] = [];
  if (values.length > 0) alternatives.push(sql`${column} in (${sql.join(values)})`);
  if (values.length < chosen.length) alternatives.push(sql`${column} is null`);
  return sql`(${sql.join(alternatives, sql` or `)})`;
}

function addressCondition(db: StoreDatabase, text: string): Condition {
  const words = searchWords(text);
  const all = words.map(
    (word) =>
      sql`exists (select 1 from device_address a where a.device = d.n and ${holds(db.engine, sql`a.value`, word)})`,
  );
  return all.length === 0 ? sql`1 = 1` : sql`${sql.join(all, sql` and `)}`;
}

/** "tcp/502", "502", or the name of a protocol. */
function serviceCondition(service: string): Condition {
  const [, transport, port] = /^(?:([a-z]+)\/)?(\d{1,5})$/.exec(service.toLowerCase()) ?? [];
  const what =
    port === undefined
      ? sql`s.protocol = ${service}`
      : transport === undefined
        ? sql`s.port = ${Number(port)}`
        : sql`s.transport = ${transport} and s.port = ${Number(port)}`;
  if (service === '') return sql`d.service_count = 0`;
  return sql`exists (select 1 from device_service s where s.device = d.n and ${what})`;
}

const SORT_TEXTS: Partial<Record<DeviceColumn, string>> = {
  name: 'd.sort_name',
  vendor: 'd.sort_vendor',
  model: 'd.sort_model',
  orderNumber: 'd.sort_order_number',
  firmware: 'd.sort_firmware',
  hardwareVersion: 'd.sort_hardware_version',
  serial: 'd.sort_serial',
  os: 'd.sort_os',
  role: 'd.sort_role',
  addresses: 'd.sort_addresses',
  zone: 'd.sort_zone',
  level: 'd.sort_level',
  location: 'd.sort_location',
  services: 'd.sort_services',
  origin: 'd.origin',
};
const SORT_NUMBERS: Partial<Record<DeviceColumn, string>> = {
  parts: 'd.parts',
  peers: 'd.peers',
  exposures: 'd.exposures',
  listed: 'd.listed',
  contradictions: 'd.contradictions',
  sureness: 'd.sureness',
  first: 'd.first_time',
  last: 'd.last_time',
};

/** In: a column and direction. Out: the keys to sort by; devices alike in it follow by address. */
export function deviceOrder(sort: DeviceColumn, descending: boolean): readonly SortKey[] {
  const text = SORT_TEXTS[sort];
  const number = SORT_NUMBERS[sort];
  const first: readonly SortKey[] = text
    ? knownFirst(sql.ref(text), descending)
    : number
      ? [{ by: sql.ref(number), descending }]
      : [];
  return [
    ...first,
    ...(sort === 'addresses' || sort === 'id' ? [] : [{ by: sql.ref('d.sort_addresses'), descending: false }]),
    { by: sql.ref('d.id'), descending: sort === 'id' && descending },
  ];
}

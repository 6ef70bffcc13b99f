// The inventory as it is read: the list with filters, order and pages, the menus of the filters, the whole of it for an
// export, and devices by id.
import type { DeviceOrigin, DeviceRole, PlantLevel } from '@interlock/model';
import {
  DEVICE_FACETS,
  type DeviceColumn,
  type DeviceFacet,
  type DeviceFilter,
  type DeviceLink,
  type DeviceRow,
  MAX_PAGE,
  type OutputOf,
  type ParsedQueryOf,
} from '@interlock/model/api';
import { type Selectable, sql } from 'kysely';
import { Paging } from './cursor.ts';
import type { StoreDatabase } from './database.ts';
import { deviceConditions, deviceOrder } from './device-filter.ts';
import type { DeviceTable } from './schema.ts';

/** Values of one menu; nobody picks from more, and the search finds the rest. */
const MAX_FACET_VALUES = 200;

/** Columns a row is made of; the big ones (search text, notes) stay where they are. */
const ROW_COLUMNS = [
  'd.id',
  'd.name',
  'd.vendor',
  'd.model',
  'd.order_number',
  'd.firmware',
  'd.hardware_version',
  'd.serial',
  'd.os',
  'd.location',
  'd.role',
  'd.level',
  'd.zone',
  'd.outside',
  'd.sureness',
  'd.first_time',
  'd.last_time',
  'd.addresses',
  'd.address_count',
  'd.services',
  'd.service_count',
  'd.parts',
  'd.peers',
  'd.exposures',
  'd.origin',
  'd.listed',
  'd.contradictions',
] as const;
type RowColumns = Omit<Selectable<DeviceTable>, 'n' | 'search' | 'detail' | 'label' | `sort_${string}`>;

interface ListQuery extends DeviceFilter {
  readonly sort: DeviceColumn;
  readonly order: 'ascending' | 'descending';
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export function deviceListStore(db: StoreDatabase) {
  const fetchPage = async (query: ListQuery) => {
    const { cursor, limit, sort, order, ...filter } = query;
    const paging = new Paging(deviceOrder(sort, order === 'descending'), ['devices', sort, order, filter], {
      cursor,
      limit,
    });
    const rows = await db.read
      .selectFrom('device as d')
      .select(ROW_COLUMNS)
      .select(paging.selections)
      .where(deviceConditions(db, filter))
      .where(paging.where)
      .orderBy(paging.orderBy)
      .limit(paging.fetch)
      .execute();
    return paging.finish(rows);
  };

  return {
    async list(query: ParsedQueryOf<'listDevices'>): Promise<OutputOf<'listDevices'>> {
      const [page, counted] = await Promise.all([fetchPage(query), this.count(query)]);
      return { items: page.rows.map(toRow), total: counted, ...(page.next ? { next: page.next } : {}) };
    },

    async count(filter: DeviceFilter): Promise<number> {
      const { rows } = await sql<{ n: number }>`select count(*) as n from device d
        where ${deviceConditions(db, filter)}`.execute(db.read);
      return rows[0]?.n ?? 0;
    },

    /** Every device that matches, in order, some at a time. */
    async *each(query: Omit<ListQuery, 'cursor' | 'limit'>): AsyncGenerator<readonly DeviceRow[]> {
      let cursor: string | undefined;
      do {
        const page = await fetchPage({ ...query, cursor, limit: MAX_PAGE });
        yield page.rows.map(toRow);
        cursor = page.next;
      } while (cursor !== undefined);
    },

    async facets(filter: DeviceFilter): Promise<OutputOf<'deviceFacets'>> {
      const menus = await Promise.all(
        DEVICE_FACETS.map(async (facet) => [facet, await menuOf(facet, filter)] as const),
      );
      const { rows } = await sql<Record<'least' | 'most' | 'first' | 'last', number | null>>`
        select min(d.sureness) as least, max(d.sureness) as most,
          min(case when d.first_time > 0 then d.first_time end) as first, max(d.last_time) as last
        from device d where ${deviceConditions(db, filter)}`.execute(db.read);
      const { least = null, most = null, first = null, last = null } = rows[0] ?? {};
      return {
        facets: Object.fromEntries(menus) as OutputOf<'deviceFacets'>['facets'],
        ...(least === null || most === null ? {} : { sureness: { least, most } }),
        ...(first === null ? {} : { first }),
        ...(last === null ? {} : { last }),
      };
    },

    /** Devices by number in this edition, as others name them. */
    async links(numbers: Iterable<number>): Promise<ReadonlyMap<number, DeviceLink>> {
      const wanted = [...new Set(numbers)];
      if (wanted.length === 0) return new Map();
      const rows = await db.read
        .selectFrom('device')
        .select(['n', 'id', 'label', 'role', 'level', 'outside'])
        .where('n', 'in', wanted)
        .execute();
      return new Map(rows.map((row) => [row.n, toLink(row)]));
    },
  };

  async function menuOf(facet: DeviceFacet, filter: DeviceFilter) {
    const where = deviceConditions(db, filter, facet);
    const grouped =
      facet === 'service'
        ? sql`select coalesce(s.protocol, s.transport || '/' || s.port) as value, count(distinct d.n) as n
            from device d join device_service s on s.device = d.n where ${where} group by 1`
        : sql`select coalesce(${sql.ref(`d.${facet}`)}, '') as value, count(*) as n from device d where ${where} group by 1`;
    const [rows, all] = await Promise.all([
      sql<{ value: string; n: number }>`select value, n from (${grouped}) g
        order by n desc, value limit ${sql.lit(MAX_FACET_VALUES)}`.execute(db.read),
      sql<{ n: number }>`select count(*) as n from (${grouped}) g`.execute(db.read),
    ]);
    const values = rows.rows.map(({ value, n }) => ({ value, count: n }));
    return { values, more: (all.rows[0]?.n ?? 0) - values.length };
  }
}
export type DeviceListStore = ReturnType<typeof deviceListStore>;

export const toLink = (
  row: Pick<Selectable<DeviceTable>, 'id' | 'label' | 'role' | 'level' | 'outside'>,
): DeviceLink => ({
  id: row.id,
  name: row.label,
  ...(row.role === null ? {} : { role: row.role as DeviceRole }),
  level: row.level as PlantLevel,
  outside: row.outside === 1,
});

/** The texts of a summary that are known. */
export function summaryOf(row: Pick<RowColumns, keyof typeof SUMMARY_COLUMNS>): DeviceSummaryShown {
  const summary: DeviceSummaryShown = {};
  for (const [column, key] of Object.entries(SUMMARY_COLUMNS) as [keyof typeof SUMMARY_COLUMNS, SummaryKey][]) {
    const value = row[column];
    if (value !== null) summary[key] = value;
  }
  return summary;
}
const SUMMARY_COLUMNS = {
  name: 'name',
  vendor: 'vendor',
  model: 'model',
  order_number: 'orderNumber',
  firmware: 'firmware',
  hardware_version: 'hardwareVersion',
  serial: 'serial',
  os: 'os',
  location: 'location',
} as const;
type SummaryKey = (typeof SUMMARY_COLUMNS)[keyof typeof SUMMARY_COLUMNS];
type DeviceSummaryShown = Partial<Record<SummaryKey, string>>;

const toRow = (row: RowColumns): DeviceRow => ({
  id: row.id,
  ...summaryOf(row),
  ...(row.role === null ? {} : { role: row.role as DeviceRole }),
  level: row.level as PlantLevel,
  ...(row.zone === null ? {} : { zone: row.zone }),
  outside: row.outside === 1,
  sureness: row.sureness,
  first: row.first_time,
  last: row.last_time,
  addresses: JSON.parse(row.addresses) as DeviceRow['addresses'],
  addressCount: row.address_count,
  services: JSON.parse(row.services) as DeviceRow['services'],
  serviceCount: row.service_count,
  parts: row.parts,
  peers: row.peers,
  exposures: row.exposures,
  origin: row.origin as DeviceOrigin,
  listed: row.listed === 1,
  contradictions: row.contradictions,
});

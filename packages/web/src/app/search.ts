// What a page shows is in its address, so that a view can be kept as a bookmark and sent to a colleague. Addresses come
// from outside: what does not belong there is dropped.
import { DEVICE_COLUMNS, type DeviceColumn, deviceFilter } from '@interlock/model/api';

export type DeviceSearch = {
  search?: string;
  sort?: DeviceColumn;
  order?: 'ascending' | 'descending';
  [filter: string]: string | string[] | number | undefined;
};
const FILTERS = Object.keys(deviceFilter);

const isText = (value: unknown): value is string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** In: the address's parameters as they came. Out: those that are filters, sort and order of the inventory. */
export function deviceSearchOf(given: Record<string, unknown>): DeviceSearch {
  const found: DeviceSearch = {};
  for (const name of FILTERS) {
    const value = given[name];
    if (Array.isArray(value)) {
      const texts = value.filter(isText).map(String);
      if (texts.length > 0) found[name] = texts;
    } else if (isText(value) && value !== '') found[name] = String(value);
  }
  const sort = DEVICE_COLUMNS.find((column) => column === given['sort']);
  if (sort) found.sort = sort;
  if (given['order'] === 'descending') found.order = 'descending';
  return found;
}

export type MapSearch = {
  expand?: string[];
  focus?: string;
  depth?: number;
  search?: string;
  selected?: string;
  table?: boolean;
  capture?: string;
  closed?: boolean;
};
/** In: the address's parameters as they came. Out: those of the map. */
export function mapSearchOf(given: Record<string, unknown>): MapSearch {
  const expand = Array.isArray(given['expand']) ? given['expand'].filter(isText).map(String) : [];
  const depth = Number(given['depth']);
  return {
    ...(expand.length > 0 ? { expand } : {}),
    ...(isText(given['focus']) ? { focus: String(given['focus']) } : {}),
    ...(depth >= 1 && depth <= 4 ? { depth: Math.trunc(depth) } : {}),
    ...(isText(given['search']) && given['search'] !== '' ? { search: String(given['search']) } : {}),
    ...(isText(given['selected']) ? { selected: String(given['selected']) } : {}),
    ...(isText(given['capture']) ? { capture: String(given['capture']) } : {}),
    ...(given['table'] === true ? { table: true } : {}),
    ...(given['closed'] === true ? { closed: true } : {}),
  };
}

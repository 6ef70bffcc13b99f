import { expect, test } from 'vitest';
import { deviceSearchOf, mapSearchOf } from './search.ts';

test('an address keeps filters, sort and order of the inventory', () => {
  const given = { search: 'press', vendor: ['Siemens', 'ABB'], sort: 'model', order: 'descending', exposed: true };
  expect(deviceSearchOf(given)).toEqual({
    search: 'press',
    vendor: ['Siemens', 'ABB'],
    sort: 'model',
    order: 'descending',
    exposed: 'true',
  });
});
test('what does not belong there is dropped', () => {
  expect(
    deviceSearchOf({ sort: 'password', order: 'sideways', evil: '<script>', vendor: [{}, null], name: '', search: {} }),
  ).toEqual({});
  expect(mapSearchOf({ expand: 'all', depth: 99, focus: {}, table: 'yes', search: '' })).toEqual({});
});
test('the map keeps opened groups, the device that is followed and how far', () => {
  expect(mapSearchOf({ expand: ['a', 'b'], focus: 'd1', depth: 2, table: true })).toEqual({
    expand: ['a', 'b'],
    focus: 'd1',
    depth: 2,
    table: true,
  });
});

import { expect, test } from 'vitest';
import { macVendorLookup } from './mac-vendors.ts';

test('registered, unregistered and local addresses', () => {
  const vendor = macVendorLookup();
  expect(vendor('00:00:bc:3e:eb:e4')).toBe('Rockwell Automation');
  expect(vendor('00:1b:1b:23:eb:3b')).toMatch(/^Siemens/i);
  expect(vendor('02:00:00:00:00:01')).toBeUndefined();
  expect(vendor('01:80:c2:00:00:0e')).toBeUndefined();
  expect(vendor('')).toBeUndefined();
});

test('searching the file and parsing it answer alike', () => {
  const macs = Array.from({ length: 60 }, (_, i) => `00:${(i * 4).toString(16).padStart(2, '0')}:0c:29:11:22`);
  const searching = macs.map((mac) => macVendorLookup()(mac));
  const one = macVendorLookup();
  expect(macs.map((mac) => one(mac))).toEqual(searching);
  expect(searching.filter(Boolean).length).toBeGreaterThan(0);
});

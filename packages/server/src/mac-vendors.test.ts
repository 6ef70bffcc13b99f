import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

test('every entry of the registry is found by searching', () => {
  const path = createRequire(import.meta.url).resolve('oui-data');
  const registry = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  const entries = Object.entries(registry);
  const vendor = macVendorLookup();
  let compared = 0;
  for (const [i, [prefix, text]] of entries.entries()) {
    if (i % 7 !== 0 || (Number.parseInt(prefix.slice(0, 2), 16) & 3) !== 0) continue;
    const mac = prefix.padEnd(12, '0').toLowerCase().match(/../g)?.join(':') ?? '';
    const company = text.split('\n')[0]?.replace(/[\s,]+$/, '');
    // A longer assignment may start where a shorter one does, and comes first.
    const longer = [7, 9].some(
      (digits) => digits > prefix.length && Object.hasOwn(registry, prefix.padEnd(digits, '0')),
    );
    if (longer || company === 'Private' || company === 'IEEE Registration Authority') continue;
    expect(vendor(mac)).toBe(company);
    compared++;
  }
  expect(compared).toBeGreaterThan(5000);
});

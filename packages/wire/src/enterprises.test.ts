import { expect, test } from 'vitest';
import { systemOfObjectId, vendorOfObjectId } from './enterprises.ts';

test.each([
  ['1.3.6.1.4.1.9.1.516', 'Cisco'],
  ['1.3.6.1.4.1.4329.6.1.2.20', 'Siemens'],
  ['1.3.6.1.4.1.8691', 'Moxa'],
  // A system for any hardware says nothing of whose the hardware is.
  ['1.3.6.1.4.1.8072.3.2.10', ''],
  ['1.3.6.1.4.1.311.1.1.3.1.1', ''],
  ['1.3.6.1.2.1.1.1.0', ''],
  ['1.3.6.1.4.1.', ''],
  ['', ''],
])('vendor of %s: %s', (oid, vendor) => {
  expect(vendorOfObjectId(oid)).toBe(vendor);
});

test('systems for any hardware name themselves', () => {
  expect(systemOfObjectId('1.3.6.1.4.1.8072.3.2.10')).toBe('Linux');
  expect(systemOfObjectId('1.3.6.1.4.1.8072.3.2.10.1')).toBe('');
});

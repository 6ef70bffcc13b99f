import { expect, test } from 'vitest';
import { isGivenName } from './names.ts';

test.each(['press-4', 'S1.cisco.com', 'test-stand'])('%s is a name that somebody gave', (name) => {
  expect(isGivenName(name)).toBe(true);
});
test.each(['', '(none)', 'Localhost', 'sysName Not Set'])('"%s" is a name that nobody gave', (name) => {
  expect(isGivenName(name)).toBe(false);
});

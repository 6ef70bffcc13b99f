// Names that devices tell of themselves. Many tell one that nobody gave them; such a name identifies nothing and would
// join strangers into one device.

/** What agents carry while nobody has named them, in lower case. */
const PLACEHOLDERS = new Set([
  '-',
  '(none)',
  '(unknown)',
  'default',
  'localhost',
  'localhost.localdomain',
  'n/a',
  'noname',
  'none',
  'not set',
  'null',
  'system name',
  'sysname',
  'sysname not set',
  'unknown',
  'unnamed',
  'your system name',
]);

/** Whether a name is one that somebody gave: empty texts and the usual stand-ins are not. */
export const isGivenName = (name: string): boolean => name !== '' && !PLACEHOLDERS.has(name.toLowerCase());

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './imap.golden.ts';
import { imap } from './imap.ts';

goldenTest(imap, golden, import.meta.url, {
  lockstep: 'RFC 9051 section 6.2: a login waits for each answer of the server',
});

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './pop3.golden.ts';
import { pop3 } from './pop3.ts';

goldenTest(pop3, golden, import.meta.url, {
  lockstep: 'RFC 1939 section 3: a command waits for the reply to the one before',
});

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ftp.golden.ts';
import { ftp } from './ftp.ts';

goldenTest(ftp, golden, import.meta.url, {
  lockstep: 'RFC 959 section 5.4: a command waits for the reply to the one before',
});

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './syslog.golden.ts';
import { syslog } from './syslog.ts';

goldenTest(syslog, golden, import.meta.url);

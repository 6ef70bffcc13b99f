import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ntp.golden.ts';
import { ntp } from './ntp.ts';

goldenTest(ntp, golden, import.meta.url);

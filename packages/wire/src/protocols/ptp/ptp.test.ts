import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ptp.golden.ts';
import { ptp } from './ptp.ts';

goldenTest(ptp, golden, import.meta.url);

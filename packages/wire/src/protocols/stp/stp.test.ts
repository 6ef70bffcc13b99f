import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './stp.golden.ts';
import { stp } from './stp.ts';

goldenTest(stp, golden, import.meta.url);

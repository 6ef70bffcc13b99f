import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dtp.golden.ts';
import { dtp } from './dtp.ts';

goldenTest(dtp, golden, import.meta.url);

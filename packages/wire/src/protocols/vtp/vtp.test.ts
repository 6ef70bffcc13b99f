import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './vtp.golden.ts';
import { vtp } from './vtp.ts';

goldenTest(vtp, golden, import.meta.url);

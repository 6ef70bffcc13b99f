import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './eigrp.golden.ts';
import { eigrp } from './eigrp.ts';

goldenTest(eigrp, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rip.golden.ts';
import { rip } from './rip.ts';

goldenTest(rip, golden, import.meta.url);

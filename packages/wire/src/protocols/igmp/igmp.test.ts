import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './igmp.golden.ts';
import { igmp } from './igmp.ts';

goldenTest(igmp, golden, import.meta.url);

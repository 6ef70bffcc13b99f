import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './hsrp.golden.ts';
import { hsrp } from './hsrp.ts';

goldenTest(hsrp, golden, import.meta.url);

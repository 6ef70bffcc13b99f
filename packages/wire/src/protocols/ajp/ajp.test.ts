import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ajp.golden.ts';
import { ajp } from './ajp.ts';

goldenTest(ajp, golden, import.meta.url);

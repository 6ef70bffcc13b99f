import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mrp.golden.ts';
import { mrp } from './mrp.ts';

goldenTest(mrp, golden, import.meta.url);

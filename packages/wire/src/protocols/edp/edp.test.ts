import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './edp.golden.ts';
import { edp } from './edp.ts';

goldenTest(edp, golden, import.meta.url);

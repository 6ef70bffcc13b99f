import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mndp.golden.ts';
import { mndp } from './mndp.ts';

goldenTest(mndp, golden, import.meta.url);

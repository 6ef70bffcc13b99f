import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './lifx.golden.ts';
import { lifx } from './lifx.ts';

goldenTest(lifx, golden, import.meta.url);

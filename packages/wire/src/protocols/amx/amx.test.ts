import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './amx.golden.ts';
import { amx } from './amx.ts';

goldenTest(amx, golden, import.meta.url);

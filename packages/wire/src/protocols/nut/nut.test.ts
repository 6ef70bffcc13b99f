import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './nut.golden.ts';
import { nut } from './nut.ts';

goldenTest(nut, golden, import.meta.url);

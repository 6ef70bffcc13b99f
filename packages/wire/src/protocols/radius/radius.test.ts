import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './radius.golden.ts';
import { radius } from './radius.ts';

goldenTest(radius, golden, import.meta.url);

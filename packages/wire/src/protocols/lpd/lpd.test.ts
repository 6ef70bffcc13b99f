import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './lpd.golden.ts';
import { lpd } from './lpd.ts';

goldenTest(lpd, golden, import.meta.url);

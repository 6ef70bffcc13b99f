import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './fdp.golden.ts';
import { fdp } from './fdp.ts';

goldenTest(fdp, golden, import.meta.url);

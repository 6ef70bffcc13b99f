import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rsh.golden.ts';
import { rsh } from './rsh.ts';

goldenTest(rsh, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rexec.golden.ts';
import { rexec } from './rexec.ts';

goldenTest(rexec, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './sccp.golden.ts';
import { sccp } from './sccp.ts';

goldenTest(sccp, golden, import.meta.url);

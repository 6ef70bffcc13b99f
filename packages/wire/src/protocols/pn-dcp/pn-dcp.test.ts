import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './pn-dcp.golden.ts';
import { pnDcp } from './pn-dcp.ts';

goldenTest(pnDcp, golden, import.meta.url);

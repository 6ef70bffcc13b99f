import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './lacp.golden.ts';
import { lacp } from './lacp.ts';

goldenTest(lacp, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './lldp.golden.ts';
import { lldp } from './lldp.ts';

goldenTest(lldp, golden, import.meta.url);

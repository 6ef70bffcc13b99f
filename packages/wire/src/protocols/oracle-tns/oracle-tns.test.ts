import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './oracle-tns.golden.ts';
import { oracleTns } from './oracle-tns.ts';

goldenTest(oracleTns, golden, import.meta.url, { lockstep: 'the listener answers before a login begins' });

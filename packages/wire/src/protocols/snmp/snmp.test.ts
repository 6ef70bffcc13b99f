import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './snmp.golden.ts';
import { snmp } from './snmp.ts';

goldenTest(snmp, golden, import.meta.url);

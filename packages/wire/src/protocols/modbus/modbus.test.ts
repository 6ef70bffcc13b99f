import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './modbus.golden.ts';
import { modbus } from './modbus.ts';

goldenTest(modbus, golden, import.meta.url);

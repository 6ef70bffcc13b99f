import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './tuya.golden.ts';
import { tuya } from './tuya.ts';

goldenTest(tuya, golden, import.meta.url);

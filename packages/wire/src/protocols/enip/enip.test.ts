import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './enip.golden.ts';
import { enip } from './enip.ts';

goldenTest(enip, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ipmi.golden.ts';
import { ipmi } from './ipmi.ts';

goldenTest(ipmi, golden, import.meta.url);

import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './s7comm-plus.golden.ts';
import { s7commPlus } from './s7comm-plus.ts';

goldenTest(s7commPlus, golden, import.meta.url);

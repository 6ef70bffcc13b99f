import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mms.golden.ts';
import { mms } from './mms.ts';

goldenTest(mms, golden, import.meta.url);

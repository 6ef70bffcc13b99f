import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './wsd.golden.ts';
import { wsd } from './wsd.ts';

goldenTest(wsd, golden, import.meta.url);

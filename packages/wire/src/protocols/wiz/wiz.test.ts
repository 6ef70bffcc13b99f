import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './wiz.golden.ts';
import { wiz } from './wiz.ts';

goldenTest(wiz, golden, import.meta.url);

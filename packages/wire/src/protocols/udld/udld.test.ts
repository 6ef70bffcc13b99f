import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './udld.golden.ts';
import { udld } from './udld.ts';

goldenTest(udld, golden, import.meta.url);

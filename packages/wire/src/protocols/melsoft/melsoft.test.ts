import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './melsoft.golden.ts';
import { melsoft } from './melsoft.ts';

goldenTest(melsoft, golden, import.meta.url);

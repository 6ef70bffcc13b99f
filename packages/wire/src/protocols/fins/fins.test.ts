import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './fins.golden.ts';
import { fins } from './fins.ts';

goldenTest(fins, golden, import.meta.url);
